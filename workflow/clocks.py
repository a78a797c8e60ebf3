"""时限: start one by hand, ask for an extension and decide it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from models import Clock, ClockEntry, ExtensionRequest
from rules.clocks import Entry, EntryKind
from rules.governance import TOO_OFTEN, extension_level
from rules.time_rows import ExtensionRow
from workflow.act import Act, shown
from workflow.arguments import Argument
from workflow.errors import Forbidden, Refused
from workflow.notices import recipients, send
from workflow.pauses import approvers, may_agree, owe_telling
from workflow.registry import verb
from workflow.timekeeping import begin, clocks_of, limit_of, read, refresh, states_for, touch, write


def _running(act: Act) -> Clock:
    """The open clock that the arguments name, or the only open one."""
    name = act.given("name")
    running = [
        clock
        for clock in clocks_of(act.session, act.case)
        if not clock.ended_at and (clock.name == name if name else clock.measure_id is None)
    ]
    if not running:
        raise Refused("没有正在计时的时限" + ("“{name}”" if name else ""), field="name", name=name or "")
    return running[-1]


def _running_names(act: Act) -> list[str]:
    return list(dict.fromkeys(clock.name for clock in clocks_of(act.session, act.case) if not clock.ended_at))


def _startable(act: Act) -> list[str]:
    return [limit.name for limit in act.procedure.limits if "start_clock" in limit.started_by]


def _counts(clock: Clock) -> bool:
    return not clock.ended_at and clock.measure_id is None


def _can_extend(act: Act) -> bool:
    return _waiting(act) is None and any(
        _counts(clock) and act.now <= clock.due_at for clock in clocks_of(act.session, act.case)
    )


def _can_decide(act: Act) -> bool:
    asked = _waiting(act)
    return asked is not None and asked.asked_by_id != act.actor.id and _decides(act, asked.level)


@verb(
    "start_clock",
    ready=lambda act: bool(_startable(act)),
    label="启动时限",
    group="时限",
    arguments=(
        Argument("name", "时限", "choice", options=_startable, required=True),
        Argument("trigger_at", "起算时间", "instant", required=True),
    ),
)
def start_clock(act: Act) -> None:
    """A limit whose trigger lies outside the case, such as 竣工验收 (P02-8.4)."""
    at = act.arguments["trigger_at"]
    if at > act.now:
        raise Refused("起算时间不能晚于现在", field="trigger_at")
    if act.arguments["name"] in _running_names(act):
        raise Refused("“{name}”已在计时", field="name", name=act.arguments["name"])
    act.result = begin(act, act.arguments["name"], at=at)


@verb(
    "request_extension",
    ready=_can_extend,
    label="申请延期",
    group="时限",
    arguments=(
        Argument("name", "时限", "choice", options=_running_names),
        Argument("due_at", "希望延至", "instant", required=True),
        Argument("reason", "理由", "long", required=True),
    ),
)
def request_extension(act: Act) -> None:
    """Ask for more time before the due instant has passed (G-12)."""
    clock = _running(act)
    if act.now > clock.due_at:
        raise Refused(
            "{name}已超期({due}),延期须在截止前申请",
            field="name",
            rule="G-12",
            name=clock.name,
            due=shown(clock.due_at),
        )
    wanted = act.arguments["due_at"]
    if wanted <= clock.due_at:
        raise Refused("希望延至的时间须晚于现在的截止 {due}", field="due_at", due=shown(clock.due_at))
    if _waiting(act) is not None:
        raise Refused("已有一份延期申请待审", field="name", rule="G-12")
    row = _level(act, clock, wanted)
    asked = ExtensionRequest(
        clock=clock,
        level=row.by if row else "",
        complaint_id=act.case.id,
        asked_by_id=act.actor.id,
        asked_at=act.now,
        due_before=clock.due_at,
        due_wanted=wanted,
        reason=act.reason,
        decision="待审",
    )
    act.session.add(asked)
    for recipient in recipients(act, approvers(row.by) if row else ["调查部门负责人", "调查处理人"]):
        send(act, recipient, "延期待审", f"{act.case.case_no} {clock.name}申请延至 {shown(wanted)}:{act.reason}")
    act.say(f"{clock.name}申请延至 {shown(wanted)}")
    act.result = asked


def _level(act: Act, clock: Clock, wanted: datetime) -> ExtensionRow | None:
    """The row that decides so much more time; refused where no level may grant it."""
    states = states_for(act)
    reading = read(clock, states)
    granted = sum(line.kind == EntryKind.EXTEND for line in _of_this_cycle(clock))
    rows, calendar = act.procedure.extensions, states[reading.calendar]
    level = extension_level(rows, limit_of(clock), reading, wanted, granted, calendar)
    if level.fault == TOO_OFTEN:
        raise Refused("{name}已延期 {times} 次,不能再延", field="name", rule="G-12", name=clock.name, times=granted)
    if level.fault and level.latest is not None:
        raise Refused(
            "{name}最多延至 {latest}", field="due_at", rule="G-12", name=clock.name, latest=shown(level.latest)
        )
    return level.row


def _of_this_cycle(clock: Clock) -> list[ClockEntry]:
    """The lines since the clock was started or started again: a second round has extensions of its own."""
    begins = [place for place, line in enumerate(clock.entries) if line.kind == EntryKind.REOPEN]
    return clock.entries[begins[-1] if begins else 0 :]


def _decides(act: Act, level: str) -> bool:
    """Whether this person may decide at that level; an empty one is whoever the step lets."""
    return not level or act.actor.is_system or may_agree(act, level)


def _waiting(act: Act) -> ExtensionRequest | None:
    query = select(ExtensionRequest).where(
        ExtensionRequest.complaint_id == act.case.id, ExtensionRequest.decision == "待审"
    )
    return act.session.scalars(query.order_by(ExtensionRequest.id.desc()).limit(1)).first()


@verb(
    "decide_extension",
    ready=_can_decide,
    label="审批延期",
    group="时限",
    arguments=(
        Argument("decision", "决定", "choice", options=("同意", "驳回"), required=True),
        Argument("due_at", "延至", "instant", help="不填即同意所申请的时间"),
        Argument("opinion", "意见", "long"),
    ),
)
def decide_extension(act: Act) -> None:
    """Agree or refuse; the old due instant stays on record (G-12). Nobody decides his own request (G-15)."""
    asked = _waiting(act)
    if asked is None:
        raise Refused("没有待审的延期申请")
    if asked.asked_by_id == act.actor.id:
        raise Forbidden("申请人不能审批自己的延期", rule="G-15")
    if act.arguments["decision"] == "同意" and asked.clock.ended_at:
        raise Refused("{name}已经结束,不能再延期,可以驳回", field="decision", rule="G-12", name=asked.clock.name)
    until = act.given("due_at") or asked.due_wanted
    # what may not be granted any more can still be refused, by whom it was put before
    row = _level(act, asked.clock, until) if act.arguments["decision"] == "同意" else None
    level = row.by if row else asked.level if act.arguments["decision"] == "驳回" else ""
    if not _decides(act, level):
        raise Forbidden("延期至 {until} 须由{level}审批", rule="G-15", until=shown(until), level=level)
    asked.decision, asked.decided_by, asked.decided_at = act.arguments["decision"], act.actor.staff, act.now
    asked.opinion = act.given("opinion", "")
    if asked.decision == "同意":
        _extend(act, asked.clock, until, asked.reason, asked.asked_at)
        if row is not None and row.tell:
            owe_telling(act, f"告知投诉人延期至 {shown(until)}", key=f"extension:{asked.id}")
    if asked.asked_by is not None:
        send(
            act,
            asked.asked_by,
            "延期结果",
            f"{act.case.case_no} {asked.clock.name}延期{asked.decision}",
            occasion=f"extension:{asked.id}",
        )
    act.say(f"{asked.clock.name}延期{asked.decision} {asked.opinion}".strip())
    act.result = asked


def _extend(act: Act, clock: Clock, until: datetime, reason: str, asked_at: datetime) -> None:
    if until <= clock.due_at:
        raise Refused("延至的时间须晚于现在的截止 {due}", field="due_at", due=shown(clock.due_at))
    before = clock.due_at
    entry = Entry(EntryKind.EXTEND, act.now, until, reason, by=act.actor.name, asked_at=asked_at)
    write(act, clock, entry)
    refresh(act.session, clock, states_for(act))
    act.changed(f"{clock.name}截止", before, clock.due_at)
    touch(act)
