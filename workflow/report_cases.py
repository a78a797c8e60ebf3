"""The cases that a report is about, and what its reader may have of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Complaint
from workflow import access, procedures
from workflow.access import SEALED
from workflow.act import Act
from workflow.arguments import Argument
from workflow.errors import Refused
from workflow.periods import ALWAYS, bounds

EXPORTS = "导出敏感信息"
"""The role that gives the right to take contact data of confidential cases out of the house."""
EVERY = "全部"
"""Asked for instead of one procedure: the cases of all of them."""


def known(session: Session, now: datetime) -> Mapping[str, str]:
    """Code and title of the procedures that reports are about: those in force, and retired ones that have cases."""
    in_force, begun = procedures.codes_in_force(session, now), procedures.begun(session, now)
    return {code: title for code, title in begun.items() if code in in_force or _has_cases(session, code)}


def _has_cases(session: Session, code: str) -> bool:
    return session.scalar(select(Complaint.id).where(Complaint.procedure_code == code).limit(1)) is not None


def which(act: Act) -> list[Argument]:
    """The question of which procedure the report is to be; none where there is only one, unless that one is named."""
    if len(act.among) < 2 and act.arguments.get("procedure") not in list(act.among):
        return []
    return [
        Argument(
            "procedure",
            "制度",
            "choice",
            options=(EVERY, *act.among),
            default=lambda asked: asked.procedure.code,
            titles=act.among,
        )
    ]


def of_every(act: Act) -> bool:
    """Whether the cases of all procedures are asked for."""
    return bool(act.given("procedure") == EVERY)


def cases_of(act: Act) -> list[Complaint]:
    """The period's cases in the order of acceptance, void ones left out."""
    start, end = bounds(period_of(act)) if act.given("period") or _needs_period(act) else ALWAYS
    query = select(Complaint).where(
        Complaint.accepted_at >= start,
        Complaint.accepted_at < end,
        Complaint.state != "已作废",
        access.scope(act.actor),
    )
    if not of_every(act):
        query = query.where(Complaint.procedure_code == act.procedure.code)
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
    if not act.reason or not procedures.works_on(act.session, act.actor, case):
        return False
    return SEALED not in case.flags or not act.given("export") or act.actor.holds(EXPORTS)
