"""Whether what is stored still follows from what was recorded: due instants from the ledger, history from its chain."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Complaint, Event
from rules.worktime import Calendar
from workflow import calendars, history, procedures, timekeeping


def differences(session: Session) -> Iterator[str]:
    """One line for each stored value that is not what it must be; none when all is well."""
    calendar_of: dict[tuple[str, int], Calendar] = {}
    for complaint in session.scalars(select(Complaint).order_by(Complaint.id).execution_options(yield_per=500)):
        key = (complaint.procedure_code, complaint.procedure_version)
        if key not in calendar_of:
            calendar_of[key] = calendars.calendar_of(session, procedures.version(session, *key))
        yield from _clocks(session, complaint, calendar_of[key])
        yield from _case(session, complaint)
        for number in history.broken_links(session, complaint.id):
            yield f"{complaint.case_no} 历史第 {number} 条与哈希链不符"
    for event_id in history.changed_in_the_house(session):
        yield f"无案件的历史 {event_id} 与哈希不符"


def _clocks(session: Session, complaint: Complaint, calendar: Calendar) -> Iterator[str]:
    """Every clock of the case against the recomputation from its own ledger."""
    for clock in timekeeping.clocks_of(session, complaint):
        reading = timekeeping.read(session, clock, calendar)
        for name in ("due_at", "original_due_at", "provisional", "paused_at", "done_at", "cycle"):
            stored, computed = getattr(clock, name), getattr(reading, name)
            if stored != computed:
                yield f"{complaint.case_no} 时限 {clock.name} {name}:存 {stored},应为 {computed}"
        expected = timekeeping.next_wake(clock, reading)
        if clock.wake_at != expected:
            yield f"{complaint.case_no} 时限 {clock.name} wake_at:存 {clock.wake_at},应为 {expected}"


def _case(session: Session, complaint: Complaint) -> Iterator[str]:
    """The case's own due instant and the length of its history."""
    running = [
        clock
        for clock in timekeeping.clocks_of(session, complaint)
        if not (clock.done_at or clock.cancelled_at or clock.paused_at or clock.measure_id)
    ]
    earliest = min((clock.due_at for clock in running), default=None)
    if complaint.due_at != earliest:
        yield f"{complaint.case_no} 截止时间:存 {complaint.due_at},应为 {earliest}"
    of_case = Event.complaint_id == complaint.id
    count, last = session.execute(select(func.count(), func.max(Event.seq)).where(of_case)).one()
    if count != (last or 0):
        yield f"{complaint.case_no} 历史共 {count} 条,末条编号 {last}"
