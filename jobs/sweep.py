"""超期扫描: every clock that has something to do, found by its index, one transaction each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.runner import Item, Job
from models import Clock
from workflow import wakeups


def find(session: Session, now: datetime) -> Iterable[Item]:
    """The clocks that are due, earliest first."""
    query = select(Clock.id, Clock.wake_at).where(Clock.wake_at <= now).order_by(Clock.wake_at, Clock.id)
    return [Item("clock", key, since) for key, since in session.execute(query)]


def do(session: Session, item: Item, now: datetime) -> bool:
    """Remind, flag or urge; False when another scheduler had claimed the clock."""
    return wakeups.wake(session, item.id, now) is not None


JOB = Job("sweep", "超期扫描", find, do)
