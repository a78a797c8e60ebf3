"""月分析 on screen: indicators that open the cases of both counts, what they were before, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from flask import abort, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import select

from models import Measure, PeriodicReport, db
from rules import indicators
from views import periods, permits, shell
from views.base import me
from views.countwords import count_words, counted_cases, figure_words
from views.figures import NUMBERS, Asked, ReportRoom, once_each
from views.measures import seen
from views.said import said
from views.wordings import known
from views.workbooks import Table
from workflow import reading
from workflow.month import MONTHLY
from workflow.report_cases import EVERY
from workflow.report_shapes import Kpi, Report, Share

GROUPED = "分组"
"""The first column of a breakdown by several properties."""


@dataclass(frozen=True)
class Figure:
    """An indicator as the page shows it: now, before, and where the cases of both counts are."""

    kpi: Kpi
    before: Kpi | None
    numerator_means: str
    denominator_means: str
    others: tuple[Figure, ...] = ()
    """The same reckoned otherwise."""

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


@dataclass(frozen=True)
class Part:
    """What the page shows of one procedure: its indicators and what it remarks on them."""

    title: str
    figures: list[Figure]
    notes: list[str]


class MonthRoom(ReportRoom):
    """月分析."""

    kind = MONTHLY
    template = "figures/month.html"
    takes: ClassVar = {"cases": {"period", "procedure", "of"}}

    def more(self, asked: Asked, report: Report) -> dict[str, Any]:
        earlier = periods.before(asked.period)
        past = self.made(replace(asked, period=earlier)) if earlier else None
        return {
            "notes": [said(note) for note in report.notes],
            "parts": _parts(report, past),
            "groups": _groups(report, past) if report.columns[0] == GROUPED else [],
            "earlier": periods.words(earlier) if earlier else "",
            **what_came_of(asked),
        }

    def tables(self, report: Report, rows: Any) -> list[Table]:
        several = len(report.shares) > 1
        heading: tuple[str, ...] = (_("制度"), _("指标"), _("数值"), _("分子"), _("分母"))[0 if several else 1 :]
        lines = [line[-len(heading) :] for share in report.shares for kpi in share.kpis for line in _lines(share, kpi)]
        numbers = frozenset((_("分子"), _("分母")))
        return [
            Table(f"{_('指标')} {report.period}", heading, lines, numbers),
            Table(f"{_('分组')} {report.period}", report.columns, rows, NUMBERS | {*report.columns[2:]}),
        ]

    def lines(self, rows: Any) -> Any:
        """Each group named once."""
        return once_each([list(row) for row in rows], 0)

    @expose("/cases/")
    def cases(self) -> Any:
        """The cases that were counted in one figure of the period."""
        asked, of = self.asked(), request.args.get("of", "")[:200]
        report = self.made(asked)
        if of not in report.behind:
            abort(404)
        keys = report.behind[of]
        return self.render(
            "figures/cases.html",
            page_title=figure_words(of),
            label=figure_words(of),
            cases=counted_cases(keys),
            count=len(keys),
            things=report.totals.get(of, len(keys)),
            back=self.address(asked),
            several=asked.procedure == EVERY,
            procedure_words=self.procedures().get(asked.procedure, ""),
            period_words=periods.words(asked.period),
            measure=measure_address(asked, of),
        )


def what_came_of(asked: Asked) -> dict[str, Any]:
    """The conclusions that this person may read of the report, the measures in scope that it led to, and where to add
    to both."""
    kept = select(PeriodicReport).where(
        PeriodicReport.kind == asked.kind,
        PeriodicReport.period == asked.period,
        PeriodicReport.summary != "",
        reading.conclusions_for(me()),
    )
    if asked.procedure not in ("", EVERY):
        kept = kept.where(PeriodicReport.procedure_code == asked.procedure)
    measures = select(Measure).where(Measure.complaint_id.is_(None), Measure.source == source_of(asked), seen())
    here, one = shell.here(), asked.procedure != EVERY
    conclude: dict[str, Any] = {**asked.given, "export": "否", "look": "否", "reason": "", "url": here}
    return {
        "conclusions": list(db.session.scalars(kept.order_by(PeriodicReport.id))),
        "measures": list(db.session.scalars(measures.order_by(Measure.id))) if one else [],
        "conclude": url_for("verbs.house", verb="report", **conclude) if one and permits.may("report") else "",
        "measure": measure_address(asked),
    }


def source_of(asked: Asked) -> str:
    """How a measure names the report that it came from."""
    return " ".join(filter(None, (asked.procedure.replace(EVERY, ""), asked.kind, asked.period)))


def measure_address(asked: Asked, of: str = "") -> str:
    """Where a measure is added to the report, or to one figure of it whose cases it keeps; nothing for who may not."""
    if asked.procedure == EVERY or not permits.may("add_measure"):
        return ""
    figure: dict[str, Any] = (
        {"procedure": asked.procedure, "report": asked.kind, "period": asked.period, "counted": of} if of else {}
    )
    given = {"source": source_of(asked), **figure, "url": shell.here()}
    return url_for("verbs.house", verb="add_measure", **{name: value or None for name, value in given.items()})


def _lines(share: Share, kpi: Kpi) -> list[tuple[str, ...]]:
    """An indicator as rows of a sheet, itself and reckoned otherwise."""
    others = ((f"{kpi.name}({other.name})", other) for other in kpi.otherwise)
    return [
        (share.code, name, one.value, str(one.numerator), "" if one.denominator is None else str(one.denominator))
        for name, one in ((kpi.name, kpi), *others)
    ]


def _parts(report: Report, past: Report | None) -> list[Part]:
    """The indicators by procedure, each beside what it was before."""
    then = {(share.code, kpi.name): kpi for share in past.shares for kpi in share.kpis} if past else {}
    return [
        Part(
            share.title,
            [_figure(kpi, then.get((share.code, kpi.name))) for kpi in share.kpis],
            [said(note) for note in share.notes],
        )
        for share in report.shares
    ]


def _figure(kpi: Kpi, then: Kpi | None) -> Figure:
    top, bottom = kpi.counts
    others = tuple(_figure(other, None) for other in kpi.otherwise)
    return Figure(kpi, then, count_words(top), count_words(bottom) if bottom else "", others)


def _groups(report: Report, past: Report | None) -> list[dict[str, Any]]:
    """The breakdown, a table for each property: rows with their share of the largest and the count before."""
    counts = {row[:2]: row[2] for row in past.rows} if past else {}
    found: dict[str, list[dict[str, Any]]] = {}
    for group, name, *numbers in report.rows:
        titles = known() if group == "制度" else {}
        before = counts.get((group, name), "0")
        found.setdefault(group, []).append(
            {"label": titles.get(name, name), "numbers": numbers, "before": before, "of": f"{group}/{name}"}
        )
    for rows in found.values():
        most = max(int(row["numbers"][0]) for row in rows) or 1
        for row in rows:
            row["share"] = 100 * int(row["numbers"][0]) / most
    return [{"name": name, "rows": rows} for name, rows in found.items()]
