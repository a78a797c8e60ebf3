"""A draft of a procedure: edited cell by cell, taken back, made again; what makes no sense is never stored."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from models import Event, ProcedureEdit, ProcedureVersion
from rules.procedure import Procedure, parse, shipped
from tests.support.cast import House
from workflow import drafts
from workflow.errors import Conflict, Refused

LEAD, OTHER, ADMIN = "人力资源行政部负责人", "客户服务中心负责人", "系统管理员"
NEW_ROW = {
    "id": "grade-2-crowd",
    "stage": "grade",
    "when": {"nature": "投诉", "impact": "一定不良"},
    "then": "二级投诉",
    "because": "有不良社会影响",
    "cites": ["P02-5.2"],
}


@pytest.fixture
def draft(house: House) -> ProcedureVersion:
    return house.do("draft_procedure", by=LEAD, code="P02").result


def edit(
    house: House, draft: ProcedureVersion, section: str, row: str, kind: str, /, by: str = LEAD, **given: Any
) -> Any:
    since = {"since": given.pop("since")} if "since" in given else {}
    return house.do("edit_procedure", by=by, draft=draft.id, section=section, row=row, kind=kind, value=given, **since)


def refusal(
    house: House, draft: ProcedureVersion, section: str, row: str, kind: str, /, by: str = LEAD, **given: Any
) -> Any:
    with pytest.raises(Refused) as caught:
        edit(house, draft, section, row, kind, by, **given)
    return caught.value.findings[0]


def meant(draft: ProcedureVersion) -> Procedure:
    return parse(draft.text)


def test_a_draft_begins_as_the_version_in_force(draft: ProcedureVersion) -> None:
    assert (draft.code, draft.number, draft.state, draft.based_on) == ("P02", 2, "草稿", 1)
    assert draft.text == shipped()["P02"]
    assert str(draft.author) == LEAD


def test_a_second_draft_is_told_of_the_first(house: House, draft: ProcedureVersion) -> None:
    assert any("第 2 版" in warning for warning in house.do("draft_procedure", by=OTHER, code="P02").warnings)


@pytest.mark.parametrize("by", ["客服甲", "审计员", "公司领导", "维修班长甲"])
def test_whoever_is_no_editor_drafts_and_edits_nothing(house: House, draft: ProcedureVersion, by: str) -> None:
    assert "部门负责人" in house.refused("draft_procedure", by=by, code="P02")
    assert "部门负责人" in house.refused("undo_edit", by=by, draft=draft.id)
    assert "部门负责人" in house.refused("import_procedure", by=by, text=shipped()["P02"])


def test_an_administrator_may_edit(house: House, draft: ProcedureVersion) -> None:
    edit(house, draft, "rule", "grade-3", "改", by=ADMIN, cell="because", value="其余")
    assert meant(draft).rules != parse(shipped()["P02"]).rules


def test_a_draft_names_no_editors_for_itself(house: House, draft: ProcedureVersion) -> None:
    edit(house, draft, "procedure", "", "改", cell="editors", value=["受理人"])
    assert "部门负责人" in house.refused("undo_edit", by="客服甲", draft=draft.id)


def test_a_cell_is_changed_and_comments_stay(house: House, draft: ProcedureVersion) -> None:
    edit(house, draft, "rule", "grade-3", "改", cell="when.impact", value=["无", "missing"])
    row = next(rule for rule in meant(draft).rules if rule.id == "grade-3")
    assert row.when == {"nature": "投诉", "impact": ["无", "missing"]}
    assert 'when = { nature = "投诉", impact = ["无", "missing"] }' in draft.text
    assert [line for line in draft.text.splitlines() if line.startswith("#")] == [
        line for line in shipped()["P02"].splitlines() if line.startswith("#")
    ]


def test_a_row_is_added_before_another(house: House, draft: ProcedureVersion) -> None:
    edit(house, draft, "rule", "", "增", row=NEW_ROW, before="grade-3")
    rows = [rule.id for rule in meant(draft).rules if rule.stage == "grade"]
    assert rows[-2:] == ["grade-2-crowd", "grade-3"]


def test_a_row_without_a_place_becomes_the_last_of_its_stage(house: House, draft: ProcedureVersion) -> None:
    edit(house, draft, "rule", "", "增", row=NEW_ROW, before="")
    assert [rule.id for rule in meant(draft).rules if rule.stage == "grade"][-1] == "grade-2-crowd"


def test_a_row_is_moved_and_removed(house: House, draft: ProcedureVersion) -> None:
    edit(house, draft, "rule", "grade-3", "移", before="grade-1-media")
    assert next(rule.id for rule in meant(draft).rules if rule.stage == "grade") == "grade-3"
    edit(house, draft, "rule", "grade-3", "删")
    assert "grade-3" not in [rule.id for rule in meant(draft).rules]


@pytest.mark.parametrize(
    ("section", "row", "cell", "value", "read"),
    [
        ("procedure", "", "title", "新名称", lambda d: d.title == "新名称"),
        ("procedure", "", "severity.抱怨", None, lambda d: "抱怨" not in d.head.severity),
        ("vocabulary", "flags", "", ["需通报", "媒体"], lambda d: d.vocabulary.flags == ("需通报", "媒体")),
        ("stages", "grade", "", "unique", lambda d: d.stages["grade"] == "unique"),
        ("sanctions", "一级投诉", "", ["记大过"], lambda d: d.sanctions["一级投诉"] == ("记大过",)),
        ("limit", "办理", "remind.share", 0.5, lambda d: d.limit("办理").remind.share == 0.5),
        ("field", "impact", "help", None, lambda d: d.field("impact").help == ""),
        ("form", "书面认识", "title", "认识书", lambda d: d.form("书面认识").title == "认识书"),
        ("step", "close", "confirm", "确定?", lambda d: d.step("close").confirm == "确定?"),
        ("assessment", "5b", "category", "窗口", lambda d: d.standard("5b").category == "窗口"),
        ("indicator", "回访率", "target", 0.95, lambda d: d.indicators[1].target == 0.95),
        ("duty", "monthly-circular", "title", "月通报", lambda d: d.duties[0].title == "月通报"),
    ],
)
def test_every_part_of_the_document_is_edited_alike(
    house: House, draft: ProcedureVersion, section: str, row: str, cell: str, value: Any, read: Any
) -> None:
    edit(house, draft, section, row, "改", cell=cell, value=value)
    assert read(meant(draft))
    house.do("undo_edit", by=LEAD, draft=draft.id)
    assert meant(draft) == parse(shipped()["P02"])


@pytest.mark.parametrize(
    ("section", "row", "kind", "given", "field", "words"),
    [
        ("rule", "grade-3", "改", {"cell": "when.impact", "value": ">= "}, "when.impact", "应为"),
        ("rule", "grade-3", "改", {"cell": "when.parties_count", "value": "很多"}, "when.parties_count", "应为"),
        ("rule", "", "增", {"row": {**NEW_ROW, "when": {"round": "甲"}}}, "when.round", "应为"),
        ("rule", "grade-3", "改", {"cell": "stage", "value": "nowhere"}, "stage", "没有“nowhere”"),
        ("rule", "grade-3", "改", {"cell": "because", "value": None}, "because", "缺少这一项"),
        ("rule", "grade-3", "改", {"cell": "colour", "value": "red"}, "colour", "没有这一项"),
        ("rule", "grade-3", "改", {"cell": "id", "value": "grade-1-media"}, "id", "已有"),
        ("rule", "no-such-row", "改", {"cell": "id", "value": "x"}, "row", "没有“no-such-row”"),
        ("rule", "", "增", {"row": {**NEW_ROW, "id": "grade-3"}}, "id", "已有"),
        ("rule", "", "增", {"row": {**NEW_ROW, "cites": []}}, "row", "太少"),
        ("rule", "", "增", {"row": NEW_ROW, "before": "route-grumble"}, "before", "环节"),
        ("rule", "grade-3", "移", {"before": "grade-3"}, "before", "自己"),
        ("limit", "办理", "改", {"cell": "amount", "value": -1}, "amount", "太小"),
        ("limit", "办理", "改", {"cell": "unit.x", "value": 1}, "unit.x", "不是表"),
        ("vocabulary", "colours", "改", {"cell": "", "value": ["红"]}, "colours", "没有这一项"),
        ("vocabulary", "flags", "删", {}, "kind", "行"),
        ("procedure", "", "改", {"cell": "code", "value": "P99"}, "code", "代码"),
        ("procedure", "", "改", {"cell": "reviewers", "value": []}, "reviewers", "太少"),
        ("procedure", "", "改", {"cell": "title", "value": "长" * 201}, "title", "太长"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_cell_and_stores_nothing(
    house: House, draft: ProcedureVersion, section: str, row: str, kind: str, given: Any, field: str, words: str
) -> None:
    found = refusal(house, draft, section, row, kind, **given)
    assert found.field == field
    assert words in str(found)
    assert draft.text == shipped()["P02"]
    assert house.session.scalars(select(ProcedureEdit)).all() == []


def test_a_doubtful_row_is_stored_all_the_same(house: House, draft: ProcedureVersion) -> None:
    edit(house, draft, "rule", "grade-3", "改", cell="when.no_such_fact", value="x")
    assert "no_such_fact" in draft.text


def test_limits_of_one_name_are_told_apart(house: House, draft: ProcedureVersion) -> None:
    row = {"name": "办理", "amount": 3, "unit": "自然小时", "when": {"nature": "投诉"}, "starts": "accept"}
    edit(house, draft, "limit", "", "增", row=row, before="")
    edit(house, draft, "limit", "办理#2", "改", cell="amount", value=5)
    assert [limit.amount for limit in meant(draft).limits if limit.name == "办理"] == [None, 5]
    house.do("undo_edit", by=LEAD, draft=draft.id)
    house.do("undo_edit", by=LEAD, draft=draft.id)
    assert meant(draft) == parse(shipped()["P02"])


def test_steps_are_taken_back_and_made_again(house: House, draft: ProcedureVersion) -> None:
    states = [meant(draft)]
    for change in (
        ("rule", "grade-3", "改", {"cell": "id", "value": "grade-rest"}),
        ("rule", "grade-rest", "改", {"cell": "when.impact", "value": "无"}),
        ("rule", "grade-rest", "删", {}),
        ("rule", "", "增", {"row": NEW_ROW, "before": "grade-1-media"}),
        ("rule", "grade-2-crowd", "移", {"before": ""}),
    ):
        edit(house, draft, *change[:3], **change[3])
        states.append(meant(draft))
    for state in states[-2::-1]:
        house.do("undo_edit", by=LEAD, draft=draft.id)
        assert meant(draft) == state
    assert "没有可以撤销" in house.refused("undo_edit", by=LEAD, draft=draft.id)
    for state in states[1:]:
        house.do("redo_edit", by=LEAD, draft=draft.id)
        assert meant(draft) == state
    assert "没有可以重做" in house.refused("redo_edit", by=LEAD, draft=draft.id)


def test_an_edit_after_an_undo_ends_what_could_be_made_again(house: House, draft: ProcedureVersion) -> None:
    for text in ("一", "二"):
        edit(house, draft, "rule", "grade-3", "改", cell="because", value=text)
    house.do("undo_edit", by=LEAD, draft=draft.id)
    edit(house, draft, "rule", "grade-3", "改", cell="because", value="三")
    assert not drafts.can_redo(house.session, draft)
    house.do("undo_edit", by=LEAD, draft=draft.id)
    house.do("redo_edit", by=LEAD, draft=draft.id)
    assert next(rule for rule in meant(draft).rules if rule.id == "grade-3").because == "三"


def test_nobody_takes_back_the_edit_of_another(house: House, draft: ProcedureVersion) -> None:
    edit(house, draft, "rule", "grade-3", "改", cell="because", value="一")
    assert LEAD in house.refused("undo_edit", by=OTHER, draft=draft.id)


def test_two_editors_of_one_row_do_not_overwrite_each_other(house: House, draft: ProcedureVersion) -> None:
    seen = drafts.last_edit(house.session, draft)
    edit(house, draft, "rule", "grade-3", "改", cell="because", value="一", since=seen)
    with pytest.raises(Conflict, match=LEAD):
        edit(house, draft, "rule", "grade-3", "改", by=OTHER, cell="cites", value=["F-13"], since=seen)
    edit(house, draft, "rule", "grade-1-media", "改", by=OTHER, cell="because", value="二", since=seen)
    seen = drafts.last_edit(house.session, draft)
    edit(house, draft, "rule", "grade-3", "改", by=OTHER, cell="cites", value=["F-13"], since=seen)


def test_a_document_is_imported_as_a_draft_with_its_comments(house: House) -> None:
    text = "# 新年起\n" + shipped()["P02"]
    draft = house.do("import_procedure", by=LEAD, text=text).result
    assert (draft.number, draft.state, draft.based_on, draft.text) == (2, "草稿", 1, text)


def test_a_document_that_is_none_is_not_imported(house: House) -> None:
    assert "TOML" in house.refused("import_procedure", by=LEAD, text="[procedure")
    assert "step" in house.refused("import_procedure", by=LEAD, text=shipped()["P02"] + '\n[[step]]\ncolour = "red"\n')
    assert "嵌套" in house.refused("import_procedure", by=LEAD, text="x = " + "[" * 5000)


def test_a_draft_that_was_given_up_is_edited_no_more(house: House, draft: ProcedureVersion) -> None:
    house.do("give_up_draft", by=LEAD, draft=draft.id)
    assert draft.state == "弃用"
    assert "弃用" in house.refused("undo_edit", by=LEAD, draft=draft.id)


@pytest.mark.parametrize("key", ["99999", "x", "", "-1", "9" * 40])
def test_a_draft_that_does_not_exist_is_not_found(house: House, key: str) -> None:
    assert "没有这份草稿" in house.refused("undo_edit", by=LEAD, draft=key) or not key


@pytest.mark.parametrize("verb", ["draft_procedure", "activate", "retire_procedure", "migrate_cases"])
@pytest.mark.parametrize("code", [" P02", "P02\u3000", "\x1cP02"])
def test_a_blank_beside_the_code_leads_past_nobody(house: House, draft: ProcedureVersion, verb: str, code: str) -> None:
    for cell in ("editors", "reviewers"):
        edit(house, draft, "procedure", "", "改", cell=cell, value=["公司领导"])
    house.session.execute(update(ProcedureVersion).where(ProcedureVersion.number == 1).values(text=draft.text))
    given = {"draft_procedure": {}, "retire_procedure": {"reason": "试"}}.get(verb, {"number": 1, "reason": "试"})
    assert "须由公司领导" in house.refused(verb, by=LEAD, code=code, **given)


def test_a_blank_before_a_text_leads_past_nobody(house: House, draft: ProcedureVersion) -> None:
    edit(house, draft, "procedure", "", "改", cell="editors", value=["公司领导"])
    house.session.execute(update(ProcedureVersion).where(ProcedureVersion.number == 1).values(text=draft.text))
    assert "须由公司领导" in house.refused("import_procedure", by=LEAD, text="\u3000" + draft.text)


def test_a_text_that_nobody_could_edit_is_not_brought_in(house: House) -> None:
    deep = "[" * 120 + '"a"' + "]" * 120
    row = f'\n[[rule]]\nid = "d"\nstage = "grade"\nwhen = {{ flags = {deep} }}\nthen = "一级投诉"\nbecause = "试"\n'
    text = shipped()["P02"] + row + 'cites = ["P02-5"]\n'
    assert "太深" in house.refused("import_procedure", by=LEAD, text=text)


def test_what_was_typed_wrong_is_told_and_not_kept_and_who_may_not_is(house: House, draft: ProcedureVersion) -> None:
    wrong = {"draft": draft.id, "section": "rule", "row": "no-such-row", "kind": "删", "value": {}}
    for by, kept in ((LEAD, 0), ("客服甲", 1)):
        assert house.refusal("edit_procedure", by=by, **wrong)
        query = select(Event).where(Event.verb == "edit_procedure", Event.outcome == "拒绝")
        assert len(list(house.session.scalars(query))) == kept, by
