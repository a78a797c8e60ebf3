"""The history: one event a verb, chained by SHA-256 for each case, and refusals that are kept too (G-16)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Complaint, Event
from workflow.access import Actor

LONGEST_NAMES = 60


def record(
    session: Session,
    complaint: Complaint | None,
    *,
    verb: str,
    text: str,
    actor: Actor,
    now: datetime,
    outcome: str = "完成",
    reason: str = "",
    changes: dict[str, Any] | None = None,
    warnings: Sequence[str] = (),
    decisions: Sequence[dict[str, Any]] = (),
) -> Event:
    """Append one event to the case's chain (or to the house's, without a case)."""
    last = _last(session, complaint)
    event = Event(
        complaint_id=complaint.id if complaint else None,
        seq=(last.seq or 0) + 1 if last else 1 if complaint else None,
        at=now,
        actor_id=actor.id,
        on_behalf_of=_shortened("、".join(actor.substituting)),
        verb=verb,
        outcome=outcome,
        text=text,
        reason=reason,
        changes=changes or {},
        warnings=list(warnings),
        decisions=list(decisions),
        previous_hash=last.hash if last else "",
    )
    event.hash = digest(event)
    session.add(event)
    session.flush()
    return event


def _shortened(names: str) -> str:
    """As many names as the column holds; nobody is kept from acting because he stands in for too many."""
    return names if len(names) <= LONGEST_NAMES else f"{names[: LONGEST_NAMES - 1]}…"


def _last(session: Session, complaint: Complaint | None) -> Event | None:
    if complaint is None:
        return None
    query = select(Event).where(Event.complaint_id == complaint.id).order_by(Event.seq.desc()).limit(1)
    return session.scalar(query)


def digest(event: Event) -> str:
    """The SHA-256 of what the event says and of the one before it."""
    content = [
        event.previous_hash,
        event.complaint_id,
        event.seq,
        event.at.astimezone(UTC).isoformat(),
        event.actor_id,
        event.on_behalf_of,
        event.verb,
        event.outcome,
        event.text,
        event.reason,
        event.changes,
        event.warnings,
        event.decisions,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def broken_links(session: Session, complaint_id: int) -> list[int]:
    """The sequence numbers at which the chain of a case does not hold."""
    broken, previous = [], ""
    query = select(Event).where(Event.complaint_id == complaint_id).order_by(Event.seq)
    for number, event in enumerate(session.scalars(query), 1):
        if event.seq != number or event.previous_hash != previous or event.hash != digest(event):
            broken.append(number)
        previous = event.hash
    return broken


def changed_in_the_house(session: Session) -> list[int]:
    """The ids of events without a case that are no longer what was recorded: exports, people, documents."""
    query = select(Event).where(Event.complaint_id.is_(None)).order_by(Event.id).execution_options(yield_per=500)
    return [event.id for event in session.scalars(query) if event.hash != digest(event)]


def timeline(session: Session, complaint: Complaint) -> list[Event]:
    """The case's story, newest first."""
    query = select(Event).where(Event.complaint_id == complaint.id).order_by(Event.seq.desc())
    return list(session.scalars(query))
