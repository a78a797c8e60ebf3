"""Cases that read alike: found by the pairs of characters that their texts share, offered so that they get linked."""

from __future__ import annotations

import math
import re
from collections import Counter
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Complaint, ComplaintLink
from models.queries import fact_columns
from rules.procedure import Procedure
from workflow import access
from workflow.access import Actor
from workflow.act import Act
from workflow.matter import told_apart_by

RECENT = timedelta(days=31)
ALIKE = 0.4
"""From here on two texts are worth a look: half of a short complaint said in other words stays below it."""
MOST, READ = 5, 300
NO_TEXT = re.compile(r"[\W_]+")


class Like(NamedTuple):
    """A case that reads like this one, and how much: 1.0 is the same text."""

    case: Complaint
    score: float


def pairs(text: str) -> Counter[str]:
    """How often each pair of neighbouring characters occurs; a single character stands for itself."""
    plain = NO_TEXT.sub("", text).lower()
    return Counter(plain[i : i + 2] for i in range(max(1, len(plain) - 1))) if plain else Counter()


def likeness(one: str, other: str) -> float:
    """The cosine of the two texts: 0 with no pair in common, 1 for the same pairs as often."""
    mine, theirs = pairs(one), pairs(other)
    shared = sum(number * theirs[pair] for pair, number in mine.items())
    return shared / math.sqrt(_square(mine) * _square(theirs)) if shared else 0.0


def _square(counted: Counter[str]) -> int:
    return sum(number * number for number in counted.values())


def similar(
    session: Session, procedure: Procedure, case: Complaint, *, actor: Actor, now: datetime, least: float = ALIKE
) -> list[Like]:
    """Open and recent cases of the same procedure, of the same kind where that is known, that read like this one: the
    nearest first. Only what the person may see; what is linked already is left out."""
    query = select(Complaint).where(
        Complaint.procedure_code == procedure.code,
        Complaint.id != case.id,
        Complaint.state != "已作废",
        or_(Complaint.closed_at.is_(None), Complaint.received_at >= now - RECENT),
        Complaint.id.not_in(_linked(session, case)),
        access.scope(actor),
    )
    columns = fact_columns.columns(procedure)
    for name in told_apart_by(procedure):
        if value := case.fields.get(name):
            query = query.where(columns[name].value == value)
    if case.category:
        query = query.where(Complaint.category.in_(("", case.category)))
    query = query.order_by(Complaint.received_at.desc(), Complaint.id.desc()).limit(READ)
    found = [Like(other, likeness(case.content, other.content)) for other in session.scalars(query).unique()]
    return sorted((like for like in found if like.score >= least), key=lambda like: -like.score)[:MOST]


def _linked(session: Session, case: Complaint) -> list[int]:
    query = select(ComplaintLink).where(or_(ComplaintLink.complaint_id == case.id, ComplaintLink.other_id == case.id))
    return [link.other_id if link.complaint_id == case.id else link.complaint_id for link in session.scalars(query)]


def offer(act: Act) -> None:
    """Point at what reads alike, where the document counts cases that are: whoever registers may link them."""
    if not act.procedure.counts:
        return
    for other, score in similar(act.session, act.procedure, act.case, actor=act.actor, now=act.now):
        act.warn(f"与 {other.case_no} 相似 {score:.0%},是同一问题的请关联")
