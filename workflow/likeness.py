"""Cases that read alike: found by the pairs of characters that their texts share, offered so that they get linked."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from models import Complainant, Complaint, ComplaintLink
from models.queries import counts
from rules.procedure import Procedure
from workflow import access, procedures
from workflow.access import SEALED, Actor
from workflow.act import Act
from workflow.matter import marks, told_apart_by

RECENT = timedelta(days=31)
ALIKE = 0.4
"""From here on two texts are worth a look: half of a short complaint said in other words stays below it."""
MOST, READ, OF_CALLER = 5, 2000, 20
SHORTEST = 7
"""A phone of fewer digits is not yet one."""
CALLER, CATEGORY = "电话", "类别"
NO_TEXT = re.compile(r"[\W_]+")


class Told(NamedTuple):
    """What is known of a matter: by a case, or by what somebody has typed of one so far."""

    content: str
    category: str = ""
    fields: Mapping[str, Any] = {}
    phone: str = ""
    without: Collection[int] = ()
    """Cases that are not to be found: itself, and what is linked with it already."""


class Like(NamedTuple):
    """A case that is like this one, how much their texts are (1.0 is the same text), and what else is the same."""

    case: Complaint
    score: float
    same: tuple[str, ...] = ()


def pairs(text: str) -> Counter[str]:
    """How often each pair of neighbouring characters occurs; a single character stands for itself."""
    plain = NO_TEXT.sub("", text).lower()
    return Counter(map("".join, pairwise(plain)) if len(plain) > 1 else [plain] * len(plain))


def likeness(one: str, other: str) -> float:
    """The cosine of the two texts: 0 with no pair in common, 1 for the same pairs as often."""
    return _cosine(pairs(one), pairs(other))


def _cosine(mine: Counter[str], theirs: Counter[str]) -> float:
    shared = sum([number * theirs[pair] for pair, number in mine.items() if pair in theirs])
    return shared / math.sqrt(_square(mine) * _square(theirs)) if shared else 0.0


def _square(counted: Counter[str]) -> int:
    return sum([number * number for number in counted.values()])


def told_by(session: Session, case: Complaint) -> Told:
    """What a case says of its matter."""
    linked = {case.id, *_linked(session, case)}
    return Told(case.content, case.category, case.fields, case.complainant.phone, linked)


def similar(
    session: Session, procedure: Procedure, told: Told, *, actor: Actor, now: datetime, least: float = ALIKE
) -> list[Like]:
    """Open and recent cases of the same procedure, of the same kind where that is known, that read like this one, bear
    the same mark, or come from the same caller: the nearest first. Only what the person may see."""
    mine, bears = pairs(told.content), [(name, told.fields[name]) for name in marks(procedure) if told.fields.get(name)]
    query = _nearby(procedure, told, actor, now, [name for name, _ in bears])
    wanted = tuple(mark for _, mark in bears)
    scores: dict[int, float] = {}
    near: dict[int, float] = {}
    for of_caller, rows in ((False, session.execute(query.limit(READ))), (True, _of_the_caller(session, query, told))):
        for key, content, *borne in rows:
            scores[key] = _cosine(mine, pairs(content))
            same = of_caller or any(one == other for one, other in zip(borne, wanted, strict=True))
            if same or scores[key] >= least:
                near[key] = max(near.get(key, 0.0), scores[key] + same)
    first = sorted(near, key=lambda key: (-near[key], -key))[: MOST + OF_CALLER]
    cases = {case.id: case for case in session.scalars(select(Complaint).where(Complaint.id.in_(first))).unique()}
    likes = [_like(session, procedure, told, cases[key], scores[key], actor) for key in first if key in cases]
    telling = {CALLER, *marks(procedure).values()}
    worth = [like for like in likes if like.score >= least or telling.intersection(like.same)]
    return sorted(worth, key=lambda like: -like.score - len(telling.intersection(like.same)))[:MOST]


def _nearby(procedure: Procedure, told: Told, actor: Actor, now: datetime, borne: list[str]) -> Select[Any]:
    """The newest first: the key is in the order of registration, so that no more are read than are asked for."""
    columns = counts.columns(procedure)
    query = select(Complaint.id, Complaint.content, *(columns[name].value for name in borne)).where(
        Complaint.procedure_code == procedure.code,
        Complaint.id.not_in(told.without),
        Complaint.state != "已作废",
        or_(Complaint.closed_at.is_(None), Complaint.received_at >= now - RECENT),
        access.scope(actor),
    )
    for name in told_apart_by(procedure):
        if value := told.fields.get(name):
            query = query.where(columns[name].value == value)
    if told.category:
        query = query.where(Complaint.category.in_(("", told.category)))
    return query.order_by(Complaint.id.desc())


def _of_the_caller(session: Session, query: Select[Any], told: Told) -> Iterable[Any]:
    """Those of them whose complainant has this phone, which has an index."""
    if len(told.phone) < SHORTEST:
        return []
    callers = select(Complainant.id).where(Complainant.phone == told.phone)
    return session.execute(query.where(Complaint.complainant_id.in_(callers)).limit(OF_CALLER))


def _like(session: Session, procedure: Procedure, told: Told, case: Complaint, score: float, actor: Actor) -> Like:
    """Whose case it is is only told to whoever works on it: others see the phone masked, and could try it out here."""
    fields = {field.key: field.label for field in procedure.fields}
    compared = [*told_apart_by(procedure), *marks(procedure)]
    same = [fields[name] for name in compared if told.fields.get(name) and case.fields.get(name) == told.fields[name]]
    if told.category and case.category == told.category:
        same.append(CATEGORY)
    if (
        len(told.phone) >= SHORTEST
        and case.complainant.phone == told.phone
        and procedures.works_on(session, actor, case)
    ):
        same.append(CALLER)
    return Like(case, score, tuple(same))


def sealed(case: Complaint) -> bool:
    """Whether looking at it is kept in its history, so that nothing of it is shown in passing."""
    return SEALED in case.flags or case.complainant.secrecy == SEALED


def _linked(session: Session, case: Complaint) -> list[int]:
    query = select(ComplaintLink).where(or_(ComplaintLink.complaint_id == case.id, ComplaintLink.other_id == case.id))
    return [link.other_id if link.complaint_id == case.id else link.complaint_id for link in session.scalars(query)]


def offer(act: Act, seen: Collection[str] = ()) -> None:
    """Point at what reads alike, where the document counts cases that are: whoever registers may link them. What stood
    beside his form he has seen."""
    if not act.procedure.counts:
        return
    told = told_by(act.session, act.case)._replace(phone="")
    for other, score, _same in similar(act.session, act.procedure, told, actor=act.actor, now=act.now):
        if other.case_no not in seen:
            act.warn(f"与 {other.case_no} 相似 {score:.0%},是同一问题的请关联")
