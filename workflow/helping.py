"""协办: who is asked to help with what, its taking it on, what came of it, handing it back or needing it no longer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models import Assignment, Department, Staff
from models.assignment import HELPING
from rules import lifecycle
from workflow import access, experts, stints
from workflow.act import Act
from workflow.arguments import Argument
from workflow.errors import Refused
from workflow.notices import Recipient, in_charge, recipients, send
from workflow.registry import verb

ASKING = ("调查处理人", "承办人")
"""Who is told what became of the help: whoever investigates, and whoever handles."""
WISHED = "expected_finish_at"


def mine(act: Act) -> list[Assignment]:
    """The help, now given, to which this person may do the verb: that of his department, or any for whoever asks."""
    found = access.helpers(act.case)
    step = lifecycle.step_for(act.procedure, act.verb)
    if act.actor.is_system or step is None:
        return found
    hats, common, person = act.actor.hats_for(act.verb), access.relations(act.case), act.actor.id
    return [
        stint
        for stint in found
        if lifecycle.may(step.who, hats=hats, relations=common | access.of_helpers([stint]), person=person).ok
    ]


def _waits(act: Act) -> bool:
    return bool(mine(act))


def _which(act: Act) -> list[Argument]:
    """The question whose help it is, where it may be that of several departments; a program names it wherever it
    sends to."""
    names = [str(stint.department) for stint in mine(act)] if act.complaint else []
    if len(names) < 2 and act.arguments.get("department") is None:
        return []
    return [Argument("department", "协办部门", "choice", options=tuple(names), default=lambda _act: names[0])]


def _asking(*more: Argument) -> Callable[[Act], Sequence[Argument]]:
    return lambda act: [*_which(act), *more]


def _the(act: Act) -> Assignment:
    """The help that the deed is about: of the department that is named, else the first that is this person's."""
    named = act.given("department")
    found = next((stint for stint in mine(act) if named in (None, str(stint.department))), None)
    if found is None:
        raise Refused("没有部门在协办", field="department")
    return found


def _wished(act: Act) -> list[Argument]:
    """When the help should be done, where a limit of the document counts that."""
    counted = any(limit.per == HELPING and limit.until_from == f"argument.{WISHED}" for limit in act.procedure.limits)
    return [Argument(WISHED, "要求完成时间", "instant")] if counted else []


@verb(
    "add_codepartment",
    label="增加协办部门",
    group="分派",
    arguments=lambda act: [
        Argument("to_dept", "协办部门", "department", help="不填就是协办人的部门"),
        Argument("to_person", "协办人", "person", options=experts.of_case, help="专长与本件类别同名的人排在前面"),
        Argument("note", "协办事项", "long"),
        *_wished(act),
    ],
)
def add_codepartment(act: Act) -> None:
    """Another department, or somebody who knows, helps: sees the case, and has a task of its own that has a state."""
    person: Staff | None = act.given("to_person")
    target: Department | None = act.given("to_dept") or (person.department if person else None)
    if target is None:
        raise Refused("请填写{label}", field="to_dept", label="协办部门")
    if any(one.department_id == target.id for one in access.helpers(act.case)):
        raise Refused("{name}已经在协办", field="to_dept", name=target.name)
    _spare(act, person)
    wished = act.given(WISHED)
    if wished is not None and wished <= act.now:
        raise Refused("要求完成时间应晚于现在", field=WISHED)
    stint = Assignment(
        complaint_id=act.case.id,
        kind=HELPING,
        department_id=target.id,
        person=person,
        started_at=act.now,
        reason=act.given("note", ""),
    )
    act.session.add(stint)
    act.session.flush()
    stints.begin_stint(act, stint)
    send(act, helper(stint), "协办", f"{act.case.case_no} 请{target}协办 {stint.reason}".strip())
    act.say(f"{target}协办 {stint.reason}".strip())
    act.result = stint


def _spare(act: Act, person: Staff | None) -> None:
    if person is not None and not access.unconcerned(act.case, person):
        raise Refused("{name}是本件反映的人,应当回避", field="to_person", name=person.name)


def helper(stint: Assignment) -> Recipient:
    """Whom the help concerns: the person that is named, else whoever is in charge of the department."""
    person, case = stint.person, stint.complaint
    if person and person.active and access.unconcerned(case, person):
        return person
    return in_charge(stint.department, case)


@verb(
    "sign_help",
    label="接受协办",
    group="分派",
    ready=lambda act: any(stint.accepted_at is None for stint in mine(act)),
    arguments=_asking(Argument("to_person", "协办人", "person", default=lambda act: act.actor.staff)),
)
def sign_help(act: Act) -> None:
    """The department takes the help on and says who helps."""
    stint = _the(act)
    if stint.accepted_at is not None:
        raise Refused("已经接受协办")
    person = act.given("to_person", act.actor.staff)
    _spare(act, person)
    _take_on(act, stint, person)
    _tell(act, stint, "接受协办", f"{act.case.case_no} {stint.department}已接受协办")
    act.say(f"{stint.department}由{stint.person or stint.department}协办")
    act.result = stint


def _take_on(act: Act, stint: Assignment, person: Staff | None) -> None:
    if stint.accepted_at is None:
        stint.accepted_at = act.now
        stint.person = person or stint.person


@verb(
    "finish_help",
    label="完成协办",
    group="分派",
    ready=_waits,
    arguments=_asking(Argument("result", "协办结果", "long", required=True, help="查明了什么、做了什么，或者专业意见")),
)
def finish_help(act: Act) -> None:
    """The department has helped: what it found or did, or its expert opinion, stands on the case."""
    stint, result = _the(act), act.arguments["result"]
    _take_on(act, stint, stint.person or act.actor.staff)
    _end(act, stint, result)
    _tell(act, stint, "完成协办", f"{act.case.case_no} {stint.department}已完成协办:{result}")
    act.say(f"{stint.department}已完成协办:{result}")


@verb(
    "return_help",
    label="退回协办",
    group="分派",
    danger=True,
    ready=_waits,
    arguments=_asking(Argument("reason", "退回理由", "long", required=True)),
)
def return_help(act: Act) -> None:
    """The department hands the help back with a reason."""
    stint = _the(act)
    stint.returned = True
    _end(act, stint, act.reason)
    stints.drop(act, stint, "退回协办")
    _tell(act, stint, "退回协办", f"{act.case.case_no} {stint.department}退回协办:{act.reason}")
    act.say(f"{stint.department}退回协办")


@verb(
    "cancel_help",
    label="取消协办",
    group="分派",
    danger=True,
    ready=_waits,
    arguments=_asking(Argument("reason", "取消理由", "long", required=True)),
)
def cancel_help(act: Act) -> None:
    """The help of a department is no longer needed."""
    stint = _the(act)
    stint.cancelled = True
    _end(act, stint, act.reason)
    stints.drop(act, stint, "取消协办")
    send(act, helper(stint), "取消协办", f"{act.case.case_no} 不再请{stint.department}协办:{act.reason}")
    act.say(f"不再请{stint.department}协办")


def _end(act: Act, stint: Assignment, result: str) -> None:
    stint.ended_at, stint.result = act.now, result
    act.session.flush()
    act.stint = act.result = stint


def _tell(act: Act, stint: Assignment, event: str, text: str) -> None:
    """Whoever asked for the help, and whoever was named for it by somebody else, is told."""
    for recipient in recipients(act, ASKING):
        send(act, recipient, event, text)
    person = stint.person
    if person and person.id != act.actor.id and access.unconcerned(act.case, person):
        send(act, person, event, text)
