"""工作日历: days on which the organisation works or rests otherwise than the official calendar says (G-02, G-03).

Each change is a new state of the calendar. What it moves is told before it moves, as warnings that a person passes;
then each open clock that moves gets a line in its ledger, its case a line in its history, and who must be quicker a
notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from models import CalendarDay, CalendarVersion, Clock, Event
from rules import clocks as ledger
from rules.clocks import Entry, EntryKind
from rules.hours import BadInterval, parse_intervals
from rules.worktime import Calendar, Day, days_as_json, days_from_json, official
from workflow import calendars, history, notices, procedures, timekeeping
from workflow.access import SYSTEM
from workflow.act import Act, shown
from workflow.arguments import SHANGHAI, Argument
from workflow.calendars import States
from workflow.errors import Refused
from workflow.organisation import check_seen
from workflow.registry import perform, verb

REST, WORK, OFFICIAL = "休息", "上班", "按国家日历"
OWN, STATE = "企业", "国家"
AT_ONCE = 500
MOST_TOLD = 30
LONGEST_RANGE = 366
NEXT = -1
"""The number of the state that would be, while nothing is written."""


@dataclass(frozen=True)
class Change:
    """What would be different: the years with official data, all own days, and the days from the first to the last."""

    years: tuple[int, ...]
    days: Mapping[str, Mapping[str, Any]]
    first: date
    last: date


@dataclass(frozen=True)
class Move:
    """An open clock that the change moves."""

    clock: Clock
    before: datetime
    after: datetime
    was_provisional: bool
    is_provisional: bool

    @property
    def is_felt(self) -> bool:
        """Whether anything is different now; a clock that stands still may only count otherwise when it goes on."""
        return self.before != self.after or self.was_provisional != self.is_provisional

    def __str__(self) -> str:
        known = ",不再是暂算" if self.was_provisional and not self.is_provisional else ""
        moved = f"截止由 {shown(self.before)} 改为 {shown(self.after)}" if self.before != self.after else "截止不变"
        return f"{self.clock.complaint} {self.clock.name} {moved}{known}"


class _Foreseen(Mapping[int, Calendar]):
    """The states of the calendar, and the one that would be."""

    def __init__(self, states: States, change: Change) -> None:
        self.states, head = states, states.head
        following = official().counting(head.calendar).state(change.years, change.days)
        self.next = following.with_intervals(head.intervals)

    def __getitem__(self, number: int) -> Calendar:
        return self.next if number == NEXT else self.states[number]

    def __iter__(self) -> Iterator[int]:
        return iter([*self.states, NEXT])

    def __len__(self) -> int:
        return len(self.states) + 1


def preview(session: Session, change: Change, now: datetime) -> Iterator[Move]:
    """What would move, oldest clock first; nothing is written. Only clocks whose time runs over the changed days are
    looked at, page by page."""
    foreseen: dict[tuple[str, int], _Foreseen] = {}
    last = 0
    while clocks := _open_clocks(session, change, last, now):
        for clock in clocks:
            case = clock.complaint
            if case is None:  # a measure of no case is due on the day that was named, which no calendar moves
                continue
            document = (case.procedure_code, case.procedure_version)
            if document not in foreseen:
                foreseen[document] = _Foreseen(States(session, procedures.version(session, *document)), change)
            move = _move(clock, foreseen[document], now)
            if move is not None:
                yield move
        last = clocks[-1].id


def _open_clocks(session: Session, change: Change, last: int, now: datetime) -> list[Clock]:
    first, end = (datetime.combine(day, datetime.min.time(), SHANGHAI) for day in (change.first, change.last))
    query = (
        select(Clock)
        .where(Clock.id > last, Clock.done_at.is_(None), Clock.cancelled_at.is_(None), Clock.transferred_at.is_(None))
        .where(Clock.started_at < end + timedelta(days=1))
        .where(or_(Clock.due_at >= max(first, now), Clock.paused_at.is_not(None)))
    )
    options = (selectinload(Clock.entries), selectinload(Clock.rungs), selectinload(Clock.complaint))
    return list(session.scalars(query.order_by(Clock.id).limit(AT_ONCE).options(*options)))


def _move(clock: Clock, calendars_: _Foreseen, now: datetime) -> Move | None:
    entries, limit = timekeeping.entries_of(clock), timekeeping.limit_of(clock)
    reading = ledger.read([*entries, Entry(EntryKind.CALENDAR, now, calendar=NEXT)], limit, calendars_)
    if reading.due_at is None:
        return None
    move = Move(clock, clock.due_at, reading.due_at, clock.provisional, reading.provisional)
    return move if move.is_felt or clock.paused_at is not None else None


def change_of(session: Session, days: Mapping[date, Day | None], *, years: tuple[int, ...] = ()) -> Change:
    """The newest state with these days (nothing: as the official calendar has it) and years more."""
    known, own = _newest(session)
    now_own = {day: entry for day, entry in own.items() if day not in days}
    now_own |= {day: entry for day, entry in days.items() if entry is not None}
    span = [*days, *(date(year, month, 1) for year in years for month in (1, 12)), *(date(y, 12, 31) for y in years)]
    return Change(tuple(sorted({*known, *years})), days_as_json(now_own), min(span), max(span))


def _newest(session: Session) -> tuple[tuple[int, ...], dict[date, Day]]:
    number = calendars.newest(session)
    row = session.get(CalendarVersion, number) if number else None
    return (tuple(row.years), days_from_json(row.days)) if row else (calendars.FIRST_YEARS, {})


def new_years(session: Session) -> list[int]:
    """Official years that came with the product and that the newest state does not know yet."""
    known, _ = _newest(session)
    return sorted(official().years - set(known))


@verb(
    "set_calendar",
    label="登记工作日历",
    group="设置",
    needs_case=False,
    guard="never",
    who=("系统管理员",),
    arguments=(
        Argument("version", "版次", "hidden", default=lambda act: calendars.newest(act.session)),
        Argument("day", "日期", "date"),
        Argument("until", "至", "date", help="只有一天就不填"),
        Argument("what", "这一天", "choice", options=(REST, WORK, OFFICIAL)),
        Argument("intervals", "当天工作时段", "text", help="半天或与平时不同时填,如 09:00-12:00;几段用顿号隔开"),
        Argument("name", "名称", "text", longest=40, help="如 公司成立日、防汛值班"),
        Argument("year", "年份", "number", minimum=2000, maximum=2100, help="采用某一年的国家日历时填,不必填日期"),
        Argument("days", "全年安排", "json", help="某一年的国家日历:日期、是否上班、名称"),
    ),
)
def set_calendar(act: Act) -> None:
    """A day works or rests otherwise, or an official year arrives; open clocks that it moves are told of first.

    按国家日历 takes an entry away. A year without days is the official one that came with the product.
    """
    check_seen(act, calendars.newest(act.session), "工作日历")
    days, years, source = _asked(act)
    change = change_of(act.session, days, years=years)
    moves = list(preview(act.session, change, act.now))
    version = _write(act, change, days, source)
    _warn(act, moves)
    for move in moves:
        _apply(act, move, version)
    act.say(f"工作日历第 {version.id} 版" + (f",{len(moves)} 个时限随之改变" if moves else ""))
    act.result = version


def _asked(act: Act) -> tuple[dict[date, Day | None], tuple[int, ...], str]:
    """The days that are set (nothing: taken away), the years that are known from now on, and where they come from."""
    year = act.given("year")
    if year is not None:
        return _of_a_year(act, int(year)), (int(year),), STATE
    first, what = act.given("day"), act.given("what")
    if first is None or what is None:
        raise Refused("请填写日期和这一天上班还是休息,或填写年份", field="day")
    last = act.given("until") or first
    if not first <= last < first + timedelta(days=LONGEST_RANGE):
        raise Refused("“至”不能早于日期,一次最多一年", field="until")
    entry = None if what == OFFICIAL else Day(what == WORK, act.given("name", ""), _intervals(act, what))
    days: dict[date, Day | None] = {first + timedelta(days=n): entry for n in range((last - first).days + 1)}
    if entry is None:
        _, own = _newest(act.session)
        days = {day: None for day in days if day in own}
        if not days:
            raise Refused("{day} 没有另外登记过", field="day", day=first)
    act.say(f"{first}{f' 至 {last}' if last != first else ''} {what} {act.given('name', '')}".strip())
    return days, (), OWN


def _intervals(act: Act, what: str) -> tuple[str, ...]:
    typed = str(act.given("intervals", "")).replace(",", "、").split("、")
    texts = tuple(part.strip() for part in typed if part.strip())
    if texts and what != WORK:
        raise Refused("休息的日子没有工作时段", field="intervals")
    try:
        if texts:
            parse_intervals(texts)
    except BadInterval as fault:
        raise Refused("{fault}", field="intervals", fault=str(fault).replace("|", ",如 ")) from fault
    return texts


def _of_a_year(act: Act, year: int) -> dict[date, Day | None]:
    rows = act.given("days")
    if rows is None:
        if year not in new_years(act.session):
            raise Refused("{year} 年的国家日历没有随软件到来,或已经采用", field="year", year=year)
        act.say(f"采用 {year} 年国家日历")
        return {}
    days: dict[date, Day | None] = {}
    try:
        for row in rows:
            days[date.fromisoformat(row["date"])] = Day(bool(row["is_workday"]), str(row.get("name", ""))[:40])
    except (TypeError, KeyError, ValueError, AttributeError) as fault:
        raise Refused("每一天要写 date、is_workday 和 name", field="days") from fault
    if any(day.year != year for day in days):
        raise Refused("全年安排里有不属于 {year} 年的日子", field="days", year=year)
    act.say(f"{year} 年国家日历,{len(days)} 天")
    return days


def _write(act: Act, change: Change, days: Mapping[date, Day | None], source: str) -> CalendarVersion:
    """The new state, and its days as rows that can be listed."""
    reason = ";".join(act.lines)[:200]
    version = CalendarVersion(
        at=act.now, by_id=act.actor.id, reason=reason, years=list(change.years), days=dict(change.days)
    )
    act.session.add(version)
    rows = {row.day: row for row in act.session.scalars(select(CalendarDay).where(CalendarDay.day.in_(days)))}
    for day, entry in days.items():
        row = rows.get(day)
        if entry is None:
            if row is not None:
                act.session.delete(row)
            continue
        row = row or CalendarDay(day=day)
        row.is_workday, row.name, row.intervals = entry.is_workday, entry.name, list(entry.intervals)
        row.source = source
        act.session.add(row)
    act.session.flush()
    return version


def _warn(act: Act, moves: list[Move]) -> None:
    """What will happen, before anybody agrees to it."""
    felt = [move for move in moves if move.is_felt]
    for move in felt[:MOST_TOLD]:
        act.warn(str(move))
    if len(felt) > MOST_TOLD:
        act.warn(f"共有 {len(felt)} 个时限随之改变,以上是前 {MOST_TOLD} 个")


def _apply(act: Act, move: Move, version: CalendarVersion) -> None:
    """The line in the ledger, the line in the history, and word to whoever has less time now."""
    clock, case = move.clock, move.clock.complaint
    if case is None:
        return
    own = Act(act.session, act.verb, case, act.actor, act.now, procedures.of(act.session, case, act.now))
    timekeeping.write(own, clock, Entry(EntryKind.CALENDAR, act.now, calendar=version.id))
    timekeeping.refresh(act.session, clock, timekeeping.states_for(own))
    timekeeping.touch(own)
    text = f"工作日历第 {version.id} 版;{move}"
    history.record(act.session, case, verb=act.verb, text=text, actor=act.actor, now=act.now)
    if move.after < move.before:
        for recipient in notices.recipients(own, ["承办人", "调查处理人"]):
            notices.send(own, recipient, "截止提前", str(move), occasion=f"calendar:{version.id}:{clock.id}")


@verb(
    "remind_calendar",
    label="国家日历提醒",
    group="系统",
    needs_case=False,
    guard="never",
    who=("系统",),
    arguments=(Argument("year", "年份", "number", required=True),),
)
def remind_calendar(act: Act) -> None:
    """The official calendar of a year has come with the product: the administrator is told how many clocks it moves."""
    year = int(act.arguments["year"])
    moves = list(preview(act.session, change_of(act.session, {}, years=(year,)), act.now))
    text = f"{year} 年国家日历已随软件到来,采用后有 {len(moves)} 个时限改变,请到工作日历查看并采用"
    notices.send(act, "系统管理员", "工作日历", text, occasion=f"calendar:{year}")
    act.say(text)


def unannounced(session: Session) -> list[int]:
    """Official years that nobody was told of yet."""
    told = select(func.count(Event.id)).where(Event.verb == "remind_calendar")
    return [
        year for year in new_years(session) if not session.scalar(told.where(Event.text.contains(f"{year} 年国家日历")))
    ]


def announce(session: Session, year: int, now: datetime) -> None:
    """Tell of one."""
    perform(session, "remind_calendar", None, arguments={"year": year}, actor=SYSTEM, now=now)
