"""考核: points or a sanction for a breach of a standard of 附件4, proposed by one and decided by another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.complaint import Complaint
from models.db import Base, Key, Versioned
from models.organisation import Department, Staff


class Assessment(Versioned, Base):
    """A proposal (处理意见). 草稿 was drafted by the system and waits for a person to propose or drop it (F-16)."""

    __tablename__ = "assessment"

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    standard_no: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(60), default="")
    subject_staff_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"), index=True)
    subject_department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"))
    occurrences: Mapped[int] = mapped_column(default=1)
    points_min: Mapped[int | None]
    points: Mapped[int | None]
    sanctions: Mapped[list[Any]] = mapped_column(default=list)
    sanction: Mapped[str] = mapped_column(String(60), default="")
    month: Mapped[str] = mapped_column(String(7))
    note: Mapped[str] = mapped_column(Text, default="")
    proposer_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    proposed_at: Mapped[datetime]
    approver_role: Mapped[str] = mapped_column(String(40), default="")
    approver_department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"))
    decided_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    opinion: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(20), default="已报", index=True)

    complaint: Mapped[Complaint] = relationship()
    subject_staff: Mapped[Staff | None] = relationship(foreign_keys=[subject_staff_id])
    subject_department: Mapped[Department | None] = relationship(foreign_keys=[subject_department_id])
    proposer: Mapped[Staff | None] = relationship(foreign_keys=[proposer_id])
    approver_department: Mapped[Department | None] = relationship(foreign_keys=[approver_department_id])
    decided_by: Mapped[Staff | None] = relationship(foreign_keys=[decided_by_id])
