"""Finding people, departments and cases by typing: scoped, clamped, wildcards taken as plain characters."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import or_, select

from models import Department, Staff, db
from views.base import EVERYBODY, Room
from views.guard import number_of
from views.said import said

MOST = 10


class Lookup(Room):
    """What the finder fields ask while somebody types. Everybody who works here may know who works here."""

    readers = EVERYBODY
    takes = {"people": {"query", "limit", "department"}, "departments": {"query", "limit"}, "index": ()}  # noqa: RUF012

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> Any:
        return jsonify([])

    @expose("/people")
    def people(self) -> Any:
        """Active staff whose name or number begins with or contains what was typed."""
        typed = _typed()
        query = select(Staff).where(Staff.active.is_(True))
        if typed:
            query = query.where(
                or_(Staff.name.icontains(typed, autoescape=True), Staff.staff_no.istartswith(typed, autoescape=True))
            )
        rows = db.session.scalars(query.order_by(Staff.name, Staff.id).limit(_limit()))
        return jsonify([{"id": row.id, "name": row.name, "more": said(str(row.department or ""))} for row in rows])

    @expose("/departments")
    def departments(self) -> Any:
        """Departments in use whose name contains what was typed."""
        query = select(Department).where(Department.active.is_(True)).order_by(Department.path, Department.id)
        typed = _typed().casefold()
        rows = [row for row in db.session.scalars(query) if typed in f"{row.name}\n{_(row.name)}".casefold()]
        return jsonify([{"id": row.id, "name": _(row.name), "more": _parent(row)} for row in rows[: _limit()]])


def _parent(row: Department) -> str:
    return _(row.parent.name) if row.parent else ""


def _typed() -> str:
    return " ".join(request.args.get("query", "").split())[:40]


def _limit() -> int:
    return number_of(request.args.get("limit", MOST), least=1, most=MOST, otherwise=MOST)
