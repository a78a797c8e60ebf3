"""What the sweep does with one due clock: remind before, flag after, urge while late. Each exactly once a cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from models import Clock, Complaint, Department
from workflow import ladders, notices, timekeeping
from workflow.access import SYSTEM
from workflow.act import Act, Done
from workflow.arguments import Argument
from workflow.batches import Together, together
from workflow.errors import Refused
from workflow.facts import RECORDS
from workflow.registry import perform, verb

NEEDED = (
    selectinload(Clock.entries),
    selectinload(Clock.rungs),
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

    Comes back with the ids that were done and with those that want a transaction of their own: the end of a pause
    reaches all clocks of its case.
    """
    clocks = _claimable(session, ids, now)
    alone = {clock.id for clock in clocks if clock.paused_at and not clock.ended_at}
    clocks = [clock for clock in clocks if clock.id not in alone]
    _claim(session, [clock.id for clock in clocks])
    cases = {clock.complaint_id for clock in clocks if clock.complaint_id is not None}
    done = set()
    with together(session, cases, (*RECORDS, Clock)) as batch:
        batch.kept += [*clocks, *session.scalars(select(Department).options(selectinload(Department.head)))]
        for clock in clocks:
            set_committed_value(clock, "wake_at", None)
            if (name := _what(session, clock, now)) is not None:
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
    name = _what(session, clock, now)
    if name is None:
        return None
    return perform(session, name, clock.complaint, arguments={"clock": clock.id}, actor=SYSTEM, now=now)


def _what(session: Session, clock: Clock, now: datetime) -> str | None:
    """Which of the machine's verbs is due; nothing when there is nothing to do any more."""
    if clock.ended_at:
        return None
    if clock.paused_at:
        return "end_pause"
    seen = ladders.look(session, clock, now)
    due = {each.rung.do for each in seen.climbs}
    if not due:
        timekeeping.wake_next(clock, seen.reading, seen.states, limit=seen.limit)
    return next((name for deed, name in ladders.VERBS.items() if deed in due), None)


CLOCK = (Argument("clock", "时限", "number", required=True),)
MACHINE: Mapping[str, Any] = {
    "group": "系统",
    "who": ("系统",),
    "guard": "never",
    "needs_case": False,
    "arguments": CLOCK,
}


@verb("remind", label="临期提醒", **MACHINE)
def remind(act: Act) -> None:
    """One notice when a fifth of the limit is left, at least 30 minutes before, or as the ladder says (G-20)."""
    ladders.climb(act)


@verb("flag_overdue", label="超期", **MACHINE)
def flag_overdue(act: Act) -> None:
    """Late: flagged once, told once to each, urged for the first time, and what the rules draft is drafted (G-10)."""
    ladders.climb(act)


@verb("urge_overdue", label="超期催办", **MACHINE)
def urge_overdue(act: Act) -> None:
    """One more urging each 24 hours while it stays late, or as the ladder says (G-10)."""
    ladders.climb(act)


@verb("escalate_overdue", label="逐级上报", **MACHINE)
def escalate_overdue(act: Act) -> None:
    """Those whom the next rung of the ladder names are told."""
    ladders.climb(act)


@verb("grade_overdue", label="超期定级", **MACHINE)
def grade_overdue(act: Act) -> None:
    """The grade rises because a limit has run so long, once in a cycle (G-13)."""
    ladders.climb(act)


@verb("end_pause", label="挂起到期", **MACHINE)
def end_pause(act: Act) -> None:
    """A pause ends by itself after the longest time allowed, with a notice (G-12)."""
    clock = act.session.get(Clock, int(act.arguments["clock"]))
    if clock is None:
        raise Refused("没有这个时限")
    act.extra_facts |= {"clock": clock.name, "due_at": clock.due_at, "days_overdue": 0}
    if not notices.by_rules(act, event="挂起超期"):
        row = act.procedure.limit(clock.name)
        ladders.tell(act, clock, "挂起超期", f"{clock.name}挂起已满最长期限,自动恢复", row.overdue_to if row else ())
    perform(act.session, "resume", act.complaint, arguments={"note": "挂起已满最长期限"}, actor=SYSTEM, now=act.now)
    act.say(f"{clock.name}挂起已满最长期限")
