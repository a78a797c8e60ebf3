"""审批: who has to agree, asked step by step; nobody decides on what he proposed himself."""

from __future__ import annotations

from sqlalchemy import select

from models import Approval, Proposal
from rules import judging
from rules.vocabulary import ProposalState
from workflow import classification
from workflow.act import Act
from workflow.arguments import Argument
from workflow.departments import ensure_department
from workflow.errors import Forbidden, Refused
from workflow.notices import in_charge, recipients, send
from workflow.registry import verb
from workflow.solution import is_at, needed

PLAN, LOWER = "方案", "降级"
AGREED, REFUSED, WAITING = "同意", "驳回", "待审"


@verb(
    "submit",
    label="提交审批",
    group="方案",
    ready=is_at(ProposalState.DRAFT, ProposalState.REVIEWING),
    arguments=(Argument("note", "说明", "long"),),
)
def submit(act: Act) -> None:
    """Ask whoever the procedure's ``approval`` rules name for this plan (T11)."""
    proposal = needed(act)
    if proposal.state not in (ProposalState.DRAFT, ProposalState.REVIEWING):
        raise Refused("方案{state},不能提交审批", field="note", state=proposal.state)
    decision = act.decide("approval", object=PLAN)
    if decision is None:
        raise Refused("按本制度,这个方案不需要审批,可以直接回复客户", field="note")
    spec = decision.outcome
    department = ensure_department(act.session, spec["department"]) if spec.get("department") else None
    asked = Approval(
        complaint_id=act.case.id,
        proposal_id=proposal.id,
        object=PLAN,
        role=spec["role"],
        department_id=department.id if department else None,
        asked_by_id=act.actor.id,
        asked_at=act.now,
    )
    act.session.add(asked)
    proposal.state = ProposalState.AWAITING
    act.session.flush()
    to = [in_charge(department, act.case)] if department else recipients(act, [f"role:{spec['role']}"])
    for recipient in to:
        send(act, recipient, "方案待审批", f"{act.case.case_no} {proposal}待审批", occasion=f"approval:{asked.id}")
    if department:
        act.say(f"方案 {proposal.number} 报{department}的{asked.role}审批")
    else:
        act.say(f"方案 {proposal.number} 报{asked.role}审批")
    act.result = asked


def ask_to_lower(act: Act, grade: str) -> bool:
    """Whether a lower grade has to be agreed to by somebody; then he is asked, and the case keeps the grade it has."""
    if not judging.worse(act.procedure, act.case.grade, grade):
        return False
    decision = act.decide("approval", object=LOWER)
    if decision is None:
        return False
    if any(asked.object == LOWER for asked in _waiting(act)):
        raise Refused("已有一份降级申请待审批", field="grade")
    asked = Approval(
        complaint_id=act.case.id,
        object=LOWER,
        wanted=grade,
        role=decision.outcome["role"],
        asked_by_id=act.actor.id,
        asked_at=act.now,
    )
    act.session.add(asked)
    act.session.flush()
    text = f"{act.case.case_no} 申请由{act.case.grade}降为{grade}:{act.reason}"
    for recipient in recipients(act, [f"role:{asked.role}"]):
        send(act, recipient, "降级待审批", text, occasion=f"approval:{asked.id}")
    act.say(f"申请降为{grade},报{asked.role}审批")
    act.stays, act.result = True, asked
    return True


def _waiting(act: Act) -> list[Approval]:
    query = select(Approval).where(Approval.complaint_id == act.case.id, Approval.decision == WAITING)
    return list(act.session.scalars(query.order_by(Approval.id)))


def waiting(act: Act) -> Approval | None:
    """The approval of this case that waits, the oldest first; of several the one that the arguments name."""
    named = act.given("object")
    found = [asked for asked in _waiting(act) if named in (None, asked.object)]
    return found[0] if found else None


def _objects(act: Act) -> list[str]:
    return list(dict.fromkeys(asked.object for asked in _waiting(act)))


def _mine(act: Act) -> bool:
    return any(act.actor.holds(asked.role, asked.department_id) and not _own(act, asked) for asked in _waiting(act))


def _own(act: Act, asked: Approval) -> bool:
    author = asked.proposal.author_id if asked.proposal else None
    return act.actor.id is not None and act.actor.id in (asked.asked_by_id, author)


def _decide(act: Act, decision: str) -> Approval:
    asked = waiting(act)
    if asked is None:
        raise Refused("没有待审批的事项")
    if not act.actor.holds(asked.role, asked.department_id):
        place = f"{asked.department}的" if asked.department else ""
        raise Forbidden("须由{who}审批", who=f"{place}{asked.role}")
    if _own(act, asked):
        raise Forbidden("提出人不能审批自己的方案", rule="G-15")
    asked.decision, asked.decided_by_id, asked.decided_at = decision, act.actor.id, act.now
    asked.opinion = str(act.given("opinion", ""))
    proposal: Proposal | None = asked.proposal
    if proposal is not None:
        proposal.state = ProposalState.APPROVED if decision == AGREED else ProposalState.REFUSED
    if asked.object == LOWER:
        _lower(act, asked, decision)
    told = _told(asked)
    if asked.asked_by is not None:
        send(act, asked.asked_by, "审批结果", f"{act.case.case_no} {told}", occasion=f"approval:{asked.id}")
    act.say(told)
    act.outcome, act.result = decision, asked
    return asked


def _told(asked: Approval) -> str:
    """What was decided, and the opinion where it says more than that."""
    opinion = f",{asked.opinion}" if asked.opinion not in ("", asked.decision) else ""
    return f"{asked.proposal or asked.object} {asked.decision}{opinion}"


def _lower(act: Act, asked: Approval, decision: str) -> None:
    """The grade becomes what was asked for, unless the facts have come to forbid it meanwhile."""
    act.stays = True
    if decision != AGREED:
        return
    requested = {**act.facts(), "argument.grade": asked.wanted}  # what is agreed to is the request
    made = judging.regrade(act.procedure, requested, asked.wanted)
    act.take(made.questions)
    if made.grading is None or judging.worse(act.procedure, made.grading.by_rules, asked.wanted):
        raise Refused("按现有事实已不能降为{grade}", grade=asked.wanted)
    classification.regrade(act, made.grading)


OBJECT = Argument("object", "事项", "choice", options=_objects, help="不填即最先待审批的一项")


@verb("approve", label="批准", group="方案", ready=_mine, arguments=(OBJECT, Argument("opinion", "意见", "long")))
def approve(act: Act) -> None:
    """Agree to what waits; the customer may be told now (T12)."""
    _decide(act, AGREED)


@verb(
    "reject",
    label="驳回",
    group="方案",
    ready=_mine,
    arguments=(OBJECT, Argument("opinion", "意见", "long", required=True)),
)
def reject(act: Act) -> None:
    """Send it back with an opinion; another version is needed (T13)."""
    _decide(act, REFUSED)
