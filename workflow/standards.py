"""考核标准 as a table: what each item asks, and how often it was applied in a period."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, func, select

from models import Assessment, Complaint
from workflow import access
from workflow.act import Act
from workflow.periods import bounds
from workflow.report_cases import period_of
from workflow.report_shapes import Report

STANDARDS = "服务质量问题考核标准"


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
    return Report(STANDARDS, STANDARDS, period_of(act), (*columns, "本期次数", "本期扣分"), tuple(with_use))


def _used(act: Act) -> dict[str, tuple[int, int]]:
    """Number of a standard to occurrences and points, of what was proposed or decided for the period's months."""
    start, end = bounds(period_of(act))
    query = (
        select(Assessment.standard_no, func.sum(Assessment.occurrences), func.sum(func.coalesce(Assessment.points, 0)))
        .where(
            Assessment.month >= f"{start:%Y-%m}",
            Assessment.month < f"{end:%Y-%m}",
            Assessment.state.not_in(("草稿", "驳回")),
            Assessment.complaint.has(and_(access.scope(act.actor), Complaint.procedure_code == act.procedure.code)),
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
