"""统计: the ledger (附件3), the month's analysis, the assessment standards (附件4), on screen, on paper and as files.

Contact data. The ledger has columns for the customer's name, phone and address, because the procedure asks for them. On
screen and in files they are masked. Whoever works on a case (``access.works_on``: the desk, the investigators, the
heads of the departments concerned) gets them in full when he sends a reason by POST; the rows of cases on which he does
not work stay masked even then, so that a leader or an auditor never takes the contact data of a whole house with him:
he opens the one case that he needs, and says why there. Every file, and every look at contact data, is an event of the
history (the verb ``report`` records it) before the first byte leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Response, abort, flash, g, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import select

from models import Complaint, db
from rules import indicators
from views import exports, formats, periods, printing, typesetting
from views.base import EVERYBODY, Room, attempt, begin_writing, me
from views.guard import number_of
from views.language import sentence
from views.said import said
from views.workbooks import Table, workbook
from workflow import access, reports
from workflow.errors import Refused
from workflow.month import MONTHLY
from workflow.report_shapes import Kpi, Report
from workflow.standards import STANDARDS

PAGE = 100
MASKS = {"name": formats.masked_name, "phone": formats.masked_phone, "address": formats.masked_address}
NUMBERS = frozenset({"件数", "抱怨", "投诉", "曾超期", "本期次数", "本期扣分"})
SIZES = {reports.LEDGER: 7.5, MONTHLY: 9, STANDARDS: 8.5}
SHARES = {"服务质量问题内容": 4, "要求": 5, "客户投诉": 4, "客户抱怨": 2.5, "序号": 0.8, "被抱怨/投诉部门、人员": 1.8}


class ReportRoom(Room):
    """A report as a page, as paper and as a file; a concrete room says which."""

    readers = EVERYBODY
    kind = ""
    template = ""
    file_types = ("xlsx", "csv", "pdf")
    takes: ClassVar = {"index": {"period", "page"}, "export": {"period"}, "unmask": {"period", "page"}}

    @expose("/")
    def index(self) -> Any:
        """The report of the period; an address that names none is told so."""
        try:
            period = self.period()
        except Refused as refusal:
            flash(sentence(refusal), "error")
            return redirect(url_for(f"{self.endpoint}.index"))
        return self.page(period, self.made(period))

    @expose("/full/", methods=("POST",))
    def unmask(self) -> Any:
        """The same page with the contact data that this person works with; it takes a reason, which is kept."""
        period, reason = self.period(), request.form.get("reason", "").strip()
        if not reason:
            flash(_("请写明理由"), "error")
            return redirect(url_for(f"{self.endpoint}.index", period=period))
        return self.page(period, self.made(period, reason=reason))

    @expose("/export/<export_type>/", methods=("GET", "POST"))
    def export(self, export_type: str) -> Response:
        """The whole report as a file, recorded; by POST with a reason it holds contact data in full."""
        if export_type not in self.file_types:
            abort(404)
        period = self.period()
        begin_writing()
        report = self.made(period, export=True, reason=request.form.get("reason", "").strip())
        name = f"{_(self.kind)}-{period}.{export_type}"
        rows = masked(report)
        if export_type == "csv":
            lines = exports.csv_lines(iter([list(report.columns), *map(list, rows)]))
            return exports.download("".join(lines), name, "text/csv; charset=utf-8")
        if export_type == "xlsx":
            return exports.download(workbook(self.tables(report, rows)), name, exports.XLSX)
        return printing.inline(self.paper(report, rows), name)

    def period(self) -> str:
        """The period of the address, or this month."""
        return periods.of_address(request.args.get("period", "")[:40], g.now)

    def made(self, period: str, *, export: bool = False, reason: str = "") -> Report:
        """The report, by the verb: one unit of work, recorded when it is a file or not masked."""
        given = {"kind": self.kind, "period": period, "export": export, "reason": reason}
        report: Report = attempt("report", None, {name: value for name, value in given.items() if value}).result
        return report

    def page(self, period: str, report: Report) -> str:
        """The page with the rows that are looked at."""
        last = max(len(report.rows) - 1, 0) // PAGE
        number = number_of(request.args.get("page", 0), least=0, most=last, otherwise=0)
        start = number * PAGE
        return self.render(
            self.template,
            page_title=_(self.name),
            report=report,
            rows=masked(report)[start : start + PAGE],
            keys=report.keys[start : start + PAGE],
            start=start,
            page=number,
            last_page=last,
            period=period,
            period_words=periods.words(period),
            choices=periods.choices(period, g.now),
            before=periods.before(period),
            after=periods.after(period, g.now),
            **self.more(period, report),
        )

    def more(self, period: str, report: Report) -> dict[str, Any]:
        """What a concrete page shows beside the table."""
        return {}

    def tables(self, report: Report, rows: Sequence[Sequence[str]]) -> list[Table]:
        """The sheets of the workbook."""
        return [Table(f"{_(report.title)} {report.period}".strip(), report.columns, rows, NUMBERS)]

    def lines(self, rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
        """The rows as paper shows them."""
        return rows

    def paper(self, report: Report, rows: Sequence[Sequence[str]]) -> bytes:
        """The report as PDF, lying."""
        ratios = [[kpi.name, kpi.value, _fraction(kpi)] for kpi in report.kpis]
        data = printing.frame(_(report.title)) | {
            "period": periods.words(report.period) if report.period else "",
            "wide": len(report.columns) > 6,
            "size": SIZES.get(self.kind, 9),
            "columns": report.columns,
            "widths": [SHARES.get(name, 1.4 if len(report.columns) > 6 else 2) for name in report.columns],
            "numbers": [place for place, name in enumerate(report.columns) if name in NUMBERS],
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

    def lines(self, rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
        """Each grade's sanctions on a line of their own, each category named once."""
        return _once([[*row[:4], *(text.replace(";", "\n") for text in row[4:])] for row in rows], 1)

    def more(self, period: str, report: Report) -> dict[str, Any]:
        return {"spans": spans([row[1] for row in report.rows])}


def _once(rows: list[list[str]], place: int) -> list[list[str]]:
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


@dataclass(frozen=True)
class Figure:
    """An indicator as the page shows it: now, before, and where the cases of both counts are."""

    kpi: Kpi
    before: Kpi | None
    numerator_means: str
    denominator_means: str

    @property
    def change(self) -> str:
        """Percentage points, or the difference of two counts, with its sign."""
        if self.before is None:
            return ""
        if self.kpi.denominator is None:
            difference = self.kpi.numerator - self.before.numerator
            return f"{difference:+d}" if difference else "±0"
        now, then = (indicators.Ratio(kpi.numerator, kpi.denominator).quotient for kpi in (self.kpi, self.before))
        if now is None or then is None:
            return ""
        if now == then:
            return "±0"
        points = float(now - then) * 100
        return _("%(points)s 个百分点", points=f"{points:+.2f}")

    @property
    def share(self) -> float:
        """How much of the bar is filled, in percent."""
        return 100 * self.kpi.numerator / self.kpi.denominator if self.kpi.denominator else 0


class MonthRoom(ReportRoom):
    """月分析."""

    kind = MONTHLY
    template = "figures/month.html"
    takes: ClassVar = {"cases": {"period", "of"}}

    def more(self, period: str, report: Report) -> dict[str, Any]:
        earlier = periods.before(period)
        past = self.made(earlier) if earlier else None
        then = {kpi.name: kpi for kpi in past.kpis} if past else {}
        counts = {row[:2]: row[2] for row in past.rows} if past else {}
        return {
            "notes": [said(note) for note in report.notes],
            "figures": [_figure(kpi, then.get(kpi.name)) for kpi in report.kpis],
            "groups": _groups(report, counts),
            "earlier": periods.words(earlier) if earlier else "",
        }

    def tables(self, report: Report, rows: Sequence[Sequence[str]]) -> list[Table]:
        kpis = [(kpi.name, kpi.value, str(kpi.numerator), str(kpi.denominator or "")) for kpi in report.kpis]
        heading = (_("指标"), _("数值"), _("分子"), _("分母"))
        return [
            Table(f"{_('指标')} {report.period}", heading, kpis, frozenset(heading[2:])),
            Table(f"{_('分组')} {report.period}", report.columns, rows, NUMBERS),
        ]

    def lines(self, rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
        """Each group named once."""
        return _once([list(row) for row in rows], 0)

    @expose("/cases/")
    def cases(self) -> Any:
        """The cases that were counted in one figure of the period."""
        period, of = self.period(), request.args.get("of", "")[:200]
        report = self.made(period)
        if of not in report.behind:
            abort(404)
        keys = report.behind[of]
        query = select(Complaint).where(Complaint.id.in_(keys[:1000]), access.scope(me()))
        found = db.session.scalars(query.order_by(Complaint.accepted_at, Complaint.id)).unique()
        return self.render(
            "figures/cases.html",
            page_title=_label(of),
            label=_label(of),
            cases=list(found),
            count=len(keys),
            things=report.totals.get(of, len(keys)),
            period=period,
            period_words=periods.words(period),
        )


def _label(of: str) -> str:
    """What a list of cases is about."""
    group, slash, item = of.partition("/")
    return f"{_(group)}:{_(item)}" if slash else count_words(of)


def _figure(kpi: Kpi, then: Kpi | None) -> Figure:
    top, bottom = kpi.counts
    return Figure(kpi, then, count_words(top), count_words(bottom) if bottom else "")


def _groups(report: Report, counts: dict[tuple[str, ...], str]) -> list[dict[str, Any]]:
    """The breakdown, a table for each property: rows with their share of the largest and the count before."""
    found: dict[str, list[dict[str, Any]]] = {}
    for group, name, *numbers in report.rows:
        before = counts.get((group, name), "0")
        found.setdefault(group, []).append(
            {"name": name, "numbers": numbers, "before": before, "of": f"{group}/{name}"}
        )
    for rows in found.values():
        most = max(int(row["numbers"][0]) for row in rows) or 1
        for row in rows:
            row["share"] = 100 * int(row["numbers"][0]) / most
    return [{"name": name, "rows": rows} for name, rows in found.items()]


def count_words(name: str) -> str:
    """What a count counts, in words; of one limit with its name."""
    kind, _colon, limit = name.partition(":")
    if kind in indicators.OF_PAPER:
        return str(_(indicators.OF_PAPER[kind])).format(paper=said(limit))
    if kind in indicators.OF_GRADE:
        return str(_(indicators.OF_GRADE[kind])).format(grade=said(limit))
    if kind in indicators.OF_LINK:
        return str(_(indicators.OF_LINK[kind])).format(link=_(limit))
    return str(_(indicators.OF_LIMIT[kind])).format(limit=said(limit)) if limit else str(_(indicators.COUNTS[name]))
