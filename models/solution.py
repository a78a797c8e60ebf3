"""处理方案: what is proposed to the customer, who agreed to it, how it was carried out, what he was told in the end."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.complaint import Complaint
from models.db import Base, Key, Numbered, Versioned
from models.organisation import Department, Staff

Money = Numeric(12, 2)


class Proposal(Versioned, Base):
    """One version of a plan. ``number`` counts within the case; a new one voids what was not agreed before."""

    __tablename__ = "proposal"
    __table_args__ = (UniqueConstraint("complaint_id", "number"),)

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"))
    number: Mapped[int]
    round: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(20), default="")
    cause_explanation: Mapped[str] = mapped_column(Text, default="")
    plan: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text, default="")
    cost: Mapped[Decimal | None] = mapped_column(Money)
    compensation: Mapped[Decimal | None] = mapped_column(Money)
    state: Mapped[str] = mapped_column(String(20), default="草稿", index=True)
    """rules.vocabulary.ProposalState."""
    author_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    replied_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    """What the customer said to it."""

    complaint: Mapped[Complaint] = relationship()
    author: Mapped[Staff | None] = relationship()

    def __str__(self) -> str:
        return f"方案 {self.number}"


class JointReview(Numbered, Base):
    """联合审核: the opinion of one of the parties that the facts demand."""

    __tablename__ = "joint_review"

    proposal_id: Mapped[int] = mapped_column(Key, ForeignKey("proposal.id"), index=True)
    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    party: Mapped[str] = mapped_column(String(20))
    reviewer_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    opinion: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    complaint: Mapped[Complaint] = relationship()
    proposal: Mapped[Proposal] = relationship()
    reviewer: Mapped[Staff | None] = relationship()


class Approval(Versioned, Base):
    """One step of an approval: of a proposal, or of whatever else ``object`` names."""

    __tablename__ = "approval"
    __table_args__ = (Index("ix_approval_decision_role", "decision", "role"),)

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(Key, ForeignKey("proposal.id"), index=True)
    object: Mapped[str] = mapped_column(String(20))
    wanted: Mapped[str] = mapped_column(String(40), default="")
    """What is to become so, when it is agreed to: the grade that was asked for."""
    role: Mapped[str] = mapped_column(String(40))
    department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"))
    asked_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(10), default="待审")
    decided_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    opinion: Mapped[str] = mapped_column(Text, default="")

    complaint: Mapped[Complaint] = relationship()
    proposal: Mapped[Proposal | None] = relationship()
    department: Mapped[Department | None] = relationship()
    asked_by: Mapped[Staff | None] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Staff | None] = relationship(foreign_keys=[decided_by_id])


class Implementation(Numbered, Base):
    """实施: what was done of the plan, by whom, when, for how much."""

    __tablename__ = "implementation"

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(Key, ForeignKey("proposal.id"))
    round: Mapped[int] = mapped_column(default=1)
    action: Mapped[str] = mapped_column(String(40), default="")
    amount: Mapped[Decimal | None] = mapped_column(Money)
    implementer: Mapped[str] = mapped_column(String(60), default="")
    construction_unit: Mapped[str] = mapped_column(String(100), default="")
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    at: Mapped[datetime]

    complaint: Mapped[Complaint] = relationship()
    proposal: Mapped[Proposal | None] = relationship()
    by: Mapped[Staff | None] = relationship()


class ResultFeedback(Numbered, Base):
    """结果反馈: cause and result as the customer was told them."""

    __tablename__ = "result_feedback"

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)
    way: Mapped[str] = mapped_column(String(20), default="")
    cause: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(Text, default="")
    next_steps: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))

    complaint: Mapped[Complaint] = relationship()
    by: Mapped[Staff | None] = relationship()
