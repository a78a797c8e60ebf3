"""报表: the registers, figures, cross tables and lists that the procedures define, each as page, paper and file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from flask import abort, g, request
from flask_admin import expose
from flask_babel import gettext as _

from models import db
from rules.report_rows import ReportRow
from views.analyses import MonthRoom
from views.figures import Asked, ReportRoom, own
from views.wordings import known
from views.workbooks import Table
from workflow import procedures
from workflow.errors import Refused
from workflow.report_shapes import Report

NUMBER = re.compile(r"[\d,.]+%?|—")
BY = ("period", "procedure", "kind")


class DefinedRoom(MonthRoom):
    """What a procedure wants to be listed and reckoned beside what every house has."""

    template = "figures/defined.html"
    of_several = False
    takes: ClassVar = {"index": BY, "export": BY, "unmask": BY, "cases": BY}

    def is_visible(self) -> bool:
        return any(map(defined, known()))

    @expose("/")
    def index(self) -> Any:
        """The report that the address names; where no procedure defines any, that is what is said."""
        if not any(map(defined, known())):
            return self.render("figures/none.html", page_title=_(self.name))
        return super().index()

    def procedures(self) -> Mapping[str, str]:
        found = {code: title for code, title in super().procedures().items() if defined(code)}
        return found if len(found) > 1 else {}

    def usual(self, offered: Mapping[str, str]) -> str:
        codes = [own(), *known()]
        return next(code for code in codes if defined(code))

    def asked(self) -> Asked:
        """As every report; without a kind the first, and without a period what is of none."""
        if not any(map(defined, known())):
            abort(404)
        asked = super().asked()
        rows = defined(asked.procedure or own())
        kind = request.args.get("kind", "")[:40] or next(iter(rows), "")
        if kind not in rows:
            raise Refused("这个制度没有报表“{kind}”", field="kind", kind=kind)
        return replace(asked, kind=kind, period=asked.period if _of_period(rows[kind]) else "")

    def more_of_address(self, asked: Asked) -> dict[str, Any]:
        return {"kind": asked.kind}

    def more(self, asked: Asked, report: Report) -> dict[str, Any]:
        rows = defined(asked.procedure or own())
        figures = super().more(asked, report) if rows[asked.kind].makes == "figures" else {"groups": [], "parts": []}
        numbers = {
            place
            for place, (name, *cells) in enumerate(zip(report.columns, *report.rows, strict=False))
            if name not in report.personal and all(map(NUMBER.fullmatch, cells))
        }
        whose = known()[asked.procedure] if asked.procedure and not self.procedures() else ""
        return {"kinds": list(rows), "by": report.columns[0], "numbers": numbers, "whose": whose, **figures}

    def tables(self, report: Report, rows: Any) -> list[Table]:
        return super().tables(report, rows) if report.shares else ReportRoom.tables(self, report, rows)

    def lines(self, rows: Any) -> Any:
        return rows


def defined(code: str) -> dict[str, ReportRow]:
    """The reports that a procedure defines, by kind."""
    return {row.kind: row for row in procedures.last(db.session(), g.now, code).reports}


def _of_period(row: ReportRow) -> bool:
    return row.dated and row.makes not in ("people", "checklist")
