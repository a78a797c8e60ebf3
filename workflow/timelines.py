"""The time line of a case over all its clocks: what happened to each, and what will if nothing changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import Clock, ClockEntry, Complaint
from rules.clocks import Entry, Limit, Reading, counted
from rules.timeline import Climbed, Mark, MarkKind, marks
from workflow import ladders, procedures, timekeeping
from workflow.access import SYSTEM
from workflow.act import Act
from workflow.calendars import States


@dataclass(frozen=True)
class Told:
    """One mark of one clock: the line of the ledger behind it, and who was or would be told."""

    clock: Clock
    mark: Mark
    entry: ClockEntry | None = None
    whom: tuple[str, ...] | None = ()
    """Nothing where the tests of the rung did not, or do not, hold."""
    counts: str = ""
    """What a start counts: ``3自然日``."""


def clocks_of(session: Session, case: Complaint) -> list[Clock]:
    """The clocks of the case with everything that was done to them, oldest first."""
    relations = (Clock.entries, Clock.rungs, Clock.assignment, Clock.measure, Clock.order)
    query = select(Clock).where(Clock.complaint_id == case.id).order_by(Clock.id)
    return list(session.scalars(query.options(*map(selectinload, relations))))


def of_case(session: Session, case: Complaint, now: datetime) -> list[Told]:
    """Every mark of every clock, by time."""
    act = Act(session, "", case, SYSTEM, now, procedures.of(session, case, now))
    states = States(session, act.procedure)
    found = [told for clock in clocks_of(session, case) for told in _of_clock(act, clock, states)]
    return sorted(found, key=lambda told: told.mark.at)


def _of_clock(act: Act, clock: Clock, states: States) -> list[Told]:
    reading = timekeeping.read(clock, states)
    limit, entries = timekeeping.limit_of(clock), timekeeping.entries_of(clock)
    found = marks(limit, entries, reading, states[reading.calendar], _climbed(clock, reading), act.now)
    return [
        Told(clock, mark, _entry(clock, mark), _whom(act, clock, mark), _counts(limit, entries, mark)) for mark in found
    ]


def _counts(limit: Limit, entries: list[Entry], mark: Mark) -> str:
    starts = mark.kind in (MarkKind.START, MarkKind.REOPEN)
    return str(counted(limit, entries[mark.entry])) if starts and mark.entry is not None else ""


def _climbed(clock: Clock, reading: Reading) -> list[Climbed]:
    """The rungs that were climbed; of a clock that is older than its ladder the marks that it kept."""
    if not clock.rungs:
        marked = timekeeping.fired_of(clock, timekeeping.limit_of(clock))
        return [Climbed(reading.cycle, one.rung, one.nth, one.at, one.at) for one in marked]
    return [
        Climbed(row.cycle, row.rung, row.nth, row.planned_at, row.fired_at, _names(row.told)) for row in clock.rungs
    ]


def _names(told: list[str] | None) -> tuple[str, ...] | None:
    return None if told is None else tuple(told)


def _entry(clock: Clock, mark: Mark) -> ClockEntry | None:
    return clock.entries[mark.entry] if mark.entry is not None else None


def _whom(act: Act, clock: Clock, mark: Mark) -> tuple[str, ...] | None:
    if mark.rung is None or not mark.coming:
        return mark.told
    return _names(ladders.foreseen(act, clock, mark.rung, mark.nth))
