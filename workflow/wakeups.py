"""What the sweep does with one due clock: remind before, flag after, urge while late. Each exactly once a cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from models import Clock, Complaint, Department
from rules import clocks as ledger
from rules.vocabulary import MeasureState
from workflow import assessment, notices, supervision, timekeeping
from workflow.access import SYSTEM
from workflow.act import Act, Done, shown
from workflow.arguments import Argument
from workflow.batches import Together, together
from workflow.errors import Refused
from workflow.facts import RECORDS
from workflow.registry import perform, verb

TOGETHER = ("remind", "flag_overdue", "urge_overdue")
"""What many clocks may have done to them in one transaction: it reads and writes its own case only."""
NEEDED = (
    selectinload(Clock.entries),
    selectinload(Clock.order),
    selectinload(Clock.measure),
    selectinload(Clock.complaint),
)


def due(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """The ids of clocks with something to do, earliest first; found by the partial index."""
    query = select(Clock.id).where(Clock.wake_at <= now).order_by(Clock.wake_at, Clock.id).limit(limit)
    return list(session.scalars(query))


def wake_many(session: Together, ids: Sequence[int], now: datetime) -> tuple[set[int], set[int]]:
    """Claim those that nobody else has and do what is due, all in this transaction.

    Comes back with the ids that were done and with those that want a transaction of their own.
    """
    clocks = _claimable(session, ids, now)
    found = {clock.id: _what(clock, now) for clock in clocks}
    alone = {key for key, name in found.items() if name is not None and name not in TOGETHER}
    clocks = [clock for clock in clocks if clock.id not in alone]
    _claim(session, [clock.id for clock in clocks])
    cases = {clock.complaint_id for clock in clocks if clock.complaint_id is not None}
    done = set()
    with together(session, cases, (*RECORDS, Clock)) as batch:
        batch.kept += [*clocks, *session.scalars(select(Department).options(selectinload(Department.head)))]
        for clock in clocks:
            name = found[clock.id]
            if name is not None:
                perform(session, name, clock.complaint, arguments={"clock": clock.id}, actor=SYSTEM, now=now)
                done.add(clock.id)
    return done, alone


def _claimable(session: Session, ids: Sequence[int], now: datetime) -> list[Clock]:
    """The clocks that are still due and whose cases nobody holds: it waits for none of them, so that nobody who waits
    for this batch is waited for."""
    due_now = select(Clock).where(Clock.id.in_(ids), Clock.wake_at <= now).order_by(Clock.wake_at, Clock.id)
    if session.get_bind().dialect.name != "postgresql":
        return list(session.scalars(due_now.options(*NEEDED)))
    free = list(session.scalars(due_now.with_for_update(skip_locked=True, of=Clock).options(*NEEDED)))
    cases = {clock.complaint_id for clock in free if clock.complaint_id is not None}
    held = select(Complaint.id).where(Complaint.id.in_(cases)).with_for_update(skip_locked=True)
    mine = set(session.scalars(held))
    return [clock for clock in free if clock.complaint_id is None or clock.complaint_id in mine]


def _claim(session: Session, ids: Sequence[int]) -> None:
    """Whoever empties ``wake_at`` owns the clock until the commit."""
    session.execute(
        update(Clock).where(Clock.id.in_(ids)).values(wake_at=None).execution_options(synchronize_session=False)
    )


def wake(session: Session, clock_id: int, now: datetime) -> Done | None:
    """Claim one due clock and do what is due; nothing when another worker was first.

    The claim is a conditional UPDATE: whoever empties ``wake_at`` owns the item until the commit.
    """
    due_now = select(Clock.wake_at).where(Clock.id == clock_id, Clock.wake_at <= now)
    if session.get_bind().dialect.name == "postgresql":
        due_now = due_now.with_for_update(skip_locked=True)
    expected = session.scalar(due_now)
    if expected is None:
        return None
    claimed = session.execute(
        update(Clock)
        .where(Clock.id == clock_id, Clock.wake_at == expected)
        .values(wake_at=None)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return None
    clock = session.get_one(Clock, clock_id, populate_existing=True)
    complaint = clock.complaint
    name = _what(clock, now)
    if name is None:
        return None
    return perform(session, name, complaint, arguments={"clock": clock.id}, actor=SYSTEM, now=now)


def _what(clock: Clock, now: datetime) -> str | None:
    """Which of the machine's verbs is due; nothing when the clock has ended in between."""
    if clock.ended_at:
        return None
    if clock.paused_at:
        return "end_pause"
    if now > clock.due_at:
        return "flag_overdue" if clock.flagged_at is None else "urge_overdue"
    return "remind"


CLOCK = (Argument("clock", "时限", "number", required=True),)
MACHINE: Mapping[str, Any] = {"group": "系统", "who": ("系统",), "guard": "never"}


def _clock(act: Act) -> Clock:
    clock = act.session.get(Clock, int(act.arguments["clock"]))
    if clock is None:
        raise Refused("没有这个时限")
    reading = timekeeping.read(clock, timekeeping.states_for(act))
    act.extra_facts |= {
        "clock": clock.name,
        "due_at": clock.due_at,
        "days_overdue": ledger.days_overdue(reading, act.now),
    }
    return clock


@verb("remind", label="临期提醒", arguments=CLOCK, **MACHINE)
def remind(act: Act) -> None:
    """One notice when a fifth of the limit is left, at least 30 minutes before (G-20)."""
    clock = _clock(act)
    clock.reminded_at = act.now
    _tell(act, clock, "临期", f"{clock.name}将于 {shown(clock.due_at)} 到期")
    timekeeping.refresh(act.session, clock, timekeeping.states_for(act))
    act.say(f"{clock.name} {shown(clock.due_at)} 到期")


@verb("flag_overdue", label="超期", arguments=CLOCK, **MACHINE)
def flag_overdue(act: Act) -> None:
    """Late: flagged once, told once to each, urged for the first time, and what the rules draft is drafted (G-10)."""
    clock = _clock(act)
    clock.flagged_at, clock.ever_late = act.now, True
    if clock.measure is not None:
        clock.measure.state = MeasureState.OVERDUE
    act.say(f"{clock.name}超期,截止 {shown(clock.due_at)}")
    _tell(act, clock, "超期", f"{clock.name}应于 {shown(clock.due_at)} 前完成,已超期")
    _urge(act, clock)
    if act.complaint is not None:
        assessment.draft_by_rules(act, event="超期")
    timekeeping.refresh(act.session, clock, timekeeping.states_for(act))
    timekeeping.touch(act)


@verb("urge_overdue", label="超期催办", arguments=CLOCK, **MACHINE)
def urge_overdue(act: Act) -> None:
    """One more urging each 24 hours while it stays late (G-10)."""
    clock = _clock(act)
    _urge(act, clock)
    timekeeping.refresh(act.session, clock, timekeeping.states_for(act))


@verb("end_pause", label="挂起到期", arguments=CLOCK, **MACHINE)
def end_pause(act: Act) -> None:
    """A pause ends by itself after the longest time allowed, with a notice (G-12)."""
    clock = _clock(act)
    _tell(act, clock, "挂起超期", f"{clock.name}挂起已满最长期限,自动恢复")
    perform(act.session, "resume", act.complaint, arguments={"note": "挂起已满最长期限"}, actor=SYSTEM, now=act.now)
    act.say(f"{clock.name}挂起已满最长期限")


def _urge(act: Act, clock: Clock) -> None:
    """One urging, where the limit has any; an order counts it."""
    if not timekeeping.urge_every(clock):
        return
    clock.urged_at, clock.urge_count = act.now, clock.urge_count + 1
    if clock.order is not None:
        supervision.urge_order(act, clock.order, f"{clock.name}已超期 {act.extra_facts['days_overdue']} 天")
    _tell(act, clock, "催办", f"{clock.name}已超期 {act.extra_facts['days_overdue']} 天,请尽快办结")


TO = {"临期": "remind_to", "超期": "overdue_to", "催办": "urge_to", "挂起超期": "overdue_to"}


def _tell(act: Act, clock: Clock, event: str, text: str) -> None:
    """As the ``notify`` rows say; where none speaks, whom the limit names, and the owner of a measure."""
    if notices.by_rules(act, event=event):
        return
    row = act.procedure.limit(clock.name)
    found = notices.recipients(act, getattr(row, TO[event])) if row else []
    for recipient in dict.fromkeys([*_owners(clock), *found]):
        notices.send(act, recipient, event, f"{clock.order or clock.measure or act.complaint} {text}")


def _owners(clock: Clock) -> list[notices.Recipient]:
    """Whoever owes a measure."""
    measure = clock.measure
    return [measure.owner or measure.owner_department.head or measure.owner_department] if measure else []
