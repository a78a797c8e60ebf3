"""报表: the verb, the ledger (附件3) and the list of cases; the other reports have files of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select

from models import Complaint, PeriodicReport, SupervisionOrder
from rules.report_rows import ReportRow
from workflow import access, obligations, procedures, registers, rosters
from workflow.access import SEALED
from workflow.act import Act, minute
from workflow.arguments import Argument
from workflow.errors import Refused
from workflow.masking import masked_name, masked_phone
from workflow.month import MONTHLY, by_group, monthly
from workflow.periods import ALWAYS, bounds
from workflow.recorded import limit_words
from workflow.registry import verb
from workflow.report_cases import EVERY, by_case, cases_of, known, may_have, of_every, period_of, which
from workflow.report_shapes import Report
from workflow.standards import STANDARDS, standards

LEDGER = "服务质量问题处理管理台账"
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

PERSONAL = {"客户姓名": "name", "客户电话": "phone", "客户地址": "address"}


OF_SEVERAL = (LEDGER, MONTHLY, CASES)
"""What is also made of the cases of all procedures at once."""


def kinds(act: Act) -> list[str]:
    """What can be made: the reports of the house, and those that the procedure defines."""
    return list(dict.fromkeys([*KINDS, *(row.kind for row in act.procedure.reports)]))


ASKED = (
    Argument("kind", "报表", "choice", options=kinds, required=True),
    Argument("period", "期间", "text", help="如 2026-05、2026-Q2、2026"),
    Argument("export", "导出", "flag"),
    Argument("look", "只看", "flag", help="只看不算完成，不发通知"),
    Argument("summary", "结论", "long"),
    Argument("reason", "理由", "text", help="写明理由，才给出本人经办各件的完整联系方式"),
)


@verb(
    "report",
    label="报表",
    group="统计",
    needs_case=False,
    silent=True,
    chooses=known,
    arguments=lambda act: [*ASKED, *which(act)],
)
def report(act: Act) -> None:
    """A report over the cases of the period (by 受理时间, G-18) that this person may see.

    An export is recorded, and so is a look at contact data, which takes a reason.
    """
    kind = act.arguments["kind"]
    row = act.procedure.report(kind)
    if of_every(act) and (kind not in OF_SEVERAL or act.given("summary")):
        raise Refused("这份报表按一个制度做,请选定制度", field="procedure")
    act.looks = bool(act.given("look")) and not act.given("summary") and not act.given("export")
    if row is not None and row.summary and not act.given("summary") and not act.looks:
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
        if row.by:
            columns, rows, behind = by_group(act, row.by)
            made = replace(made, columns=columns, rows=rows, behind={**made.behind, **behind})
        return replace(made, kind=row.kind, title=row.kind)
    if row.makes in ("people", "checklist"):
        titles, points = rosters.people(act) if row.makes == "people" else rosters.checklist(row)
        return Report(row.kind, row.kind, "", titles, tuple(points))
    start, end = bounds(period_of(act)) if row.dated else ALWAYS
    if row.makes == "papers":
        titles, points, about = rosters.papers(act, row, start, end)
        return Report(row.kind, row.kind, period_of(act), titles, tuple(points), keys=about)
    if row.over == "fees":
        fees = registers.fees_of(act.session, row, start, end, act.actor)
        found = tuple(line for _, line in fees)
        cases = tuple(case for case, _ in fees)
        return Report(row.kind, row.kind, period_of(act), registers.headings(row), found, keys=cases)
    if row.makes == "cross":
        table = registers.cross_of(act.session, act.procedure, row, start, end, act.actor)
        return Report(row.kind, row.kind, period_of(act), *table)
    lines = registers.rows_of(act.session, act.procedure, row, start, end, act.actor)
    keys = tuple(key for key, _ in lines)
    working = [case for case in cases_of(act) if may_have(act, case)] if act.reason else []
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


def behind(act: Act, kind: str, code: str, period: str, counted: str) -> tuple[int, ...]:
    """The cases that this person finds counted in one figure of a report now."""
    document = procedures.last(act.session, act.now, code) if code else act.procedure
    asked = replace(act, procedure=document, arguments={"kind": kind, "period": period})
    row = document.report(kind)
    of_figures = kind == MONTHLY if row is None else row.makes == "figures"
    made = (monthly(asked) if row is None else _defined(asked, row)) if of_figures else None
    if made is None or counted not in made.behind:
        raise Refused("报表里没有“{figure}”这一项", field="counted", figure=counted[:60])
    return made.behind[counted]


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
    act.session.flush()
    obligations.reported(act, made.kind)


def ledger(act: Act) -> Report:
    """附件3: thirteen columns in order, numbered by 受理时间 (P02-12.3, 12.5, 12.6); of all procedures also whose."""
    cases = cases_of(act)
    orders = by_case(act, SupervisionOrder, cases)
    rows = tuple(_ledger_row(number, case, orders.get(case.id)) for number, case in enumerate(cases, 1))
    clear = frozenset(case.id for case in cases if may_have(act, case))
    keys = tuple(case.id for case in cases)
    columns: tuple[str, ...] = LEDGER_COLUMNS
    if of_every(act):
        columns = (*columns, "制度")
        rows = tuple((*row, case.procedure_code) for row, case in zip(rows, cases, strict=True))
    return Report(LEDGER, LEDGER, period_of(act), columns, rows, keys=keys, personal=PERSONAL, clear=clear)


def _ledger_row(number: int, case: Complaint, order: SupervisionOrder | None) -> tuple[str, ...]:
    person = case.complainant
    accused = "、".join(text for text in (str(case.complained_department or ""), case.complained_person) if text)
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
        limit_words(order) if order else "",
        _result(case),
        case.satisfaction,
        remark,
    )


def _result(case: Complaint) -> str:
    """处理结果: how it ended, or where it stands."""
    return f"{case.state}({case.close_reason})" if case.close_reason else case.state


def case_list(act: Act) -> Report:
    """The list of cases as this person sees it."""
    query = select(Complaint).where(access.scope(act.actor)).order_by(Complaint.accepted_at.desc(), Complaint.id.desc())
    if act.given("procedure", EVERY) != EVERY:
        query = query.where(Complaint.procedure_code == act.procedure.code)
    if act.given("period"):
        start, end = bounds(period_of(act))
        query = query.where(Complaint.accepted_at >= start, Complaint.accepted_at < end)
    cases = list(act.session.scalars(query.limit(10_000)).unique())
    if sealed := sum(SEALED in case.flags for case in cases):
        act.say(f"查看{CASES} 含保密 {sealed} 件")
    rows = tuple(_listed(case, works=procedures.works_on(act.session, act.actor, case)) for case in cases)
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


MAKERS: dict[str, Callable[[Act], Report]] = {LEDGER: ledger, STANDARDS: standards, MONTHLY: monthly, CASES: case_list}
