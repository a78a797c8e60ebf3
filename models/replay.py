"""A replay: what a draft would have made of the cases that are already decided. It never touches a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.complaint import Complaint
from models.db import Base, Json, Key, Numbered, Versioned
from models.organisation import Staff
from models.procedure import ProcedureVersion


class Replay(Versioned, Base):
    """One run over the cases accepted in a period, with its progress; ``done`` of ``total`` cases."""

    __tablename__ = "replay"

    draft_id: Mapped[int] = mapped_column(Key, ForeignKey("procedure_version.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the text that was replayed: a draft edited since is another one."""
    since: Mapped[datetime]
    until: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="排队", index=True)
    """排队, 进行, 完成, 停止 or 失败."""
    stop_asked: Mapped[bool] = mapped_column(default=False)
    asked_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(Key, default=0)
    """The id of the last case that was replayed; a run that was interrupted goes on after it."""
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Kind of difference to how many cases."""
    unkept: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Facts that only the draft asks, each with the number of cases of which it was not kept."""
    telling: Mapped[bool] = mapped_column(default=False)
    """Whether the draft asks something that means one single case: then only cases within the scope of who asked for
    the replay are looked at, and nobody else reads the figures but who sees every case."""
    error: Mapped[str] = mapped_column(Text, default="")

    draft: Mapped[ProcedureVersion] = relationship()
    asked_by: Mapped[Staff | None] = relationship()


class ReplayDifference(Numbered, Base):
    """One case that the draft would have treated otherwise, old and new decision side by side."""

    __tablename__ = "replay_difference"
    __table_args__ = (Index("ix_replay_difference_replay_kind", "replay_id", "kind", "id"),)

    replay_id: Mapped[int] = mapped_column(Key, ForeignKey("replay.id", ondelete="CASCADE"))
    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"))
    kind: Mapped[str] = mapped_column(String(20))
    """级别升高, 级别降低, 级别不同, 性质不同, 类别不同, 去向不同, 会超期, 不再超期 …"""
    stage: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    """When the old decision was taken."""
    old_outcome: Mapped[str] = mapped_column(String(200), default="")
    new_outcome: Mapped[str] = mapped_column(String(200), default="")
    old: Mapped[Any] = mapped_column(Json, nullable=True)
    new: Mapped[Any] = mapped_column(Json, nullable=True)
    """Both decisions whole, as rules.table.Decision.as_json gives them; nothing where no row decided."""

    replay: Mapped[Replay] = relationship()
    complaint: Mapped[Complaint] = relationship()
