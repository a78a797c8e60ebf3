"""Whether what is stored still follows from what was recorded: due instants from the ledger, history from its chain.

Cases are looked over some hundred at a time, each hundred by a few statements, and then forgotten: a million cases need
no more memory than a thousand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import Clock, Complaint
from rules.clocks import Calendars
from workflow import calendars, history, procedures, timekeeping

AT_ONCE = 200


def differences(session: Session) -> Iterator[str]:
    """One line for each stored value that is not what it must be; none when all is well."""
    states: dict[tuple[str, int], Calendars] = {}
    last = 0
    while found := _next(session, last):
        clocks, broken = _clocks_of(session, found), history.broken_among(session, list(found))
        for key, complaint in found.items():
            document = (complaint.procedure_code, complaint.procedure_version)
            if document not in states:
                states[document] = calendars.States(session, procedures.version(session, *document))
            for clock in clocks[key]:
                yield from _clock(complaint, clock, states[document])
            yield from _case(complaint, clocks[key])
            for number in broken.get(key, ()):
                yield f"{complaint.case_no} 历史第 {number} 条与哈希链不符"
        last = max(found)
    for event_id in history.changed_in_the_house(session):
        yield f"无案件的历史 {event_id} 与哈希不符"


def _next(session: Session, last: int) -> dict[int, Complaint]:
    query = select(Complaint).where(Complaint.id > last).order_by(Complaint.id).limit(AT_ONCE)
    return {complaint.id: complaint for complaint in session.scalars(query)}


def _clocks_of(session: Session, cases: Mapping[int, Complaint]) -> dict[int | None, list[Clock]]:
    query = select(Clock).where(Clock.complaint_id.in_(cases)).order_by(Clock.id)
    query = query.options(selectinload(Clock.entries), selectinload(Clock.rungs))
    found: dict[int | None, list[Clock]] = defaultdict(list)
    for clock in session.scalars(query):
        found[clock.complaint_id].append(clock)
    return found


def _clock(complaint: Complaint, clock: Clock, states: Calendars) -> Iterator[str]:
    """A clock against the recomputation from its own ledger."""
    reading = timekeeping.read(clock, states)
    for name, computed in timekeeping.as_stored(reading).items():
        stored = getattr(clock, name)
        if stored != computed:
            yield f"{complaint.case_no} 时限 {clock.name} {name}:存 {stored},应为 {computed}"
    expected = timekeeping.next_wake(clock, reading, states)
    if clock.wake_at != expected:
        yield f"{complaint.case_no} 时限 {clock.name} wake_at:存 {clock.wake_at},应为 {expected}"


def _case(complaint: Complaint, clocks: list[Clock]) -> Iterator[str]:
    """The case's own due instant."""
    running = [clock for clock in clocks if not (clock.ended_at or clock.paused_at or clock.measure_id)]
    earliest = min((clock.due_at for clock in running), default=None)
    if complaint.due_at != earliest:
        yield f"{complaint.case_no} 截止时间:存 {complaint.due_at},应为 {earliest}"
