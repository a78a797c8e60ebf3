"""The cases that a report is about, and what its reader may have of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from models import Complaint
from workflow import access
from workflow.access import SEALED
from workflow.act import Act
from workflow.errors import Refused
from workflow.periods import ALWAYS, bounds

EXPORTS = "导出敏感信息"
"""The role that gives the right to take contact data of confidential cases out of the house."""


def cases_of(act: Act) -> list[Complaint]:
    """The period's cases in the order of acceptance, void ones left out."""
    start, end = bounds(period_of(act)) if act.given("period") or _needs_period(act) else ALWAYS
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


def period_of(act: Act) -> str:
    period = str(act.given("period", ""))
    if not period:
        raise Refused("请填写期间", field="period")
    return period


def by_case(act: Act, table: Any, cases: list[Complaint]) -> dict[int, Any]:
    """The newest row of each case."""
    found: dict[int, Any] = {}
    ids = [case.id for case in cases]
    for start in range(0, len(ids), 500):
        query = select(table).where(table.complaint_id.in_(ids[start : start + 500])).order_by(table.id)
        found |= {row.complaint_id: row for row in act.session.scalars(query)}
    return found


def may_have(act: Act, case: Complaint) -> bool:
    """Whether this reader may have the contact data of this case: he works on it and says why; of a confidential one
    a file takes besides the right to export what is sensitive."""
    if not act.reason or not access.works_on(act.actor, case):
        return False
    return SEALED not in case.flags or not act.given("export") or act.actor.holds(EXPORTS)
