"""The deadlines of a replay: each ledger of a past case read again with the limit that another version gives it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.queries import recorded
from rules import clocks as ledger
from rules.clocks import BadLedger, Calendars, Limit, NoDueTime, TooFar
from rules.procedure import Procedure
from workflow import timekeeping
from workflow.act import shown
from workflow.calendars import States

LATE, NO_LONGER_LATE, EARLIER, LATER, NO_CLOCK = "会超期", "不再超期", "截止更早", "截止更晚", "不再计时"
STAGE = "limits"


@dataclass(frozen=True)
class Shift:
    """One clock of a case that the other version would have read otherwise."""

    case: int
    kind: str
    name: str
    started: datetime
    old: Mapping[str, Any]
    new: Mapping[str, Any]


def changed_limits(old: Procedure, new: Procedure) -> frozenset[str]:
    """The names of the limits that are not the same in both; all of them when the working hours differ."""
    names = {limit.name for limit in (*old.limits, *new.limits)}
    if old.head.intervals != new.head.intervals or old.head.calendar != new.head.calendar:
        return frozenset(names)
    return frozenset(name for name in names if old.limit(name) != new.limit(name))


def shifts(
    session: Session,
    new: Procedure,
    cases: Collection[int],
    names: Collection[str],
    now: datetime,
    dropped: Collection[tuple[int, str]] = (),
) -> list[Shift]:
    """What becomes of the clocks of these names on these cases; a ledger that makes no sense then is left out.

    ``dropped`` are those that the other version would not have started, by case and name.
    """
    if not names or not cases:
        return []
    rows = recorded.clocks(session, cases, names)
    lines: dict[int, list[Any]] = {row.id: [] for row in rows}
    for entry in recorded.entries(session, list(lines)):
        lines[entry.clock_id].append(entry)
    calendars = States(session, new)
    limits = {row.name: row.limit() for row in new.limits if row.name in names}
    found = []
    for row in rows:
        limit = None if (row.complaint_id, row.name) in dropped else limits.get(row.name)
        found.append(_shift(row, lines[row.id], limit, calendars, now))
    return [shift for shift in found if shift is not None]


def _shift(row: Any, lines: Sequence[Any], limit: Limit | None, calendars: Calendars, now: datetime) -> Shift | None:
    was_late = is_late(row.due_at, row.ended_at, row.paused_at, now)
    old = {"name": row.name, "due_at": row.due_at.isoformat(), "late": was_late}
    started = lines[0].at if lines else row.due_at
    if limit is None:
        return Shift(row.complaint_id, NO_LONGER_LATE if was_late else NO_CLOCK, row.name, started, old, {})
    try:
        reading = ledger.read(timekeeping.entries_from(lines), limit, calendars)
    except (BadLedger, NoDueTime, TooFar):
        return None
    if reading.due_at is None or reading.due_at == row.due_at:
        return None
    late = is_late(reading.due_at, reading.ended_at, reading.paused_at, now)
    seen = {"name": row.name, "due_at": reading.due_at.isoformat(), "late": late, "steps": list(reading.steps)}
    kind = EARLIER if reading.due_at < row.due_at else LATER
    if late != was_late:
        kind = LATE if late else NO_LONGER_LATE
    return Shift(row.complaint_id, kind, row.name, started, old, seen)


def is_late(due: datetime, ended: datetime | None, paused: datetime | None, now: datetime) -> bool:
    """Whether it was met late, or runs late now; a clock that stands still is judged by when it stopped."""
    return (ended or paused or now) > due


def words(side: Mapping[str, Any]) -> str:
    """A clock in words: its name and when it was due."""
    return f"{side['name']} {shown(datetime.fromisoformat(side['due_at']))}" if side else ""
