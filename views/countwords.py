"""What a count of a report counts: in words, and the cases behind it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from models import Complaint, db
from rules import engine, indicators
from views.base import me
from views.said import said
from workflow import access

COUNTS = {
    **indicators.COUNTS,
    **indicators.OF_LIMIT,
    **indicators.OF_LINK,
    **indicators.OF_GRADE,
    **indicators.OF_PAPER,
}
SHOWN = 1000
"""How many cases a page lists."""


def count_words(name: str) -> str:
    """What a count counts, in words; of one limit, grade, link or paper with its name."""
    name = name.rpartition("|")[2]
    kind, _colon, of = name.partition(":")
    text = str(_(COUNTS.get(kind, name)))
    return engine.fill(text, dict.fromkeys(engine.blanks(text), said(of)))


def figure_words(of: str) -> str:
    """What a list of counted cases is about: a count, or a row of a breakdown."""
    group, slash, item = of.partition("/")
    return f"{_(group)}:{_(item)}" if slash else count_words(of)


def counted_cases(keys: Sequence[int]) -> list[Complaint]:
    """Those of the counted cases that this person may see, as they came in."""
    query = select(Complaint).where(Complaint.id.in_(keys[:SHOWN]), access.scope(me()))
    return list(db.session.scalars(query.order_by(Complaint.accepted_at, Complaint.id)).unique())
