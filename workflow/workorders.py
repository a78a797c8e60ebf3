"""维修单: written, quoted, agreed to, handed to a crew, done, signed, verified, charged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Department, FeeLine, WorkOrder
from rules import lifecycle
from rules.vocabulary import WorkOrderState as At
from workflow import procedures
from workflow.access import Actor
from workflow.act import Act, shown
from workflow.arguments import SHANGHAI, Argument
from workflow.calendars import calendar_of
from workflow.errors import Forbidden, Refused
from workflow.facts import newest
from workflow.notices import send
from workflow.numbers import next_number
from workflow.pricing import priced
from workflow.registry import verb

PLACES = ("室内", "公共区域")
PAID, FREE = "有偿", "无偿"
RATINGS = ("满意", "基本满意", "不满意")
NO_FEE, OWED, COLLECTED = "无", "待收", "已收"
UNSENT = (At.WRITTEN, At.DISPATCHED)


def present(act: Act) -> WorkOrder | None:
    """The newest work order of the case that was not given up."""
    found: WorkOrder | None = newest(act, WorkOrder, WorkOrder.state != At.CANCELLED)
    return found


def needed(act: Act, *states: str) -> WorkOrder:
    """The work order in one of these states, or a refusal that says where it is."""
    order = present(act)
    if order is None:
        raise Refused("本件还没有维修单")
    if states and order.state not in states:
        raise Refused("维修单{state},不能这样办理", state=order.state)
    return order


def stands(*states: str) -> Callable[[Act], bool]:
    """Whether the case has a work order in one of the states."""

    def is_there(act: Act) -> bool:
        order = present(act)
        return order is not None and order.state in states

    return is_there


def awaits_consent(act: Act) -> bool:
    """Whether a price was told that the customer has not agreed to yet; a new quotation asks anew."""
    order = present(act)
    if order is None or order.state not in UNSENT or order.customer_consents:
        return False
    return order.paid == PAID and order.quoted_amount is not None


def is_signed(act: Act) -> bool:
    """Whether the work is done and the customer has said how."""
    order = present(act)
    return order is not None and order.state == At.FINISHED and order.customer_signed_at is not None


def _of_case(name: str) -> Callable[[Act], Any]:
    """What the case says of it already: a fact of the core, or a field that the procedure adds."""
    return lambda act: act.case.fields.get(name) or getattr(act.case, name, None)


@verb(
    "open_work_order",
    label="开维修单",
    group="维修单",
    arguments=(
        Argument("place", "位置", "choice", options=PLACES, strict=False, longest=20, default=_of_case("place")),
        Argument("equipment", "设备", "text", longest=100),
        Argument("model", "型号", "text", longest=100),
        Argument("fault", "故障描述", "long", required=True),
        Argument("paid", "有偿/无偿", "choice", options=(PAID, FREE), default=_of_case("paid")),
        Argument("appointed_at", "预约时间", "instant"),
    ),
)
def open_work_order(act: Act) -> None:
    """Write the order; what the case says already is taken from it. One order at a time is on its way."""
    before = present(act)
    if before is not None and before.state in UNSENT:
        raise Refused("维修单{number}还没有接单,请在其上办理", number=before.order_no)
    order = WorkOrder(
        order_no=next_number(act, "workorder"),
        complaint_id=act.case.id,
        place=act.given("place") or str(act.case.place if act.case.place in PLACES else ""),
        equipment=act.given("equipment", ""),
        model=act.given("model", ""),
        fault=act.arguments["fault"],
        paid=act.given("paid") or str(act.case.fields.get("paid") or ""),
        price_items=[],
        parts=[],
        copies=[],
        appointed_at=act.given("appointed_at"),
        issued_by_id=act.actor.id,
        issued_at=act.now,
        fee_state=NO_FEE,
        state=At.WRITTEN,
    )
    act.session.add(order)
    act.session.flush()
    doubt_appointment(act, order)
    act.say(f"{order.order_no} {order.place} {order.equipment} {order.fault[:60]}".strip())
    if order.appointed_at:
        act.say(f"预约 {shown(order.appointed_at)}")
    act.result = order


def doubt_appointment(act: Act, order: WorkOrder) -> None:
    """An appointment that has passed, or that lies outside working time, is kept and doubted."""
    if order.appointed_at is None:
        return
    if order.appointed_at <= act.now:
        act.warn("预约时间早于现在")
    elif not calendar_of(act.session, act.procedure).is_open(order.appointed_at):
        act.warn("预约时间不在工作时间内")


@verb(
    "quote",
    label="报价",
    group="维修单",
    ready=stands(*UNSENT),
    arguments=(
        Argument("paid", "有偿/无偿", "choice", options=(PAID, FREE)),
        Argument("price_items", "收费项目", "json", help="每行一项:名称、数量"),
    ),
)
def quote(act: Act) -> None:
    """Whether it is paid, and what it costs by the price list of the day on which the order was written."""
    order = needed(act, *UNSENT)
    order.paid = act.given("paid", order.paid)
    if not order.paid:
        raise Refused("请写明有偿或无偿", field="paid")
    asked = act.given("price_items", [])
    if order.paid == FREE:
        if asked:
            raise Refused("无偿的维修单不收费", field="price_items")
        order.price_items, order.quoted_amount = [], Decimal(0)
    else:
        order.price_items = priced(act, asked, order.issued_at.astimezone(SHANGHAI).date())
        order.quoted_amount = sum((Decimal(item["amount"]) for item in order.price_items), Decimal(0))
        order.customer_consents = order.consented_at = None
    act.say(f"{order.order_no} {order.paid} {order.quoted_amount:.2f} 元")
    act.result = order


@verb(
    "consent",
    label="客户认可报价",
    group="维修单",
    ready=awaits_consent,
    arguments=(Argument("customer_consents", "客户认可", "flag", required=True),),
)
def consent(act: Act) -> None:
    """What the customer says to the price."""
    order = needed(act, *UNSENT)
    if order.quoted_amount is None:
        raise Refused("请先报价", field="customer_consents")
    order.customer_consents = bool(act.arguments["customer_consents"])
    order.consented_at = act.now
    act.say(f"{order.order_no} 客户{'认可' if order.customer_consents else '不认可'} {order.quoted_amount:.2f} 元")
    act.result = order


def go_out(act: Act) -> None:
    """The order goes with the case to the department that does the work."""
    order = present(act)
    if order is not None and order.state == At.WRITTEN:
        order.state, order.dispatched_at = At.DISPATCHED, act.now


def taken_on(act: Act) -> None:
    """The department has taken the order on."""
    order = present(act)
    if order is not None and order.state == At.DISPATCHED:
        order.state, order.accepted_at, order.accepted_by_id = At.ACCEPTED, act.now, act.actor.id


def come_back(act: Act) -> None:
    """The department has handed the case back, the order with it."""
    order = present(act)
    if order is not None and order.state in (At.DISPATCHED, At.ACCEPTED, At.WORKING):
        order.state, order.accepted_at, order.accepted_by_id = At.WRITTEN, None, None


def end(act: Act) -> None:
    """The case has ended otherwise: an order on its way is given up."""
    order = present(act)
    if order is not None and order.state not in (At.VERIFIED, At.ARCHIVED):
        order.state = At.CANCELLED


def lay_down(act: Act) -> None:
    """The case is archived, and its orders with it."""
    for order in act.session.scalars(select(WorkOrder).where(WorkOrder.complaint_id == act.case.id)):
        if order.state == At.VERIFIED:
            order.state = At.ARCHIVED


@verb(
    "assign_crew",
    label="派工",
    group="维修单",
    ready=stands(At.ACCEPTED, At.WORKING),
    arguments=(
        Argument("team", "班组", "text", required=True, longest=60),
        Argument("technician", "维修人员", "person"),
    ),
)
def assign_crew(act: Act) -> None:
    """The crew that does the work."""
    order = needed(act, At.ACCEPTED, At.WORKING)
    order.team, order.technician, order.state = act.arguments["team"], act.given("technician"), At.WORKING
    if order.technician is not None and order.technician.id != act.actor.id:
        send(act, order.technician, "派工", f"{order.order_no} {order.fault[:60]},预约 {shown(order.appointed_at)}")
    act.say(f"{order.order_no} {order.team} {order.technician or ''}".strip())
    act.result = order


@verb(
    "finish_work",
    label="完工",
    group="维修单",
    ready=stands(At.WORKING),
    arguments=(
        Argument("arrived_at", "到场时间", "instant"),
        Argument("parts", "用料", "multi", strict=False, help="一行一种"),
        Argument("final_amount", "费用", "money", minimum=0, help="不填即按报价"),
        Argument("fee_told", "已告知费用", "flag"),
    ),
)
def finish_work(act: Act) -> None:
    """The work is done; the customer has still to sign."""
    order = needed(act)
    if not order.team:
        raise Refused("请先派给班组", field="team")
    if order.state != At.WORKING:
        raise Refused("维修单{state},不能这样办理", state=order.state)
    arrived, amount = act.given("arrived_at"), act.given("final_amount", order.quoted_amount or Decimal(0))
    if arrived is not None and arrived > act.now:
        raise Refused("到场时间不能晚于现在", field="arrived_at")
    if order.paid == FREE and amount:
        raise Refused("无偿的维修单不收费", field="final_amount")
    order.arrived_at, order.finished_at, order.finished_by_id = arrived, act.now, act.actor.id
    order.parts, order.final_amount = list(act.given("parts", [])), amount
    order.fee_told, order.state = bool(act.given("fee_told")), At.FINISHED
    act.say(f"{order.order_no} 完工 {amount:.2f} 元")
    act.result = order


@verb(
    "sign_work",
    label="客户签名",
    group="维修单",
    ready=stands(At.FINISHED),
    arguments=(
        Argument("customer_signed_by", "客户签名", "name", required=True),
        Argument("rating_quality", "服务质量", "choice", options=RATINGS, required=True),
        Argument("rating_attitude", "服务态度", "choice", options=RATINGS, required=True),
    ),
)
def sign_work(act: Act) -> None:
    """The customer signs, and says how the work was done and how he was treated."""
    order = needed(act, At.FINISHED)
    order.customer_signed_by, order.customer_signed_at = act.arguments["customer_signed_by"], act.now
    order.rating_quality, order.rating_attitude = act.arguments["rating_quality"], act.arguments["rating_attitude"]
    act.say(f"{order.order_no} {order.customer_signed_by}签名,质量{order.rating_quality},态度{order.rating_attitude}")
    act.result = order


@verb("return_work", label="返单", group="维修单", ready=is_signed)
def return_work(act: Act) -> None:
    """The signed order goes back to the department that wrote it."""
    order = needed(act, At.FINISHED)
    if order.customer_signed_at is None:
        raise Refused("请先由客户签名确认", field="customer_signed_by")
    order.returned_at, order.state = act.now, At.RETURNED
    department = act.case.investigation_department
    if department is not None:
        send(act, department, "返单", f"{order.order_no} 已返单,请验证")
    act.say(f"{order.order_no} 已返单")
    act.result = order


@verb(
    "verify_work",
    label="验证维修单",
    group="维修单",
    ready=stands(At.RETURNED),
    arguments=(Argument("note", "说明", "long"),),
)
def verify_work(act: Act) -> None:
    """The order is found right, and its copies go where they belong. Whoever did the work does not verify it (G-15)."""
    order = needed(act, At.RETURNED)
    if act.actor.id is not None and act.actor.id in (order.finished_by_id, order.technician_id):
        raise Forbidden("维修人员不能验证自己的维修单", rule="G-15")
    amount = order.final_amount if order.paid == PAID and order.final_amount else Decimal(0)
    order.verified_by, order.verified_at, order.state = act.actor.staff, act.now, At.VERIFIED
    order.fee_state = OWED if amount else NO_FEE
    order.copies = [{"copy": name, "amount": f"{amount:.2f}", "at": act.now.isoformat()} for name in copies_of(act)]
    act.say(f"{order.order_no} 验证通过:{'、'.join(copies_of(act))}")
    act.result = order


def copies_of(act: Act) -> tuple[str, ...]:
    """The copies in which the procedure's order is made out."""
    return next((form.copies for form in act.procedure.forms if form.table == "workorder"), ())


DONE = (At.FINISHED, At.RETURNED, At.VERIFIED, At.ARCHIVED)


def collects(session: Session, actor: Actor, now: datetime) -> bool:
    """Whether this person collects fees, under one of the procedures in force."""
    documents = (procedures.in_force(session, now, code) for code in procedures.codes_in_force(session, now))
    steps = (lifecycle.step_for(document, "charge") for document in documents)
    hats = actor.hats_for("charge")
    return any(step and lifecycle.may(step.who, hats=hats, relations={}, person=actor.id).ok for step in steps)


def _knows(act: Act) -> bool:
    """Whether there is a fee to collect: whoever collects need not see the case."""
    return stands(*DONE)(act)


@verb(
    "charge",
    label="收费",
    group="维修单",
    ready=lambda act: (order := present(act)) is not None and order.fee_state == OWED,
    knows=_knows,
    arguments=(Argument("fee_way", "收费方式", "choice", options=lambda act: act.values("fee_ways"), required=True),),
)
def charge(act: Act) -> None:
    """The fee of a verified order is collected, and stands in the bill of the month."""
    order = needed(act)
    if order.state not in (At.VERIFIED, At.ARCHIVED):
        raise Refused("维修单{state},验证之后才能收费", state=order.state)
    if order.fee_state != OWED:
        raise Refused("维修单没有待收的费用" if order.fee_state == NO_FEE else "维修单已经收费", field="fee_way")
    order.fee_way, order.fee_state = act.arguments["fee_way"], COLLECTED
    place: Department | None = act.actor.staff.department if act.actor.staff else None
    line = FeeLine(
        complaint_id=act.case.id,
        work_order_id=order.id,
        customer=act.case.complainant.name,
        amount=order.final_amount or Decimal(0),
        period=f"{act.now.astimezone(SHANGHAI):%Y-%m}",
        way=order.fee_way,
        department_id=place.id if place else None,
        charged_by_id=act.actor.id,
        charged_at=act.now,
    )
    act.session.add(line)
    act.session.flush()
    act.say(f"{order.order_no} {line.way} {line.amount:.2f} 元")
    act.result = line
