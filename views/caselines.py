"""What hangs on a case, line by line in the order of the work: what was found, planned, done and signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import g
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import selectinload

from models import (
    Approval,
    Assessment,
    Complaint,
    Coordination,
    CorrectiveAction,
    ExtensionRequest,
    FeeLine,
    FormDocument,
    Implementation,
    Investigation,
    JointReview,
    Measure,
    Proposal,
    SiteVisit,
    SupervisionOrder,
    TeamMember,
    Visit,
    WorkOrder,
    db,
)
from views.base import me
from views.formats import money, named, short_day, short_instant, term
from workflow import documents, procedures, reading

MOST = 50
"""Lines of one kind on the page; what is older stands in the list of its kind."""


@dataclass(frozen=True)
class Line:
    """One record of the case."""

    name: str
    """Its number, or what it is about: the link, where it has a page of its own."""
    words: tuple[Any, ...] = ()
    """Who and what, as words and terms, in a row."""
    detail: str = ""
    """What somebody wrote, quietly and cut."""
    at: datetime | None = None
    paper: str = ""
    """The form that prints it."""
    number: str = ""
    """Its number, by which that form is found."""
    row: Any = None
    endpoint: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of record: under which word, from which table, and how a row reads."""

    label: str
    table: type
    line: Callable[[Any], Line | None]
    endpoint: str = ""
    loads: tuple[str, ...] = ()
    seen: Callable[[], ColumnElement[bool]] = true
    """Which of them whoever sees the case may read."""


def of(case: Complaint) -> list[tuple[str, list[Line]]]:
    """The lines of the case by kind, oldest first; a kind without any is left out."""
    found = ((kind.label, _lines(kind, case)) for kind in KINDS)
    return [(label, lines) for label, lines in found if lines]


def _lines(kind: Kind, case: Complaint) -> list[Line]:
    table: Any = kind.table
    query = select(table).where(table.complaint_id == case.id, kind.seen()).order_by(table.id.desc()).limit(MOST)
    rows = db.session.scalars(query.options(*(selectinload(getattr(table, name)) for name in kind.loads)))
    lines = ((row, kind.line(row)) for row in reversed(rows.all()))
    return [replace(line, row=row, endpoint=kind.endpoint) for row, line in lines if line]


def _words(*parts: Any) -> tuple[Any, ...]:
    return tuple(part for part in parts if part not in (None, "", []))


def _member(row: TeamMember) -> Line:
    left = _("至 %(at)s", at=short_instant(row.until)) if row.until else ""
    role = term(row.role) if row.role else ""
    return Line(
        str(row.staff), _words(_("组长") if row.leader else "", named(row.department), role, left), at=row.since
    )


def _investigation(row: Investigation) -> Line | None:
    words = _words(term(row.conclusion), term(row.method))
    return Line("", words, row.facts, row.finished_at) if row.finished_at else None


def _order(row: SupervisionOrder) -> Line:
    urged = _("催办 %(n)s 次", n=row.urge_count) if row.urge_count else ""
    words = _words(named(row.handling_department), term(row.state), urged)
    return Line(row.order_no, words, at=row.issued_at, paper="督办处理单", number=row.order_no)


def _correction(row: CorrectiveAction) -> Line:
    words = _words(_("第 %(n)s 轮", n=row.round), term(row.effect_check))
    return Line(row.record_no, words, row.corrective_measures, row.submitted_at, paper="情况表", number=row.record_no)


def _plan(row: Proposal) -> Line:
    return Line(
        _number(row), _words(term(row.kind), term(row.state), money(row.compensation)), row.plan, row.created_at
    )


def _number(row: Proposal) -> str:
    return _("方案 %(n)s", n=row.number)


def _approval(row: Approval) -> Line:
    words = _words(term(row.wanted), term(row.role), row.decided_by, term(row.decision))
    about = _number(row.proposal) if row.proposal else _(row.object)
    return Line(about, words, row.opinion, row.decided_at or row.asked_at)


def _done(row: Implementation) -> Line:
    words = _words(row.implementer, row.construction_unit, money(row.amount))
    return Line(_(row.action), words, row.result, row.finished_at or row.at)


def _work(row: WorkOrder) -> Line:
    appointed = _("预约 %(at)s", at=short_instant(row.appointed_at)) if row.appointed_at else ""
    words = _words(term(row.state), term(row.paid), money(row.final_amount), row.team, row.technician, appointed)
    return Line(row.order_no, words, row.fault, row.issued_at, paper=_paper(row), number=row.order_no)


def _fee(row: FeeLine) -> Line:
    words = _words(row.period, row.work_order, money(row.amount), term(row.way))
    return Line("", words, at=row.charged_at, paper=_paper(row), number=row.order_no)


def _coordination(row: Coordination) -> Line:
    said = row.reply or row.explanation_to_customer
    return Line(row.unit, _words(row.contact), said, row.contacted_at, paper=_paper(row), number=str(row.id))


def _paper(row: Any) -> str:
    """The form of the case's procedure that prints such a record."""
    return documents.kind_of(procedures.of(db.session(), row.complaint, g.now), type(row))


def _measure(row: Measure) -> Line:
    due = _("期限 %(at)s", at=short_day(row.due_on))
    words = _words(named(row.owner_department), row.owner, term(row.state), due)
    return Line(row.measure_no, words, row.measure, row.created_at)


def _assessment(row: Assessment) -> Line:
    points = _("扣 %(n)s 分", n=row.points) if row.points else ""
    words = _words(_(row.subject_kind), row.subject, term(row.state), points, term(row.sanction))
    return Line(_("第 %(no)s 项", no=row.standard_no), words, row.note, row.proposed_at)


def _document(row: FormDocument) -> Line:
    return Line(
        row.no or _(row.kind),
        _words(term(row.state), row.author),
        at=row.created_at,
        paper=row.kind,
        number=row.no or "",
    )


def _extension(row: ExtensionRequest) -> Line:
    wanted = _("延至 %(at)s", at=short_instant(row.due_wanted))
    return Line("", _words(term(row.decision), wanted, row.asked_by), row.reason, row.asked_at)


KINDS: Sequence[Kind] = (
    Kind("处理小组", TeamMember, _member, loads=("staff", "department")),
    Kind(
        "现场查看",
        SiteVisit,
        lambda row: Line("", _words(_("、").join(map(str, row.people))), row.findings, row.arrived_at),
    ),
    Kind("调查", Investigation, _investigation, "investigations"),
    Kind("督办处理单", SupervisionOrder, _order, "orders", ("handling_department",)),
    Kind("情况表", CorrectiveAction, _correction, "corrections"),
    Kind("处理方案", Proposal, _plan, "plans"),
    Kind(
        "联合审核",
        JointReview,
        lambda row: Line(_(row.party), _words(_number(row.proposal), row.reviewer), row.opinion, row.at),
        loads=("reviewer", "proposal"),
    ),
    Kind("审批", Approval, _approval, "approvals", ("decided_by", "proposal")),
    Kind("实施", Implementation, _done),
    Kind("维修单", WorkOrder, _work, "workorders", ("technician",)),
    Kind(
        "管理费收费单",
        FeeLine,
        _fee,
        loads=("work_order",),
    ),
    Kind(
        "外部协调",
        Coordination,
        _coordination,
        "coordinations",
    ),
    Kind("回访", Visit, lambda row: Line("", _words(term(row.result), term(row.way)), row.comment, row.at), "visits"),
    Kind("改进措施", Measure, _measure, "measures", ("owner_department", "owner")),
    Kind("考核", Assessment, _assessment, "assessments", seen=lambda: reading.assessments_of_others(me())),
    Kind("文书", FormDocument, _document, "documents", ("author",)),
    Kind("延期申请", ExtensionRequest, _extension, loads=("asked_by",)),
)
"""Everything that the page lists, in the order in which it comes to be."""
