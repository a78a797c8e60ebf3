"""报表: the ledger (附件3), the assessment standards (附件4), the month's figures, the list of cases."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from models import Assessment, Clock, Complaint, PeriodicReport, SupervisionOrder, Visit
from models.queries import figures
from rules import indicators
from rules.facts import CORE
from rules.report_rows import ReportRow
from workflow import access, choices, registers, rosters
from workflow.access import SEALED
from workflow.act import Act
from workflow.arguments import SHANGHAI, Argument
from workflow.errors import Refused
from workflow.masking import masked_name, masked_phone
from workflow.registry import verb

LEDGER = "服务质量问题处理管理台账"
STANDARDS = "服务质量问题考核标准"
MONTHLY = "月分析"
CASES = "案件列表"
EXPORTS = "导出敏感信息"
"""The role that gives the right to take contact data of confidential cases out of the house."""
KINDS = (LEDGER, MONTHLY, STANDARDS, CASES)
LEDGER_COLUMNS = (
    "序号",
    "受理人",
    "受理时间",
    "客户姓名",
    "客户电话",
    "客户地址",
    "服务质量问题内容",
    "被抱怨/投诉部门、人员",
    "承办部门",
    "处理时限",
    "处理结果",
    "客户满意度(回访)",
    "备注",
)

PERSONAL = {"客户姓名": "name", "客户电话": "phone", "客户地址": "address"}


@dataclass(frozen=True)
class Kpi:
    """One indicator as shown, with the two counts it comes from and the cases behind them."""

    name: str
    value: str
    numerator: int
    denominator: int | None
    met: bool | None = None
    target: float | None = None
    counts: tuple[str, str] = ("", "")
    """The names of the two counts, as ``rules.indicators.COUNTS`` explains them and ``Report.behind`` lists them."""


@dataclass(frozen=True, repr=False)
class Report:
    """A report: a table, and for the month's analysis the indicators."""

    kind: str
    title: str
    period: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kpis: tuple[Kpi, ...] = ()
    totals: dict[str, int] = field(default_factory=dict)
    keys: tuple[int, ...] = ()
    """The case behind each row, where a row is a case."""
    personal: Mapping[str, str] = field(default_factory=dict)
    """Columns that hold contact data, with what kind of it."""
    clear: frozenset[int] = frozenset()
    """Cases whose contact data this reader may have without a mask: he works on them and has given a reason."""
    notes: tuple[str, ...] = ()
    """Sentences below the table: the days of the period, what lacks, what is not due yet."""
    behind: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Name of a count, or ``group/item`` of a row, to the cases that were counted."""

    def __repr__(self) -> str:
        return f"{self.title} {self.period} {len(self.rows)}"

    @property
    def text(self) -> str:
        """The same as plain text, a row a line."""
        lines = [f"{self.title} {self.period}".strip(), "\t".join(self.columns), *("\t".join(row) for row in self.rows)]
        return "\n".join([*lines, *(f"{kpi.name}\t{kpi.value}" for kpi in self.kpis), *self.notes])


ALWAYS = (datetime(1990, 1, 1, tzinfo=SHANGHAI), datetime(2100, 1, 1, tzinfo=SHANGHAI))
"""The period of a list of what there is now."""
PERIOD = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2])|-Q([1-4])|-H([12]))?")


def bounds(period: str) -> tuple[datetime, datetime]:
    """First instant of the period and first after it, in Shanghai: ``2026-05``, ``2026-Q2``, ``2026-H1``, ``2026``."""
    found = PERIOD.fullmatch(period)
    if not found:
        raise Refused("期间应为 2026-05、2026-Q2、2026-H1 或 2026", field="period")
    year, month, quarter, half = found.groups()
    first, months = 1, 12
    if month:
        first, months = int(month), 1
    elif quarter:
        first, months = 3 * int(quarter) - 2, 3
    elif half:
        first, months = 6 * int(half) - 5, 6
    last = first + months - 1
    start = datetime(int(year), first, 1, tzinfo=SHANGHAI)
    return start, _next_day(datetime(int(year), last, calendar.monthrange(int(year), last)[1], tzinfo=SHANGHAI))


def previous(period: str) -> str:
    """The period of the same length before this one: ``2026-01`` follows ``2025-12``."""
    bounds(period)
    year, _, part = period.partition("-")
    if not part:
        return str(int(year) - 1)
    sign, last = (part[0], {"Q": 4, "H": 2}[part[0]]) if part[0] in "QH" else ("", 12)
    number = int(part.removeprefix(sign))
    before = f"{year}-{sign}{number - 1:0{0 if sign else 2}d}" if number > 1 else f"{int(year) - 1}-{sign}{last}"
    bounds(before)
    return before


def _next_day(last: datetime) -> datetime:
    year, month = (last.year + 1, 1) if last.month == 12 else (last.year, last.month + 1)
    return datetime(year, month, 1, tzinfo=SHANGHAI)


def kinds(act: Act) -> list[str]:
    """What can be made: the reports of the house, and those that the procedure defines."""
    return list(dict.fromkeys([*KINDS, *(row.kind for row in act.procedure.reports)]))


ASKED = (
    Argument("kind", "报表", "choice", options=kinds, required=True),
    Argument("period", "期间", "text", help="如 2026-05、2026-Q2、2026"),
    Argument("export", "导出", "flag"),
    Argument("summary", "结论", "long"),
    Argument("reason", "理由", "text", help="写明理由，才给出本人经办各件的完整联系方式"),
)


@verb(
    "report",
    label="报表",
    group="统计",
    needs_case=False,
    silent=True,
    chooses=True,
    arguments=lambda act: [*ASKED, *choices.of_procedure(act)],
)
def report(act: Act) -> None:
    """A report over the cases of the period (by 受理时间, G-18) that this person may see.

    An export is recorded, and so is a look at contact data, which takes a reason.
    """
    kind = act.arguments["kind"]
    row = act.procedure.report(kind)
    if row is not None and row.summary and not act.given("summary"):
        raise Refused("请填写结论(改进结论)", field="summary")
    act.result = MAKERS[kind](act) if row is None else _defined(act, row)
    act.occasion = f"{kind}|{act.given('period', '')}"
    if act.given("export") or act.reason:
        deed = "导出" if act.given("export") else "查看"
        full = f"，其中 {len(act.result.clear)} 件含完整联系方式" if act.result.clear else ""
        act.say(f"{deed}{kind} {act.given('period', '')} {len(act.result.rows)} 行{full}")
    if act.given("summary"):
        _keep(act, act.result)


def _defined(act: Act, row: ReportRow) -> Report:
    """A report that the procedure defines."""
    if row.makes == "figures":
        made = monthly(act)
        columns, rows = (made.columns, made.rows) if not row.by else _by(act, row.by)
        return replace(made, kind=row.kind, title=row.kind, columns=columns, rows=rows)
    if row.makes in ("people", "checklist"):
        titles, points = rosters.people(act) if row.makes == "people" else rosters.checklist(row)
        return Report(row.kind, row.kind, "", titles, tuple(points))
    start, end = bounds(_period(act)) if row.dated else ALWAYS
    if row.makes == "papers":
        titles, points, about = rosters.papers(act, row, start, end)
        return Report(row.kind, row.kind, _period(act), titles, tuple(points), keys=about)
    if row.over == "fees":
        fees = registers.fees_of(act.session, row, start, end, act.actor)
        found = tuple(line for _, line in fees)
        cases = tuple(case for case, _ in fees)
        return Report(row.kind, row.kind, _period(act), registers.headings(row), found, keys=cases)
    if row.makes == "cross":
        table = registers.cross_of(act.session, act.procedure, row, start, end, act.actor)
        return Report(row.kind, row.kind, _period(act), *table)
    lines = registers.rows_of(act.session, act.procedure, row, start, end, act.actor)
    keys = tuple(key for key, _ in lines)
    working = [case for case in _cases(act) if may_have(act, case)]
    return Report(
        row.kind,
        row.kind,
        str(act.given("period", "")),
        registers.headings(row),
        tuple(line for _, line in lines),
        keys=keys,
        personal=registers.personal(row),
        clear=frozenset(case.id for case in working),
    )


def _keep(act: Act, made: Report) -> None:
    act.session.add(
        PeriodicReport(
            kind=made.kind,
            period=made.period,
            procedure_code=act.procedure.code,
            totals=made.totals,
            kpis={
                kpi.name: {"value": kpi.value, "numerator": kpi.numerator, "denominator": kpi.denominator}
                for kpi in made.kpis
            },
            summary=act.given("summary", ""),
            made_at=act.now,
            made_by_id=act.actor.id,
        )
    )
    act.say(f"{made.kind} {made.period} 存档")


def _cases(act: Act) -> list[Complaint]:
    """The period's cases in the order of acceptance, void ones left out."""
    start, end = bounds(_period(act)) if act.given("period") or _needs_period(act) else ALWAYS
    query = select(Complaint).where(
        Complaint.procedure_code == act.procedure.code,
        Complaint.accepted_at >= start,
        Complaint.accepted_at < end,
        Complaint.state != "已作废",
        access.scope(act.actor),
    )
    return list(act.session.scalars(query.order_by(Complaint.accepted_at, Complaint.id)).unique())


def _needs_period(act: Act) -> bool:
    row = act.procedure.report(str(act.given("kind", "")))
    return row is None or row.dated


def _period(act: Act) -> str:
    period = str(act.given("period", ""))
    if not period:
        raise Refused("请填写期间", field="period")
    return period


def ledger(act: Act) -> Report:
    """附件3: thirteen columns in order, numbered by 受理时间 (P02-12.3, 12.5, 12.6)."""
    cases = _cases(act)
    orders = _by_case(act, SupervisionOrder, cases)
    rows = tuple(_ledger_row(number, case, orders.get(case.id)) for number, case in enumerate(cases, 1))
    clear = frozenset(case.id for case in cases if may_have(act, case))
    keys = tuple(case.id for case in cases)
    return Report(LEDGER, LEDGER, _period(act), LEDGER_COLUMNS, rows, keys=keys, personal=PERSONAL, clear=clear)


def _by_case(act: Act, table: Any, cases: list[Complaint]) -> dict[int, Any]:
    """The newest row of each case."""
    found: dict[int, Any] = {}
    ids = [case.id for case in cases]
    for start in range(0, len(ids), 500):
        query = select(table).where(table.complaint_id.in_(ids[start : start + 500])).order_by(table.id)
        found |= {row.complaint_id: row for row in act.session.scalars(query)}
    return found


def _ledger_row(number: int, case: Complaint, order: SupervisionOrder | None) -> tuple[str, ...]:
    person = case.complainant
    accused = "、".join(text for text in (str(case.complained_department or ""), case.complained_person) if text)
    limit = "" if order is None else f"{order.limit_days} 日内" if order.limit_days else "当天"
    remark = "、".join([*(flag for flag in case.flags if flag != "超期"), *(["曾超期"] if case.was_overdue else [])])
    return (
        str(number),
        str(case.receiver or ""),
        minute(case.accepted_at),
        person.name,
        person.phone,
        person.address,
        case.content,
        accused,
        str(case.handling_department or ""),
        limit,
        _result(case),
        case.satisfaction,
        remark,
    )


def _result(case: Complaint) -> str:
    """处理结果: how it ended, or where it stands."""
    return f"{case.state}({case.close_reason})" if case.close_reason else case.state


def minute(moment: datetime | None) -> str:
    """An instant as a table shows it."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if moment else ""


def standards(act: Act) -> Report:
    """附件4 as the document has it: item, what is required, the least points, the sanctions (P02-12.4).

    With a period, also how often each item was applied in its months to cases in this person's scope.
    """
    columns: tuple[str, ...] = ("序号", "大类", "小类", "要求", "客户抱怨", "客户投诉")
    rows = [
        (item.no + item.sub, item.category, item.subcategory, item.requirement, _points(item), _sanctions(act, item))
        for item in act.procedure.standards
    ]
    if not act.given("period"):
        return Report(STANDARDS, STANDARDS, "", columns, tuple(rows))
    used = _used(act)
    with_use = []
    for item, row in zip(act.procedure.standards, rows, strict=True):
        whole = used.get(item.no) if item.sub in ("", "a") else None
        with_use.append((*row, *map(str, used.get(item.no + item.sub) or whole or (0, 0))))
    return Report(STANDARDS, STANDARDS, _period(act), (*columns, "本期次数", "本期扣分"), tuple(with_use))


def _used(act: Act) -> dict[str, tuple[int, int]]:
    """Number of a standard to occurrences and points, of what was proposed or decided for the period's months."""
    start, end = bounds(_period(act))
    query = (
        select(Assessment.standard_no, func.sum(Assessment.occurrences), func.sum(func.coalesce(Assessment.points, 0)))
        .where(
            Assessment.month >= f"{start:%Y-%m}",
            Assessment.month < f"{end:%Y-%m}",
            Assessment.state.not_in(("草稿", "驳回")),
            Assessment.complaint.has(access.scope(act.actor)),
        )
        .group_by(Assessment.standard_no)
    )
    return {number: (int(times), int(points)) for number, times, points in act.session.execute(query)}


def _points(item: Any) -> str:
    if item.complaint == "by_severity":
        return f"视情节:{'、'.join(item.severity)}"
    return ";".join(f"{subject.kind}不低于 {subject.points} 分" for subject in item.subjects if subject.points)


def _sanctions(act: Act, item: Any) -> str:
    if item.complaint == "by_severity":
        return f"视情节:{'、'.join(item.severity)}"
    return ";".join(f"{grade}:{'、'.join(allowed)}" for grade, allowed in act.procedure.sanctions.items())


def case_list(act: Act) -> Report:
    """The list of cases as this person sees it."""
    query = select(Complaint).where(access.scope(act.actor)).order_by(Complaint.accepted_at.desc(), Complaint.id.desc())
    if act.given("period"):
        start, end = bounds(_period(act))
        query = query.where(Complaint.accepted_at >= start, Complaint.accepted_at < end)
    cases = list(act.session.scalars(query.limit(10_000)).unique())
    if sealed := sum(SEALED in case.flags for case in cases):
        act.say(f"查看{CASES} 含保密 {sealed} 件")
    rows = tuple(_listed(case, works=access.works_on(act.actor, case)) for case in cases)
    return Report(
        CASES,
        CASES,
        act.given("period", ""),
        ("编号", "受理时间", "性质", "级别", "状态", "调查处理部门", "承办部门", "截止", "反映人", "电话"),
        rows,
        keys=tuple(case.id for case in cases),
        personal={"反映人": "name", "电话": "phone"},
        clear=frozenset(case.id for case in cases if may_have(act, case)),
    )


def may_have(act: Act, case: Complaint) -> bool:
    """Whether this reader may have the contact data of this case: he works on it and says why; of a confidential one
    a file takes besides the right to export what is sensitive."""
    if not act.reason or not access.works_on(act.actor, case):
        return False
    return SEALED not in case.flags or not act.given("export") or act.actor.holds(EXPORTS)


def _listed(case: Complaint, *, works: bool) -> tuple[str, ...]:
    """A line of the list; who does not work on the case never gets more than the first character of a name."""
    name, phone = case.complainant.name, case.complainant.phone
    return (
        case.case_no,
        minute(case.accepted_at),
        case.nature,
        case.grade or "",
        case.state,
        str(case.investigation_department or ""),
        str(case.handling_department or ""),
        minute(case.due_at),
        name if works else masked_name(name),
        phone if works else masked_phone(phone),
    )


def monthly(act: Act) -> Report:
    """月分析: the procedure's indicators over the period's cases, and counts by department and grade (P02-16.1)."""
    cases = _cases(act)
    clocks = _clocks(act, cases)
    visits = _by_case(act, Visit, cases)
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
    notes = (spell(_period(act)), *_told(act, found))
    return Report(MONTHLY, MONTHLY, _period(act), columns, tuple(rows), kpis, found, behind=behind, notes=notes)


def spell(period: str) -> str:
    """The first and the last day of the period."""
    start, end = bounds(period)
    return f"统计期间 {start:%Y-%m-%d} 至 {end - timedelta(days=1):%Y-%m-%d}"


def _told(act: Act, found: Mapping[str, int]) -> list[str]:
    """What is told beside the indicators: how many are not due yet, how many lack a paper."""
    names = dict.fromkeys(name for row in act.procedure.indicators for name in row.among)
    notes = [row.note for row in act.procedure.indicators if row.note]
    return [*(f"{indicators.words(name)} {found.get(name, 0)} 件" for name in names), *notes]


def _by(act: Act, name: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The indicators once more for each department or category: columns and rows."""
    cases = _cases(act)
    clocks, visits, papers = _clocks(act, cases), _by_case(act, Visit, cases), _papers(act, cases)
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


MAKERS: dict[str, Callable[[Act], Report]] = {LEDGER: ledger, STANDARDS: standards, MONTHLY: monthly, CASES: case_list}
