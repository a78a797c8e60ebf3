"""What this person is asked to help with: himself, or a department that he heads or works in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, url_for
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import selectinload

from models import Assignment, Clock, Complaint, db
from models.assignment import HELPING
from rules import lifecycle
from rules.vocabulary import HelpState
from views.asked import SHOWN
from views.base import me
from views.clocklines import Words, words_of
from workflow import access, procedures
from workflow.access import HEAD, Actor


@dataclass(frozen=True)
class Help:
    """A task of a department that helps, before whoever may do it."""

    case: Complaint
    department: str
    person: str
    """Who is named for it, when that is somebody else."""
    asked: str
    state: HelpState
    since: datetime
    time: Words | None
    """How much time is left, where a time was said."""
    address: str


def helps_of_me() -> list[Help]:
    """What this person is asked to help with, the oldest first."""
    cases, clocks = Counter(row.complaint_id for row in _mine()), _clocks()
    return [_told(row, clocks.get(row.id), alone=cases[row.complaint_id] == 1) for row in _mine()]


def how_many() -> int:
    """How much that is: every page says so."""
    return len(_mine())


def _mine() -> list[Assignment]:
    """The open tasks that he may take on or finish, found once for a page."""
    if "helps_of_me" not in g:
        known = (
            selectinload(Assignment.complaint),
            selectinload(Assignment.department),
            selectinload(Assignment.person),
        )
        query = (
            select(Assignment)
            .join(Complaint, Complaint.id == Assignment.complaint_id)
            .where(Assignment.kind == HELPING, Assignment.ended_at.is_(None), Complaint.closed_at.is_(None))
            .where(_addressed_to(me()), access.scope(me()))
        )
        rows = db.session.scalars(query.options(*known).order_by(Assignment.id).limit(SHOWN))
        g.helps_of_me = [row for row in rows if _able(row)]
    found: list[Assignment] = g.helps_of_me
    return found


def _addressed_to(actor: Actor) -> ColumnElement[bool]:
    """His own tasks, those of departments that he heads, and those of his departments that name nobody."""
    heads = [hat.department_id for hat in actor.hats if hat.role == HEAD and hat.department_id]
    works = [hat.department_id for hat in actor.hats if hat.role != HEAD and hat.department_id]
    return or_(
        Assignment.person_id.in_(actor.staff_ids),
        Assignment.department_id.in_(heads),
        and_(Assignment.department_id.in_(works), Assignment.person_id.is_(None)),
    )


def _next(row: Assignment) -> str:
    return "sign_help" if row.accepted_at is None else "finish_help"


def _able(row: Assignment) -> bool:
    """Whether the document of the case lets him do the next step of the task."""
    case = row.complaint
    step = lifecycle.step_for(procedures.version(db.session(), case.procedure_code, case.procedure_version), _next(row))
    if step is None or (step.from_states and case.state not in step.from_states):
        return False
    hats, whose = me().hats_for(step.verb), access.of_helpers([row])
    return lifecycle.may(step.who, hats=hats, relations=whose, person=me().id).ok


def _clocks() -> dict[int | None, Clock]:
    """What counts until when each of the tasks should be done, where that was said."""
    keys = [row.id for row in _mine()]
    running = select(Clock).where(Clock.assignment_id.in_(keys), Clock.done_at.is_(None), Clock.cancelled_at.is_(None))
    return {clock.assignment_id: clock for clock in db.session.scalars(running)} if keys else {}


def _told(row: Assignment, clock: Clock | None, *, alone: bool) -> Help:
    named = "" if row.person_id in (None, me().id) else str(row.person)
    which: dict[str, Any] = {} if alone else {"department": str(row.department)}
    address = url_for("verbs.case", verb=_next(row), case=row.complaint_id, **which, url=url_for("admin.index"))
    words = words_of(clock, g.now) if clock else None
    return Help(row.complaint, str(row.department), named, row.reason, row.help_state, row.started_at, words, address)
