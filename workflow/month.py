"""月分析: the procedure's indicators over the period's cases, and counts by their properties."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from models import Clock, Complaint, Visit
from models.queries import figures
from rules import indicators
from rules.document import IndicatorRow
from rules.facts import CORE
from rules.procedure import Procedure
from workflow import procedures
from workflow.act import Act
from workflow.periods import spell
from workflow.report_cases import by_case, cases_of, of_every, period_of
from workflow.report_shapes import Kpi, Report, Share

MONTHLY = "月分析"


def monthly(act: Act) -> Report:
    """月分析: the procedure's indicators over the period's cases, and counts by what they are (P02-16.1).

    Of all procedures: each one's indicators over its own cases, and counts by what has the same meaning in all.
    """
    cases = cases_of(act)
    shares: list[Share] = []
    found: dict[str, int] = {}
    behind: dict[str, tuple[int, ...]] = {}
    for document, own in _by_procedure(act, cases):
        mark = f"{document.code}|" if of_every(act) else ""
        members = _members(act, document, own)
        counts = {name: len(counted) for name, counted in members.items()}
        found |= {mark + name: count for name, count in counts.items()}
        behind |= {mark + name: _distinct(counted) for name, counted in members.items()}
        kpis = tuple(_kpi(row, counts, mark) for row in document.indicators)
        shares.append(Share(document.code, document.title, kpis, tuple(_told(document, counts))))
    natures = () if of_every(act) else act.procedure.vocabulary.natures
    natures = natures if len(natures) > 1 else ()
    rows: list[tuple[str, ...]] = []
    for group, key in (OF_SEVERAL if of_every(act) else GROUPS).items():
        for name, grouped in _grouped(cases, key):
            rows.append((group, name, *_counts(grouped, natures)))
            behind[f"{group}/{name}"] = _distinct(grouped)
    period, columns = period_of(act), ("分组", "名称", "件数", *natures, "曾超期")
    notes = (spell(period),)
    return Report(MONTHLY, MONTHLY, period, columns, tuple(rows), tuple(shares), found, behind=behind, notes=notes)


def _by_procedure(act: Act, cases: list[Complaint]) -> list[tuple[Procedure, list[Complaint]]]:
    """The document of each procedure that has cases here, with those; without any the one of the person."""
    codes = sorted({case.procedure_code for case in cases}) if of_every(act) else []
    if not codes:
        return [(act.procedure, cases)]
    return [
        (procedures.last(act.session, act.now, code), [case for case in cases if case.procedure_code == code])
        for code in codes
    ]


def _members(act: Act, document: Procedure, cases: list[Complaint]) -> dict[str, list[Complaint]]:
    """What the document's indicators count, with the cases that were counted."""
    names = {name for row in document.indicators for name in (row.numerator, row.denominator, *row.among)}
    kinds = sorted({kind for mark, _, kind in (name.partition(":") for name in names) if mark in indicators.OF_PAPER})
    ids = [case.id for case in cases]
    papers = figures.papers_of(act.session, kinds, ids) if kinds else {}
    links = figures.links_of(act.session, ids) if any(name.startswith("linked:") for name in names) else {}
    ratings = figures.ratings_of(act.session, ids) if "work_rated" in names else {}
    visits = by_case(act, Visit, cases)
    return figures.members(cases, _clocks(act, cases), visits, act.now, links, papers, ratings)


def _told(document: Procedure, found: Mapping[str, int]) -> list[str]:
    """What is told beside the indicators: how many are not due yet, how many lack a paper."""
    names = dict.fromkeys(name for row in document.indicators for name in row.among)
    notes = [row.note for row in document.indicators if row.note]
    return [*(f"{indicators.words(name)} {found.get(name, 0)} 件" for name in names), *notes]


def by_group(act: Act, name: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], dict[str, tuple[int, ...]]]:
    """The indicators once more for each department or category: columns, rows, and the cases behind each row.

    Until it is judged whose fault it was, a case stands with the department that handles it.
    """
    label = CORE[name].label
    rows, behind = [], {}
    names = (name, "handling_department") if name == "responsible_department" else (name,)
    for item, grouped in _grouped(cases_of(act), lambda case: str(next(filter(None, _of(case, names)), "—"))):
        members = _members(act, act.procedure, grouped)
        found = {count: len(counted) for count, counted in members.items()}
        rows.append((item, str(found["cases"]), *(_kpi(row, found).value for row in act.procedure.indicators)))
        behind[f"{label}/{item}"] = _distinct(members["cases"])
    return (label, "件数", *(row.name for row in act.procedure.indicators)), tuple(rows), behind


def _of(case: Complaint, names: Sequence[str]) -> Iterator[Any]:
    return (getattr(case, name) for name in names)


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


def _kpi(row: IndicatorRow, found: Mapping[str, int], mark: str = "") -> Kpi:
    """An indicator: a ratio to two decimals, or a count (G-17); its counts are named with the mark before them."""
    numerator = found.get(row.numerator, 0)
    if not row.denominator:
        return Kpi(row.name, str(numerator), numerator, None, counts=(mark + row.numerator, ""))
    below = "cases_due" if row.exclude_not_due and row.denominator == "cases" else row.denominator
    others = tuple(
        _quotient(name, above, under, None, found, mark)
        for name, above, under in _otherwise(row.numerator, below)
        if (above in found and under in found and (found[above], found[under]) != (numerator, found.get(below, 0)))
    )
    return replace(_quotient(row.name, row.numerator, below, row.target, found, mark), otherwise=others)


def _quotient(name: str, above: str, below: str, target: Any, found: Mapping[str, int], mark: str) -> Kpi:
    ratio = indicators.Ratio(found.get(above, 0), found.get(below, 0))
    counts = (mark + above, mark + below)
    return Kpi(name, ratio.text, ratio.numerator, ratio.denominator, ratio.met(target), target, counts)


def _otherwise(above: str, below: str) -> Iterator[tuple[str, str, str]]:
    """The other ways to reckon a ratio: what it does, numerator and denominator (F-19, both due instants)."""
    timely = above.startswith("in_time")
    if timely and below == "cases":
        yield "不计未到期", above, "cases_due"
    if timely and below == "cases_due":
        yield "计入未到期", above, "cases"
    if timely and above != "in_time":
        yield "不问缺单", "in_time", below
    if above == "orders_in_time" and below == "orders":
        yield "只计已办结", above, "orders_done"
    kept, _, limit = above.partition(":")
    if kept == "kept":
        yield "不计延期", f"kept_without_extension:{limit}", below
        yield "不计未到期", above, f"promised_due:{limit}"


GROUPS: dict[str, Callable[[Complaint], str]] = {
    "承办部门": lambda case: str(case.handling_department or case.complained_department or "—"),
    "级别": lambda case: case.grade or case.nature,
    "来源": lambda case: case.channel,
    "状态": lambda case: case.state,
    "类别": lambda case: case.category or "—",
}
OF_SEVERAL = {"制度": lambda case: case.procedure_code, **{name: GROUPS[name] for name in ("承办部门", "来源", "状态")}}
"""Grades and categories are words of one procedure."""


def _grouped(cases: Iterable[Complaint], key: Callable[[Complaint], str]) -> list[tuple[str, list[Complaint]]]:
    """The cases by a property, the most frequent first."""
    table: dict[str, list[Complaint]] = {}
    for case in cases:
        table.setdefault(key(case), []).append(case)
    return sorted(table.items(), key=lambda item: (-len(item[1]), item[0]))


def _counts(cases: list[Complaint], natures: Sequence[str]) -> tuple[str, ...]:
    """件数, 抱怨, 投诉, 曾超期."""
    of = [case.nature for case in cases]
    late = sum(case.was_overdue for case in cases)
    return tuple(map(str, (len(cases), *map(of.count, natures), late)))
