"""处理小组: who works on a case together; and 现场: what was seen on the spot."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.complaint import Complaint
from models.db import Base, Key, Numbered, Versioned
from models.organisation import Department, Staff


class TeamMember(Numbered, Base):
    """A person's place in the team of a case. A new team ends the places of the old one, which stay on record."""

    __tablename__ = "team_member"

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    staff_id: Mapped[int] = mapped_column(Key, ForeignKey("staff.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"))
    role: Mapped[str] = mapped_column(String(40), default="")
    leader: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    complaint: Mapped[Complaint] = relationship()
    staff: Mapped[Staff] = relationship()
    department: Mapped[Department | None] = relationship()

    def __str__(self) -> str:
        return str(self.staff)


class SiteVisit(Versioned, Base):
    """现场查看: when they arrived, who was there, what they found."""

    __tablename__ = "site_visit"

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)
    planned_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    people: Mapped[list[Any]] = mapped_column(default=list)
    """Names; somebody of another unit need not be on the staff list."""
    findings: Mapped[str] = mapped_column(Text)
    scene_kept: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    at: Mapped[datetime]

    complaint: Mapped[Complaint] = relationship()
    by: Mapped[Staff | None] = relationship()
