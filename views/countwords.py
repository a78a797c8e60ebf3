"""What a count of a report counts: in words, and the cases behind it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from models import Complaint, db
from rules import indicators
from views.base import me
from views.said import said
from workflow import access

SHOWN = 1000
"""How many cases a page lists."""


def count_words(name: str) -> str:
    """What a count counts, in words; of one limit with its name."""
    name = name.rpartition("|")[2]
    kind, _colon, limit = name.partition(":")
    if kind in indicators.OF_PAPER:
        return str(_(indicators.OF_PAPER[kind])).format(paper=said(limit))
    if kind in indicators.OF_GRADE:
        return str(_(indicators.OF_GRADE[kind])).format(grade=said(limit))
    if kind in indicators.OF_LINK:
        return str(_(indicators.OF_LINK[kind])).format(link=_(limit))
    return str(_(indicators.OF_LIMIT[kind])).format(limit=said(limit)) if limit else str(_(indicators.COUNTS[name]))


def figure_words(of: str) -> str:
    """What a list of counted cases is about: a count, or a row of a breakdown."""
    group, slash, item = of.partition("/")
    return f"{_(group)}:{_(item)}" if slash else count_words(of)


def counted_cases(keys: Sequence[int]) -> list[Complaint]:
    """Those of the counted cases that this person may see, as they came in."""
    query = select(Complaint).where(Complaint.id.in_(keys[:SHOWN]), access.scope(me()))
    return list(db.session.scalars(query.order_by(Complaint.accepted_at, Complaint.id)).unique())
