"""The records of a case as lines of a paper: what a form names as ``records.talks``, ``records.proposals`` … ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import object_session

from models import (
    Approval,
    Assignment,
    Attachment,
    Citation,
    Communication,
    Complaint,
    ComplaintLink,
    Coordination,
    Event,
    FeeLine,
    FormDocument,
    Implementation,
    Investigation,
    JointReview,
    Proposal,
    SiteVisit,
    SupervisionOrder,
    TeamMember,
    Visit,
    WorkOrder,
)
from models.assignment import HELPING
from rules.vocabulary import HelpState
from workflow.act import minute, shown
from workflow.library import named

RECORDS = "records."
Lines = Callable[[Any], str]
ESTATE, OPINION = ("楼盘资料", "楼盘销售信息资料"), "专业意见"


def lines(case: Complaint, source: str) -> list[str]:
    """The lines of that name, oldest first."""
    session = object_session(case)
    if session is None or source not in SOURCES:
        return []
    found = []
    for table, line in SOURCES[source]:
        rows = session.scalars(select(table).where(table.complaint_id == case.id).order_by(table.id))
        found += [line(row) for row in rows]
    return [text for text in found if text]


def limit_words(order: SupervisionOrder) -> str:
    """办理时限 as the order and the ledger write it."""
    return f"{order.limit_days} 日内" if order.limit_days else "当天"


def _join(*parts: Any) -> str:
    return " ".join(_said(part) for part in parts if part not in (None, "", []))


def _said(part: Any) -> str:
    """An instant to the minute, as everywhere on paper."""
    return minute(part) if isinstance(part, datetime) else shown(part)


def _money(words: str, amount: Decimal | None) -> str:
    return "" if amount is None else f"{words} {amount:.2f} 元".strip()


def _member(row: TeamMember) -> str:
    return "" if row.until else _join(row.staff, row.department, row.role, "组长" if row.leader else "")


def _file(row: Attachment) -> str:
    return _join(row.kind, row.file_name, row.note)


def _cited(row: Citation) -> str:
    """An edition of the library that the case relies on, and still does."""
    return "" if row.taken_back_at else _join(row.item.kind, named(row.item), row.note)


def _proving(these: Callable[[str], bool]) -> tuple[tuple[Any, Lines], ...]:
    """The case's own files of these kinds, and what it cites of them."""
    return (
        (Attachment, lambda row: _file(row) if these(row.kind) else ""),
        (Citation, lambda row: _cited(row) if these(row.item.kind) else ""),
    )


def _help(row: Assignment) -> str:
    """What a department was asked to help with, how that stands and what came of it."""
    if row.kind != HELPING:
        return ""
    return _join(row.department, row.person, row.reason, row.help_state, row.result, row.ended_at)


def _expert(row: Assignment) -> str:
    """What a department that has helped has to say."""
    return _help(row) if row.help_state == HelpState.DONE else ""


def _proposal(row: Proposal) -> str:
    """The plan with what it costs, and what the customer said to it."""
    costs = (_money("费用", row.cost), _money("补偿", row.compensation))
    plan = (row.created_at, row, row.kind, row.cause_explanation, row.plan, row.basis)
    return _join(*plan, *costs, row.state, row.answered_at, row.answer)


def _review(row: JointReview) -> str:
    return _join(row.at, row.proposal, row.party, row.reviewer, row.opinion)


def _approval(row: Approval) -> str:
    opinion = "" if row.opinion == row.decision else row.opinion
    asked = (row.decided_at or row.asked_at, row.proposal or row.object, row.wanted, row.role)
    return _join(*asked, row.decided_by, row.decision, opinion)


def _done(row: Implementation) -> str:
    span = " – ".join(minute(at) for at in (row.started_at, row.finished_at) if at)
    return _join(span, row.action, row.implementer, row.construction_unit, _money("", row.amount), row.result)


def _answer(row: Event) -> str:
    """What the complainant said to a plan, or to what was done without one."""
    return _join(row.at, row.text) if row.verb == "record_acceptance" and row.outcome == "完成" else ""


def _grade(row: Event) -> str:
    """How the grade came to be another one."""
    return _join(row.at, row.actor, " → ".join(row.changes["级别"])) if "级别" in (row.changes or {}) else ""


SOURCES: Mapping[str, tuple[tuple[Any, Lines], ...]] = {
    "talks": ((Communication, lambda row: _join(row.at, row.kind, row.way, row.person, row.text)),),
    "limits": ((SupervisionOrder, limit_words),),
    "team": ((TeamMember, _member),),
    "sites": ((SiteVisit, lambda row: _join(row.arrived_at, row.people, row.findings)),),
    "investigations": (
        (Investigation, lambda row: _join(row.finished_at, row.method, row.facts, row.conclusion, row.cause)),
    ),
    "proposals": ((Proposal, _proposal),),
    "reviews": ((JointReview, _review),),
    "answers": ((Event, _answer),),
    "grades": ((Event, _grade),),
    "helps": ((Assignment, _help),),
    "opinions": ((JointReview, _review), (Assignment, _expert), *_proving(lambda kind: kind == OPINION)),
    "approvals": ((Approval, _approval),),
    "implementations": ((Implementation, _done),),
    "works": (
        (
            WorkOrder,
            lambda row: _join(row.order_no, row.fault, row.appointed_at, row.paid, row.team, row.technician, row.state),
        ),
    ),
    "coordinations": (
        (
            Coordination,
            lambda row: _join(row.contacted_at, row.unit, row.contact, row.explanation_to_customer, row.reply),
        ),
    ),
    "fees": ((FeeLine, lambda row: _join(row.period, row.work_order, f"{row.amount:.2f}", row.way)),),
    "visits": ((Visit, lambda row: _join(row.at, row.way, row.result, row.comment)),),
    "links": ((ComplaintLink, lambda row: _join(row.kind, row.other)),),
    "attachments": _proving(lambda _kind: True),
    "estate": _proving(lambda kind: kind in ESTATE),
    "evidence": _proving(lambda kind: kind not in (*ESTATE, OPINION)),
    "documents": ((FormDocument, lambda row: _join(row.kind, row.no, row.state)),),
}
