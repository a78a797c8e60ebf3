"""月分析: the procedure's indicators over the period's cases, and counts by their properties."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from models import Clock, Complaint, Visit
from models.queries import figures
from rules import indicators
from rules.facts import CORE
from workflow.act import Act
from workflow.periods import spell
from workflow.report_cases import by_case, cases_of, period_of
from workflow.report_shapes import Kpi, Report

MONTHLY = "月分析"


def monthly(act: Act) -> Report:
    """月分析: the procedure's indicators over the period's cases, and counts by department and grade (P02-16.1)."""
    cases = cases_of(act)
    clocks = _clocks(act, cases)
    visits = by_case(act, Visit, cases)
    asked = any(row.numerator.startswith("linked:") for row in act.procedure.indicators)
    links = figures.links_of(act.session, [case.id for case in cases]) if asked else {}
    members = figures.members(cases, clocks, visits, act.now, links, _papers(act, cases))
    found = {name: len(counted) for name, counted in members.items()}
    kpis = tuple(_kpi(row, found) for row in act.procedure.indicators)
    behind = {name: _distinct(counted) for name, counted in members.items()}
    rows: list[tuple[str, ...]] = []
    for group, key in GROUPS.items():
        for name, grouped in _grouped(cases, key):
            rows.append((group, name, *_counts(grouped)))
            behind[f"{group}/{name}"] = _distinct(grouped)
    columns = ("分组", "项目", "件数", "抱怨", "投诉", "曾超期")
    notes = (spell(period_of(act)), *_told(act, found))
    return Report(MONTHLY, MONTHLY, period_of(act), columns, tuple(rows), kpis, found, behind=behind, notes=notes)


def _told(act: Act, found: Mapping[str, int]) -> list[str]:
    """What is told beside the indicators: how many are not due yet, how many lack a paper."""
    names = dict.fromkeys(name for row in act.procedure.indicators for name in row.among)
    notes = [row.note for row in act.procedure.indicators if row.note]
    return [*(f"{indicators.words(name)} {found.get(name, 0)} 件" for name in names), *notes]


def by_group(act: Act, name: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The indicators once more for each department or category: columns and rows."""
    cases = cases_of(act)
    clocks, visits, papers = _clocks(act, cases), by_case(act, Visit, cases), _papers(act, cases)
    rows = []
    for label, grouped in _grouped(cases, lambda case: str(getattr(case, name) or "—")):
        members = figures.members(grouped, clocks, visits, act.now, papers=papers)
        found = {count: len(counted) for count, counted in members.items()}
        rows.append((label, str(found["cases"]), *(_kpi(row, found).value for row in act.procedure.indicators)))
    heads = (CORE[name].label, "件数", *(row.name for row in act.procedure.indicators))
    return heads, tuple(rows)


def _papers(act: Act, cases: list[Complaint]) -> dict[str, set[int]]:
    """Of each kind of paper that some indicator asks for, the cases that have it."""
    names = {name for row in act.procedure.indicators for name in (row.numerator, row.denominator, *row.among)}
    kinds = {kind for mark, _, kind in (name.partition(":") for name in names) if mark in indicators.OF_PAPER}
    return figures.papers_of(act.session, sorted(kinds), [case.id for case in cases]) if kinds else {}


def _distinct(cases: Iterable[Complaint]) -> tuple[int, ...]:
    """Each case once, in order: a case with two orders stands behind both."""
    return tuple(dict.fromkeys(case.id for case in cases))


def _clocks(act: Act, cases: list[Complaint]) -> dict[int, list[Clock]]:
    grouped: dict[int, list[Clock]] = {}
    ids = [case.id for case in cases]
    for start in range(0, len(ids), 500):
        query = select(Clock).where(Clock.complaint_id.in_(ids[start : start + 500])).order_by(Clock.id)
        for clock in act.session.scalars(query):
            grouped.setdefault(clock.complaint_id or 0, []).append(clock)
    return grouped


def _kpi(row: Any, found: dict[str, int]) -> Kpi:
    """An indicator: a ratio to two decimals, or a count (G-17)."""
    numerator = found.get(row.numerator, 0)
    names = (row.numerator, row.denominator or "")
    if row.exclude_not_due and row.denominator == "cases":
        names = (row.numerator, "cases_due")
    if not row.denominator:
        return Kpi(row.name, str(numerator), numerator, None, counts=names)
    denominator = found.get(names[1], 0)
    ratio = indicators.Ratio(numerator, denominator)
    return Kpi(row.name, ratio.text, numerator, denominator, ratio.met(row.target), row.target, names)


GROUPS: dict[str, Callable[[Complaint], str]] = {
    "承办部门": lambda case: str(case.handling_department or case.complained_department or "—"),
    "级别": lambda case: case.grade or case.nature,
    "来源": lambda case: case.channel,
    "状态": lambda case: case.state,
    "类别": lambda case: case.category or "—",
}


def _grouped(cases: Iterable[Complaint], key: Callable[[Complaint], str]) -> list[tuple[str, list[Complaint]]]:
    """The cases by a property, the most frequent first."""
    table: dict[str, list[Complaint]] = {}
    for case in cases:
        table.setdefault(key(case), []).append(case)
    return sorted(table.items(), key=lambda item: (-len(item[1]), item[0]))


def _counts(cases: list[Complaint]) -> tuple[str, ...]:
    """件数, 抱怨, 投诉, 曾超期."""
    natures = [case.nature for case in cases]
    late = sum(case.was_overdue for case in cases)
    return tuple(map(str, (len(cases), natures.count("抱怨"), natures.count("投诉"), late)))
