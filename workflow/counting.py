"""Facts that cost more to know than a look at the case: read only when a rule of its procedure asks for them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, event, select
from sqlalchemy.orm import Session

from models import Clock, Complainant, Complaint
from models.queries import counts
from rules.procedure import Procedure
from workflow import batches

if TYPE_CHECKING:
    from workflow.act import Act

LATE = "late_clocks"
WRITTEN = "cases written"


def known_counts(act: Act) -> dict[str, Any]:
    """How many other cases are like this one, in one query for all counts of the document; and the limits that ran out.

    Within one deed it is asked again only after a case, a caller or a clock was written.
    """
    if not counted(act.procedure) and LATE not in act.procedure.asked:
        return {}
    if act.session.autoflush:
        act.session.flush()
    state = (act.case.id, act.session.info.get(WRITTEN, 0))
    if act.counts is None or act.counts[0] != state:
        act.counts = (state, _counts(act) | _late(act))
    return act.counts[1]


def counted(procedure: Procedure) -> tuple[str, ...]:
    """The counts of the document that one of its rules asks for."""
    return tuple(row.key for row in procedure.counts if row.key in procedure.asked)


def _counts(act: Act) -> dict[str, Any]:
    query = _query(counts.Same(act.procedure))
    if query is None:
        return {}
    return dict(act.session.execute(query.where(Complaint.id == act.case.id)).mappings().one_or_none() or {})


def _late(act: Act) -> dict[str, Any]:
    """The limits that ran out, each once; within a batch its deeds may have flagged some that are not yet written."""
    if LATE not in act.procedure.asked:
        return {}
    batch = batches.of(act.session)
    known = batch.of_case(Clock, act.case.id) if batch else None
    late = select(Clock.name).where(Clock.complaint_id == act.case.id, Clock.ever_late).order_by(Clock.id)
    names = act.session.scalars(late) if known is None else [clock.name for clock in known if clock.ever_late]
    return {LATE: list(dict.fromkeys(names))}


@lru_cache(maxsize=32)
def _query(same: counts.Same) -> Select[Any] | None:
    """All counts of a case in one SELECT, built once for a document; nothing when its rules ask for none."""
    names = counted(same.procedure)
    if not names:
        return None
    columns = counts.columns(same.procedure)
    found = [columns[name].value.label(name) for name in names if name in columns]
    return select(*found).select_from(Complaint) if found else None


@event.listens_for(Session, "after_flush")
def _count_writing(session: Session, _context: Any) -> None:
    """Whatever was counted before a case changed is no longer known."""
    written = (*session.new, *session.dirty, *session.deleted)
    if any(isinstance(thing, Complaint | Complainant | Clock) for thing in written):
        _forget(session)


@event.listens_for(Session, "after_soft_rollback")
def _count_undoing(session: Session, _transaction: Any) -> None:
    """What was undone is no longer known either."""
    _forget(session)


def _forget(session: Session) -> None:
    session.info[WRITTEN] = session.info.get(WRITTEN, 0) + 1
