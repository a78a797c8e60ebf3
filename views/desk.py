"""待办: what waits for this person, the latest first; the page on which a working day begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask_admin import AdminIndexView, expose
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import selectinload

from models import (
    Approval,
    Assessment,
    Complaint,
    Duty,
    ExtensionRequest,
    Measure,
    PauseRequest,
    ProcedureActivation,
    db,
)
from views import verbs, versionlife
from views.base import EVERYBODY, Room, me
from views.caserecords import case_link
from views.clocklines import due_words
from views.complaints import OPEN, ORDER, due_today, late, severity_of
from views.errands import way
from views.formats import named
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
    names = (selectinload(Duty.complaint), selectinload(Duty.to_staff), selectinload(Duty.to_department))
    return list(db.session.scalars(query.options(*names).order_by(Duty.id).limit(SHOWN)))


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


@dataclass(frozen=True)
class Asked:
    """A request that waits for this person's decision."""

    what: str
    case: Complaint
    words: str
    """Who asked, or for what."""
    detail: str
    address: str


ASKED: tuple[tuple[str, str, Any, Any, Callable[[Any], tuple[Any, Any]]], ...] = (
    (
        "decide_extension",
        "延期",
        ExtensionRequest,
        ExtensionRequest.decision == "待审",
        lambda row: (row.asked_by, row.reason),
    ),
    (
        "decide_pause",
        "挂起",
        PauseRequest,
        PauseRequest.decision == "待审",
        lambda row: (row.asked_by, row.note or row.cause),
    ),
    (
        "approve",
        "审批",
        Approval,
        Approval.decision == "待审",
        lambda row: (row.asked_by, row.proposal.plan if row.proposal else row.wanted),
    ),
    (
        "decide_assessment",
        "考核",
        Assessment,
        Assessment.state == "已报",
        lambda row: (row.subject or row.subject_kind, row.note),
    ),
    (
        "approve_measure",
        "改进措施",
        Measure,
        Measure.state == "待审批",
        lambda row: (row.owner_department, row.measure),
    ),
)
"""The verb that decides, what is decided, which rows wait, and what is said of them."""


CONCERNED = (
    *(Complaint.investigation_department, Complaint.handling_department, Complaint.responsible_department),
    *(Complaint.complained_department, Complaint.receiver_department, Complaint.receiver, Complaint.handler),
    *(Complaint.investigator, Complaint.responsible_staff, Complaint.complained_staff),
)
"""Whom a case concerns: by them it is told who may decide."""


def asked_of_me() -> list[Asked]:
    """What waits for a decision of this person's, on cases in scope, the oldest first of each kind."""
    found, able = [], {}
    for verb, what, table, waits, telling in ASKED:
        query = select(table).where(waits, table.complaint.has(access.scope(me())))
        query = query.options(*(selectinload(table.complaint).selectinload(one) for one in CONCERNED))
        query = query.order_by(table.id).limit(SHOWN)
        for row in db.session.scalars(query):
            key = (verb, row.complaint_id)
            if key not in able:
                able[key] = verbs.able(verb, row.complaint)
            if able[key]:
                who, detail = telling(row)
                address = url_for("verbs.case", verb=verb, case=row.complaint_id, url=url_for("admin.index"))
                found.append(Asked(what, row.complaint, str(named(who) or ""), str(detail or ""), address))
    return found


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
            asked=asked_of_me(),
            reviews=reviews(),
            severity_of=severity_of,
            cases=[(case, due_words(case, g.now)) for case in cases],
        )
