"""数据统计: what SQLite's planner has to know of the data, told once a night; PostgreSQL finds it out by itself.

``PRAGMA optimize`` of the SQLite that ships with many systems looks only at tables that its own connection has queried,
which a nightly one has not; so every table is looked at, each index by a sample, as ``optimize`` itself would.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from jobs.runner import Item, Job

SAMPLE = 1000
"""Rows of each index: enough to choose by, and done in a moment whatever the size."""


def find(session: Session, _now: datetime) -> Iterable[Item]:
    """The database, where it does not look after this itself."""
    return [Item("database", 0)] if session.get_bind().dialect.name == "sqlite" else []


def do(session: Session, _item: Item, _now: datetime) -> None:
    """Look at every index, and keep what was seen."""
    session.execute(text(f"PRAGMA analysis_limit = {SAMPLE}"))
    session.execute(text("ANALYZE"))


JOB = Job("planning", "数据统计", find, do)
