"""挂起: the clocks of a case stand still, for a reason of the list, as the procedure's ``[[pause]]`` rows allow it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from models import Clock, PauseRequest
from rules import governance, lifecycle
from rules.clocks import Entry, EntryKind
from rules.time_rows import PauseRow
from rules.vocabulary import State
from workflow import access, evidence
from workflow.act import Act, shown
from workflow.arguments import Argument
from workflow.errors import Forbidden, Refused
from workflow.notices import owe, recipients, send
from workflow.registry import verb
from workflow.timekeeping import clocks_of, go_on, limit_of, refresh, states_for, touch, write

HEAD = "部门负责人"


def may_agree(act: Act, by: str) -> bool:
    """Whether this person is whom the row names, written as steps say who may."""
    hats, relations = act.actor.hats_for(act.verb), access.relations(act.complaint)
    return lifecycle.may((by,), hats=hats, relations=relations, person=act.actor.id).ok


def approvers(by: str) -> list[str]:
    """Whom to tell that something waits for him: the head of that department, or the role."""
    role, _, place = by.partition("@")
    return [place + "负责人" if place.endswith("部门") else place] if role == HEAD and place else [role]


def owe_telling(act: Act, title: str, *, key: str) -> None:
    """The complainant is to be told; whoever has the case owes it, until he has talked to him."""
    to = recipients(act, ["承办人", "调查处理人", "调查部门负责人"])
    owe(act, title, to[0] if to else None, "communicate", key=f"tell|{key}")


def _running_names(act: Act) -> list[str]:
    return list(dict.fromkeys(clock.name for clock in clocks_of(act.session, act.case) if not clock.ended_at))


def _runs(act: Act) -> bool:
    return _waiting(act) is None and any(
        not clock.paused_at and not clock.ended_at and clock.measure_id is None
        for clock in clocks_of(act.session, act.case)
    )


def _waiting(act: Act) -> PauseRequest | None:
    query = select(PauseRequest).where(PauseRequest.complaint_id == act.case.id, PauseRequest.decision == "待审")
    return act.session.scalars(query.order_by(PauseRequest.id.desc()).limit(1)).first()


def _can_decide(act: Act) -> bool:
    asked = _waiting(act)
    return asked is not None and asked.asked_by_id != act.actor.id and may_agree(act, asked.level)


@verb(
    "pause",
    ready=_runs,
    label="挂起",
    group="时限",
    arguments=(
        Argument("reason", "原因", "choice", options=lambda act: act.values("pause_reasons"), required=True),
        Argument("note", "说明", "long"),
        Argument("name", "时限", "choice", options=_running_names, help="不填则暂停本件全部时限"),
        Argument("evidence", "证明材料", "file"),
    ),
)
def pause(act: Act) -> None:
    """Freeze the remaining time, for a reason of the procedure's list (G-12).

    Where the procedure asks for it there must be evidence, and where it names an approver the clocks stop when he
    agrees, from the instant at which it was asked for.
    """
    row = governance.pause_terms(act.procedure.pauses, act.reason)
    if _waiting(act) is not None:
        raise Refused("已有一份挂起申请待审", rule="G-12")
    chosen = _chosen(act, row, str(act.given("name", "")))
    if not chosen and not _only_runs_on(act):
        raise Refused("没有可以暂停的时限", field="name")
    file = act.given("evidence")
    if row.evidence and file is None:
        raise Refused("以“{reason}”挂起须附证明材料", field="evidence", rule="G-12", reason=row.reason)
    proof = evidence.keep(act, file, kind="其他", note="挂起证明") if file is not None else None
    if proof is not None:
        act.say(f"附 {proof.file_name}")
    if act.given("note"):
        act.say(str(act.given("note")))
    if not row.by:
        _stop(act, row, chosen, act.now)
        return
    asked = PauseRequest(
        complaint_id=act.case.id,
        clock_name=act.given("name", ""),
        cause=row.reason,
        note=act.given("note", ""),
        evidence=proof,
        level=row.by,
        asked_by_id=act.actor.id,
        asked_at=act.now,
        decision="待审",
    )
    act.session.add(asked)
    act.stays = True
    for recipient in recipients(act, approvers(row.by)):
        send(act, recipient, "挂起待审", f"{act.case.case_no} 申请挂起:{row.reason}")
    act.say(f"申请挂起,待{row.by}批准")
    act.result = asked


def _chosen(act: Act, row: PauseRow, name: str) -> list[Clock]:
    """The clocks that stop for this reason."""
    return [
        clock
        for clock in clocks_of(act.session, act.case)
        if not clock.ended_at
        and not clock.paused_at
        and clock.measure_id is None
        and name in ("", clock.name)
        and governance.pauses(row, limit_of(clock))
    ]


def _only_runs_on(act: Act) -> bool:
    """Whether what still runs runs on through any pause: then the case stands still and its limits do not."""
    running = [clock for clock in clocks_of(act.session, act.case) if not clock.ended_at and clock.measure_id is None]
    return bool(running) and not any(limit_of(clock).pausable for clock in running)


def _stop(act: Act, row: PauseRow, chosen: list[Clock], at: datetime, by: str = "") -> None:
    for clock in chosen:
        until = governance.pause_until(row, limit_of(clock), at)
        write(act, clock, Entry(EntryKind.PAUSE, at, until, row.reason, by=by))
        refresh(act.session, clock, states_for(act))
        act.say(f"{clock.name}暂停,最迟 {shown(until)} 恢复")
    act.case.state_before_pause = act.case.state
    act.set(act.case, "state", State.SUSPENDED, "状态")
    if row.tell:
        owe_telling(act, "告知投诉人暂停办理", key=f"pause:{act.case.id}:{at.isoformat()}")
    touch(act)


@verb(
    "decide_pause",
    ready=_can_decide,
    label="审批挂起",
    group="时限",
    arguments=(
        Argument("decision", "决定", "choice", options=("同意", "驳回"), required=True),
        Argument("opinion", "意见", "long"),
    ),
)
def decide_pause(act: Act) -> None:
    """Agree or refuse; agreed, the clocks stand still from the instant at which it was asked for (G-12, G-15)."""
    asked = _waiting(act)
    if asked is None:
        raise Refused("没有待审的挂起申请")
    if asked.asked_by_id == act.actor.id:
        raise Forbidden("申请人不能审批自己的挂起", rule="G-15")
    if not may_agree(act, asked.level):
        raise Forbidden("挂起须由{level}批准", rule="G-15", level=asked.level)
    asked.decision, asked.decided_by, asked.decided_at = act.arguments["decision"], act.actor.staff, act.now
    asked.opinion = act.given("opinion", "")
    act.say(f"挂起{asked.decision} {asked.opinion}".strip())
    if asked.decision == "同意":
        row = governance.pause_terms(act.procedure.pauses, asked.cause)
        chosen = [c for c in _chosen(act, row, asked.clock_name) if c.started_at <= asked.asked_at]
        if not chosen and not _only_runs_on(act):
            raise Refused("申请时的时限都已结束,不能再挂起")
        _stop(act, row, chosen, asked.asked_at, act.actor.name)
    if asked.asked_by is not None:
        text = f"{act.case.case_no} 挂起{asked.decision}"
        send(act, asked.asked_by, "挂起结果", text, occasion=f"pause:{asked.id}")
    act.result = asked


@verb("resume", label="恢复", group="时限", arguments=(Argument("note", "说明", "long"),))
def resume(act: Act) -> None:
    """The frozen time is added again; the case goes on where it was (G-12)."""
    go_on(act)
    if act.case.state == State.SUSPENDED:
        act.set(act.case, "state", act.case.state_before_pause or State.HANDLING, "状态")
    act.case.state_before_pause = ""
