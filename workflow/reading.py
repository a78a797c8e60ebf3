"""已阅: a notice that somebody has read, and to whom a notice or a duty is addressed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from models import Assessment, Department, Notice, PeriodicReport, Staff
from workflow.access import Actor, spares
from workflow.act import Act
from workflow.arguments import Argument
from workflow.errors import NotFound
from workflow.notices import Recipient, acknowledge
from workflow.registry import verb

MOST = 200
HOUSE_READERS = ("系统管理员", "审计")
"""Who reads what belongs to no case: people, history, the machine's work, what others are told."""


def addressed_to(actor: Actor, table: Any) -> ColumnElement[bool]:
    """Notices or duties of this person, of whom he stands in for, of his departments, of his roles.

    What is about a case that accuses him is his only when it is addressed to himself (回避).
    """
    places = {hat.department_id for hat in actor.hats if hat.department_id}
    nobody = and_(table.to_staff_id.is_(None), table.to_department_id.is_(None))
    mine = or_(
        table.to_staff_id.in_(actor.staff_ids),
        table.to_department_id.in_(places),
        and_(nobody, table.to_role.in_(actor.roles())),
    )
    return and_(mine, or_(table.to_staff_id == actor.id, not_about(actor, table.complaint)))


def not_about(actor: Actor, relation: Any) -> ColumnElement[bool]:
    """No case behind the row, or one that does not accuse this person."""
    return or_(~relation.has(), relation.has(spares(actor)))


def reads(actor: Actor, to: Recipient) -> bool:
    """Whether he reads what is told to this person, department or role though it is not told to himself."""
    if any(actor.holds(role) for role in HOUSE_READERS):
        return True
    if isinstance(to, Staff):
        return to.id in actor.staff_ids and to.id != actor.id
    if isinstance(to, Department):
        return any(hat.department_id == to.id for hat in actor.hats)
    return to in actor.roles()


def assessments_of_others(actor: Actor) -> ColumnElement[bool]:
    """Nobody reads a proposal about himself before the procedure tells him."""
    about = Assessment.subject_staff_id
    return or_(about.is_(None), about != actor.id)


def conclusions_for(actor: Actor) -> ColumnElement[bool]:
    """The condition on PeriodicReport that this person reads what was concluded: it may speak of any case behind its
    figures. Who sees all of them reads it, who wrote it, and the department that wrote it with those above."""
    if actor.is_system or actor.sees_all:
        return true()
    writers = select(Staff.id).where(Staff.department_id.in_(actor.branch_ids))
    written = PeriodicReport.made_by_id.in_(actor.staff_ids) | PeriodicReport.made_by_id.in_(writers)
    return written | PeriodicReport.procedure_code.in_(actor.codes)


@verb(
    "acknowledge",
    label="已阅",
    group="我的",
    needs_case=False,
    guard="never",
    who=("*",),
    arguments=(Argument("notices", "通知", "multi", required=True),),
)
def read_notices(act: Act) -> None:
    """The notices are read, by whom and when; one that is not addressed to him is not his to read."""
    keys = [int(key) for key in act.arguments["notices"][:MOST] if key.isascii() and key.isdigit() and len(key) < 16]
    mine = select(Notice).where(Notice.id.in_(keys), addressed_to(act.actor, Notice)).order_by(Notice.id)
    found = list(act.session.scalars(mine))
    if not found:
        raise NotFound("没有这条通知")
    for notice in found:
        acknowledge(act, notice)
    act.say(f"{len(found)} 条通知")
    act.result = found
