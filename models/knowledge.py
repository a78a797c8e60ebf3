"""资料库: what is kept for all cases of a project, in editions, and which edition a case relies on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.complaint import Complaint
from models.db import Base, Key, Numbered, Versioned
from models.document import StoredFile
from models.organisation import Staff


class KnowledgeItem(Versioned, Base):
    """One edition of one piece: a sales brochure, a drawing, what a case has taught. It is never rewritten; another
    edition replaces it and leaves it as it was, because cases may rely on it."""

    __tablename__ = "knowledge_item"

    kind: Mapped[str] = mapped_column(String(40), index=True)
    title: Mapped[str] = mapped_column(String(200))
    edition: Mapped[str] = mapped_column(String(40), default="")
    project: Mapped[str] = mapped_column(String(100), default="", index=True)
    """The project as cases name it; none means all of them."""
    category: Mapped[str] = mapped_column(String(100), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[list[Any]] = mapped_column(default=list)
    filed_on: Mapped[date]
    replaces_id: Mapped[int | None] = mapped_column(Key, ForeignKey("knowledge_item.id"), unique=True)
    source_id: Mapped[int | None] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    """The case that taught it."""
    by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    withdrawn_because: Mapped[str] = mapped_column(Text, default="")

    replaces: Mapped[KnowledgeItem | None] = relationship(remote_side="KnowledgeItem.id", back_populates="replaced_by")
    replaced_by: Mapped[KnowledgeItem | None] = relationship(back_populates="replaces")
    source: Mapped[Complaint | None] = relationship()
    by: Mapped[Staff | None] = relationship(foreign_keys=[by_id])
    withdrawn_by: Mapped[Staff | None] = relationship(foreign_keys=[withdrawn_by_id])
    files: Mapped[list[KnowledgeFile]] = relationship(back_populates="item", order_by="KnowledgeFile.id")

    def __str__(self) -> str:
        return f"{self.title} {self.edition}".strip()


class KnowledgeFile(StoredFile, Numbered, Base):
    """A file of an edition."""

    __tablename__ = "knowledge_file"

    item_id: Mapped[int] = mapped_column(Key, ForeignKey("knowledge_item.id"), index=True)

    item: Mapped[KnowledgeItem] = relationship(back_populates="files")


class Citation(Versioned, Base):
    """A case relies on an edition, as it would on a file of its own. Taken back it stays, with who did so and why."""

    __tablename__ = "citation"
    __table_args__ = (
        Index(
            "uq_citation_complaint_id_item_id",
            "complaint_id",
            "item_id",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    item_id: Mapped[int] = mapped_column(Key, ForeignKey("knowledge_item.id"), index=True)
    note: Mapped[str] = mapped_column(String(200), default="")
    by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    taken_back_because: Mapped[str] = mapped_column(Text, default="")

    complaint: Mapped[Complaint] = relationship()
    item: Mapped[KnowledgeItem] = relationship()
    by: Mapped[Staff | None] = relationship(foreign_keys=[by_id])
    taken_back_by: Mapped[Staff | None] = relationship(foreign_keys=[taken_back_by_id])
