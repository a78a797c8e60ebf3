"""The clock ledger: entries in, due instant and status out, with the steps that led there; nothing reads the time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from rules.vocabulary import ClockStatus, Unit
from rules.worktime import Calendar, Moment

LAST_SECOND = time(23, 59, 59)
LONGEST_PAUSE = timedelta(days=30)
HALF_MONTH = 15
MOST = 1_000_000


@dataclass(frozen=True)
class Limit:
    """How long something may take. `from_open` counts from the next working time; `roll` moves a due rest day on."""

    name: str
    amount: int | None
    unit: Unit
    roll: bool = False
    from_open: bool = False
    pausable: bool = True
    remind_share: float = 0.2
    remind_at_least: timedelta = timedelta(minutes=30)

    def __str__(self) -> str:
        if self.unit is Unit.NAMED or self.amount is None:
            return str(self.unit)
        if self.unit is Unit.DAYS and self.amount == 0:
            return "当天"
        return f"{self.amount}{'个' if self.unit in _COUNTED else ''}{self.unit}"


_COUNTED = (Unit.WORKDAYS, Unit.MONTHS, Unit.HOURS, Unit.WORKING_HOURS, Unit.HALF_MONTHS)


@dataclass(frozen=True)
class Due:
    """When something is due; `rest_day` names the day off it falls on."""

    at: datetime
    provisional: bool
    rest_day: str | None
    steps: tuple[str, ...]


class NoDueTime(ValueError):
    """A limit without amount was asked for its due time without naming one."""


class TooFar(ValueError):
    """A limit that is negative, or ends beyond the years that can be computed."""


def due(limit: Limit, started_at: datetime, calendar: Calendar, named: date | datetime | None = None) -> Due:
    """When a limit that starts at that instant is due. A limit of the unit 指定时间 is due at `named`."""
    steps = [f"{show(started_at, calendar)} 起算,{limit}"]
    start = Moment(started_at)
    if limit.from_open and not calendar.is_open(started_at):
        start = calendar.next_open(started_at)
        steps.append(f"非工作时间,自 {show(start.at, calendar)} 起算")
    moment = _computable(limit, start.at, calendar, named)
    rest = rest_day(moment.at, calendar)
    if limit.roll and rest:
        steps.append(f"{show(moment.at, calendar)} 为休息日({rest}),顺延至下一工作日")
        moment = _rolled(moment, calendar)
        rest = None
    provisional = moment.provisional or (start.provisional and limit.from_open)
    steps.append(f"截止 {show(moment.at, calendar)}" + (",暂算:所用年份没有工作日历" if provisional else ""))
    if rest:
        steps.append(f"截止日为休息日({rest}),不顺延")
    return Due(moment.at.astimezone(UTC), provisional, rest, tuple(steps))


def _computable(limit: Limit, start: datetime, calendar: Calendar, named: date | datetime | None) -> Moment:
    if limit.amount is not None and not 0 <= limit.amount <= MOST:
        raise TooFar(str(limit))
    try:
        return _plain_due(limit, start, calendar, named)
    except NoDueTime:
        raise
    except (OverflowError, ValueError) as fault:
        raise TooFar(str(limit)) from fault


def _plain_due(limit: Limit, start: datetime, calendar: Calendar, named: date | datetime | None) -> Moment:
    if limit.unit is Unit.NAMED:
        return Moment(named_instant(named, calendar))
    if limit.amount is None:
        raise NoDueTime(limit.name)
    today = calendar.local(start).date()
    match limit.unit:
        case Unit.MINUTES:
            return Moment(start + timedelta(minutes=limit.amount))
        case Unit.HOURS:
            return Moment(start + timedelta(hours=limit.amount))
        case Unit.WORKING_HOURS:
            return calendar.add_working(start, timedelta(hours=limit.amount))
        case Unit.WORKDAYS:
            return calendar.add_workdays(start, limit.amount)
        case Unit.MONTHS:
            return Moment(calendar.at(months_later(today, limit.amount), LAST_SECOND))
        case Unit.HALF_MONTHS:
            return Moment(calendar.at(today + timedelta(days=HALF_MONTH * limit.amount), LAST_SECOND))
        case _:
            return Moment(calendar.at(today + timedelta(days=limit.amount), LAST_SECOND))


def named_instant(named: date | datetime | None, calendar: Calendar) -> datetime:
    """A named instant as it is; a named day ends at its last second."""
    if named is None:
        raise NoDueTime("指定时间")
    if isinstance(named, datetime):
        return named
    return calendar.at(named, LAST_SECOND)


def months_later(day: date, months: int) -> date:
    """The same day number so many months later, or the last day of that month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), after - timedelta(days=1))


def _rolled(moment: Moment, calendar: Calendar) -> Moment:
    local = calendar.local(moment.at)
    day, provisional = calendar.nth_workday(local.date(), 1)
    return Moment(calendar.at(day, local.time()), moment.provisional or provisional)


def rest_day(instant: datetime, calendar: Calendar) -> str | None:
    """The name of the day off on which the instant lies; None on a workday."""
    day = calendar.local(instant).date()
    return None if calendar.is_workday(day) else calendar.name_of(day)


def show(instant: datetime, calendar: Calendar) -> str:
    return calendar.local(instant).strftime("%Y-%m-%d %H:%M:%S")


class EntryKind(StrEnum):
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    MEET = "meet"
    REOPEN = "reopen"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Entry:
    """One line of the ledger. `until` is the instant (or day) named by a start, an extension or a reopening; `amount`
    is the number the case itself gives where the document leaves it open."""

    kind: EntryKind
    at: datetime
    until: date | datetime | None = None
    reason: str | None = None
    amount: int | None = None


@dataclass(frozen=True)
class Reading:
    """What the ledger says now: of the present cycle, except `original_due_at`, which is what was promised first."""

    due_at: datetime | None = None
    original_due_at: datetime | None = None
    started_at: datetime | None = None
    provisional: bool = False
    rest_day: str | None = None
    paused_at: datetime | None = None
    done_at: datetime | None = None
    cancelled: bool = False
    cycle: int = 0
    remind_at: datetime | None = None
    steps: tuple[str, ...] = ()

    @property
    def pause_ends_at(self) -> datetime | None:
        """When a pause has lasted as long as it may."""
        return self.paused_at + LONGEST_PAUSE if self.paused_at else None


class BadLedger(ValueError):
    """Entries that make no sense in their order, such as a resumption without a pause."""


def read(entries: Iterable[Entry], limit: Limit, calendar: Calendar) -> Reading:
    """The reading of a ledger. Raises BadLedger when an entry cannot follow the one before."""
    reading = Reading()
    for entry in entries:
        reading = _READERS[EntryKind(entry.kind)](reading, entry, limit, calendar)
    if reading.due_at and reading.started_at:
        reading = replace(reading, remind_at=remind_at(limit, reading.started_at, reading.due_at))
    return reading


def remind_at(limit: Limit, started_at: datetime, due_at: datetime) -> datetime:
    """When to remind: the last share of the limit, at least so long before, never before it started."""
    left = max((due_at - started_at) * limit.remind_share, limit.remind_at_least)
    return max(due_at - left, started_at)


def _started(reading: Reading, entry: Entry, limit: Limit, calendar: Calendar) -> Reading:
    if entry.amount is not None:
        limit = replace(limit, amount=entry.amount)
    if entry.until is not None:
        limit = replace(limit, unit=Unit.NAMED)
    found = due(limit, entry.at, calendar, entry.until)
    return replace(
        reading,
        due_at=found.at,
        original_due_at=reading.original_due_at or found.at,
        started_at=entry.at,
        provisional=found.provisional,
        rest_day=found.rest_day,
        paused_at=None,
        done_at=None,
        cycle=reading.cycle + 1,
        steps=(*reading.steps, *found.steps),
    )


def _start(reading: Reading, entry: Entry, limit: Limit, calendar: Calendar) -> Reading:
    if reading.cycle:
        raise BadLedger("时限已经启动,再次启动应记为重新计时")
    return _started(reading, entry, limit, calendar)


def _reopen(reading: Reading, entry: Entry, limit: Limit, calendar: Calendar) -> Reading:
    _running(reading, "重新计时")
    noted = _noted(reading, f"{show(entry.at, calendar)} 重新计时(第{reading.cycle + 1}轮){_why(entry)}")
    return _started(replace(noted, cancelled=False), entry, limit, calendar)


def _pause(reading: Reading, entry: Entry, limit: Limit, calendar: Calendar) -> Reading:
    _running(reading, "挂起")
    if reading.paused_at or reading.done_at:
        raise BadLedger("已挂起或已完成的时限不能挂起")
    if not limit.pausable:
        return _noted(reading, f"{show(entry.at, calendar)} 挂起{_why(entry)},本时限不因此停止")
    return _noted(replace(reading, paused_at=entry.at), f"{show(entry.at, calendar)} 挂起{_why(entry)}")


def _resume(reading: Reading, entry: Entry, limit: Limit, calendar: Calendar) -> Reading:
    if not limit.pausable:
        return _noted(reading, f"{show(entry.at, calendar)} 恢复")
    due_at, paused_at = _running(reading, "恢复"), reading.paused_at
    if paused_at is None:
        raise BadLedger("没有挂起的时限不能恢复")
    resumed = replace(reading, paused_at=None)
    if paused_at > due_at:  # it was already late: a pause does not make it less so
        return _noted(resumed, f"{show(entry.at, calendar)} 恢复,挂起时已超期,截止不变")
    moment = _frozen(limit, due_at, paused_at, entry.at, calendar)
    resumed = replace(
        resumed,
        due_at=moment.at.astimezone(UTC),
        provisional=reading.provisional or moment.provisional,
        rest_day=rest_day(moment.at, calendar),
    )
    return _noted(resumed, f"{show(entry.at, calendar)} 恢复,剩余时间续计,截止 {show(moment.at, calendar)}")


def _frozen(limit: Limit, due_at: datetime, paused_at: datetime, resumed_at: datetime, calendar: Calendar) -> Moment:
    """The new due time: what was left when it stopped, added again when it goes on, in the limit's own kind of time."""
    if limit.unit is Unit.WORKING_HOURS:
        return calendar.add_working(resumed_at, calendar.elapsed(paused_at, due_at))
    if limit.unit is Unit.WORKDAYS:
        days, _ = calendar.workdays_between(calendar.local(paused_at).date(), calendar.local(due_at).date())
        if days:
            return calendar.add_workdays(resumed_at, days)
        opened = calendar.next_open(resumed_at)  # stopped on its last day: it has the rest of one workday
        return Moment(calendar.close_of(calendar.local(opened.at).date()), opened.provisional)
    return Moment(due_at + (resumed_at - paused_at))


def _extend(reading: Reading, entry: Entry, limit: Limit, calendar: Calendar) -> Reading:
    _running(reading, "延期")
    until = named_instant(entry.until, calendar).astimezone(UTC)
    extended = replace(reading, due_at=until, provisional=False, rest_day=rest_day(until, calendar))
    return _noted(extended, f"{show(entry.at, calendar)} 延期至 {show(until, calendar)}{_why(entry)}")


def _meet(reading: Reading, entry: Entry, limit: Limit, calendar: Calendar) -> Reading:
    _running(reading, "完成")
    if reading.done_at:
        return reading
    return _noted(replace(reading, done_at=entry.at, paused_at=None), f"{show(entry.at, calendar)} 完成")


def _cancel(reading: Reading, entry: Entry, limit: Limit, calendar: Calendar) -> Reading:
    return _noted(replace(reading, cancelled=True, paused_at=None), f"{show(entry.at, calendar)} 取消{_why(entry)}")


_READERS = {
    EntryKind.START: _start,
    EntryKind.PAUSE: _pause,
    EntryKind.RESUME: _resume,
    EntryKind.EXTEND: _extend,
    EntryKind.MEET: _meet,
    EntryKind.REOPEN: _reopen,
    EntryKind.CANCEL: _cancel,
}


def _running(reading: Reading, what: str) -> datetime:
    if reading.due_at is None:
        raise BadLedger(f"没有启动的时限不能{what}")
    return reading.due_at


def _noted(reading: Reading, step: str) -> Reading:
    return replace(reading, steps=(*reading.steps, step))


def _why(entry: Entry) -> str:
    return f"({entry.reason})" if entry.reason else ""


def status(reading: Reading, now: datetime) -> ClockStatus:
    """Where the clock stands. At the exact due second it is not overdue."""
    if reading.cancelled:
        return ClockStatus.CANCELLED
    due_at = reading.due_at
    if reading.done_at:
        return ClockStatus.MET if due_at is None or reading.done_at <= due_at else ClockStatus.MET_LATE
    if reading.paused_at and (due_at is None or reading.paused_at <= due_at):
        return ClockStatus.PAUSED
    return ClockStatus.OVERDUE if due_at is not None and now > due_at else ClockStatus.RUNNING


LATE: Sequence[ClockStatus] = (ClockStatus.OVERDUE, ClockStatus.MET_LATE)


def days_overdue(reading: Reading, now: datetime, calendar: Calendar | None = None) -> int:
    """超期天数: local dates between, at least 1 once late; of a thing done, as late as it was done. 0 when in time."""
    if status(reading, now) not in LATE or reading.due_at is None:
        return 0
    zone = (calendar or Calendar()).zone
    until = (reading.done_at or now).astimezone(zone).date()
    return max(1, (until - reading.due_at.astimezone(zone).date()).days)
