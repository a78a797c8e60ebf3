"""Working time: official calendars with make-up workdays, own days with own hours; adding and measuring.

A year without data is computed provisionally (Monday to Friday less the fixed statutory days) and each answer that used
a day of such a year says so. Days are local days of the zone; instants come in and go out aware, and go out in UTC.
"""

import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from importlib import resources
from itertools import accumulate
from typing import Any, Literal
from zoneinfo import ZoneInfo

from rules.hours import ALL_DAY, DEFAULT_INTERVALS, LAST_SECOND, MICROSECOND, BadInterval, Hours, parse_hours
from rules.hours import parse_intervals as parse_intervals

__all__ = ["SHANGHAI", "BadInterval", "Calendar", "Day", "Moment", "official", "official_years", "parse_intervals"]

SHANGHAI = ZoneInfo("Asia/Shanghai")
STATUTORY = dict.fromkeys([(1, 1)], "元旦") | dict.fromkeys([(5, 1), (5, 2)], "劳动节")
STATUTORY |= dict.fromkeys([(10, 1), (10, 2), (10, 3)], "国庆节")
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
ONE_DAY = timedelta(days=1)
USUAL_HOURS = parse_hours(DEFAULT_INTERVALS)
Kind = Literal["CN", "每天"]
"""Which days work by default: as the official arrangement says, or every day (a service that never closes)."""


@dataclass(frozen=True)
class Day:
    """A day that the calendar says something about; `intervals` are its hours where they are not the usual ones."""

    is_workday: bool
    name: str = ""
    intervals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moment:
    """An instant, and whether its computation used a day of a year without data (暂算)."""

    at: datetime
    provisional: bool = False


@dataclass(frozen=True)
class _Year:
    """The workdays of a year as ordinals, and the working time before each and after the last, in microseconds."""

    days: tuple[int, ...]
    before: tuple[int, ...]

    @property
    def length(self) -> int:
        return self.before[-1]


@dataclass(frozen=True)
class Calendar:
    """Which days and hours are working. `years` are those with official data; `own` days override them."""

    days: Mapping[date, Day] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    own: Mapping[date, Day] = field(default_factory=dict)
    hours: Hours = USUAL_HOURS
    every_day: bool = False
    zone: ZoneInfo = SHANGHAI
    _tables: dict[int, _Year] = field(default_factory=dict, init=False, compare=False, repr=False)

    # another calendar -----------------------------------------------------------------------------------------------

    def with_intervals(self, texts: Iterable[str]) -> "Calendar":
        hours = parse_hours(tuple(texts))
        return self if hours == self.hours else replace(self, hours=hours)

    def with_days(self, own: Mapping[date, Day], years: Iterable[int] = ()) -> "Calendar":
        """The same calendar with days of one's own; `years` are those that now count as having data."""
        return replace(self, own={**self.own, **own}, years=self.years | frozenset(years))

    def counting(self, kind: str) -> "Calendar":
        """The calendar of that kind: `CN`, or `每天`, on which every day works that is not one's own day of rest."""
        every_day = kind == "每天"
        return self if every_day == self.every_day else replace(self, every_day=every_day)

    def only_years(self, years: Iterable[int]) -> "Calendar":
        """The calendar as it was when it knew these years alone: data of other years are as if they had not come."""
        known = frozenset(years)
        days = {day: entry for day, entry in self.days.items() if day.year in known}
        return replace(self, days=days, years=known)

    def state(self, years: Iterable[int], days: Mapping[str, Mapping[str, Any]]) -> "Calendar":
        """A state of the calendar that was written down: the years it knew, its own days as `days_as_json` has them."""
        return self.only_years(years).with_days(days_from_json(days))

    @cached_property
    def round_the_clock(self) -> "Calendar":
        """The same workdays, each of them from 00:00 to 24:00."""
        own = {day: replace(entry, intervals=()) for day, entry in self.own.items()}
        return replace(self, own=own, hours=parse_hours(ALL_DAY))

    # days -----------------------------------------------------------------------------------------------------------

    def knows(self, year: int) -> bool:
        return self.every_day or year in self.years

    def provisional(self, first: date, last: date) -> bool:
        """Whether a day from the first to the last is of a year without data."""
        if first.year == last.year:
            return not self.knows(first.year)
        return any(not self.knows(year) for year in range(first.year, last.year + 1))

    def day(self, day: date) -> Day:
        """What the day is, by own entry, official entry, statutory holiday or weekday."""
        entry = self.own.get(day) or (None if self.every_day else self.days.get(day))
        if entry:
            return entry
        if self.every_day:
            return Day(True)
        if not self.knows(day.year) and (day.month, day.day) in STATUTORY:
            return Day(False, STATUTORY[day.month, day.day])
        return Day(day.weekday() < 5)

    def is_workday(self, day: date) -> bool:
        return self.day(day).is_workday

    def name_of(self, day: date) -> str:
        """The holiday's name, the weekday's name of an ordinary weekend, or nothing for an ordinary workday."""
        entry = self.day(day)
        return entry.name or ("" if entry.is_workday else WEEKDAYS[day.weekday()])

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone)

    def at(self, day: date, moment: time | timedelta) -> datetime:
        """That local time of the day, or so long after its midnight, as an instant."""
        if isinstance(moment, timedelta):
            return (datetime.combine(day, time(), self.zone) + moment).astimezone(UTC)
        return datetime.combine(day, moment, self.zone).astimezone(UTC)

    def _table(self, year: int) -> _Year:
        """The workdays of a year with their working time added up, computed once."""
        if year not in self._tables:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            found = tuple(n for n in range(first, last + 1) if self.is_workday(date.fromordinal(n)))
            lengths = (self._hours(n).length for n in found)
            self._tables[year] = _Year(found, tuple(accumulate(lengths, initial=0)))
        return self._tables[year]

    def nth_workday(self, day: date, n: int) -> tuple[date, bool]:
        """The n-th workday after the day (n >= 1; the day itself never counts), and whether that is provisional."""
        year = day.year
        place = bisect_right(self._table(year).days, day.toordinal()) + n - 1
        while place >= len(self._table(year).days):
            place -= len(self._table(year).days)
            year += 1
        found = date.fromordinal(self._table(year).days[place])
        return found, self.provisional(day + ONE_DAY, found)

    def nth_workday_before(self, day: date, n: int) -> tuple[date, bool]:
        """The n-th workday before the day, which itself never counts, and whether that is provisional."""
        year = day.year
        place = bisect_left(self._table(year).days, day.toordinal()) - n
        while place < 0:
            year -= 1
            place += len(self._table(year).days)
        found = date.fromordinal(self._table(year).days[place])
        return found, self.provisional(found, day - ONE_DAY)

    def workdays_between(self, start: date, end: date) -> tuple[int, bool]:
        """How many workdays lie after `start` up to and including `end`, and whether that is provisional."""
        if end <= start:
            return 0, False
        years = range(start.year, end.year + 1)
        count = sum(self._up_to(end, year) - self._up_to(start, year) for year in years)
        return count, self.provisional(start + ONE_DAY, end)

    def _up_to(self, day: date, year: int) -> int:
        """How many workdays of the year lie on or before the day."""
        return bisect_right(self._table(year).days, day.toordinal())

    def first_workday(self, year: int, month: int) -> date:
        """The first workday of a month."""
        return self.nth_workday(date(year, month, 1) - ONE_DAY, 1)[0]

    # hours ----------------------------------------------------------------------------------------------------------

    @cached_property
    def _special(self) -> Mapping[int, Hours]:
        """The days that have hours of their own."""
        return {day.toordinal(): parse_hours(entry.intervals) for day, entry in self.own.items() if entry.intervals}

    def _hours(self, ordinal: int) -> Hours:
        return self._special.get(ordinal, self.hours)

    def hours_of(self, day: date) -> Hours:
        """The hours of that day, if it is a workday."""
        return self._hours(day.toordinal())

    def opening_of(self, day: date) -> datetime:
        """The instant at which work begins that day."""
        return self.at(day, self.hours_of(day).opening)

    def close_of(self, day: date) -> datetime:
        """The instant at which work ends that day; a day that works until 24:00 ends at its last second."""
        return self.at(day, min(self.hours_of(day).closing, LAST_SECOND))

    def is_open(self, instant: datetime) -> bool:
        local = self.local(instant)
        day, moment = local.date(), _moment(local)
        return self.is_workday(day) and self.hours_of(day).opens(moment) == moment

    def next_open(self, instant: datetime) -> Moment:
        """The instant itself when it is working time, else the start of the next working interval."""
        local = self.local(instant)
        day = local.date()
        opens = self.hours_of(day).opens(_moment(local)) if self.is_workday(day) else None
        if opens is not None:
            return Moment(self.at(day, opens * MICROSECOND), not self.knows(day.year))
        found, _ = self.nth_workday(day, 1)
        return Moment(self.opening_of(found), self.provisional(day, found))

    def add_workdays(self, instant: datetime, n: int) -> Moment:
        """The end of working time of the n-th workday after the instant's day; with n = 0 of the day open now or
        opening next."""
        if n < 1:
            opened = self.next_open(instant)
            return Moment(self.close_of(self.local(opened.at).date()), opened.provisional)
        day, provisional = self.nth_workday(self.local(instant).date(), n)
        return Moment(self.close_of(day), provisional)

    def add_working(self, instant: datetime, length: timedelta) -> Moment:
        """The first instant after so much working time; a negative length counts back (`before_working`)."""
        wanted = length // MICROSECOND
        if wanted <= 0:
            return self.before_working(instant, -length) if wanted else self.next_open(instant)
        local = self.local(instant)
        first, year = local.date(), local.year
        wanted += self._worked(first, _moment(local))
        table = self._table(year)
        while wanted > table.length:
            wanted -= table.length
            year += 1
            table = self._table(year)
        place = bisect_left(table.before, wanted) - 1  # the end of a day belongs to that day, not to the next morning
        day = date.fromordinal(table.days[place])
        moment = self._hours(table.days[place]).when(wanted - table.before[place])
        return Moment(self.at(day, moment * MICROSECOND), self.provisional(first, day))

    def before_working(self, instant: datetime, length: timedelta) -> Moment:
        """The last instant from which so much working time leads up to this one."""
        local = self.local(instant)
        last, year = local.date(), local.year
        wanted = self._worked(last, _moment(local)) - length // MICROSECOND
        while wanted < 0:
            year -= 1
            wanted += self._table(year).length
        while wanted >= self._table(year).length:
            wanted -= self._table(year).length
            year += 1
        table = self._table(year)
        place = bisect_right(table.before, wanted) - 1
        day = date.fromordinal(table.days[place])
        moment = self._hours(table.days[place]).when_last(wanted - table.before[place])
        return Moment(self.at(day, moment * MICROSECOND), self.provisional(min(day, last), max(day, last)))

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Working time between two instants; nothing when the end is not after the start."""
        if end <= start:
            return timedelta()
        first, last = self.local(start), self.local(end)
        worked = self._worked(last.date(), _moment(last)) - self._worked(first.date(), _moment(first))
        worked += sum(self._table(year).length for year in range(first.year, last.year))
        return worked * MICROSECOND

    def _worked(self, day: date, moment: int) -> int:
        """Working time of the year before that time of that day."""
        table, ordinal = self._table(day.year), day.toordinal()
        place = bisect_left(table.days, ordinal)
        works = place < len(table.days) and table.days[place] == ordinal
        return table.before[place] + (self._hours(ordinal).passed(moment) if works else 0)


def _moment(local: datetime) -> int:
    """Microseconds since midnight."""
    return ((local.hour * 60 + local.minute) * 60 + local.second) * 1_000_000 + local.microsecond


def days_as_json(own: Mapping[date, Day]) -> dict[str, dict[str, Any]]:
    """Days of one's own as they are written down: ISO date to `{"is_workday", "name", "intervals"}`."""
    return {
        day.isoformat(): {"is_workday": entry.is_workday, "name": entry.name, "intervals": list(entry.intervals)}
        for day, entry in sorted(own.items())
    }


def days_from_json(days: Mapping[str, Mapping[str, Any]]) -> dict[date, Day]:
    """The days that were written down."""
    return {
        date.fromisoformat(day): Day(entry["is_workday"], entry.get("name", ""), tuple(entry.get("intervals", ())))
        for day, entry in days.items()
    }


@dataclass(frozen=True)
class OfficialYear:
    """The official arrangement of a year: what it is called, when it was issued, and the days it speaks of."""

    year: int
    title: str
    issued: date
    days: Mapping[date, Day]


def read_year(text: str) -> OfficialYear:
    """A calendar file: the year, its source, its days off by holiday, its make-up workdays."""
    data = tomllib.loads(text)
    days: dict[date, Day] = {}
    for name, spans in data["off"].items():
        for day in _spread(spans):
            days[day] = Day(False, name)
    for name, spans in data["work"].items():
        for day in _spread(spans):
            days[day] = Day(True, f"{name}调休上班")
    return OfficialYear(data["year"], data["title"], data["issued"], days)


def _spread(spans: Iterable[str]) -> Iterable[date]:
    for span in spans:
        first, _, last = span.partition("..")
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        while day <= end:
            yield day
            day += ONE_DAY


@lru_cache(maxsize=1)
def official_years() -> Mapping[int, OfficialYear]:
    """The official years that come with the product, read once."""
    folder = resources.files("rules") / "calendars"
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    return {found.year: found for found in (read_year(entry.read_text(encoding="utf-8")) for entry in files)}


@lru_cache(maxsize=1)
def official() -> Calendar:
    """The official calendar that comes with the product."""
    days = {day: entry for year in official_years().values() for day, entry in year.days.items()}
    return Calendar(days=days, years=frozenset(official_years()))
