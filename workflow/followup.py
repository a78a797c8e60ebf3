"""收尾: return visit, the customer's confirmation, closing, archive, and the ways in which a case ends otherwise."""

from __future__ import annotations

from models import Visit
from rules.vocabulary import OrderState
from workflow import documents, supervision, timekeeping, workorders
from workflow.act import Act
from workflow.arguments import SHANGHAI, Argument
from workflow.facts import all_of
from workflow.registry import verb

RESULTS = ("满意", "基本满意", "不满意", "无法联系")


@verb(
    "visit",
    label="回访",
    hinge="result",
    group="收尾",
    arguments=(
        Argument("result", "结果", "choice", options=RESULTS, required=True),
        Argument("way", "方式", "choice", options=("电话", "面谈", "书面", "短信", "微信")),
        Argument("comment", "客户意见", "long"),
        Argument("suggestion", "建议", "long"),
        Argument("attempt", "第几次", "number", minimum=1, maximum=99),
    ),
)
def visit(act: Act) -> None:
    """Ask the customer whether it is solved; 不满意 opens another round (P02-7.7, 10.3, 14.1)."""
    case = act.case
    made = Visit(
        complaint_id=case.id,
        visitor_id=act.actor.id,
        way=act.given("way", "电话"),
        at=act.now,
        attempt=act.given("attempt") or len(all_of(act, Visit)) + 1,
        result=act.arguments["result"],
        comment=act.given("comment", ""),
        suggestion=act.given("suggestion", ""),
        round=case.round,
    )
    act.session.add(made)
    act.set(case, "satisfaction", made.result, "客户满意度")
    act.say(f"{made.way}回访:{made.result}" + (f",{made.comment}" if made.comment else ""))
    act.outcome = made.result
    if made.result == "不满意":
        supervision.another_round(act)
    act.result = made


@verb(
    "confirm",
    label="客户确认",
    group="收尾",
    arguments=(
        Argument("result", "结果", "choice", options=("满意", "基本满意", "不满意"), required=True),
        Argument("signed", "客户已签名", "flag"),
        Argument("reason", "未签名的原因", "long", help="如客户拒签"),
        Argument("comment", "意见", "long"),
    ),
)
def confirm(act: Act) -> None:
    """The customer confirms the result himself."""
    act.set(act.case, "satisfaction", act.arguments["result"], "客户满意度")
    if act.given("comment"):
        act.say(act.given("comment"))
    act.outcome = act.arguments["result"]
    for form in act.procedure.forms:
        if form.made_by == act.verb:
            act.result = documents.write_by_itself(act, form)
    if act.outcome == "不满意":
        supervision.another_round(act)


@verb(
    "close",
    label="结案",
    hinge="close_reason",
    group="收尾",
    arguments=(
        Argument("close_reason", "结案原因", "choice", required=True, options=lambda act: act.values("close_reasons")),
        Argument("summary", "总结", "long"),
    ),
)
def close(act: Act) -> None:
    """The case is done; whoever closes says why (P02-18.2)."""
    case = act.case
    act.set(case, "close_reason", act.arguments["close_reason"], "结案原因")
    case.summary, case.closed_at = act.given("summary", ""), act.now
    supervision.close_orders(act, OrderState.CLOSED)
    timekeeping.cancel_open(act, "结案")


@verb("archive", label="归档", group="收尾", arguments=(Argument("note", "备注", "long"),))
def archive(act: Act) -> None:
    """The case is locked; the ledger row stays (P02-15.1)."""
    act.case.archived_at = act.now
    workorders.lay_down(act)
    act.say(f"{act.case.case_no} 已锁定")


@verb(
    "reopen",
    label="重新处理",
    group="收尾",
    danger=True,
    arguments=(
        Argument("reason", "理由", "long", required=True),
        Argument("limit_days", "几日内办结", "number", minimum=0, maximum=365),
    ),
)
def reopen(act: Act) -> None:
    """A closed case is taken up again in another round; what was done stays on record."""
    case = act.case
    case.closed_at = None
    act.set(case, "close_reason", "", "结案原因")
    supervision.another_round(act)


@verb(
    "withdraw", label="撤诉", group="收尾", danger=True, arguments=(Argument("reason", "原因", "long", required=True),)
)
def withdraw(act: Act) -> None:
    """The complainant takes the complaint back."""
    _end(act, "撤诉")


@verb("void", label="作废", group="收尾", danger=True, arguments=(Argument("reason", "原因", "long", required=True),))
def void(act: Act) -> None:
    """Only for duplicates and typing errors; the number stays used (T31, G-14)."""
    _end(act, "作废")


def _end(act: Act, reason: str) -> None:
    act.case.close_reason, act.case.closed_at = reason, act.now
    supervision.close_orders(act, OrderState.VOID)
    workorders.end(act)
    timekeeping.cancel_open(act, reason)


@verb("escalate", label="升级", group="督办", arguments=(Argument("reason", "理由", "long", required=True),))
def escalate(act: Act) -> None:
    """Tell the leader now; the case carries 升级中."""
    if "升级中" not in act.case.flags:
        act.case.flags = [*act.case.flags, "升级中"]
    act.say(f"{act.now.astimezone(SHANGHAI):%m-%d %H:%M} 升级")
