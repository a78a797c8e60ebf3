"""The limits of the shipped procedures as they stand in their documents: each with dates worked out by hand, and every
day of 2026 against a count that knows nothing but the list of days off."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple

import pytest

from rules.clocks import Entry, EntryKind, read
from rules.ladder import planned
from rules.limits import Due, due
from rules.procedure import Procedure, parse, shipped
from rules.vocabulary import Unit
from rules.worktime import SHANGHAI, Calendar, official
from tests.unit.rules.shared import at, said


class Case(NamedTuple):
    """A limit of a document, what starts it, when it is due; the number or the instant that the case itself gives."""

    ids: str
    code: str
    limit: str
    trigger: str
    due: str
    amount: int | None = None
    named: str = ""
    provisional: bool = False


CASES = [
    # the plaza answers day and night: Sunday and holiday, a make-up Sunday, the end of a month, of the year
    Case("P00a-8.1 P00a-2.1 G-05", "P00a", "初步回应", "2026-10-03 22:15", "2026-10-04 22:15:00"),
    Case("P00a-8.1 G-05", "P00a", "初步回应", "2026-01-04 10:00", "2026-01-05 10:00:00"),
    Case("P00a-8.1 G-05", "P00a", "初步回应", "2026-01-31 23:59", "2026-02-01 23:59:00"),
    Case("P00a-8.1 G-03 G-05", "P00a", "初步回应", "2026-12-31 12:00", "2027-01-01 12:00:00"),
    Case("P00a-8.2 P00a-10.1 G-05", "P00a", "方案", "2026-02-16 09:00", "2026-02-18 09:00:00"),
    Case("P00a-8.2 G-05", "P00a", "方案", "2026-02-27 18:30", "2026-03-01 18:30:00"),
    Case("P00a-7.12", "P00a", "整改", "2026-05-11 09:00", "2026-05-31 23:59:59", named="2026-05-31 23:59:59"),
    # the appointment, the company's promise, and at once
    Case("P00b-8.1 P00b-7.9", "P00b", "预约", "2026-10-09 09:00", "2026-10-10 15:00:00", named="2026-10-10 15:00"),
    Case("P00b-8.1", "P00b", "预约", "2026-09-30 17:00", "2026-10-03 20:00:00", named="2026-10-03 20:00"),
    Case("P00b-8.2", "P00b", "办理", "2026-06-30 10:00", "2026-07-01 10:00:00"),
    Case("P00b-8.3 G-19", "P00b", "报告", "2026-07-01 09:00", "2026-07-01 09:30:00"),
    Case("P00b-8.3 G-19", "P00b", "报告", "2026-02-28 23:45", "2026-03-01 00:15:00"),
    Case("P00b-8.3 G-19", "P00b", "派单", "2026-10-01 03:00", "2026-10-01 03:30:00"),
    Case("P00b-8.3 G-19", "P00b", "派工", "2026-12-31 23:40", "2027-01-01 00:10:00"),
    # the service project: configured, since nothing is printed
    Case("P01-8.1", "P01", "回复", "2026-04-04 20:00", "2026-04-05 20:00:00"),
    Case("P01-14.1 G-07", "P01", "回访", "2026-09-30 10:00", "2026-10-10 18:00:00"),
    Case("P01-14.1 G-07 G-02", "P01", "回访", "2026-02-13 17:00", "2026-02-25 18:00:00"),
    Case("P01-14.1 G-07 G-03", "P01", "回访", "2026-12-30 10:00", "2027-01-05 18:00:00", provisional=True),
    Case("P01-7.9 P01-8.1", "P01", "协办", "2026-09-30 10:00", "2026-10-03 12:00:00", named="2026-10-03 12:00"),
    # the gas company's orders and settlements
    Case("P02-8.1 G-06", "P02", "办理", "2026-09-30 10:00", "2026-10-03 23:59:59", amount=3),
    Case("P02-8.1 G-06", "P02", "办理", "2026-02-27 08:00", "2026-03-01 23:59:59", amount=2),
    Case("P02-8.2 G-06", "P02", "办理", "2026-10-10 15:20", "2026-10-10 23:59:59", amount=0),
    Case("P02-8.3 P02-8.7", "P02", "办理", "2026-06-01 09:00", "2026-06-03 23:59:59", amount=2),
    Case("P02-8.1 G-06 G-03", "P02", "办理", "2026-12-30 10:00", "2027-01-02 23:59:59", amount=3),
    Case("P02-8.4 G-07", "P02", "工程结算", "2026-09-21 00:00", "2026-10-19 18:00:00"),
    Case("P02-8.4 G-07 G-02", "P02", "工程结算", "2026-01-30 16:00", "2026-02-27 18:00:00"),
    Case("P02-8.4 G-07 G-03", "P02", "工程结算", "2026-12-25 10:00", "2027-01-18 18:00:00", provisional=True),
    # the estates: inform within the hour, half a month, a month, approve and reply
    Case("P03-8.6 F-35 G-07", "P03", "直接回复", "2026-09-30 17:30", "2026-10-10 18:00:00"),
    Case("P03-8.1 F-10", "P03", "知会", "2026-09-30 17:30", "2026-09-30 18:30:00"),
    Case("P03-8.1 F-02 G-04", "P03", "知会", "2026-09-20 12:40", "2026-09-20 13:40:00"),
    Case("P03-8.1 G-02", "P03", "知会", "2026-01-04 09:00", "2026-01-04 10:00:00"),
    Case("P03-8.2 F-10", "P03", "知会", "2026-09-30 20:15", "2026-10-08 10:00:00"),
    Case("P03-8.2 G-04 G-02", "P03", "知会", "2026-02-14 18:00", "2026-02-24 10:00:00"),
    Case("P03-8.2 G-02", "P03", "知会", "2026-01-03 22:00", "2026-01-04 10:00:00"),
    Case("P03-8.2 G-03", "P03", "知会", "2026-12-31 18:30", "2027-01-04 10:00:00", provisional=True),
    Case("P03-8.3 G-08 F-07", "P03", "一个月", "2026-01-31 10:00", "2026-02-28 23:59:59"),
    Case("P03-8.3 G-08 F-07", "P03", "一个月", "2026-09-08 10:00", "2026-10-08 23:59:59"),
    Case("P03-8.3 G-08 G-03", "P03", "一个月", "2026-12-31 10:00", "2027-01-31 23:59:59"),
    Case("P03-8.4 G-08 F-07", "P03", "半月", "2026-04-01 10:00", "2026-04-16 23:59:59"),
    Case("P03-8.4 G-08 F-07", "P03", "半月", "2026-02-20 10:00", "2026-03-07 23:59:59"),
    Case("P03-8.6 P03-16.1 G-07", "P03", "审批", "2026-06-05 10:00", "2026-06-10 18:00:00"),
    Case("P03-8.6 G-07", "P03", "回复", "2026-06-05 10:00", "2026-06-10 18:00:00"),
    Case("P03-8.6 G-07 G-02", "P03", "回复", "2026-09-30 18:00", "2026-10-10 18:00:00"),
]


@cache
def document(code: str) -> Procedure:
    return parse(shipped()[code])


@cache
def calendar_of(code: str) -> Calendar:
    head = document(code).head
    return official().counting(head.calendar).with_intervals(head.intervals)


def counted(code: str, name: str, trigger: datetime, amount: int | None = None, named: str = "") -> Due:
    row = document(code).limit(name)
    assert row is not None
    return due(row.limit(amount), trigger, calendar_of(code), at(named) if named else None)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(row, marks=pytest.mark.clause(*row.ids.split()), id=f"{row.code} {row.limit} {row.due}")
        for row in CASES
    ],
)
def test_a_limit_of_a_shipped_procedure_is_due_when_its_clause_says(case: Case) -> None:
    found = counted(case.code, case.limit, at(case.trigger), case.amount, case.named)
    assert (said(found.at), found.provisional) == (case.due, case.provisional)


def test_every_limit_of_the_shipped_procedures_stands_in_the_table() -> None:
    told = {(case.code, case.limit) for case in CASES}
    kept = {(code, limit.name) for code in shipped() for limit in document(code).limits}
    assert {pair for pair in kept if pair[1] != "整改"} <= told


@pytest.mark.clause("P03-18.4", "P03-8.3", "P03-8.4")
@pytest.mark.parametrize(
    ("limit", "received", "soon", "over"),
    [
        ("半月", "2026-04-01 10:00", "2026-04-14 23:59:59", "2026-04-17 00:00:00"),
        ("一个月", "2026-01-31 10:00", "2026-02-26 23:59:59", "2026-03-01 00:00:00"),
        ("一个月", "2026-12-31 10:00", "2027-01-29 23:59:59", "2027-02-01 00:00:00"),
    ],
)
def test_the_estates_warn_two_days_before_and_judge_at_midnight_after(limit, received, soon, over) -> None:
    row = document("P03").limit(limit)
    assert row is not None
    counts, calendar = row.limit(), calendar_of("P03")
    reading = read((Entry(EntryKind.START, at(received)),), counts, calendar)
    rungs = {rung.id: said(planned(rung, counts, reading, calendar).at) for rung in counts.rungs}
    assert (rungs["soon"], rungs["late"]) == (soon, over)


# every day of 2026, counted by somebody who knows the list of days off and nothing else ------------------------------

DAYS_OFF = [
    ((1, 1), (1, 3)),
    ((2, 15), (2, 23)),
    ((4, 4), (4, 6)),
    ((5, 1), (5, 5)),
    ((6, 19), (6, 21)),
    ((9, 25), (9, 27)),
    ((10, 1), (10, 7)),
]
OFF = {
    date(2026, *first) + timedelta(days=n)
    for first, last in DAYS_OFF
    for n in range((date(2026, *last) - date(2026, *first)).days + 1)
}
MADE_UP = {date(2026, *day) for day in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]}
ONE_DAY = timedelta(days=1)
OPENS, CLOSES, LAST_SECOND = time(9), time(18), time(23, 59, 59)
TIMES = [time(0), time(8, 59), time(9), time(12, 40), time(17, 59, 59), time(18), LAST_SECOND]
LAST = date(2026, 11, 27)
"""From here on fifteen workdays reach into a year that nobody has published."""


def works(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and day not in OFF)


def nth_workday(day: date, n: int) -> date:
    while n:
        day += ONE_DAY
        n -= works(day)
    return day


def next_opening(moment: datetime) -> datetime:
    """The moment itself in working time, else when work begins next."""
    day = moment.date()
    if works(day) and OPENS <= moment.time() < CLOSES:
        return moment
    if not works(day) or moment.time() >= CLOSES:
        day = nth_workday(day, 1)
    return datetime.combine(day, OPENS)


def by_hand(unit: Unit, amount: int, from_open: bool, moment: datetime) -> datetime:
    day = moment.date()
    match unit:
        case Unit.MINUTES:
            return moment + timedelta(minutes=amount)
        case Unit.HOURS:
            return (next_opening(moment) if from_open else moment) + timedelta(hours=amount)
        case Unit.DAYS:
            return datetime.combine(day + amount * ONE_DAY, LAST_SECOND)
        case Unit.WORKDAYS:
            return datetime.combine(nth_workday(day, amount), CLOSES)
        case Unit.HALF_MONTHS:
            return datetime.combine(day + 15 * ONE_DAY, LAST_SECOND)
        case _:
            year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
            return datetime.combine(date(year, month, min(day.day, monthrange(year, month)[1])), LAST_SECOND)


@pytest.mark.clause("G-02", "G-04", "G-05", "G-06", "G-07", "G-08", "G-19")
@pytest.mark.parametrize(
    ("code", "name", "amount"),
    sorted({(case.code, case.limit, case.amount) for case in CASES if not case.named}, key=str),
)
def test_every_day_of_the_year_is_counted_as_by_hand(code: str, name: str, amount: int | None) -> None:
    row = document(code).limit(name)
    assert row is not None
    number = row.amount if amount is None else amount
    wrong = []
    for n in range((LAST - date(2026, 1, 1)).days + 1):
        for clock in TIMES[n % 3 :: 3]:
            moment = datetime.combine(date(2026, 1, 1) + n * ONE_DAY, clock)
            found = counted(code, name, moment.replace(tzinfo=SHANGHAI), amount).at
            expected = by_hand(row.unit, number or 0, row.from_open, moment).replace(tzinfo=SHANGHAI)
            if found != expected:
                wrong.append((str(moment), said(found), str(expected)))
    assert wrong == []
