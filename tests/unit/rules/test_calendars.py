"""Calendars: the official years with their source, own days and half days, services that never close, kept states."""

from dataclasses import replace
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from rules.worktime import BadInterval, Day, days_as_json, official, official_years, parse_intervals
from tests.unit.rules.shared import at, said

YEARS = (2024, 2025, 2026)
KNOWN = frozenset(YEARS)
HOLIDAYS = holidays.country_holidays("CN", years=YEARS)
HALF = {date(2026, 10, 9): Day(True, "半天班", ("09:00-12:00",))}


def days_of(year):
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


@pytest.mark.clause("G-02", "F-01")
@pytest.mark.parametrize("year", YEARS)
def test_two_independent_calendars_agree_on_every_day_of_the_official_years(year):
    for day in days_of(year):
        assert official().is_workday(day) is chinese_calendar.is_workday(day), day
        assert official().is_workday(day) is HOLIDAYS.is_working_day(day), day


@pytest.mark.parametrize("year", YEARS)
def test_an_official_year_names_its_notice(year):
    found = official_years()[year]
    assert found.title == f"国务院办公厅关于{year}年部分节假日安排的通知"
    assert found.issued.year == year - 1
    assert all(day.year == year for day in found.days)


def test_the_independent_calendar_has_no_later_year_than_the_product():
    with pytest.raises(NotImplementedError):
        chinese_calendar.is_workday(date(max(official_years()) + 1, 1, 4))


def test_a_half_day_counts_as_a_workday_and_ends_at_its_own_hour():
    calendar = official().with_days(HALF)
    assert said(calendar.add_workdays(at("2026-10-08 10:00"), 1).at) == "2026-10-09 12:00:00"
    assert said(calendar.add_working(at("2026-10-08 17:00"), timedelta(hours=5)).at) == "2026-10-10 10:00:00"
    assert not calendar.is_open(at("2026-10-09 12:00"))
    assert said(calendar.next_open(at("2026-10-09 12:00")).at) == "2026-10-10 09:00:00"
    assert said(official().add_working(at("2026-10-08 17:00"), timedelta(hours=5)).at) == "2026-10-09 13:00:00"


def test_a_duty_day_may_have_hours_that_ordinary_days_have_not():
    calendar = official().with_days({date(2026, 10, 3): Day(True, "防汛值班", ("08:00-10:00", "20:00-24:00"))})
    assert said(calendar.add_working(at("2026-09-30 17:00"), timedelta(hours=4)).at) == "2026-10-03 21:00:00"
    assert said(calendar.add_workdays(at("2026-09-30 17:00"), 1).at) == "2026-10-03 23:59:59"


def test_a_service_that_works_round_the_clock_counts_every_hour_of_a_workday():
    calendar = official().with_intervals(["00:00-24:00"])
    assert said(calendar.add_working(at("2026-09-30 20:00"), timedelta(hours=5)).at) == "2026-10-08 01:00:00"
    assert said(calendar.add_working(at("2026-09-30 20:00"), timedelta(hours=4)).at) == "2026-10-01 00:00:00"
    assert said(calendar.add_workdays(at("2026-09-30 20:00"), 1).at) == "2026-10-08 23:59:59"


@pytest.mark.clause("F-01")
def test_a_calendar_on_which_every_day_works_knows_no_holiday_and_is_never_provisional():
    calendar = official().counting("每天").with_days({date(2026, 10, 2): Day(False, "闭馆")})
    assert said(calendar.add_workdays(at("2026-09-30 20:00"), 2).at) == "2026-10-03 18:00:00"
    assert not calendar.add_workdays(at("2026-12-30 20:00"), 9).provisional
    assert calendar.name_of(date(2026, 10, 2)) == "闭馆"


@pytest.mark.clause("G-03")
def test_a_calendar_that_did_not_know_a_year_yet_counts_as_it_did_then():
    new_year = dict.fromkeys([date(2027, 1, 1), date(2027, 1, 4)], Day(False, "元旦"))
    later = replace(official(), days={**official().days, **new_year}, years=KNOWN | {2027})
    found = [calendar.add_workdays(at("2026-12-28 10:00"), 5) for calendar in (later, later.only_years(KNOWN))]
    assert [(said(moment.at), moment.provisional) for moment in found] == [
        ("2027-01-06 18:00:00", False),
        ("2027-01-05 18:00:00", True),
    ]


@pytest.mark.clause("G-03")
def test_a_state_that_was_written_down_counts_as_the_calendar_that_it_was_written_from():
    own = {**HALF, date(2026, 11, 6): Day(False, "公司成立日"), date(2027, 1, 4): Day(False, "元旦")}
    calendar = official().with_days(own, years=[2027])
    kept = official().state([*YEARS, 2027], days_as_json(own))
    assert (kept.years, kept.own) == (calendar.years, calendar.own)
    for start in ("2026-10-08 17:00", "2026-11-05 10:00", "2026-12-28 10:00"):
        assert kept.add_workdays(at(start), 5) == calendar.add_workdays(at(start), 5)


@pytest.mark.clause("G-03")
def test_a_state_that_knew_less_leaves_out_what_came_later():
    poorer = official().state([2024, 2025], {})
    assert poorer.is_workday(date(2026, 10, 5))  # a Monday of a year without data
    assert not poorer.is_workday(date(2026, 10, 1))
    assert poorer.add_workdays(at("2026-09-30 10:00"), 1).provisional


def test_the_workday_before_looks_back_across_the_new_year():
    assert official().nth_workday_before(date(2026, 1, 4), 1) == (date(2025, 12, 31), False)
    assert official().nth_workday_before(date(2026, 10, 12), 2) == (date(2026, 10, 9), False)
    assert official().nth_workday_before(date(2027, 1, 5), 1)[1]


@pytest.mark.parametrize(
    "text", ["24:00-24:00", "00:00-24:01", "9:00-18:00", "09:00-25:00", "09:60-10:00", "09:00~18:00"]
)
def test_hours_that_no_day_has_are_refused(text):
    with pytest.raises(BadInterval):
        parse_intervals([text])


def test_a_day_may_run_from_midnight_to_midnight():
    assert [str(interval) for interval in parse_intervals(["00:00-24:00"])] == ["00:00-24:00"]
