"""What the ladder of a limit asks for now: reminder, flag, urging, escalation, another grade; each once in a cycle."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models import Clock, ClockRung
from models.assignment import HELPING
from rules import clocks as ledger
from rules import delivery, engine, judging
from rules.clocks import Limit, Reading
from rules.facts import lookup
from rules.ladder import Climb, Fired, upcoming
from rules.procedure import Procedure
from rules.rungs import Rung
from rules.steps import length
from rules.vocabulary import MeasureState, RungDeed
from rules.worktime import Calendar
from workflow import assessment, batches, classification, notices, procedures, supervision, timekeeping
from workflow.act import Act, filled, shown
from workflow.calendars import States
from workflow.errors import Refused
from workflow.helping import helper

NOTABLY = timedelta(hours=1)
"""From here on what comes late says so: less is the ordinary time between two sweeps."""
VERBS: Mapping[RungDeed, str] = {
    RungDeed.FLAG: "flag_overdue",
    RungDeed.REGRADE: "grade_overdue",
    RungDeed.ESCALATE: "escalate_overdue",
    RungDeed.URGE: "urge_overdue",
    RungDeed.REMIND: "remind",
}
"""The verb under which each deed is known, the weightiest first: where several are due at once it gives the name."""


def due_now(limit: Limit, reading: Reading, calendar: Calendar, fired: list[Fired], now: datetime) -> Iterator[Climb]:
    """Everything that is due, in its order; each is taken as done before the next is looked for."""
    while (climb := upcoming(limit, reading, calendar, fired, now)) is not None and climb.planned_at <= now:
        yield climb
        fired.append(Fired(climb.rung.id, climb.nth, climbed_at(reading, now)))


def climbed_at(reading: Reading, now: datetime) -> datetime:
    """When a rung counts as climbed: never before the due instant moved, though the clock that granted it ran ahead of
    this one; else the rung would be due again for ever."""
    return max(now, reading.moved_at or now)


@dataclass(frozen=True)
class Look:
    """A clock as the sweep sees it: its document, its ledger read, and what is due on its ladder."""

    document: Procedure
    states: States
    limit: Limit
    reading: Reading
    climbs: tuple[Climb, ...]


def look(session: Session, clock: Clock, now: datetime) -> Look:
    """Read the clock and ask its ladder; within a batch once for the name of the deed and for the deed itself."""
    return batches.once(session, ("look", clock.id), lambda: _look(session, clock, now))


def _look(session: Session, clock: Clock, now: datetime) -> Look:
    document = procedures.of_clock(session, clock, now)
    states = batches.once(session, ("states", document.code, document.version), lambda: States(session, document))
    limit = timekeeping.limit_of(clock)
    reading, fired = ledger.read(timekeeping.entries_of(clock), limit, states), timekeeping.fired_of(clock, limit)
    return Look(document, states, limit, reading, tuple(due_now(limit, reading, states[reading.calendar], fired, now)))


def climb(act: Act) -> None:
    """Do whatever is due on the ladder of this clock, and say when the sweep shall look again."""
    clock = act.session.get(Clock, int(act.arguments["clock"]))
    if clock is None:
        raise Refused("没有这个时限")
    seen = look(act.session, clock, act.now)
    act.procedure, states, reading = seen.document, seen.states, seen.reading
    calendar = states[reading.calendar]
    act.extra_facts |= {
        "clock": clock.name,
        "due_at": clock.due_at,
        "days_overdue": ledger.days_overdue(reading, act.now, calendar),
    }
    rungs = [_climb(act, clock, each, calendar, climbed_at(reading, act.now)) for each in seen.climbs]
    timekeeping.wake_next(clock, reading, states, rungs, seen.limit)
    act.session.expire(clock, ["rungs"])
    timekeeping.touch(act)


def _climb(act: Act, clock: Clock, climb: Climb, calendar: Calendar, at: datetime) -> ClockRung:
    """Do what one rung asks for, and keep that it was climbed and who was told."""
    told = _do(act, clock, climb, calendar) if _asked_for(act, climb) else None
    row: ClockRung = batches.write(
        act.session,
        ClockRung,
        clock_id=clock.id,
        cycle=clock.cycle,
        rung=climb.rung.id,
        nth=climb.nth,
        planned_at=climb.planned_at,
        fired_at=at,
        told=told,
    )
    return row


def _do(act: Act, clock: Clock, climb: Climb, calendar: Calendar) -> list[str]:
    """Do what the rung asks for; the names of those who were told."""
    before = len(act.notices)
    act.deliver_at = _delivery(act, climb, calendar)
    act.digest = climb.rung.digest
    DEEDS[climb.rung.do](act, clock, climb)
    _say_how_late(act, climb)
    return list(dict.fromkeys(map(notices.told, act.notices[before:])))


def _asked_for(act: Act, climb: Climb) -> bool:
    """Whether the tests of the rung hold; where they do not it passes without effect, and where nobody can say it is
    told for want of what."""
    when = climb.rung.when
    if not when:
        return True
    facts = act.facts()
    if unknown := act.procedure.unanswered(when, facts):
        found = [(name, lookup(name, act.procedure.facts)) for name in unknown]
        labels = [fact.label if fact else name for name, fact in found]
        act.warn(f"{climb.rung.do}未执行,尚不知道:{'、'.join(labels)}")
    return act.procedure.holds(when, facts)


def _delivery(act: Act, climb: Climb, calendar: Calendar) -> datetime | None:
    """When its notices may reach people; nothing means at once."""
    if climb.rung.anytime:
        return None
    at = delivery.deliver_at(act.now, act.procedure.head.delivery, calendar)
    return at if at > act.now else None


def _say_how_late(act: Act, climb: Climb) -> None:
    if climb.late >= NOTABLY:
        again = f",代替其间 {climb.skipped} 次" if climb.skipped else ""
        act.say(f"{climb.rung.do}补发,延迟 {length(climb.late)}{again}")


def _remind(act: Act, clock: Clock, climb: Climb) -> None:
    clock.reminded_at = act.now
    _tell(act, clock, climb, f"{clock.name}将于 {shown(clock.due_at)} 到期")
    act.say(f"{clock.name} {shown(clock.due_at)} 到期")
    if climb.rung.text:
        act.say(filled(climb.rung.text, act.facts()))


def _flag(act: Act, clock: Clock, climb: Climb) -> None:
    """Late: flagged once, told once to each, and what the rules draft is drafted (G-10)."""
    clock.flagged_at, clock.ever_late = act.now, True
    act.counts = act.based = None
    if clock.measure is not None:
        clock.measure.state = MeasureState.OVERDUE
    act.say(f"{clock.name}超期,截止 {shown(clock.due_at)}")
    _tell(act, clock, climb, f"{clock.name}应于 {shown(clock.due_at)} 前完成,已超期")
    if act.complaint is not None:
        assessment.draft_by_rules(act, event="超期")
        classification.lateness_counts(act)


def _urge(act: Act, clock: Clock, climb: Climb) -> None:
    """One urging; an order counts it."""
    clock.urged_at, clock.urge_count = act.now, clock.urge_count + 1
    if clock.order is not None:
        supervision.urge_order(act, clock.order, f"{clock.name}已超期 {act.extra_facts['days_overdue']} 天")
    _tell(act, clock, climb, f"{clock.name}已超期 {act.extra_facts['days_overdue']} 天,请尽快办结")


def _escalate(act: Act, clock: Clock, climb: Climb) -> None:
    late = act.now > clock.due_at
    days = act.extra_facts["days_overdue"]
    text = f"{clock.name}已超期 {days} 天,上报" if late else f"{clock.name}将于 {shown(clock.due_at)} 到期,上报"
    act.say(text)
    _tell(act, clock, climb, text)


def _regrade(act: Act, clock: Clock, climb: Climb) -> None:
    """The grade rises by time; one that already weighs as much stays (G-13)."""
    case, grade = act.case, climb.rung.grade
    if not judging.worse(act.procedure, grade, case.grade):
        return
    classification.regrade(act, judging.raised_to(act.procedure, grade))
    act.say(f"{clock.name}未按时完成,级别升为{grade}")
    _tell(act, clock, climb, f"{clock.name}未按时完成,级别升为{grade}")


DEEDS: Mapping[RungDeed, Callable[[Act, Clock, Climb], None]] = {
    RungDeed.REMIND: _remind,
    RungDeed.FLAG: _flag,
    RungDeed.URGE: _urge,
    RungDeed.ESCALATE: _escalate,
    RungDeed.REGRADE: _regrade,
}


def _tell(act: Act, clock: Clock, climb: Climb, text: str) -> None:
    """Whom the rung names; else as the ``notify`` rows say, and where none speaks, whom the limit names."""
    rung, event = climb.rung, climb.rung.name_of_event
    if not rung.to and notices.by_rules(act, event=event):
        return
    names = _names(act, clock, rung, climb.nth)
    tell(act, clock, event, filled(rung.text, act.facts()) if rung.text else text, names)


def _names(act: Act, clock: Clock, rung: Rung, nth: int) -> tuple[str, ...]:
    row = act.procedure.limit(clock.name)
    return row.recipients(rung, nth) if row else rung.to


def foreseen(act: Act, clock: Clock, rung: Rung, nth: int) -> list[str] | None:
    """Who would be told by this rung as things stand; nothing when its tests do not hold and it would pass."""
    act.verb = VERBS[rung.do]
    more = {"clock": clock.name, "due_at": clock.due_at, "event": rung.name_of_event}
    facts = act.facts(**more, days_overdue=int(not rung.offset.before))
    if rung.when and not act.procedure.holds(rung.when, facts):
        return None
    spoken = [] if rung.to else engine.collect(act.procedure, "notify", facts)
    named = [name for decision in spoken for name in notices.recipients(act, decision.outcome["to"])]
    found = named or [*_owners(clock), *notices.recipients(act, _names(act, clock, rung, nth))]
    return list(dict.fromkeys(map(str, found)))


def tell(act: Act, clock: Clock, event: str, text: str, names: tuple[str, ...]) -> None:
    """A notice to these and to whoever owes the measure."""
    for recipient in dict.fromkeys([*_owners(clock), *notices.recipients(act, names)]):
        notices.send(act, recipient, event, f"{clock.order or clock.measure or act.complaint} {text}")


def _owners(clock: Clock) -> list[notices.Recipient]:
    """Whoever owes a measure, whoever helps."""
    if clock.assignment is not None and clock.assignment.kind == HELPING:
        return [helper(clock.assignment)]
    measure = clock.measure
    return [measure.owner or measure.owner_department.head or measure.owner_department] if measure else []
