"""A department's stint: its clocks, which each starts, takes along, or ends with the case elsewhere; what it took."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import Assignment, Clock, Complaint, Department
from models.assignment import HELPING
from rules.clocks import Entry, EntryKind
from rules.readings import Pause, Spent, spent
from workflow import procedures, promises
from workflow.act import Act
from workflow.calendars import States
from workflow.timekeeping import begin, clocks_of, read, refresh, states_for, touch, write

HANDLING = "承办"


def hand_on(act: Act, stint: Assignment, target: Department) -> None:
    """The stint ends with the case at another department: its clocks end, and what was late stays with them."""
    for clock in clocks_of(act.session, act.case):
        if clock.assignment_id == stint.id and not clock.ended_at:
            write(act, clock, Entry(EntryKind.TRANSFER, act.now, to=target.name))
            refresh(act.session, clock, states_for(act))
            act.say(f"{clock.name}随案移交{target.name}")
    touch(act)


def go_along(act: Act, old: Assignment, new: Assignment) -> None:
    """The same department goes on in another stint: its clocks run on."""
    for clock in clocks_of(act.session, act.case):
        if clock.assignment_id == old.id and not clock.ended_at:
            clock.assignment = new


def begin_stint(act: Act, stint: Assignment) -> None:
    """The clocks that each stint of this kind has for itself, unless it took them along."""
    running = {clock.name for clock in clocks_of(act.session, act.case) if clock.assignment is stint}
    for limit in act.procedure.limits:
        if limit.per != stint.kind or limit.name in running:
            continue
        facts = act.facts()
        until = promises.named(act, limit, facts, act.now)
        if (until or limit.amount is not None) and act.procedure.holds(limit.when, facts):
            begin(act, limit.name, until=until, stint=stint, row=limit)


def drop(act: Act, stint: Assignment, reason: str) -> None:
    """What the stint was for is not needed, or not done here: its own clocks are void."""
    for clock in clocks_of(act.session, act.case):
        if clock.assignment_id == stint.id and not clock.ended_at:
            write(act, clock, Entry(EntryKind.CANCEL, act.now, reason=reason))
            refresh(act.session, clock, states_for(act))
    touch(act)


@dataclass(frozen=True)
class Stretch:
    """The time for which a department had the case without a break, and the limits that were its own."""

    kind: str
    department: Department
    since: datetime
    until: datetime | None
    """Nothing while it has it."""
    returned: bool
    help: Assignment | None
    """What a department was asked to help with, and what came of it."""
    spent: Spent
    clocks: tuple[Clock, ...]


def stretches(session: Session, case: Complaint, now: datetime) -> list[Stretch]:
    """Who had the case for how long, oldest first, by the calendar that its clocks are counted by."""
    query = select(Assignment).where(Assignment.complaint_id == case.id).order_by(Assignment.id)
    stints = list(session.scalars(query.options(selectinload(Assignment.department), selectinload(Assignment.person))))
    clocks = [clock for clock in clocks_of(session, case) if clock.measure_id is None]
    states = States(session, procedures.of(session, case, now))
    return [_stretch(case, run, clocks, states, now) for run in _runs(stints)]


def _runs(stints: Iterable[Assignment]) -> Iterator[list[Assignment]]:
    """The stints of one department that follow each other at once: naming the handler begins another. Help that is
    asked for twice is two tasks."""
    runs: list[list[Assignment]] = []
    for stint in stints:
        going_on = (
            run
            for run in runs
            if (run[-1].kind, run[-1].department_id, run[-1].ended_at)
            == (stint.kind, stint.department_id, stint.started_at)
            and stint.kind != HELPING
        )
        run = next(going_on, None)
        if run is None:
            runs.append([stint])
        else:
            run.append(stint)
    return iter(runs)


def _stretch(case: Complaint, run: list[Assignment], clocks: list[Clock], states: States, now: datetime) -> Stretch:
    first, last = run[0], run[-1]
    until = last.ended_at or case.closed_at
    ends = until or now
    mine = [clock for clock in clocks if _is_of(clock, run, ends)]
    pauses = [pause for clock in mine or clocks for pause in _pauses(clock, states)]
    counted_by = max((clock.calendar_version for clock in mine or clocks), default=0)
    took = spent(first.started_at, ends, pauses, states[counted_by])
    helps = first if first.kind == HELPING else None
    return Stretch(first.kind, first.department, first.started_at, until, last.returned, helps, took, tuple(mine))


def _is_of(clock: Clock, run: list[Assignment], ends: datetime) -> bool:
    """Whether the clock is the stint's own: begun with it, or of an order that the department got meanwhile."""
    if clock.assignment_id is not None:
        return any(stint.id == clock.assignment_id for stint in run)
    first, order = run[0], clock.order
    if order is None or first.kind != HANDLING or order.handling_department_id != first.department_id:
        return False
    return first.started_at <= clock.started_at <= ends


def _pauses(clock: Clock, states: States) -> Iterator[Pause]:
    for cycle in read(clock, states).cycles:
        for pause in cycle.pauses:
            yield replace(pause, until=pause.until or cycle.ended_at)
