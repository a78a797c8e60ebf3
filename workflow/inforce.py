"""Which version of each procedure is in force: one question for all of them, asked once a unit of work.

What was found is kept with the session until its transaction ends, or until an activation or a version is written in
it, so that a registration does not ask four times and a process never answers from yesterday.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import event, select
from sqlalchemy.orm import Session, object_session

from models import ProcedureActivation, ProcedureVersion

AGREED = "同意"
PLACE = "in_force"
OF_PROCEDURES = (ProcedureActivation, ProcedureVersion)
Thing = TypeVar("Thing")
Reign = tuple[str, int | None, int | None]
"""Code, number in force, and the last number that was."""


def numbers(session: Session, now: datetime) -> Mapping[str, int]:
    """Code to the number of the version in force at ``now``, in the order of the codes."""
    return {code: number for code, number, _last in _reigns(session, now) if number is not None}


def latest(session: Session, now: datetime) -> Mapping[str, int]:
    """The same of every procedure that has begun: of one that was retired, the version that was in force last."""
    return {code: last for code, _number, last in _reigns(session, now) if last is not None}


def _reigns(session: Session, now: datetime) -> list[Reign]:
    return once(session, ("reigns", now), lambda: _read(session, now))


def _read(session: Session, now: datetime) -> list[Reign]:
    """The agreed request with the latest instant not after ``now`` counts; of two with the same instant the one that
    was agreed to last: so a version for later can still be replaced."""
    query = select(ProcedureActivation.code, ProcedureActivation.number).where(
        ProcedureActivation.decision == AGREED, ProcedureActivation.from_at <= now
    )
    order = (ProcedureActivation.from_at, ProcedureActivation.decided_at, ProcedureActivation.id)
    found: dict[str, tuple[int | None, int | None]] = {}
    for code, number in session.execute(query.order_by(ProcedureActivation.code, *order)):
        found[code] = number, number if number is not None else found.get(code, (None, None))[1]
    return [(code, number, past) for code, (number, past) in found.items()]


def once(session: Session, key: Any, look: Callable[[], Thing]) -> Thing:
    """What ``look`` finds; within a unit of work it looks once."""
    if key not in _kept(session):
        found = look()  # before what is kept is asked for again: looking may send what makes it worthless
        _kept(session)[key] = found
    known: Thing = _kept(session)[key]
    return known


def _kept(session: Session) -> dict[Any, Any]:
    """What was found in this transaction."""
    transaction, known = session.info.get(PLACE, (None, {}))
    if transaction is None or transaction is not session.get_transaction():
        known = {}
        session.info[PLACE] = (session.get_transaction(), known)
    return known


def _forget(_mapper: Any, _connection: Any, row: Any) -> None:
    session = object_session(row)
    if session is not None:
        session.info.pop(PLACE, None)


for _table in OF_PROCEDURES:
    for _deed in ("after_insert", "after_update", "after_delete"):
        event.listen(_table, _deed, _forget)


@event.listens_for(Session, "after_soft_rollback")
def _forget_undone(session: Session, _previous: Any) -> None:
    session.info.pop(PLACE, None)
