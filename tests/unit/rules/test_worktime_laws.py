"""What holds of working time for every instant, every length and every calendar: adding and measuring are one thing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.worktime import Calendar, Day, official
from tests.unit.rules.shared import at, said

LUNCH = ("08:30-12:00", "13:30-17:30")
FIRST, LAST = datetime(2023, 1, 1), datetime(2028, 12, 31, 23, 59, 59)
EDGES = ["00:00", "08:30", "09:00", "12:00", "13:30", "17:30", "18:00", "23:59:59"]
WHENEVER = some.datetimes(FIRST, LAST).map(lambda when: when.replace(tzinfo=UTC))
AT_AN_EDGE = some.builds(
    lambda day, clock: at(f"{day} {clock}"), some.dates(FIRST.date(), LAST.date()), some.sampled_from(EDGES)
)
INSTANTS = WHENEVER | AT_AN_EDGE
LENGTHS = (
    some.integers(1, 400 * 3600).map(lambda seconds: timedelta(seconds=seconds))
    | some.integers(1, 200).map(lambda hours: timedelta(hours=hours))
    | some.integers(1, 10**9).map(lambda tiny: timedelta(microseconds=tiny))
)
OWN_DAYS = some.dictionaries(
    some.dates(FIRST.date(), LAST.date()),
    some.builds(
        Day,
        some.booleans(),
        some.just("公司安排"),
        some.sampled_from([(), (), ("09:00-12:00",), ("00:00-24:00",), ("10:00-11:00", "20:00-22:15")]),
    ),
    max_size=40,
)
CALENDARS = some.builds(
    lambda own, hours, kind, years: official().only_years(years).with_days(own).with_intervals(hours).counting(kind),
    OWN_DAYS,
    some.sampled_from([("09:00-18:00",), LUNCH, ("00:00-24:00",), ("22:00-24:00", "00:00-06:00")]),
    some.sampled_from(["CN", "CN", "每天"]),
    some.sampled_from([[2024, 2025, 2026], [2024], []]),
)


@given(INSTANTS, LENGTHS, CALENDARS)
def test_what_was_added_is_what_is_measured(start, length, calendar: Calendar):
    assert calendar.elapsed(start, calendar.add_working(start, length).at) == length


@given(INSTANTS, LENGTHS, CALENDARS)
def test_what_was_counted_back_is_what_is_measured(end, length, calendar: Calendar):
    assert calendar.elapsed(calendar.before_working(end, length).at, end) == length


@given(INSTANTS, LENGTHS, CALENDARS)
def test_adding_ends_at_the_first_and_counting_back_begins_at_the_last_instant_that_fits(start, length, calendar):
    moment = timedelta(microseconds=1)
    assert calendar.elapsed(start, calendar.add_working(start, length).at - moment) < length
    assert calendar.elapsed(calendar.before_working(start, length).at + moment, start) < length


@given(INSTANTS, LENGTHS, LENGTHS, CALENDARS)
def test_adding_in_two_parts_is_adding_at_once(start, one, other, calendar: Calendar):
    halfway = calendar.add_working(start, one).at
    assert calendar.add_working(halfway, other).at == calendar.add_working(start, one + other).at


@given(INSTANTS, INSTANTS, INSTANTS, CALENDARS)
def test_elapsed_time_adds_up(one, two, three, calendar: Calendar):
    first, middle, last = sorted([one, two, three])
    assert calendar.elapsed(first, middle) + calendar.elapsed(middle, last) == calendar.elapsed(first, last)


@given(INSTANTS, INSTANTS, LENGTHS, CALENDARS)
def test_who_starts_later_is_never_due_earlier(one, two, length, calendar: Calendar):
    first, last = sorted([one, two])
    assert calendar.add_working(first, length).at <= calendar.add_working(last, length).at
    assert calendar.next_open(first).at <= calendar.next_open(last).at


@given(INSTANTS, LENGTHS, LENGTHS, CALENDARS)
def test_more_working_time_ends_later(start, length, more, calendar: Calendar):
    assert calendar.add_working(start, length).at < calendar.add_working(start, length + more).at


@given(INSTANTS, CALENDARS)
def test_the_next_opening_is_open_and_nothing_is_lost_by_waiting_for_it(start, calendar: Calendar):
    opened = calendar.next_open(start).at
    assert calendar.is_open(opened)
    assert opened >= start
    assert calendar.elapsed(start, opened) == timedelta()
    assert calendar.is_open(start) is (opened == start)


@given(some.dates(date(2023, 6, 1), date(2028, 6, 1)), some.integers(1, 300), CALENDARS)
def test_workdays_counted_on_and_back_meet(day, n, calendar: Calendar):
    later, _ = calendar.nth_workday(day, n)
    assert calendar.is_workday(later)
    assert calendar.workdays_between(day, later)[0] == n
    earlier, _ = calendar.nth_workday_before(day, n)
    assert calendar.is_workday(earlier)
    assert calendar.workdays_between(earlier - timedelta(days=1), day - timedelta(days=1))[0] == n


@given(INSTANTS, LENGTHS, CALENDARS)
def test_it_is_provisional_exactly_when_a_day_of_an_unknown_year_was_used(start, length, calendar: Calendar):
    moment = calendar.add_working(start, length)
    years = range(calendar.local(start).year, calendar.local(moment.at).year + 1)
    assert moment.provisional is (not calendar.every_day and any(year not in calendar.years for year in years))


@pytest.mark.clause("G-03")
@pytest.mark.parametrize(
    ("start", "n", "provisional"),
    [
        ("2026-12-31 10:00", 1, True),
        ("2026-12-30 10:00", 1, False),
        ("2025-12-31 23:59", 2, False),
        ("2023-12-31 10:00", 1, False),  # the day it starts on is not counted, and 2024 is known
        ("2023-12-29 10:00", 1, True),  # to skip the weekend of 12-30 it was looked up
    ],
)
def test_workdays_are_provisional_only_for_the_days_that_were_looked_up(start, n, provisional):
    assert official().add_workdays(at(start), n).provisional is provisional


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-12-31 17:00", 1, "2026-12-31 18:00:00"),
        ("2026-12-31 17:00", 2, "2027-01-04 10:00:00"),
        ("2027-12-31 17:00", 2, "2028-01-03 10:00:00"),
        ("2024-12-31 17:30", 1, "2025-01-02 09:30:00"),
        ("2026-02-13 17:00", 11, "2026-02-24 10:00:00"),
    ],
)
def test_working_hours_cross_years_and_long_holidays(start, hours, end):
    assert said(official().add_working(at(start), timedelta(hours=hours)).at) == end


def test_a_calendar_with_many_days_of_its_own_adds_as_it_would_by_counting_hour_by_hour():
    own = {date(2026, 3, day): Day(day % 3 > 0, "轮班", ("09:00-12:00",) if day % 2 else ()) for day in range(1, 31)}
    calendar = official().with_days(own).with_intervals(LUNCH)
    start = at("2026-03-02 00:00")
    worked, now, quarter = timedelta(), start, timedelta(minutes=15)
    while worked < timedelta(hours=60):
        worked += quarter if calendar.is_open(now) else timedelta()
        now += quarter
    assert calendar.add_working(start, timedelta(hours=60)).at == now
