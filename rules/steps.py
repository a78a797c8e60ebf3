"""The printed steps of a clock: each sentence that tells how a due instant came about.

They are stored in Chinese; the catalogue has every sentence with its blanks, and what stands in a blank is said the
same way. A sentence that is put together here is therefore one whole, never glued from pieces.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from rules.worktime import ONE_DAY, WEEKDAYS, Calendar

if TYPE_CHECKING:
    from rules.limits import Limit

MOST_WEEKENDS = 12
"""Runs of rest that are named one by one; where there are more, ordinary weekends are added up in one step."""
MOST_RUNS = 40
MOST_COUNTED = 10
"""Workdays that are listed one by one."""


def show(instant: datetime, calendar: Calendar) -> str:
    # isoformat says the same as strftime, several times faster: every step of every clock is written with it
    return calendar.local(instant).replace(tzinfo=None).isoformat(" ", "seconds")


def length(span: timedelta) -> str:
    """`1 天 2 小时`: the two largest parts of a length, to the minute."""
    minutes = max(0, span // timedelta(minutes=1))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    match bool(days), bool(hours), bool(minutes):
        case True, True, _:
            return f"{days} 天 {hours} 小时"
        case True, False, _:
            return " ".join((str(days), "天"))
        case False, True, True:
            return f"{hours} 小时 {minutes} 分钟"
        case False, True, False:
            return " ".join((str(hours), "小时"))
        case _:
            return " ".join((str(minutes), "分钟"))


def why(reason: str | None, approver: str) -> str:
    if reason and approver:
        return f"原因 {reason},批准 {approver}"
    if approver:
        return f"批准 {approver}"
    return f"原因 {reason}" if reason else ""


# when it starts and what it counts --------------------------------------------------------------------------------


def started(at: datetime, limit: Limit, calendar: Calendar) -> str:
    return f"{show(at, calendar)} 起算,{limit}"


def received(at: datetime, calendar: Calendar) -> str:
    return f"{show(at, calendar)} 收到,非工作时间"


def rests(start: datetime, end: datetime, calendar: Calendar) -> Iterator[str]:
    """The days between that are not as weekdays usually are: rests by name in runs, make-up workdays, short days."""
    first, last = calendar.local(start).date(), calendar.local(end).date()
    runs = list(_runs(first + ONE_DAY, last, calendar))
    if len(runs) > MOST_WEEKENDS:
        weekends = sum((to - since).days + 1 for since, to, kind, _ in runs if kind == "weekend")
        runs = [run for run in runs if run[2] != "weekend"]
        if weekends:
            yield f"周末休息 {weekends} 天,不计"
    for since, to, kind, name in runs[:MOST_RUNS]:
        yield _TOLD[kind](since, to, name)
    if len(runs) > MOST_RUNS:
        yield f"另有 {len(runs) - MOST_RUNS} 段休息或调休"


def _runs(first: date, last: date, calendar: Calendar) -> Iterator[tuple[date, date, str, str]]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    told = [(day, *_kind(day, calendar)) for day in days]
    for (kind, _), group in groupby(told, key=lambda entry: (entry[1], "" if entry[1] == "weekend" else entry[2])):
        if kind:
            found = list(group)
            names = "、".join(dict.fromkeys(name for *_, name in found))
            yield found[0][0], found[-1][0], kind, names


def _kind(day: date, calendar: Calendar) -> tuple[str, str]:
    """What is unusual about a day, and how it is called; nothing of an ordinary workday."""
    entry = calendar.day(day)
    name = calendar.name_of(day)
    if not entry.is_workday:
        return ("weekend" if name in WEEKDAYS else "rest"), name
    if entry.intervals:
        return "hours", str(calendar.hours_of(day))
    if day.weekday() >= 5 and not calendar.every_day:
        return "make-up", name or "调休上班"
    return "", ""


def _rested(since: date, to: date, name: str) -> str:
    return f"{since} {name},不计" if since == to else f"{since} 至 {to} {name},不计"


def _made_up(since: date, to: date, name: str) -> str:
    return f"{since} {name},计入" if since == to else f"{since} 至 {to} {name},计入"


def _short(since: date, to: date, hours: str) -> str:
    return f"{since} 工作时间 {hours}" if since == to else f"{since} 至 {to} 工作时间 {hours}"


_TOLD = {"rest": _rested, "weekend": _rested, "make-up": _made_up, "hours": _short}


def counted(start: datetime, end: datetime, calendar: Calendar) -> Iterator[str]:
    """Which workdays were counted up to the last."""
    first, last = calendar.local(start).date(), calendar.local(end).date()
    n, _ = calendar.workdays_between(first, last)
    if 0 < n <= MOST_COUNTED:
        days = (first + timedelta(days=k) for k in range(1, (last - first).days + 1))
        yield f"计入 {'、'.join(f'{day:%m-%d}' for day in days if calendar.is_workday(day))}"
    elif n:
        yield f"第 {n} 个工作日为 {last}"


# where it ends ------------------------------------------------------------------------------------------------------


def due(at: datetime, calendar: Calendar, *, provisional: bool) -> str:
    if provisional:
        return f"截止 {show(at, calendar)},暂算:所用年份没有工作日历"
    return f"截止 {show(at, calendar)}"


def rolled(at: datetime, rest: str, calendar: Calendar) -> str:
    return f"{show(at, calendar)} 为休息日({rest}),顺延至下一工作日"


def stays(rest: str) -> str:
    return f"截止日为休息日({rest}),不顺延"


# what happens to it -------------------------------------------------------------------------------------------------


def paused(at: datetime, why: str, calendar: Calendar) -> str:
    return f"{show(at, calendar)} 挂起,{why}" if why else f"{show(at, calendar)} 挂起"


def not_paused(at: datetime, why: str, calendar: Calendar) -> str:
    return f"{show(at, calendar)} 挂起,本时限不因此停止,{why}" if why else f"{show(at, calendar)} 挂起,本时限不因此停止"


def resumed(at: datetime, pause: timedelta, end: datetime, calendar: Calendar) -> str:
    return f"{show(at, calendar)} 恢复,挂起 {length(pause)},剩余时间续计,截止 {show(end, calendar)}"


def resumed_late(at: datetime, calendar: Calendar) -> str:
    return f"{show(at, calendar)} 恢复,挂起时已超期,截止不变"


def went_on(at: datetime, calendar: Calendar) -> str:
    return f"{show(at, calendar)} 恢复"


def extended(at: datetime, until: datetime, why: str, calendar: Calendar) -> str:
    if why:
        return f"{show(at, calendar)} 延期至 {show(until, calendar)},{why}"
    return f"{show(at, calendar)} 延期至 {show(until, calendar)}"


def not_extended(at: datetime, calendar: Calendar) -> str:
    return f"{show(at, calendar)} 延期在截止后申请,截止不变"


def not_later(at: datetime, until: datetime, calendar: Calendar) -> str:
    return f"{show(at, calendar)} 延期至 {show(until, calendar)},不晚于现在的截止,截止不变"


def moved(at: datetime, before: datetime, after: datetime, version: int, calendar: Calendar) -> str:
    if before == after:
        return f"{show(at, calendar)} 改用第 {version} 版工作日历,截止不变"
    return (
        f"{show(at, calendar)} 改用第 {version} 版工作日历,截止由 {show(before, calendar)} 改为 {show(after, calendar)}"
    )


def not_moved_late(at: datetime, version: int, calendar: Calendar) -> str:
    return f"{show(at, calendar)} 改用第 {version} 版工作日历,此前已超期,截止不变"


def not_moved_back(at: datetime, after: datetime, version: int, calendar: Calendar) -> str:
    return f"{show(at, calendar)} 改用第 {version} 版工作日历,应为 {show(after, calendar)},已经过去,截止不提前"


def met(at: datetime, calendar: Calendar) -> str:
    return f"{show(at, calendar)} 完成"


def met_late(at: datetime, late: timedelta, calendar: Calendar) -> str:
    return f"{show(at, calendar)} 完成,超期 {length(late)}"


def transferred(at: datetime, to: str, used: timedelta, calendar: Calendar) -> str:
    return f"{show(at, calendar)} 移交 {to},本段用时 {length(used)}"


def reopened(at: datetime, cycle: int, why: str, calendar: Calendar) -> str:
    if why:
        return f"{show(at, calendar)} 重新计时(第{cycle}轮),{why}"
    return f"{show(at, calendar)} 重新计时(第{cycle}轮)"


def cancelled(at: datetime, why: str, calendar: Calendar) -> str:
    return f"{show(at, calendar)} 取消,{why}" if why else f"{show(at, calendar)} 取消"
