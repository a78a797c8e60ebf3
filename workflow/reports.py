"""报表: the ledger (附件3), the assessment standards (附件4), the month's figures, the list of cases."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models import Clock, Complaint, PeriodicReport, SupervisionOrder, Visit
from models.queries import figures
from rules import indicators
from workflow import access
from workflow.act import Act
from workflow.arguments import SHANGHAI, Argument
from workflow.errors import Refused
from workflow.registry import verb

LEDGER = "服务质量问题处理管理台账"
STANDARDS = "服务质量问题考核标准"
MONTHLY = "月分析"
CASES = "案件列表"
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


@dataclass(frozen=True)
class Kpi:
    """One indicator as shown, with the two counts it comes from and the cases behind them."""

    name: str
    value: str
    numerator: int
    denominator: int | None
    met: bool | None = None


@dataclass(frozen=True)
class Report:
    """A report: a table, and for the month's analysis the indicators."""

    kind: str
    title: str
    period: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kpis: tuple[Kpi, ...] = ()
    totals: dict[str, int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The same as plain text, a row a line."""
        lines = [f"{self.title} {self.period}".strip(), "\t".join(self.columns), *("\t".join(row) for row in self.rows)]
        return "\n".join([*lines, *(f"{kpi.name}\t{kpi.value}" for kpi in self.kpis)])


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


def _next_day(last: datetime) -> datetime:
    year, month = (last.year + 1, 1) if last.month == 12 else (last.year, last.month + 1)
    return datetime(year, month, 1, tzinfo=SHANGHAI)


@verb(
    "report",
    label="报表",
    group="统计",
    needs_case=False,
    silent=True,
    arguments=(
        Argument("kind", "报表", "choice", options=KINDS, required=True),
        Argument("period", "期间", "text", help="如 2026-05、2026-Q2、2026"),
        Argument("export", "导出", "flag"),
        Argument("summary", "结论", "long"),
    ),
)
def report(act: Act) -> None:
    """A report over the cases of the period (by 受理时间, G-18) that this person may see; an export is recorded."""
    kind = act.arguments["kind"]
    act.result = MAKERS[kind](act)
    if act.given("export"):
        act.say(f"导出{kind} {act.given('period', '')} {len(act.result.rows)} 行")
    if act.given("summary"):
        _keep(act, act.result)


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
    start, end = bounds(_period(act))
    query = select(Complaint).where(
        Complaint.accepted_at >= start,
        Complaint.accepted_at < end,
        Complaint.state != "已作废",
        access.scope(act.actor),
    )
    return list(act.session.scalars(query.order_by(Complaint.accepted_at, Complaint.id)).unique())


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
    return Report(LEDGER, LEDGER, _period(act), LEDGER_COLUMNS, rows)


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
    """附件4 as the document has it: item, what is required, the least points, the sanctions (P02-12.4)."""
    rows = tuple(
        (item.no + item.sub, item.category, item.subcategory, item.requirement, _points(item), _sanctions(act, item))
        for item in act.procedure.standards
    )
    return Report(STANDARDS, STANDARDS, "", ("序号", "大类", "小类", "要求", "客户抱怨", "客户投诉"), rows)


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
    rows = tuple(
        (
            case.case_no,
            minute(case.accepted_at),
            case.nature,
            case.grade or "",
            case.state,
            str(case.investigation_department or ""),
            str(case.handling_department or ""),
            minute(case.due_at),
        )
        for case in act.session.scalars(query.limit(10_000)).unique()
    )
    return Report(
        CASES,
        CASES,
        act.given("period", ""),
        ("编号", "受理时间", "性质", "级别", "状态", "调查处理部门", "承办部门", "截止"),
        rows,
    )


def monthly(act: Act) -> Report:
    """月分析: the procedure's indicators over the period's cases, and counts by department and grade (P02-16.1)."""
    cases = _cases(act)
    clocks = _clocks(act, cases)
    visits = _by_case(act, Visit, cases)
    found = figures.counts(cases, clocks, visits, act.now)
    kpis = tuple(_kpi(row, found) for row in act.procedure.indicators)
    rows = [
        *_breakdown("承办部门", cases, lambda case: str(case.handling_department or case.complained_department or "—")),
        *_breakdown("级别", cases, lambda case: case.grade or case.nature),
        *_breakdown("来源", cases, lambda case: case.channel),
        *_breakdown("状态", cases, lambda case: case.state),
    ]
    return Report(
        MONTHLY, MONTHLY, _period(act), ("分组", "项目", "件数", "抱怨", "投诉", "曾超期"), tuple(rows), kpis, found
    )


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
    if not row.denominator:
        return Kpi(row.name, str(numerator), numerator, None)
    denominator = found.get(row.denominator, 0)
    ratio = indicators.Ratio(numerator, denominator)
    return Kpi(row.name, ratio.text, numerator, denominator, ratio.met(row.target) if row.target is not None else None)


def _breakdown(group: str, cases: Iterable[Complaint], key: Callable[[Complaint], str]) -> list[tuple[str, ...]]:
    """Counts by a property of the case, largest first."""
    table: dict[str, list[int]] = {}
    for case in cases:
        line = table.setdefault(key(case), [0, 0, 0, 0])
        line[0] += 1
        line[1] += case.nature == "抱怨"
        line[2] += case.nature == "投诉"
        line[3] += case.was_overdue
    ordered = sorted(table.items(), key=lambda item: (-item[1][0], item[0]))
    return [(group, name, *map(str, line)) for name, line in ordered]


MAKERS: dict[str, Callable[[Act], Report]] = {LEDGER: ledger, STANDARDS: standards, MONTHLY: monthly, CASES: case_list}
