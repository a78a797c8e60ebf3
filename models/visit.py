"""What was said to the customer on the way (沟通), and what he said at the end (回访)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.complaint import Complaint
from models.db import Base, Key, Numbered, Versioned
from models.organisation import Staff


class Visit(Versioned, Base):
    """回访: 满意, 基本满意, 不满意 or 无法联系 (G-22)."""

    __tablename__ = "visit"

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    visitor_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    way: Mapped[str] = mapped_column(String(20), default="电话")
    at: Mapped[datetime]
    attempt: Mapped[int] = mapped_column(default=1)
    result: Mapped[str] = mapped_column(String(20))
    comment: Mapped[str] = mapped_column(Text, default="")
    suggestion: Mapped[str] = mapped_column(Text, default="")
    round: Mapped[int] = mapped_column(default=1)

    complaint: Mapped[Complaint] = relationship()
    visitor: Mapped[Staff | None] = relationship()


class Communication(Numbered, Base):
    """One talk or letter: calming (安抚), explaining, replying."""

    __tablename__ = "communication"

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    direction: Mapped[str] = mapped_column(String(4), default="去")
    way: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    person: Mapped[str] = mapped_column(String(60), default="")
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))

    complaint: Mapped[Complaint] = relationship()
    by: Mapped[Staff | None] = relationship()
