"""What leaves the house by mail (邮件): one letter for a notice, kept until it is sent or given up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Base, Key, Numbered
from models.notice import Notice
from models.organisation import Staff


class Letter(Numbered, Base):
    """One letter, written with its notice in one transaction and sent after it.

    ``next_at`` is when it is tried next. Whoever sends it moves that instant ahead first, so that nobody else takes it
    meanwhile; a letter whose sender was killed is tried again then. Nothing means that it is sent, or given up.
    """

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("notice_id"),
        Index(
            "ix_letter_waiting",
            "next_at",
            "id",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )

    notice_id: Mapped[int] = mapped_column(Key, ForeignKey("notice.id"))
    to_staff_id: Mapped[int] = mapped_column(Key, ForeignKey("staff.id"), index=True)
    address: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    """What the notice says, the complainant's data masked: a letter lies about where nobody guards it."""
    since: Mapped[datetime]
    """From when on it could leave: when the notice reaches people."""
    next_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
    """What the last attempt came to; why it was given up."""

    notice: Mapped[Notice] = relationship()
    to_staff: Mapped[Staff] = relationship()

    @property
    def state(self) -> str:
        """待发, 已发 or 未发出."""
        if self.sent_at is not None:
            return "已发"
        return "待发" if self.next_at is not None else "未发出"
