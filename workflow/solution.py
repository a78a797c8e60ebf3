"""处理方案: propose, review together, reply, record what the customer says, carry out, report back."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select

from models import Implementation, JointReview, Proposal, ResultFeedback
from rules import engine
from rules.vocabulary import ProposalState
from workflow.act import Act
from workflow.arguments import Argument
from workflow.errors import Refused
from workflow.facts import newest
from workflow.notices import by_rules
from workflow.registry import verb

ENDED = (ProposalState.ACCEPTED, ProposalState.VOID)
PARTIES = ("责任部门", "法律顾问", "其他公司")
ACCEPTED, DECLINED = "接受", "不接受"
RECOGNISED, NOT_RECOGNISED = "认可", "未认可"
WAYS = ("电话", "面谈", "书面", "邮件", "短信", "微信", "系统")


def present(act: Act) -> Proposal | None:
    """The newest proposal of this round; nothing when the round has none yet."""
    return newest(act, Proposal, Proposal.round == act.case.round)


def is_at(*states: str) -> Callable[[Act], bool]:
    """Whether the proposal of this round stands in one of the states."""

    def stands(act: Act) -> bool:
        proposal = present(act)
        return proposal is not None and proposal.state in states

    return stands


def needed(act: Act) -> Proposal:
    """The proposal of this round, or a refusal."""
    proposal = present(act)
    if proposal is None:
        raise Refused("请先制定方案", field="plan")
    return proposal


PLAN = (
    Argument("kind", "方案种类", "choice", options=lambda act: act.values("solution_kinds"), strict=False, longest=20),
    Argument("cause_explanation", "原因说明", "long"),
    Argument("plan", "处理方案", "long", required=True),
    Argument("basis", "依据", "long", help="法律、制度或合同上的依据"),
    Argument("cost", "费用", "money", minimum=0),
    Argument("compensation", "补偿金额", "money", minimum=0),
)


@verb("propose", label="制定方案", group="方案", arguments=PLAN)
def propose(act: Act) -> None:
    """The next version of the plan; what was not agreed to before is void and stays on record (T10, T13, T16)."""
    before = present(act)
    if before is not None and before.state not in ENDED:
        before.state = ProposalState.VOID
    last = act.session.scalar(select(func.max(Proposal.number)).where(Proposal.complaint_id == act.case.id))
    proposal = Proposal(
        complaint_id=act.case.id,
        number=(last or 0) + 1,
        round=act.case.round,
        kind=act.given("kind", ""),
        cause_explanation=act.given("cause_explanation", ""),
        plan=act.arguments["plan"],
        basis=act.given("basis", ""),
        cost=act.given("cost"),
        compensation=act.given("compensation"),
        state=ProposalState.DRAFT,
        author_id=act.actor.id,
        created_at=act.now,
    )
    act.session.add(proposal)
    act.session.flush()
    act.say(f"方案 {proposal.number} {proposal.kind}:{proposal.plan[:80]}")
    act.result = proposal


@verb(
    "review",
    label="联合审核",
    group="方案",
    ready=is_at(ProposalState.DRAFT, ProposalState.REVIEWING),
    arguments=(
        Argument("party", "审核方", "choice", options=PARTIES, required=True),
        Argument("opinion", "意见", "long", required=True),
    ),
)
def review(act: Act) -> None:
    """The opinion of one party; which parties a plan needs is the procedure's to say (F-49)."""
    proposal = needed(act)
    if proposal.state not in (ProposalState.DRAFT, ProposalState.REVIEWING):
        raise Refused("方案{state},不能再审核", field="party", state=proposal.state)
    proposal.state = ProposalState.REVIEWING
    opinion = JointReview(
        proposal_id=proposal.id,
        complaint_id=act.case.id,
        party=act.arguments["party"],
        reviewer_id=act.actor.id,
        opinion=act.arguments["opinion"],
        at=act.now,
    )
    act.session.add(opinion)
    act.say(f"{opinion.party}审核:{opinion.opinion[:80]}")
    act.result = opinion


@verb(
    "reply",
    label="方案回复客户",
    group="方案",
    arguments=(
        Argument("way", "方式", "choice", options=WAYS, required=True),
        Argument("text", "回复内容", "long", required=True),
    ),
)
def reply(act: Act) -> None:
    """Tell the customer the plan; without a plan it is a plain answer. Either meets what was promised as 回复."""
    proposal = present(act)
    if proposal is not None and proposal.state not in ENDED:
        proposal.state, proposal.replied_at = ProposalState.REPLIED, act.now
    act.say(f"{act.arguments['way']}:{act.arguments['text'][:80]}")
    act.result = proposal


@verb(
    "record_acceptance",
    label="记录客户意见",
    group="方案",
    ready=lambda act: is_at(ProposalState.REPLIED)(act) or _without_plan(act),
    arguments=(
        Argument("accepts", "客户是否接受", "choice", options=(ACCEPTED, DECLINED), required=True),
        Argument("opinion", "客户意见", "long"),
    ),
)
def record_acceptance(act: Act) -> None:
    """接受 opens the way to carry the plan out, 不接受 asks for another version (T15, T16).

    Without a plan it is his word on what was done, where the procedure takes it: 认可 or 未认可, which may escalate.
    """
    if _without_plan(act):
        return _answer_without_plan(act)
    proposal = needed(act)
    if proposal.state != ProposalState.REPLIED:
        raise Refused("方案{state},还没有回复客户", field="accepts", state=proposal.state)
    act.outcome = act.arguments["accepts"]
    proposal.state = ProposalState.ACCEPTED if act.outcome == ACCEPTED else ProposalState.DECLINED
    proposal.answered_at, proposal.answer = act.now, act.given("opinion", "")
    act.say(f"方案 {proposal.number} 客户{act.outcome} {proposal.answer}".strip())
    act.result = proposal
    return None


def _without_plan(act: Act) -> bool:
    step = act.procedure.step("record_acceptance")
    return step is not None and step.without_plan and present(act) is None


def _answer_without_plan(act: Act) -> None:
    satisfied = act.arguments["accepts"] == ACCEPTED
    act.outcome = RECOGNISED if satisfied else NOT_RECOGNISED
    act.say(f"客户{act.outcome} {act.given('opinion', '')}".strip())
    decision = act.decide("escalate")
    if decision is not None:
        act.say(f"升级:{engine.text_of(decision.outcome)}")
        by_rules(act, event="升级")


@verb(
    "implement",
    label="实施",
    group="方案",
    arguments=(
        Argument(
            "action", "实施方式", "choice", options=lambda act: act.values("solution_kinds"), strict=False, longest=40
        ),
        Argument("result", "结果", "long"),
        Argument("amount", "金额", "money", minimum=0),
        Argument("implementer", "实施人", "name", default=lambda act: act.actor.name),
        Argument("construction_unit", "施工单位", "text", longest=100),
        Argument("started_at", "开始时间", "instant"),
        Argument("finished_at", "完成时间", "instant"),
    ),
)
def implement(act: Act) -> None:
    """What was done: by whom, from when till when, for how much (T17)."""
    started, finished = act.given("started_at"), act.given("finished_at")
    if started and finished and finished < started:
        raise Refused("完成时间早于开始时间", field="finished_at")
    if finished and finished > act.now:
        raise Refused("完成时间不能晚于现在", field="finished_at")
    proposal = present(act)
    done = Implementation(
        complaint_id=act.case.id,
        proposal_id=proposal.id if proposal else None,
        round=act.case.round,
        action=act.given("action", ""),
        amount=act.given("amount"),
        implementer=act.given("implementer", act.actor.name),
        construction_unit=act.given("construction_unit", ""),
        started_at=started,
        finished_at=finished or act.now,
        result=act.given("result", ""),
        by_id=act.actor.id,
        at=act.now,
    )
    act.session.add(done)
    act.session.flush()
    amount = f" {done.amount:.2f} 元" if done.amount is not None else ""
    act.say(f"{done.action}{amount} {done.implementer} {done.result[:80]}".strip())
    act.result = done


@verb(
    "feedback",
    label="结果反馈",
    group="方案",
    arguments=(
        Argument("way", "方式", "choice", options=WAYS, required=True),
        Argument("cause", "原因", "long"),
        Argument("result", "结果", "long", required=True),
        Argument("next_steps", "后续安排", "long"),
    ),
)
def feedback(act: Act) -> None:
    """Tell the customer what was found and what was done; whether the cause must be said is the procedure's."""
    told = ResultFeedback(
        complaint_id=act.case.id,
        round=act.case.round,
        way=act.arguments["way"],
        cause=act.given("cause", ""),
        result=act.arguments["result"],
        next_steps=act.given("next_steps", ""),
        at=act.now,
        by_id=act.actor.id,
    )
    act.session.add(told)
    act.say(f"{told.way}反馈:{told.result[:80]}")
    act.result = told
