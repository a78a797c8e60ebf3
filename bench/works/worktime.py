"""``worktime_add``: a hundred thousand additions of forty working hours; the limit adds forty hours of natural time.

The calendar has days of its own in every week, half of them with hours of their own: they must not slow it down.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bench.stock import ROUNDS, Stock
from bench.timing import Result, in_turn
from rules.worktime import Day, official

HOURS = timedelta(hours=40)


def measure(large: Stock, _small: Stock) -> Iterator[Result]:
    """No database takes part; it is measured once, with the first."""
    if large.kind != "sqlite":
        return
    times = 100_000 if large.n >= 1_000 else 1_000
    first = large.now.date().replace(year=2025, month=1, day=1)
    fridays = [first + timedelta(days=2 + 7 * week) for week in range(100)]
    own = {day: Day(True, "半天班", ("09:00-12:00",)) if day.day % 2 else Day(False, "公司休息日") for day in fridays}
    calendar = official().with_days(own)
    starts = [large.now.replace(year=2025, month=1 + number % 12, minute=number % 60) for number in range(1_000)]

    def ours(_round: int) -> None:
        for number in range(times):
            calendar.add_working(starts[number % 1_000], HOURS)

    def limit(_round: int) -> None:
        for number in range(times):
            starts[number % 1_000] + HOURS

    note = f"{times:,} additions of 40 working hours; limit: the same in natural time, no database"
    yield in_turn(ours, limit, ROUNDS).result("worktime_add", times, "none", note)
