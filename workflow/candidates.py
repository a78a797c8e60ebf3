"""Whom a team still needs by the procedure's own rules, with the persons who would do: offered, not imposed.

What is needed is found by trying: a department, a role or a leader whose coming satisfies a ``require`` row that would
refuse the team without.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select

from models import Department, Membership, Role, Staff, TeamMember
from rules import engine
from workflow.act import Act

FORMING = "form_team"
LEADER, PLACES, ROLES = "team_leader_department", "team_departments", "team_roles"


def leader(act: Act) -> Staff | None:
    """Who leads the team now, else the case's investigator, else who forms it; somebody of the department that has to
    lead, if it is another one."""
    present = _present(act)
    names = [row.name for row in act.procedure.head.departments]
    now = next((member.staff for member in present if member.leader), act.case.investigator or act.actor.staff)
    wanted = [_in_department(act, name) for name in _needed(act, _facts(present), LEADER, names)]
    return now if now is not None and str(now.department) in map(_place, wanted) else next(iter(wanted), now)


def members(act: Act) -> str:
    """The present team and whoever is missing in it, one a line: name, department, role."""
    present = _present(act)
    facts = _facts(present)
    names = [row.name for row in act.procedure.head.departments]
    found = [(member.staff, member.department, member.role) for member in present]
    for name in _needed(act, facts, PLACES, names):
        person = _in_department(act, name)
        found += [(person, person.department, "")] if person else []
    for name in _needed(act, facts, ROLES, act.procedure.head.roles):
        person = act.session.scalar(_working().join(Membership).join(Role).where(Role.name == name))
        found += [(person, person.department, name)] if person else []
    return "\n".join("、".join(map(str, (person, place or "", role))).rstrip("、") for person, place, role in found)


def _present(act: Act) -> list[TeamMember]:
    query = select(TeamMember).where(TeamMember.complaint_id == act.case.id, TeamMember.until.is_(None))
    return list(act.session.scalars(query.order_by(TeamMember.leader.desc(), TeamMember.id)))


def _facts(present: list[TeamMember]) -> dict[str, Any]:
    """The team as the rules see it, without its leader's department: that is asked for by trying."""
    return {
        PLACES: [str(member.department) for member in present if member.department],
        ROLES: [member.role for member in present if member.role],
        LEADER: None,
    }


def _needed(act: Act, facts: dict[str, Any], fact: str, names: Iterable[str]) -> list[str]:
    """The names that satisfy a row which refuses the team as it is."""

    def broken(value: Any) -> int:
        asked = {**act.facts(), "verb": FORMING, **facts, fact: value}
        return len(engine.collect(act.procedure, "require", asked))

    without = broken(facts[fact])
    with_it = {name: name if fact == LEADER else [*facts[fact], name] for name in names}
    return [name for name, value in with_it.items() if broken(value) < without]


def _in_department(act: Act, name: str) -> Staff | None:
    """The case's investigator where he is of that department, else its head, else somebody who works there."""
    own = act.case.investigator
    if own is not None and str(own.department) == name:
        return own
    head = act.session.scalar(select(Department).where(Department.name == name))
    if head is not None and head.head is not None and head.head.active:
        return head.head
    there = Staff.department.has(Department.name == name)
    return act.session.scalar(_working().where(there))


def _working() -> Select[Staff]:
    return select(Staff).where(Staff.active).order_by(Staff.id).limit(1)


def _place(person: Staff | None) -> str:
    return str(person.department) if person is not None else ""
