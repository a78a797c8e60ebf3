"""派单: which department handles the case, its signing for it or handing it back, and who helps."""

from __future__ import annotations

from sqlalchemy import select

from models import Assignment, Department
from workflow.act import Act
from workflow.arguments import Argument
from workflow.assignment import begin_stint
from workflow.departments import ensure_department
from workflow.errors import Refused
from workflow.notices import recipients, send
from workflow.registry import verb

HANDLING, HELPING = "承办", "协办"


def suggested(act: Act) -> Department | None:
    """Where the procedure's ``dispatch`` rules send the case; the decision is kept with the deed."""
    decision = act.decide("dispatch")
    return ensure_department(act.session, decision.outcome["department"]) if decision else None


def stint_of(act: Act, kind: str) -> Assignment | None:
    """The open stint of that kind, the newest when there are several."""
    query = select(Assignment).where(
        Assignment.complaint_id == act.case.id, Assignment.kind == kind, Assignment.ended_at.is_(None)
    )
    return act.session.scalars(query.order_by(Assignment.id.desc()).limit(1)).first()


@verb(
    "dispatch",
    label="派单",
    group="分派",
    arguments=(
        Argument("to_dept", "承办部门", "department", help="不填就按制度的规则派"),
        Argument("to_person", "承办人", "person"),
        Argument("expected_finish_at", "要求完成时间", "instant"),
        Argument("note", "说明", "long"),
    ),
)
def dispatch(act: Act) -> None:
    """Give the case to the department that handles it: the one named, the person's, or the one the rules name (T05)."""
    person = act.given("to_person")
    target = act.given("to_dept") or (person.department if person else None) or suggested(act)
    if target is None:
        raise Refused("没有规则决定派给哪个部门,请指明", field="to_dept")
    finish = act.given("expected_finish_at")
    if finish is not None and finish <= act.now:
        raise Refused("要求完成时间应晚于现在", field="expected_finish_at")
    act.set(act.case, "handling_department", target, "承办部门")
    act.set(act.case, "handler", person, "承办人")
    begin_stint(act, HANDLING, target, person, act.given("note", ""))
    act.session.flush()
    send(act, person or target.head or target, "派单", f"{act.case.case_no} 派给{person or target}")
    act.result = stint_of(act, HANDLING)


@verb(
    "sign_for",
    label="接单",
    group="分派",
    ready=lambda act: (stint := stint_of(act, HANDLING)) is not None and stint.accepted_at is None,
    arguments=(Argument("handler", "承办人", "person", default=lambda act: act.actor.staff),),
)
def sign_for(act: Act) -> None:
    """The department takes the case on and says who handles it (T06)."""
    stint = stint_of(act, HANDLING)
    if stint is None:
        raise Refused("还没有派单")
    if stint.accepted_at is not None:
        raise Refused("已经接单")
    stint.accepted_at = act.now
    handler = act.given("handler", act.actor.staff)
    stint.person = handler
    act.set(act.case, "handler", handler, "承办人")
    act.result = stint


@verb(
    "return_dispatch",
    label="退单",
    group="分派",
    danger=True,
    ready=lambda act: stint_of(act, HANDLING) is not None,
    arguments=(
        Argument("reason", "退单理由", "long", required=True),
        Argument("to_dept", "建议部门", "department"),
    ),
)
def return_dispatch(act: Act) -> None:
    """The department hands the case back with a reason; its limits keep running (T07)."""
    stint = stint_of(act, HANDLING)
    if stint is None:
        raise Refused("还没有派单")
    stint.ended_at, stint.returned = act.now, True
    stint.reason = act.reason
    act.set(act.case, "handling_department", None, "承办部门")
    act.set(act.case, "handler", None, "承办人")
    advice = f",建议派给{act.given('to_dept')}" if act.given("to_dept") else ""
    for recipient in recipients(act, ["调查部门负责人", "受理人"]):
        send(act, recipient, "退单", f"{act.case.case_no} {stint.department}退单:{act.reason}{advice}")
    act.say(f"{stint.department}退单{advice}")
    act.result = stint


@verb(
    "add_codepartment",
    label="增加协办部门",
    group="分派",
    arguments=(
        Argument("to_dept", "协办部门", "department", required=True),
        Argument("to_person", "协办人", "person"),
        Argument("note", "协办事项", "long"),
    ),
)
def add_codepartment(act: Act) -> None:
    """Another department helps: it sees the case and has a stint of its own beside the one that handles it."""
    target: Department = act.arguments["to_dept"]
    if any(one.department_id == target.id for one in helping(act)):
        raise Refused("{name}已经在协办", field="to_dept", name=target.name)
    stint = Assignment(
        complaint_id=act.case.id,
        kind=HELPING,
        department_id=target.id,
        person=act.given("to_person"),
        started_at=act.now,
        reason=act.given("note", ""),
    )
    act.session.add(stint)
    act.session.flush()
    send(
        act, stint.person or target.head or target, "协办", f"{act.case.case_no} 请{target}协办 {stint.reason}".strip()
    )
    act.say(f"{target}协办 {stint.reason}".strip())
    act.result = stint


def helping(act: Act) -> list[Assignment]:
    """The departments that help, in the order in which they came."""
    query = select(Assignment).where(
        Assignment.complaint_id == act.case.id, Assignment.kind == HELPING, Assignment.ended_at.is_(None)
    )
    return list(act.session.scalars(query.order_by(Assignment.id)))
