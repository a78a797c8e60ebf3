"""改进措施: proposed, approved, implemented, verified by somebody else; overdue at the end of the named day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Measure
from rules.lifecycle import Hat
from workflow import timekeeping
from workflow.access import Actor
from workflow.act import Act
from workflow.arguments import SHANGHAI, Argument
from workflow.errors import Forbidden, Refused
from workflow.facts import all_of, newest
from workflow.notices import send
from workflow.numbers import next_number
from workflow.registry import Standing, verb
from workflow.reports import behind

KINDS = ("预防措施", "纠正措施", "临时措施", "永久措施", "限期整改", "改进意见")
CLOCK = "整改"
UNDONE = ("实施中", "待审批", "超期")
FIGURE = {"report": "报表", "procedure": "制度", "period": "期间", "counted": "件数"}
"""The figure of a report that led to a measure: its cases are kept with it."""
Relation = tuple[tuple[int, ...], tuple[str, ...]]


def standing(session: Session, given: Mapping[str, Any], actor: Actor) -> Standing:
    """A measure that hangs on no case: whoever proposed it sees to it as the investigators of a case do, and its owner
    as the department that handles one. Before there is any, the departments of whoever proposes it."""
    number = str(given.get("measure_no") or "")
    query = select(Measure).where(Measure.measure_no == number, Measure.complaint_id.is_(None))
    measure = session.scalars(query).first() if number.isprintable() else None
    if measure is None:
        return Standing("", {"调查部门": _places(actor.hats)})
    proposer = measure.proposed_by
    at = (proposer.department,) if proposer and proposer.department else ()
    owner: Relation = ((measure.owner_department_id,), (measure.owner_department.name,))
    seen_to: Relation = (tuple(place.id for place in at), tuple(place.name for place in at))
    return Standing(measure.procedure_code, {"调查部门": seen_to, "承办部门": owner, "责任部门": owner})


def _places(hats: Iterable[Hat]) -> Relation:
    named = {hat.department_id: hat.department_name for hat in hats if hat.department_id}
    return tuple(named), tuple(named.values())


@verb(
    "add_measure",
    label="制定改进措施",
    group="整改",
    without_case=True,
    stands=standing,
    arguments=(
        Argument("source", "来自", "text", help="不出自某一投诉件的,写明报表或检查"),
        Argument("kind", "种类", "choice", options=KINDS, required=True),
        Argument("measure", "措施", "long", required=True),
        Argument("cause", "原因", "long"),
        Argument(
            "owner_department",
            "责任部门",
            "department",
            required=True,
            default=lambda act: act.complaint.handling_department if act.complaint else None,
        ),
        Argument("owner", "责任人", "person"),
        Argument("due_on", "完成日期", "date", required=True),
        *(Argument(name, label, "hidden") for name, label in FIGURE.items()),
    ),
)
def add_measure(act: Act) -> None:
    """A measure with an owner and a day; its clock runs to 23:59:59 of that day (P02-7.12)."""
    due_on = act.arguments["due_on"]
    if due_on < act.now.astimezone(SHANGHAI).date():
        raise Refused("完成日期不能早于今天", field="due_on")
    if act.complaint is None and not act.given("source"):
        raise Refused("请写明措施来自哪份报表或检查", field="source")
    measure = Measure(
        measure_no=next_number(act, "measure"),
        complaint_id=act.complaint.id if act.complaint else None,
        procedure_code=act.procedure.code,
        source=act.given("source", ""),
        counted=_counted(act),
        kind=act.arguments["kind"],
        cause=act.given("cause", ""),
        measure=act.arguments["measure"],
        owner_department=act.arguments["owner_department"],
        owner=act.given("owner"),
        due_on=due_on,
        created_at=act.now,
        proposed_by_id=act.actor.id,
        state="实施中",
    )
    act.session.add(measure)
    act.session.flush()
    timekeeping.begin(act, CLOCK, measure=measure, until=datetime.combine(due_on, time(23, 59, 59), SHANGHAI))
    to = measure.owner or measure.owner_department.head or measure.owner_department
    send(
        act,
        to,
        "改进措施",
        f"{measure.measure_no} {measure.measure[:60]},{due_on} 前完成",
        occasion=f"measure:{measure.id}",
    )
    act.say(f"{measure.measure_no} {measure.kind} → {measure.owner_department},{due_on}")
    act.result = measure


def _counted(act: Act) -> dict[str, Any]:
    """The figure that it came from and the cases counted in it now: they stay these when others are counted later."""
    report, code, period, counted = (str(act.given(name, "")) for name in FIGURE)
    if act.complaint is not None or not counted:
        return {}
    return {"of": counted, "cases": list(behind(act, report, code, period, counted))}


def _open(act: Act, *states: str) -> Measure:
    """The measure that is named, else the newest of the case; one that hangs on no case is always named."""
    number = str(act.given("measure_no", ""))
    if act.complaint is None:
        named = (Measure.measure_no == number, Measure.complaint_id.is_(None))
        found = act.session.scalars(select(Measure).where(*named)).first()
    else:
        conditions = [Measure.measure_no == number] if number else [Measure.state.in_(states)]
        found = newest(act, Measure, *conditions)
    if found is None or found.state not in states:
        raise Refused("没有可以这样办理的改进措施", field="measure_no")
    return found


def _has(*states: str) -> Callable[[Act], bool]:
    """Whether the case has a measure in one of the states."""
    return lambda act: act.complaint is not None and newest(act, Measure, Measure.state.in_(states)) is not None


def waits(verb: str, measure: Measure, actor: Actor) -> bool:
    """Whether the measure, which hangs on no case, waits for this to be done by this person; who may is asked apart."""
    if verb == "approve_measure":
        return measure.approved_at is None and measure.state in UNDONE and measure.proposed_by_id != actor.id
    if verb == "implement_measure":
        return measure.state in ("实施中", "超期") and _is_owner(actor, measure)
    return measure.state == "待验证" and measure.implemented_by_id != actor.id


def _unapproved(act: Act) -> bool:
    """Whether a measure of another's proposing waits for approval."""
    waiting = newest(act, Measure, Measure.approved_at.is_(None), Measure.state.in_(UNDONE))
    return waiting is not None and waiting.proposed_by_id != act.actor.id


NUMBER = Argument("measure_no", "措施编号", "hidden")


@verb(
    "approve_measure",
    ready=_unapproved,
    label="批准措施",
    group="整改",
    without_case=True,
    stands=standing,
    arguments=(
        NUMBER,
        Argument("decision", "决定", "choice", options=("同意", "驳回")),
        Argument("opinion", "意见", "long"),
    ),
)
def approve_measure(act: Act) -> None:
    """The head of the investigating department agrees; not the proposer himself (G-15)."""
    measure = _open(act, *UNDONE)
    if measure.proposed_by_id == act.actor.id:
        raise Forbidden("提出人不能批准自己的措施", rule="G-15")
    if act.given("decision", "同意") == "驳回":
        measure.state = "关闭"
        timekeeping.cancel(act, CLOCK, measure=measure, reason="驳回")
    measure.approved_by, measure.approved_at = act.actor.staff, act.now
    act.say(f"{measure.measure_no} {act.given('decision', '同意')} {act.given('opinion', '')}".strip())
    act.result = measure


def _owns(act: Act, measure: Measure) -> bool:
    """Whether the measure is this person's to report done: as its owner, for its department, or as investigator."""
    return _is_owner(act.actor, measure, act.complaint.investigation_department_id if act.complaint else None)


def _is_owner(actor: Actor, measure: Measure, asked: int | None = None) -> bool:
    places = {hat.department_id for hat in actor.hats}
    mine = places & {measure.owner_department_id, asked} - {None}
    return actor.is_system or actor.id == measure.owner_id or bool(mine)


def _owns_one(act: Act) -> bool:
    """Whether any measure of the case is this person's."""
    return any(_owns(act, measure) for measure in all_of(act, Measure))


@verb(
    "implement_measure",
    ready=_has("实施中", "超期"),
    label="落实措施",
    group="整改",
    without_case=True,
    stands=standing,
    knows=_owns_one,
    arguments=(NUMBER, Argument("result", "落实情况", "long", required=True)),
)
def implement_measure(act: Act) -> None:
    """The owner has done it; the clock stops, the verification is open. He need not see the case it came from."""
    measure = _open(act, "实施中", "超期")
    if not _owns(act, measure):
        raise Forbidden("措施由{department}落实", field="measure_no", department=measure.owner_department.name)
    measure.implemented_by, measure.implemented_at = act.actor.staff, act.now
    measure.result, measure.state, measure.verification = act.arguments["result"], "待验证", "待验证"
    act.measure = measure
    act.say(f"{measure.measure_no} 已落实")
    act.result = measure


@verb(
    "verify_measure",
    ready=_has("待验证"),
    label="验证措施",
    group="整改",
    without_case=True,
    stands=standing,
    arguments=(
        NUMBER,
        Argument("result", "结果", "choice", options=("有效", "无效"), required=True),
        Argument("note", "说明", "long"),
        Argument("due_on", "重新完成日期", "date", help="无效时填写"),
    ),
)
def verify_measure(act: Act) -> None:
    """Effective closes it; ineffective gives it back with another day. The one who did it does not verify it (G-15)."""
    measure = _open(act, "待验证")
    if measure.implemented_by_id == act.actor.id:
        raise Forbidden("落实人不能验证自己的措施", rule="G-15")
    measure.verification, measure.verified_by, measure.verified_at = act.arguments["result"], act.actor.staff, act.now
    if measure.verification == "有效":
        measure.state = "关闭"
    else:
        _again(act, measure)
    act.say(f"{measure.measure_no} 验证{measure.verification} {act.given('note', '')}".strip())
    act.result = measure


def _again(act: Act, measure: Measure) -> None:
    due_on = act.given("due_on")
    if due_on is None or due_on < act.now.astimezone(SHANGHAI).date():
        raise Refused("验证无效须填写今天或以后的重新完成日期", field="due_on")
    measure.state, measure.due_on = "实施中", due_on
    timekeeping.again(act, CLOCK, measure=measure, until=datetime.combine(due_on, time(23, 59, 59), SHANGHAI))
