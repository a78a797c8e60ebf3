"""处理及纠正措施情况表 (附件2) and the improvement measures that outlive the case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.complaint import Complaint
from models.db import Base, Key, Versioned
from models.organisation import Department, Staff
from models.supervision import SupervisionOrder


class CorrectiveAction(Versioned, Base):
    """What the department did and how it prevents a repetition, signed by its head; one a round (P02-12.2)."""

    __tablename__ = "corrective_action"

    record_no: Mapped[str] = mapped_column(String(30), unique=True)
    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    order_id: Mapped[int] = mapped_column(Key, ForeignKey("supervision_order.id"), index=True)
    customer_name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(200))
    problem_summary: Mapped[str] = mapped_column(Text)
    handling_status: Mapped[str] = mapped_column(Text)
    corrective_measures: Mapped[str] = mapped_column(Text)
    remark: Mapped[str] = mapped_column(Text, default="")
    submitted_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    submitted_at: Mapped[datetime]
    head_signed_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    head_signed_at: Mapped[datetime]
    round: Mapped[int] = mapped_column(default=1)
    effect_check: Mapped[str] = mapped_column(String(20), default="待检查")
    effect_checker_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    effect_checked_at: Mapped[datetime | None]
    effect_note: Mapped[str] = mapped_column(Text, default="")

    complaint: Mapped[Complaint] = relationship()
    order: Mapped[SupervisionOrder] = relationship()
    submitted_by: Mapped[Staff | None] = relationship(foreign_keys=[submitted_by_id])
    head_signed_by: Mapped[Staff | None] = relationship(foreign_keys=[head_signed_by_id])
    effect_checker: Mapped[Staff | None] = relationship(foreign_keys=[effect_checker_id])

    def __str__(self) -> str:
        return self.record_no


class Measure(Versioned, Base):
    """改进措施: owner, date, implementation, verification by somebody else (P02-7.12)."""

    __tablename__ = "measure"

    measure_no: Mapped[str] = mapped_column(String(30), unique=True)
    complaint_id: Mapped[int | None] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    procedure_code: Mapped[str] = mapped_column(String(20), default="")
    """Under which procedure it was asked for, where it hangs on no case."""
    source: Mapped[str] = mapped_column(String(200), default="")
    """What it came from, where that is no case: a report, an inspection."""
    counted: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Where it came from a figure of a report: which (``of``), and the keys of the cases counted then (``cases``)."""
    kind: Mapped[str] = mapped_column(String(20))
    cause: Mapped[str] = mapped_column(Text, default="")
    measure: Mapped[str] = mapped_column(Text)
    owner_department_id: Mapped[int] = mapped_column(Key, ForeignKey("department.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    due_on: Mapped[date]
    created_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    approved_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    approved_at: Mapped[datetime | None]
    implemented_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    implemented_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(Text, default="")
    verified_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    verified_at: Mapped[datetime | None]
    verification: Mapped[str] = mapped_column(String(20), default="待验证")
    state: Mapped[str] = mapped_column(String(20), default="实施中", index=True)

    complaint: Mapped[Complaint | None] = relationship()
    owner_department: Mapped[Department] = relationship()
    owner: Mapped[Staff | None] = relationship(foreign_keys=[owner_id])
    proposed_by: Mapped[Staff | None] = relationship(foreign_keys=[proposed_by_id])
    approved_by: Mapped[Staff | None] = relationship(foreign_keys=[approved_by_id])
    implemented_by: Mapped[Staff | None] = relationship(foreign_keys=[implemented_by_id])
    verified_by: Mapped[Staff | None] = relationship(foreign_keys=[verified_by_id])

    def __str__(self) -> str:
        return self.measure_no
