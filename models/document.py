"""Whatever else a procedure asks somebody to fill in and sign, and the files that prove it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.complaint import Complaint
from models.db import Base, Key, Versioned
from models.organisation import Department, Staff


class FormDocument(Versioned, Base):
    """A filled form of a kind that the procedure's ``[[form]]`` defines: 书面认识, 调查报告, … ."""

    __tablename__ = "form_document"

    kind: Mapped[str] = mapped_column(String(40), index=True)
    no: Mapped[str | None] = mapped_column(String(30), unique=True)
    complaint_id: Mapped[int | None] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(Key, ForeignKey("department.id"))
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    signatures: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(String(20), default="已填")
    author_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime]

    complaint: Mapped[Complaint | None] = relationship()
    department: Mapped[Department | None] = relationship()
    author: Mapped[Staff | None] = relationship()


class StoredFile:
    """What is kept of a file. ``sha256`` names its content in the store; the given name is only shown."""

    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")


class Attachment(StoredFile, Versioned, Base):
    """A file that belongs to a case."""

    __tablename__ = "attachment"

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20), default="其他")
    confidential: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    uploaded_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("staff.id"))
    uploaded_at: Mapped[datetime]

    complaint: Mapped[Complaint] = relationship()
    uploaded_by: Mapped[Staff | None] = relationship()
