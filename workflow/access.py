"""Who may see and who may do: a person's hats, the one scope function, and the relations that steps speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, false, func, or_, select, true
from sqlalchemy.orm import Session, object_session

from models import (
    Assessment,
    Assignment,
    Complaint,
    Department,
    Membership,
    Role,
    Staff,
    Substitution,
    SupervisionOrder,
    TeamMember,
)
from models.assignment import HELPING
from rules import lifecycle
from rules.lifecycle import Hat, Step, entitled, may, speaks_of_help

HEAD = "部门负责人"
SEES_ALL = "全部"
SEALED = "保密"
"""The flag of a confidential case."""
SEES_DEPARTMENT = "部门"
SEES_PROCEDURE = "制度 "
"""Before the code of a procedure: how far a role sees that its document is open to."""
CONCERNS = (
    Complaint.investigation_department_id,
    Complaint.handling_department_id,
    Complaint.responsible_department_id,
    Complaint.complained_department_id,
    Complaint.receiver_department_id,
)
OWN = (Complaint.receiver_id, Complaint.handler_id, Complaint.investigator_id)
ACCUSED = (Complaint.complained_staff_id, Complaint.responsible_staff_id)


@dataclass(frozen=True)
class Actor:
    """Who acts: a member of staff with the hats he wears now (own and lent), or the system, which has no staff."""

    staff: Staff | None
    hats: tuple[Hat, ...] = ()
    staff_ids: tuple[int, ...] = ()
    """The person and everybody he stands in for."""
    sees_all: bool = False
    branch_ids: tuple[int, ...] = ()
    """Departments whose cases he sees: those of his hats with all below them."""
    limits: dict[str, frozenset[str]] = field(default_factory=dict)
    """Role name to the verbs it is limited to, for roles that an administrator narrowed."""
    substituting: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    """Procedures all of whose cases he sees."""

    @property
    def is_system(self) -> bool:
        return self.staff is None

    @property
    def name(self) -> str:
        return self.staff.name if self.staff else "系统"

    @property
    def id(self) -> int | None:
        return self.staff.id if self.staff else None

    def roles(self) -> list[str]:
        return sorted({hat.role for hat in self.hats})

    def departments(self) -> list[str]:
        return sorted({hat.department_name for hat in self.hats if hat.department_name})

    def holds(self, role: str, department_id: int | None = None) -> bool:
        """Whether he wears a hat of that role (in that department)."""
        return any(hat.role == role and department_id in (None, hat.department_id) for hat in self.hats)

    def hats_for(self, verb: str) -> tuple[Hat, ...]:
        """The hats that an administrator has not narrowed against this verb."""
        return tuple(hat for hat in self.hats if verb in self.limits.get(hat.role, {verb}))


SYSTEM = Actor(staff=None)


def actor_of(session: Session, staff: Staff, now: datetime) -> Actor:
    """The person with every hat he wears at this moment, lent ones included."""
    lenders = _stands_in_for(session, staff, now)
    people = [staff, *lenders]
    held = _memberships(session, [person.id for person in people])
    common = list(session.scalars(select(Role).where(Role.everybody).order_by(Role.id)))
    hats = [*_hats_of_memberships(held), *_hats_of_heads(session, people), *_hats_of_everybody(people, common)]
    roles = {membership.role.name: membership.role for membership in held} | {role.name: role for role in common}
    head = session.scalar(select(Role).where(Role.name == HEAD))
    if head:
        roles[HEAD] = head
    sees_all = any(roles[hat.role].sees == SEES_ALL for hat in hats if hat.role in roles)
    seen = {
        hat.department_id
        for hat in hats
        if hat.department_id and hat.role in roles and roles[hat.role].sees in (SEES_ALL, SEES_DEPARTMENT)
    }
    sees = {roles[hat.role].sees for hat in hats if hat.role in roles}
    return Actor(
        staff=staff,
        hats=tuple(_with_ancestors(session, hats)),
        staff_ids=tuple(person.id for person in people),
        sees_all=sees_all,
        branch_ids=tuple(branch(session, seen)),
        limits={role.name: frozenset(role.verbs) for role in roles.values() if role.verbs},
        substituting=tuple(person.name for person in lenders),
        codes=tuple(sorted(text.removeprefix(SEES_PROCEDURE) for text in sees if text.startswith(SEES_PROCEDURE))),
    )


def _stands_in_for(session: Session, staff: Staff, now: datetime) -> list[Staff]:
    query = (
        select(Staff)
        .join(Substitution, Substitution.staff_id == Staff.id)
        .where(Substitution.substitute_id == staff.id, Substitution.starts_at <= now, Substitution.ends_at > now)
    )
    return list(session.scalars(query.order_by(Staff.id)))


def _memberships(session: Session, staff_ids: list[int]) -> list[Membership]:
    return list(session.scalars(select(Membership).where(Membership.staff_id.in_(staff_ids)).order_by(Membership.id)))


def _hats_of_memberships(memberships: Iterable[Membership]) -> list[Hat]:
    hats = []
    for membership in memberships:
        department = membership.department or membership.staff.department
        hats.append(
            Hat(membership.role.name, department.id if department else None, department.name if department else "")
        )
    return hats


def _hats_of_everybody(people: list[Staff], common: list[Role]) -> list[Hat]:
    """What everybody who works in a department is there, without anybody having made him so."""
    places = {person.department.id: person.department for person in people if person.department}
    return [Hat(role.name, place.id, place.name) for role in common for place in places.values()]


def _hats_of_heads(session: Session, people: list[Staff]) -> list[Hat]:
    ids = [person.id for person in people]
    query = select(Department).where(or_(Department.head_id.in_(ids), Department.deputy_id.in_(ids)))
    return [Hat(HEAD, department.id, department.name) for department in session.scalars(query.order_by(Department.id))]


def _with_ancestors(session: Session, hats: list[Hat]) -> list[Hat]:
    """A crew's member also works for the department that the crew belongs to; a crew's head does not head it."""
    wide = list(hats)
    for hat in hats:
        if hat.role == HEAD or hat.department_id is None:
            continue
        department = session.get(Department, hat.department_id)
        while department and department.parent:
            department = department.parent
            wide.append(Hat(hat.role, department.id, department.name))
    return list(dict.fromkeys(wide))


def branch(session: Session, department_ids: Iterable[int | None]) -> list[int]:
    """The given departments and everything below them, as ids in ascending order."""
    paths = session.scalars(select(Department.path).where(Department.id.in_([i for i in department_ids if i]))).all()
    if not paths:
        return []
    below = or_(*(Department.path.startswith(path, autoescape=True) for path in paths))
    return list(session.scalars(select(Department.id).where(below).order_by(Department.id)))


def scope(actor: Actor) -> ColumnElement[bool]:
    """The condition on Complaint that every door applies: the cases that this person may know of.

    A leader or an auditor sees all; a department sees what concerns it or what is below it, what it helps with, and
    what waits for its decision; everybody sees what he received, investigates or handles, what he helps with, and what
    he is in the team of. Nobody sees a case about himself (回避).
    """
    if actor.is_system:
        return true()
    concerned: list[ColumnElement[bool]] = [column.in_(actor.staff_ids) for column in OWN]
    team = select(TeamMember.complaint_id).where(TeamMember.staff_id.in_(actor.staff_ids), TeamMember.until.is_(None))
    concerned.append(Complaint.id.in_(team))
    concerned.append(_helps(Assignment.person_id.in_(actor.staff_ids)))
    if actor.codes:
        concerned.append(Complaint.procedure_code.in_(actor.codes))
    if actor.branch_ids:
        concerned += [column.in_(actor.branch_ids) for column in CONCERNS]
        concerned.append(_helps(Assignment.department_id.in_(actor.branch_ids)))
        concerned.append(
            Complaint.id.in_(
                select(Assessment.complaint_id).where(
                    Assessment.approver_department_id.in_(actor.branch_ids), Assessment.state != "草稿"
                )
            )
        )
    reach = true() if actor.sees_all else or_(false(), *concerned)
    return and_(reach, spares(actor))


def _helps(whose: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition on Complaint that these help with it, or have helped, while it is open.

    Who handed the help back, or is needed no longer, has no more to do with it than a department that handed back the
    case itself; who finished it may be asked about what it found until the case is closed.
    """
    stood = select(Assignment.complaint_id).where(
        whose, Assignment.kind == HELPING, ~Assignment.returned, ~Assignment.cancelled
    )
    return and_(Complaint.closed_at.is_(None), Complaint.id.in_(stood))


def spares(actor: Actor) -> ColumnElement[bool]:
    """The condition on Complaint that it does not accuse this person (回避)."""
    return and_(*(or_(column.is_(None), column != actor.id) for column in ACCUSED))


def may_see(session: Session, actor: Actor, complaint: Complaint) -> bool:
    """Whether the case is in the person's scope."""
    query = select(Complaint.id).where(Complaint.id == complaint.id, scope(actor))
    return session.scalar(query) is not None


def order_state(session: Session, complaint: Complaint) -> str | None:
    """The state of the case's newest supervision order."""
    query = select(SupervisionOrder.state).where(SupervisionOrder.complaint_id == complaint.id)
    return session.scalar(query.order_by(SupervisionOrder.id.desc()).limit(1))


Related = dict[str, tuple[tuple[int, ...], tuple[str, ...]]]


def relations(complaint: Complaint | None, who: Iterable[str] = ()) -> Related:
    """What the relations in a step's ``who`` mean for this case: name -> (ids, names). Who helps is looked up only
    where these entitlements speak of it."""
    if complaint is None:
        return {}
    helped = of_helpers(helpers(complaint)) if speaks_of_help(who) else {}
    departments = {
        "调查部门": complaint.investigation_department,
        "承办部门": complaint.handling_department,
        "责任部门": complaint.responsible_department or complaint.complained_department,
        "登记部门": complaint.receiver_department,
    }
    people = {
        "登记人": complaint.receiver,
        "承办人": complaint.handler,
        "调查处理人": complaint.investigator,
        "责任人": complaint.responsible_staff or complaint.complained_staff,
    }
    named = {**departments, **people}
    return helped | {name: ((thing.id,), (thing.name,)) for name, thing in named.items() if thing is not None}


def helpers(complaint: Complaint) -> list[Assignment]:
    """The departments that help with the case now."""
    session = object_session(complaint)
    open_ones = select(Assignment).where(
        Assignment.complaint_id == complaint.id, Assignment.kind == HELPING, Assignment.ended_at.is_(None)
    )
    return list(session.scalars(open_ones.order_by(Assignment.id))) if session else []


def of_helpers(stints: Iterable[Assignment]) -> Related:
    """What 协办部门 and 协办人 mean where these help."""
    places = {stint.department.id: stint.department.name for stint in stints}
    people = {stint.person.id: stint.person.name for stint in stints if stint.person}
    return {
        lifecycle.HELPING_DEPARTMENT: (tuple(places), tuple(places.values())),
        lifecycle.HELPER: (tuple(people), tuple(people.values())),
    }


def unconcerned(complaint: Complaint, person: Staff) -> bool:
    """Whether the case does not accuse this person (回避)."""
    return person.id not in accused_of(complaint)


def accused_of(complaint: Complaint | None) -> set[int]:
    """Whom the case accuses."""
    keys = (getattr(complaint, column.key, None) for column in ACCUSED)
    return {key for key in keys if key is not None}


DEPARTMENTS: Mapping[str, SQLColumnExpression[int | None]] = {
    "调查部门": Complaint.investigation_department_id,
    "承办部门": Complaint.handling_department_id,
    "责任部门": func.coalesce(Complaint.responsible_department_id, Complaint.complained_department_id),
    "登记部门": Complaint.receiver_department_id,
}
PEOPLE: Mapping[str, SQLColumnExpression[int | None]] = {
    "登记人": Complaint.receiver_id,
    "承办人": Complaint.handler_id,
    "调查处理人": Complaint.investigator_id,
    "责任人": func.coalesce(Complaint.responsible_staff_id, Complaint.complained_staff_id),
}


def entitling(actor: Actor, step: Step) -> ColumnElement[bool] | None:
    """The condition on Complaint that its state and its relations let this person do the step; nothing where no case
    would. Each entitlement asks for one relation at most, so that they are tried one by one."""
    hats = actor.hats_for(step.verb)
    who = entitled(step, hats)

    def fits(relation: str = "", key: int | None = None) -> bool:
        related = {relation: ((key,), ())} if key is not None else {}
        return may(who, hats=hats, relations=related, person=actor.id).ok

    state = Complaint.state.in_(step.from_states) if step.from_states else true()
    if fits():
        return state
    places = {hat.department_id for hat in hats}
    tried = [(name, column, places) for name, column in DEPARTMENTS.items()]
    tried += [(name, column, {actor.id}) for name, column in PEOPLE.items()]
    found = [(column, [key for key in keys if fits(name, key)]) for name, column, keys in tried]
    related = [column.in_(keys) for column, keys in found if keys]
    return and_(state, or_(*related)) if related else None
