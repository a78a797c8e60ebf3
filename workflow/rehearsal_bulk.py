"""Past cases of a rehearsal, made in bulk with their orders, clocks and visits, for statistics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models import Clock, ClockEntry, Complainant, Complaint, FormDocument, SupervisionOrder, Visit
from rules.clocks import Entry, EntryKind
from workflow import procedures, timekeeping
from workflow.access import SYSTEM
from workflow.act import Act
from workflow.arguments import SHANGHAI
from workflow.departments import ensure_department
from workflow.numbers import next_number

IN_TIME, LATE, OPEN = "按期办结", "超期办结", "在办"
ENDED = {"撤诉": "已撤诉", "不予受理": "不予受理", "作废": "已作废"}
LIMIT = {
    "amount": 3,
    "unit": "自然日",
    "roll": False,
    "from_open": False,
    "pausable": True,
    "remind_share": 0.2,
    "remind_minutes": 30,
    "urge_minutes": None,
}


def make_cases(session: Session, code: str, rows: Sequence[Mapping[str, Any]], labels: dict[str, int]) -> None:
    """The cases of ``setup.cases``; a labelled one can be named by later steps."""
    for row in rows:
        for _ in range(int(row.get("count", 1))):
            case = _make(session, code, row)
            if row.get("case"):
                labels[row["case"]] = case.id
    session.flush()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) if text else None


def _make(session: Session, code: str, row: Mapping[str, Any]) -> Complaint:
    given, received = dict(row.get("with", {})), _moment(row["received_at"])
    if received is None:
        raise ValueError("received_at")
    document = procedures.in_force(session, received, code)
    act = Act(session, "register", None, SYSTEM, received, document)
    labels = {field.label: field.key for field in document.fields}
    given = {labels.get(name, name): value for name, value in given.items()}
    departments = {
        name: ensure_department(session, given.pop(name)) for name in list(given) if name.endswith("_department")
    }
    people = {name: given.pop(name) for name in ("name", "phone", "address", "kind") if name in given}
    accepted = _moment(given.pop("accepted_at", None)) or received
    core = {name: given.pop(name) for name in list(given) if hasattr(Complaint, name)}
    outcome, closed = row.get("outcome", OPEN), _moment(row.get("closed_at"))
    case = Complaint(
        case_no=next_number(act, "complaint"),
        procedure_code=code,
        procedure_version=document.version,
        complainant=Complainant(created_at=received, **{"name": "", **people}),
        received_at=received,
        registered_at=received,
        accepted_at=accepted,
        closed_at=closed,
        fields=given,
        flags=[],
        state=ENDED.get(outcome, "已结案" if closed else "处理中"),
        satisfaction=row.get("visit_result", ""),
        was_overdue=outcome == LATE,
        due_at=None if closed else _moment(row.get("due_at")),
        **departments,
        **core,
    )
    session.add(case)
    session.flush()
    act.complaint = case
    decision = act.decide("route")
    if decision is not None:
        case.investigation_department = ensure_department(session, decision.outcome["department"])
    if "handling_department" in departments:
        _order(session, act, case, row, outcome, closed)
    for name, text in row.get("done", {}).items():
        _kept(act, name, received, datetime.fromisoformat(text).replace(tzinfo=SHANGHAI))
    for kind in row.get("documents", ()):
        at = closed or received
        session.add(FormDocument(kind=kind, complaint_id=case.id, fields={}, state="已填", created_at=at))
    if row.get("visit_result"):
        session.add(Visit(complaint_id=case.id, at=closed or received, result=row["visit_result"], way="电话"))
    return case


def _kept(act: Act, name: str, received: datetime, done: datetime) -> None:
    """A limit of the procedure that ran from the receipt and was met at that instant."""
    clock = timekeeping.begin(act, name, at=received)
    timekeeping.write(act, clock, Entry(EntryKind.MEET, done))
    timekeeping.refresh(act.session, clock, timekeeping.states_for(act))


def _order(
    session: Session, act: Act, case: Complaint, row: Mapping[str, Any], outcome: str, closed: datetime | None
) -> None:
    due = _moment(row.get("due_at")) or _due(case.received_at, outcome, closed)
    order = SupervisionOrder(
        order_no=next_number(act, "order"),
        complaint_id=case.id,
        customer_name=case.complainant.name,
        phone="",
        report_way="其它",
        reported_at=case.received_at,
        problem_content=case.content,
        customer_request=case.demand,
        handling_department_id=case.handling_department.id if case.handling_department else 0,
        limit_kind="N日内",
        limit_days=3,
        issued_at=case.received_at,
        due_at=due,
        state="已关闭" if closed else "已开具",
    )
    session.add(order)
    session.flush()
    clock = Clock(
        complaint_id=case.id,
        order=order,
        name="办理",
        limit=LIMIT,
        started_at=case.received_at,
        due_at=due,
        original_due_at=due,
        done_at=closed,
        ever_late=outcome == LATE,
        wake_at=None if closed else due + timedelta(seconds=1),
    )
    clock.entries.append(ClockEntry(kind="start", at=case.received_at, until=due, data={}))
    if closed:
        clock.entries.append(ClockEntry(kind="meet", at=closed, data={}))
    session.add(clock)


def _due(received: datetime, outcome: str, closed: datetime | None) -> datetime:
    """A due instant that the outcome is true of: after the end, or half-way to it."""
    if closed is None:
        return received + timedelta(days=3)
    return received + (closed - received) / 2 if outcome == LATE else closed + timedelta(hours=1)
