"""How many cases of the last months a row of a decision table matches: shown while the row is written."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from models import Complaint
from models.queries import conditions, counts
from rules.facts import lookup
from rules.procedure import Procedure, compiled
from rules.quantities import SHANGHAI
from rules.questions import Test
from rules.telling import is_telling
from workflow.access import Actor, scope

LOOKED_AT = 20_000
"""Where a cell asks how many other cases there are, so many cases are looked at, the newest first."""
LISTED = 500


@dataclass(frozen=True)
class Matches:
    """The figure. It counts every case of the procedure, also those outside the scope of who asks.

    A row that asks whose case it is, or which one, counts what he may see alone: else whoever may edit a draft could
    find out by guessing who has complained about whom.
    """

    number: int
    capped: bool
    """Whether only the newest cases were looked at, back to ``since``."""
    since: datetime
    uncounted: tuple[str, ...] = ()
    """Facts of the row that belong to a deed and not to a stored case: the figure leaves their tests out."""
    own: bool = False
    """Whether only the cases that the person may see were counted."""


@dataclass(frozen=True)
class _Asked:
    """What is counted: the condition, since when, what was left out, and whether it could mean one single case."""

    condition: ColumnElement[bool]
    since: datetime
    capped: bool
    uncounted: tuple[str, ...]
    telling: bool


def matches(
    session: Session, procedure: Procedure, when: Mapping[str, Any], *, actor: Actor, now: datetime, months: int = 12
) -> Matches:
    """How many cases accepted in these months the tests hold for, by what is stored of them today.

    Raises rules.table.TestFault when a cell is no test. It is a figure over all cases, as long as it tells of none of
    them: the caller says who may ask.
    """
    asked = _asked(session, procedure, when, now, months)
    own = asked.telling and not actor.is_system
    number = _count(session, asked.condition, *([scope(actor)] if own else []))
    return Matches(number, asked.capped, asked.since, asked.uncounted, own and not actor.sees_all)


def decided_above(
    session: Session,
    procedure: Procedure,
    when: Mapping[str, Any],
    above: Iterable[Mapping[str, Any]],
    *,
    actor: Actor,
    now: datetime,
    months: int = 12,
) -> int:
    """Of these cases those for which one of the rows above holds: where the first row that holds decides, they never
    get here. A row above that cannot be asked of stored cases, or could tell of one of them, is left out."""
    asked, seen = _asked(session, procedure, when, now, months), counts.columns(procedure)
    own = not (actor.is_system or actor.sees_all)
    rows = []
    for row in above:
        tests = procedure.tests_of(row)
        known = all(name in seen and not seen[name].slow for name in tests)
        if known and not (own and any(_tells(procedure, name, test) for name, test in tests.items())):
            rows.append(conditions.holds(tests, seen))
    if not rows:
        return 0
    return _count(session, asked.condition, or_(*rows), *([scope(actor)] if own and asked.telling else []))


def visible(
    session: Session, procedure: Procedure, when: Mapping[str, Any], *, actor: Actor, now: datetime, months: int = 12
) -> int:
    """How many of these cases the person may see."""
    return _count(session, _asked(session, procedure, when, now, months).condition, scope(actor))


def matching_ids(
    session: Session, procedure: Procedure, when: Mapping[str, Any], *, actor: Actor, now: datetime, months: int = 12
) -> list[int]:
    """The cases behind the figure as far as the person may see them, the newest first, at most ``LISTED``."""
    asked = _asked(session, procedure, when, now, months)
    query = select(Complaint.id).where(asked.condition, scope(actor))
    return list(session.scalars(query.order_by(Complaint.accepted_at.desc(), Complaint.id.desc()).limit(LISTED)))


def _asked(session: Session, procedure: Procedure, when: Mapping[str, Any], now: datetime, months: int) -> _Asked:
    tests, seen, since = compiled(when, procedure.facts), counts.columns(procedure), months_before(now, months)
    slow = {name: test for name, test in tests.items() if name in seen and seen[name].slow}
    fast = {name: test for name, test in tests.items() if name in seen and name not in slow}
    uncounted = tuple(name for name in tests if name not in seen)
    telling = any(_tells(procedure, name, test) for name, test in {**fast, **slow}.items())
    condition = and_(
        Complaint.procedure_code == procedure.code,
        Complaint.accepted_at.between(since, now),
        conditions.holds(fast, seen),
    )
    if not slow:
        return _Asked(condition, since, False, uncounted, telling)
    oldest = session.scalar(
        select(Complaint.accepted_at).where(condition).order_by(Complaint.accepted_at.desc()).offset(LOOKED_AT).limit(1)
    )
    if oldest is not None:
        condition, since = and_(condition, Complaint.accepted_at > oldest), oldest
    return _Asked(and_(condition, conditions.holds(slow, seen)), since, oldest is not None, uncounted, telling)


def _tells(procedure: Procedure, name: str, test: Test) -> bool:
    return is_telling(name, lookup(name, procedure.facts), test)


def _count(session: Session, *such: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Complaint).where(*such)) or 0


def months_before(now: datetime, months: int) -> datetime:
    """The same moment so many months ago, on the last day of a month that is shorter."""
    here = now.astimezone(SHANGHAI)
    year, month = divmod(here.year * 12 + here.month - 1 - months, 12)
    return here.replace(year=year, month=month + 1, day=min(here.day, monthrange(year, month + 1)[1]))
