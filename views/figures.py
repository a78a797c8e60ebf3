"""统计: what every report has as a page, as paper and as a file; the ledger (附件3), the assessment standards (附件4).

Contact data. The ledger has columns for the customer's name, phone and address, because the procedure asks for them. On
screen and in files they are masked. Whoever works on a case (``procedures.works_on``: the desk, the investigators, the
heads of the departments concerned) gets them in full when he sends a reason by POST; the rows of cases on which he does
not work stay masked even then, so that a leader or an auditor never takes the contact data of a whole house with him:
he opens the one case that he needs, and says why there. Every file, and every look at contact data, is an event of the
history (the verb ``report`` records it) before the first byte leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from flask import Response, abort, flash, g, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _

from models import db
from views import exports, formats, periods, printing, typesetting
from views.base import EVERYBODY, Room, attempt, begin_writing, me
from views.guard import number_of
from views.language import sentence
from views.wordings import known
from views.workbooks import Table, workbook
from workflow import procedures, reports
from workflow.errors import Refused
from workflow.month import MONTHLY
from workflow.report_cases import EVERY
from workflow.report_shapes import Kpi, Report
from workflow.standards import STANDARDS

PAGE = 100
MASKS = {"name": formats.masked_name, "phone": formats.masked_phone, "address": formats.masked_address}
NUMBERS = frozenset({"件数", "曾超期", "本期次数", "本期扣分"})
SIZES = {reports.LEDGER: 7.5, MONTHLY: 9, STANDARDS: 8.5}
SHARES = {"服务质量问题内容": 4, "要求": 5, "客户投诉": 4, "客户抱怨": 2.5, "序号": 0.8, "被抱怨/投诉部门、人员": 1.8}


@dataclass(frozen=True)
class Asked:
    """What an address asks for: which report, of which period, of which procedure where there are several."""

    kind: str
    period: str
    procedure: str = ""

    @property
    def given(self) -> dict[str, str]:
        """As the verb takes it."""
        found = {"kind": self.kind, "period": self.period, "procedure": self.procedure}
        return {name: value for name, value in found.items() if value}


def own() -> str:
    """The procedure of the person's department."""
    return procedures.for_departments(db.session(), me().departments(), g.now).code


class ReportRoom(Room):
    """A report as a page, as paper and as a file; a concrete room says which."""

    readers = EVERYBODY
    kind = ""
    template = ""
    of_several = True
    """Whether it is also made of the cases of all procedures at once."""
    file_types = ("xlsx", "csv", "pdf")
    takes: ClassVar = {
        "index": {"period", "procedure", "page"},
        "export": {"period", "procedure"},
        "unmask": {"period", "procedure", "page"},
    }

    @expose("/")
    def index(self) -> Any:
        """The report of the period; an address that names none is told so."""
        try:
            asked = self.asked()
        except Refused as refusal:
            flash(sentence(refusal), "error")
            return redirect(url_for(f"{self.endpoint}.index"))
        return self.page(asked, self.made(asked))

    @expose("/full/", methods=("POST",))
    def unmask(self) -> Any:
        """The same page with the contact data that this person works with; it takes a reason, which is kept."""
        asked, reason = self.asked(), request.form.get("reason", "").strip()
        if not reason:
            flash(_("请写明理由"), "error")
            return redirect(self.address(asked))
        return self.page(asked, self.made(asked, reason=reason))

    @expose("/export/<export_type>/", methods=("GET", "POST"))
    def export(self, export_type: str) -> Response:
        """The whole report as a file, recorded; by POST with a reason it holds contact data in full."""
        if export_type not in self.file_types:
            abort(404)
        asked = self.asked()
        begin_writing()
        report = self.made(asked, export=True, reason=request.form.get("reason", "").strip())
        name = "-".join(filter(None, (_(asked.kind), self.said(asked), asked.period))) + f".{export_type}"
        rows = masked(report)
        if export_type == "csv":
            lines = exports.csv_lines(iter([list(report.columns), *map(list, rows)]))
            return exports.download("".join(lines), name, "text/csv; charset=utf-8")
        if export_type == "xlsx":
            return exports.download(workbook(self.tables(report, rows)), name, exports.XLSX)
        return printing.inline(self.paper(asked, report, rows), name)

    def asked(self) -> Asked:
        """What the address asks for: without a period this month, without a procedure all of them or the own one."""
        period = periods.of_address(request.args.get("period", "")[:40], g.now)
        offered = self.procedures()
        procedure = request.args.get("procedure", "")[:20] or self.usual(offered)
        if procedure not in (offered or known()):
            raise Refused("没有可以看的制度 {code}", field="procedure", code=procedure)
        return Asked(self.kind, period, procedure if len(known()) > 1 else "")

    def procedures(self) -> Mapping[str, str]:
        """Code and title of those that can be picked; none where there is nothing to choose."""
        if len(known()) < 2:
            return {}
        return {EVERY: _("全部制度"), **known()} if self.of_several else known()

    def usual(self, offered: Mapping[str, str]) -> str:
        """The one that is shown when none was picked."""
        return next((code for code in (EVERY, own()) if code in offered), next(iter(offered), own()))

    def said(self, asked: Asked) -> str:
        """The procedure in the name of a file; nothing where there is only one, or all are meant."""
        return "" if asked.procedure == EVERY else asked.procedure

    def made(self, asked: Asked, *, export: bool = False, reason: str = "") -> Report:
        """The report, by the verb: one unit of work, recorded when it is a file or not masked."""
        given = {**asked.given, "export": export, "look": not export, "reason": reason}
        report: Report = attempt("report", None, {name: value for name, value in given.items() if value}).result
        return report

    def address(self, asked: Asked, door: str = "index", **changes: Any) -> str:
        """The address of a door of this room for what is asked, with some of it changed."""
        given = {"period": asked.period, "procedure": asked.procedure or None, **self.more_of_address(asked)}
        return url_for(f"{self.endpoint}.{door}", **{**given, **changes})

    def more_of_address(self, asked: Asked) -> dict[str, Any]:
        """What else the address of this room says."""
        return {}

    def page(self, asked: Asked, report: Report) -> str:
        """The page with the rows that are looked at."""
        last = max(len(report.rows) - 1, 0) // PAGE
        number = number_of(request.args.get("page", 0), least=0, most=last, otherwise=0)
        start = number * PAGE
        return self.render(
            self.template,
            page_title=_(self.name),
            asked=asked,
            at=partial(self.address, asked),
            offered=self.procedures(),
            report=report,
            rows=masked(report)[start : start + PAGE],
            keys=report.keys[start : start + PAGE],
            start=start,
            page=number,
            last_page=last,
            period_words=periods.words(asked.period),
            choices=periods.choices(asked.period, g.now) if asked.period else {},
            before=periods.before(asked.period) if asked.period else None,
            after=periods.after(asked.period, g.now) if asked.period else None,
            **self.more(asked, report),
        )

    def more(self, asked: Asked, report: Report) -> dict[str, Any]:
        """What a concrete page shows beside the table."""
        return {}

    def tables(self, report: Report, rows: Sequence[Sequence[str]]) -> list[Table]:
        """The sheets of the workbook."""
        return [Table(f"{_(report.title)} {report.period}".strip(), report.columns, rows, NUMBERS)]

    def lines(self, rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
        """The rows as paper shows them."""
        return rows

    def paper(self, asked: Asked, report: Report, rows: Sequence[Sequence[str]]) -> bytes:
        """The report as PDF, lying."""
        columns, several = report.columns, len(report.shares) > 1
        ratios = [
            [f"{share.code} {kpi.name}" if several else kpi.name, kpi.value, _fraction(kpi)]
            for share in report.shares
            for kpi in share.kpis
        ]
        period = periods.words(report.period) if report.period else ""
        data = printing.frame(_(report.title)) | {
            "period": " ".join(filter(None, (period, self.procedures().get(asked.procedure, "")))),
            "wide": len(columns) > 6,
            "size": SIZES.get(asked.kind, 9),
            "columns": columns,
            "widths": [SHARES.get(name, 1.4 if len(columns) > 6 else 2) for name in columns],
            "numbers": [place for place, name in enumerate(columns) if name in NUMBERS],
            "rows": self.lines(rows),
            "kpis": ratios,
        }
        return typesetting.pdf("report", data, g.now)


def masked(report: Report) -> list[tuple[str, ...]]:
    """The rows with contact data masked, but for the cases that the reader may have in full."""
    masks = {
        place: MASKS[report.personal[name]] for place, name in enumerate(report.columns) if name in report.personal
    }
    if not masks:
        return list(report.rows)
    return [
        row
        if key in report.clear
        else tuple(masks[place](text) if place in masks else text for place, text in enumerate(row))
        for key, row in zip(report.keys, report.rows, strict=True)
    ]


def _fraction(kpi: Kpi) -> str:
    return f"{kpi.numerator} / {kpi.denominator}" if kpi.denominator is not None else ""


class LedgerRoom(ReportRoom):
    """台账."""

    kind = reports.LEDGER
    template = "figures/ledger.html"


class AppliedRoom(ReportRoom):
    """考核标准, and how often each item was applied in the period."""

    kind = STANDARDS
    template = "figures/standards.html"
    of_several = False

    def procedures(self) -> Mapping[str, str]:
        """Those that have standards; the person's own is there in any case."""
        return {code: title for code, title in super().procedures().items() if code == own() or _assesses(code)}

    def usual(self, offered: Mapping[str, str]) -> str:
        return own() if not offered or _assesses(own()) else next(filter(_assesses, offered), own())

    def lines(self, rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
        """Each grade's sanctions on a line of their own, each category named once."""
        return once_each([[*row[:4], *(text.replace(";", "\n") for text in row[4:])] for row in rows], 1)

    def more(self, asked: Asked, report: Report) -> dict[str, Any]:
        return {"spans": spans([row[1] for row in report.rows])}


def _assesses(code: str) -> bool:
    """Whether the procedure has assessment standards."""
    return bool(procedures.last(db.session(), g.now, code).standards)


def once_each(rows: list[list[str]], place: int) -> list[list[str]]:
    """The rows with a cell left empty where it says the same as the one above."""
    above = ""
    for row in rows:
        above, row[place] = row[place], "" if row[place] == above else row[place]
    return rows


def spans(names: Sequence[str]) -> list[int]:
    """For each row how many rows its first cell covers; nothing for those that are covered."""
    found = [0] * len(names)
    first = 0
    for place, name in enumerate(names):
        if name != names[first]:
            first = place
        found[first] += 1
    return found
