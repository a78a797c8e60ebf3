"""专席: the person whom a rule sends a case to, by name, by the seat he fills or by the role he holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import coalesce

from models import Department, Membership, Role, Staff
from workflow.act import Act, filled
from workflow.departments import ensure_department


def seat(act: Act, spec: Mapping[str, Any]) -> tuple[Department | None, Staff | None]:
    """The department and the person that the outcome of a rule names.

    A seat that nobody fills leaves the case to its department, with a warning; so does the outcome's own ``warn``.
    """
    department = ensure_department(act.session, spec["department"]) if spec.get("department") else None
    if spec.get("warn"):
        act.warn(filled(str(spec["warn"]), act.facts()))
    wanted = spec.get("person") or spec.get("role")
    if not wanted:
        return department, None
    person = _named(act.session, spec) or _holding(act.session, str(wanted), department)
    if person is None:
        act.warn(f"没有人担任“{wanted}”,留给部门")
        return department, None
    return department or person.department, person


def _named(session: Session, spec: Mapping[str, Any]) -> Staff | None:
    """The person of that name."""
    if not spec.get("person"):
        return None
    return session.scalars(select(Staff).where(Staff.name == spec["person"], Staff.active).order_by(Staff.id)).first()


def _holding(session: Session, office: str, department: Department | None) -> Staff | None:
    """The first who holds the role of that name, in that department where one is named."""
    place = coalesce(Membership.department_id, Staff.department_id)
    query = (
        select(Staff)
        .join(Membership, Membership.staff_id == Staff.id)
        .join(Role, Role.id == Membership.role_id)
        .where(Role.name == office, Staff.active)
        .order_by(Staff.id)
    )
    if department is not None:
        query = query.where(place == department.id)
    return session.scalars(query).first()
