"""The story of a case: its events newest first, each with its reasons, and what belongs to it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import g
from flask_babel import gettext as _
from sqlalchemy import or_, select

from models import Assessment, Attachment, Complaint, ComplaintLink, Duty, Event, db
from rules.quantities import is_number
from views import formats, reasons
from views.base import me
from views.reasons import ByHand, Reason, plain_words
from views.said import said
from views.told import told
from workflow import access, history, library, likeness, procedures, reading
from workflow.errors import Refused

HEAD = re.compile("(.*?被拒绝(?=[:\uff1a])|[^;\uff1b]*)[:;\uff1a\uff1b]?(.*)", re.DOTALL)
"""An event first names the deed; what follows the semicolon (or the colon of a refusal) is what it was about."""


REFUSED = re.compile("被拒绝$")
ASSESSING = ("propose_assessment", "decide_assessment")
"""Deeds whose text says who is to be assessed, and how."""


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
    by_hand: ByHand | None = None
    """What a person decided here against the rules."""

    @property
    def judged(self) -> list[Reason]:
        """What was decided about the case itself."""
        return [reason for reason in self.reasons if reason.judging and not reason.again]

    @property
    def folded(self) -> list[Reason]:
        """What else the rules had to say; a warning is said already."""
        return [reason for reason in self.reasons if not reason.judging and reason.stage != "warn"]


def of(case: Complaint, events: Sequence[Event] | None = None) -> list[Line]:
    """The events of a case, newest first; what was only looked at is left out, and what assesses the reader himself."""
    events = history.timeline(db.session(), case) if events is None else events
    by_hand, before = reasons.changed_by_hand(events[::-1]), reasons.seen_before(events[::-1])
    unread = ASSESSING if _assesses_me(case, events) else ()
    return [
        line_of(event, by_hand.get(event.id, (None, None))[1], before)
        for event in events
        if event.outcome != "查看" and event.verb not in unread
    ]


def _assesses_me(case: Complaint, events: Sequence[Event]) -> bool:
    """Whether one of the proposals on this case is about who reads; nobody asks where there is none."""
    if not any(event.verb in ASSESSING for event in events):
        return False
    about_me = (
        select(Assessment.id).where(Assessment.complaint_id == case.id, ~reading.assessments_of_others(me())).limit(1)
    )
    return db.session.scalar(about_me) is not None


def why(case: Complaint, events: Sequence[Event]) -> list[Reason]:
    """How the case is judged now, a sentence for each question that the rules have answered."""
    department = case.investigation_department
    now = {
        "nature": case.nature or "",
        "category": case.category or "",
        "grade": case.grade or "",
        "route": department.name if department else "",
    }
    return reasons.standing(events[::-1], now)


def line_of(event: Event, by_hand: ByHand | None = None, before: Collection[tuple[int, str]] = ()) -> Line:
    """An event as a line; the system under its name, a substitute with the name of whom he stands for."""
    who = event.actor.name if event.actor else _("系统")
    if event.on_behalf_of:
        who = _("%(who)s（代 %(other)s）", who=who, other=event.on_behalf_of)
    changes = tuple((label, str(pair[0]), str(pair[1])) for label, pair in event.changes.items() if len(pair) == 2)
    head, rest = HEAD.match(event.text).groups("")  # type: ignore[union-attr]
    refused = event.outcome == "拒绝"
    written = said if refused else told  # what is refused is said by the house alone
    if refused:
        head = _("%(what)s被拒绝", what=_(REFUSED.sub("", head)))
    changed = {f"{label} {old} → {new}": f"{said(label)} {said(old)} → {said(new)}" for label, old, new in changes}
    return Line(
        event.at,
        who,
        head,
        _("；").join(changed.get(part) or written(part) for part in rest.split(";")),
        refused,
        changes,
        tuple(event.warnings),
        tuple(
            replace(reason, again=(event.id, reason.stage) in before)
            for decision in event.decisions
            if (reason := reasons.reason_of(decision))
        ),
        by_hand,
    )


def extra_fields(case: Complaint) -> list[tuple[str, Any]]:
    """What the procedure records beyond the core, labelled as its document does and said as a page says its type."""
    try:
        document = procedures.version(db.session(), case.procedure_code, case.procedure_version)
    except Refused:
        return []
    return [
        (field.label, as_read(field.type, case.fields[field.key]))
        for field in document.fields
        if case.fields.get(field.key) not in (None, "", [])
    ]


def as_read(kind: str, value: Any) -> Any:
    """An instant and a day in the house's form; a term in the reader's language; everything else as it was written."""
    if kind == "duration" and is_number(value):
        return formats.exactly(timedelta(seconds=float(value)))
    try:
        if kind in ("instant", "date"):
            return formats.shown((datetime if kind == "instant" else date).fromisoformat(str(value)))
    except ValueError:
        return str(value)
    return said(plain_words(value))


def beside(case: Complaint) -> dict[str, list[Any]]:
    """What stands beside the story: what is still owed, cases that belong here, files."""
    owed = select(Duty).where(Duty.complaint_id == case.id, Duty.done_at.is_(None)).order_by(Duty.id)
    files = select(Attachment).where(Attachment.complaint_id == case.id).order_by(Attachment.id.desc()).limit(50)
    session = db.session()
    return {
        "duties": list(session.scalars(owed)),
        "related": related(case),
        "attachments": list(session.scalars(files)),
        "cited": library.standing(session, case),
    }


def related(case: Complaint) -> list[tuple[str, Complaint]]:
    """Linked cases, and other cases of the same complainant, as far as this person may see them."""
    links = select(ComplaintLink).where(or_(ComplaintLink.complaint_id == case.id, ComplaintLink.other_id == case.id))
    kinds = [
        (link.kind, link.other_id if link.complaint_id == case.id else link.complaint_id)
        for link in db.session.scalars(links.order_by(ComplaintLink.id))
    ]
    theirs = select(Complaint).where(Complaint.id.in_(key for _kind, key in kinds), access.scope(me()))
    seen = {other.id: other for other in db.session.scalars(theirs).unique()} if kinds else {}
    found = [(kind, seen[key]) for kind, key in kinds if key in seen]
    same = (
        select(Complaint)
        .where(Complaint.complainant_id == case.complainant_id, Complaint.id != case.id, access.scope(me()))
        .order_by(Complaint.id.desc())
        .limit(5)
    )
    found += [("同一客户", other) for other in db.session.scalars(same).unique()]
    known = {other.id for _kind, other in found}
    return found + [("相似", other) for other in _reads_alike(case) if other.id not in known]


def _reads_alike(case: Complaint) -> list[Complaint]:
    """Cases that read like this one, while it is open and its document counts cases that are alike."""
    document = procedures.version(db.session(), case.procedure_code, case.procedure_version)
    if case.closed_at is not None or not document.counts:
        return []
    told = likeness.told_by(db.session(), case)
    return [like.case for like in likeness.similar(db.session(), document, told, actor=me(), now=g.now)]
