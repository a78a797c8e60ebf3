"""The time of a case: whom its ladders would tell is whom they tell; what each department's stint took."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rules.timeline import MarkKind
from tests.support.cast import House, moment, shanghai
from tests.support.plan import TIMED, move_in
from workflow import stints, timelines


def hours(value: timedelta) -> float:
    return value / timedelta(hours=1)


def taken(house: House, at: str) -> list[tuple[str, str, float, float, float]]:
    """Each stretch: kind, department, working hours, hours day and night, hours of standing still."""
    found = stints.stretches(house.session, house.the_case(), moment(at))
    return [
        (one.kind, one.department.name, hours(one.spent.working), hours(one.spent.natural), hours(one.spent.stood))
        for one in found
    ]


@pytest.mark.clause("G-10", "G-20", "P02-13.4")
@pytest.mark.parametrize("at", ["2026-07-23 15:00", "2026-07-24 00:05", "2026-07-25 00:05", "2026-07-26 00:05"])
def test_who_would_be_told_is_who_is_told(house: House, at: str) -> None:
    house.registered(at="2026-07-21 10:00")
    house.ordered(limit_days=2, at="2026-07-21 10:10")
    for day in ("24 00:05", "25 00:05"):
        if f"2026-07-{day}" < at:
            house.sweep(f"2026-07-{day}")
    due = [
        told
        for told in timelines.of_case(house.session, house.the_case(), moment(at))
        if told.mark.coming and told.mark.rung and told.mark.at <= moment(at)
    ]
    foreseen = {(told.mark.rung.id, told.mark.nth): told.whom for told in due if told.mark.rung}
    house.sweep(at)
    done = {
        (told.mark.rung.id, told.mark.nth): told.whom
        for told in timelines.of_case(house.session, house.the_case(), moment(at))
        if told.mark.rung and not told.mark.coming
    }
    assert foreseen
    assert {key: done[key] for key in foreseen} == foreseen


@pytest.mark.clause("P03-10.3", "F-11")
@pytest.mark.parametrize(("weighty", "whom"), [(True, ("公司领导",)), (False, None)])
def test_a_rung_whose_tests_do_not_hold_would_tell_nobody(house: House, weighty: bool, whom: object) -> None:
    usual = 'to = ["role:公司领导"] }'
    assert TIMED.count(usual) == 1
    move_in(house.session, TIMED.replace(usual, 'to = ["role:公司领导"], when = { grade = "要件" } }'))
    given = {"without": "compensation_sought", "complained_department": "工程部", "weighty": weighty}
    house.registered(by="服务甲", at="2026-07-20 10:00", **given)
    found = timelines.of_case(house.session, house.the_case(), moment("2026-07-21 10:00"))
    assert [told.whom for told in found if told.mark.rung and told.mark.rung.id == "soon"] == [whom]


def test_the_line_goes_over_all_clocks_of_the_case_by_time(house: House) -> None:
    house.registered(at="2026-07-21 10:00")
    house.ordered(limit_days=2, at="2026-07-21 10:10")
    house.do("start_clock", at="2026-07-22 09:00", name="工程结算", trigger_at="2026-07-21 09:00")
    found = timelines.of_case(house.session, house.the_case(), moment("2026-07-22 10:00"))
    assert [(told.clock.name, shanghai(told.mark.at)[:16]) for told in found if told.mark.kind is MarkKind.START] == [
        ("工程结算", "2026-07-21 09:00"),
        ("办理", "2026-07-21 10:10"),
    ]
    assert [told.mark.at for told in found] == sorted(told.mark.at for told in found)


@pytest.mark.clause("G-04", "G-12")
def test_a_stint_takes_working_time_less_what_stood_still(house: House) -> None:
    house.registered(at="2026-07-21 10:00")  # Tuesday
    house.ordered(limit_days=2, at="2026-07-21 11:00")
    house.do("pause", at="2026-07-22 09:00", reason="客户原因")
    house.do("resume", at="2026-07-22 18:00")
    assert taken(house, "2026-07-23 12:00") == [
        ("调查", "客户服务中心", 8 + 3, 50 - 9, 9),
        ("承办", "客户营业部", 7 + 3, 49 - 9, 9),
    ]


def test_naming_the_handler_begins_no_new_stretch_and_the_order_is_the_departments_own(house: House) -> None:
    house.registered(at="2026-07-21 10:00")
    house.ordered(limit_days=2, at="2026-07-21 11:00")
    house.signed(at="2026-07-21 14:00")
    found = stints.stretches(house.session, house.the_case(), moment("2026-07-22 12:00"))
    assert [(one.kind, [clock.name for clock in one.clocks]) for one in found] == [("调查", []), ("承办", ["办理"])]


@pytest.mark.clause("P02-9.5", "G-16")
def test_a_stint_that_was_handed_on_ends_there_and_the_next_begins(house: House) -> None:
    house.registered(at="2026-07-21 10:00")
    house.do("transfer", by="客户服务中心负责人", at="2026-07-22 10:00", to_dept="人力资源行政部", reason="由其调查")
    assert [each[:3] for each in taken(house, "2026-07-22 12:00")] == [
        ("调查", "客户服务中心", 9),
        ("调查", "人力资源行政部", 2),
    ]


def test_a_closed_case_takes_no_more_time(house: House) -> None:
    house.registered(at="2026-07-21 10:00")
    house.do("withdraw", at="2026-07-21 12:00", reason="客户撤回")
    assert taken(house, "2026-09-01 12:00") == [("调查", "客户服务中心", 2, 2, 0)]
