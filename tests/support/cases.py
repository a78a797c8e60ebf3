"""Cases for tests that need some: made by the verbs, from a script like those of the rehearsals."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from bench import copies
from models import Base, Event
from tests.support.databases import Database
from workflow import history, verbs
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


def with_orders(database: Database, count: int, *, set_up: bool = True) -> None:
    """That many complaints of 2026-07-21, each with an order due on 2026-07-23 23:59:59."""
    steps: list[dict[str, Any]] = []
    for number in range(count):
        common = {"at": "2026-07-21 10:00", "as": "客服甲", "case": str(number)}
        steps += [{**common, "do": "register", "with": COMPLAINT}, {**common, "do": "issue_order", "with": ORDER}]
    with database.sessions() as session:
        stage = _stage(session, steps)
        if set_up:
            stage.set_up()
        session.commit()
        for number, step in enumerate(steps):
            taken = stage.take(number, step)
            assert taken.ok, taken.message
        session.commit()


def _stage(session: Session, steps: list[dict[str, Any]]) -> Stage:
    return Stage(session, {"procedure": "P02", "setup": SETUP, "steps": steps})


def _set_up(session: Session) -> None:
    _stage(session, []).set_up()


def many_orders(engine: Engine, count: int) -> None:
    """Tables, and that many such cases: one made by the verbs, the others written after it row by row."""
    Base.metadata.create_all(engine)
    database = Database("", "", engine, sessionmaker(engine, expire_on_commit=False))
    with database.sessions() as session:
        _set_up(session)
        before = copies.marks(session)
        session.commit()
    with_orders(database, 1, set_up=False)
    with database.sessions() as session:
        written = {name: rows for name, rows in copies.since(session, before).items() if name not in copies.HOUSE}
        keys = {name: key + 1 for name, key in copies.marks(session).items()}
    parts = []
    for _ in range(count - 1):
        rows = copies.copied(written, keys)
        for name, given in rows.items():
            keys[name] += len(given)
        _chain(rows["event"])
        parts.append(rows)
    with engine.begin() as connection:
        copies.insert(connection, copies.merged(parts))
    copies.count_on(engine)


def _chain(events: list[dict[str, Any]]) -> None:
    """The copied history of one case, each line bound to the one before."""
    previous = ""
    for row in events:
        row["previous_hash"] = previous
        previous = row["hash"] = history.digest(Event(**{**row, "hash": ""}))
