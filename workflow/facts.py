"""A case as facts: the only translator from rows to what rules see. Every fact is of the whole case, never a delta."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_state

from models import (
    Assessment,
    Assignment,
    Attachment,
    Citation,
    Communication,
    Complaint,
    Coordination,
    CorrectiveAction,
    Duty,
    FormDocument,
    Implementation,
    Investigation,
    JointReview,
    Proposal,
    ResultFeedback,
    SiteVisit,
    Staff,
    SupervisionOrder,
    TeamMember,
    Visit,
    WorkOrder,
)
from models.assignment import HELPING
from models.queries.counts import Same
from models.queries.evidence import EVIDENCE
from rules.facts import ARGUMENT
from rules.values import seen
from rules.vocabulary import NO_MEASURES
from workflow import batches, team_facts
from workflow.arguments import SHANGHAI
from workflow.calendars import calendar_of
from workflow.counting import known_counts

if TYPE_CHECKING:
    from workflow.act import Act

HEAD = "部门负责人"
OF_ARGUMENTS = {"signed_by_head"}
"""Facts that hang on what is typed, as every ``argument.…`` does: without it they forbid nothing yet."""
RECORDS = (
    *(SupervisionOrder, CorrectiveAction, Visit, Investigation, FormDocument, Assessment, Duty),
    *(Assignment, Proposal, JointReview, Implementation, ResultFeedback, TeamMember, SiteVisit),
    *(Communication, Attachment, Citation, Coordination, WorkOrder),
)
"""The tables that are read for the facts of a case; one verb asks for the facts up to ten times."""
KINDS: Mapping[str, Any] = {
    "talks": Communication.__table__.c.kind,
    "attachments": EVIDENCE.c.kind,
    "methods": Investigation.__table__.c.method,
    "external_units": Coordination.__table__.c.unit,
}
WRITTEN = "records written"
CORE = (
    "state",
    "channel",
    "nature",
    "compensation_sought",
    "demand",
    "content",
    "grade",
    "founded",
    "category",
    "round",
    "flags",
    "close_reason",
    "responsible_person",
    "forwarder",
    "complained_person",
    "parties_count",
    "place",
    "severity",
    "satisfaction",
)


INSTANTS = ("due_at", "received_at", "registered_at", "accepted_at", "incident_at", "promised_feedback_at", "closed_at")
COLUMNS = dict.fromkeys((*CORE, "case_no", *INSTANTS))
"""The facts that a case has under their own names."""


def facts_of(act: Act) -> dict[str, Any]:
    """Fact name to value; what is empty is missing (None)."""
    facts: dict[str, Any] = {}
    if act.complaint is None:
        facts |= {"actor_roles": act.actor.roles(), "actor_departments": act.actor.departments()} | _of_deed(act)
    else:
        stored = inspect(act.complaint).has_identity
        for part in PARTS:
            if stored or part not in (known_records, known_counts):
                facts |= part(act)
    return _given(facts)


def facts_with(act: Act, more: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same with what the deed adds, which wins."""
    batch = batches.of(act.session)
    if act.complaint is not None and batch is not None:
        return Asked(act, batch, more)
    return {**facts_of(act), **more}


class Asked(Mapping[str, Any]):
    """The facts of a case of a batch: each part of them is found when one of it is first asked for.

    It answers as things are then: it is for asking at once, and whoever keeps facts keeps a dict of them. In which part
    a fact is found is learned from the first case that goes by the document.
    """

    def __init__(self, act: Act, batch: batches.Batch, more: Mapping[str, Any]) -> None:
        self.act, self.batch, self.known = act, batch, dict(more)
        self.parts: dict[Part, Mapping[str, Any]] = {}
        same = Same(act.procedure)
        if same not in HOMES:
            HOMES[same] = {name: part for part in PARTS[1:] for name in part(act)}
        self.homes = HOMES[same]

    def __getitem__(self, name: str) -> Any:
        return self.get(name)

    def get(self, name: str, otherwise: Any = None) -> Any:
        """The fact; nothing where there is none."""
        if name in self.known:
            return self.known[name]
        part = self.homes.get(name, _of_deed if name.startswith(ARGUMENT) else _fields)
        if part is _core and name in COLUMNS:
            value = getattr(self.act.case, name)
            return None if value == "" else value
        if part not in self.parts:
            self.parts[part] = self._part(part)
        return self.parts[part].get(name)

    def __iter__(self) -> Iterator[str]:
        self.known = {**facts_of(self.act), **self.known}
        return iter(self.known)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _part(self, part: Part) -> dict[str, Any]:
        """A part as it was found last: a deed of a batch changes no record of its case but by adding one, so that it is
        found again only when one was added, or the case itself was changed."""
        case = self.act.case
        mark = (self.batch.added, {name: case.__dict__.get(name) for name in instance_state(case).committed_state})
        if self.act.based is None or self.act.based[0] != mark:
            self.act.based = (mark, {})
        found = self.act.based[1]
        if part not in found:
            found[part] = _given(part(self.act))
        return found[part]


def _given(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: None if value == "" else value for name, value in facts.items()}


def _of_deed(act: Act) -> dict[str, Any]:
    return {"verb": act.verb} | {f"argument.{name}": _plain(value) for name, value in act.arguments.items()}


def _of_hours(act: Act) -> dict[str, Any]:
    """Whether it came in during working time, where a rule asks for it."""
    if "received_in_hours" not in act.procedure.asked:
        return {}
    return {"received_in_hours": calendar_of(act.session, act.procedure).is_open(act.case.received_at)}


def _plain(value: Any) -> Any:
    """A row as its name; anything else as it is."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return getattr(value, "name", value)


def _fields(act: Act) -> dict[str, Any]:
    """The procedure's own fields, each in its type. One that bears the name of a core fact is that fact."""
    own = act.procedure.facts
    return {key: seen(value, own[key].type) if key in own else value for key, value in act.case.fields.items()}


def _core(act: Act) -> dict[str, Any]:
    complaint = act.case
    return {
        **{name: getattr(complaint, name) for name in COLUMNS},
        "provisional_grade": complaint.grade_provisional,
        "grade_by_hand": complaint.grade_by_hand,
        "overdue": complaint.overdue,
        "month": complaint.accepted_at.astimezone(SHANGHAI).strftime("%Y-%m") if complaint.accepted_at else None,
    }


def _caller(act: Act) -> dict[str, Any]:
    person = act.case.complainant
    plain = {name: getattr(person, name) for name in ("name", "phone", "address", "address_reason", "anonymous")}
    return {**plain, "complainant_kind": person.kind}


def _people(act: Act) -> dict[str, Any]:
    complaint, now = act.case, act.now
    handler, accused = complaint.handler, complaint.responsible_staff or complaint.complained_staff
    names = (
        "investigation_department",
        "handling_department",
        "complained_department",
        "investigator",
        "handler",
        "receiver",
    )
    return {
        **{name: str(getattr(complaint, name) or "") for name in names},
        "responsible_department": str(complaint.responsible_department or complaint.complained_department or ""),
        "responsible_person": complaint.responsible_person or complaint.complained_person,
        "handler_trained": _trained(handler, now) if handler else None,
        "handler_is_responsible": bool(handler and accused and handler.id == accused.id),
    }


def _trained(person: Staff, now: datetime) -> bool:
    """Whether his training for complaints still counts today."""
    until = person.training_valid_until
    return until is not None and until >= now.astimezone(SHANGHAI).date()


def known_records(act: Act) -> dict[str, Any]:
    """What the records of the case say; within one deed they are read again only after one was written."""
    session = act.session
    if (batch := batches.of(session)) is not None and act.case.id in batch.cases:
        return _records(act) | _duties(act)
    if session.autoflush:
        session.flush()
    state = (act.case.id, session.info.get(WRITTEN, 0))
    if act.records is None or act.records[0] != state:
        act.records = (state, _records(act) | _duties(act))
    return act.records[1]


@event.listens_for(Session, "after_flush")
def _count_writing(session: Session, _context: Any) -> None:
    """Whatever was read before a record changed is no longer known."""
    if any(isinstance(thing, RECORDS) for thing in (*session.new, *session.dirty, *session.deleted)):
        _forget(session)


@event.listens_for(Session, "after_soft_rollback")
def _count_undoing(session: Session, _transaction: Any) -> None:
    """What was undone is no longer known either."""
    _forget(session)


def _forget(session: Session) -> None:
    session.info[WRITTEN] = session.info.get(WRITTEN, 0) + 1


def _records(act: Act) -> dict[str, Any]:
    orders, answers, visits = rows(act, SupervisionOrder), rows(act, CorrectiveAction), rows(act, Visit)
    order, record = orders[-1] if orders else None, answers[-1] if answers else None
    return {
        "order_state": order.state if order else None,
        "order_count": len(orders),
        "correction_count": len(answers),
        "effect_check": record.effect_check if record else None,
        "corrective_measures": record.corrective_measures if record else None,
        "measures_none": bool(record) and record.corrective_measures.strip(" 。.") in NO_MEASURES if record else False,
        "cause": next((row.cause for row in reversed(rows(act, Investigation))), None),
        "investigated": any(row.finished_at is not None for row in rows(act, Investigation)),
        "visit_result": visits[-1].result if visits else None,
        "visit_count": len(visits),
        "unreachable_days": len({v.at.astimezone(SHANGHAI).date() for v in visits if v.result == "无法联系"}),
        "documents": sorted({row.kind for row in rows(act, FormDocument)}),
        "assessment_count": len(rows(act, Assessment)),
        **(_stints(act) if act.procedure.step("dispatch") else {}),
        **(_solution(act) if act.procedure.uses_plans else {}),
        **(_work_order(act) if act.procedure.step("open_work_order") else {}),
        **(team_facts.of_team(act) if act.procedure.step("form_team") else {}),
        **(team_facts.of_sites(act) if act.procedure.step("site_visit") else {}),
        **{name: _kinds(act, column) for name, column in KINDS.items() if name in act.procedure.asked},
    }


def _kinds(act: Act, column: Any) -> list[str]:
    """The kinds of its talks, of what proves it, each once."""
    found = select(column).where(column.table.c.complaint_id == act.case.id, column != "").distinct()
    batches.sent(act.session, Communication, Attachment, Citation, Investigation, Coordination)
    return sorted(act.session.scalars(found))


def _stints(act: Act) -> dict[str, Any]:
    """Who helps, and how often the case was handed back."""
    stints = all_of(act, Assignment)
    helping = [stint for stint in stints if stint.kind == HELPING and stint.ended_at is None]
    return {
        "coop_departments": [str(stint.department) for stint in helping],
        "return_count": sum(stint.returned for stint in stints if stint.kind != HELPING),
    }


def _solution(act: Act) -> dict[str, Any]:
    """The plan of this round: where it is, who has looked at it, whether it was carried out and told."""
    here = act.case.round
    plan = newest(act, Proposal, Proposal.round == here)
    if plan is None:
        reviewed: list[str] = []
    else:
        parties = select(JointReview.party).where(JointReview.proposal_id == plan.id).distinct()
        reviewed = sorted(act.session.scalars(parties))
    return {
        "proposal_state": plan.state if plan else None,
        "proposal_number": plan.number if plan else 0,
        "proposal_plan": plan.plan if plan else None,
        "cause_explanation": plan.cause_explanation if plan else None,
        "reviewed_by": reviewed,
        "implemented": newest(act, Implementation, Implementation.round == here) is not None,
        "feedback_given": newest(act, ResultFeedback, ResultFeedback.round == here) is not None,
    }


def _work_order(act: Act) -> dict[str, Any]:
    """The newest work order that was not given up."""
    order = newest(act, WorkOrder, WorkOrder.state != "取消")
    return {
        "work_order_state": order.state if order else None,
        "work_order_paid": order.paid or None if order else None,
        "work_order_quoted": order.quoted_amount is not None if order else None,
        "customer_consents": order.customer_consents if order else None,
        "appointed_at": order.appointed_at if order else None,
    }


def _duties(act: Act) -> dict[str, Any]:
    return {"open_duties": [row.title for row in rows(act, Duty) if row.done_at is None]}


def _of_actor(act: Act) -> dict[str, Any]:
    complaint = act.case
    investigating = complaint.investigation_department_id
    return {
        "actor": act.actor.name,
        "actor_roles": act.actor.roles(),
        "actor_departments": act.actor.departments(),
        "actor_is_head": act.actor.is_system or act.actor.holds(HEAD, investigating or 0),
        "actor_is_handler": act.actor.id is not None and complaint.handler_id == act.actor.id,
        "actor_is_responsible": act.actor.id is not None
        and act.actor.id in (complaint.responsible_staff_id, complaint.complained_staff_id),
        "actor_heads_responsible": act.actor.holds(HEAD, complaint.responsible_department_id or 0),
        "signed_by_head": _signed_by_head(act, complaint),
    }


def _signed_by_head(act: Act, complaint: Complaint) -> bool:
    """Whether the head of the handling department signs what is handed in: himself, or named by another."""
    department = complaint.handling_department
    if department is None:
        return False
    named = act.arguments.get("head_signed_by")
    if named is None:
        return act.actor.holds(HEAD, department.id)
    return getattr(named, "id", None) in (department.head_id, department.deputy_id) or (
        getattr(named, "id", None) == act.actor.id and act.actor.holds(HEAD, department.id)
    )


Part = Callable[["Act"], dict[str, Any]]
PARTS: tuple[Part, ...] = (
    *(_fields, _core, _caller, _people, known_records, known_counts, _of_hours, _of_actor, _of_deed),
)
"""All that is known of a case; of two that say the same the later one counts."""
HOMES: dict[Same, Mapping[str, Part]] = {}
"""Document to the part in which each of its facts is found, for the documents by which something was swept."""


def rows(act: Act, table: Any) -> list[Any]:
    """Every row of that kind of this case, oldest first; within a batch they were read beforehand."""
    batch = batches.of(act.session)
    known = batch.of_case(table, act.case.id) if batch else None
    return all_of(act, table) if known is None else known


def newest(act: Act, table: Any, *conditions: Any) -> Any:
    """The newest row of that kind of this case, or nothing."""
    query = select(table).where(table.complaint_id == act.case.id, *conditions).order_by(table.id.desc()).limit(1)
    batches.sent(act.session, table)
    return act.session.scalar(query)


def all_of(act: Act, table: Any, *conditions: Any) -> list[Any]:
    """The rows of that kind of this case, oldest first."""
    query = select(table).where(table.complaint_id == act.case.id, *conditions).order_by(table.id)
    batches.sent(act.session, table)
    return list(act.session.scalars(query))
