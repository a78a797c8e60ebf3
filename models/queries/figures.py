"""The counts that indicators are made of, over a period's cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from models.clock import Clock
from models.complaint import Complaint
from models.visit import Visit

SATISFIED = ("满意", "基本满意")
NOT_COUNTED = ("已撤诉", "不予受理", "已作废")


def counts(
    cases: Iterable[Complaint], clocks: Mapping[int, list[Clock]], visits: Mapping[int, Visit], now: datetime
) -> dict[str, int]:
    """Name of a count (rules/indicators.py says what each counts) to its number."""
    counted = [case for case in cases if case.state not in NOT_COUNTED]
    orders = [
        clock for case in counted for clock in clocks.get(case.id, ()) if clock.order_id and not clock.cancelled_at
    ]
    results = [visits[case.id].result for case in counted if case.id in visits]
    return {
        "cases": len(counted),
        "grumbles": sum(case.nature == "抱怨" for case in counted),
        "complaints": sum(case.nature == "投诉" for case in counted),
        "closed": sum(case.closed_at is not None for case in counted),
        "orders": len(orders),
        "orders_done": sum(clock.done_at is not None for clock in orders),
        "orders_in_time": sum(clock.done_at is not None and not clock.ever_late for clock in orders),
        "orders_not_due": sum(clock.done_at is None and now <= clock.due_at for clock in orders),
        "visited": len(results),
        "satisfied": sum(result in SATISFIED for result in results),
    }
