"""工作日历 at a glance: the months of a year with what works, what rests, and why; the states that there were."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import format_date
from sqlalchemy import select

from models import CalendarVersion, db
from rules.procedure import Procedure
from rules.worktime import Calendar
from workflow import procedures
from workflow.calendars import calendar_of

LATEST = 12


@dataclass(frozen=True)
class DayCell:
    """One day: its number, what it is (work, rest, makeup, half, own), and its name."""

    number: int
    kind: str
    name: str


@dataclass(frozen=True)
class MonthBox:
    """A month as weeks; days of other months are empty."""

    name: str
    weeks: tuple[tuple[DayCell | None, ...], ...]


@dataclass(frozen=True)
class YearBoard:
    """A year; ``known`` says whether its official data have come, else it is provisional."""

    year: int
    known: bool
    months: tuple[MonthBox, ...]
    of: tuple[str, ...] = ()
    """The procedures that count it so, by title, where they count it differently."""


def boards(year: int, now: datetime) -> Iterator[YearBoard]:
    """This year and the next, as the procedures in force count them now; once for each way in which they do."""
    ways: dict[str, list[Procedure]] = {}
    for code in procedures.codes_in_force(db.session(), now):
        document = procedures.in_force(db.session(), now, code)
        ways.setdefault(document.head.calendar, []).append(document)
    for documents in ways.values():
        found = calendar_of(db.session(), documents[0])
        titles = tuple(document.title for document in documents) if len(ways) > 1 else ()
        for each in (year, year + 1):
            months = tuple(_month(found, each, month) for month in range(1, 13))
            yield YearBoard(each, found.knows(each), months, titles)


def _month(found: Calendar, year: int, month: int) -> MonthBox:
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    cells = tuple(tuple(_cell(found, day) if day.month == month else None for day in week) for week in weeks)
    return MonthBox(format_date(date(year, month, 1), "LLLL"), cells)


def _cell(found: Calendar, day: date) -> DayCell:
    entry = found.day(day)
    if day in found.own:
        kind = "half" if entry.intervals else "makeup" if entry.is_workday else "rest"
        return DayCell(day.day, f"{kind} own", " ".join([entry.name, *entry.intervals]).strip())
    if entry.is_workday:
        return DayCell(day.day, "makeup" if day.weekday() >= 5 else "work", entry.name)
    return DayCell(day.day, "rest", entry.name)


def versions() -> list[CalendarVersion]:
    """The newest states of the calendar."""
    return list(db.session.scalars(select(CalendarVersion).order_by(CalendarVersion.id.desc()).limit(LATEST)))
