"""Limits: how long something may take, and when it is due; every way of counting is a setting of the limit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from rules import steps
from rules.hours import LAST_SECOND
from rules.lengths import Length, parse_length
from rules.rungs import Rung
from rules.vocabulary import DayEnd, HalfMonth, Month, RungDeed, Unit
from rules.worktime import ONE_DAY, Calendar, Moment

LONGEST_PAUSE = timedelta(days=30)
FIFTEEN, THIRTY = 15, 30
MOST = 1_000_000
NATURAL_DAYS = (Unit.DAYS, Unit.MONTHS, Unit.HALF_MONTHS)


@dataclass(frozen=True)
class Limit:
    """How long something may take.

    `roll`: a due day of rest moves on to the next workday (G-06, F-04).
    `end`: when the last day ends; left out, at 23:59:59, but with working time where workdays are counted (G-06, G-07,
    F-04; of a named day F-28).
    `count_start_day`: the day it starts on is the first day (F-06); a day whose working time is over does not count.
    `rolling_hours`: a workday is twenty-four hours of workdays, from hour to hour (F-06).
    `month`, `half_month`: what these are (F-07).
    `from_open`: received outside working time, it counts from the next interval (F-10).
    `carry_over`: minutes and hours run in working time only, so that what was promised shortly before closing goes on
    next morning (F-10).
    `max_named`: a named day later than that is doubtful (F-28).
    `pausable`, `longest_pause`: whether and how long it stops with the case (F-37, G-12).
    """

    name: str
    amount: int | None
    unit: Unit
    roll: bool = False
    from_open: bool = False
    pausable: bool = True
    remind_share: float = 0.2
    remind_at_least: timedelta = timedelta(minutes=30)
    carry_over: bool = False
    end: DayEnd | None = None
    count_start_day: bool = False
    rolling_hours: bool = False
    month: Month = Month.CALENDAR
    half_month: HalfMonth = HalfMonth.FIFTEEN_DAYS
    max_named: str = ""
    longest_pause: timedelta = LONGEST_PAUSE
    ladder: tuple[Rung, ...] = ()

    def __str__(self) -> str:
        if self.unit is Unit.NAMED or self.amount is None:
            return str(self.unit)
        if self.unit is Unit.DAYS and self.amount == 0:
            return "当天"
        return f"{self.amount}{'个' if self.unit in _COUNTED else ''}{self.unit}"

    @cached_property
    def rungs(self) -> tuple[Rung, ...]:
        """Its ladder; a limit that has none is climbed by the usual one, and every limit is flagged when it is late."""
        if not self.ladder:
            return usual_ladder(self.remind_share, self.remind_at_least)
        if any(rung.do is RungDeed.FLAG for rung in self.ladder):
            return self.ladder
        return (*self.ladder, FLAGGED)

    @property
    def counts_working_time(self) -> bool:
        """Whether only working time, or only workdays, use it up."""
        return self.unit in (Unit.WORKDAYS, Unit.WORKING_HOURS) or (
            self.carry_over and self.unit in (Unit.MINUTES, Unit.HOURS)
        )

    def as_json(self) -> dict[str, Any]:
        """What a clock keeps of the limit that it was started under: all of it but the name."""
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            "unit": str(self.unit),
            "end": str(self.end) if self.end else None,
            "month": str(self.month),
            "half_month": str(self.half_month),
            "remind_minutes": self.remind_at_least / timedelta(minutes=1),
            "longest_pause_minutes": self.longest_pause / timedelta(minutes=1),
            "ladder": [rung.model_dump(mode="json", exclude_defaults=True) for rung in self.ladder],
        }

    @classmethod
    def from_json(cls, name: str, spec: Mapping[str, Any]) -> "Limit":
        """The limit that a clock kept; what an older clock did not know is as it was then."""
        ladder = tuple(Rung.model_validate(rung) for rung in spec.get("ladder", ()))
        if "ladder" not in spec and spec.get("urge_minutes"):
            minutes = spec["urge_minutes"]
            ladder = usual_ladder(spec["remind_share"], timedelta(minutes=spec["remind_minutes"]), f"{minutes:.0f}分钟")
        return cls(
            name=name,
            unit=Unit(spec["unit"]),
            end=DayEnd(spec["end"]) if spec.get("end") else None,
            month=Month(spec.get("month", Month.CALENDAR)),
            half_month=HalfMonth(spec.get("half_month", HalfMonth.FIFTEEN_DAYS)),
            remind_at_least=timedelta(minutes=spec["remind_minutes"]),
            longest_pause=timedelta(minutes=spec.get("longest_pause_minutes", LONGEST_PAUSE / timedelta(minutes=1))),
            ladder=ladder,
            **{name: spec[name] for name in _PLAIN if name in spec},
        )


_COUNTED = (Unit.WORKDAYS, Unit.MONTHS, Unit.HOURS, Unit.WORKING_HOURS, Unit.HALF_MONTHS)
_PLAIN = (
    *("amount", "roll", "from_open", "pausable", "remind_share"),
    *("carry_over", "count_start_day", "rolling_hours", "max_named"),
)
FLAGGED = Rung(id="overdue", at="+0", do=RungDeed.FLAG)


def usual_ladder(
    share: float, at_least: timedelta, urge_every: str = "", also_from: int = 0, also_to: tuple[str, ...] = ()
) -> tuple[Rung, ...]:
    """The ladder of a limit that has none of its own: a reminder (G-20), the flag, urgings while it is late (G-10)."""
    least = f"{at_least // timedelta(minutes=1)}分钟"
    reminder = Rung(id="remind", at=f"-{share * 100:g}%", do=RungDeed.REMIND, at_least=least)
    if not urge_every:
        return (reminder, FLAGGED)
    urging = Rung(id="urge", at="+0", do=RungDeed.URGE, every=urge_every, times=0, also_from=also_from, also_to=also_to)
    return (reminder, FLAGGED, urging)


@dataclass(frozen=True)
class Due:
    """When something is due; `rest_day` names the day off it falls on."""

    at: datetime
    provisional: bool
    rest_day: str | None
    steps: tuple[str, ...]


class NoDueTime(ValueError):
    """A limit without amount was asked for its due time without naming one."""


class TooFar(ValueError):
    """A limit that is negative, or ends beyond the years that can be computed."""


def due(limit: Limit, started_at: datetime, calendar: Calendar, named: date | datetime | None = None) -> Due:
    """When a limit that starts at that instant is due. A limit of the unit 指定时间 is due at `named`."""
    told: list[str] = []
    start = Moment(started_at)
    if limit.from_open:
        start = calendar.next_open(started_at)
    if start.at == started_at:
        told.append(steps.started(started_at, limit, calendar))
    else:
        told.append(steps.received(started_at, calendar))
        told.extend(steps.rests(started_at, start.at, calendar))
        told.append(steps.started(start.at, limit, calendar))
    moment = _computable(limit, start.at, calendar, named)
    if limit.counts_working_time:
        told.extend(steps.rests(start.at, moment.at, calendar))
    if limit.unit is Unit.WORKDAYS and limit.amount:
        told.extend(steps.counted(start.at, moment.at, calendar))
    rest = rest_day(moment.at, calendar)
    if limit.roll:
        rolled = _rolled(moment, calendar)
        if rest:
            told.append(steps.rolled(moment.at, rest, calendar))
        moment, rest = rolled, None
    provisional = moment.provisional or start.provisional
    told.append(steps.due(moment.at, calendar, provisional=provisional))
    if rest:
        told.append(steps.stays(rest))
    return Due(moment.at.astimezone(UTC), provisional, rest, tuple(told))


def _computable(limit: Limit, start: datetime, calendar: Calendar, named: date | datetime | None) -> Moment:
    if limit.amount is not None and not 0 <= limit.amount <= MOST:
        raise TooFar(str(limit))
    try:
        return _plain_due(limit, start, calendar, named)
    except NoDueTime:
        raise
    except (OverflowError, ValueError) as fault:
        raise TooFar(str(limit)) from fault


def _plain_due(limit: Limit, start: datetime, calendar: Calendar, named: date | datetime | None) -> Moment:
    if limit.unit is Unit.NAMED:
        return Moment(named_instant(named, calendar, limit, start))
    if limit.amount is None:
        raise NoDueTime(limit.name)
    if limit.unit is Unit.WORKDAYS:
        return _after_workdays(limit, limit.amount, start, calendar)
    if limit.unit in NATURAL_DAYS:
        return Moment(_after_days(limit, limit.amount, start, calendar))
    length = limit.amount * (timedelta(minutes=1) if limit.unit is Unit.MINUTES else timedelta(hours=1))
    return calendar.add_working(start, length) if limit.counts_working_time else Moment(start + length)


def _after_workdays(limit: Limit, n: int, start: datetime, calendar: Calendar) -> Moment:
    """The end of the n-th workday after the day it started on (G-07), or as the limit counts them (F-06)."""
    if limit.rolling_hours and n:
        moment = calendar.round_the_clock.add_working(start, n * ONE_DAY)
        whole = calendar.local(moment.at).time() == calendar.local(moment.at).min.time()
        return Moment(moment.at - timedelta(seconds=1), moment.provisional) if whole else moment
    first = calendar.local(start).date()
    if n == 0 or (limit.count_start_day and calendar.is_workday(first) and start < calendar.close_of(first)):
        opened = calendar.next_open(start)
        day, provisional = calendar.local(opened.at).date(), opened.provisional
        if n > 1:
            day, provisional = calendar.nth_workday(day, n - 1)
            provisional = provisional or not calendar.knows(first.year)
    else:
        day, provisional = calendar.nth_workday(first, n)
    return Moment(max(start, _end(limit.end or DayEnd.CLOSE_OF_BUSINESS, day, start, calendar)), provisional)


def _after_days(limit: Limit, n: int, start: datetime, calendar: Calendar) -> datetime:
    """The end of the last natural day: the day it started on is not counted (G-06, G-08) unless the limit says so."""
    first = calendar.local(start).date()
    if limit.unit is Unit.DAYS or (limit.unit is Unit.MONTHS and limit.month is Month.THIRTY_DAYS):
        last = first + timedelta(days=n * (1 if limit.unit is Unit.DAYS else THIRTY))
    elif limit.unit is Unit.MONTHS:
        last = months_later(first, n)
    elif limit.half_month is HalfMonth.CALENDAR:
        last = half_months_later(first, n)
    else:
        last = first + timedelta(days=FIFTEEN * n)
    if limit.count_start_day:
        last = max(first, last - ONE_DAY)
    at = _end(limit.end or DayEnd.END_OF_DAY, last, start, calendar)
    return at if at >= start else _end(limit.end or DayEnd.END_OF_DAY, last + ONE_DAY, start, calendar)


def _end(end: DayEnd, day: date, start: datetime, calendar: Calendar) -> datetime:
    match end:
        case DayEnd.CLOSE_OF_BUSINESS:
            return calendar.close_of(day)
        case DayEnd.SAME_TIME:
            return calendar.at(day, calendar.local(start).time())
        case _:
            return calendar.at(day, LAST_SECOND)


def named_instant(
    named: date | datetime | None, calendar: Calendar, limit: Limit | None = None, start: datetime | None = None
) -> datetime:
    """A named instant as it is; a named day ends at its last second, or as the limit says (F-28)."""
    if named is None:
        raise NoDueTime("指定时间")
    if isinstance(named, datetime):
        return named
    end = (limit.end if limit else None) or DayEnd.END_OF_DAY
    return _end(end, named, start or calendar.at(named, LAST_SECOND), calendar)


def too_far_named(limit: Limit, named: date | datetime, start: datetime, calendar: Calendar) -> datetime | None:
    """The latest instant that `max_named` allows, when the named one is later (F-28); else nothing."""
    if not limit.max_named:
        return None
    length = parse_length(limit.max_named)
    latest = _computable(replace(limit, unit=length.unit, amount=length.number), start, calendar, None).at
    return latest if named_instant(named, calendar, limit, start) > latest else None


def of_length(name: str, length: Length) -> Limit:
    """A plain limit of that length."""
    return Limit(name, length.number, length.unit)


def months_later(day: date, months: int) -> date:
    """The same day number so many months later, or the last day of that month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), after - ONE_DAY)


def half_months_later(day: date, halves: int) -> date:
    """The same place so many halves later: of the half to the 15th, or of the half after it; else that half's last."""
    months, second = divmod(halves + (day.day > FIFTEEN), 2)
    first = months_later(day.replace(day=1), months)
    place = day.day - (FIFTEEN if day.day > FIFTEEN else 0)
    if not second:
        return first + timedelta(days=min(place, FIFTEEN) - 1)
    return min(first + timedelta(days=FIFTEEN + place - 1), months_later(first, 1) - ONE_DAY)


def _rolled(moment: Moment, calendar: Calendar) -> Moment:
    """On to the next workday where it falls on a day of rest; whether it does may be provisional."""
    local = calendar.local(moment.at)
    day, unknown = local.date(), not calendar.knows(local.year)
    if not calendar.is_workday(day):
        day, provisional = calendar.nth_workday(day, 1)
        unknown = unknown or provisional
    return Moment(calendar.at(day, local.time()), moment.provisional or unknown)


def rest_day(instant: datetime, calendar: Calendar) -> str | None:
    """The name of the day off on which the instant lies; None on a workday."""
    day = calendar.local(instant).date()
    return None if calendar.is_workday(day) else calendar.name_of(day)
