"""What the background did: every run, and every item that it could not finish."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Numbered


class JobRun(Numbered, Base):
    """One run of one job: when it should have and when it did, what it found, how late the latest item was."""

    __tablename__ = "job_run"
    __table_args__ = (Index("ix_job_run_name_started", "name", "started_at"),)

    name: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    as_of: Mapped[datetime]
    done: Mapped[int] = mapped_column(default=0)
    parked: Mapped[int] = mapped_column(default=0)
    latest_by_seconds: Mapped[int] = mapped_column(default=0)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
    host: Mapped[str] = mapped_column(String(100), default="")


class ParkedItem(Numbered, Base):
    """An item that a job could not handle, put aside with the reason so that the others go on."""

    __tablename__ = "parked_item"
    __table_args__ = (UniqueConstraint("job", "table_name", "item_id"),)

    job: Mapped[str] = mapped_column(String(40))
    table: Mapped[str] = mapped_column("table_name", String(40))
    item_id: Mapped[int]
    attempts: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    retry_at: Mapped[datetime]
    error: Mapped[str] = mapped_column(Text)
