"""How many cases a row of a rule table matches, said while it is written; asked of the database, nothing is written."""

from __future__ import annotations

from typing import Any

from flask import g, request
from flask_babel import gettext as _

from models import db
from rules.unary import TestFault
from views import cells, formats
from views.base import me
from views.editordesk import Desk
from views.rulewords import fact_label
from views.sheets import Line
from workflow.matching import LOOKED_AT, Matches, decided_above, matches

MONTHS = 12


def words(desk: Desk, line: Line) -> str:
    """The figure as a sentence: 最近十二个月有 37 件符合；另有 1 个条件不能用查询数：办理人。"""
    try:
        when = _asked(desk, line)
        found = matches(db.session(), desk.document, when, actor=me(), now=g.now, months=MONTHS)
    except (cells.CellFault, TestFault):
        return ""
    return _sentence(desk, found, _above(desk, line, when, found), counted=len(found.uncounted) < len(when) or not when)


def _above(desk: Desk, line: Line, when: dict[str, Any], found: Matches) -> int:
    """How many of them a row above decides already; not asked of more than can be looked at while one writes."""
    rows = desk.document.above(line.key)
    if not rows or not found.number or found.capped or found.number > LOOKED_AT:
        return 0
    return decided_above(db.session(), desk.document, when, rows, actor=me(), now=g.now, months=MONTHS)


def _asked(desk: Desk, line: Line) -> dict[str, Any]:
    """The tests of the row, with the cell that is just being picked."""
    when = dict(line.values.get("when", {}))
    name = request.args.get("cell", "").removeprefix("when.")
    column = desk.sheet.column(f"when.{name}", line.key)
    if column is not None and "op" in request.args:
        value = cells.picked(column, request.args)
        when.pop(name, None)
        if value is not None:
            when[name] = value
    return when


def _sentence(desk: Desk, found: Matches, above: int, *, counted: bool) -> str:
    names = _("、").join(fact_label(desk.document, name) for name in found.uncounted)
    if not counted:
        return str(_("这些条件都不能用查询数：%(names)s", names=names))
    if found.capped:
        since = formats.short_day(formats.local(found.since).date())
        parts = [str(_("自 %(since)s 以来至少有 %(n)s 件符合", since=since, n=f"{found.number:,}"))]
    elif found.own:
        parts = [str(_("最近十二个月，您看得到的投诉里有 %(n)s 件符合", n=f"{found.number:,}"))]
    else:
        parts = [str(_("最近十二个月有 %(n)s 件符合", n=f"{found.number:,}"))]
    if above:
        parts[0] += str(
            _("，它们都由上面的规则先定了")
            if above == found.number
            else _("，其中 %(n)s 件由上面的规则先定了", n=f"{above:,}")
        )
    if found.uncounted:
        parts.append(str(_("另有 %(n)s 个条件不能用查询数：%(names)s", n=len(found.uncounted), names=names)))
    return _("；").join(parts)
