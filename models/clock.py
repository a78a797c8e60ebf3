"""The deadlines of a case and the ledger that each can be recomputed from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.assignment import Assignment
from models.complaint import Complaint
from models.correction import Measure
from models.db import Base, Key, Numbered, Versioned
from models.document import Attachment
from models.organisation import Staff
from models.supervision import SupervisionOrder


class Clock(Versioned, Base):
    """One promise of the case. ``wake_at`` is the next instant at which the sweep has something to do, or nothing."""

    __tablename__ = "clock"
    __table_args__ = (
        Index(
            "ix_clock_wake",
            "wake_at",
            "id",
            sqlite_where=text("wake_at IS NOT NULL"),
            postgresql_where=text("wake_at IS NOT NULL"),
        ),
        Index("ix_clock_complaint_name", "complaint_id", "name"),
    )

    complaint_id: Mapped[int | None] = mapped_column(Key, ForeignKey("complaint.id"))
    order_id: Mapped[int | None] = mapped_column(Key, ForeignKey("supervision_order.id"), index=True)
    measure_id: Mapped[int | None] = mapped_column(Key, ForeignKey("measure.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(Key, ForeignKey("assignment.id"), index=True)
    """The stint that it belongs to: a second department starts its own instead of inheriting one that has run out."""
    name: Mapped[str] = mapped_column(String(30))
    calendar_version: Mapped[int] = mapped_column(default=0)
    """The state of the work calendar that it is counted by (models.organisation.CalendarVersion)."""
    limit: Mapped[dict[str, Any]] = mapped_column("limit_spec", default=dict)
    """The limit as it was when the clock started: a later version of the procedure does not move it."""
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    original_due_at: Mapped[datetime]
    provisional: Mapped[bool] = mapped_column(default=False)
    cycle: Mapped[int] = mapped_column(default=1)
    paused_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    transferred_at: Mapped[datetime | None]
    """Handed on with its stint: the next department has a clock of its own, and what was late stays with this one."""
    unextended_due_at: Mapped[datetime | None]
    """When it would be due had no extension been granted; nothing where none was."""
    wake_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    flagged_at: Mapped[datetime | None]
    """First seen overdue by the sweep in this cycle. Evidence: it stays after completion."""
    ever_late: Mapped[bool] = mapped_column(default=False)
    urged_at: Mapped[datetime | None]
    urge_count: Mapped[int] = mapped_column(default=0)

    complaint: Mapped[Complaint | None] = relationship()
    order: Mapped[SupervisionOrder | None] = relationship()
    measure: Mapped[Measure | None] = relationship()
    assignment: Mapped[Assignment | None] = relationship()
    entries: Mapped[list[ClockEntry]] = relationship(order_by="ClockEntry.id", back_populates="clock")

    rungs: Mapped[list[ClockRung]] = relationship(order_by="ClockRung.id", back_populates="clock")

    @property
    def ended_at(self) -> datetime | None:
        """When it was kept, handed on or given up."""
        return self.done_at or self.transferred_at or self.cancelled_at

    def __str__(self) -> str:
        return self.name


class ClockEntry(Numbered, Base):
    """One line of a clock's ledger; never changed, never removed."""

    __tablename__ = "clock_entry"

    clock_id: Mapped[int] = mapped_column(Key, ForeignKey("clock.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)

    clock: Mapped[Clock] = relationship(back_populates="entries")
    by: Mapped[Staff | None] = relationship()


class ExtensionRequest(Versioned, Base):
    """延期: asked before the due instant, decided by another person (G-12)."""

    __tablename__ = "extension_request"

    clock_id: Mapped[int] = mapped_column(Key, ForeignKey("clock.id"), index=True)
    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    due_before: Mapped[datetime]
    due_wanted: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(String(40), default="")
    """Who has to decide: the role that a request of this length requires; empty for the usual one."""
    told_at: Mapped[datetime | None]
    """When the complainant was told of it."""
    decision: Mapped[str] = mapped_column(String(20), default="待审", index=True)
    decided_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    opinion: Mapped[str] = mapped_column(Text, default="")

    clock: Mapped[Clock] = relationship()
    complaint: Mapped[Complaint] = relationship()
    asked_by: Mapped[Staff | None] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Staff | None] = relationship(foreign_keys=[decided_by_id])


class PauseRequest(Versioned, Base):
    """挂起 that waits for an approver: the clocks stop when he agrees, from the instant at which it was asked for."""

    __tablename__ = "pause_request"

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    clock_name: Mapped[str] = mapped_column(String(30), default="")
    """Empty for all clocks of the case."""
    cause: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(Text, default="")
    evidence_id: Mapped[int | None] = mapped_column(Key, ForeignKey("attachment.id"))
    level: Mapped[str] = mapped_column(String(40), default="")
    asked_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(10), default="待审", index=True)
    decided_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    opinion: Mapped[str] = mapped_column(Text, default="")

    complaint: Mapped[Complaint] = relationship()
    evidence: Mapped[Attachment | None] = relationship()
    asked_by: Mapped[Staff | None] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Staff | None] = relationship(foreign_keys=[decided_by_id])


class ClockRung(Numbered, Base):
    """A rung of the ladder that was climbed: unique for clock, cycle, rung and repetition, so it happens once."""

    __tablename__ = "clock_rung"
    __table_args__ = (UniqueConstraint("clock_id", "cycle", "rung", "nth"),)

    clock_id: Mapped[int] = mapped_column(Key, ForeignKey("clock.id"))
    cycle: Mapped[int]
    rung: Mapped[str] = mapped_column(String(40))
    nth: Mapped[int] = mapped_column(default=1)
    planned_at: Mapped[datetime]
    fired_at: Mapped[datetime]
    told: Mapped[list[Any] | None] = mapped_column(default=None)
    """The names of those who were told; nothing where its tests did not hold and it passed without effect."""

    clock: Mapped[Clock] = relationship(back_populates="rungs")
