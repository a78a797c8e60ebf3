"""The story of a case: its events newest first, each with its reasons, and what belongs to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from models import (
    Assessment,
    Attachment,
    Complaint,
    ComplaintLink,
    CorrectiveAction,
    Duty,
    Event,
    ExtensionRequest,
    FormDocument,
    Investigation,
    Measure,
    SupervisionOrder,
    Visit,
    db,
)
from rules.facts import CORE
from views.base import me
from workflow import access, history, procedures
from workflow.errors import Refused

QUIET = ("notify",)
HEAD = re.compile("(.*?被拒绝(?=[:\uff1a])|[^;\uff1b]*)[:;\uff1a\uff1b]?(.*)", re.DOTALL)
"""An event first names the deed; what follows the semicolon (or the colon of a refusal) is what it was about."""


@dataclass(frozen=True)
class Reason:
    """Why something was decided: the outcome, the rule and its clauses, what it saw, and what nearly applied."""

    stage: str
    outcome: str
    rule: str
    because: str
    cites: tuple[str, ...]
    seen: dict[str, str]
    near: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One event as a line."""

    at: datetime
    who: str
    head: str
    rest: str
    refused: bool
    changes: tuple[tuple[str, str, str], ...]
    warnings: tuple[str, ...]
    reasons: tuple[Reason, ...]


def of(case: Complaint) -> list[Line]:
    """The events of a case, newest first; what was only looked at is left out."""
    labels = labels_of(case)
    return [line_of(event, labels) for event in history.timeline(db.session(), case) if event.outcome != "查看"]


def labels_of(case: Complaint) -> dict[str, str]:
    """Fact name to its label, in the words of the case's own procedure."""
    try:
        document = procedures.version(db.session(), case.procedure_code, case.procedure_version)
    except Refused:
        return {}
    return {name: fact.label for name, fact in {**CORE, **document.facts}.items()}


def line_of(event: Event, labels: Mapping[str, str] = MappingProxyType({})) -> Line:
    """An event as a line; the system under its name, a substitute with the name of whom he stands for."""
    who = event.actor.name if event.actor else _("系统")
    if event.on_behalf_of:
        who = _("%(who)s（代 %(other)s）", who=who, other=event.on_behalf_of)
    changes = tuple((label, str(pair[0]), str(pair[1])) for label, pair in event.changes.items() if len(pair) == 2)
    head, rest = HEAD.match(event.text).groups("")  # type: ignore[union-attr]
    return Line(
        event.at,
        who,
        head,
        rest,
        event.outcome == "拒绝",
        changes,
        tuple(event.warnings),
        tuple(reason for decision in event.decisions if (reason := reason_of(decision, labels))),
    )


def reason_of(decision: dict[str, Any], labels: Mapping[str, str]) -> Reason | None:
    """A stored decision in words; whom it tells is left out, the notice says that itself."""
    outcome = decision.get("outcome")
    if outcome in (None, "", {}) or decision.get("stage") in QUIET:
        return None
    near = tuple(
        _(
            "%(outcome)s(%(fact)s 为 %(seen)s，需 %(wanted)s)",
            outcome=words_of(miss.get("outcome")),
            fact=labels.get(str(miss.get("fact")), str(miss.get("fact", ""))),
            seen=words_of(miss.get("seen")),
            wanted=words_of(miss.get("wanted")),
        )
        for miss in decision.get("near_misses", ())[:3]
        if isinstance(miss, dict)
    )
    seen = {labels.get(name, name): words_of(value) for name, value in dict(decision.get("seen") or {}).items()}
    return Reason(
        str(decision.get("stage", "")),
        outcome_words(outcome, labels),
        str(decision.get("rule_id") or ""),
        str(decision.get("because") or ""),
        tuple(map(str, decision.get("cites") or ())),
        seen,
        near,
    )


def outcome_words(outcome: Any, labels: Mapping[str, str]) -> str:
    """What was decided, in the words that people use for it."""
    if not isinstance(outcome, dict):
        return words_of(outcome)
    for name in ("title", "text", "grade", "department", "role"):
        if outcome.get(name):
            return words_of(outcome[name])
    if outcome.get("standard"):
        return str(_("考核第 %(no)s 项", no=outcome["standard"]))
    return "、".join(f"{labels.get(name, name)} {words_of(value)}" for name, value in outcome.items())


def words_of(value: Any) -> str:
    """Any JSON value in words."""
    match value:
        case None | "":
            return "—"
        case bool():
            return _("是") if value else _("否")
        case dict():
            return "、".join(f"{words_of(item)}" for item in value.values())
        case list():
            return "、".join(words_of(item) for item in value)
        case _:
            return str(value)


def extra_fields(case: Complaint) -> list[tuple[str, str]]:
    """What the procedure records beyond the core, labelled as its document does."""
    try:
        document = procedures.version(db.session(), case.procedure_code, case.procedure_version)
    except Refused:
        return []
    return [
        (field.label, words_of(case.fields[field.key]))
        for field in document.fields
        if case.fields.get(field.key) not in (None, "", [])
    ]


def records_of(case: Complaint) -> dict[str, list[Any]]:
    """Everything that hangs on the case, each kind newest first."""
    found = {
        name: _all(model, case)
        for name, model in (
            ("orders", SupervisionOrder),
            ("corrections", CorrectiveAction),
            ("investigations", Investigation),
            ("visits", Visit),
            ("measures", Measure),
            ("assessments", Assessment),
            ("documents", FormDocument),
            ("attachments", Attachment),
            ("extensions", ExtensionRequest),
        )
    }
    found["duties"] = list(
        db.session.scalars(select(Duty).where(Duty.complaint_id == case.id, Duty.done_at.is_(None)).order_by(Duty.id))
    )
    found["related"] = related(case)
    return found


def _all(model: Any, case: Complaint) -> list[Any]:
    return list(
        db.session.scalars(select(model).where(model.complaint_id == case.id).order_by(model.id.desc()).limit(50))
    )


def related(case: Complaint) -> list[tuple[str, Complaint]]:
    """Linked cases, and other cases of the same complainant, as far as this person may see them."""
    links = select(ComplaintLink).where(or_(ComplaintLink.complaint_id == case.id, ComplaintLink.other_id == case.id))
    found = []
    for link in db.session.scalars(links):
        other = link.other if link.complaint_id == case.id else link.complaint
        if access.may_see(db.session(), me(), other):
            found.append((link.kind, other))
    same = (
        select(Complaint)
        .where(Complaint.complainant_id == case.complainant_id, Complaint.id != case.id, access.scope(me()))
        .order_by(Complaint.id.desc())
        .limit(5)
    )
    return found + [("同一客户", other) for other in db.session.scalars(same).unique()]
