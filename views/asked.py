"""What waits for one deed of this person's: a request for his decision, a fee that he collects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, literal, or_, select, union

from models import (
    Approval,
    Assessment,
    Complaint,
    Department,
    ExtensionRequest,
    Measure,
    PauseRequest,
    Staff,
    WorkOrder,
    db,
)
from rules import lifecycle
from views import permits
from views.base import me
from views.caserecords import not_about_me
from views.formats import named
from workflow import access, procedures, workorders

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


Telling = Callable[[Any], tuple[Any, Any]]
Row = tuple[str, str, Any, Telling]
"""The verb, what is decided, the row, and what is said of it."""

ASKED: tuple[tuple[str, str, Any, Any, Telling], ...] = (
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


def asked_of_me() -> list[Asked]:
    """What waits for a deed of this person's, the oldest first of each kind."""
    return [_told(*one) for one in _mine()]


def how_many() -> int:
    """How much that is: every page says so."""
    return len(_mine())


def _mine() -> list[Row]:
    """The same as rows, found once for a page."""
    if "asked_of_me" not in g:
        waiting = [*_requests(), *_fees()]
        _load(waiting)
        g.asked_of_me = list(_within_reach(waiting))
    found: list[Row] = g.asked_of_me
    return found


def _requests() -> Iterator[Row]:
    """Requests on cases in scope that nobody has decided, where the document of the case lets this person decide."""
    documents = _documents()
    for verb, what, table, waits, telling in ASKED:
        if decides := [*_decides(verb, documents.get(verb, ()))]:
            here = table.complaint.has(and_(access.scope(me()), or_(*decides)))
            query = select(table).where(waits, here).order_by(table.id).limit(SHOWN)
            yield from ((verb, what, row, telling) for row in db.session.scalars(query))


def _documents() -> dict[str, list[tuple[str, int]]]:
    """Verb to the documents, code and number, of the cases on which something waits for it."""
    judged = (Complaint.procedure_code, Complaint.procedure_version)
    kinds = (
        select(literal(verb), *judged).join(table, table.complaint_id == Complaint.id).where(waits)
        for verb, _what, table, waits, _telling in ASKED
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for verb, code, number in db.session.execute(union(*kinds)):
        found.setdefault(verb, []).append((code, number))
    return found


def _decides(verb: str, documents: Iterable[tuple[str, int]]) -> Iterator[ColumnElement[bool]]:
    """Of each document by which he may do it to some case, which cases of it those are."""
    for code, number in documents:
        step = lifecycle.step_for(procedures.version(db.session(), code, number), verb)
        where = access.entitling(me(), step) if step else None
        if where is not None:
            yield and_(Complaint.procedure_code == code, Complaint.procedure_version == number, where)


def _fees() -> Iterator[Row]:
    """Verified orders whose fee is due, before whoever collects fees; he need not see the case."""
    if not workorders.collects(db.session(), me(), g.now):
        return
    waits = (WorkOrder.fee_state == workorders.OWED, not_about_me(WorkOrder.complaint))
    query = select(WorkOrder).where(*waits).order_by(WorkOrder.id).limit(SHOWN)
    yield from (("charge", "收费", row, _fee) for row in db.session.scalars(query))


def _fee(row: WorkOrder) -> tuple[Any, Any]:
    return row.order_no, _("%(amount)s 元", amount=f"{row.final_amount or 0:.2f}")


def _load(waiting: list[Row]) -> None:
    """Fetch the cases of all kinds at once, with those whom they concern: by them it is told who may decide."""
    if keys := {row.complaint_id for _verb, _what, row, _telling in waiting}:
        cases = db.session.scalars(select(Complaint).where(Complaint.id.in_(keys))).unique().all()
        places = _named(Department, cases, access.CONCERNS)
        people = _named(Staff, cases, (*access.OWN, *access.ACCUSED))
        g.asked_about = [*cases, *places, *people]  # the session alone would not keep them


def _named(table: Any, cases: Iterable[Complaint], columns: Iterable[Any]) -> Iterable[Any]:
    keys = {getattr(case, column.key) for case in cases for column in columns} - {None}
    return db.session.scalars(select(table).where(table.id.in_(keys)))


def _within_reach(waiting: list[Row]) -> Iterator[Row]:
    """Those that the person may do now; what he may do to a case is asked once."""
    able: dict[tuple[str, int], bool] = {}
    for one in waiting:
        key = (one[0], one[2].complaint_id)
        if key not in able:
            able[key] = permits.able(one[0], one[2].complaint)
        if able[key]:
            yield one


def _told(verb: str, what: str, row: Any, telling: Telling) -> Asked:
    who, detail = telling(row)
    address = url_for("verbs.case", verb=verb, case=row.complaint_id, url=url_for("admin.index"))
    return Asked(what, row.complaint, str(named(who) or ""), str(detail or ""), address)
