"""督办处理单 (附件1), the investigation that runs beside it, and the urgings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.complaint import Complaint
from models.db import Base, Key, Numbered, Versioned
from models.organisation import Department, Staff


class SupervisionOrder(Versioned, Base):
    """The order by which the investigating department makes the complained department act (P02-12.1)."""

    __tablename__ = "supervision_order"
    __table_args__ = (Index("ix_supervision_order_department_state", "handling_department_id", "state", "due_at"),)

    order_no: Mapped[str] = mapped_column(String(30), unique=True)
    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    customer_name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(40))
    report_way: Mapped[str] = mapped_column(String(20))
    other_text: Mapped[str] = mapped_column(String(60), default="")
    reported_at: Mapped[datetime]
    problem_content: Mapped[str] = mapped_column(Text)
    customer_request: Mapped[str] = mapped_column(Text)
    investigator_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    handling_department_id: Mapped[int] = mapped_column(Key, ForeignKey("department.id"))
    handler_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    limit_kind: Mapped[str] = mapped_column(String(20))
    limit_days: Mapped[int] = mapped_column(default=0)
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    due_at: Mapped[datetime | None]
    head_signed_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    head_signed_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(20), index=True)
    round: Mapped[int] = mapped_column(default=1)
    urge_count: Mapped[int] = mapped_column(default=0)

    complaint: Mapped[Complaint] = relationship()
    investigator: Mapped[Staff | None] = relationship(foreign_keys=[investigator_id])
    handling_department: Mapped[Department] = relationship(foreign_keys=[handling_department_id])
    handler: Mapped[Staff | None] = relationship(foreign_keys=[handler_id])
    issued_by: Mapped[Staff | None] = relationship(foreign_keys=[issued_by_id])
    head_signed_by: Mapped[Staff | None] = relationship(foreign_keys=[head_signed_by_id])

    def __str__(self) -> str:
        return self.order_no


class Urge(Numbered, Base):
    """One urging (催办): by a person, or by the sweep while the order stays overdue."""

    __tablename__ = "urge"

    order_id: Mapped[int] = mapped_column(Key, ForeignKey("supervision_order.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    to_text: Mapped[str] = mapped_column(String(60), default="")
    text: Mapped[str] = mapped_column(Text, default="")

    order: Mapped[SupervisionOrder] = relationship()
    by: Mapped[Staff | None] = relationship()


class Investigation(Versioned, Base):
    """调查记录: opened with the order, filled when the facts are known (P02-7.4)."""

    __tablename__ = "investigation"

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    investigator_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    method: Mapped[str] = mapped_column(String(40), default="")
    facts: Mapped[str] = mapped_column(Text, default="")
    conclusion: Mapped[str] = mapped_column(String(20), default="待定")
    cause: Mapped[str] = mapped_column(Text, default="")
    responsible_party: Mapped[str] = mapped_column(String(60), default="")

    complaint: Mapped[Complaint] = relationship()
    investigator: Mapped[Staff | None] = relationship()
