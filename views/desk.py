"""待办: what waits for this person, the latest first; the page on which a working day begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask_admin import AdminIndexView, expose
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import selectinload

from models import Complaint, Duty, ProcedureActivation, db
from views import helps, versionlife
from views.asked import SHOWN, asked_of_me, how_many
from views.base import EVERYBODY, Room, me
from views.caserecords import case_link
from views.clocklines import due_words
from views.complaints import OPEN, ORDER, due_today, late, severity_of
from views.errands import way
from workflow import access
from workflow.access import HEAD, Actor

HANDLING = ("待接单", "处理中", "重新处理", "实施中")
"""States in which the handling department has the next step; in the others the investigating department has it."""


@dataclass(frozen=True)
class Figure:
    """A number of the desk that leads to its list."""

    label: str
    count: int
    address: str
    tone: str = ""


def mine() -> ColumnElement[bool]:
    """Open cases on which the next step is this person's: his own, and those of the departments that he heads."""
    actor = me()
    heads = [hat.department_id for hat in actor.hats if hat.role == HEAD and hat.department_id]
    works = [hat.department_id for hat in actor.hats if hat.role != HEAD and hat.department_id]
    handled = Complaint.state.in_(HANDLING)
    return and_(
        OPEN,
        access.scope(actor),
        or_(
            and_(handled, or_(Complaint.handler_id.in_(actor.staff_ids), Complaint.handling_department_id.in_(heads))),
            and_(
                ~handled,
                or_(
                    Complaint.investigator_id.in_(actor.staff_ids),
                    and_(Complaint.investigation_department_id.in_(works), Complaint.investigator_id.is_(None)),
                ),
            ),
        ),
    )


def owed_by(actor: Actor) -> ColumnElement[bool]:
    """What this person still owes: his own duties and those of the departments that he heads, and of his roles."""
    heads = [hat.department_id for hat in actor.hats if hat.role == HEAD and hat.department_id]
    return and_(
        Duty.done_at.is_(None),
        or_(
            Duty.to_staff_id.in_(actor.staff_ids),
            Duty.to_department_id.in_(heads),
            and_(Duty.to_staff_id.is_(None), Duty.to_department_id.is_(None), Duty.to_role.in_(actor.roles())),
        ),
    )


def duties_of(actor: Actor) -> list[Duty]:
    """The oldest that this person owes."""
    names = (selectinload(Duty.complaint), selectinload(Duty.to_staff), selectinload(Duty.to_department))
    return list(db.session.scalars(select(Duty).where(owed_by(actor)).options(*names).order_by(Duty.id).limit(SHOWN)))


def waiting_count() -> int:
    """How many rows stand on this person's desk: versions of procedures, decisions, help, cases and duties."""
    cases = select(Complaint.id).where(mine()).limit(1000).subquery()
    duties = select(Duty.id).where(owed_by(me())).limit(1000).subquery()
    counts = (select(func.count()).select_from(rows).scalar_subquery() for rows in (cases, duties))
    return sum(db.session.execute(select(*counts)).one()) + len(reviews()) + how_many() + helps.how_many()


def reviews() -> list[ProcedureActivation]:
    """Versions of procedures that wait for this person's agreement."""
    return [request for request, decides in versionlife.waiting_requests() if decides]


def _count(condition: Any) -> int:
    inner = select(Complaint.id).where(access.scope(me()), condition).limit(10_001).subquery()
    return db.session.scalar(select(func.count()).select_from(inner)) or 0


def figures() -> list[Figure]:
    """What is open, late and due today, within the person's scope."""

    def to(**arguments: Any) -> str:
        return url_for("complaints.index_view", **arguments)

    return [
        Figure(_("超期"), _count(late()), to(open="超期"), "late"),
        Figure(_("今日到期"), _count(due_today()), to(open="今日到期"), "soon"),
        Figure(_("在办"), _count(OPEN), to(open="在办")),
        Figure(_("待回访"), _count(and_(OPEN, Complaint.state == "待回访")), to(open="在办", state="待回访")),
    ]


class Desk(Room, AdminIndexView):
    """The first page."""

    readers = EVERYBODY

    @expose("/")
    def index(self) -> Any:
        query = (
            select(Complaint)
            .where(mine())
            .options(selectinload(Complaint.handling_department), selectinload(Complaint.handler))
        )
        cases = db.session.scalars(query.order_by(*ORDER, Complaint.id).limit(SHOWN)).unique()
        return self.render(
            "admin/index.html",
            page_title=_("待办"),
            figures=figures(),
            duties=[(duty, way(duty), case_link(duty.complaint)) for duty in duties_of(me())],
            asked=[(one, case_link(one.case)) for one in asked_of_me()],
            helps=[(one, case_link(one.case)) for one in helps.helps_of_me()],
            reviews=reviews(),
            severity_of=severity_of,
            cases=[(case, due_words(case, g.now)) for case in cases],
        )
