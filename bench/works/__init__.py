"""The works, in the order in which they are measured; each is a function from a stock to its results."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bench.stock import Stock
from bench.timing import Result
from bench.works import decide, intake, lists, matches, replay, reports, sweep, tables, worktime

Work = Callable[[Stock, Stock], Iterable[Result]]
"""Measures on the large stock; the small one is there for what is compared with it."""

WORKS: tuple[Work, ...] = (
    worktime.measure,
    tables.measure,
    decide.measure,
    lists.measure,
    matches.measure,
    reports.measure,
    sweep.measure,
    intake.measure,
    replay.measure,
)
