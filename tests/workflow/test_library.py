"""资料库: project and sales material in editions; a case cites the very edition that it relies on, as evidence."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from models import Citation, Event, KnowledgeItem, Staff
from rules.procedure import shipped
from tests.support.cast import House, employ, moment, under
from workflow import library, registry
from workflow.access import SYSTEM
from workflow.recorded import lines

OFFICER, HEAD, ENGINEER, STRANGER = "专管员甲", "客服头", "项目员甲", "销售员甲"
BROCHURE = {
    "kind": "楼盘销售信息资料",
    "title": "甲苑销售手册",
    "edition": "v1",
    "project": "甲苑",
    "filed_on": "2025-11-01",
    "files": ["甲苑销售手册.pdf"],
    "tags": ["栏杆", "交付标准"],
}
CALL = {
    "name": "业主甲",
    "phone": "13800000001",
    "channel": "来电",
    "content": "阳台栏杆与销售手册不符",
    "project": "甲苑",
    "source_form": "口头",
    "category": "销售管理",
}
CALLED, LATER = "2026-03-11 14:20", "2026-03-12 10:00"


@pytest.fixture
def group(house: House) -> House:
    """The estate group: the officer of a project, the head of its department, an engineer, somebody in sales."""
    under(house.session, shipped()["P03"])
    place = employ(house.session, OFFICER, "客户服务部", "客服专管员(项目)", projects=["甲苑"]).department
    place.head = Staff(name=HEAD, department=place)
    employ(house.session, ENGINEER, "项目部", "承办人")
    employ(house.session, STRANGER, "销售部", "承办人")
    house.session.flush()
    return house


def _filed(group: House, at: str = "2026-01-05 09:00", **other: Any) -> KnowledgeItem:
    group.case = None
    item: KnowledgeItem = group.do("file_item", by=OFFICER, at=at, **{**BROCHURE, **other}).result
    return item


def _second(group: House, item: KnowledgeItem, **other: Any) -> KnowledgeItem:
    given = {"item": str(item.id), "edition": "v2", "filed_on": "2026-03-01", "files": ["甲苑销售手册v2.pdf"]}
    found: KnowledgeItem = group.do("replace_item", by=OFFICER, at="2026-03-01 09:00", **{**given, **other}).result
    return found


def _called(group: House, **other: Any) -> None:
    group.case = group.do("register", by=OFFICER, at=CALLED, **{**CALL, **other}).thing


def _offered(group: House, by: str = OFFICER) -> dict[str, str]:
    found = registry.arguments_for(
        group.session, "cite_item", group.case, actor=group.actor(by, LATER), now=moment(LATER)
    )
    (item,) = (one for one in found[2] if one.name == "item")
    return dict(item.titles)


@pytest.mark.clause("P03-3.4")
def test_the_second_edition_of_a_projects_brochure_is_cited_by_a_case_of_that_project(group: House) -> None:
    second = _second(group, _filed(group))
    _called(group)
    assert next(iter(_offered(group).values())) == "甲苑:楼盘销售信息资料 甲苑销售手册 v2(2026-03-01 归档)"
    group.do("cite_item", by=OFFICER, at=LATER, item=str(second.id), note="第3页")
    (cited,) = library.standing(group.session, group.the_case())
    assert (cited.item.edition, str(cited.item.filed_on)) == ("v2", "2026-03-01")
    assert [file.file_name for file in cited.item.files] == ["甲苑销售手册v2.pdf"]
    assert "引用资料;甲苑销售手册 v2(2026-03-01 归档);第3页" in group.story()


@pytest.mark.clause("P03-3.4", "P03-12.3")
def test_what_is_cited_stands_among_the_outputs_of_the_case_until_it_is_taken_back(group: House) -> None:
    item = _filed(group)
    _called(group)
    assert lines(group.the_case(), "estate") == []
    group.do("cite_item", by=OFFICER, at=LATER, item=str(item.id))
    assert lines(group.the_case(), "estate") == ["楼盘销售信息资料 甲苑销售手册 v1(2025-11-01 归档)"]
    assert lines(group.the_case(), "evidence") == []
    group.do("uncite_item", by=OFFICER, at=LATER, citation=str(group.newest(Citation).id), reason="引错了一份")
    assert lines(group.the_case(), "estate") == []


def test_an_edition_that_was_cited_stays_what_it_was_when_a_new_one_comes(group: House) -> None:
    first = _filed(group)
    _called(group)
    group.do("cite_item", by=OFFICER, at=LATER, item=str(first.id))
    _second(group, first, text="栏杆改为玻璃", title="甲苑销售手册(修订)")
    (cited,) = library.standing(group.session, group.the_case())
    group.session.refresh(cited.item)
    assert (str(cited.item), cited.item.text, str(cited.item.filed_on)) == ("甲苑销售手册 v1", "", "2025-11-01")
    assert [file.file_name for file in cited.item.files] == ["甲苑销售手册.pdf"]
    assert [one.edition for one in library.editions(group.session, first)] == ["v2", "v1"]


def test_an_older_edition_may_still_be_cited_and_says_so(group: House) -> None:
    first = _filed(group)
    _second(group, first)
    _called(group)
    assert _offered(group)[str(first.id)].endswith("(2025-11-01 归档,已有新版)")
    assert list(_offered(group))[1] == str(first.id)
    group.do("cite_item", by=OFFICER, at=LATER, item=str(first.id))


def test_what_is_of_the_same_project_is_offered_first_then_what_serves_all_then_the_rest(group: House) -> None:
    for title, project in (("乙苑手册", "乙苑"), ("通用标准", ""), ("甲苑手册", "甲苑")):
        _filed(group, title=title, project=project, tags=[])
    _filed(group, title="甲苑栏杆图", kind="楼盘资料", tags=["栏杆"], filed_on="2025-01-01")
    _called(group)
    names = [told.rpartition(" v1")[0].rpartition(" ")[2] for told in _offered(group).values()]
    assert names == ["甲苑栏杆图", "甲苑手册", "通用标准", "乙苑手册"]


def test_what_is_cited_counts_as_evidence_of_its_kind(group: House) -> None:
    item = _filed(group, kind="楼盘资料")
    _called(group)
    facts = registry.start(group.session, registry.VERBS["view"], group.case, actor=SYSTEM, now=moment(LATER)).facts
    assert facts()["attachments"] == []
    group.do("cite_item", by=OFFICER, at=LATER, item=str(item.id))
    group.do("attach", by=OFFICER, at=LATER, kind="录音", file="来电.mp3")
    assert sorted(facts()["attachments"]) == ["录音", "楼盘资料"]
    group.do("uncite_item", by=OFFICER, at=LATER, citation=str(group.newest(Citation).id), reason="引错")
    assert facts()["attachments"] == ["录音"]


def test_a_citation_that_is_taken_back_keeps_who_cited_and_who_took_it_back(group: House) -> None:
    item = _filed(group)
    _called(group)
    group.do("cite_item", by=OFFICER, at=LATER, item=str(item.id))
    group.do("uncite_item", by=HEAD, at="2026-03-13 09:00", citation=str(group.newest(Citation).id), reason="不是这版")
    row = group.newest(Citation)
    assert (str(row.by), str(row.taken_back_by), row.taken_back_because) == (OFFICER, HEAD, "不是这版")
    assert "取消引用;甲苑销售手册 v1(2025-11-01 归档);原因:不是这版" in group.story()
    group.do("cite_item", by=OFFICER, at="2026-03-14 09:00", item=str(item.id))
    assert len(group.all(Citation)) == 2


def test_nothing_is_cited_twice_at_a_time(group: House) -> None:
    item = _filed(group)
    _called(group)
    group.do("cite_item", by=OFFICER, at=LATER, item=str(item.id))
    assert str(item.id) not in _offered(group)
    group.refused("cite_item", by=OFFICER, at=LATER, item=str(item.id))
    assert len(group.all(Citation)) == 1


def test_whoever_does_not_see_the_case_cites_nothing_on_it(group: House) -> None:
    item = _filed(group)
    _called(group)
    assert "不在您的范围内" in group.refused("cite_item", by=STRANGER, at=LATER, item=str(item.id))
    assert group.all(Citation) == []


@pytest.mark.parametrize("by", [ENGINEER, STRANGER])
def test_only_those_whom_the_document_names_file_and_replace(group: House, by: str) -> None:
    item = _filed(group)
    assert "须由" in group.refused("file_item", by=by, **BROCHURE)
    assert "须由" in group.refused("replace_item", by=by, item=str(item.id), edition="v2", text="改")
    assert "须由" in group.refused("withdraw_item", by=by, item=str(item.id), reason="旧了")
    assert group.session.query(KnowledgeItem).count() == 1


def test_what_was_withdrawn_is_offered_no_more_and_stays_where_it_was_cited(group: House) -> None:
    item = _filed(group)
    _called(group)
    group.do("cite_item", by=OFFICER, at=LATER, item=str(item.id))
    other = group.case
    _called(group, name="业主乙", phone="13800000002")
    assert "须由" in group.refused("withdraw_item", by=OFFICER, at=LATER, item=str(item.id), reason="作废")
    group.do("withdraw_item", by=HEAD, at=LATER, item=str(item.id), reason="开发商收回")
    assert _offered(group) == {}
    assert "已经撤下" in group.refused("cite_item", by=OFFICER, at=LATER, item=str(item.id))
    assert "cite_item" not in group.offered(OFFICER, at=LATER)
    assert [str(one.item) for one in library.standing(group.session, other)] == ["甲苑销售手册 v1"]


def test_a_new_edition_takes_over_what_is_not_said_anew_and_must_bring_something(group: House) -> None:
    first = _filed(group, text="交付标准见第3页")
    assert "请上传文件" in group.refused("replace_item", by=OFFICER, at=LATER, item=str(first.id), edition="v2")
    second = _second(group, first)
    assert (second.title, second.text, second.tags) == (first.title, first.text, first.tags)
    assert (second.kind, second.project) == (first.kind, first.project)


def test_an_edition_is_replaced_once_and_only_by_another(group: House) -> None:
    first = _filed(group)
    refused = group.refused("replace_item", by=OFFICER, at=LATER, item=str(first.id), edition="v1", text="改")
    assert "要与原来的不同" in refused
    second = _second(group, first)
    refused = group.refused("replace_item", by=OFFICER, at=LATER, item=str(first.id), edition="v3", text="改")
    assert "请从最新的一版换" in refused
    for taken in ("v1", "v2"):
        refused = group.refused("replace_item", by=OFFICER, at=LATER, item=str(second.id), edition=taken, text="改")
        assert "要与原来的不同" in refused


def test_an_edition_that_was_withdrawn_as_wrong_gives_way_to_the_right_one(group: House) -> None:
    wrong = _second(group, _filed(group))
    group.do("withdraw_item", by=HEAD, at=LATER, item=str(wrong.id), reason="传错了文件")
    right = _second(group, wrong, edition="v3")
    assert [one.edition for one in library.editions(group.session, right)] == ["v3", "v2", "v1"]
    _called(group)
    assert next(iter(_offered(group))) == str(right.id)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"files": None, "text": None}, "请上传文件"),
        ({"filed_on": "2026-01-06"}, "不能晚于今天"),
        ({"kind": "小说"}, "没有“小说”这一项"),
        ({"files": ["a.exe"]}, "不接受这种文件"),
        ({"files": [{"file_name": "a.pdf", "sha256": "../x"}]}, "文件摘要不对"),
        ({"files": [f"{n}.pdf" for n in range(21)]}, "最多20个文件"),
        ({"tags": [f"{n}" for n in range(21)]}, "最多20个"),
        ({"edition": "版" * 41}, "最多40个字"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_reason(group: House, given: dict[str, Any], why: str) -> None:
    group.case = None
    assert why in group.refused("file_item", by=OFFICER, at="2026-01-05 09:00", **{**BROCHURE, **given})
    assert group.session.query(KnowledgeItem).count() == 0


@pytest.mark.parametrize("item", ["0", "-1", "1,2", "x", "9" * 30, "١", ["1"], {"a": 1}, True, None])
def test_an_item_that_is_none_is_refused(group: House, item: Any) -> None:
    _called(group)
    for verb, by in (("replace_item", OFFICER), ("withdraw_item", HEAD), ("cite_item", OFFICER)):
        given = {"edition": "v2", "text": "改"} if verb == "replace_item" else {"reason": "旧"}
        group.refused(verb, by=by, at=LATER, item=item, **(given if verb != "cite_item" else {}))
    group.refused("uncite_item", by=OFFICER, at=LATER, citation=item, reason="错")
    assert group.all(Citation) == []


def test_what_a_closed_case_has_taught_is_filed_from_that_case(group: House) -> None:
    _called(group)
    assert "file_item" not in group.offered(OFFICER, at=LATER)
    lesson = {"kind": "经验总结", "title": "栏杆用料以合同为准", "text": "先查合同附件再答复"}
    assert "不能归档资料" in group.refused("file_item", by=OFFICER, at=LATER, **lesson)
    group.the_case().state = "已结案"
    group.session.flush()
    assert "file_item" in group.offered(OFFICER, at=LATER)
    kept = group.do("file_item", by=OFFICER, at=LATER, **lesson).result
    assert (kept.source, kept.kind) == (group.case, "经验总结")
    assert "归档资料;经验总结 栏杆用料以合同为准(2026-03-12 归档)" in group.story()


def test_the_form_of_a_lesson_begins_with_the_project_and_the_category_of_its_case(group: House) -> None:
    _called(group)
    group.the_case().state = "已结案"
    actor, now = group.actor(OFFICER, LATER), moment(LATER)
    _verb, act, asked = registry.arguments_for(group.session, "file_item", group.case, actor=actor, now=now)
    begun = {one.name: one.default(act) for one in asked if one.default}
    assert (begun["project"], begun["category"], str(begun["filed_on"])) == ("甲苑", "销售管理", "2026-03-12")


def test_filing_leaves_a_line_in_the_history_of_the_house(group: House) -> None:
    _filed(group)
    event = group.session.scalars(select(Event).where(Event.verb == "file_item")).one()
    assert event.text == "归档资料;楼盘销售信息资料 甲苑销售手册 v1(2025-11-01 归档);甲苑"
    assert (event.complaint_id, str(event.actor)) == (None, OFFICER)


def test_a_procedure_without_these_steps_has_no_library(house: House) -> None:
    assert "不使用" in house.refused("file_item", **BROCHURE)
