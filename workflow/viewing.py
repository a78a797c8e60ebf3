"""查看: opening a case page is a verb, so that whoever may not see it is refused; confidential views are kept."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from models import Complaint, Implementation, Proposal, WorkOrder
from rules import lifecycle
from workflow import procedures, recorded
from workflow.access import Actor
from workflow.act import Act, shown
from workflow.arguments import Argument
from workflow.errors import Forbidden
from workflow.facts import all_of
from workflow.likeness import sealed
from workflow.masking import masked_address, masked_name, masked_phone
from workflow.registry import verb


def _viewers(act: Act) -> tuple[str, ...]:
    """Whoever the document lets look; where it says nothing about it, whoever sees the case."""
    return (lifecycle.step_for(act.procedure, "view") or lifecycle.NEUTRAL["view"]).who


@verb("view", label="查看", group="统计", silent=True, guard="never", who=_viewers)
def view(act: Act) -> None:
    """What the case page says, as text; the view of a confidential case is recorded."""
    if sealed(act.case):
        act.say(f"查看 {act.case.case_no}")
    full = procedures.works_on(act.session, act.actor, act.case)
    act.result = "\n".join([page_text(act.case, full=full), *_what_was_done(act)])


def _what_was_done(act: Act) -> list[str]:
    """The plans, what was carried out of them and who helped with what, as the page lists them."""
    plans = [f"方案 {plan.number} {plan.kind} {plan.plan} {plan.state}" for plan in all_of(act, Proposal)]
    done = [
        " ".join(
            filter(
                None,
                (
                    f"实施 {one.action}",
                    one.implementer,
                    one.construction_unit,
                    shown(one.finished_at),
                    money(one.amount),
                    one.result,
                ),
            )
        )
        for one in all_of(act, Implementation)
    ]
    orders = [f"维修单 {order.order_no} {order.fault} {order.state}" for order in all_of(act, WorkOrder)]
    helps = [f"协办 {text}" for text in recorded.lines(act.case, "helps")]
    return [*plans, *done, *orders, *helps]


def money(amount: Decimal | None) -> str:
    """An amount as a page shows it."""
    return "" if amount is None else f"{amount:.2f} 元"


def may_unmask(session: Session, actor: Actor, case: Complaint) -> bool:
    """Whether this person may ask for the contact data: of a confidential case only who works on it."""
    return not sealed(case) or procedures.works_on(session, actor, case)


@verb(
    "unmask",
    label="查看完整信息",
    group="统计",
    silent=True,
    guard="never",
    who=("*",),
    arguments=(Argument("reason", "理由", "text", required=True),),
)
def unmask(act: Act) -> None:
    """The complainant's full name, phone and address: asked for with a reason, and kept in the history."""
    if not may_unmask(act.session, act.actor, act.case):
        raise Forbidden("保密件的反映人信息,只有办理本件的人可以查看")
    act.say(f"查看 {act.case.case_no} 反映人完整信息")
    person = act.case.complainant
    act.result = {"name": person.name, "phone": person.phone, "address": person.address}


def page_text(case: Complaint, *, full: bool) -> str:
    """The heart of the case page as plain text; the complainant in full only for whoever works on the case."""
    person = case.complainant
    name, phone, address = person.name, person.phone, person.address
    if not full:
        name, phone, address = masked_name(name), masked_phone(phone), masked_address(address)
    lines = [
        f"{case.case_no} {case.nature} {case.grade or ''} {case.state}",
        f"来源 {case.channel}",
        f"反映人 {name} {phone} {address}",
        f"反映内容 {case.content}",
        f"诉求 {case.demand}",
        f"调查处理部门 {shown(case.investigation_department)}",
        f"承办部门 {shown(case.handling_department)}",
        f"截止 {shown(case.due_at)}",
        f"标记 {shown(case.flags)}",
    ]
    return "\n".join(lines)
