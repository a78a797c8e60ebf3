"""The ladder of a limit: what is to be done when, before and after the due instant, each once in a cycle of the clock.

A rung before the due instant is climbed once in a cycle, and once more after an extension gave more time. A rung after
it belongs to the lateness: when the due instant has moved behind what was done (an extension asked for in time and
granted afterwards), it may be climbed again. A reminder lapses at the due instant: what comes then is the flag.

After a time without sweep every rung that was missed is climbed once, in the order in which it was due, and says how
late it is. One that repeats is climbed once for all the times that it missed, and says how many it skipped; the next
time is counted from that climb (G-10: one urging at the first run, one more every 24 hours).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from rules.lengths import Length, natural_length
from rules.limits import Limit
from rules.readings import Cycle, Reading
from rules.rungs import Rung
from rules.vocabulary import RungDeed, Unit
from rules.worktime import Calendar, Moment

A_MOMENT = timedelta(seconds=1)
"""Late is *after* the due instant (G-10): the first rung behind it stands one second later."""
MOST_SKIPPED = 10_000


@dataclass(frozen=True)
class Fired:
    """A rung that was climbed in this cycle: which time, and when."""

    rung: str
    nth: int
    at: datetime


@dataclass(frozen=True)
class Climb:
    """The next thing to do: when it was planned; how late that is now, and how many repetitions it stands for."""

    rung: Rung
    nth: int
    planned_at: datetime
    provisional: bool = False
    late: timedelta = timedelta()
    skipped: int = 0


def upcoming(limit: Limit, reading: Reading, calendar: Calendar, fired: Iterable[Fired], now: datetime) -> Climb | None:
    """The one next thing: to be done now when it was planned for now or before, else to wait for.

    Nothing while the clock stands still, and nothing once the promise was kept, handed on or given up.
    """
    found = min(_open(limit, reading, calendar, tuple(fired), now), key=attrgetter("planned_at"), default=None)
    if found is None or found.planned_at > now:
        return found
    skipped = _skipped(found, calendar, now)
    return Climb(found.rung, found.nth, found.planned_at, found.provisional, now - found.planned_at, skipped)


def coming(limit: Limit, reading: Reading, calendar: Calendar, fired: Iterable[Fired], now: datetime) -> list[Climb]:
    """What is still to be done in this cycle if nothing changes, by time; of a rung that repeats the next time only."""
    return sorted(_open(limit, reading, calendar, tuple(fired), now), key=attrgetter("planned_at"))


def planned(rung: Rung, limit: Limit, reading: Reading, calendar: Calendar) -> Moment:
    """When a rung is climbed for the first time."""
    cycle = reading.cycles[-1]
    offset = rung.offset
    if not offset.before:
        after = _after(cycle.due_at, offset.length, calendar)
        return Moment(max(after.at, cycle.due_at + A_MOMENT), after.provisional)
    before = _share_left(offset.share, limit, cycle, calendar) if offset.share is not None else None
    before = before or _before(cycle.due_at, offset.length, calendar)
    at_least = natural_length(rung.at_least) if rung.at_least else timedelta()
    return Moment(max(cycle.started_at, min(before.at, cycle.due_at - at_least)), before.provisional)


def _share_left(share: float, limit: Limit, cycle: Cycle, calendar: Calendar) -> Moment:
    """When that share of the limit is left, in the limit's own kind of time; what stood still is no part of it."""
    if not limit.counts_working_time:
        return Moment(cycle.due_at - cycle.used(cycle.due_at, calendar) * share)
    return calendar.before_working(cycle.due_at, cycle.used(cycle.due_at, calendar, working=True) * share)


def _before(instant: datetime, length: Length, calendar: Calendar) -> Moment:
    """So long before: of workdays the opening of the n-th one before the instant's day, which itself never counts."""
    if length.natural is not None:
        return Moment(instant - length.natural)
    if length.unit is Unit.WORKING_HOURS:
        return calendar.before_working(instant, timedelta(hours=length.number))
    day, provisional = calendar.nth_workday_before(calendar.local(instant).date(), length.number)
    return Moment(calendar.opening_of(day), provisional)


def _after(instant: datetime, length: Length, calendar: Calendar) -> Moment:
    """So long after: of workdays the end of the n-th one after the instant's day, as limits count them (G-07)."""
    if length.natural is not None:
        return Moment(instant + length.natural)
    if length.unit is Unit.WORKING_HOURS:
        return calendar.add_working(instant, timedelta(hours=length.number))
    return calendar.add_workdays(instant, length.number)


def _repeated(last: datetime, every: Length, calendar: Calendar) -> Moment:
    """The next time of what repeats: of workdays at the same hour."""
    if every.unit is not Unit.WORKDAYS:
        return _after(last, every, calendar)
    local = calendar.local(last)
    day, provisional = calendar.nth_workday(local.date(), every.number)
    return Moment(calendar.at(day, local.time()), provisional)


def _open(
    limit: Limit, reading: Reading, calendar: Calendar, fired: tuple[Fired, ...], now: datetime
) -> Iterator[Climb]:
    """What is still to be climbed in this cycle, each rung with its next time."""
    if not reading.cycles or reading.ended_at or reading.paused_at:
        return
    due_at = reading.cycles[-1].due_at
    for rung in limit.rungs:
        if rung.do is RungDeed.REMIND and rung.offset.before and now > due_at:
            continue
        every = [one for one in fired if one.rung == rung.id]
        valid = [one for one in every if _still_counts(rung, one, reading, due_at)]
        nth = max((one.nth for one in every), default=0) + 1
        if not valid:
            moment = planned(rung, limit, reading, calendar)
        elif rung.every and (rung.times == 0 or len(valid) < rung.times):
            moment = _repeated(max(one.at for one in valid), rung.every_length, calendar)
        else:
            continue
        lapses = rung.do is RungDeed.REMIND and rung.offset.before and moment.at > due_at
        if not lapses:
            yield Climb(rung, nth, moment.at, moment.provisional)


def _still_counts(rung: Rung, fired: Fired, reading: Reading, due_at: datetime) -> bool:
    """Whether what was done counts for the due instant as it is now."""
    if rung.offset.before:
        return reading.moved_at is None or fired.at >= reading.moved_at
    return fired.at > due_at


def _skipped(climb: Climb, calendar: Calendar, now: datetime) -> int:
    """How many further times of a repeated rung have passed as well."""
    if not climb.rung.every:
        return 0
    every = climb.rung.every_length
    if every.natural:
        return (now - climb.planned_at) // every.natural
    count, moment = 0, _repeated(climb.planned_at, every, calendar)
    while moment.at <= now and count < MOST_SKIPPED:
        count, moment = count + 1, _repeated(moment.at, every, calendar)
    return count
