"""The history: one event a verb, chained by SHA-256 for each case, and refusals that are kept too (G-16)."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Complaint, Event
from workflow import batches
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
    last, before = _last(session, complaint)
    event: Event = batches.write(
        session,
        Event,
        complaint_id=complaint.id if complaint else None,
        seq=last + 1 if complaint else None,
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
        previous_hash=before,
    )
    event.hash = digest(event)
    if complaint is not None and (batch := batches.of(session)) is not None:
        batch.chains[complaint.id] = (last + 1, event.hash)
    session.flush()
    return event


def _shortened(names: str) -> str:
    """As many names as the column holds; nobody is kept from acting because he stands in for too many."""
    return names if len(names) <= LONGEST_NAMES else f"{names[: LONGEST_NAMES - 1]}…"


def _last(session: Session, complaint: Complaint | None) -> tuple[int, str]:
    """Number and hash of the last line of the case; 0 and nothing where there is none."""
    if complaint is None:
        return 0, ""
    batch = batches.of(session)
    if batch is not None and complaint.id in batch.cases:
        return batch.chains.get(complaint.id, (0, ""))
    query = select(Event.seq, Event.hash).where(Event.complaint_id == complaint.id).order_by(Event.seq.desc()).limit(1)
    found = session.execute(query).first()
    return (found.seq or 0, found.hash) if found else (0, "")


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
    return broken_among(session, [complaint_id]).get(complaint_id, [])


def broken_among(session: Session, complaint_ids: Sequence[int]) -> dict[int | None, list[int]]:
    """The same for many cases at once; those whose chain holds are not named."""
    broken: dict[int | None, list[int]] = defaultdict(list)
    query = select(Event).where(Event.complaint_id.in_(complaint_ids)).order_by(Event.complaint_id, Event.seq)
    events = session.scalars(query.execution_options(yield_per=500))
    for case, lines in groupby(events, key=lambda event: event.complaint_id):
        previous = ""
        for number, event in enumerate(lines, 1):
            if event.seq != number or event.previous_hash != previous or event.hash != digest(event):
                broken[case].append(number)
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
