"""The work calendar in its states: each change is a new one, and a clock keeps the number of the one that counts it.

State 0 is the official calendar of the first years without any day of one's own. A state says which years it knew, so
that an official year that arrives later moves nothing by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from models import CalendarVersion
from rules.procedure import Procedure
from rules.worktime import Calendar, official
from workflow import batches

FIRST_YEARS = (2024, 2025, 2026)
KNOWN = "calendar states"


class States(Mapping[int, Calendar]):
    """The states of the calendar as a procedure counts by them, each read when it is asked for."""

    def __init__(self, session: Session, procedure: Procedure) -> None:
        self.session = session
        self.head = procedure.head

    def __getitem__(self, number: int) -> Calendar:
        years, days = state(self.session, number)
        return _calendar(self.head.calendar, self.head.intervals, years, days)

    def __contains__(self, number: object) -> bool:
        try:
            return isinstance(number, int) and bool(state(self.session, number))
        except KeyError:
            return False

    def __iter__(self) -> Iterator[int]:
        return iter([0, *self.session.scalars(select(CalendarVersion.id).order_by(CalendarVersion.id))])

    def __len__(self) -> int:
        return 1 + (self.session.scalar(select(func.count(CalendarVersion.id))) or 0)


def state(session: Session, number: int) -> tuple[tuple[int, ...], str]:
    """The years that a state knew and its own days as JSON; ``KeyError`` where there is no such state."""
    known: dict[int, tuple[tuple[int, ...], str]] = session.info.setdefault(KNOWN, {0: (FIRST_YEARS, "{}")})
    if number not in known:
        row = session.get(CalendarVersion, number)
        if row is None:
            raise KeyError(number)
        known[number] = (tuple(row.years), json.dumps(row.days, ensure_ascii=False, sort_keys=True))
    return known[number]


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _transaction: Any) -> None:
    """A state that was undone is none; its number may be given to another."""
    session.info.pop(KNOWN, None)


@lru_cache(maxsize=128)
def _calendar(kind: str, intervals: tuple[str, ...], years: tuple[int, ...], days: str) -> Calendar:
    """A state as a calendar; the tables that it makes of its years serve the whole process."""
    return official().counting(kind).state(years, json.loads(days)).with_intervals(intervals)


def newest(session: Session) -> int:
    """The number of the state that counts from now on."""
    return batches.once(session, "newest calendar", lambda: session.scalar(select(func.max(CalendarVersion.id))) or 0)


def calendar_of(session: Session, procedure: Procedure) -> Calendar:
    """The calendar of this procedure now."""
    return States(session, procedure)[newest(session)]
