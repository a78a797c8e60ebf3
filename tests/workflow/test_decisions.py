"""Each decision of a deed is a row with what it saw; it can be asked again and comes to the same."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from models import CaseDecision, FactSnapshot
from rules import engine, judging, snapshots
from tests.support.cast import House
from tests.support.statements import sent
from workflow import procedures

STATEMENTS_FOR_DECISIONS = 5
"""Snapshot, decisions, near misses; on SQLite also the last keys of two tables."""


def rows(house: House, verb: str = "register") -> dict[str, CaseDecision]:
    """The decisions of the deed, the last of each stage."""
    return {row.stage: row for row in house.all(CaseDecision) if row.verb == verb}


def test_registration_keeps_what_each_stage_answered(house: House) -> None:
    house.complaint(channel="公司领导转办")
    found = rows(house)
    assert {stage: (row.rule_id, row.outcome) for stage, row in found.items() if stage in judging.JUDGED} == {
        "preset": ("preset-leader", "to_leader True"),
        "nature": ("nature-compensation", "投诉"),
        "grade": ("grade-2-leader-provisional", "二级投诉"),
        "route": ("route-forwarded-complaint", "人力资源行政部"),
    }
    assert {(row.procedure_code, row.procedure_version) for row in found.values()} == {("P02", 1)}


def test_a_stage_in_which_no_row_held_is_a_row_without_rule(house: House) -> None:
    house.registered()
    grade = rows(house)["grade"]
    assert (grade.rule_id, grade.outcome, grade.detail) == ("", "", {})
    assert grade.snapshot is not None


def test_a_deed_keeps_one_snapshot_and_what_each_decision_saw_beyond_it(house: House) -> None:
    case = house.complaint(channel="公司领导转办")
    (snapshot,) = house.all(FactSnapshot)
    assert (snapshot.verb, snapshot.facts["channel"], "nature" in snapshot.facts) == ("register", "公司领导转办", False)
    assert rows(house)["nature"].changed == {"to_leader": True}
    assert rows(house)["route"].changed["grade"] == "二级投诉"
    assert snapshot.event.complaint_id == case.id


@pytest.mark.parametrize("stage", ["nature", "grade", "route"])
def test_a_decision_taken_again_on_what_it_saw_is_the_same(house: House, stage: str) -> None:
    case = house.complaint(channel="公司领导转办", received_at="2026-05-13 09:00")
    house.session.expire_all()
    row = rows(house)[stage]
    seen = snapshots.apply(snapshots.read(row.snapshot.facts), row.changed)
    again = engine.decide(procedures.version(house.session, case.procedure_code, 1), stage, seen)
    assert again is not None
    assert again.as_json() == row.detail


def test_the_rules_that_nearly_held_are_found_by_their_id(house: House) -> None:
    house.complaint()
    grade = rows(house)["grade"]
    assert grade.near_misses
    assert [near.rule_id for near in grade.near_misses] == [near["rule_id"] for near in grade.detail["near_misses"]]


def test_a_grade_chosen_against_the_rules_is_found_with_verb_and_reason(house: House) -> None:
    house.complaint()
    house.do("change_grade", by="人事甲", grade="一级投诉", reason="影响恶劣")
    query = select(CaseDecision).where(CaseDecision.verb == "change_grade", CaseDecision.stage == "grade")
    (row,) = house.session.scalars(query)
    assert (row.outcome, row.event.reason, row.snapshot.facts["argument.grade"]) == ("三级投诉", "影响恶劣", "一级投诉")


def test_warnings_and_notices_are_rows_without_facts(house: House) -> None:
    house.complaint()
    told = rows(house)["notify"]
    assert (told.snapshot, told.changed, bool(told.rule_id)) == (None, {}, True)


def test_a_refused_deed_keeps_no_decision(house: House) -> None:
    house.refused("register", channel="来电")
    assert house.session.scalars(select(CaseDecision.id)).all() == []


@pytest.mark.parametrize("table", [CaseDecision, FactSnapshot])
@pytest.mark.parametrize("statement", [update, delete], ids=["update", "delete"])
def test_nobody_changes_what_was_decided(house: House, table: type, statement: object) -> None:
    house.complaint()
    change = update(table).values(verb="x") if statement is update else delete(table)
    with pytest.raises(DatabaseError, match="append-only"), house.session.begin_nested():
        house.session.execute(change.execution_options(synchronize_session=False))


def test_keeping_decisions_costs_a_deed_few_statements(house: House) -> None:
    tables = ("fact_snapshot", "case_decision", "near_miss")
    with sent(house.session.get_bind(), lambda statement: any(table in statement for table in tables)) as keeping:
        house.complaint()
    assert 0 < len(keeping) <= STATEMENTS_FOR_DECISIONS
