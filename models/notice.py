"""What people are told (通知) and what they still have to do (待办事项)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.complaint import Complaint
from models.db import Base, Key, Numbered, Versioned
from models.organisation import Department, Staff


class Notice(Numbered, Base):
    """One notice to a person, a department or a role; ``key`` makes it the only one for its occasion."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_notice_staff_unread", "to_staff_id", "read_at"),
        Index("ix_notice_department_unread", "to_department_id", "read_at"),
        Index(
            "ix_notice_gathered",
            "deliver_at",
            sqlite_where=text("digest AND read_at IS NULL"),
            postgresql_where=text("digest AND read_at IS NULL"),
        ),
    )

    complaint_id: Mapped[int | None] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    to_staff_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    to_department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"))
    to_role: Mapped[str] = mapped_column(String(40), default="")
    event: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(String(160))
    created_at: Mapped[datetime]
    deliver_at: Mapped[datetime | None]
    """Not shown before: the opening of the delivery window. Nothing means at once."""
    digest: Mapped[bool] = mapped_column(default=False)
    """Part of the recipient's summary of the day instead of a notice of its own."""
    read_at: Mapped[datetime | None]
    read_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))

    complaint: Mapped[Complaint | None] = relationship()
    to_staff: Mapped[Staff | None] = relationship(foreign_keys=[to_staff_id])
    to_department: Mapped[Department | None] = relationship()
    read_by: Mapped[Staff | None] = relationship(foreign_keys=[read_by_id])

    @property
    def recipient(self) -> str:
        """The name of whoever is told."""
        return str(self.to_staff or self.to_department or self.to_role)


class Duty(Versioned, Base):
    """Something that somebody still owes: 确认影响, 例会通报, 书面认识, the monthly circular … ."""

    __tablename__ = "duty"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_duty_open", "done_at", "to_department_id"),
    )

    complaint_id: Mapped[int | None] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    title: Mapped[str] = mapped_column(String(60))
    period: Mapped[str] = mapped_column(String(10), default="")
    to_staff_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"), index=True)
    to_department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"))
    to_role: Mapped[str] = mapped_column(String(40), default="")
    met_by: Mapped[str] = mapped_column(String(80), default="")
    key: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))

    complaint: Mapped[Complaint | None] = relationship()
    to_staff: Mapped[Staff | None] = relationship(foreign_keys=[to_staff_id])
    to_department: Mapped[Department | None] = relationship()
    done_by: Mapped[Staff | None] = relationship(foreign_keys=[done_by_id])

    @property
    def owner(self) -> str:
        """The name of whoever owes it."""
        return str(self.to_staff or self.to_department or self.to_role)
