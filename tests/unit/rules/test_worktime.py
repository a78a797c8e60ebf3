"""Working time: the official years, the day's intervals, adding and measuring."""

from datetime import date, datetime, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.worktime import BadInterval, Calendar, Day, parse_intervals
from tests.unit.rules.shared import at, calendar, said

HOLIDAYS = holidays.country_holidays("CN", years=[2024, 2025, 2026])
LUNCH = ("08:30-12:00", "13:30-17:30")


@pytest.mark.clause("G-02")
@pytest.mark.parametrize(
    ("day", "works", "name"),
    [
        ("2026-01-04", True, "元旦调休上班"),
        ("2026-02-14", True, "春节调休上班"),
        ("2026-02-15", False, "春节"),
        ("2026-02-23", False, "春节"),
        ("2026-02-28", True, "春节调休上班"),
        ("2026-04-06", False, "清明节"),
        ("2026-05-05", False, "劳动节"),
        ("2026-05-09", True, "劳动节调休上班"),
        ("2026-06-20", False, "端午节"),
        ("2026-09-20", True, "国庆节调休上班"),
        ("2026-09-26", False, "中秋节"),
        ("2026-10-07", False, "国庆节"),
        ("2026-10-08", True, ""),
        ("2026-10-10", True, "国庆节调休上班"),
        ("2026-10-11", False, "星期日"),
        ("2026-11-22", False, "星期日"),
        ("2026-11-23", True, ""),
    ],
)
def test_the_official_arrangement_of_2026_is_kept(day, works, name):
    assert calendar().is_workday(date.fromisoformat(day)) is works
    assert calendar().name_of(date.fromisoformat(day)) == name


@pytest.mark.clause("G-02")
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_an_independent_calendar_agrees_on_every_day_of_the_official_years(year):
    day = date(year, 1, 1)
    while day.year == year:
        assert calendar().is_workday(day) is HOLIDAYS.is_working_day(day), day
        day += timedelta(days=1)


@pytest.mark.clause("G-02")
def test_days_of_ones_own_override_the_official_ones():
    own = calendar().with_days({date(2026, 10, 8): Day(False, "公司休息日"), date(2026, 10, 11): Day(True)})
    assert not own.is_workday(date(2026, 10, 8))
    assert own.name_of(date(2026, 10, 8)) == "公司休息日"
    assert own.is_workday(date(2026, 10, 11))
    assert calendar().is_workday(date(2026, 10, 8))


@pytest.mark.clause("G-03")
def test_a_year_without_data_is_computed_provisionally():
    moment = calendar().add_workdays(at("2026-12-28 10:00"), 5)
    assert said(moment.at) == "2027-01-05 18:00:00"
    assert moment.provisional


@pytest.mark.clause("G-03")
@pytest.mark.parametrize("day", ["2027-01-01", "2027-05-01", "2027-10-01", "2027-10-02", "2027-10-03", "2027-01-02"])
def test_in_a_year_without_data_weekends_and_fixed_statutory_days_are_off(day):
    assert not calendar().is_workday(date.fromisoformat(day))


@pytest.mark.clause("G-03")
@pytest.mark.parametrize("day", ["2027-05-03", "2027-10-04", "2027-02-08"])
def test_in_a_year_without_data_nothing_else_is_off(day):
    assert calendar().is_workday(date.fromisoformat(day))


@pytest.mark.clause("G-03")
def test_once_the_data_are_entered_the_same_computation_is_firm():
    new_year = {date(2027, 1, 1): Day(False, "元旦"), date(2027, 1, 4): Day(False, "元旦")}
    entered = calendar().with_days(new_year, years=[2027])
    moment = entered.add_workdays(at("2026-12-28 10:00"), 5)
    assert (said(moment.at), moment.provisional) == ("2027-01-06 18:00:00", False)


@pytest.mark.clause("G-03")
def test_a_computation_that_stays_within_known_years_is_firm():
    assert not calendar().add_workdays(at("2026-12-28 10:00"), 3).provisional


@pytest.mark.clause("G-04")
@pytest.mark.parametrize(
    ("instant", "plain", "lunch"),
    [
        ("2026-11-23 12:40", True, False),
        ("2026-11-23 09:00", True, True),
        ("2026-11-23 08:59:59", False, True),
        ("2026-11-23 17:59:59", True, False),
        ("2026-11-23 18:00", False, False),
        ("2026-11-22 12:40", False, False),
        ("2026-09-20 12:40", True, False),
    ],
)
def test_working_time_is_half_open(instant, plain, lunch):
    assert calendar().is_open(at(instant)) is plain
    assert calendar().with_intervals(LUNCH).is_open(at(instant)) is lunch


@pytest.mark.parametrize(
    ("instant", "opens"),
    [
        ("2026-11-23 07:00", "2026-11-23 09:00:00"),
        ("2026-11-23 10:30:15", "2026-11-23 10:30:15"),
        ("2026-11-23 18:00", "2026-11-24 09:00:00"),
        ("2026-09-30 20:00", "2026-10-08 09:00:00"),
    ],
)
def test_the_next_opening_is_now_or_the_start_of_the_next_interval(instant, opens):
    assert said(calendar().next_open(at(instant)).at) == opens


@pytest.mark.parametrize(
    ("instant", "hours", "end"),
    [
        ("2026-11-23 10:00", 4, "2026-11-23 14:00:00"),
        ("2026-11-23 10:00", 8, "2026-11-23 18:00:00"),
        ("2026-11-23 10:00", 9, "2026-11-24 10:00:00"),
        ("2026-11-20 17:00", 2, "2026-11-23 10:00:00"),
        ("2026-09-30 17:30", 1, "2026-10-08 09:30:00"),
        ("2026-11-23 06:00", 9, "2026-11-23 18:00:00"),
    ],
)
def test_working_hours_are_added_within_working_time(instant, hours, end):
    assert said(calendar().add_working(at(instant), timedelta(hours=hours)).at) == end


def test_a_lunch_break_is_jumped_over():
    moment = calendar().with_intervals(LUNCH).add_working(at("2026-11-23 11:30"), timedelta(hours=1))
    assert said(moment.at) == "2026-11-23 14:00:00"


@pytest.mark.clause("G-21")
@pytest.mark.parametrize(
    ("year", "month", "first"), [(2026, 10, "2026-10-08"), (2026, 5, "2026-05-06"), (2026, 2, "2026-02-02")]
)
def test_the_first_workday_of_a_month(year, month, first):
    assert calendar().first_workday(year, month).isoformat() == first


@pytest.mark.parametrize("texts", [[], ["09:00"], ["18:00-09:00"], ["09:00-12:00", "11:00-18:00"], ["ab-cd"]])
def test_intervals_that_make_no_sense_are_refused(texts):
    with pytest.raises(BadInterval):
        parse_intervals(texts)


INSTANTS = some.datetimes(datetime(2024, 1, 1), datetime(2026, 11, 30)).map(
    lambda when: at(str(when.replace(microsecond=0)))
)
LENGTHS = some.integers(1, 400 * 3600).map(lambda seconds: timedelta(seconds=seconds))
CALENDARS = some.sampled_from([calendar(), calendar().with_intervals(LUNCH)])


@given(INSTANTS, LENGTHS, CALENDARS)
def test_what_was_added_is_what_is_measured(start, length, days: Calendar):
    assert days.elapsed(start, days.add_working(start, length).at) == length


@given(INSTANTS, LENGTHS, LENGTHS, CALENDARS)
def test_adding_in_two_parts_is_adding_at_once(start, one, other, days: Calendar):
    halfway = days.add_working(start, one).at
    assert days.add_working(halfway, other).at == days.add_working(start, one + other).at


@given(INSTANTS, INSTANTS, INSTANTS, CALENDARS)
def test_elapsed_time_adds_up(one, two, three, days: Calendar):
    first, middle, last = sorted([one, two, three])
    assert days.elapsed(first, middle) + days.elapsed(middle, last) == days.elapsed(first, last)


@given(INSTANTS, some.integers(1, 60))
def test_the_nth_workday_is_a_workday_with_n_minus_one_between(start, n):
    end = calendar().local(calendar().add_workdays(start, n).at).date()
    assert calendar().is_workday(end)
    assert calendar().workdays_between(calendar().local(start).date(), end)[0] == n
