"""Every other way of counting that a document may choose, each beside the usual one."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.clocks import Limit, due
from rules.limits import half_months_later, too_far_named
from rules.rungs import Rung
from rules.vocabulary import DayEnd, HalfMonth, Month, RungDeed, Unit
from rules.worktime import Calendar, Day
from tests.unit.rules.shared import at, calendar, said

LUNCH = ("08:30-12:00", "13:30-17:30")
CLOSING, SAME_TIME = DayEnd.CLOSE_OF_BUSINESS, DayEnd.SAME_TIME


def due_of(unit: Unit, amount: int | None, start: str, days: Calendar | None = None, **settings) -> str | None:
    return said(due(Limit("办理", amount, unit, **settings), at(start), days or calendar()).at)


@pytest.mark.clause("F-04")
@pytest.mark.parametrize(
    ("settings", "end"),
    [
        ({}, "2026-10-03 23:59:59"),
        ({"roll": True}, "2026-10-08 23:59:59"),
        ({"end": CLOSING}, "2026-10-03 18:00:00"),
        ({"roll": True, "end": CLOSING}, "2026-10-08 18:00:00"),
        ({"end": SAME_TIME}, "2026-10-03 10:00:00"),
        ({"count_start_day": True}, "2026-10-02 23:59:59"),
    ],
)
def test_days_may_roll_on_end_with_working_time_or_count_their_first(settings, end):
    assert due_of(Unit.DAYS, 3, "2026-09-30 10:00", **settings) == end


@pytest.mark.clause("F-04")
@pytest.mark.parametrize(
    ("start", "end"), [("2026-11-23 10:00", "2026-11-23 18:00:00"), ("2026-11-23 18:30", "2026-11-24 18:00:00")]
)
def test_the_same_day_by_closing_time_means_the_next_when_it_has_closed(start, end):
    assert due_of(Unit.DAYS, 0, start, end=CLOSING) == end


@pytest.mark.clause("F-06")
@pytest.mark.parametrize(
    ("start", "n", "settings", "end"),
    [
        ("2026-09-29 16:00", 5, {}, "2026-10-12 18:00:00"),
        ("2026-09-29 16:00", 5, {"count_start_day": True}, "2026-10-10 18:00:00"),
        ("2026-09-29 16:00", 1, {"count_start_day": True}, "2026-09-29 18:00:00"),
        ("2026-09-29 18:00", 1, {"count_start_day": True}, "2026-09-30 18:00:00"),  # its working time is over
        ("2026-10-03 10:00", 1, {"count_start_day": True}, "2026-10-08 18:00:00"),  # a day of rest never counts
        ("2026-09-29 16:00", 5, {"rolling_hours": True}, "2026-10-12 16:00:00"),
        ("2026-10-03 10:00", 1, {"rolling_hours": True}, "2026-10-08 23:59:59"),
        ("2026-09-30 20:15", 1, {"rolling_hours": True}, "2026-10-08 20:15:00"),
        ("2026-09-29 16:00", 5, {"end": DayEnd.END_OF_DAY}, "2026-10-12 23:59:59"),
        ("2026-09-29 16:00", 5, {"end": SAME_TIME}, "2026-10-12 16:00:00"),
    ],
)
def test_workdays_may_count_their_first_or_run_from_hour_to_hour(start, n, settings, end):
    assert due_of(Unit.WORKDAYS, n, start, **settings) == end


@pytest.mark.clause("F-07", "G-08")
@pytest.mark.parametrize(
    ("start", "settings", "end"),
    [
        ("2026-01-31 10:00", {}, "2026-02-28 23:59:59"),
        ("2026-01-31 10:00", {"month": Month.THIRTY_DAYS}, "2026-03-02 23:59:59"),
        ("2026-01-31 10:00", {"end": SAME_TIME}, "2026-02-28 10:00:00"),
        ("2026-04-15 10:00", {"count_start_day": True}, "2026-05-14 23:59:59"),
    ],
)
def test_a_month_may_be_thirty_days(start, settings, end):
    assert due_of(Unit.MONTHS, 1, start, **settings) == end


@pytest.mark.clause("F-07", "G-08")
@pytest.mark.parametrize(
    ("start", "usual", "by_calendar"),
    [
        ("2026-04-01 10:00", "2026-04-16 23:59:59", "2026-04-16 23:59:59"),
        ("2026-04-20 10:00", "2026-05-05 23:59:59", "2026-05-05 23:59:59"),
        ("2026-01-31 10:00", "2026-02-15 23:59:59", "2026-02-15 23:59:59"),
        ("2026-02-10 10:00", "2026-02-25 23:59:59", "2026-02-25 23:59:59"),
        ("2026-02-14 10:00", "2026-03-01 23:59:59", "2026-02-28 23:59:59"),
        ("2026-02-28 10:00", "2026-03-15 23:59:59", "2026-03-13 23:59:59"),
        ("2026-03-31 10:00", "2026-04-15 23:59:59", "2026-04-15 23:59:59"),
        ("2026-12-20 10:00", "2027-01-04 23:59:59", "2027-01-05 23:59:59"),
    ],
)
def test_half_a_month_is_fifteen_days_or_half_of_the_calendar_month(start, usual, by_calendar):
    assert due_of(Unit.HALF_MONTHS, 1, start) == usual
    assert due_of(Unit.HALF_MONTHS, 1, start, half_month=HalfMonth.CALENDAR) == by_calendar


@given(some.dates(date(2024, 1, 1), date(2028, 12, 31)), some.integers(0, 30))
def test_half_months_lie_in_the_half_that_is_so_many_later(day, n):
    later = half_months_later(day, n)
    assert _half(later) - _half(day) == n
    assert half_months_later(day, 2 * n).month == (day.month - 1 + n) % 12 + 1


def _half(day: date) -> int:
    return (day.year * 12 + day.month) * 2 + (day.day > 15)


@pytest.mark.clause("F-10", "P03-8.1", "P03-8.2")
@pytest.mark.parametrize(
    ("received", "usual", "carried"),
    [
        ("2026-09-30 17:30", "2026-09-30 18:30:00", "2026-10-08 09:30:00"),
        ("2026-09-30 17:00", "2026-09-30 18:00:00", "2026-09-30 18:00:00"),
        ("2026-09-30 18:00", "2026-10-08 10:00:00", "2026-10-08 10:00:00"),
        ("2026-09-30 20:15", "2026-10-08 10:00:00", "2026-10-08 10:00:00"),
        ("2026-09-30 08:10", "2026-09-30 10:00:00", "2026-09-30 10:00:00"),
        ("2026-09-20 17:59:59", "2026-09-20 18:59:59", "2026-09-21 09:59:59"),
    ],
)
def test_an_hour_promised_shortly_before_closing_may_go_on_next_morning(received, usual, carried):
    assert due_of(Unit.HOURS, 1, received, from_open=True) == usual
    assert due_of(Unit.HOURS, 1, received, from_open=True, carry_over=True) == carried


@pytest.mark.clause("F-03", "F-10")
def test_hours_and_minutes_that_are_carried_over_are_working_time():
    assert due_of(Unit.HOURS, 24, "2026-09-29 16:00", carry_over=True) == "2026-10-09 13:00:00"
    assert due_of(Unit.HOURS, 24, "2026-09-29 16:00", carry_over=True) == due_of(
        Unit.WORKING_HOURS, 24, "2026-09-29 16:00"
    )
    assert due_of(Unit.MINUTES, 30, "2026-11-23 11:50", calendar().with_intervals(LUNCH), carry_over=True) == (
        "2026-11-23 13:50:00"
    )


@pytest.mark.clause("F-02", "G-04")
def test_the_lunch_break_is_working_time_unless_the_intervals_say_otherwise():
    lunch = calendar().with_intervals(LUNCH)
    assert due_of(Unit.HOURS, 1, "2026-11-23 12:40", from_open=True) == "2026-11-23 13:40:00"
    assert due_of(Unit.HOURS, 1, "2026-11-23 12:40", lunch, from_open=True) == "2026-11-23 14:30:00"
    assert due_of(Unit.WORKDAYS, 1, "2026-11-23 12:40", lunch) == "2026-11-24 17:30:00"


@pytest.mark.clause("F-28", "P04-01-8.1")
@pytest.mark.parametrize(("settings", "end"), [({}, "2026-10-09 23:59:59"), ({"end": CLOSING}, "2026-10-09 18:00:00")])
def test_a_named_day_without_hour_ends_at_its_last_second_or_with_working_time(settings, end):
    limit = Limit("调查", None, Unit.NAMED, **settings)
    assert said(due(limit, at("2026-09-30 10:00"), calendar(), date(2026, 10, 9)).at) == end


@pytest.mark.clause("F-28")
@pytest.mark.parametrize(
    ("named", "latest"),
    [
        ("2026-10-12 18:00", None),
        ("2026-10-12 18:01", "2026-10-12 18:00:00"),
        ("2026-11-30 12:00", "2026-10-12 18:00:00"),
    ],
)
def test_a_named_time_beyond_the_usual_limit_is_doubtful(named, latest):
    limit = Limit("完成", None, Unit.NAMED, max_named="5工作日")
    assert said(too_far_named(limit, at(named), at("2026-09-29 16:00"), calendar())) == latest


def test_without_longest_time_no_named_time_is_doubtful():
    limit = Limit("完成", None, Unit.NAMED)
    assert too_far_named(limit, at("2036-01-01 00:00"), at("2026-09-29 16:00"), calendar()) is None


@pytest.mark.clause("G-03", "F-46")
@pytest.mark.parametrize(
    ("limit", "start", "provisional"),
    [
        (Limit("办理", 3, Unit.DAYS), "2026-12-30 10:00", False),
        (Limit("办理", 3, Unit.DAYS, roll=True), "2026-12-30 10:00", True),
        (Limit("办理", 1, Unit.DAYS, roll=True), "2026-12-30 10:00", False),
        (Limit("办理", 48, Unit.HOURS), "2026-12-31 10:00", False),
        (Limit("办理", 48, Unit.HOURS, from_open=True), "2026-12-31 10:00", False),
        (Limit("知会", 1, Unit.HOURS, from_open=True), "2026-12-31 20:00", True),
        (Limit("知会", 1, Unit.HOURS, from_open=True), "2027-02-01 10:00", True),
        (Limit("办理", 1, Unit.MONTHS), "2026-12-31 10:00", False),
        (Limit("办理", 1, Unit.HALF_MONTHS), "2026-12-31 10:00", False),
        (Limit("办理", 8, Unit.WORKING_HOURS), "2026-12-31 10:00", False),
        (Limit("办理", 9, Unit.WORKING_HOURS), "2026-12-31 10:00", True),
        (Limit("办理", 1, Unit.WORKDAYS, count_start_day=True), "2026-12-31 10:00", False),
        (Limit("办理", 2, Unit.WORKDAYS, count_start_day=True), "2026-12-31 10:00", True),
    ],
)
def test_it_is_provisional_exactly_when_the_way_of_counting_looked_at_an_unknown_year(limit, start, provisional):
    assert due(limit, at(start), calendar()).provisional is provisional


LIMITS = some.builds(
    Limit,
    some.just("办理"),
    some.integers(0, 400),
    some.sampled_from([unit for unit in Unit if unit is not Unit.NAMED]),
    roll=some.booleans(),
    from_open=some.booleans(),
    pausable=some.booleans(),
    remind_share=some.sampled_from([0.0, 0.2, 0.5, 1.0]),
    remind_at_least=some.integers(0, 600).map(lambda minutes: timedelta(minutes=minutes)),
    carry_over=some.booleans(),
    end=some.sampled_from([None, *DayEnd]),
    count_start_day=some.booleans(),
    rolling_hours=some.booleans(),
    month=some.sampled_from(Month),
    half_month=some.sampled_from(HalfMonth),
    max_named=some.sampled_from(["", "5工作日"]),
    longest_pause=some.integers(1, 100).map(lambda days: timedelta(days=days)),
    ladder=some.sampled_from(
        [
            (),
            (Rung(id="late", at="+0", do=RungDeed.FLAG, to=("承办部门",)),),
            (
                Rung(id="soon", at="-2工作日", do=RungDeed.REMIND, digest=True),
                Rung(
                    id="month", at="+0", do=RungDeed.REGRADE, grade="重大投诉", when={"unresolved_by": ["我方", "未定"]}
                ),
                Rung(
                    id="urge",
                    at="+1工作日",
                    do=RungDeed.URGE,
                    every="24小时",
                    times=3,
                    also_from=2,
                    also_to=("责任部门",),
                ),
            ),
        ]
    ),
)
STARTS = some.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(lambda when: at(str(when)[:19]))
SHIFTS = calendar().with_days({date(2026, 10, 9): Day(True, "", ("20:00-24:00",))})


@given(LIMITS, STARTS, some.sampled_from([calendar(), SHIFTS, calendar().counting("每天")]))
def test_nothing_is_due_before_it_starts(limit, start, days):
    assert due(limit, start, days).at >= start


@given(LIMITS)
def test_a_limit_that_a_clock_kept_is_the_limit_that_it_was(limit):
    assert Limit.from_json("办理", limit.as_json()) == limit


@pytest.mark.clause("G-20", "G-10")
def test_a_limit_kept_before_there_were_ladders_is_climbed_as_it_was_then():
    kept = {
        "amount": 3,
        "unit": "自然日",
        "roll": False,
        "from_open": False,
        "pausable": True,
        "remind_share": 0.2,
        "remind_minutes": 30.0,
        "urge_minutes": 1440.0,
    }
    limit = Limit.from_json("办理", kept)
    assert limit == Limit("办理", 3, Unit.DAYS, ladder=limit.ladder)
    assert [(rung.do, rung.at, rung.every) for rung in limit.rungs] == [
        (RungDeed.REMIND, "-20%", ""),
        (RungDeed.FLAG, "+0", ""),
        (RungDeed.URGE, "+0", "1440分钟"),
    ]
