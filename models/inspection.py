"""检查 and what it found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Base, Key, Versioned
from models.organisation import Department, Staff


class Inspection(Versioned, Base):
    """One inspection of one department; ``items`` is a list of ``{"item", "result", "note"}`` (P02-7.13)."""

    __tablename__ = "inspection"

    kind: Mapped[str] = mapped_column(String(20))
    department_id: Mapped[int] = mapped_column(Key, ForeignKey("department.id"), index=True)
    inspector_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(index=True)
    standard: Mapped[str] = mapped_column(String(100), default="")
    items: Mapped[list[Any]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(Text, default="")

    department: Mapped[Department] = relationship()
    inspector: Mapped[Staff | None] = relationship()


class NonConformity(Versioned, Base):
    """不合格: found by an inspection, corrected, rechecked."""

    __tablename__ = "non_conformity"

    inspection_id: Mapped[int] = mapped_column(Key, ForeignKey("inspection.id"), index=True)
    level: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    notice: Mapped[str] = mapped_column(String(20), default="")
    to_person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    corrected_at: Mapped[datetime | None]
    recheck: Mapped[str] = mapped_column(String(20), default="待复查")
    recheck_count: Mapped[int] = mapped_column(default=0)

    inspection: Mapped[Inspection] = relationship()
    to_person: Mapped[Staff | None] = relationship()
