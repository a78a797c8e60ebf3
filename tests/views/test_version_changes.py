"""Two versions side by side in words, and running cases moved from one to the other once the effect was seen."""

import re

import pytest
from sqlalchemy import select

from models import Event, ProcedureActivation, ProcedureVersion

MANY = {
    "id": "grade-2-many",
    "stage": "grade",
    "when": {"nature": "投诉", "parties_count": ">= 5"},
    "then": "二级投诉",
    "because": "五人以上的共同投诉",
    "cites": ["P02-5.2"],
}
EDITS = (
    ("rule", "", "增", {"row": MANY, "before": "grade-2-leader"}),
    ("rule", "grade-2-period-some", "删", {}),
    ("rule", "grade-2-other-media", "移", {"before": "grade-2-government"}),
    ("rule", "grade-3", "改", {"cell": "because", "value": "够不上一级、二级的一律为三级"}),
    ("rule", "grade-2-leader", "改", {"cell": "when.impact", "value": "重大不良"}),
    ("limit", "办理", "改", {"cell": "remind.share", "value": 0.3}),
    ("vocabulary", "visit_ways", "改", {"cell": "", "value": ["电话", "面谈", "短信", "微信", "视频"]}),
    ("field", "", "增", {"row": {"key": "elderly", "label": "涉及老人", "type": "bool"}, "before": ""}),
    ("procedure", "", "改", {"cell": "title", "value": "客户服务质量问题管理规定(试行)"}),
)


def plain(answer):
    """What a page says, without its mark-up."""
    text = answer.get_data(as_text=True).partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace(" ：", "：")


def newest(office, table=ProcedureVersion):
    return office.one(select(table.id).order_by(table.id.desc()).limit(1))


@pytest.fixture
def edited(office):
    """A draft with a change of every kind."""
    office.do("draft_procedure", None, "孙伟", code="P02")
    key = newest(office)
    for section, row, kind, value in EDITS:
        office.do("edit_procedure", None, "孙伟", draft=key, section=section, row=row, kind=kind, value=value)
    return key


@pytest.fixture
def in_force(office, edited):
    """The same in force, while two complaints run under the version before: one of six people, one of one."""
    keys = [office.case(compensation_sought="物质", parties_count=count) for count in (6, 1)]
    office.do("submit_procedure", None, "孙伟", draft=edited, reason="共同投诉从重", unreplayed="没有旧案")
    office.do("review_procedure", None, "高总", activation=newest(office, ProcedureActivation), decision="同意")
    return edited, *keys


def compared(office, address, name="孙伟"):
    return plain(office.client(name).get(f"/procedures/compare/{address}"))


def test_a_row_that_came_or_went_is_a_whole_sentence(office, edited):
    found = compared(office, f"?id={edited}")
    assert "增加了 grade-2-many 当 性质 是 投诉 且 涉及人数 ≥ 5 人 时，定为 二级投诉，依据 P02-5.2。" in found
    assert "删去了 grade-2-period-some 当 性质 是 投诉 且 重要时间段曝光" in found
    assert "增加了 elderly" in found
    assert "显示为 涉及老人" in found


def test_a_row_that_moved_says_where_to(office, edited):
    assert "移动了 grade-2-other-media 移到 grade-2-government 之前" in compared(office, f"?id={edited}")


def test_a_cell_that_changed_is_said_from_what_to_what(office, edited):
    found = compared(office, f"?id={edited}")
    assert "因为： 够不上一级、二级的其余投诉 → 够不上一级、二级的一律为三级" in found
    assert "社会影响： 一定不良 或 重大不良 → 重大不良" in found
    assert "剩多少时提醒： 0.2 → 0.3" in found
    assert "回访方式 去掉 书面 ； 加上 视频" in found


def test_stages_and_sections_stand_apart_with_how_many_rows_differ(office, edited):
    page = office.client("孙伟").get(f"/procedures/compare/?id={edited}").get_data(as_text=True)
    assert re.findall(r'id="d-([\w-]+)"', page) == ["grade", "procedure", "vocabulary", "field", "limit"]


def test_any_two_versions_may_be_picked_and_turned_round(office, edited):
    found = compared(office, f"?id=1&than={edited}")
    assert "删去了 grade-2-many" in found
    assert "增加了 grade-2-period-some" in found


def test_a_version_is_compared_with_the_one_that_it_was_drafted_from(office, edited):
    page = office.client("孙伟").get(f"/procedures/compare/?id={edited}").get_data(as_text=True)
    assert '<option value="1" selected>' in page.partition('id="pick-new"')[0]


def test_what_a_version_takes_besides_is_a_whole_sentence(office, edited):
    row = {"id": "calls", "when": {"channel": "来电"}, "because": "来电归总部"}
    given = {"section": "take", "row": "", "kind": "增", "value": {"row": row, "before": ""}}
    office.do("edit_procedure", None, "孙伟", draft=edited, **given)
    page = compared(office, f"?id={edited}")
    assert "受理哪些件" in page
    assert "当 来源 是 来电 时，由本制度受理" in page


def test_versions_without_a_difference_and_the_only_one_say_so(office):
    assert "没有别的版本可比" in compared(office, "?id=1")
    office.do("draft_procedure", None, "孙伟", code="P02")
    assert "两版没有不同" in compared(office, f"?id={newest(office)}")


def test_who_may_not_read_a_draft_compares_nothing_with_it(office, edited):
    clerk = office.client("王敏")
    for address in (f"?id={edited}", f"?id=1&than={edited}", "?id=abc", "?id=1&than=99999"):
        assert clerk.get(f"/procedures/compare/{address}").status_code == 404, address
    assert f'value="{edited}"' not in clerk.get("/procedures/compare/?id=1").get_data(as_text=True)


def test_the_review_page_shows_the_same_changes_against_what_is_in_force(office, edited):
    office.do("submit_procedure", None, "孙伟", draft=edited, reason="共同投诉从重", unreplayed="没有旧案")
    found = plain(office.client("高总").get(f"/procedures/review/?id={newest(office, ProcedureActivation)}"))
    assert "相对第 1 版的改动" in found
    assert "增加了 grade-2-many 当" in found


def test_moving_shows_what_would_change_in_each_case_before_anything_is_done(office, in_force):
    key, many, one = in_force
    found = plain(office.client("高总").get(f"/procedures/migrate/?id={key}"))
    assert re.search(rf"{office.find(many).case_no} .*? 级别 三级投诉 → 二级投诉", found)
    assert re.search(rf"{office.find(one).case_no} 抄表员未按约上门 已受理 只换版本，别的不变", found)
    assert office.find(many).procedure_version == 1


def test_the_chosen_cases_are_moved_with_a_reason_and_the_others_stay(office, in_force):
    key, many, one = in_force
    client = office.client("高总")
    answer = client.post(f"/procedures/migrate/?id={key}", data={"rowid": [str(many)], "reason": "新规定更合适"})
    assert answer.status_code == 302
    assert "已转移 1 件" in plain(client.get(answer.location))
    assert (office.find(many).procedure_version, office.find(many).grade) == (2, "二级投诉")
    assert office.find(one).procedure_version == 1
    query = select(Event.reason).where(Event.complaint_id == many, Event.verb == "migrate_cases")
    assert office.one(query) == "新规定更合适"


@pytest.mark.parametrize("sent", [{"reason": "x"}, {"rowid": "abc", "reason": "x"}, {"rowid": "99999", "reason": "x"}])
def test_without_a_case_nothing_is_moved_and_the_page_says_so(office, in_force, sent):
    key, many, one = in_force
    answer = office.client("高总").post(f"/procedures/migrate/?id={key}", data=sent)
    assert answer.status_code == 422
    assert {office.find(many).procedure_version, office.find(one).procedure_version} == {1}


def test_without_a_reason_nothing_is_moved(office, in_force):
    key, many, _one = in_force
    answer = office.client("高总").post(f"/procedures/migrate/?id={key}", data={"rowid": str(many)})
    assert answer.status_code == 422
    assert "请填写理由" in plain(answer)


def test_the_same_form_moves_nothing_twice(office, in_force):
    key, many, one = in_force
    client, sent = office.client("高总"), {"reason": "新规定更合适", "form_id": "once"}
    assert client.post(f"/procedures/migrate/?id={key}", data={**sent, "rowid": str(many)}).status_code == 302
    assert client.post(f"/procedures/migrate/?id={key}", data={**sent, "rowid": str(one)}).status_code == 422


def test_only_those_who_may_agree_to_a_version_move_cases_to_it(office, in_force):
    for name in ("王敏", "管理员"):
        assert office.client(name).get(f"/procedures/migrate/?id={in_force[0]}").status_code == 403, name


def test_when_no_case_runs_under_another_version_the_page_says_what_would_stand_here(office):
    assert "没有要转移的" in plain(office.client("高总").get("/procedures/migrate/?id=1"))


def test_a_new_limit_is_read_aloud_with_all_its_cells_and_a_ladder_rung_by_rung(office):
    office.do("draft_procedure", None, "孙伟", code="P02")
    key = newest(office)
    new = {
        "name": "答复",
        "amount": 2,
        "unit": "自然小时",
        "starts": "register",
        "met": "communicate",
        "longest_pause": "5天",
    }
    ladder = [{"id": "soon", "at": "-20%", "do": "提醒", "to": ["承办人"]}, {"id": "late", "at": "+0", "do": "超期"}]
    for row, kind, value in (("", "增", {"row": new}), ("工程结算", "改", {"cell": "ladder", "value": ladder})):
        office.do("edit_procedure", None, "孙伟", draft=key, section="limit", row=row, kind=kind, value=value)
    page = plain(office.client("孙伟").get(f"/procedures/compare/?id={key}"))
    assert "“答复”：2个自然小时内要“记录沟通”，从“登记”起算。" in page
    assert "最长暂停 5天" in page, "what the sentence does not say stands behind it"
    assert "剩 20% 时 提醒 承办人。 到期时 记为超期。" in page
