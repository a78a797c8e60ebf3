"""Cases for tests that need some: made by the verbs, from a script like those of the rehearsals."""

from __future__ import annotations

from typing import Any

from tests.support.databases import Database
from workflow import verbs
from workflow.rehearsal import Stage

assert verbs.VERBS  # importing the module is what makes every verb known

SETUP = {
    "departments": [{"name": "工程维修部", "head": "工程维修部负责人"}],
    "staff": [{"name": "客服甲", "department": "客户服务中心", "roles": ["受理人", "调查处理人"]}],
}
COMPLAINT = {
    "channel": "来电",
    "content": "约定上午维修,下午才到",
    "name": "客户一",
    "phone": "13800000430",
    "address": "一号楼",
    "demand": "尽快改进",
    "compensation_sought": "无",
    "complained_department": "工程维修部",
}
ORDER = {"handling_department": "工程维修部", "limit_kind": "N日内", "limit_days": 2}


def with_orders(database: Database, count: int) -> None:
    """That many complaints of 2026-07-21, each with an order due on 2026-07-23 23:59:59."""
    steps: list[dict[str, Any]] = []
    for number in range(count):
        common = {"at": "2026-07-21 10:00", "as": "客服甲", "case": str(number)}
        steps += [{**common, "do": "register", "with": COMPLAINT}, {**common, "do": "issue_order", "with": ORDER}]
    with database.sessions() as session:
        stage = Stage(session, {"procedure": "P02", "setup": SETUP, "steps": steps})
        stage.set_up()
        session.commit()
        for number, step in enumerate(steps):
            taken = stage.take(number, step)
            assert taken.ok, taken.message
        session.commit()
