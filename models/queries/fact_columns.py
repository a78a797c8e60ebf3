"""Every fact of a stored case that a query can see, by the name that rules use: what workflow/facts.py gives, in SQL.

Facts of a deed (its verb, its arguments, who acts) are of no stored case and not among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, case, distinct, exists, false, func, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import coalesce

from models.assessment import Assessment
from models.assignment import HELPING, Assignment
from models.clock import Clock
from models.complaint import Complainant, Complaint
from models.correction import CorrectiveAction
from models.document import FormDocument
from models.notice import Duty
from models.organisation import Department, Staff
from models.queries import json_fields, shanghai
from models.queries.conditions import Condition, FactColumn
from models.queries.evidence import EVIDENCE
from models.solution import Implementation, JointReview, Proposal, ResultFeedback
from models.supervision import Investigation, SupervisionOrder
from models.team import SiteVisit, TeamMember
from models.visit import Communication, Visit
from models.workorder import Coordination, WorkOrder
from rules.document import FieldRow
from rules.facts import CORE, FactType
from rules.procedure import Procedure
from rules.quantities import day_start
from rules.values import TEXTS
from rules.vocabulary import NO_MEASURES

PLAIN = (
    *("state", "case_no", "channel", "nature", "category", "compensation_sought", "demand", "content", "forwarder"),
    *("place", "parties_count", "grade", "severity", "overdue", "satisfaction", "flags", "round", "close_reason"),
    *("complained_person", "founded", "grade_by_hand"),
    *("due_at", "received_at", "registered_at", "accepted_at", "incident_at", "promised_feedback_at", "closed_at"),
)
OF_PERSON = ("name", "phone", "address", "address_reason", "anonymous")
DEPARTMENTS = ("complained_department", "handling_department", "investigation_department")
PEOPLE = ("investigator", "handler", "receiver")


def columns(procedure: Procedure, of: Any = Complaint) -> Mapping[str, FactColumn]:
    """Fact name to column, over ``select(of)``; ``of`` is the table of cases or an alias of it."""
    found = {
        row.key: FactColumn(row.fact.type, json_fields.member(of.fields, row.key, row.fact.type), **_shorter(of, row))
        for row in procedure.fields
    }
    found |= {name: FactColumn(CORE[name].type, getattr(of, name)) for name in PLAIN}
    found["provisional_grade"] = FactColumn(FactType.FLAG, of.grade_provisional)
    found |= _of_the_person(of) | _of_departments(of) | _of_people(of) | _of_records(of)
    if procedure.step("dispatch"):
        found |= _of_the_stints(of)
    if procedure.step("form_team"):
        found |= _of_the_team(of)
    if procedure.step("site_visit"):
        found["site_visited"] = _some(of, SiteVisit, SiteVisit.round == of.round)
    if procedure.uses_plans:
        found |= _of_the_plan(of)
    if procedure.step("open_work_order"):
        found |= _of_the_work_order(of)
    month = shanghai.month(of.accepted_at)
    found["month"] = FactColumn(FactType.TEXT, month, lambda months: _in_months(of.accepted_at, months))
    return found


def _shorter(of: Any, row: FieldRow) -> dict[str, Any]:
    key, kind = row.key, row.fact.type
    if kind is FactType.LIST:
        return {"among": lambda wanted: json_fields.list_has(of.fields, key, wanted)}
    if kind in TEXTS:
        return {"among": lambda wanted: json_fields.text_is(of.fields, key, wanted)}
    return {}


def _in_months(instant: Any, months: Sequence[str]) -> Condition:
    """The instants of these months (``2026-05``), so that an index on the instant serves."""
    return or_(false(), *(_in_month(instant, month) for month in months))


def _in_month(instant: Any, month: str) -> Condition:
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        return false()
    following = (first + timedelta(days=32)).replace(day=1)
    return and_(instant >= day_start(first), instant < day_start(following))


def _of_the_person(of: Any) -> dict[str, FactColumn]:
    kind = _through(of.complainant_id, Complainant, "kind", CORE["complainant_kind"].type)
    own = {name: _through(of.complainant_id, Complainant, name, CORE[name].type) for name in OF_PERSON}
    return {**own, "complainant_kind": kind}


def _through(key: Any, table: Any, name: str, kind: FactType) -> FactColumn:
    """A column of the row that the case points to."""
    row = aliased(table)
    value = select(getattr(row, name)).where(row.id == key).scalar_subquery()

    def among(texts: Sequence[str]) -> Condition:
        return key.in_(select(row.id).where(getattr(row, name).in_(texts)))

    return FactColumn(kind, value, among if kind is not FactType.FLAG else None, key=key)


def _named(key: Any, table: Any, kind: FactType) -> FactColumn:
    """The name of the department or person that the case points to."""
    return _through(key, table, "name", kind)


def _of_departments(of: Any) -> dict[str, FactColumn]:
    found = {name: _named(getattr(of, f"{name}_id"), Department, FactType.DEPARTMENT) for name in DEPARTMENTS}
    responsible = coalesce(of.responsible_department_id, of.complained_department_id)
    return {**found, "responsible_department": _named(responsible, Department, FactType.DEPARTMENT)}


def _of_people(of: Any) -> dict[str, FactColumn]:
    found = {name: _named(getattr(of, f"{name}_id"), Staff, FactType.PERSON) for name in PEOPLE}
    accused = coalesce(of.responsible_staff_id, of.complained_staff_id)
    responsible = case((of.responsible_person != "", of.responsible_person), else_=of.complained_person)
    return {
        **found,
        "responsible_person": FactColumn(FactType.PERSON, responsible),
        "handler_is_responsible": FactColumn(FactType.FLAG, coalesce(of.handler_id == accused, false())),
    }


def _of_records(of: Any) -> dict[str, FactColumn]:
    measures = _newest(of, CorrectiveAction, CorrectiveAction.corrective_measures)
    written = func.trim(measures, " 。.")
    unreachable = select(func.count(distinct(shanghai.day(Visit.at)))).where(
        Visit.complaint_id == of.id, Visit.result == "无法联系"
    )
    return {
        "order_state": FactColumn(FactType.CHOICE, _newest(of, SupervisionOrder, SupervisionOrder.state)),
        "effect_check": FactColumn(FactType.CHOICE, _newest(of, CorrectiveAction, CorrectiveAction.effect_check)),
        "corrective_measures": FactColumn(FactType.TEXT, measures),
        "measures_none": FactColumn(FactType.FLAG, coalesce(written.in_(sorted(NO_MEASURES)), false())),
        "visit_result": FactColumn(FactType.CHOICE, _newest(of, Visit, Visit.result)),
        "investigated": _some(of, Investigation, Investigation.finished_at.is_not(None)),
        "order_count": _count(of, SupervisionOrder),
        "correction_count": _count(of, CorrectiveAction),
        "visit_count": _count(of, Visit),
        "assessment_count": _count(of, Assessment),
        "unreachable_days": FactColumn(FactType.NUMBER, unreachable.correlate(of).scalar_subquery()),
        "cause": FactColumn(FactType.TEXT, _newest(of, Investigation, Investigation.cause)),
        "documents": _list(FormDocument.kind, FormDocument.complaint_id == of.id),
        "talks": _list(Communication.kind, Communication.complaint_id == of.id),
        "attachments": _list(EVIDENCE.c.kind, EVIDENCE.c.complaint_id == of.id),
        "methods": _list(Investigation.method, Investigation.complaint_id == of.id, Investigation.method != ""),
        "external_units": _list(Coordination.unit, Coordination.complaint_id == of.id),
        "late_clocks": _list(Clock.name, Clock.complaint_id == of.id, Clock.ever_late),
        "open_duties": _list(Duty.title, Duty.complaint_id == of.id, Duty.done_at.is_(None)),
    }


def _of_the_stints(of: Any) -> dict[str, FactColumn]:
    """Who helps, and how often the case was handed back."""
    helping = Assignment.kind == HELPING, Assignment.ended_at.is_(None), Assignment.department_id == Department.id
    returned = select(func.count()).where(
        Assignment.complaint_id == of.id, Assignment.returned, Assignment.kind != HELPING
    )
    return {
        "coop_departments": _list(Department.name, Assignment.complaint_id == of.id, *helping),
        "return_count": FactColumn(FactType.NUMBER, returned.correlate(of).scalar_subquery()),
    }


def _of_the_team(of: Any) -> dict[str, FactColumn]:
    """The present team: where its members come from, in which roles, and who leads it."""
    present = TeamMember.complaint_id == of.id, TeamMember.until.is_(None)
    leads = (
        select(Department.name).select_from(TeamMember).outerjoin(Department, TeamMember.department_id == Department.id)
    )
    leader = leads.where(*present, TeamMember.leader).order_by(TeamMember.id).limit(1).correlate(of).scalar_subquery()
    return {
        "team_departments": _list(Department.name, *present, TeamMember.department_id == Department.id),
        "team_roles": _list(TeamMember.role, *present, TeamMember.role != ""),
        "team_leader_department": FactColumn(FactType.DEPARTMENT, leader),
    }


def _of_the_plan(of: Any) -> dict[str, FactColumn]:
    """The plan of this round and what came of it."""
    newest = partial(_newest, of, Proposal, among=Proposal.round == of.round)
    plan = newest(Proposal.id)
    return {
        "proposal_state": FactColumn(FactType.CHOICE, newest(Proposal.state)),
        "proposal_number": FactColumn(FactType.NUMBER, coalesce(newest(Proposal.number), 0)),
        "proposal_plan": FactColumn(FactType.TEXT, newest(Proposal.plan)),
        "cause_explanation": FactColumn(FactType.TEXT, newest(Proposal.cause_explanation)),
        "reviewed_by": _list(JointReview.party, JointReview.proposal_id == plan),
        "implemented": _some(of, Implementation, Implementation.round == of.round),
        "feedback_given": _some(of, ResultFeedback, ResultFeedback.round == of.round),
    }


def _of_the_work_order(of: Any) -> dict[str, FactColumn]:
    """The newest work order that was not given up."""
    newest = partial(_newest, of, WorkOrder, among=WorkOrder.state != "取消")
    return {
        "work_order_state": FactColumn(FactType.CHOICE, newest(WorkOrder.state)),
        "work_order_paid": FactColumn(FactType.CHOICE, func.nullif(newest(WorkOrder.paid), "")),
        "work_order_quoted": FactColumn(FactType.FLAG, newest(WorkOrder.quoted_amount.is_not(None))),
        "customer_consents": FactColumn(FactType.FLAG, newest(WorkOrder.customer_consents)),
        "appointed_at": FactColumn(FactType.INSTANT, newest(WorkOrder.appointed_at)),
    }


def _newest(of: Any, table: Any, column: Any, among: Condition | None = None) -> ColumnElement[Any]:
    conditions = () if among is None else (among,)
    query = select(column).where(table.complaint_id == of.id, *conditions).order_by(table.id.desc()).limit(1)
    return query.correlate(of).scalar_subquery()


def _count(of: Any, table: Any) -> FactColumn:
    query = select(func.count()).select_from(table).where(table.complaint_id == of.id)
    return FactColumn(FactType.NUMBER, query.correlate(of).scalar_subquery())


def _some(of: Any, table: Any, *conditions: Condition) -> FactColumn:
    return FactColumn(FactType.FLAG, exists().where(table.complaint_id == of.id, *conditions).correlate(of))


def _list(column: Any, *conditions: Any) -> FactColumn:
    """The texts of a column of the case's records, as a list."""
    value = select(json_fields.array(column)).where(*conditions).scalar_subquery()
    rows = exists().where(*conditions)
    return FactColumn(FactType.LIST, value, lambda wanted: rows.where(column.in_(wanted)), filled=rows)
