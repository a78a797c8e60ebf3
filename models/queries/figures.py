"""The counts that indicators are made of, over a period's cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from models.clock import Clock
from models.complaint import Complaint
from models.visit import Visit

SATISFIED = ("满意", "基本满意")
TO_VISIT = ("已反馈", "待回访", "待确认", "重新处理", "已结案", "已归档")
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
        "案件": len(counted),
        "抱怨案件": sum(case.nature == "抱怨" for case in counted),
        "投诉案件": sum(case.nature == "投诉" for case in counted),
        "办结案件": sum(case.closed_at is not None for case in counted),
        "督办单": len(orders),
        "按期办结督办单": sum(clock.done_at is not None and not clock.ever_late for clock in orders),
        "超期督办单": sum(clock.ever_late or (clock.done_at is None and now > clock.due_at) for clock in orders),
        "应回访案件": sum(case.state in TO_VISIT or case.id in visits for case in counted),
        "已回访案件": len(results),
        "有回访结论案件": sum(result in (*SATISFIED, "不满意") for result in results),
        "满意案件": sum(result in SATISFIED for result in results),
    }
