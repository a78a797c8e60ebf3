"""The versions of each procedure document (制度), who wrote them, and when each is in force."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from models.db import Base, Json, Key, Numbered, Versioned
from models.organisation import Staff

if TYPE_CHECKING:
    from models.replay import Replay


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
    """草稿 (may be edited), 待审 (waits for the second person), 有效 (was approved) or 弃用 (given up)."""
    based_on: Mapped[int | None]
    """The number of the version that it was drafted from."""
    reason: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    reviewer_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    if TYPE_CHECKING:
        in_force_from: Mapped[datetime | None]

    author: Mapped[Staff | None] = relationship(foreign_keys=[author_id])
    reviewer: Mapped[Staff | None] = relationship(foreign_keys=[reviewer_id])
    edits: Mapped[list[ProcedureEdit]] = relationship(order_by="ProcedureEdit.id", back_populates="draft")

    def __str__(self) -> str:
        return f"{self.code} 第 {self.number} 版"


class ProcedureEdit(Numbered, Base):
    """One change of a draft: what stood there before and what stands there now. Undo goes back along these."""

    __tablename__ = "procedure_edit"

    draft_id: Mapped[int] = mapped_column(Key, ForeignKey("procedure_version.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(10))
    """改, 增, 删, 移 or 导入."""
    section: Mapped[str] = mapped_column(String(30))
    """The part of the document: rule, limit, field, form, step, vocabulary …"""
    row: Mapped[str] = mapped_column(String(120), default="")
    """The row's own name (a rule's id, a limit's name)."""
    before: Mapped[Any] = mapped_column(Json, nullable=True)
    after: Mapped[Any] = mapped_column(Json, nullable=True)
    undone: Mapped[bool] = mapped_column(default=False)
    overtaken: Mapped[bool] = mapped_column(default=False)
    """Was undone, and then something else was edited: it cannot be done again."""

    draft: Mapped[ProcedureVersion] = relationship(back_populates="edits")
    by: Mapped[Staff | None] = relationship()


class ProcedureActivation(Versioned, Base):
    """A request to put a version in force from an instant, and what a second person made of it.

    What is in force at an instant is the agreed request with the latest ``from_at`` not after it; an older version is
    put in force again by another such row, and a row without number takes the procedure out of force.
    """

    __tablename__ = "procedure_activation"
    __table_args__ = (Index("ix_procedure_activation_code_from", "code", "from_at", "id"),)

    code: Mapped[str] = mapped_column(String(20))
    number: Mapped[int | None]
    from_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")
    asked_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    replay_id: Mapped[int | None] = mapped_column(Key, ForeignKey("replay.id"))
    unreplayed: Mapped[str] = mapped_column(Text, default="")
    """Why no replay is attached, where one would be expected."""
    decision: Mapped[str] = mapped_column(String(10), default="待审", index=True)
    """待审, 同意, 驳回 or 撤回."""
    decided_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    opinion: Mapped[str] = mapped_column(Text, default="")

    asked_by: Mapped[Staff | None] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Staff | None] = relationship(foreign_keys=[decided_by_id])
    replay: Mapped[Replay | None] = relationship()

    def __str__(self) -> str:
        return f"{self.code} 第 {self.number} 版" if self.number else f"停用 {self.code}"


ProcedureVersion.in_force_from = column_property(
    select(func.min(ProcedureActivation.from_at))
    .where(
        ProcedureActivation.code == ProcedureVersion.code,
        ProcedureActivation.number == ProcedureVersion.number,
        ProcedureActivation.decision == "同意",
    )
    .correlate_except(ProcedureActivation)
    .scalar_subquery()
)
"""When a version was first in force, or will be; nothing for one that never was."""
