"""The clock ledger: entries in, due instant and status out, with the steps that led there; nothing reads the time.

The reading is a function of the entries, the limit and the states of the calendar that the entries name. What was
late stays late: a pause, an extension asked for or another calendar that comes after the due instant moves nothing, and
what an earlier cycle did stays in `cycles` whatever follows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from rules import steps
from rules.limits import Due as Due
from rules.limits import Limit as Limit
from rules.limits import NoDueTime as NoDueTime
from rules.limits import TooFar as TooFar
from rules.limits import due as due
from rules.limits import named_instant, rest_day
from rules.readings import LATE as LATE
from rules.readings import Cycle, Pause, remind_at
from rules.readings import EntryKind as EntryKind
from rules.readings import Reading as Reading
from rules.readings import days_overdue as days_overdue
from rules.readings import remaining as remaining
from rules.readings import status as status
from rules.vocabulary import Unit
from rules.worktime import Calendar, Moment


@dataclass(frozen=True)
class Entry:
    """One line of the ledger.

    `until` is the instant (or day) named by a start, an extension or a reopening, and of a pause when it ends by
    itself; `amount` is the number the case itself gives where the document leaves it open; `by` approved a pause or an
    extension, `to` is the department that a transfer goes to, `calendar` the state of the calendar that counts from
    here on, and `asked_at` when an extension was asked for: after the due instant is too late, and moves nothing.
    """

    kind: EntryKind
    at: datetime
    until: date | datetime | None = None
    reason: str | None = None
    amount: int | None = None
    by: str = ""
    to: str = ""
    calendar: int | None = None
    asked_at: datetime | None = None

    @classmethod
    def of(
        cls, kind: str, at: datetime, until: date | datetime | None, reason: str | None, data: Mapping[str, Any]
    ) -> "Entry":
        """The entry that a stored line says; `data` is what has no column of its own."""
        asked = data.get("asked_at")
        return cls(
            EntryKind(kind),
            at,
            until,
            reason or None,
            data.get("amount"),
            data.get("approver", ""),
            data.get("to", ""),
            data.get("calendar"),
            datetime.fromisoformat(asked) if asked else None,
        )

    def data(self) -> dict[str, Any]:
        """What of the entry has no column of its own."""
        values = {
            "amount": self.amount,
            "approver": self.by,
            "to": self.to,
            "calendar": self.calendar,
            "asked_at": self.asked_at.isoformat() if self.asked_at else None,
        }
        return {name: value for name, value in values.items() if value not in (None, "")}


class BadLedger(ValueError):
    """Entries that make no sense in their order, such as a resumption without a pause."""


Calendars = Calendar | Mapping[int, Calendar]


def read(entries: Iterable[Entry], limit: Limit, calendars: Calendars) -> Reading:
    """The reading of a ledger; `calendars` are the states that its entries name, 0 where they name none.

    Raises BadLedger when an entry cannot follow the one before.
    """
    fold = _Fold(limit, calendars)
    for entry in entries:
        fold.take(entry)
    return fold.result()


class _Fold:
    """A ledger that is read line by line; the lines of the present cycle are kept, to count them again."""

    def __init__(self, limit: Limit, calendars: Calendars) -> None:
        self.limit = limit
        self.calendars = calendars
        self.reading = Reading()
        self.lines: list[Entry] = []
        self.pauses: tuple[Pause, ...] = ()
        self.promised_at: datetime | None = None
        self.extended = False
        self.granted: frozenset[Entry] = frozenset()
        self.to = ""

    @property
    def calendar(self) -> Calendar:
        return self.calendars if isinstance(self.calendars, Calendar) else self.calendars[self.reading.calendar]

    def take(self, entry: Entry) -> None:
        kind = EntryKind(entry.kind)
        if kind not in (EntryKind.START, EntryKind.CANCEL) and self.reading.due_at is None:
            raise BadLedger(f"没有启动的时限不能{_DEEDS[kind]}")
        if kind in (EntryKind.START, EntryKind.CALENDAR) and entry.calendar is not None:
            self._look_up(entry.calendar)
        _READERS[kind](self, entry)
        if kind is not EntryKind.REOPEN:
            self.lines.append(entry)

    def _look_up(self, version: int) -> None:
        if not isinstance(self.calendars, Calendar) and version not in self.calendars:
            raise BadLedger(f"没有第 {version} 版工作日历")

    def result(self) -> Reading:
        reading = self.reading
        if reading.due_at is None or reading.started_at is None:
            return reading
        return replace(
            reading,
            remind_at=remind_at(self.limit, reading.started_at, reading.due_at),
            cycles=(*reading.cycles, self.cycle()),
        )

    def cycle(self) -> Cycle:
        """The present cycle as it stands."""
        reading = self.reading
        if reading.due_at is None or reading.started_at is None or self.promised_at is None:
            raise BadLedger("时限没有启动")
        ending = (
            (EntryKind.MEET if reading.done_at else None)
            or (EntryKind.TRANSFER if reading.transferred_at else None)
            or (EntryKind.CANCEL if reading.cancelled_at else None)
        )
        return Cycle(
            reading.cycle,
            reading.started_at,
            reading.due_at,
            self.promised_at,
            self.plain_due() if self.extended else reading.due_at,
            reading.ended_at,
            ending,
            self.to,
            self.pauses,
        )

    def again(self, lines: Iterable[Entry], calendars: Calendars, version: int = 0) -> "_Fold":
        """The present cycle from its start, with these lines."""
        fold = _Fold(self.limit, calendars)
        for line in lines:
            first = line.kind is EntryKind.REOPEN
            fold.take(replace(line, kind=EntryKind.START, calendar=version) if first else line)
        return fold

    def plain_due(self) -> datetime:
        """When the present cycle would be due without its extensions."""
        plain = [line for line in self.lines if line.kind is not EntryKind.EXTEND]
        found = self.again(plain, self.calendars, self.opened_with).reading.due_at
        if found is None:
            raise BadLedger("时限没有启动")
        return found

    opened_with = 0
    """The state of the calendar with which the present cycle began."""

    def note(self, *told: str, **changes: Any) -> None:
        self.reading = replace(self.reading, steps=(*self.reading.steps, *told), **changes)


def counted(limit: Limit, entry: Entry) -> Limit:
    """The limit with what the case itself gave when it started: a number, or the instant that was named."""
    if entry.amount is not None:
        limit = replace(limit, amount=entry.amount)
    return replace(limit, unit=Unit.NAMED) if entry.until is not None else limit


def _open(fold: _Fold, entry: Entry) -> None:
    limit = counted(fold.limit, entry)
    version = fold.reading.calendar if entry.calendar is None else entry.calendar
    calendar = fold.calendars if isinstance(fold.calendars, Calendar) else fold.calendars[version]
    fold.opened_with = version
    found = due(limit, entry.at, calendar, entry.until)
    fold.promised_at, fold.pauses, fold.extended, fold.granted, fold.to = found.at, (), False, frozenset(), ""
    fold.note(
        *found.steps,
        calendar=version,
        due_at=found.at,
        original_due_at=fold.reading.original_due_at or found.at,
        started_at=entry.at,
        provisional=found.provisional,
        rest_day=found.rest_day,
        cycle=fold.reading.cycle + 1,
        paused_at=None,
        pause_until=None,
        done_at=None,
        transferred_at=None,
        moved_at=None,
        cancelled=False,
        cancelled_at=None,
    )


def _start(fold: _Fold, entry: Entry) -> None:
    if fold.reading.cycle:
        raise BadLedger("时限已经启动,再次启动应记为重新计时")
    _open(fold, entry)


def _reopen(fold: _Fold, entry: Entry) -> None:
    reading = fold.reading
    ended = fold.cycle() if reading.ended_at else replace(fold.cycle(), ended_at=entry.at, ending=EntryKind.REOPEN)
    reason = steps.why(entry.reason, entry.by)
    fold.note(steps.reopened(entry.at, reading.cycle + 1, reason, fold.calendar), cycles=(*reading.cycles, ended))
    _open(fold, entry)
    fold.lines = [entry]


def _pause(fold: _Fold, entry: Entry) -> None:
    reading, why = fold.reading, steps.why(entry.reason, entry.by)
    if reading.paused_at or reading.ended_at:
        raise BadLedger("已挂起或已完成的时限不能挂起")
    if not fold.limit.pausable:
        fold.note(steps.not_paused(entry.at, why, fold.calendar))
        return
    until = entry.until if entry.until is not None else entry.at + fold.limit.longest_pause
    fold.pauses = (*fold.pauses, Pause(entry.at, None, entry.reason or "", entry.by))
    fold.note(
        steps.paused(entry.at, why, fold.calendar),
        paused_at=entry.at,
        pause_until=named_instant(until, fold.calendar).astimezone(UTC),
    )


def _resume(fold: _Fold, entry: Entry) -> None:
    if not fold.limit.pausable:
        fold.note(steps.went_on(entry.at, fold.calendar))
        return
    reading, calendar = fold.reading, fold.calendar
    due_at, paused_at = reading.due_at, reading.paused_at
    if paused_at is None or due_at is None:
        raise BadLedger("没有挂起的时限不能恢复")
    fold.pauses = (*fold.pauses[:-1], replace(fold.pauses[-1], until=entry.at))
    if paused_at > due_at:  # it was already late: a pause does not make it less so
        fold.note(steps.resumed_late(entry.at, calendar), paused_at=None, pause_until=None)
        return
    moment = _frozen(fold.limit, due_at, paused_at, entry.at, calendar)
    told = [steps.resumed(entry.at, entry.at - paused_at, moment.at, calendar)]
    if fold.limit.counts_working_time:
        told.extend(steps.rests(max(due_at, entry.at), moment.at, calendar))
    fold.note(
        *told,
        paused_at=None,
        pause_until=None,
        due_at=moment.at.astimezone(UTC),
        provisional=reading.provisional or moment.provisional,
        rest_day=rest_day(moment.at, calendar),
    )


def _frozen(limit: Limit, due_at: datetime, paused_at: datetime, resumed_at: datetime, calendar: Calendar) -> Moment:
    """The new due time: what was left when it stopped, added again when it goes on, in the limit's own kind of time."""
    if limit.unit is Unit.WORKDAYS and limit.rolling_hours:
        clock = calendar.round_the_clock
        return clock.add_working(resumed_at, clock.elapsed(paused_at, due_at))
    if limit.unit is Unit.WORKDAYS:
        days, _ = calendar.workdays_between(calendar.local(paused_at).date(), calendar.local(due_at).date())
        return calendar.add_workdays(resumed_at, days)  # stopped on its last day, it has the rest of one workday
    if limit.counts_working_time:
        return calendar.add_working(resumed_at, calendar.elapsed(paused_at, due_at))
    return Moment(due_at + (resumed_at - paused_at))


def _extend(fold: _Fold, entry: Entry) -> None:
    reading, calendar = fold.reading, fold.calendar
    until = named_instant(entry.until, calendar, fold.limit, entry.at).astimezone(UTC)
    if reading.due_at is None or until <= reading.due_at:
        fold.note(steps.not_later(entry.at, until, calendar))
        return
    if entry.asked_at is not None and entry.asked_at > reading.due_at:
        fold.note(steps.not_extended(entry.at, calendar))
        return
    fold.extended, fold.granted = True, fold.granted | {entry}
    fold.note(
        steps.extended(entry.at, until, steps.why(entry.reason, entry.by), calendar),
        due_at=until,
        provisional=False,
        rest_day=rest_day(until, calendar),
        moved_at=entry.at,
    )


def _calendar(fold: _Fold, entry: Entry) -> None:
    """Another state of the calendar: what runs and is not late is counted again from its start with the new state.

    What was granted stays granted, though the new state might have had it asked for too late; and nothing becomes late
    by it: a due instant before now, or before the pause that stands, is not moved back to.
    """
    reading, version = fold.reading, entry.calendar or 0
    before = reading.due_at
    fold.reading = replace(reading, calendar=version)
    if reading.ended_at or before is None:
        return
    if entry.at > before and not (reading.paused_at and reading.paused_at <= before):
        fold.note(steps.not_moved_late(entry.at, version, fold.calendar))
        return
    lines = [
        replace(line, calendar=None, asked_at=None if line in fold.granted else line.asked_at)
        for line in fold.lines
        if line.kind is not EntryKind.CALENDAR
    ]
    found = fold.again(lines, fold.calendar).reading
    if found.due_at is None or found.due_at < min(before, reading.paused_at or entry.at):
        fold.note(steps.not_moved_back(entry.at, found.due_at or before, version, fold.calendar))
        return
    fold.note(
        steps.moved(entry.at, before, found.due_at, version, fold.calendar),
        due_at=found.due_at,
        provisional=found.provisional,
        rest_day=found.rest_day,
        moved_at=entry.at if found.due_at > before else reading.moved_at,
    )


def _meet(fold: _Fold, entry: Entry) -> None:
    if fold.reading.ended_at:
        return
    if fold.reading.paused_at:
        _resume(fold, entry)
    due_at = fold.reading.due_at
    late = entry.at - due_at if due_at and entry.at > due_at else None
    told = steps.met_late(entry.at, late, fold.calendar) if late else steps.met(entry.at, fold.calendar)
    fold.note(told, done_at=entry.at)


def _transfer(fold: _Fold, entry: Entry) -> None:
    if fold.reading.ended_at:
        raise BadLedger("已结束的时限不能移交")
    fold.to = entry.to
    used = fold.cycle().used(entry.at, fold.calendar)
    told = steps.transferred(entry.at, entry.to, used, fold.calendar)
    fold.note(told, transferred_at=entry.at, paused_at=None, pause_until=None)


def _cancel(fold: _Fold, entry: Entry) -> None:
    if fold.reading.ended_at:
        return
    told = steps.cancelled(entry.at, steps.why(entry.reason, entry.by), fold.calendar)
    fold.note(told, cancelled=True, cancelled_at=entry.at, paused_at=None, pause_until=None)


_READERS: Mapping[EntryKind, Callable[[_Fold, Entry], None]] = {
    EntryKind.START: _start,
    EntryKind.PAUSE: _pause,
    EntryKind.RESUME: _resume,
    EntryKind.EXTEND: _extend,
    EntryKind.TRANSFER: _transfer,
    EntryKind.MEET: _meet,
    EntryKind.REOPEN: _reopen,
    EntryKind.CANCEL: _cancel,
    EntryKind.CALENDAR: _calendar,
}
_DEEDS: Mapping[EntryKind, str] = {
    EntryKind.PAUSE: "挂起",
    EntryKind.RESUME: "恢复",
    EntryKind.EXTEND: "延期",
    EntryKind.TRANSFER: "移交",
    EntryKind.MEET: "完成",
    EntryKind.REOPEN: "重新计时",
    EntryKind.CALENDAR: "改用另一版日历",
}
