"""Limits of the case, of a stint, of each version of a plan: when each begins, how often, and whose it is."""

from __future__ import annotations

import pytest

from models import Clock
from tests.support.cast import House, shanghai

PLAN = {"kind": "维修", "cause_explanation": "保温层老化", "plan": "更换整段水管"}
GIVEN = {"category": "设施", "without": "compensation_sought", "complained_department": "工程部", "weighty": True}


def registered(house: House) -> None:
    house.registered(by="服务甲", at="2026-07-20 10:00", **GIVEN)  # a Monday


def planned(house: House, day: str) -> None:
    """Another version of the plan, reviewed and submitted."""
    house.do("site_visit", by="服务甲", at=f"2026-07-{day} 10:00", arrived_at=f"2026-07-{day} 09:30", findings="老化")
    house.do("propose", by="服务甲", at=f"2026-07-{day} 10:05", **PLAN)
    house.do("review", by="服务乙", at=f"2026-07-{day} 10:10", party="责任部门", opinion="可行")
    house.do("submit", by="服务甲", at=f"2026-07-{day} 10:15")


def cycles(house: House, name: str) -> list[tuple[int, str, str | None]]:
    """Each clock of the name: its cycle, when it is due, when it was kept."""
    return [
        (clock.cycle, shanghai(clock.due_at)[5:16], shanghai(clock.done_at)[5:16] if clock.done_at else None)
        for clock in house.all(Clock)
        if clock.name == name
    ]


@pytest.mark.clause("P03-8.6", "P03-16.1", "P03-11.4")
def test_each_version_of_a_plan_is_approved_and_told_within_a_limit_of_its_own(timed: House) -> None:
    registered(timed)
    planned(timed, "20")
    assert cycles(timed, "审批") == [(1, "07-21 18:00", None)]
    timed.do("reject", by="公司领导", at="2026-07-21 11:00", opinion="费用太高")
    planned(timed, "22")
    assert cycles(timed, "审批") == [(2, "07-23 18:00", None)]
    timed.do("approve", by="公司领导", at="2026-07-22 16:00")
    assert (cycles(timed, "审批"), cycles(timed, "回复")) == (
        [(2, "07-23 18:00", "07-22 16:00")],
        [(1, "07-23 16:00", None)],
    )


@pytest.mark.clause("P03-8.6", "P03-7.12")
def test_a_plan_that_the_customer_declines_starts_both_limits_once_more_in_the_same_round(timed: House) -> None:
    registered(timed)
    planned(timed, "20")
    timed.do("approve", by="公司领导", at="2026-07-20 16:00")
    timed.do("reply", by="服务甲", at="2026-07-20 17:00", way="电话", text="更换")
    timed.do("record_acceptance", by="服务甲", at="2026-07-20 17:05", accepts="不接受", opinion="要赔偿")
    planned(timed, "21")
    timed.do("approve", by="公司领导", at="2026-07-21 16:00")
    assert timed.the_case().round == 1
    assert [cycle for cycle, *_ in cycles(timed, "审批") + cycles(timed, "回复")] == [2, 2]


def test_a_limit_that_runs_once_a_round_is_not_started_again_by_the_same_deed(timed: House) -> None:
    registered(timed)
    planned(timed, "20")
    timed.do("approve", by="公司领导", at="2026-07-20 11:00")
    timed.do("reply", by="服务甲", at="2026-07-20 11:30", way="电话", text="更换")
    assert cycles(timed, "初步回应") == [(1, "07-20 14:00", "07-20 11:30")]


@pytest.mark.clause("G-12")
def test_a_second_department_does_not_inherit_an_expired_limit(timed: House) -> None:
    registered(timed)
    timed.do("dispatch", by="服务甲", at="2026-07-20 10:30", to_dept="工程部")
    timed.sweep("2026-07-24 09:00")
    timed.do("return_dispatch", by=None, at="2026-07-24 10:00", reason="非本部门")
    timed.do("dispatch", by="服务甲", at="2026-07-24 10:30", to_dept="服务部")
    late, fresh = [clock for clock in timed.all(Clock) if clock.name == "处置"]
    assert (late.ever_late, shanghai(late.due_at)[5:16]) == (True, "07-22 18:00")
    assert (fresh.ever_late, shanghai(fresh.due_at)[5:16]) == (False, "07-28 18:00")
