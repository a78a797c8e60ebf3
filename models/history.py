"""What happened, who did it and why: append-only, chained by SHA-256 for each case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.complaint import Complaint
from models.db import Base, Key, Numbered
from models.organisation import Staff


class Event(Numbered, Base):
    """One line of history. ``decisions`` keeps rule, version, facts seen and near-misses of each decision taken."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("complaint_id", "seq"),
        Index("ix_event_at", "at", "id"),
        Index("ix_event_verb_at", "verb", "at"),
    )

    complaint_id: Mapped[int | None] = mapped_column(Key, ForeignKey("complaint.id"))
    seq: Mapped[int | None]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    on_behalf_of: Mapped[str] = mapped_column(String(60), default="")
    verb: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(10), default="完成")
    """完成, 拒绝 or 查看."""
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Field label to ``[old, new]``, both as shown."""
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    decisions: Mapped[list[Any]] = mapped_column(default=list)
    previous_hash: Mapped[str] = mapped_column(String(64), default="")
    hash: Mapped[str] = mapped_column(String(64), default="")

    complaint: Mapped[Complaint | None] = relationship()
    actor: Mapped[Staff | None] = relationship()


APPEND_ONLY = ("event", "clock_entry", "fact_snapshot", "case_decision", "near_miss", "calendar_version", "clock_rung")

SQLITE_GUARDS = [
    DDL(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    ).execute_if(dialect="sqlite")
    for table in APPEND_ONLY
    for verb in ("UPDATE", "DELETE")
]
POSTGRES_GUARDS = [
    DDL(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$"
    ).execute_if(dialect="postgresql"),
    *(
        DDL(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        ).execute_if(dialect="postgresql")
        for table in APPEND_ONLY
    ),
]
for guard in (*SQLITE_GUARDS, *POSTGRES_GUARDS):
    event.listen(Base.metadata, "after_create", guard)
