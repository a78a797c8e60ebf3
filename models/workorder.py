"""维修单: the work that a case asks for, what it costs, who does it and what the customer says; the price list."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, String, Text
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.complaint import Complaint
from models.db import Base, Key, Numbered, Versioned
from models.organisation import Department, Staff

Money = Numeric(12, 2)


class PriceItem(Versioned, Base):
    """A line of the price list (有偿服务收费标准), from its first day to its last."""

    __tablename__ = "price_item"
    __table_args__ = (Index("ix_price_item_name_valid", "name", "valid_from"),)

    name: Mapped[str] = mapped_column(String(100))
    unit: Mapped[str] = mapped_column(String(20), default="")
    price: Mapped[Decimal] = mapped_column(Money)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    """The last day; open until another price follows when empty."""

    def __str__(self) -> str:
        return self.name


class WorkOrder(Versioned, Base):
    """维修单: one piece of work at an appointed time, paid or not. It keeps the prices of the day it was written."""

    __tablename__ = "work_order"

    order_no: Mapped[str] = mapped_column(String(30), unique=True)
    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    place: Mapped[str] = mapped_column(String(20), default="")
    equipment: Mapped[str] = mapped_column(String(100), default="")
    model: Mapped[str] = mapped_column(String(100), default="")
    fault: Mapped[str] = mapped_column(Text)
    paid: Mapped[str] = mapped_column(String(10), default="")
    price_items: Mapped[list[Any]] = mapped_column(default=list)
    """Each with name, unit, qty, price and amount, as they were quoted."""
    quoted_amount: Mapped[Decimal | None] = mapped_column(Money)
    customer_consents: Mapped[bool | None]
    """Empty until the customer has been asked."""
    consented_at: Mapped[datetime | None]
    appointed_at: Mapped[datetime | None]
    issued_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    issued_at: Mapped[datetime]
    dispatched_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    accepted_at: Mapped[datetime | None]
    team: Mapped[str] = mapped_column(String(60), default="")
    technician_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"), index=True)
    arrived_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    finished_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    parts: Mapped[list[Any]] = mapped_column(default=list)
    final_amount: Mapped[Decimal | None] = mapped_column(Money)
    fee_told: Mapped[bool] = mapped_column(default=False)
    customer_signed_by: Mapped[str] = mapped_column(String(60), default="")
    customer_signed_at: Mapped[datetime | None]
    rating_quality: Mapped[str] = mapped_column(String(10), default="")
    rating_attitude: Mapped[str] = mapped_column(String(10), default="")
    returned_at: Mapped[datetime | None]
    verified_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    verified_at: Mapped[datetime | None]
    copies: Mapped[list[Any]] = mapped_column(default=list)
    """Each with the name of the copy, the amount on it and since when it lies there."""
    fee_way: Mapped[str] = mapped_column(String(20), default="")
    fee_state: Mapped[str] = mapped_column(String(10), default="无", index=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    """rules.vocabulary.WorkOrderState."""

    complaint: Mapped[Complaint] = relationship()
    issued_by: Mapped[Staff | None] = relationship(foreign_keys=[issued_by_id])
    accepted_by: Mapped[Staff | None] = relationship(foreign_keys=[accepted_by_id])
    technician: Mapped[Staff | None] = relationship(foreign_keys=[technician_id])
    finished_by: Mapped[Staff | None] = relationship(foreign_keys=[finished_by_id])
    verified_by: Mapped[Staff | None] = relationship(foreign_keys=[verified_by_id])

    def __str__(self) -> str:
        return self.order_no


class FeeLine(Versioned, Base):
    """管理费收费单行: what a customer owes for one order, in the month in which it was charged."""

    __tablename__ = "fee_line"

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    work_order_id: Mapped[int] = mapped_column(Key, ForeignKey("work_order.id"), unique=True)
    order_no: AssociationProxy[str] = association_proxy("work_order", "order_no")
    """Its number: that of the order which it pays for."""
    customer: Mapped[str] = mapped_column(String(60))
    amount: Mapped[Decimal] = mapped_column(Money)
    period: Mapped[str] = mapped_column(String(7), index=True)
    way: Mapped[str] = mapped_column(String(20))
    department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"))
    """Of whoever charged it."""
    charged_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    charged_at: Mapped[datetime]

    complaint: Mapped[Complaint] = relationship()
    work_order: Mapped[WorkOrder] = relationship()
    department: Mapped[Department | None] = relationship()
    charged_by: Mapped[Staff | None] = relationship()


class Coordination(Numbered, Base):
    """外部协调: what was asked of another unit, what the complainant was told of it, and what it answered."""

    __tablename__ = "coordination"

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    unit: Mapped[str] = mapped_column(String(100), index=True)
    contact: Mapped[str] = mapped_column(String(100), default="")
    contacted_at: Mapped[datetime]
    explanation_to_customer: Mapped[str] = mapped_column(Text, default="")
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[datetime | None]
    by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    at: Mapped[datetime]

    complaint: Mapped[Complaint] = relationship()
    by: Mapped[Staff | None] = relationship()
