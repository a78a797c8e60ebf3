"""Working time: official calendars with make-up workdays, own days, intervals of the day; adding and measuring.

A year without data is computed provisionally (Monday to Friday less the fixed statutory days) and each answer that used
a day of such a year says so. Days are local days of the zone; instants come in and go out aware, and go out in UTC.
"""

import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DEFAULT_INTERVALS = ("09:00-18:00",)
STATUTORY = dict.fromkeys([(1, 1)], "元旦") | dict.fromkeys([(5, 1), (5, 2)], "劳动节")
STATUTORY |= dict.fromkeys([(10, 1), (10, 2), (10, 3)], "国庆节")
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


@dataclass(frozen=True)
class Day:
    """A day that the calendar says something about."""

    is_workday: bool
    name: str = ""


@dataclass(frozen=True)
class Moment:
    """An instant, and whether its computation used a day of a year without data (暂算)."""

    at: datetime
    provisional: bool = False


@dataclass(frozen=True)
class Interval:
    """A half-open stretch of every workday: the closing minute itself is no longer working time."""

    start: time
    end: time

    @property
    def length(self) -> timedelta:
        return _since_midnight(self.end) - _since_midnight(self.start)


class BadInterval(ValueError):
    """Working intervals that are not written as 09:00-12:00, end before they start, or overlap."""


def parse_intervals(texts: Iterable[str]) -> tuple[Interval, ...]:
    """`09:00-12:00`, `13:30-17:30` as intervals in order. Raises BadInterval."""
    intervals = []
    for text in texts:
        try:
            start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
        except ValueError:
            raise BadInterval(f"“{text}”不是时段|09:00-18:00") from None
        if start >= end:
            raise BadInterval(f"时段“{text}”结束不晚于开始|09:00-18:00")
        intervals.append(Interval(start, end))
    intervals.sort(key=lambda interval: interval.start)
    if not intervals or any(one.end > other.start for one, other in pairwise(intervals)):
        raise BadInterval("工作时段为空或相互重叠|09:00-12:00 与 13:30-17:30")
    return tuple(intervals)


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)


@dataclass(frozen=True)
class Calendar:
    """Which days and hours are working. `years` are those with official data; `own` days override them."""

    days: Mapping[date, Day] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    own: Mapping[date, Day] = field(default_factory=dict)
    intervals: tuple[Interval, ...] = parse_intervals(DEFAULT_INTERVALS)
    zone: ZoneInfo = SHANGHAI
    _cache: dict[int, tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)

    def with_intervals(self, texts: Iterable[str]) -> "Calendar":
        return replace(self, intervals=parse_intervals(texts), _cache={})

    def with_days(self, own: Mapping[date, Day], years: Iterable[int] = ()) -> "Calendar":
        """The same calendar with days of one's own; `years` are those that now count as having data."""
        return replace(self, own={**self.own, **own}, years=self.years | frozenset(years), _cache={})

    # days -----------------------------------------------------------------------------------------------------------

    def knows(self, year: int) -> bool:
        return year in self.years

    def day(self, day: date) -> Day:
        """What the day is, by own entry, official entry, statutory holiday or weekday."""
        entry = self.own.get(day) or self.days.get(day)
        if entry:
            return entry
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

    def at(self, day: date, moment: time) -> datetime:
        """That local time as an instant."""
        return datetime.combine(day, moment, self.zone).astimezone(UTC)

    @property
    def opening(self) -> time:
        return self.intervals[0].start

    @property
    def closing(self) -> time:
        return self.intervals[-1].end

    @property
    def day_length(self) -> timedelta:
        return sum((interval.length for interval in self.intervals), timedelta())

    def _workdays(self, year: int) -> tuple[int, ...]:
        """Ordinals of the workdays of a year, computed once."""
        if year not in self._cache:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            found = tuple(n for n in range(first, last + 1) if self.is_workday(date.fromordinal(n)))
            self._cache[year] = found
        return self._cache[year]

    def nth_workday(self, day: date, n: int) -> tuple[date, bool]:
        """The n-th workday after the day (n >= 1; the day itself never counts), and whether that is provisional."""
        year, provisional = day.year, not self.knows(day.year)
        place = bisect_right(self._workdays(year), day.toordinal()) + n - 1
        while place >= len(self._workdays(year)):
            place -= len(self._workdays(year))
            year += 1
            provisional = provisional or not self.knows(year)
        return date.fromordinal(self._workdays(year)[place]), provisional

    def workdays_between(self, start: date, end: date) -> tuple[int, bool]:
        """How many workdays lie after `start` up to and including `end`, and whether that is provisional."""
        if end <= start:
            return 0, False
        years = range(start.year, end.year + 1)
        count = sum(self._up_to(end, year) - self._up_to(start, year) for year in years)
        return count, any(not self.knows(year) for year in years)

    def _up_to(self, day: date, year: int) -> int:
        """How many workdays of the year lie on or before the day."""
        return bisect_right(self._workdays(year), day.toordinal())

    def first_workday(self, year: int, month: int) -> date:
        """The first workday of a month."""
        return self.nth_workday(date(year, month, 1) - timedelta(days=1), 1)[0]

    # hours ----------------------------------------------------------------------------------------------------------

    def is_open(self, instant: datetime) -> bool:
        local = self.local(instant)
        return self.is_workday(local.date()) and any(i.start <= local.time() < i.end for i in self.intervals)

    def next_open(self, instant: datetime) -> Moment:
        """The instant itself when it is working time, else the start of the next working interval."""
        local = self.local(instant)
        if self.is_workday(local.date()):
            for interval in self.intervals:
                if local.time() < interval.end:
                    opens = max(local.time(), interval.start)
                    return Moment(self.at(local.date(), opens), not self.knows(local.year))
        day, provisional = self.nth_workday(local.date(), 1)
        return Moment(self.at(day, self.opening), provisional or not self.knows(local.year))

    def add_workdays(self, instant: datetime, n: int) -> Moment:
        """The end of working time of the n-th workday after the instant's day; with n = 0 of the day open now or
        opening next."""
        if n < 1:
            opened = self.next_open(instant)
            return Moment(self.at(self.local(opened.at).date(), self.closing), opened.provisional)
        day, provisional = self.nth_workday(self.local(instant).date(), n)
        return Moment(self.at(day, self.closing), provisional)

    def add_working(self, instant: datetime, length: timedelta) -> Moment:
        """The instant after so much working time."""
        opened = self.next_open(instant)
        local = self.local(opened.at)
        spent = self._spent(local.time())
        whole, rest = divmod(spent + length, self.day_length)
        if not rest and whole:  # the end of a day belongs to that day, not to the next morning
            whole, rest = whole - 1, self.day_length
        day, provisional = self.nth_workday(local.date(), whole) if whole else (local.date(), False)
        return Moment(self.at(day, self._clock(rest)), opened.provisional or provisional)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Working time between two instants; nothing when the end is not after the start."""
        if end <= start:
            return timedelta()
        first, last = self.local(start), self.local(end)
        return self._worked(last) - self._worked(first) + self._whole_days(first.date(), last.date())

    def _worked(self, local: datetime) -> timedelta:
        return self._spent(local.time()) if self.is_workday(local.date()) else timedelta()

    def _whole_days(self, first: date, last: date) -> timedelta:
        """Length of the workdays from the first day up to, not including, the last."""
        yesterday = timedelta(days=1)
        return self.workdays_between(first - yesterday, last - yesterday)[0] * self.day_length

    def _spent(self, moment: time) -> timedelta:
        """Working time of a workday before that time."""
        total = timedelta()
        for interval in self.intervals:
            if moment >= interval.end:
                total += interval.length
            elif moment > interval.start:
                total += _exact(moment) - _since_midnight(interval.start)
        return total

    def _clock(self, spent: timedelta) -> time:
        """The time of day at which so much of a workday has passed."""
        for interval in self.intervals:
            if spent <= interval.length:
                return (datetime.combine(date.min, interval.start) + spent).time()
            spent -= interval.length
        return self.closing


def _exact(moment: time) -> timedelta:
    return _since_midnight(moment) + timedelta(microseconds=moment.microsecond)


def read_year(text: str) -> tuple[int, dict[date, Day]]:
    """A calendar file: the year, its days off by holiday, its make-up workdays."""
    data = tomllib.loads(text)
    days: dict[date, Day] = {}
    for name, spans in data["off"].items():
        for day in _spread(spans):
            days[day] = Day(False, name)
    for name, spans in data["work"].items():
        for day in _spread(spans):
            days[day] = Day(True, f"{name}调休上班")
    return data["year"], days


def _spread(spans: Iterable[str]) -> Iterable[date]:
    for span in spans:
        first, _, last = span.partition("..")
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        while day <= end:
            yield day
            day += timedelta(days=1)


@lru_cache(maxsize=1)
def official() -> Calendar:
    """The official calendar that comes with the product, read once."""
    days: dict[date, Day] = {}
    years = set()
    for entry in (resources.files("rules") / "calendars").iterdir():
        if entry.name.endswith(".toml"):
            year, found = read_year(entry.read_text(encoding="utf-8"))
            years.add(year)
            days.update(found)
    return Calendar(days=days, years=frozenset(years))
