"""What waits for one deed of this person's: a request for his decision, a fee that he collects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models import Approval, Assessment, Complaint, ExtensionRequest, Measure, PauseRequest, WorkOrder, db
from views import verbs
from views.base import me
from views.caserecords import not_about_me
from views.formats import named
from workflow import access, workorders

SHOWN = 40
"""How many of a kind stand on the desk."""


@dataclass(frozen=True)
class Asked:
    """What waits for a deed of this person's."""

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
    """What waits for a deed of this person's, the oldest first of each kind; found once for a page."""
    if "asked_of_me" not in g:
        waiting = [*_requests(), *_fees()]
        _load(waiting)
        g.asked_of_me = [_told(*one) for one in _within_reach(waiting)]
    found: list[Asked] = g.asked_of_me
    return found


def _requests() -> Iterator[tuple[str, str, Any, Callable[[Any], tuple[Any, Any]]]]:
    """Requests on cases in scope that nobody has decided."""
    for verb, what, table, waits, telling in ASKED:
        query = select(table).where(waits, table.complaint.has(access.scope(me()))).order_by(table.id).limit(SHOWN)
        yield from ((verb, what, row, telling) for row in db.session.scalars(query))


def _fees() -> Iterator[tuple[str, str, Any, Callable[[Any], tuple[Any, Any]]]]:
    """Verified orders whose fee is due, before whoever collects fees; he need not see the case."""
    if not workorders.collects(db.session(), me(), g.now):
        return
    waits = (WorkOrder.fee_state == workorders.OWED, not_about_me(WorkOrder.complaint))
    query = select(WorkOrder).where(*waits).order_by(WorkOrder.id).limit(SHOWN)
    yield from (("charge", "收费", row, _fee) for row in db.session.scalars(query))


def _fee(row: WorkOrder) -> tuple[Any, Any]:
    return row.order_no, _("%(amount)s 元", amount=f"{row.final_amount or 0:.2f}")


def _load(waiting: list[Any]) -> None:
    """Fetch the cases of all kinds at once, with those whom they concern."""
    keys = {row.complaint_id for _verb, _what, row, _telling in waiting}
    if keys:
        names = (selectinload(one) for one in CONCERNED)
        g.cases_asked_about = list(db.session.scalars(select(Complaint).where(Complaint.id.in_(keys)).options(*names)))


def _within_reach(waiting: list[Any]) -> Iterator[Any]:
    """Those that the person may do now; what he may do to a case is asked once."""
    able: dict[tuple[str, int], bool] = {}
    for one in waiting:
        key = (one[0], one[2].complaint_id)
        if key not in able:
            able[key] = verbs.able(one[0], one[2].complaint)
        if able[key]:
            yield one


def _told(verb: str, what: str, row: Any, telling: Callable[[Any], tuple[Any, Any]]) -> Asked:
    who, detail = telling(row)
    address = url_for("verbs.case", verb=verb, case=row.complaint_id, url=url_for("admin.index"))
    return Asked(what, row.complaint, str(named(who) or ""), str(detail or ""), address)
