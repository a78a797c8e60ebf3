"""A version comes into force when one person asks and another agrees; which one judges a case follows from that."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from models import Event, Notice, ProcedureActivation, ProcedureVersion, Replay, Role
from tests.support.cast import House, moment
from workflow import procedures, publishing
from workflow.errors import Conflict, Forbidden

AUTHOR, REVIEWER, THIRD = "人力资源行政部负责人", "客户服务中心负责人", "公司领导"
WHY = {"reason": "全部归人事", "unreplayed": "新制度,没有旧案件"}


@pytest.fixture
def draft(house: House) -> ProcedureVersion:
    """Grumbles too are investigated by HR."""
    draft = house.do("draft_procedure", by=AUTHOR, code="P02", at="2026-05-10 09:00").result
    for row in ("route-grumble", "route-grumble-channels"):
        value = {"cell": "then.department", "value": "人力资源行政部"}
        asked = {"draft": draft.id, "section": "rule", "row": row, "kind": "改", "value": value}
        house.do("edit_procedure", by=AUTHOR, at="2026-05-10 09:00", **asked)
    return draft


def submitted(house: House, draft: ProcedureVersion, at: str = "2026-05-10 10:00", **more: Any) -> ProcedureActivation:
    return house.do("submit_procedure", by=AUTHOR, at=at, draft=draft.id, **{**WHY, **more}).result


def agreed(house: House, asked: ProcedureActivation, at: str = "2026-05-10 11:00", by: str = REVIEWER) -> Any:
    return house.do("review_procedure", by=by, at=at, activation=asked.id, decision="同意")


def version_at(house: House, at: str) -> int | None:
    return procedures.number_in_force(house.session, "P02", moment(at))


def replayed(house: House, draft: ProcedureVersion, state: str = "完成", **other: Any) -> Replay:
    given = {"draft": draft, "sha256": draft.sha256, "state": state, **other}
    since, until = moment("2026-01-01"), moment("2026-05-01")
    found = Replay(since=since, until=until, asked_at=until, **given)
    house.session.add(found)
    house.session.flush()
    return found


def test_the_next_case_is_judged_by_the_new_version_and_an_older_one_is_not(house: House, draft: Any) -> None:
    old = house.registered(at="2026-05-10 10:30")
    agreed(house, submitted(house, draft))
    new = house.registered(at="2026-05-10 11:30")
    assert (old.procedure_version, str(old.investigation_department)) == (1, "客户服务中心")
    assert (new.procedure_version, str(new.investigation_department)) == (2, "人力资源行政部")
    house.do("update", by="客服甲", case=old, at="2026-05-10 12:00", channel="回访")
    assert (old.procedure_version, str(old.investigation_department)) == (1, "客户服务中心")


def test_a_version_for_later_takes_force_at_its_instant(house: House, draft: Any) -> None:
    agreed(house, submitted(house, draft, from_at="2026-06-01 00:00"))
    assert draft.state == "有效"
    assert house.registered(at="2026-05-31 23:59").procedure_version == 1
    assert house.registered(at="2026-06-01 00:00").procedure_version == 2


def test_no_version_is_in_force_before_it_was_agreed_to(house: House, draft: Any) -> None:
    asked = submitted(house, draft, from_at="2026-05-01 00:00")
    agreed(house, asked, at="2026-05-10 11:00")
    assert asked.from_at == moment("2026-05-10 11:00")
    assert (version_at(house, "2026-05-10 10:59"), version_at(house, "2026-05-10 11:00")) == (1, 2)


def test_an_older_version_is_put_in_force_again_by_two_people(house: House, draft: Any) -> None:
    agreed(house, submitted(house, draft))
    asked = house.do("activate", by=AUTHOR, at="2026-05-12 09:00", code="P02", number=1, reason="效果不好").result
    assert version_at(house, "2026-05-12 09:30") == 2
    with pytest.raises(Forbidden, match="不能审核"):
        agreed(house, asked, at="2026-05-12 10:00", by=AUTHOR)
    agreed(house, asked, at="2026-05-12 10:00")
    assert version_at(house, "2026-05-12 10:00") == 1
    assert house.registered(at="2026-05-12 11:00").procedure_version == 1


def test_a_version_for_later_is_replaced_before_its_instant(house: House, draft: Any) -> None:
    agreed(house, submitted(house, draft, from_at="2026-06-01 00:00"))
    again = {"code": "P02", "number": 1, "reason": "还是原来的好", "from_at": "2026-06-01 00:00"}
    agreed(house, house.do("activate", by=AUTHOR, at="2026-05-12 09:00", **again).result, at="2026-05-12 10:00")
    assert version_at(house, "2026-06-01 00:00") == 1


def test_whoever_agrees_is_told_of_what_is_planned_after_it(house: House, draft: Any) -> None:
    agreed(house, submitted(house, draft, from_at="2026-06-01 00:00"))
    again = {"code": "P02", "number": 1, "reason": "先用旧的"}
    done = agreed(house, house.do("activate", by=AUTHOR, at="2026-05-12 09:00", **again).result, at="2026-05-12 10:00")
    assert any("第 2 版" in warning and "2026-06-01" in warning for warning in done.warnings)


@pytest.mark.clause("G-15")
@pytest.mark.parametrize("by", ["drafted", "edited", "submitted"])
def test_nobody_reviews_his_own_work(house: House, draft: Any, by: str) -> None:
    if by == "edited":
        value = {"cell": "because", "value": "归人事"}
        asked = {"draft": draft.id, "section": "rule", "row": "route-grumble", "kind": "改", "value": value}
        house.do("edit_procedure", by=REVIEWER, **asked)
    given = {"draft": draft.id, **WHY}
    submitter = REVIEWER if by == "submitted" else AUTHOR
    asked = house.do("submit_procedure", by=submitter, at="2026-05-10 10:00", **given).result
    reviewer = AUTHOR if by == "drafted" else REVIEWER
    refusal = house.refusal("review_procedure", by=reviewer, activation=asked.id, decision="同意")
    assert refusal.findings[0].rule == "G-15"
    assert version_at(house, "2026-12-31 00:00") == 1
    agreed(house, asked, by=THIRD)


@pytest.mark.clause("G-15")
def test_nobody_reviews_what_was_made_from_his_own_draft(house: House, draft: Any) -> None:
    taken = house.do("draft_procedure", by=REVIEWER, code="P02", based_on=draft.number, at="2026-05-10 09:30").result
    given = {"draft": taken.id, **WHY}
    asked = house.do("submit_procedure", by=REVIEWER, at="2026-05-10 10:00", **given).result
    refusal = house.refusal("review_procedure", by=AUTHOR, activation=asked.id, decision="同意")
    assert refusal.findings[0].rule == "G-15"
    agreed(house, asked, by=THIRD)


def test_only_reviewers_review(house: House, draft: Any) -> None:
    asked = submitted(house, draft)
    for by in ("客服甲", "系统管理员", "审计员"):
        assert "须由" in house.refused("review_procedure", by=by, activation=asked.id, decision="同意")


def test_a_draft_names_no_reviewers_for_itself(house: House, draft: Any) -> None:
    value = {"cell": "reviewers", "value": ["受理人"]}
    asked = {"draft": draft.id, "section": "procedure", "kind": "改", "value": value}
    house.do("edit_procedure", by=AUTHOR, **asked)
    request = submitted(house, draft)
    assert "须由" in house.refused("review_procedure", by="客服甲", activation=request.id, decision="同意")


def test_nobody_is_shut_out_and_everybody_is_let_in_by_no_edit_of_the_head(house: House, draft: Any) -> None:
    for cell, value in (("reviewers", ["无人"]), ("everybody", "不存在"), ("everybody", "系统管理员")):
        asked = {"draft": draft.id, "section": "procedure", "kind": "改", "value": {"cell": cell, "value": value}}
        house.do("edit_procedure", by=AUTHOR, at="2026-05-10 09:30", **asked)
        assert cell in house.refused("submit_procedure", by=AUTHOR, at="2026-05-10 10:00", draft=draft.id, **WHY)
        house.do("undo_edit", by=AUTHOR, at="2026-05-10 09:30", draft=draft.id)


def test_what_sees_every_case_is_not_made_everybodys(house: House, draft: Any) -> None:
    house.session.add(Role(name="总部", verbs=[], sees="全部"))
    roles = [*procedures.version(house.session, "P02", 1).head.roles, "总部"]
    for cell, value in (("roles", roles), ("everybody", "总部")):
        asked = {"draft": draft.id, "section": "procedure", "kind": "改", "value": {"cell": cell, "value": value}}
        house.do("edit_procedure", by=AUTHOR, at="2026-05-10 09:30", **asked)
    request = submitted(house, draft)
    assert "不能人人都是" in house.refused("review_procedure", by=REVIEWER, activation=request.id, decision="同意")


def test_a_refusal_needs_an_opinion_and_gives_the_draft_back(house: House, draft: Any) -> None:
    asked = submitted(house, draft)
    assert "意见" in house.refused("review_procedure", by=REVIEWER, activation=asked.id, decision="驳回")
    house.do("review_procedure", by=REVIEWER, activation=asked.id, decision="驳回", opinion="先重放")
    assert (asked.decision, asked.opinion, draft.state) == ("驳回", "先重放", "草稿")
    with pytest.raises(Conflict):
        agreed(house, asked)
    submitted(house, draft, at="2026-05-10 12:00")


def test_the_author_takes_his_request_back_and_nobody_else_does(house: House, draft: Any) -> None:
    asked = submitted(house, draft)
    assert "提交人" in house.refused("withdraw_submission", by=REVIEWER, activation=asked.id)
    house.do("withdraw_submission", by=AUTHOR, activation=asked.id)
    assert (asked.decision, draft.state) == ("撤回", "草稿")


def test_what_waits_for_review_is_not_edited(house: House, draft: Any) -> None:
    submitted(house, draft)
    assert "待审" in house.refused("undo_edit", by=AUTHOR, draft=draft.id)
    assert "待审" in house.refused("submit_procedure", by=AUTHOR, draft=draft.id, **WHY)


def test_a_request_carries_a_replay_of_exactly_this_text(house: House, draft: Any) -> None:
    good = replayed(house, draft)
    assert submitted(house, draft, unreplayed="").replay_id == good.id


@pytest.mark.parametrize("fault", [{"state": "停止"}, {"sha256": "0" * 64}])
def test_a_replay_of_another_text_or_without_end_is_no_replay(house: House, draft: Any, fault: Any) -> None:
    replay = replayed(house, draft, **fault)
    given = {"by": AUTHOR, "draft": draft.id, "reason": "全部归人事"}
    assert "重放" in house.refused("submit_procedure", **given)
    assert "重新重放" in house.refused("submit_procedure", replay=replay.id, **given)


def test_the_reason_why_nothing_was_replayed_is_kept(house: House, draft: Any) -> None:
    assert submitted(house, draft).unreplayed == WHY["unreplayed"]


def test_a_document_with_faults_is_not_submitted(house: House, draft: Any) -> None:
    value = {"cell": "then.department", "value": "没有这个部门"}
    asked = {"draft": draft.id, "section": "rule", "row": "route-grumble", "kind": "改", "value": value}
    house.do("edit_procedure", by=AUTHOR, **asked)
    assert "没有这个部门" in house.refused("submit_procedure", by=AUTHOR, draft=draft.id, **WHY)


def test_reviewers_are_told_and_then_the_author(house: House, draft: Any) -> None:
    asked = submitted(house, draft)
    told = house.session.scalars(select(Notice).where(Notice.event == "制度待审")).all()
    assert {notice.recipient for notice in told} == {"部门负责人", "公司领导"}
    agreed(house, asked)
    told = house.session.scalars(select(Notice).where(Notice.event == "制度审核")).all()
    assert [notice.recipient for notice in told] == [AUTHOR]


def test_each_step_is_in_the_history(house: House, draft: Any) -> None:
    agreed(house, submitted(house, draft))
    verbs = house.session.scalars(select(Event.verb).where(Event.complaint_id.is_(None))).all()
    assert {"draft_procedure", "submit_procedure", "review_procedure"} <= set(verbs)
    assert "edit_procedure" not in verbs


def test_departments_and_roles_of_the_new_version_are_made(house: House, draft: Any) -> None:
    for cell, value in (
        ("roles", ["受理人", "调查处理人", "承办人", "部门负责人", "公司领导", "审计", "系统管理员", "质检员"]),
        ("departments", [{"name": "质检部", "kind": "质检"}]),
    ):
        asked = {"draft": draft.id, "section": "procedure", "kind": "改", "value": {"cell": cell, "value": value}}
        if cell == "departments":
            known = [row.model_dump(exclude_none=True) for row in procedures.compiled(draft.text, 2).head.departments]
            asked["value"]["value"] = known + value
        house.do("edit_procedure", by=AUTHOR, **asked)
    agreed(house, submitted(house, draft))
    assert house.department("质检部").kind == "质检"


def test_the_only_procedure_is_not_retired(house: House) -> None:
    assert "唯一" in house.refused("retire_procedure", by=AUTHOR, code="P02", reason="不用了")


def test_the_house_is_not_left_without_a_procedure_by_two_retirements_one_of_them_for_later(
    house: House, draft: Any
) -> None:
    text = draft.text.replace('code = "P02"', 'code = "P98"').replace("客户服务质量问题管理规定", "新规定")
    other = house.do("import_procedure", by=AUTHOR, at="2026-05-11 09:00", text=text).result
    agreed(house, submitted(house, other, at="2026-05-11 10:00"), at="2026-05-11 11:00")
    later = {"code": "P98", "from_at": "2026-07-01 00:00", "reason": "试行到六月底"}
    agreed(house, house.do("retire_procedure", by=AUTHOR, at="2026-05-12 09:00", **later).result, "2026-05-12 10:00")
    assert "唯一" in house.refused("retire_procedure", by=AUTHOR, at="2026-05-13 09:00", code="P02", reason="不用了")


def test_a_procedure_is_retired_by_two_people_and_old_cases_stay_with_it(house: House, draft: Any) -> None:
    old = house.registered(at="2026-05-10 09:00")
    text = draft.text.replace('code = "P02"', 'code = "P98"').replace("客户服务质量问题管理规定", "新规定")
    other = house.do("import_procedure", by=AUTHOR, at="2026-05-11 09:00", text=text).result
    agreed(house, submitted(house, other, at="2026-05-11 10:00"), at="2026-05-11 11:00")
    asked = house.do("retire_procedure", by=AUTHOR, at="2026-05-12 09:00", code="P02", reason="由新规定代替").result
    agreed(house, asked, at="2026-05-12 10:00")
    assert version_at(house, "2026-05-12 10:00") is None
    assert procedures.of(house.session, old, moment("2026-05-13 00:00")).code == "P02"
    assert house.registered(at="2026-05-13 09:00").procedure_code == "P98"


def test_the_same_request_is_asked_once(house: House, draft: Any) -> None:
    agreed(house, submitted(house, draft))
    again = {"by": AUTHOR, "at": "2026-05-12 09:00", "code": "P02", "number": 1, "reason": "效果不好"}
    house.do("activate", **again)
    assert "已在等待" in house.refused("activate", **again)
    assert [publishing.name_of(asked) for asked in publishing.waiting(house.session)] == ["P02 第 1 版"]


def test_a_version_that_was_never_approved_is_not_activated(house: House, draft: Any) -> None:
    given = {"by": AUTHOR, "code": "P02", "reason": "试试"}
    assert "第 2 版" in house.refused("activate", number=2, **given)
    assert "第 9 版" in house.refused("activate", number=9, **given)


def test_a_draft_of_an_older_version_says_so(house: House, draft: Any) -> None:
    second = house.do("draft_procedure", by=AUTHOR, at="2026-05-10 09:30", code="P02").result
    agreed(house, submitted(house, draft))
    done = house.do("submit_procedure", by=AUTHOR, at="2026-05-11 09:00", draft=second.id, **WHY)
    assert any("现在生效的是第 2 版" in warning for warning in done.warnings)
