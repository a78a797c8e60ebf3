"""What a count of a report counts, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from rules import indicators
from views.said import said


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
