"""派单: which department handles the case, its signing for it or handing it back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from models import Assignment, Department, Staff
from rules.mailing import BY_MAIL
from workflow import documents, outbox, workorders
from workflow.act import Act, minute
from workflow.arguments import Argument
from workflow.assignment import begin_stint, let_head_answer
from workflow.errors import Refused
from workflow.notices import Recipient, in_charge, recipients, send
from workflow.registry import verb
from workflow.seats import seat

HANDLING = "承办"


def suggested(act: Act) -> tuple[Department | None, Staff | None]:
    """Where the procedure's ``dispatch`` rules send the case, and to whom there; the decision is kept with the deed."""
    decision = act.decide("dispatch")
    if decision is None:
        return None, None
    return seat(act, decision.outcome)


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
        Argument("kind", "派单方式", "choice", options=lambda act: act.values("dispatch_kinds")),
        Argument("expected_finish_at", "要求完成时间", "instant"),
        Argument("note", "说明", "long"),
    ),
)
def dispatch(act: Act) -> None:
    """Give the case to the department that handles it: the one named, the person's, or the one the rules name (T05)."""
    person = act.given("to_person")
    target = act.given("to_dept") or (person.department if person else None)
    if target is None:
        target, person = suggested(act)
    if target is None:
        raise Refused("没有规则决定派给哪个部门,请指明", field="to_dept")
    finish = act.given("expected_finish_at")
    if finish is not None and finish <= act.now:
        raise Refused("要求完成时间应晚于现在", field="expected_finish_at")
    act.set(act.case, "handling_department", target, "承办部门")
    act.set(act.case, "handler", person, "承办人")
    begin_stint(act, HANDLING, target, person, act.given("note", ""))
    if act.procedure.head.head_answers:
        act.set(act.case, "responsible_department", target, "责任部门")
        let_head_answer(act, target)
    workorders.go_out(act)
    act.session.flush()
    _document(act, target)
    _tell(act, person or in_charge(target, act.case), f"{act.case.case_no} 派给{person or target}", finish)
    act.result = stint_of(act, HANDLING)


def _tell(act: Act, recipient: Recipient, text: str, finish: datetime | None) -> None:
    """The notice of the task and of when it is to be done; by mail too where that is how it is sent, and said so when
    it cannot be."""
    by_mail = act.given("kind") == BY_MAIL
    send(act, recipient, "派单", f"{text},{minute(finish)} 前完成" if finish else text, by_mail=by_mail)
    if by_mail:
        person = outbox.reader(recipient, act.complaint)
        if person is None:
            act.warn(f"{recipient}没有登记电子邮件,邮件发不出,只在系统里通知")
        else:
            act.say(f"邮件发给{person}")


def _document(act: Act, target: Department) -> None:
    """The paper that takes the task to the department, when it goes by one that the procedure has a form for."""
    form = act.procedure.form(str(act.given("kind", "")))
    if form is None:
        return
    case, finish = act.case, act.given("expected_finish_at")
    told = {
        "to_dept": target.name,
        "content": case.content,
        "demand": case.demand,
        "expected_finish_at": minute(finish),
        "note": act.given("note", ""),
    }
    document = documents.write(act, form, {key: told[key] for key in told if any(f.key == key for f in form.fields)})
    act.say(f"{form.kind} {document.no or ''}".strip())


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
    workorders.taken_on(act)
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
    workorders.come_back(act)
    act.set(act.case, "handling_department", None, "承办部门")
    act.set(act.case, "handler", None, "承办人")
    advice = f",建议派给{act.given('to_dept')}" if act.given("to_dept") else ""
    for recipient in recipients(act, ["调查部门负责人", "受理人"]):
        send(act, recipient, "退单", f"{act.case.case_no} {stint.department}退单:{act.reason}{advice}")
    act.say(f"{stint.department}退单{advice}")
    act.result = stint
