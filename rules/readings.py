"""What a ledger says: the present cycle and those before it, what was late, what is left, how it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rules.limits import LONGEST_PAUSE, Limit
from rules.vocabulary import ClockStatus, Unit
from rules.worktime import Calendar


class EntryKind(StrEnum):
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    TRANSFER = "transfer"
    MEET = "meet"
    REOPEN = "reopen"
    CANCEL = "cancel"
    CALENDAR = "calendar"


@dataclass(frozen=True)
class Pause:
    """A stretch of standing still; open while it lasts."""

    at: datetime
    until: datetime | None
    reason: str = ""
    by: str = ""


@dataclass(frozen=True)
class Cycle:
    """One run of the promise: what was promised, what was granted, how it ended."""

    number: int
    started_at: datetime
    due_at: datetime
    promised_at: datetime
    without_extension: datetime
    ended_at: datetime | None = None
    ending: EntryKind | None = None
    to: str = ""
    pauses: tuple[Pause, ...] = ()

    def stands_at(self, now: datetime) -> datetime:
        """Up to when it is measured: its end, the pause that holds it, or now."""
        held = self.pauses[-1] if self.pauses and self.pauses[-1].until is None else None
        until = self.ended_at or now
        return min(until, held.at) if held else until

    def paused(self, now: datetime) -> timedelta:
        """How long it stood still."""
        ends = self.ended_at or now
        stood = (max(min(pause.until or ends, ends) - pause.at, timedelta()) for pause in self.pauses)
        return sum(stood, timedelta())

    def used(self, now: datetime, calendar: Calendar, *, working: bool = False) -> timedelta:
        """The time that ran, without its pauses: day and night, or working time alone."""
        ends = self.ended_at or now
        if not working:
            return max(ends - self.started_at, timedelta()) - self.paused(now)
        stood = (calendar.elapsed(pause.at, min(pause.until or ends, ends)) for pause in self.pauses)
        return calendar.elapsed(self.started_at, ends) - sum(stood, timedelta())


@dataclass(frozen=True)
class Spent:
    """What a stretch took: working time, all the time, and beside both how long it stood still."""

    working: timedelta = timedelta()
    natural: timedelta = timedelta()
    stood: timedelta = timedelta()

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.working + other.working, self.natural + other.natural, self.stood + other.stood)


def spent(since: datetime, until: datetime, pauses: Iterable[Pause], calendar: Calendar) -> Spent:
    """What the stretch took, less the pauses within it; those that overlap count once."""
    stood, working, reached = timedelta(), calendar.elapsed(since, until), since
    for pause in sorted(pauses, key=lambda each: each.at):
        begins, ends = max(pause.at, reached), min(pause.until or until, until)
        if begins < ends:
            stood, reached = stood + (ends - begins), ends
            working -= calendar.elapsed(begins, ends)
    return Spent(working, max(until - since, timedelta()) - stood, stood)


@dataclass(frozen=True)
class Lateness:
    """A cycle that was or is late: since when, and by how much."""

    cycle: int
    due_at: datetime
    by: timedelta
    ongoing: bool

    def days(self, calendar: Calendar) -> int:
        """超期天数: local dates between, at least 1 (G-10)."""
        until = calendar.local(self.due_at + self.by).date()
        return max(1, (until - calendar.local(self.due_at).date()).days)


@dataclass(frozen=True)
class Reading:
    """What the ledger says now: of the present cycle, except `original_due_at`, which is what was promised first."""

    due_at: datetime | None = None
    original_due_at: datetime | None = None
    started_at: datetime | None = None
    provisional: bool = False
    rest_day: str | None = None
    paused_at: datetime | None = None
    done_at: datetime | None = None
    cancelled: bool = False
    cycle: int = 0
    remind_at: datetime | None = None
    steps: tuple[str, ...] = ()
    pause_until: datetime | None = None
    cancelled_at: datetime | None = None
    transferred_at: datetime | None = None
    moved_at: datetime | None = None
    """When an extension or another calendar last gave more time."""
    calendar: int = 0
    cycles: tuple[Cycle, ...] = ()

    @property
    def pause_ends_at(self) -> datetime | None:
        """When a pause has lasted as long as it may."""
        return self.pause_until or self.paused_at + LONGEST_PAUSE if self.paused_at else None

    @property
    def ended_at(self) -> datetime | None:
        """When it was kept, handed on or given up."""
        return self.done_at or self.transferred_at or self.cancelled_at

    @property
    def without_extension(self) -> datetime | None:
        """When it would be due had no extension been granted."""
        return self.cycles[-1].without_extension if self.cycles else self.due_at

    def paused(self, now: datetime) -> timedelta:
        """How long the present cycle has stood still."""
        return self.cycles[-1].paused(now) if self.cycles else timedelta()

    def late(self, now: datetime, *, extended: bool = True) -> tuple[Lateness, ...]:
        """Every cycle that was or is late, oldest first; `extended` counts what was granted, else what was promised."""
        found = []
        for cycle in self.cycles:
            due_at = cycle.due_at if extended else cycle.without_extension
            until = cycle.stands_at(now)
            if until > due_at:
                stands = cycle.ended_at or now  # a pause after the due instant does not stop what is late
                found.append(Lateness(cycle.number, due_at, stands - due_at, cycle.ended_at is None))
        return tuple(found)


@dataclass(frozen=True)
class Left:
    """What is left until the due instant, negative when it has passed; `number` is in the limit's own unit, never less
    than 0."""

    natural: timedelta
    number: float
    unit: Unit


def remaining(reading: Reading, limit: Limit, now: datetime, calendar: Calendar) -> Left:
    """What is left now, or was left when it stopped or ended."""
    if reading.due_at is None:
        return Left(timedelta(), 0, limit.unit)
    stands = reading.ended_at or reading.paused_at or now
    natural = reading.due_at - stands
    first, last = calendar.local(stands).date(), calendar.local(reading.due_at).date()
    match limit.unit:
        case Unit.WORKDAYS:
            return Left(natural, calendar.workdays_between(first, last)[0], limit.unit)
        case Unit.MINUTES | Unit.HOURS | Unit.WORKING_HOURS:
            working = calendar.elapsed(stands, reading.due_at) if limit.counts_working_time else natural
            one = timedelta(minutes=1) if limit.unit is Unit.MINUTES else timedelta(hours=1)
            return Left(natural, max(0.0, working / one), limit.unit)
        case _:
            return Left(natural, max(0, (last - first).days), Unit.DAYS)


def remind_at(limit: Limit, started_at: datetime, due_at: datetime) -> datetime:
    """When to remind: the last share of the limit, at least so long before, never before it started."""
    left = max((due_at - started_at) * limit.remind_share, limit.remind_at_least)
    return max(due_at - left, started_at)


def status(reading: Reading, now: datetime) -> ClockStatus:
    """Where the clock stands. At the exact due second it is not overdue."""
    if reading.cancelled:
        return ClockStatus.CANCELLED
    due_at = reading.due_at
    if reading.done_at:
        return ClockStatus.MET if due_at is None or reading.done_at <= due_at else ClockStatus.MET_LATE
    if reading.transferred_at:
        return ClockStatus.TRANSFERRED
    if reading.paused_at and (due_at is None or reading.paused_at <= due_at):
        return ClockStatus.PAUSED
    return ClockStatus.OVERDUE if due_at is not None and now > due_at else ClockStatus.RUNNING


LATE: Sequence[ClockStatus] = (ClockStatus.OVERDUE, ClockStatus.MET_LATE)


def days_overdue(reading: Reading, now: datetime, calendar: Calendar | None = None) -> int:
    """超期天数: local dates between, at least 1 once late; of a thing done, as late as it was done. 0 when in time."""
    if status(reading, now) not in LATE or reading.due_at is None:
        return 0
    zone = (calendar or Calendar()).zone
    until = (reading.done_at or now).astimezone(zone).date()
    return max(1, (until - reading.due_at.astimezone(zone).date()).days)
