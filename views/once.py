"""A form is done once: the word that it carries is kept in the same unit of work as what was done with it.

Sent twice, even at the same instant, the second waits for the first and is told what became of it.
"""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe

from flask import g, request
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from models import SentForm, db
from views.base import begin_writing
from workflow.errors import Conflict

KEPT = timedelta(days=7)


class Resent(Conflict):
    """The form was done before; ``case`` is what it was done on or what came of it, where that is a case."""

    def __init__(self, case: int | None) -> None:
        super().__init__("这张表已经提交过了")
        self.case = case


def form_id() -> str:
    """A word that a form carries once."""
    return token_urlsafe(9)


def claim() -> SentForm | None:
    """Take the word of the form that was sent; it is kept when what follows is. Nothing where a form carries none."""
    word = request.form.get("form_id", "")[:20]
    if not word:
        return None
    check(word)
    db.session.execute(delete(SentForm).where(SentForm.at < g.now - KEPT))
    sent = SentForm(word=word, at=g.now)
    db.session.add(sent)
    try:
        db.session.flush()
    except IntegrityError:
        # whoever was quicker has finished by now: the database let nobody past him
        begin_writing()
        check(word)
        raise
    return sent


def check(word: str) -> None:
    """Refuse a form that was done before."""
    before = db.session.get(SentForm, word)
    if before is not None:
        raise Resent(before.complaint_id)
