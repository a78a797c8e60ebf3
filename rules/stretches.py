"""Exact sets of numbers, days, instants and lengths of time: stretches that do not touch, between cuts of a line.

A cut lies just before a value or just behind it, so that every stretch runs from a cut to a cut whether its ends belong
to it or not. Days, instants (to the microsecond) and counts are whole numbers, between which there is nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import ceil, floor, inf
from typing import Any

from rules.facts import FactType
from rules.quantities import SHANGHAI, day_start, in_shanghai, is_number

KINDS = (FactType.NUMBER, FactType.DATE, FactType.INSTANT, FactType.DURATION)
MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FAVOURITES = {
    FactType.NUMBER: 0,
    FactType.DATE: date(2026, 1, 1).toordinal(),
    FactType.INSTANT: (day_start(date(2026, 1, 1)) - _EPOCH) // MICROSECOND,
    FactType.DURATION: timedelta(hours=1) // MICROSECOND,
}
_LEAST = {
    FactType.DATE: date.min.toordinal(),
    FactType.INSTANT: (datetime(1, 1, 2, tzinfo=UTC) - _EPOCH) // MICROSECOND,
}
_MOST = {
    FactType.DATE: date.max.toordinal(),
    FactType.INSTANT: (datetime(9999, 12, 30, tzinfo=UTC) - _EPOCH) // MICROSECOND,
}

Cut = tuple[Any, int]
"""A place on the line: just before a value (0) or just behind it (1)."""


@dataclass(frozen=True)
class Spans:
    """Stretches in order. `whole` numbers are counts: none is below zero."""

    kind: FactType
    whole: bool
    parts: tuple[tuple[Cut, Cut], ...] = ()

    @classmethod
    def everything(cls, kind: FactType, whole: bool = False) -> "Spans":
        """The whole line."""
        least: Cut = (0, 0) if whole else (_LEAST.get(kind, -inf), 0)
        return cls(kind, whole, ((least, (_MOST.get(kind, inf), 1)),))._tidy()

    @property
    def _discrete(self) -> bool:
        return self.whole or self.kind is not FactType.NUMBER

    def within(self, low: object, high: object, low_in: bool, high_in: bool) -> "Spans":
        """From one end to the other; an end that is None is open. Raises TypeError for one of another type."""
        start = (-inf, 0) if low is None else self._cut(low, low_in, upper=False)
        end = (inf, 1) if high is None else self._cut(high, high_in, upper=True)
        return replace(self, parts=((start, end),))._tidy().meet(self.everything(self.kind, self.whole))

    def _cut(self, value: object, inclusive: bool, *, upper: bool) -> Cut:
        if self.kind is FactType.INSTANT and isinstance(value, date) and not isinstance(value, datetime):
            # a day stands for all of it: behind a day is before the next one
            behind = inclusive if upper else not inclusive
            return self._code(day_start(value + timedelta(days=1) if behind else value)), 0
        return self._code(value), int(inclusive if upper else not inclusive)

    def _code(self, value: object) -> Any:
        """The value as a number on the line. Raises TypeError for one of another type."""
        match self.kind, value:
            case FactType.NUMBER, _ if is_number(value):
                return Decimal(repr(value)) if isinstance(value, float) else value
            case FactType.DATE, date() if not isinstance(value, datetime):
                return value.toordinal()
            case FactType.INSTANT, datetime():
                return (in_shanghai(value) - _EPOCH) // MICROSECOND
            case FactType.DURATION, timedelta():
                return value // MICROSECOND
        raise TypeError(value)

    def _tidy(self) -> "Spans":
        """Without empty stretches; between whole numbers every cut lies just before one."""
        parts = [tuple(map(self._settle, part)) for part in self.parts] if self._discrete else self.parts
        return replace(self, parts=tuple((start, end) for start, end in parts if start < end))

    def _settle(self, cut: Cut) -> Cut:
        value, behind = cut
        if value in (inf, -inf):
            return cut
        return (floor(value) + 1 if behind else ceil(value)), 0

    def meet(self, other: "Spans") -> "Spans":
        found = [(max(start, from_), min(end, to)) for start, end in self.parts for from_, to in other.parts]
        return replace(self, parts=tuple(sorted(part for part in found if part[0] < part[1])))

    def complement(self) -> "Spans":
        line = self.everything(self.kind, self.whole)
        return replace(self, parts=tuple(_gaps(self.parts, line.parts[0])))

    def is_empty(self) -> bool:
        return not self.parts

    def sample(self) -> object:
        """The favourite (nought, the first of January, an hour) where it is in the set, else the nearest that is."""
        favourite = _FAVOURITES[self.kind]
        return self._shown(
            min((self._nearest(part, favourite) for part in self.parts), key=lambda it: abs(it - favourite))
        )

    def _nearest(self, part: tuple[Cut, Cut], favourite: int) -> Any:
        (low, behind), (high, with_it) = part
        if part[0] <= (favourite, 0) < part[1]:
            return favourite
        if low > favourite or (low == favourite and behind):
            return low if not behind else low + 1 if (low + 1, 0) < part[1] else (Decimal(low) + Decimal(high)) / 2
        if with_it:
            return high
        return high - 1 if part[0] <= (high - 1, 0) else (Decimal(low) + Decimal(high)) / 2

    def _shown(self, code: Any) -> object:
        match self.kind:
            case FactType.DATE:
                return date.fromordinal(code)
            case FactType.INSTANT:
                return (_EPOCH + code * MICROSECOND).astimezone(SHANGHAI)
            case FactType.DURATION:
                return code * MICROSECOND
        return code

    def holds(self, value: object) -> bool:
        try:
            place = (self._code(value), 0)
        except TypeError:
            return False
        return any(start <= place < end for start, end in self.parts)


def _gaps(parts: tuple[tuple[Cut, Cut], ...], line: tuple[Cut, Cut]) -> Iterator[tuple[Cut, Cut]]:
    start = line[0]
    for from_, to in parts:
        if start < from_:
            yield start, from_
        start = max(start, to)
    if start < line[1]:
        yield start, line[1]
