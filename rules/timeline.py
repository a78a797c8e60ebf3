"""A clock as marks on a line: what was done to it, when it is or was due, what its ladder did and will do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rules.clocks import Entry, EntryKind
from rules.ladder import Fired, coming
from rules.limits import Limit
from rules.readings import Cycle, Reading
from rules.rungs import Rung
from rules.worktime import Calendar


class MarkKind(StrEnum):
    START = "起算"
    PAUSE = "挂起"
    RESUME = "恢复"
    EXTEND = "延期"
    TRANSFER = "移交"
    MEET = "完成"
    REOPEN = "重新计时"
    CANCEL = "取消"
    CALENDAR = "改用另一版日历"
    DUE = "截止"
    RUNG = "阶梯"
    PAUSE_ENDS = "自动恢复"


@dataclass(frozen=True)
class Climbed:
    """A rung that was climbed: in which cycle, which time, when it should have been and when it was, who was told."""

    cycle: int
    rung: str
    nth: int
    planned_at: datetime
    fired_at: datetime
    told: tuple[str, ...] | None = ()
    """Nothing where its tests did not hold and it passed without effect."""


@dataclass(frozen=True)
class Mark:
    """One mark: what, when, in which cycle."""

    at: datetime
    kind: MarkKind
    cycle: int
    coming: bool = False
    """Whether it will be so if nothing changes, and is not done yet."""
    void: bool = False
    """A due instant that does not count any more: kept before, given up, handed on, or moved."""
    moved: bool = False
    late: timedelta = timedelta()
    """By how much it came too late."""
    entry: int | None = None
    """The line of the ledger that it is, by its place."""
    rung: Rung | None = None
    nth: int = 1
    told: tuple[str, ...] | None = ()


def marks(
    limit: Limit,
    entries: Sequence[Entry],
    reading: Reading,
    calendar: Calendar,
    climbed: Iterable[Climbed],
    now: datetime,
) -> list[Mark]:
    """Everything about one clock, by time."""
    done = tuple(climbed)
    found = [
        *_of_entries(limit, entries, reading),
        *_of_rungs(limit, done),
        *_of_cycles(reading, now),
        *_to_come(limit, reading, calendar, done, now),
    ]
    return sorted(found, key=lambda mark: mark.at)


def _of_entries(limit: Limit, entries: Sequence[Entry], reading: Reading) -> Iterator[Mark]:
    cycle = 0
    for place, entry in enumerate(entries):
        if entry.kind in (EntryKind.START, EntryKind.REOPEN):
            cycle += 1
        if entry.kind in (EntryKind.PAUSE, EntryKind.RESUME) and not limit.pausable:
            continue  # it is told to the case, and this limit runs on
        late = timedelta()
        if entry.kind is EntryKind.MEET:
            late = max(entry.at - reading.cycles[cycle - 1].due_at, late)
        yield Mark(entry.at, MarkKind[entry.kind.name], cycle, late=late, entry=place)


def _of_rungs(limit: Limit, climbed: Iterable[Climbed]) -> Iterator[Mark]:
    rungs = {rung.id: rung for rung in limit.rungs}
    for one in climbed:
        if one.rung in rungs:
            late = one.fired_at - one.planned_at
            yield Mark(
                one.fired_at, MarkKind.RUNG, one.cycle, late=late, rung=rungs[one.rung], nth=one.nth, told=one.told
            )


def _of_cycles(reading: Reading, now: datetime) -> Iterator[Mark]:
    """When each cycle was or is due; where that has moved, also when it had been."""
    for cycle in reading.cycles:
        if cycle.promised_at != cycle.due_at:
            at = cycle.promised_at
            yield Mark(at, MarkKind.DUE, cycle.number, coming=at > now, void=True, moved=True)
        yield Mark(cycle.due_at, MarkKind.DUE, cycle.number, coming=cycle.due_at > now, void=_is_over(cycle))


def _is_over(cycle: Cycle) -> bool:
    return cycle.ended_at is not None and cycle.ended_at <= cycle.due_at


def _to_come(
    limit: Limit, reading: Reading, calendar: Calendar, climbed: Iterable[Climbed], now: datetime
) -> Iterator[Mark]:
    if (ends := reading.pause_ends_at) is not None and not reading.ended_at:
        yield Mark(ends, MarkKind.PAUSE_ENDS, reading.cycle, coming=True)
    fired = [Fired(one.rung, one.nth, one.fired_at) for one in climbed if one.cycle == reading.cycle]
    for one in coming(limit, reading, calendar, fired, now):
        yield Mark(one.planned_at, MarkKind.RUNG, reading.cycle, coming=True, rung=one.rung, nth=one.nth)
