"""The periods that reports are made over: months, quarters, halves and years, in Shanghai."""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta

from workflow.arguments import SHANGHAI
from workflow.errors import Refused

ALWAYS = (datetime(1990, 1, 1, tzinfo=SHANGHAI), datetime(2100, 1, 1, tzinfo=SHANGHAI))
"""The period of a list of what there is now."""
PERIOD = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2])|-Q([1-4])|-H([12]))?")


def bounds(period: str) -> tuple[datetime, datetime]:
    """First instant of the period and first after it, in Shanghai: ``2026-05``, ``2026-Q2``, ``2026-H1``, ``2026``."""
    found = PERIOD.fullmatch(period)
    if not found:
        raise Refused("期间应为 2026-05、2026-Q2、2026-H1 或 2026", field="period")
    year, month, quarter, half = found.groups()
    first, months = 1, 12
    if month:
        first, months = int(month), 1
    elif quarter:
        first, months = 3 * int(quarter) - 2, 3
    elif half:
        first, months = 6 * int(half) - 5, 6
    last = first + months - 1
    start = datetime(int(year), first, 1, tzinfo=SHANGHAI)
    return start, _next_day(datetime(int(year), last, calendar.monthrange(int(year), last)[1], tzinfo=SHANGHAI))


def previous(period: str) -> str:
    """The period of the same length before this one: ``2026-01`` follows ``2025-12``."""
    bounds(period)
    year, _, part = period.partition("-")
    if not part:
        return str(int(year) - 1)
    sign, last = (part[0], {"Q": 4, "H": 2}[part[0]]) if part[0] in "QH" else ("", 12)
    number = int(part.removeprefix(sign))
    before = f"{year}-{sign}{number - 1:0{0 if sign else 2}d}" if number > 1 else f"{int(year) - 1}-{sign}{last}"
    bounds(before)
    return before


def _next_day(last: datetime) -> datetime:
    year, month = (last.year + 1, 1) if last.month == 12 else (last.year, last.month + 1)
    return datetime(year, month, 1, tzinfo=SHANGHAI)


def spell(period: str) -> str:
    """The first and the last day of the period."""
    start, end = bounds(period)
    return f"统计期间 {start:%Y-%m-%d} 至 {end - timedelta(days=1):%Y-%m-%d}"
