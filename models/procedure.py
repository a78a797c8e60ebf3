"""The versions of each procedure document (制度)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Base, Key, Versioned
from models.organisation import Staff


class ProcedureVersion(Versioned, Base):
    """One version of one document. A case keeps the version that it was accepted under, for good."""

    __tablename__ = "procedure_version"
    __table_args__ = (UniqueConstraint("code", "number"),)

    code: Mapped[str] = mapped_column(String(20), index=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20), default="草稿", index=True)
    """草稿, 待审, 有效 or 停用."""
    in_force_from: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    reviewer_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    created_at: Mapped[datetime]

    author: Mapped[Staff | None] = relationship(foreign_keys=[author_id])
    reviewer: Mapped[Staff | None] = relationship(foreign_keys=[reviewer_id])
