"""待办: what waits for this person, the latest first; the page on which a working day begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask_admin import AdminIndexView, expose
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import selectinload

from models import Complaint, Duty, ExtensionRequest, ProcedureActivation, db
from views import verbs, versionlife
from views.base import EVERYBODY, Room, me
from views.caserecords import case_link
from views.clocklines import due_words
from views.complaints import OPEN, ORDER, due_today, late, severity_of
from views.errands import way
from workflow import access
from workflow.access import HEAD, Actor

SHOWN = 40
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


def duties_of(actor: Actor) -> list[Duty]:
    """What this person still owes: his own duties and those of the departments that he heads, and of his roles."""
    heads = [hat.department_id for hat in actor.hats if hat.role == HEAD and hat.department_id]
    query = select(Duty).where(
        Duty.done_at.is_(None),
        or_(
            Duty.to_staff_id.in_(actor.staff_ids),
            Duty.to_department_id.in_(heads),
            and_(Duty.to_staff_id.is_(None), Duty.to_department_id.is_(None), Duty.to_role.in_(actor.roles())),
        ),
    )
    return list(db.session.scalars(query.options(selectinload(Duty.complaint)).order_by(Duty.id).limit(SHOWN)))


def waiting_count() -> int:
    """How many cases, and requests about procedures, wait for this person."""
    inner = select(Complaint.id).where(mine()).limit(1000).subquery()
    return (db.session.scalar(select(func.count()).select_from(inner)) or 0) + len(reviews())


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


def extensions() -> list[ExtensionRequest]:
    """Requests for more time that wait for a decision, on cases in scope."""
    query = (
        select(ExtensionRequest)
        .where(ExtensionRequest.decision == "待审", ExtensionRequest.complaint.has(access.scope(me())))
        .options(selectinload(ExtensionRequest.complaint), selectinload(ExtensionRequest.asked_by))
    )
    waiting = db.session.scalars(query.order_by(ExtensionRequest.id).limit(20))
    return [one for one in waiting if verbs.may("decide_extension", one.complaint)]


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
            extensions=extensions(),
            reviews=reviews(),
            severity_of=severity_of,
            cases=[(case, due_words(case, g.now)) for case in cases],
        )
