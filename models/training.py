"""培训: what was taught, by whom, to whom, and until when it counts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Base, Key, Numbered, Versioned
from models.organisation import Staff


class Training(Versioned, Base):
    """One training. Those who took part stand in ``attendance``."""

    __tablename__ = "training"

    topic: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20), default="")
    held_on: Mapped[date] = mapped_column(index=True)
    valid_until: Mapped[date | None]
    trainers: Mapped[list[Any]] = mapped_column(default=list)
    """Names; a trainer need not be on the staff list."""
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))

    recorded_by: Mapped[Staff | None] = relationship()
    attendance: Mapped[list[TrainingAttendance]] = relationship(
        back_populates="training", order_by="TrainingAttendance.id", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return self.topic


class TrainingAttendance(Numbered, Base):
    """A person took part in a training."""

    __tablename__ = "training_attendance"

    training_id: Mapped[int] = mapped_column(Key, ForeignKey("training.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int] = mapped_column(Key, ForeignKey("staff.id"), index=True)

    training: Mapped[Training] = relationship(back_populates="attendance")
    staff: Mapped[Staff] = relationship()

    def __str__(self) -> str:
        return str(self.staff)
