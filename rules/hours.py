"""The hours of a working day: its intervals, how much has passed at a time of day, and when so much has passed.

Times of day are counted from midnight, so that a day may end at 24:00. All sums are whole microseconds: exact and fast.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise

DEFAULT_INTERVALS = ("09:00-18:00",)
ALL_DAY = ("00:00-24:00",)
INTERVAL = re.compile(r"\s*(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)\s*")
MICROSECOND = timedelta(microseconds=1)
MIDNIGHT = timedelta(hours=24)
LAST_SECOND = timedelta(hours=23, minutes=59, seconds=59)


class BadInterval(ValueError):
    """Working intervals that are not written as 09:00-12:00, end before they start, or overlap."""


@dataclass(frozen=True)
class Interval:
    """A half-open stretch of a workday: the closing minute itself is no longer working time."""

    start: timedelta
    end: timedelta

    def __str__(self) -> str:
        return f"{_written(self.start)}-{_written(self.end)}"


@dataclass(frozen=True)
class Hours:
    """The intervals of one kind of day, in order."""

    intervals: tuple[Interval, ...]

    def __str__(self) -> str:
        return "、".join(map(str, self.intervals))

    @property
    def opening(self) -> timedelta:
        return self.intervals[0].start

    @property
    def closing(self) -> timedelta:
        return self.intervals[-1].end

    @cached_property
    def length(self) -> int:
        """Working time of such a day, in microseconds."""
        return sum(end - start for start, end, _ in self._spans)

    @cached_property
    def _spans(self) -> tuple[tuple[int, int, int], ...]:
        """Start and end of each interval, and the working time before it."""
        ends = [(interval.start // MICROSECOND, interval.end // MICROSECOND) for interval in self.intervals]
        before = accumulate((end - start for start, end in ends), initial=0)
        return tuple((start, end, spent) for (start, end), spent in zip(ends, before, strict=False))

    def passed(self, moment: int) -> int:
        """Working time before that time of day."""
        for start, end, spent in self._spans:
            if moment < end:
                return spent + max(0, moment - start)
        return self.length

    def when(self, spent: int) -> int:
        """The earliest time of day at which so much has passed: an interval's end belongs to it."""
        for start, end, before in self._spans:
            if spent <= before + end - start:
                return start + spent - before
        return self.closing // MICROSECOND

    def when_last(self, spent: int) -> int:
        """The last time of day at which no more than that has passed: the start of what follows."""
        for start, end, before in self._spans:
            if spent < before + end - start:
                return start + spent - before
        return self.closing // MICROSECOND

    def opens(self, moment: int) -> int | None:
        """That time of day when it is working time, else the start of the next interval; None after closing."""
        return next((max(moment, start) for start, end, _ in self._spans if moment < end), None)


@lru_cache(maxsize=256)
def parse_hours(texts: tuple[str, ...]) -> Hours:
    """`09:00-12:00`, `13:30-17:30` as hours. Raises BadInterval."""
    return Hours(parse_intervals(texts))


def parse_intervals(texts: Iterable[str]) -> tuple[Interval, ...]:
    """The intervals in order; a day may begin at 00:00 and end at 24:00. Raises BadInterval."""
    intervals = []
    for text in texts:
        found = INTERVAL.fullmatch(text)
        start, end = (_clock(*found.group(1, 2)), _clock(*found.group(3, 4))) if found else (None, None)
        if start is None or end is None:
            raise BadInterval(f"“{text}”不是时段|09:00-18:00")
        if start >= end:
            raise BadInterval(f"时段“{text}”结束不晚于开始|09:00-18:00")
        intervals.append(Interval(start, end))
    intervals.sort(key=lambda interval: interval.start)
    if not intervals or any(one.end > other.start for one, other in pairwise(intervals)):
        raise BadInterval("工作时段为空或相互重叠|09:00-12:00 与 13:30-17:30")
    return tuple(intervals)


def _clock(hours: str, minutes: str) -> timedelta | None:
    moment = timedelta(hours=int(hours), minutes=int(minutes))
    return moment if int(minutes) < 60 and moment <= MIDNIGHT else None


def _written(moment: timedelta) -> str:
    hours, minutes = divmod(moment // timedelta(minutes=1), 60)
    return f"{hours:02}:{minutes:02}"
