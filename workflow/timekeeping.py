"""The clocks of a case: start, meet, cancel, recompute. A deed is a line in the ledger; due instants follow from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Assignment, Clock, ClockEntry, ClockRung, Complaint, Measure, SupervisionOrder
from rules import clocks as ledger
from rules.clocks import Calendars, Entry, EntryKind, Limit, Reading
from rules.ladder import Fired, upcoming
from rules.time_rows import LimitRow
from rules.vocabulary import MeasureState, RungDeed
from rules.worktime import Calendar
from workflow import batches
from workflow.act import Act, shown
from workflow.calendars import States, newest
from workflow.errors import Refused


def limit_of(clock: Clock) -> Limit:
    """The limit as it was when the clock started."""
    return _limit(clock.name, json.dumps(clock.limit))


@lru_cache(maxsize=1024)
def _limit(name: str, spec: str) -> Limit:
    """Most clocks of a house are of few limits: each is built once."""
    return Limit.from_json(name, json.loads(spec))


def entries_of(clock: Clock) -> list[Entry]:
    """The clock's ledger as the pure part reads it."""
    return entries_from(clock.entries)


def entries_from(lines: Iterable[Any]) -> list[Entry]:
    """The same from rows of the ledger alone, whichever way they were read."""
    return [Entry.of(line.kind, line.at, line.until, line.reason, line.data) for line in lines]


def fired_of(clock: Clock, limit: Limit, more: Sequence[ClockRung] = ()) -> list[Fired]:
    """The rungs that were climbed in this cycle; a clock that is older than its ladder has its marks."""
    climbed = [Fired(row.rung, row.nth, row.fired_at) for row in (*clock.rungs, *more) if row.cycle == clock.cycle]
    if climbed:
        return climbed
    marks = {
        RungDeed.REMIND: (1, clock.reminded_at),
        RungDeed.FLAG: (1, clock.flagged_at),
        RungDeed.URGE: (clock.urge_count, clock.urged_at),
    }
    known = [(rung.id, *marks.get(rung.do, (1, None))) for rung in limit.rungs]
    return [Fired(rung, nth, at) for rung, nth, at in known if at is not None]


def read(clock: Clock, calendars: Calendars) -> Reading:
    """What the ledger says now."""
    return ledger.read(entries_of(clock), limit_of(clock), calendars)


def states_for(act: Act) -> States:
    """The states of the calendar as this case's procedure counts by them."""
    key = ("states", act.procedure.code, act.procedure.version)
    return batches.once(act.session, key, lambda: States(act.session, act.procedure))


def begin(
    act: Act,
    name: str,
    *,
    amount: int | None = None,
    until: datetime | None = None,
    at: datetime | None = None,
    order: SupervisionOrder | None = None,
    measure: Measure | None = None,
    stint: Assignment | None = None,
    row: LimitRow | None = None,
) -> Clock:
    """Start a promise. The procedure's limit gives unit and rules; ``amount`` or ``until`` are what the case adds."""
    spec = row or act.procedure.limit(name)
    if spec is None:
        raise Refused("本制度没有“{name}”这个时限", field="name", name=name)
    started = at or act.now
    clock = Clock(
        complaint_id=act.complaint.id if act.complaint else None,
        order=order,
        measure=measure,
        assignment=stint,
        name=name,
        limit=spec.limit(amount).as_json(),
        started_at=started,
        due_at=started,
        original_due_at=started,
        urge_count=0,
        cycle=1,
    )
    act.session.add(clock)
    act.session.flush()
    write(act, clock, Entry(EntryKind.START, started, until, amount=amount, calendar=newest(act.session)))
    reading = refresh(act.session, clock, states_for(act))
    _mention(act, clock, reading)
    touch(act)
    return clock


def again(
    act: Act,
    name: str,
    *,
    amount: int | None = None,
    until: datetime | None = None,
    order: SupervisionOrder | None = None,
    measure: Measure | None = None,
) -> Clock:
    """Another cycle of the same promise, with a target of its own; the evidence of the first stays."""
    clock = clock_named(act, name, order=order, measure=measure)
    if clock is None:
        return begin(act, name, amount=amount, until=until, order=order, measure=measure)
    write(act, clock, Entry(EntryKind.REOPEN, act.now, until, amount=amount, calendar=newest(act.session)))
    clock.flagged_at = clock.reminded_at = clock.urged_at = None
    clock.urge_count = 0
    reading = refresh(act.session, clock, states_for(act))
    _mention(act, clock, reading)
    touch(act)
    return clock


def _mention(act: Act, clock: Clock, reading: Reading) -> None:
    """Say when it is due; a day off or a year without calendar is a warning, not a change (G-03, G-06)."""
    act.say(f"{clock.name}截止 {shown(clock.due_at)}")
    act.extra_facts |= {
        "clock": clock.name,
        "due_on_rest_day": bool(reading.rest_day),
        "rest_day": reading.rest_day,
        "due_at": clock.due_at,
    }
    if reading.provisional:
        act.warn(f"{clock.name}截止日为暂算:该年尚无官方日历")


def meet(
    act: Act,
    name: str,
    *,
    order: SupervisionOrder | None = None,
    measure: Measure | None = None,
    stint: Assignment | None = None,
) -> None:
    """The promise is kept now, in time or late; late stays late (G-11)."""
    clock = clock_named(act, name, order=order, measure=measure, stint=stint)
    if clock is None or clock.ended_at:
        return
    write(act, clock, Entry(EntryKind.MEET, act.now))
    reading = refresh(act.session, clock, states_for(act))
    act.say(f"{name}{ledger.status(reading, act.now)}")
    touch(act)


def go_on(act: Act) -> None:
    """The case is no longer suspended: what stood still runs again, with the time that was left (G-12)."""
    for clock in clocks_of(act.session, act.case):
        if clock.paused_at and not clock.ended_at:
            write(act, clock, Entry(EntryKind.RESUME, act.now))
            refresh(act.session, clock, states_for(act))
            act.say(f"{clock.name}恢复,截止 {shown(clock.due_at)}")
    touch(act)


def cancel(
    act: Act, name: str, *, measure: Measure | None = None, stint: Assignment | None = None, reason: str
) -> None:
    """The promise is void."""
    clock = clock_named(act, name, measure=measure, stint=stint)
    if clock is not None and not clock.ended_at:
        _cancel(act, clock, reason)


def cancel_open(act: Act, reason: str) -> None:
    """The case has ended: what still ran against it ends too; measures run on (they outlive the case)."""
    for clock in clocks_of(act.session, act.case):
        if clock.measure_id is None and not clock.ended_at:
            _cancel(act, clock, reason)
    touch(act)


def _cancel(act: Act, clock: Clock, reason: str) -> None:
    write(act, clock, Entry(EntryKind.CANCEL, act.now, reason=reason))
    refresh(act.session, clock, states_for(act))


def write(act: Act, clock: Clock, entry: Entry) -> None:
    """One line of the ledger."""
    clock.entries.append(
        ClockEntry(
            kind=str(entry.kind),
            at=entry.at,
            until=entry.until,
            reason=entry.reason or "",
            by_id=act.actor.id,
            data=entry.data(),
        )
    )
    act.session.flush()


def refresh(session: Session, clock: Clock, calendars: Calendars) -> Reading:
    """Store what the ledger says: due instant, state, and when the sweep has to look again."""
    reading = read(clock, calendars)
    if reading.due_at is None or reading.original_due_at is None:
        raise ValueError(f"clock {clock.id} was never started")
    for name, value in as_stored(reading).items():
        setattr(clock, name, value)
    stood = clock.paused_at is not None and clock.paused_at <= clock.due_at
    if clock.flagged_at and (clock.flagged_at <= clock.due_at or (stood and not clock.ended_at)):
        _unflag(clock, reading)
    if clock.done_at and clock.done_at > clock.due_at:
        clock.ever_late = True
    wake_next(clock, reading, calendars)
    session.flush()
    return reading


def as_stored(reading: Reading) -> dict[str, Any]:
    """What a clock keeps of its reading: the one place that says so, for storing and for checking."""
    plain = reading.without_extension
    return {
        **{name: getattr(reading, name) for name in _KEPT},
        "calendar_version": reading.calendar,
        "unextended_due_at": plain if plain != reading.due_at else None,
    }


_KEPT = (
    *("due_at", "original_due_at", "provisional", "cycle"),
    *("paused_at", "done_at", "cancelled_at", "transferred_at"),
)


def _unflag(clock: Clock, reading: Reading) -> None:
    """The due instant has moved behind the flag, or the clock stood still before it (asked for in time and granted
    after it): it was not late then, and may become late only now. What an earlier round did stays."""
    clock.flagged_at = clock.urged_at = clock.reminded_at = None
    clock.ever_late = any(cycle.ended_at and cycle.ended_at > cycle.due_at for cycle in reading.cycles[:-1])
    if clock.measure is not None and clock.measure.state == MeasureState.OVERDUE:
        clock.measure.state = MeasureState.IMPLEMENTING


def wake_next(
    clock: Clock, reading: Reading, calendars: Calendars, rungs: Sequence[ClockRung] = (), limit: Limit | None = None
) -> None:
    """Store when the sweep has to look again."""
    clock.wake_at = next_wake(clock, reading, calendars, rungs, limit)


def next_wake(
    clock: Clock, reading: Reading, calendars: Calendars, rungs: Sequence[ClockRung] = (), limit: Limit | None = None
) -> datetime | None:
    """The next instant with something to do: a rung of the ladder, the end of a pause; nothing when ended. ``rungs``
    are those that were climbed just now, ``limit`` is the clock's where it is known already.

    It follows from what is stored alone: what the ladder asks for is asked as of the last rung that was climbed.
    """
    if clock.ended_at or clock.paused_at or reading.started_at is None:
        return None if clock.ended_at else reading.pause_ends_at
    limit = limit or limit_of(clock)
    fired = fired_of(clock, limit, rungs)
    calendar = calendars if isinstance(calendars, Calendar) else calendars[reading.calendar]
    climb = upcoming(limit, reading, calendar, fired, max((one.at for one in fired), default=reading.started_at))
    return climb.planned_at if climb else None


def touch(act: Act) -> None:
    """Bring the case's own due instant and lateness up to date with its clocks: what lists sort by."""
    if act.complaint is None:
        return
    case, clocks = act.case, clocks_of(act.session, act.case)
    open_clocks = [clock for clock in clocks if not clock.ended_at and clock.measure_id is None]
    case.due_at = min((clock.due_at for clock in open_clocks if not clock.paused_at), default=None)
    measured = {row.name for row in act.procedure.limits if not row.promise}
    case.overdue = any(clock.flagged_at for clock in open_clocks if clock.name not in measured)
    for clock in open_clocks:
        if clock.order is not None:
            clock.order.due_at = clock.due_at
    if case.overdue or any(clock.ever_late for clock in clocks if clock.name not in measured):
        case.was_overdue = True
    flags = [flag for flag in case.flags if flag != "超期"]
    case.flags = [*flags, "超期"] if case.overdue else flags


def clocks_of(session: Session, complaint: Complaint) -> list[Clock]:
    """The case's clocks, oldest first."""
    batch = batches.of(session)
    if batch is not None and (known := batch.of_case(Clock, complaint.id)) is not None:
        return known
    return list(session.scalars(select(Clock).where(Clock.complaint_id == complaint.id).order_by(Clock.id)))


def clock_named(
    act: Act,
    name: str,
    *,
    order: SupervisionOrder | None = None,
    measure: Measure | None = None,
    stint: Assignment | None = None,
) -> Clock | None:
    """The newest clock of that name: of the order, of the measure, of the stint, or of the case itself."""
    batches.sent(act.session, Clock)
    case = act.complaint.id if act.complaint else None
    query = select(Clock).where(Clock.complaint_id == case, Clock.name == name)
    if order is not None:
        query = query.where(Clock.order_id == order.id)
    if measure is not None:
        query = query.where(Clock.measure_id == measure.id)
    if stint is not None:
        query = query.where(Clock.assignment_id == stint.id)
    return act.session.scalars(query.order_by(Clock.id.desc()).limit(1)).first()
