"""What was decided on past cases, as plain columns: a replay reads a hundred thousand of them in small batches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from models.clock import Clock, ClockEntry
from models.complaint import Complaint
from models.decision import CaseDecision, FactSnapshot
from models.document import FormDocument
from models.history import Event
from models.visit import Communication


def accepted(code: str, since: datetime, until: datetime) -> ColumnElement[bool]:
    """The condition on Complaint that it was accepted under that procedure in the period."""
    return and_(Complaint.procedure_code == code, Complaint.accepted_at >= since, Complaint.accepted_at < until)


def how_many(session: Session, which: ColumnElement[bool]) -> int:
    """How many cases there are."""
    return session.scalar(select(func.count(Complaint.id)).where(which)) or 0


def next_cases(session: Session, which: ColumnElement[bool], after: int, size: int) -> Sequence[Any]:
    """The next cases by their ids: id, version that judges them."""
    query = select(Complaint.id, Complaint.procedure_version).where(which, Complaint.id > after)
    return session.execute(query.order_by(Complaint.id).limit(size)).all()


def snapshots(session: Session, cases: Collection[int]) -> Sequence[Any]:
    """The facts that were kept of these cases, in the order of the deeds."""
    columns = (FactSnapshot.id, FactSnapshot.complaint_id, FactSnapshot.event_id, FactSnapshot.at, FactSnapshot.verb)
    query = select(*columns, FactSnapshot.facts).where(FactSnapshot.complaint_id.in_(cases))
    return session.execute(query.order_by(FactSnapshot.id)).all()


def answers(session: Session, cases: Collection[int]) -> Sequence[Any]:
    """What the judged stages answered: id, snapshot, version, stage, rule; in the order of asking."""
    columns = (CaseDecision.id, CaseDecision.snapshot_id, CaseDecision.procedure_version, CaseDecision.stage)
    query = select(*columns, CaseDecision.rule_id).where(
        CaseDecision.complaint_id.in_(cases), CaseDecision.snapshot_id.is_not(None)
    )
    return session.execute(query.order_by(CaseDecision.id)).all()


def changed(session: Session, decisions: Collection[int]) -> dict[int, Any]:
    """What these decisions saw beyond the facts that were kept of their deed."""
    if not decisions:
        return {}
    query = select(CaseDecision.id, CaseDecision.changed).where(CaseDecision.id.in_(decisions))
    return {row.id: row.changed for row in session.execute(query)}


def details(session: Session, events: Collection[int], stages: Collection[str]) -> dict[tuple[int, str], Any]:
    """The whole decisions of these stages in these deeds by event and stage, the last of each."""
    query = select(CaseDecision.event_id, CaseDecision.stage, CaseDecision.detail).where(
        CaseDecision.event_id.in_(events), CaseDecision.stage.in_(stages), CaseDecision.snapshot_id.is_not(None)
    )
    return {(event, stage): detail for event, stage, detail in session.execute(query.order_by(CaseDecision.id))}


def clocks(session: Session, cases: Collection[int], names: Collection[str]) -> Sequence[Any]:
    """The clocks of these names that were started on these cases and not cancelled."""
    ended = func.coalesce(Clock.done_at, Clock.transferred_at).label("ended_at")
    columns = (Clock.id, Clock.complaint_id, Clock.name, Clock.due_at, ended, Clock.paused_at)
    query = select(*columns).where(
        Clock.complaint_id.in_(cases), Clock.name.in_(names), Clock.cancelled_at.is_(None), Clock.measure_id.is_(None)
    )
    return session.execute(query.order_by(Clock.id)).all()


def clocked(session: Session, cases: Collection[int], names: Collection[str]) -> set[tuple[int, str]]:
    """Case and name of every clock of these names that was ever started on these cases, cancelled ones included."""
    query = select(Clock.complaint_id, Clock.name).where(Clock.complaint_id.in_(cases), Clock.name.in_(names))
    return {(row.complaint_id, row.name) for row in session.execute(query)}


def stops(session: Session, cases: Collection[int]) -> Sequence[Any]:
    """When the clocks of these cases stood still and went on: case, and the line of the ledger."""
    columns = (ClockEntry.kind, ClockEntry.at, ClockEntry.until, ClockEntry.reason, ClockEntry.data)
    query = select(Clock.complaint_id, *columns).join(Clock, Clock.id == ClockEntry.clock_id)
    query = query.where(Clock.complaint_id.in_(cases), ClockEntry.kind.in_(("pause", "resume")))
    return session.execute(query.order_by(ClockEntry.at, ClockEntry.id)).all()


def deeds(session: Session, cases: Collection[int]) -> Sequence[Any]:
    """What was done to these cases, oldest first: case, instant, verb."""
    query = select(Event.complaint_id, Event.at, Event.verb).where(
        Event.complaint_id.in_(cases), Event.outcome == "完成"
    )
    return session.execute(query.order_by(Event.id)).all()


def talks(session: Session, cases: Collection[int]) -> Sequence[Any]:
    """The talks of these cases: case, instant, kind, direction."""
    columns = (Communication.complaint_id, Communication.at, Communication.kind, Communication.direction)
    return session.execute(select(*columns).where(Communication.complaint_id.in_(cases))).all()


def papers(session: Session, cases: Collection[int]) -> Sequence[Any]:
    """The documents that were filled in on these cases: case, instant, kind."""
    columns = (FormDocument.complaint_id, FormDocument.created_at, FormDocument.kind)
    return session.execute(select(*columns).where(FormDocument.complaint_id.in_(cases))).all()


def closings(session: Session, cases: Collection[int]) -> dict[int, datetime | None]:
    """When each of these cases was closed; nothing for one that is open."""
    query = select(Complaint.id, Complaint.closed_at).where(Complaint.id.in_(cases))
    return {row.id: row.closed_at for row in session.execute(query)}


def entries(session: Session, clock_ids: Collection[int]) -> Sequence[Any]:
    """The ledgers of these clocks, line by line."""
    columns = (ClockEntry.clock_id, ClockEntry.kind, ClockEntry.at, ClockEntry.until, ClockEntry.reason)
    query = select(*columns, ClockEntry.data).where(ClockEntry.clock_id.in_(clock_ids))
    return session.execute(query.order_by(ClockEntry.id)).all()
