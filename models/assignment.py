"""One stint of one department on a case: when it got it, from whom, when it gave it back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.complaint import Complaint
from models.db import Base, Key, Versioned
from models.organisation import Department, Staff


class Assignment(Versioned, Base):
    """A stint. An open one has no ``ended_at``; the investigating and the handling department each have their own."""

    __tablename__ = "assignment"

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    """调查, 承办 or 协办."""
    department_id: Mapped[int] = mapped_column(Key, ForeignKey("department.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    started_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    returned: Mapped[bool] = mapped_column(default=False)
    """Whether it ended because the department handed the case back (退单)."""

    complaint: Mapped[Complaint] = relationship()
    department: Mapped[Department] = relationship()
    person: Mapped[Staff | None] = relationship()
