"""The counts that indicators are made of, over a period's cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from models.clock import Clock
from models.complaint import Complaint
from models.visit import Visit

SATISFIED = ("满意", "基本满意")
NOT_COUNTED = ("已撤诉", "不予受理", "已作废")


def members(
    cases: Iterable[Complaint], clocks: Mapping[int, list[Clock]], visits: Mapping[int, Visit], now: datetime
) -> dict[str, list[Complaint]]:
    """Name of a count (rules/indicators.py says what each counts) to the case of each thing counted."""
    counted = [case for case in cases if case.state not in NOT_COUNTED]
    orders = [
        (case, clock)
        for case in counted
        for clock in clocks.get(case.id, ())
        if clock.order_id and not clock.cancelled_at
    ]
    visited = [case for case in counted if case.id in visits]
    return {
        "cases": counted,
        "grumbles": [case for case in counted if case.nature == "抱怨"],
        "complaints": [case for case in counted if case.nature == "投诉"],
        "closed": [case for case in counted if case.closed_at is not None],
        "orders": [case for case, _ in orders],
        "orders_done": [case for case, clock in orders if clock.done_at is not None],
        "orders_in_time": [case for case, clock in orders if clock.done_at is not None and not clock.ever_late],
        "orders_not_due": [case for case, clock in orders if clock.done_at is None and now <= clock.due_at],
        "visited": visited,
        "satisfied": [case for case in visited if visits[case.id].result in SATISFIED],
        **_of_limits(counted, clocks),
    }


def _of_limits(cases: Iterable[Complaint], clocks: Mapping[int, list[Clock]]) -> dict[str, list[Complaint]]:
    """``promised:NAME``, ``kept:NAME`` … for every limit that ran on one of the cases, once for each clock."""
    found: dict[str, list[Complaint]] = {}
    for case in cases:
        for clock in clocks.get(case.id, ()):
            if clock.cancelled_at is None:
                found.setdefault(f"promised:{clock.name}", []).append(case)
                kept = found.setdefault(f"kept:{clock.name}", [])
                plain = found.setdefault(f"kept_without_extension:{clock.name}", [])
                extended = found.setdefault(f"extended:{clock.name}", [])
                if clock.done_at is not None and not clock.ever_late:
                    kept.append(case)
                    if clock.done_at <= (clock.unextended_due_at or clock.due_at):
                        plain.append(case)
                if clock.unextended_due_at is not None:
                    extended.append(case)
    return found
