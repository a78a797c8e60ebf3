"""The period picker: a month, a quarter, half a year or a year, as the reports spell them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from views.formats import local
from workflow.errors import Refused
from workflow.periods import PERIOD, bounds, previous

KINDS = ("month", "quarter", "half", "year")
BACK = {"month": 24, "quarter": 8, "half": 6, "year": 5}


@dataclass(frozen=True)
class Choice:
    """One period as a link or an option."""

    period: str
    label: str
    current: bool


def of_address(raw: str, now: datetime) -> str:
    """The period that the address names; without one the current month. Anything else is refused in words."""
    period = raw.strip() or containing(now, "month")
    bounds(period)
    return period


def containing(moment: datetime, kind: str) -> str:
    """The period of that kind in which the moment lies."""
    day = local(moment)
    number = {"quarter": (day.month + 2) // 3, "half": (day.month + 5) // 6}
    return {"month": f"{day:%Y-%m}", "year": f"{day.year}"}.get(kind) or f"{day.year}-{kind[0].upper()}{number[kind]}"


def kind_of(period: str) -> str:
    """month, quarter, half or year."""
    _year, _dash, part = period.partition("-")
    return {"": "year", "Q": "quarter", "H": "half"}.get(part[:1], "month")


def words(period: str) -> str:
    """The period as people say it."""
    found = PERIOD.fullmatch(period)
    if found is None:
        return period
    year, month, quarter, half = found.groups()
    if month:
        return _("%(year)s 年 %(month)s 月", year=year, month=int(month))
    if quarter:
        return _("%(year)s 年第 %(quarter)s 季度", year=year, quarter=quarter)
    if half:
        return _("%(year)s 年上半年", year=year) if half == "1" else _("%(year)s 年下半年", year=year)
    return _("%(year)s 年", year=year)


def choices(current: str, now: datetime) -> dict[str, list[Choice]]:
    """For each kind the periods that can be picked, the newest first; the one that is shown is always among them."""
    found = {}
    for kind in KINDS:
        periods = list(_back(containing(now, kind), BACK[kind]))
        if kind == kind_of(current) and current not in periods:
            periods = sorted([*periods, current], reverse=True)
        found[kind] = [Choice(period, words(period), period == current) for period in periods]
    return found


def _back(period: str, count: int) -> list[str]:
    periods = [period]
    while len(periods) < count:
        periods.append(previous(periods[-1]))
    return periods


def before(period: str) -> str | None:
    """The period before, or nothing when the calendar of the product begins with this one."""
    try:
        return previous(period)
    except Refused:
        return None


def after(period: str, now: datetime) -> str | None:
    """The period after, unless it has not begun."""
    start = bounds(period)[1]
    return containing(start, kind_of(period)) if start <= now else None
