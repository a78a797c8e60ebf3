"""The clocks of a case: start, meet, cancel, recompute. A deed is a line in the ledger; due instants follow from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Assignment, Clock, ClockEntry, Complaint, Department, ExtensionRequest, Measure, SupervisionOrder
from rules import clocks as ledger
from rules.clocks import Calendars, Entry, EntryKind, Limit, Reading
from rules.ladder import Fired, upcoming
from rules.limits import named_instant, too_far_named
from rules.time_rows import LimitRow
from rules.unary import every, parse_test
from rules.vocabulary import MeasureState, RungDeed, State
from rules.worktime import Calendar
from workflow import batches
from workflow.act import Act, shown
from workflow.arguments import SHANGHAI
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
    return [Entry.of(line.kind, line.at, line.until, line.reason, line.data) for line in clock.entries]


def fired_of(clock: Clock, limit: Limit) -> list[Fired]:
    """The rungs that were climbed in this cycle; a clock that is older than its ladder has its marks."""
    climbed = [Fired(row.rung, row.nth, row.fired_at) for row in clock.rungs if row.cycle == clock.cycle]
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
    clock = _find(act, name, order=order, measure=measure)
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


def meet(act: Act, name: str, *, order: SupervisionOrder | None = None, measure: Measure | None = None) -> None:
    """The promise is kept now, in time or late; late stays late (G-11)."""
    clock = _find(act, name, order=order, measure=measure)
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


def cancel(act: Act, name: str, *, measure: Measure | None = None, reason: str) -> None:
    """The promise is void."""
    clock = _find(act, name, measure=measure)
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
    clock.steps = list(reading.steps)
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


def wake_next(clock: Clock, reading: Reading, calendars: Calendars) -> None:
    """Store when the sweep has to look again."""
    clock.wake_at = next_wake(clock, reading, calendars)


def next_wake(clock: Clock, reading: Reading, calendars: Calendars) -> datetime | None:
    """The next instant with something to do: a rung of the ladder, the end of a pause; nothing when ended.

    It follows from what is stored alone: what the ladder asks for is asked as of the last rung that was climbed.
    """
    if clock.ended_at or clock.paused_at or reading.started_at is None:
        return None if clock.ended_at else reading.pause_ends_at
    limit = limit_of(clock)
    fired = fired_of(clock, limit)
    calendar = calendars if isinstance(calendars, Calendar) else calendars[reading.calendar]
    climb = upcoming(limit, reading, calendar, fired, max((one.at for one in fired), default=reading.started_at))
    return climb.planned_at if climb else None


def touch(act: Act) -> None:
    """Bring the case's own due instant and lateness up to date with its clocks: what lists sort by."""
    if act.complaint is None:
        return
    open_clocks = [
        clock for clock in clocks_of(act.session, act.case) if not clock.ended_at and clock.measure_id is None
    ]
    case = act.case
    case.due_at = min((clock.due_at for clock in open_clocks if not clock.paused_at), default=None)
    measured = {row.name for row in act.procedure.limits if not row.promise}
    case.overdue = any(clock.flagged_at for clock in open_clocks if clock.name not in measured)
    for clock in open_clocks:
        if clock.order is not None:
            clock.order.due_at = clock.due_at
    promises = [clock for clock in clocks_of(act.session, case) if clock.name not in measured]
    if case.overdue or any(clock.ever_late for clock in promises):
        case.was_overdue = True
    flags = [flag for flag in case.flags if flag != "超期"]
    case.flags = [*flags, "超期"] if case.overdue else flags


def clocks_of(session: Session, complaint: Complaint) -> list[Clock]:
    """The case's clocks, oldest first."""
    batch = batches.of(session)
    if batch is not None and (known := batch.of_case(Clock, complaint.id)) is not None:
        return known
    return list(session.scalars(select(Clock).where(Clock.complaint_id == complaint.id).order_by(Clock.id)))


def _find(
    act: Act, name: str, *, order: SupervisionOrder | None = None, measure: Measure | None = None
) -> Clock | None:
    """The newest clock of that name: of the order, of the measure, or of the case itself."""
    batches.sent(act.session, Clock)
    case = act.complaint.id if act.complaint else None
    query = select(Clock).where(Clock.complaint_id == case, Clock.name == name)
    if order is not None:
        query = query.where(Clock.order_id == order.id)
    if measure is not None:
        query = query.where(Clock.measure_id == measure.id)
    return act.session.scalars(query.order_by(Clock.id.desc()).limit(1)).first()


def by_document(act: Act) -> None:
    """Start, meet and cancel what the procedure's limits say of this verb (``verb``, ``verb:kind``, ``verb:去``).

    A limit whose number the case itself gives (``amount_from``) is started by the verb that knows the number; one that
    belongs to a stint begins with the stint.
    """
    if act.complaint is None and act.measure is None:
        return
    if act.changes.get("状态", [""])[0] == State.SUSPENDED:
        go_on(act)
    if act.verb == "communicate" and act.given("direction", "去") == "去":
        _told_of_extensions(act)
    marks = {act.verb, f"{act.verb}:{act.given('kind')}", f"{act.verb}:{act.given('direction', '去')}"}
    for limit in act.procedure.limits:
        if marks & set(limit.met_by):
            meet(act, limit.name, order=act.order, measure=act.measure)
        if marks & set(limit.cancelled_by):
            cancel(act, limit.name, reason=act.reason or act.verb)
        if marks & set(limit.started_by) and _starts_itself(act, limit):
            _start_by_document(act, limit)


def _starts_itself(act: Act, limit: LimitRow) -> bool:
    """Whether the document alone says how long it is: not where the deed, or the stint, brings that along."""
    known = limit.amount is not None or bool(limit.until_from)
    return known and not limit.per and act.verb != "start_clock" and act.complaint is not None


def _told_of_extensions(act: Act) -> None:
    """The complainant was talked to: he knows of the extensions that were granted."""
    query = select(ExtensionRequest).where(
        ExtensionRequest.complaint_id == act.case.id,
        ExtensionRequest.decision == "同意",
        ExtensionRequest.told_at.is_(None),
    )
    for granted in act.session.scalars(query):
        granted.told_at = act.now


def _start_by_document(act: Act, limit: LimitRow) -> None:
    """Once in each round of the case, as soon as the tests of the limit hold."""
    known = _find(act, limit.name)
    if known is not None and (not known.ended_at or known.cycle >= act.case.round):
        return
    facts = act.facts()
    if not _holds(limit, facts):
        return
    at = _trigger(limit, facts, act.now)
    until = _named(act, limit, facts, at)
    if known is None or known.transferred_at or known.cancelled_at:
        begin(act, limit.name, at=at, until=until, row=limit)
    else:
        again(act, limit.name, until=until)


def _holds(limit: LimitRow, facts: Mapping[str, Any]) -> bool:
    return bool(every(parse_test(raw).holds(facts.get(name)) for name, raw in limit.when.items()))


def _trigger(limit: LimitRow, facts: Mapping[str, Any], now: datetime) -> datetime:
    """The instant that it counts from; the deed's own where none is named or known."""
    found = facts.get(limit.trigger) if limit.trigger else None
    if isinstance(found, datetime):
        return found
    return datetime.combine(found, time(0), SHANGHAI) if isinstance(found, date) else now


def _named(act: Act, limit: LimitRow, facts: Mapping[str, Any], at: datetime) -> datetime | None:
    """The day or instant that the case names, which wins over the amount; one that is later than usual is doubted."""
    named = facts.get(limit.until_from) if limit.until_from else None
    if not isinstance(named, date):
        return None
    calendar, counted = states_for(act)[newest(act.session)], limit.limit()
    if (latest := too_far_named(counted, named, at, calendar)) is not None:
        act.warn(f"{limit.name}指定的时间晚于 {shown(latest)},请确认")
    return named_instant(named, calendar, counted, at)


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
        if limit.per != stint.kind or limit.amount is None or limit.name in running:
            continue
        if _holds(limit, act.facts()):
            begin(act, limit.name, stint=stint, row=limit)
