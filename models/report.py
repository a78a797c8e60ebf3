"""通报 and periodic reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.complaint import Complaint
from models.db import Base, Key, Versioned
from models.organisation import Department, Staff


class Circular(Versioned, Base):
    """通报: monthly with praise and criticism, or of one case at a department's meeting (P02-7.10, P02-7.13)."""

    __tablename__ = "circular"

    kind: Mapped[str] = mapped_column(String(40), index=True)
    period: Mapped[str] = mapped_column(String(10), index=True)
    complaint_id: Mapped[int | None] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"))
    departments: Mapped[list[Any]] = mapped_column(default=list)
    """The names of the departments that it is sent to."""
    held_on: Mapped[datetime | None]
    text: Mapped[str] = mapped_column(Text, default="")
    praise: Mapped[str] = mapped_column(Text, default="")
    criticism: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))

    complaint: Mapped[Complaint | None] = relationship()
    department: Mapped[Department | None] = relationship()
    published_by: Mapped[Staff | None] = relationship()


class PeriodicReport(Versioned, Base):
    """A report as it was made: its figures are kept, so that last month's page does not change under the reader."""

    __tablename__ = "periodic_report"

    kind: Mapped[str] = mapped_column(String(40), index=True)
    period: Mapped[str] = mapped_column(String(10), index=True)
    procedure_code: Mapped[str] = mapped_column(String(20), default="")
    totals: Mapped[dict[str, Any]] = mapped_column(default=dict)
    kpis: Mapped[dict[str, Any]] = mapped_column(default=dict)
    summary: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))

    made_by: Mapped[Staff | None] = relationship()
