"""超期扫描: every clock that has something to do, found by its index, a page at a time, a transaction a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import exists, literal, select, tuple_
from sqlalchemy.orm import Session

from jobs.runner import Handled, Item, Job
from models import Clock, ParkedItem
from workflow import wakeups
from workflow.batches import Together

NAME, TABLE = "sweep", "clock"
PAGE = 400
"""As many as a person who saves may have to wait for."""


def find(session: Session, now: datetime, after: Item | None = None) -> Iterable[Item]:
    """The next clocks that are due and not parked until later, earliest first."""
    parked = exists().where(
        ParkedItem.job == NAME, ParkedItem.table == TABLE, ParkedItem.item_id == Clock.id, ParkedItem.retry_at > now
    )
    query = select(Clock.id, Clock.wake_at).where(Clock.wake_at <= now, ~parked)
    if after is not None:
        last = tuple_(literal(after.due_at, Clock.wake_at.type), literal(after.id))
        query = query.where(tuple_(Clock.wake_at, Clock.id) > last)
    found = session.execute(query.order_by(Clock.wake_at, Clock.id).limit(PAGE))
    return [Item(TABLE, key, since) for key, since in found]


def do(session: Session, item: Item, now: datetime) -> bool:
    """Remind, flag or urge; False when another scheduler had claimed the clock."""
    return wakeups.wake(session, item.id, now) is not None


def do_page(session: Together, items: Sequence[Item], now: datetime) -> Handled:
    """A page of clocks; those whose deed reaches further than their case come back to be done alone."""
    done, alone = wakeups.wake_many(session, [item.id for item in items], now)
    return Handled([i for i in items if i.id in done], [i for i in items if i.id in alone])


JOB = Job(NAME, "超期扫描", find, do, do_page)
