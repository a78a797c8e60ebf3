"""One stint of one department on a case: when it got it, from whom, when it gave it back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.complaint import Complaint
from models.db import Base, Key, Versioned
from models.organisation import Department, Staff
from rules.vocabulary import HelpState

HELPING = "协办"
STILL_HELPS = text(f"kind = '{HELPING}' AND ended_at IS NULL")


class Assignment(Versioned, Base):
    """A stint. An open one has no ``ended_at``; the investigating, the handling and each helping department has its
    own, and no department helps twice at a time."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index("ix_assignment_department_kind", "department_id", "kind"),
        Index("ix_assignment_person_kind", "person_id", "kind"),
        Index(
            "uq_assignment_complaint_id_department_id",
            "complaint_id",
            "department_id",
            unique=True,
            sqlite_where=STILL_HELPS,
            postgresql_where=STILL_HELPS,
        ),
    )

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    """调查, 承办 or 协办."""
    department_id: Mapped[int] = mapped_column(Key, ForeignKey("department.id"))
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    started_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it has the case; of one that helps, what it is asked for."""
    returned: Mapped[bool] = mapped_column(default=False)
    """Whether it ended because the department handed the case back (退单)."""
    cancelled: Mapped[bool] = mapped_column(default=False)
    """Whether whoever had asked for help needs it no longer."""
    result: Mapped[str] = mapped_column(Text, default="")
    """What the help came to; of one that was handed back or cancelled, why."""

    complaint: Mapped[Complaint] = relationship()
    department: Mapped[Department] = relationship()
    person: Mapped[Staff | None] = relationship()

    @property
    def help_state(self) -> HelpState:
        """How the help stands; an open one ends undone with the case, and is open again when the case is."""
        if self.returned:
            return HelpState.RETURNED
        if self.cancelled:
            return HelpState.CANCELLED
        if self.ended_at is not None:
            return HelpState.DONE
        if self.complaint.closed_at is not None:
            return HelpState.UNDONE
        return HelpState.ASKED if self.accepted_at is None else HelpState.HELPING
