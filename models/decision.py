"""Each decision as a row that can be searched, and the facts as they were when it was taken. Append-only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.complaint import Complaint
from models.db import Base, Key, Numbered
from models.history import Event


class FactSnapshot(Numbered, Base):
    """All facts of the case when the first decision of an event was taken (rules/snapshots.py writes and reads it)."""

    __tablename__ = "fact_snapshot"

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    event_id: Mapped[int] = mapped_column(Key, ForeignKey("event.id"), index=True)
    at: Mapped[datetime]
    verb: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    event: Mapped[Event] = relationship()


class CaseDecision(Numbered, Base):
    """One answer of one stage. ``rule_id`` is empty when the stage was asked and no row held."""

    __tablename__ = "case_decision"
    __table_args__ = (
        Index("ix_case_decision_rule_at", "rule_id", "at", "procedure_code"),
        Index("ix_case_decision_stage_at", "stage", "at"),
        Index("ix_case_decision_complaint", "complaint_id", "id"),
    )

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"))
    event_id: Mapped[int] = mapped_column(Key, ForeignKey("event.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    verb: Mapped[str] = mapped_column(String(40))
    stage: Mapped[str] = mapped_column(String(20))
    rule_id: Mapped[str] = mapped_column(String(80), default="")
    outcome: Mapped[str] = mapped_column(String(200), default="")
    """The outcome in words: the grade, the department, the message."""
    procedure_code: Mapped[str] = mapped_column(String(20))
    procedure_version: Mapped[int]
    snapshot_id: Mapped[int | None] = mapped_column(Key, ForeignKey("fact_snapshot.id"))
    changed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Facts that had changed within the deed since the snapshot was taken."""
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The whole decision, as rules.table.Decision.as_json gives it."""

    complaint: Mapped[Complaint] = relationship()
    event: Mapped[Event] = relationship()
    snapshot: Mapped[FactSnapshot | None] = relationship()
    near_misses: Mapped[list[NearMiss]] = relationship(order_by="NearMiss.id", back_populates="decision")


class NearMiss(Numbered, Base):
    """A rule that one fact kept from deciding: found by the rule, without reading every decision."""

    __tablename__ = "near_miss"
    __table_args__ = (Index("ix_near_miss_rule_at", "rule_id", "at"),)

    decision_id: Mapped[int] = mapped_column(Key, ForeignKey("case_decision.id"), index=True)
    rule_id: Mapped[str] = mapped_column(String(80))
    fact: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]

    decision: Mapped[CaseDecision] = relationship(back_populates="near_misses")
