"""The case: who complained, about what, how it is classified, and where it stands."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Base, Key, Numbered, Versioned
from models.organisation import Department, Staff

MATCHED = (
    *("procedure_code", "accepted_at", "nature", "channel", "grade", "category", "compensation_sought"),
    *("complained_department_id", "responsible_department_id", "parties_count"),
)
"""What rules ask most of a case, after the procedure and the time that a search for matching cases begins with."""


class NumberSeries(Base):
    """The last number given out for a prefix on a day. Numbers are never used again, also not after 作废 (G-14)."""

    __tablename__ = "number_series"

    prefix: Mapped[str] = mapped_column(String(12), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Complainant(Versioned, Base):
    """The person or organisation that complains."""

    __tablename__ = "complainant"
    __table_args__ = (Index("ix_complainant_phone_name", "phone", "name"),)

    name: Mapped[str] = mapped_column(String(60), index=True)
    kind: Mapped[str] = mapped_column(String(20), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    address_reason: Mapped[str] = mapped_column(String(200), default="")
    contact_person: Mapped[str] = mapped_column(String(60), default="")
    customer_no: Mapped[str] = mapped_column(String(40), default="")
    value_grade: Mapped[str] = mapped_column(String(20), default="普通")
    secrecy: Mapped[str] = mapped_column(String(20), default="公开")
    anonymous: Mapped[bool] = mapped_column(default=False)
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]

    def __str__(self) -> str:
        return self.name


class Complaint(Versioned, Base):
    """One case. What a procedure records beyond the core stands in ``fields``, keyed as its document says."""

    __tablename__ = "complaint"
    __table_args__ = (
        Index("ix_complaint_state_due", "state", "due_at", "id"),
        Index("ix_complaint_investigation_state", "investigation_department_id", "state", "due_at"),
        Index("ix_complaint_handling_state", "handling_department_id", "state", "due_at"),
        # the order of the list itself: open cases first, then by what is due; a page is read off it without sorting
        Index(
            "ix_complaint_list", text("(closed_at IS NOT NULL)"), text("(due_at IS NULL)"), "due_at", text("id DESC")
        ),
        Index("ix_complaint_accepted", "accepted_at", "id"),
        Index("ix_complaint_grade_accepted", "grade", "accepted_at"),
        # how many cases of a year a row of a rule matches is read off this one, without the cases themselves; on SQLite
        # the procedure's own fields are in it too: PostgreSQL limits an entry, and reads the cases by several at once
        Index("ix_complaint_match", *MATCHED, "flags", "fields").ddl_if(dialect="sqlite"),
        Index("ix_complaint_match", *MATCHED).ddl_if(dialect="postgresql"),
        # where counts of cases that are alike begin
        Index("ix_complaint_category_received", "category", "received_at"),
        Index("ix_complaint_place_received", "place", "received_at"),
    )

    case_no: Mapped[str] = mapped_column(String(30), unique=True)
    procedure_code: Mapped[str] = mapped_column(String(20))
    procedure_version: Mapped[int]

    complainant_id: Mapped[int] = mapped_column(Key, ForeignKey("complainant.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20), default="")
    forwarder: Mapped[str] = mapped_column(String(100), default="")
    received_at: Mapped[datetime]
    registered_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    promised_feedback_at: Mapped[datetime | None]
    receiver_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"), index=True)
    receiver_department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"))

    content: Mapped[str] = mapped_column(Text, default="")
    demand: Mapped[str] = mapped_column(Text, default="")
    compensation_sought: Mapped[str] = mapped_column(String(20), default="")
    incident_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(String(200), default="")
    parties_count: Mapped[int] = mapped_column(default=1)
    complained_department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"), index=True)
    complained_person: Mapped[str] = mapped_column(String(60), default="")
    complained_staff_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"), index=True)

    nature: Mapped[str] = mapped_column(String(20), default="")
    category: Mapped[str] = mapped_column(String(100), default="")
    grade: Mapped[str | None] = mapped_column(String(20))
    grade_provisional: Mapped[bool] = mapped_column(default=False)
    grade_by_hand: Mapped[bool] = mapped_column(default=False)
    severity: Mapped[int] = mapped_column(default=0)
    founded: Mapped[str] = mapped_column(String(20), default="待定")
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)

    investigation_department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"))
    responsible_department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"), index=True)
    handling_department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"))
    investigator_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    handler_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    responsible_person: Mapped[str] = mapped_column(String(60), default="")
    responsible_staff_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"), index=True)

    state: Mapped[str] = mapped_column(String(20), index=True)
    state_before_pause: Mapped[str] = mapped_column(String(20), default="")
    round: Mapped[int] = mapped_column(default=1)
    flags: Mapped[list[Any]] = mapped_column(default=list)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """The earliest open due instant of the case's clocks: what lists sort and the desk counts by."""
    overdue: Mapped[bool] = mapped_column(Boolean, default=False)
    was_overdue: Mapped[bool] = mapped_column(Boolean, default=False)
    satisfaction: Mapped[str] = mapped_column(String(20), default="")
    close_reason: Mapped[str] = mapped_column(String(20), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    archived_at: Mapped[datetime | None]

    complainant: Mapped[Complainant] = relationship(lazy="joined")
    receiver: Mapped[Staff | None] = relationship(foreign_keys=[receiver_id])
    receiver_department: Mapped[Department | None] = relationship(foreign_keys=[receiver_department_id])
    complained_department: Mapped[Department | None] = relationship(foreign_keys=[complained_department_id])
    complained_staff: Mapped[Staff | None] = relationship(foreign_keys=[complained_staff_id])
    investigation_department: Mapped[Department | None] = relationship(foreign_keys=[investigation_department_id])
    responsible_department: Mapped[Department | None] = relationship(foreign_keys=[responsible_department_id])
    handling_department: Mapped[Department | None] = relationship(foreign_keys=[handling_department_id])
    investigator: Mapped[Staff | None] = relationship(foreign_keys=[investigator_id])
    handler: Mapped[Staff | None] = relationship(foreign_keys=[handler_id])
    responsible_staff: Mapped[Staff | None] = relationship(foreign_keys=[responsible_staff_id])

    def __str__(self) -> str:
        return self.case_no


class Handover(Numbered, Base):
    """The case changed its department: from where, to where, by whom and why (转办, P02-9.5)."""

    __tablename__ = "handover"

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20), default="转办")
    from_department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"))
    to_department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"))
    from_person: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]

    from_department: Mapped[Department | None] = relationship(foreign_keys=[from_department_id])
    to_department: Mapped[Department | None] = relationship(foreign_keys=[to_department_id])


class ComplaintLink(Numbered, Base):
    """Two cases belong together."""

    __tablename__ = "complaint_link"
    __table_args__ = (UniqueConstraint("complaint_id", "other_id", "kind"),)

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    other_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]

    complaint: Mapped[Complaint] = relationship(foreign_keys=[complaint_id])
    other: Mapped[Complaint] = relationship(foreign_keys=[other_id])


class SharedMark(Numbered, Base):
    """A field that a case has taken over because it is the same matter as another: what it said by itself, and what it
    bears instead for as long as they are linked."""

    __tablename__ = "shared_mark"
    __table_args__ = (UniqueConstraint("complaint_id", "key"),)

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"))
    key: Mapped[str] = mapped_column(String(60))
    own: Mapped[str] = mapped_column(Text, default="")
    taken: Mapped[str] = mapped_column(Text)
