"""Which forms were done, so that none is done twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Key


class SentForm(Base):
    """The word that a form carried, and the case that it was done on or that came of it."""

    __tablename__ = "sent_form"

    word: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    complaint_id: Mapped[int | None] = mapped_column(Key, ForeignKey("complaint.id"))
