"""督办: issue the order, let the head sign it, urge, take the corrective record, check its effect."""

from __future__ import annotations

from typing import Any

from models import CorrectiveAction, Department, Investigation, SupervisionOrder, Urge
from rules.vocabulary import OrderState, State
from workflow import assessment, assignment, batches, classification, timekeeping
from workflow.act import Act
from workflow.arguments import Argument
from workflow.departments import answering
from workflow.errors import Refused
from workflow.facts import all_of, newest
from workflow.notices import duties_by_rules, send
from workflow.numbers import next_number
from workflow.registry import verb

SAME_DAY, WITHIN_DAYS = "当天", "N日内"
DEAD = (OrderState.VOID, OrderState.CLOSED)


def order_of(act: Act) -> SupervisionOrder:
    """The case's newest order that is not void."""
    order = newest(act, SupervisionOrder, SupervisionOrder.state != OrderState.VOID)
    if order is None:
        raise Refused("尚未开具督办处理单", rule="order-missing")
    return order


def _complained(act: Act) -> Any:
    return act.case.complained_department or act.case.responsible_department


RUNNING = (OrderState.ISSUED, OrderState.SIGNED, OrderState.HANDLING, OrderState.REPORTED_BACK, OrderState.RETURNED)


def _running_order(act: Act) -> SupervisionOrder | None:
    """The order that the department still works on, or that waits for its effect to be confirmed."""
    found: SupervisionOrder | None = newest(act, SupervisionOrder, SupervisionOrder.state.in_(RUNNING))
    return found


@verb(
    "issue_order",
    ready=lambda act: _running_order(act) is None,
    label="开具督办处理单",
    group="督办",
    arguments=(
        Argument(
            "handling_department",
            "承办部门",
            "department",
            help="不填即被抱怨/投诉的部门",
            default=lambda act: answering(_complained(act)) if _complained(act) else None,
        ),
        Argument("limit_kind", "办理时限", "choice", options=(SAME_DAY, WITHIN_DAYS)),
        Argument("limit_days", "几日内", "number", minimum=1, maximum=365, help="自然日,开具当日不计"),
        Argument("investigator", "调查处理人", "person", default=lambda act: act.actor.staff),
        Argument("handler", "承办人", "person"),
        Argument("problem_content", "客户反映的服务质量问题内容", "long", default=lambda act: act.case.content),
        Argument("customer_request", "客户要求", "long", default=lambda act: act.case.demand),
    ),
)
def issue_order(act: Act) -> None:
    """督办处理单 (附件1): what the case says, to whom, by when; the investigation opens with it (P02-7.3, 7.4)."""
    case = act.case
    if (running := _running_order(act)) is not None:
        raise Refused("{order}{state},办完之前不能再开一张", order=running.order_no, state=running.state)
    target = act.given("handling_department") or _complained(act)
    if target is None:
        raise Refused("请填写承办部门:被抱怨/投诉的部门不明", field="handling_department", rule="P02-18.1")
    days = _days(act)
    _link_people(act, answering(target))
    way, other = _report_way(act)
    order = SupervisionOrder(
        order_no=next_number(act, "order"),
        complaint_id=case.id,
        customer_name=case.complainant.name,
        phone=case.complainant.phone,
        report_way=way,
        other_text=other,
        reported_at=case.received_at,
        problem_content=act.given("problem_content", case.content),
        customer_request=act.given("customer_request", case.demand),
        investigator=case.investigator,
        handling_department=case.handling_department,
        handler=case.handler,
        limit_kind=act.arguments["limit_kind"],
        limit_days=days,
        issued_at=act.now,
        issued_by=act.actor.staff,
        state=OrderState.ISSUED,
        round=case.round,
    )
    act.session.add(order)
    act.session.add(Investigation(complaint_id=case.id, investigator=case.investigator, started_at=act.now))
    act.session.flush()
    _begin_limit(act, order)
    act.say(f"{order.order_no} → {case.handling_department},{order.limit_kind if not days else f'{days} 日内'}")
    act.result = order


def _begin_limit(act: Act, order: SupervisionOrder) -> None:
    """Its limit counts from the issue, or from the head's signature, as the procedure says (F-44)."""
    limit = act.procedure.limit("办理")
    if order.due_at is None and limit is not None and act.verb in limit.started_by:
        order.due_at = timekeeping.begin(act, limit.name, amount=order.limit_days, order=order).due_at


def _days(act: Act) -> int:
    kind = act.given("limit_kind")
    if kind is None:
        raise Refused("请填写办理时限", field="limit_kind", rule="P02-18.1")
    if kind == SAME_DAY:
        return 0
    days = act.given("limit_days")
    if days is None:
        raise Refused("请填写办理时限:几日内", field="limit_days", rule="P02-18.1")
    return int(days)


def _link_people(act: Act, department: Department) -> None:
    """Write the investigator, the handling department and its stint, and who answers for the matter, into the case."""
    case = act.case
    act.set(case, "investigator", act.given("investigator") or case.investigator or act.actor.staff, "调查处理人")
    act.set(case, "handling_department", department, "承办部门")
    if case.responsible_department is None:
        case.responsible_department = department
    act.set(case, "handler", act.given("handler"), "承办人")
    assignment.begin_stint(act, "承办", department, case.handler)


def _report_way(act: Act) -> tuple[str, str]:
    """附件1 knows three ways and 其它 with text; the procedure says which channel is which (F-43)."""
    way = act.procedure.vocabulary.report_ways.get(act.case.channel, "其它")
    return way, act.case.channel if way == "其它" else ""


@verb(
    "sign_order",
    label="签收督办处理单",
    group="督办",
    arguments=(Argument("handler", "承办人", "person", default=lambda act: act.case.handler),),
)
def sign_order(act: Act) -> None:
    """The head of the handling department signs and names who will do it (P02-11.1)."""
    order = order_of(act)
    if order.state not in (OrderState.ISSUED, OrderState.RETURNED):
        raise Refused("督办处理单{state},不需要签收", state=order.state)
    handler = act.given("handler") or order.handler or act.actor.staff
    order.head_signed_by, order.head_signed_at, order.state = act.actor.staff, act.now, OrderState.SIGNED
    order.handler = handler
    act.set(act.case, "handler", handler, "承办人")
    assignment.begin_stint(act, "承办", order.handling_department, handler)
    act.say(f"{order.order_no} 由{act.actor.name}签字")
    _begin_limit(act, order)
    act.result = order


@verb("urge", label="催办", group="督办", arguments=(Argument("text", "催办内容", "long"),))
def urge(act: Act) -> None:
    """Urge the handling department; its head is told (P02-10.2)."""
    if act.procedure.step("issue_order") is None:
        _urge_department(act, str(act.given("text", "请尽快办理并反馈")))
        return
    order = order_of(act)
    if order.state in DEAD or order.state in (OrderState.REPORTED_BACK, OrderState.EFFECTIVE):
        raise Refused("督办处理单{state},不需要催办", state=order.state)
    urge_order(act, order, str(act.given("text", "请尽快办理并反馈")))


def _urge_department(act: Act, text: str) -> None:
    """Where work is sent out without such an order, the department that has it is urged."""
    department = act.case.handling_department
    if department is None:
        raise Refused("还没有派单,没有可以催办的部门")
    send(act, department, "催办", f"{act.case.case_no} {text}")
    act.say(f"催办{department}:{text[:80]}")


def urge_order(act: Act, order: SupervisionOrder, text: str) -> None:
    """One urging, by a person or by the sweep: counted and kept; whom it is told to is the procedure's to say."""
    to = order.handling_department.head or order.handling_department
    order.urge_count += 1
    batches.write(act.session, Urge, order_id=order.id, at=act.now, by_id=act.actor.id, to_text=str(to), text=text)
    act.say(f"{order.order_no} 第 {order.urge_count} 次催办 {to}")


def _summary(act: Act) -> str:
    return act.case.content[:200]


@verb(
    "submit_correction",
    label="提交情况表",
    group="整改",
    arguments=(
        Argument("problem_summary", "服务质量问题摘要", "long", required=True, default=_summary),
        Argument("handling_status", "服务质量问题处理情况", "long", required=True),
        Argument("corrective_measures", "服务质量问题纠正措施", "long", required=True),
        Argument("remark", "备注", "long"),
        Argument("customer_name", "客户姓名", "name", help="不填即反映人的"),
        Argument("phone", "客户电话", "text", longest=40, help="不填即反映人的"),
        Argument("address", "客户地址", "text", help="不填即反映人的"),
        Argument("head_signed_by", "承办部门负责人签名", "person", default=lambda act: act.actor.staff),
    ),
)
def submit_correction(act: Act) -> None:
    """处理及纠正措施情况表 (附件2), signed by the head; it ends the 办理 limit (P02-7.5, 11.2)."""
    order = order_of(act)
    if order.state in DEAD or order.state in (OrderState.REPORTED_BACK, OrderState.EFFECTIVE):
        raise Refused("督办处理单{state},不能再提交情况表", state=order.state)
    head = _signature(act, order)
    case, person = act.case, act.case.complainant
    record = CorrectiveAction(
        record_no=next_number(act, "correction"),
        complaint_id=case.id,
        order_id=order.id,
        customer_name=act.given("customer_name", person.name),
        phone=act.given("phone", person.phone),
        address=act.given("address", person.address),
        problem_summary=act.arguments["problem_summary"],
        handling_status=act.arguments["handling_status"],
        corrective_measures=act.arguments["corrective_measures"],
        remark=act.given("remark", ""),
        submitted_by_id=act.actor.id,
        submitted_at=act.now,
        head_signed_by=head,
        head_signed_at=act.now,
        round=order.round,
        effect_check="待检查",
    )
    act.session.add(record)
    order.state = OrderState.REPORTED_BACK
    act.order = order
    act.say(f"{record.record_no},第 {record.round} 轮,{head} 签名")
    act.result = record


def _signature(act: Act, order: SupervisionOrder) -> Any:
    """The head who signs: the submitter himself, or the one on whose paper signature he reports."""
    department = order.handling_department
    heads = [person for person in (department.head, department.deputy) if person is not None]
    named = act.given("head_signed_by")
    if named is None and (act.actor.staff in heads or act.actor.holds("部门负责人", department.id)):
        return act.actor.staff
    if named is None or (named not in heads and not act.actor.holds("部门负责人", department.id)):
        raise Refused("情况表须有承办部门负责人签名", field="head_signed_by", rule="P02-11.2")
    if named is not act.actor.staff:
        act.say(f"{named} 的签名由{act.actor.name}代录")
    return named


@verb(
    "check_effect",
    label="效果确认",
    group="整改",
    arguments=(
        Argument("result", "结果", "choice", options=("通过", "未通过"), required=True),
        Argument("effect_note", "说明", "long", help="未通过时请说明还差什么"),
        Argument("limit_days", "退回后几日内办结", "number", minimum=0, maximum=365, help="不填则与原时限相同"),
    ),
)
def check_effect(act: Act) -> None:
    """The investigating department confirms the effect, or sends the order back for another round (P02-7.6)."""
    order, record = order_of(act), newest(act, CorrectiveAction)
    if record is None or record.effect_check != "待检查":
        raise Refused("尚无待确认的情况表(附件2)", rule="P02-18.2")
    record.effect_check, record.effect_checker, record.effect_checked_at = (
        act.arguments["result"],
        act.actor.staff,
        act.now,
    )
    record.effect_note = act.given("effect_note", "")
    act.say(
        f"{record.record_no} 效果确认{record.effect_check}" + (f":{record.effect_note}" if record.effect_note else "")
    )
    assessment.draft_by_rules(act)
    act.outcome = record.effect_check
    if record.effect_check == "通过":
        order.state = OrderState.EFFECTIVE
    else:
        send_back(act, order)
    act.result = record


def another_round(act: Act) -> None:
    """The case is taken up again: its order, where it has one, goes back to the department; the old round stays."""
    order = newest(act, SupervisionOrder, SupervisionOrder.state != OrderState.VOID)
    if order is not None:
        return send_back(act, order)
    act.set(act.case, "round", act.case.round + 1, "处理轮次")
    # It seemed solved and is not: what ran out while it waited for that counts from now on.
    classification.lateness_counts(act, state=str(State.REDOING))
    duties_by_rules(act)
    return None


def send_back(act: Act, order: SupervisionOrder) -> None:
    """Another round: the order returns to the department with a limit of its own; the old round stays on record."""
    case = act.case
    act.set(case, "round", case.round + 1, "处理轮次")
    order.state, order.round = OrderState.RETURNED, case.round
    days = act.given("limit_days")
    clock = timekeeping.again(act, "办理", order=order, amount=order.limit_days if days is None else int(days))
    order.due_at = clock.due_at
    duties_by_rules(act)


def close_orders(act: Act, state: str) -> None:
    """No order stays open when the case ends."""
    for order in all_of(act, SupervisionOrder):
        if order.state not in DEAD:
            order.state = state
