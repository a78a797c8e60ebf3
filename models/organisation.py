"""Who works here: departments as a tree, staff, roles as sets of verbs, substitutes, and the work calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Base, Key, Numbered, Versioned


class Department(Versioned, Base):
    """A department or crew. ``path`` is ``/1/4/`` from the root to itself: one prefix test finds a whole branch."""

    __tablename__ = "department"

    name: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(20), default="")
    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"), index=True)
    head_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id", use_alter=True), index=True)
    deputy_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id", use_alter=True))
    path: Mapped[str] = mapped_column(String(200), default="", index=True)
    active: Mapped[bool] = mapped_column(default=True)

    parent: Mapped[Department | None] = relationship(remote_side="Department.id", back_populates="children")
    children: Mapped[list[Department]] = relationship(back_populates="parent", order_by="Department.id")
    head: Mapped[Staff | None] = relationship(foreign_keys=[head_id], post_update=True)
    deputy: Mapped[Staff | None] = relationship(foreign_keys=[deputy_id], post_update=True)

    def __str__(self) -> str:
        return self.name


class Role(Versioned, Base):
    """A role is a name of the procedure's own and a set of verbs."""

    __tablename__ = "role"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    verbs: Mapped[list[Any]] = mapped_column(default=list)
    sees: Mapped[str] = mapped_column(String(20), default="部门")
    """How far its holder sees: 全部, 部门 (the department's branch), 本人, or 制度 with a code: all of its cases."""
    note: Mapped[str] = mapped_column(String(200), default="")
    everybody: Mapped[bool] = mapped_column(default=False)
    """Whether every member of staff holds it in his own department, without anybody giving it to him."""

    def __str__(self) -> str:
        return self.name


class Staff(Versioned, Base):
    """A person who works here. ``session_epoch`` goes up at logout and password change and ends every older session."""

    __tablename__ = "staff"

    name: Mapped[str] = mapped_column(String(40), index=True)
    staff_no: Mapped[str | None] = mapped_column(String(40), unique=True)
    username: Mapped[str | None] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    session_epoch: Mapped[int] = mapped_column(default=1)
    department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"), index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    city: Mapped[str] = mapped_column(String(40), default="")
    skills: Mapped[list[Any]] = mapped_column(default=list)
    projects: Mapped[list[Any]] = mapped_column(default=list)
    """The projects that he looks after, where a role is held project by project."""
    training_valid_until: Mapped[date | None]
    language: Mapped[str] = mapped_column(String(20), default="zh_Hans_CN")
    digest: Mapped[bool] = mapped_column(default=False)
    """Whether he wishes one summary a day instead of single notices."""
    mail_all: Mapped[bool] = mapped_column(default=False)
    """Whether he wishes every notice to himself by mail too, not only those that the procedure sends so."""
    active: Mapped[bool] = mapped_column(default=True)

    department: Mapped[Department | None] = relationship(foreign_keys=[department_id])
    memberships: Mapped[list[Membership]] = relationship(back_populates="staff", cascade="all, delete-orphan")

    @property
    def is_active(self) -> bool:
        return self.active

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def is_anonymous(self) -> bool:
        return False

    def get_id(self) -> str:
        return f"{self.id}:{self.session_epoch}"

    def __str__(self) -> str:
        return self.name


class Membership(Numbered, Base):
    """A person holds a role in a department (in his own, when none is named)."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("staff_id", "role_id", "department_id"),)

    staff_id: Mapped[int] = mapped_column(Key, ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    role_id: Mapped[int] = mapped_column(Key, ForeignKey("role.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"), index=True)

    staff: Mapped[Staff] = relationship(back_populates="memberships")
    role: Mapped[Role] = relationship(lazy="joined")
    department: Mapped[Department | None] = relationship(lazy="joined")

    def __str__(self) -> str:
        return f"{self.role} · {self.department}" if self.department else str(self.role)


class Substitution(Versioned, Base):
    """``substitute`` may do what ``staff`` may do, from ``starts_at`` until ``ends_at``."""

    __tablename__ = "substitution"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="period"),)

    staff_id: Mapped[int] = mapped_column(Key, ForeignKey("staff.id"), index=True)
    substitute_id: Mapped[int] = mapped_column(Key, ForeignKey("staff.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200), default="")

    staff: Mapped[Staff] = relationship(foreign_keys=[staff_id])
    substitute: Mapped[Staff] = relationship(foreign_keys=[substitute_id])


class ShownColumns(Base):
    """The columns that a person chose for one list, wherever he signs in."""

    __tablename__ = "shown_columns"

    staff_id: Mapped[int] = mapped_column(Key, ForeignKey("staff.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(40), primary_key=True)
    columns: Mapped[list[Any]] = mapped_column(default=list)


class LoginAttempt(Numbered, Base):
    """One failed or successful login; what throttling counts."""

    __tablename__ = "login_attempt"
    __table_args__ = (
        Index("ix_login_attempt_username_at", "username", "at"),
        Index("ix_login_attempt_address_at", "address", "at"),
    )

    username: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    succeeded: Mapped[bool]


class CalendarDay(Versioned, Base):
    """A day that differs from the official calendar or fills a year without one (G-02, G-03)."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(unique=True)
    is_workday: Mapped[bool]
    name: Mapped[str] = mapped_column(String(40), default="")
    intervals: Mapped[list[Any]] = mapped_column(default=list)
    """The working hours of this day where they are not the usual ones, as ``09:00-12:00``: a half day."""
    source: Mapped[str] = mapped_column(String(20), default="企业")


class CalendarVersion(Numbered, Base):
    """A state of the work calendar. Clocks keep the number of the one that they are counted by; rows never change."""

    __tablename__ = "calendar_version"

    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    years: Mapped[list[Any]] = mapped_column(default=list)
    """The years that count as having official data."""
    days: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Every day of one's own: ISO date to ``{"is_workday", "name", "intervals"}``."""

    by: Mapped[Staff | None] = relationship()
