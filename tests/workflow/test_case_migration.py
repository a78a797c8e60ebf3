"""Running cases move to another version only by a recorded act, which was shown before and changes what was shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select

from models import Clock, Event, Handover
from tests.support.cast import House, moment
from tests.support.statements import sent
from workflow import case_migration, history, procedures
from workflow.access import SYSTEM
from workflow.case_migration import ANEW, KEEP

HEAD, LEADER = "人力资源行政部负责人", "公司领导"
WHEN = "2026-05-20 09:00"
GIVEN = {"code": "P02", "number": 2, "reason": "新规定适用于在办投诉"}


def in_force(house: House, *edits: tuple[str, str, str, Any], at: str = "2026-05-19 09:00") -> None:
    """A second version with these cells changed, in force by two signatures."""
    draft = house.do("draft_procedure", by=HEAD, at=at, code="P02").result
    for section, row, cell, value in edits:
        asked = {"section": section, "row": row, "kind": "改", "value": {"cell": cell, "value": value}}
        house.do("edit_procedure", by=HEAD, at=at, draft=draft.id, **asked)
    given = {"draft": draft.id, "reason": "改", "unreplayed": "试"}
    asked = house.do("submit_procedure", by=HEAD, at=at, **given).result
    house.do("review_procedure", by=LEADER, at=at, activation=asked.id, decision="同意")


GRUMBLES_TO_HR = (
    ("rule", "route-grumble", "then.department", "人力资源行政部"),
    ("rule", "route-grumble-channels", "then.department", "人力资源行政部"),
)
ALL_SECOND = (("rule", "grade-3", "then", "二级投诉"),)
LIMIT_ROLLS = (("limit", "办理", "roll", True),)


def shown(house: House, by: str = LEADER, **more: Any) -> case_migration.Preview:
    actor = house.actor(by, WHEN)
    return case_migration.preview(house.session, "P02", 2, actor=actor, now=moment(WHEN), **more)


def changes(preview: case_migration.Preview) -> list[tuple[str, str, str]]:
    return [change for effect in preview.effects for change in effect.changes if change[0] != "版本"]


@contextmanager
def nothing_written(house: House) -> Iterator[None]:
    """Fail when any statement would change a row."""
    house.session.flush()
    changes = ("INSERT", "UPDATE", "DELETE")
    with sent(house.session.get_bind().engine, lambda text: text.lstrip().upper().startswith(changes)) as written:
        yield
        house.session.flush()
    assert written == []
    assert not house.session.dirty


def test_the_effect_is_shown_and_nothing_is_written(house: House) -> None:
    house.complaint(at="2026-05-13 09:00")
    in_force(house, *ALL_SECOND)
    with nothing_written(house):
        found = shown(house)
    assert (found.total, changes(found)) == (1, [("级别", "三级投诉", "二级投诉")])
    assert house.case.procedure_version == 1


def test_a_case_is_judged_by_the_other_version_from_then_on(house: House) -> None:
    case = house.complaint(at="2026-05-13 09:00")
    in_force(house, *ALL_SECOND)
    house.do("migrate_cases", by=LEADER, at=WHEN, **GIVEN)
    assert (case.procedure_version, case.grade) == (2, "二级投诉")
    assert procedures.of(house.session, case, moment(WHEN)).version == 2


def test_a_case_is_handed_over_when_the_new_version_leads_elsewhere(house: House) -> None:
    case = house.registered(at="2026-05-13 09:00")
    in_force(house, *GRUMBLES_TO_HR)
    assert changes(shown(house)) == [("调查处理部门", "客户服务中心", "人力资源行政部")]
    house.do("migrate_cases", by=LEADER, at=WHEN, **GIVEN)
    assert str(case.investigation_department) == "人力资源行政部"
    assert house.session.scalars(select(Handover.complaint_id)).all() == [case.id]


def test_a_case_that_somebody_transferred_stays_where_it_is_while_the_rules_lead_as_before(house: House) -> None:
    case = house.registered(at="2026-05-13 09:00")
    house.do("transfer", by="客服甲", at="2026-05-14 09:00", to_dept="安全技术部", reason="涉及安全")
    in_force(house, *ALL_SECOND)
    house.do("migrate_cases", by=LEADER, at=WHEN, **GIVEN)
    assert str(case.investigation_department) == "安全技术部"


def test_what_is_done_is_what_was_shown_and_stands_in_the_history_of_the_case(house: House) -> None:
    case = house.complaint(at="2026-05-13 09:00")
    in_force(house, *ALL_SECOND)
    before = {label: [old, new] for label, old, new in shown(house).effects[0].changes}
    house.do("migrate_cases", by=LEADER, at=WHEN, **GIVEN)
    recorded = house.session.scalars(
        select(Event).where(Event.complaint_id == case.id, Event.verb == "migrate_cases")
    ).one()
    assert recorded.changes == before
    assert (recorded.reason, recorded.actor.name) == (GIVEN["reason"], LEADER)
    assert {decision["version"] for decision in recorded.decisions} == {2}
    assert history.broken_links(house.session, case.id) == []


def test_a_clock_keeps_its_limit_unless_somebody_chooses_otherwise(house: House) -> None:
    house.registered(at="2026-05-13 09:00")
    house.ordered(limit_days=3, at="2026-05-13 09:00")
    in_force(house, *LIMIT_ROLLS, at="2026-05-14 09:00")
    clock = house.session.scalars(select(Clock).where(Clock.name == "办理")).one()
    due, rolled = moment("2026-05-16 23:59:59"), moment("2026-05-18 23:59:59")
    assert changes(shown(house)) == []
    assert changes(shown(house, limits=ANEW)) == [("办理截止", "2026-05-16 23:59:59", "2026-05-18 23:59:59")]
    house.do("migrate_cases", by=LEADER, at="2026-05-15 09:00", limits=KEEP, **GIVEN)
    assert clock.due_at == due
    in_force(house, at="2026-05-15 10:00")
    house.do("migrate_cases", by=LEADER, at="2026-05-15 11:00", limits=ANEW, **{**GIVEN, "number": 3})
    assert (clock.due_at, house.order().due_at) == (rolled, rolled)


def test_a_clock_that_was_late_stays_late(house: House) -> None:
    house.registered(at="2026-05-13 09:00")
    house.ordered(limit_days=3, at="2026-05-13 09:00")
    house.sweep("2026-05-17 00:05")
    in_force(house, *LIMIT_ROLLS, at="2026-05-17 09:00")
    house.do("migrate_cases", by=LEADER, at="2026-05-17 10:00", limits=ANEW, **GIVEN)
    clock = house.session.scalars(select(Clock).where(Clock.name == "办理")).one()
    assert clock.flagged_at is not None
    assert clock.due_at == moment("2026-05-16 23:59:59")


def test_a_grade_does_not_fall_by_moving(house: House) -> None:
    case = house.complaint(at="2026-05-13 09:00", to_leader=True)
    house.do("update", by="人事甲", at="2026-05-13 10:00", impact="一定不良")
    assert (case.grade, case.grade_provisional) == ("二级投诉", False)
    in_force(house, ("rule", "grade-2-leader", "then", "三级投诉"))
    found = shown(house)
    assert changes(found) == []
    assert [str(note) for note in found.effects[0].notes] == ["按现有事实应为三级投诉,级别不自动降低"]
    house.do("migrate_cases", by=LEADER, at=WHEN, **GIVEN)
    assert case.grade == "二级投诉"


def test_only_the_cases_named_are_moved(house: House) -> None:
    first = house.complaint(at="2026-05-13 09:00")
    second = house.complaint(at="2026-05-13 10:00")
    in_force(house, *ALL_SECOND)
    house.do("migrate_cases", by=LEADER, at=WHEN, cases=[second.id], **GIVEN)
    assert (first.procedure_version, second.procedure_version) == (1, 2)


@pytest.mark.parametrize("chosen", [[], "", None, "1", {"id": 1}, [0], ["x"]])
def test_nothing_chosen_is_not_everything(house: House, chosen: Any) -> None:
    case = house.complaint(at="2026-05-13 09:00")
    in_force(house, *ALL_SECOND)
    assert "投诉" in house.refused("migrate_cases", by=LEADER, at=WHEN, cases=chosen, **GIVEN)
    assert case.procedure_version == 1


def test_more_cases_than_are_moved_at_once_are_refused(house: House) -> None:
    in_force(house, *GRUMBLES_TO_HR)
    assert "最多转移 200 件" in house.refused("migrate_cases", by=LEADER, at=WHEN, **GIVEN, cases=list(range(70_000)))


def test_a_closed_case_stays_with_its_version(house: House) -> None:
    case = house.closed(at="2026-05-13 10:00")
    in_force(house, *ALL_SECOND)
    assert "没有可以转移" in house.refused("migrate_cases", by=LEADER, at=WHEN, **GIVEN)
    assert case.procedure_version == 1


def test_a_case_out_of_sight_is_neither_shown_nor_moved(house: House) -> None:
    house.complaint(at="2026-05-13 09:00")
    in_force(house, *ALL_SECOND)
    unconcerned = "安全技术部负责人"
    assert shown(house, by=unconcerned).total == 0
    assert "没有可以转移" in house.refused("migrate_cases", by=unconcerned, at=WHEN, **GIVEN)


def test_a_case_that_could_never_end_is_left_where_it_is(house: House) -> None:
    case = house.registered(at="2026-05-13 09:00")
    draft = house.do("draft_procedure", by=HEAD, at="2026-05-19 09:00", code="P02").result
    for name in ("withdraw", "void", "close"):
        asked = {"draft": draft.id, "section": "step", "row": name, "kind": "删"}
        house.do("edit_procedure", by=HEAD, at="2026-05-19 09:00", **asked)
    procedures.put_in_force(house.session, draft.text, actor=SYSTEM, now=moment("2026-05-19 10:00"))
    actor = house.actor(LEADER, WHEN)
    found = case_migration.preview(house.session, "P02", 3, actor=actor, now=moment(WHEN)).effects[0]
    assert "已受理" in str(found.blocked)
    refused = house.refused("migrate_cases", by=LEADER, at=WHEN, **{**GIVEN, "number": 3})
    assert case.case_no in refused
    assert case.procedure_version == 1


@pytest.mark.parametrize("by", ["客服甲", "系统管理员", "审计员"])
def test_only_reviewers_move_cases(house: House, by: str) -> None:
    house.complaint(at="2026-05-13 09:00")
    in_force(house, *ALL_SECOND)
    assert "须由" in house.refused("migrate_cases", by=by, at=WHEN, **GIVEN)


def test_no_case_moves_to_a_draft_or_to_a_version_for_later(house: House) -> None:
    house.complaint(at="2026-05-13 09:00")
    draft = house.do("draft_procedure", by=HEAD, at="2026-05-14 09:00", code="P02").result
    assert "第 2 版" in house.refused("migrate_cases", by=LEADER, at=WHEN, **GIVEN)
    given = {"draft": draft.id, "reason": "改", "unreplayed": "试", "from_at": "2026-06-01 00:00"}
    asked = house.do("submit_procedure", by=HEAD, at="2026-05-14 09:00", **given).result
    house.do("review_procedure", by=LEADER, at="2026-05-14 10:00", activation=asked.id, decision="同意")
    assert "还没有生效" in house.refused("migrate_cases", by=LEADER, at=WHEN, **GIVEN)
