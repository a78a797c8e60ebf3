"""Which department and which person has the case: hand-overs, stints, transfer."""

from __future__ import annotations

from sqlalchemy import select

from models import Assignment, Department, Handover, Staff
from workflow import stints
from workflow.act import Act
from workflow.arguments import Argument, find_person
from workflow.errors import Refused
from workflow.notices import send
from workflow.registry import verb


def hand_over(act: Act, target: Department, *, reason: str, kind: str) -> None:
    """Give the investigation to a department; the old stint ends and stays on record."""
    case = act.case
    old = case.investigation_department
    if old is not None and old.id == target.id:
        return
    if old is None:
        case.investigation_department = target
    else:
        act.set(case, "investigation_department", target, "调查处理部门")
    begin_stint(act, "调查", target, None, reason)
    if old is not None:
        act.session.add(
            Handover(
                complaint_id=case.id,
                kind=kind,
                from_department_id=old.id,
                to_department_id=target.id,
                from_person=str(case.investigator or ""),
                reason=reason,
                at=act.now,
            )
        )
        case.investigator = None


def begin_stint(act: Act, kind: str, department: Department, person: Staff | None, reason: str = "") -> None:
    """Start a department's stint of that kind; the one before it ends."""
    act.session.flush()
    query = select(Assignment).where(
        Assignment.complaint_id == act.case.id, Assignment.kind == kind, Assignment.ended_at.is_(None)
    )
    before = list(act.session.scalars(query.order_by(Assignment.id)))
    stint = Assignment(
        complaint_id=act.case.id,
        kind=kind,
        department_id=department.id,
        person_id=person.id if person else None,
        started_at=act.now,
        reason=reason,
    )
    act.session.add(stint)
    act.session.flush()
    for old in before:
        old.ended_at = act.now
        if old.department_id == department.id:
            stints.go_along(act, old, stint)
        else:
            stints.hand_on(act, old, department)
    stints.begin_stint(act, stint)


def name_responsible(act: Act, name: str) -> None:
    """Write down who is responsible; on the staff list where he is on it, by name otherwise."""
    act.set(act.case, "responsible_person", name, "责任人")
    person = find_person(act.session, name) if name else None
    act.case.responsible_staff = person


def let_head_answer(act: Act, department: Department | None) -> None:
    """The head of the responsible department answers for it, where the procedure says so and nobody else is named."""
    if act.procedure.head.head_answers and department is not None and department.head is not None:
        act.set(act.case, "responsible_person", department.head.name, "责任人")


@verb(
    "transfer",
    label="转办",
    group="分派",
    arguments=(
        Argument("to_dept", "转往部门", "department", required=True),
        Argument("to_person", "转给", "person"),
        Argument("reason", "理由", "long", required=True),
    ),
)
def transfer(act: Act) -> None:
    """Another department investigates from now on; the hand-over is kept."""
    target: Department = act.arguments["to_dept"]
    if act.case.investigation_department_id == target.id:
        raise Refused("本件已在{name}", field="to_dept", name=target.name)
    hand_over(act, target, reason=act.reason, kind="转办")
    send(act, target, "移交", f"{act.case.case_no} 转办至{target.name}:{act.reason}")
    if act.given("to_person"):
        act.set(act.case, "investigator", act.given("to_person"), "调查处理人")
