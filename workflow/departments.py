"""The department tree: making one, keeping its path, and finding which department answers for a crew."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Department


def ensure_department(session: Session, name: str, *, kind: str = "", parent: str = "") -> Department:
    """The department of that name, made when there is none; its parent likewise."""
    found = session.scalar(select(Department).where(Department.name == name))
    above = ensure_department(session, parent) if parent else None
    if found is None:
        found = Department(name=name, kind=kind, parent=above)
        session.add(found)
    elif above is not None:
        found.parent = above
    session.flush()
    place(found)
    return found


def place(department: Department) -> None:
    """Write the path of a department and of everything below it; a department cannot stand below itself."""
    above = department.parent.path if department.parent else "/"
    department.path = f"{above}{department.id}/"
    for child in department.children:
        place(child)


def answering(department: Department) -> Department:
    """The department that answers for a unit: itself, or the nearest above that is no crew and has a head (P02-9.4)."""
    unit = department
    while unit.parent is not None and (unit.kind == "班组" or unit.head_id is None):
        unit = unit.parent
    return unit if unit.head_id is not None or unit.kind != "班组" else department
