"""Limits: when something is due, by every unit."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.clocks import Limit, NoDueTime, TooFar, due
from rules.vocabulary import Unit
from tests.unit.rules.shared import at, calendar, p02, said


def due_of(unit: Unit, amount: int | None, start: str, **options) -> tuple[str | None, str | None, bool]:
    found = due(Limit("办理", amount, unit, **options), at(start), calendar())
    return said(found.at), found.rest_day, found.provisional


@pytest.mark.clause("P02-8.1", "P02-8.2", "P02-18.5", "G-06", "F-04")
@pytest.mark.parametrize(
    ("issued", "days", "end", "rest"),
    [
        ("2026-01-30 09:00", 5, "2026-02-04 23:59:59", None),
        ("2026-02-13 16:00", 2, "2026-02-15 23:59:59", "春节"),
        ("2026-02-27 10:00", 1, "2026-02-28 23:59:59", None),
        ("2026-04-02 11:30", 3, "2026-04-05 23:59:59", "清明节"),
        ("2026-05-09 23:10", 0, "2026-05-09 23:59:59", None),
        ("2026-06-20 08:05", 0, "2026-06-20 23:59:59", "端午节"),
        ("2026-09-30 10:00", 3, "2026-10-03 23:59:59", "国庆节"),
        ("2026-10-10 15:20", 0, "2026-10-10 23:59:59", None),
        ("2026-06-01 09:00", 2, "2026-06-03 23:59:59", None),
        ("2026-11-20 10:00", 1, "2026-11-21 23:59:59", "星期六"),
        ("2026-12-30 10:00", 3, "2027-01-02 23:59:59", "星期六"),
        ("2024-02-28 10:00", 1, "2024-02-29 23:59:59", None),
    ],
)
def test_an_order_is_due_at_the_last_second_of_its_natural_day(issued, days, end, rest):
    limit = p02().limit("办理")
    found = due(limit.limit(days), at(issued), calendar())
    assert (said(found.at), found.rest_day) == (end, rest)


@pytest.mark.clause("G-03", "G-06")
def test_natural_days_are_never_provisional():
    assert due_of(Unit.DAYS, 3, "2026-12-30 10:00")[2] is False


@pytest.mark.clause("G-06")
def test_by_option_a_due_rest_day_rolls_on_to_the_next_workday():
    assert due_of(Unit.DAYS, 3, "2026-09-30 10:00", roll=True) == ("2026-10-08 23:59:59", None, False)


@pytest.mark.clause("P02-8.4", "G-07")
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-21 00:00", "2026-10-19 18:00:00"),
        ("2026-04-22 00:00", "2026-05-15 18:00:00"),
    ],
)
def test_settlement_is_due_fifteen_workdays_after_acceptance_of_the_works(start, end):
    found = due(p02().limit("工程结算").limit(), at(start), calendar())
    assert (said(found.at), found.provisional) == (end, False)


@pytest.mark.clause("G-07", "G-02")
@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-09-29 16:00", 5, "2026-10-12 18:00:00"),
        ("2026-10-03 08:00", 1, "2026-10-08 18:00:00"),
        ("2026-11-23 00:05", 1, "2026-11-24 18:00:00"),
        ("2026-10-09 10:00", 1, "2026-10-10 18:00:00"),
        ("2026-02-13 10:00", 1, "2026-02-14 18:00:00"),
        ("2026-02-14 10:00", 1, "2026-02-24 18:00:00"),
    ],
)
def test_workdays_end_at_closing_time_and_the_first_day_never_counts(start, days, end):
    assert due_of(Unit.WORKDAYS, days, start)[0] == end


@pytest.mark.clause("G-03")
def test_workdays_that_reach_a_year_without_data_are_provisional():
    assert due_of(Unit.WORKDAYS, 5, "2026-12-28 16:00") == ("2027-01-05 18:00:00", None, True)


@pytest.mark.clause("G-05")
@pytest.mark.parametrize(
    ("unit", "amount", "start", "end"),
    [
        (Unit.HOURS, 24, "2026-10-03 22:15", "2026-10-04 22:15:00"),
        (Unit.HOURS, 1, "2026-12-31 23:30", "2027-01-01 00:30:00"),
        (Unit.MINUTES, 30, "2026-10-03 22:15", "2026-10-03 22:45:00"),
        (Unit.WORKING_HOURS, 24, "2026-09-29 16:00", "2026-10-09 13:00:00"),
    ],
)
def test_hours_run_day_and_night_unless_they_are_working_hours(unit, amount, start, end):
    assert due_of(unit, amount, start)[0] == end


@pytest.mark.clause("G-08")
@pytest.mark.parametrize(
    ("unit", "amount", "start", "end"),
    [
        (Unit.MONTHS, 1, "2026-01-31 10:00", "2026-02-28 23:59:59"),
        (Unit.MONTHS, 1, "2026-04-15 10:00", "2026-05-15 23:59:59"),
        (Unit.MONTHS, 1, "2023-12-31 10:00", "2024-01-31 23:59:59"),
        (Unit.MONTHS, 3, "2026-11-30 10:00", "2027-02-28 23:59:59"),
        (Unit.MONTHS, 12, "2024-02-29 10:00", "2025-02-28 23:59:59"),
        (Unit.HALF_MONTHS, 1, "2026-04-01 10:00", "2026-04-16 23:59:59"),
    ],
)
def test_a_month_is_a_calendar_month_and_half_a_month_fifteen_days(unit, amount, start, end):
    assert due_of(unit, amount, start)[0] == end


@pytest.mark.clause("P02-7.12")
def test_a_named_day_ends_at_its_last_second():
    limit = p02().limit("整改").limit()
    assert said(due(limit, at("2026-04-29 11:00"), calendar(), date(2026, 5, 31)).at) == "2026-05-31 23:59:59"


def test_a_named_instant_is_kept_as_it_is():
    limit = Limit("预约", None, Unit.NAMED)
    assert said(due(limit, at("2026-04-29 11:00"), calendar(), at("2026-05-01 08:30")).at) == "2026-05-01 08:30:00"


@pytest.mark.parametrize("limit", [Limit("整改", None, Unit.NAMED), Limit("办理", None, Unit.DAYS)])
def test_without_amount_or_name_nothing_is_due(limit):
    with pytest.raises(NoDueTime):
        due(limit, at("2026-04-29 11:00"), calendar())


@pytest.mark.parametrize("unit", [unit for unit in Unit if unit is not Unit.NAMED])
@pytest.mark.parametrize("amount", [-1, 10**9])
def test_an_absurd_amount_is_refused_and_not_computed(unit, amount):
    with pytest.raises(TooFar):
        due(Limit("办理", amount, unit), at("2026-04-29 11:00"), calendar())


@pytest.mark.parametrize(
    ("start", "end"), [("2026-11-23 10:00", "2026-11-23 18:00:00"), ("2026-11-22 10:00", "2026-11-23 18:00:00")]
)
def test_no_workdays_at_all_means_by_the_end_of_this_one(start, end):
    assert due_of(Unit.WORKDAYS, 0, start)[0] == end


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-23 17:30", "2026-11-23 18:30:00"),
        ("2026-11-23 18:00", "2026-11-24 10:00:00"),
        ("2026-10-03 12:00", "2026-10-08 10:00:00"),
    ],
)
def test_a_limit_may_count_from_the_next_working_time(start, end):
    assert due_of(Unit.HOURS, 1, start, from_open=True)[0] == end


def test_the_steps_say_how_the_due_time_came_about():
    steps = due(p02().limit("办理").limit(3), at("2026-09-30 10:00"), calendar()).steps
    assert steps == (
        "2026-09-30 10:00:00 起算,3自然日",
        "截止 2026-10-03 23:59:59",
        "截止日为休息日(国庆节),不顺延",
    )


@given(
    some.datetimes(min_value=at("2024-01-01").replace(tzinfo=None), max_value=at("2027-12-31").replace(tzinfo=None)),
    some.integers(0, 365),
)
def test_natural_days_depend_on_the_day_alone(when, days):
    start = at(str(when.replace(microsecond=0)))
    midnight = at(str(calendar().local(start).date()))
    limit = Limit("办理", days, Unit.DAYS)
    assert due(limit, start, calendar()).at == due(limit, midnight, calendar()).at
    assert due(limit, start, calendar()).at >= start
