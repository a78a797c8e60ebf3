"""``decide``: one case read as facts and put through every stage of P02; the limit reads the same rows."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from bench.desk import recorded, rows_of
from bench.stock import Stock
from bench.timing import Result, in_turn
from models import Complaint
from rules import engine
from workflow import procedures
from workflow.access import SYSTEM
from workflow.act import Act

CASES = 20


def measure(large: Stock, _small: Stock) -> Iterator[Result]:
    """Twenty cases a round, each read afresh; given is the time of one."""
    with large.sessions() as session:
        ids = session.scalars(select(Complaint.id).order_by(Complaint.id.desc()).limit(CASES)).all()

    def judge(key: int) -> int:
        with large.sessions() as session:
            case = session.get_one(Complaint, key)
            procedure = procedures.of(session, case, large.now)
            facts = Act(session, "issue_order", case, SYSTEM, large.now, procedure).facts()
            return sum(len(engine.collect(procedure, stage, facts)) for stage in procedure.tables)

    with recorded(large.engine) as read:
        judge(ids[0])
    asked = [statement for statement in read if "FROM procedure_version" not in statement.text]

    def ours(_round: int) -> None:
        for key in ids:
            judge(key)

    def limit(_round: int) -> None:
        for _ in ids:
            for statement in asked:
                rows_of(large.engine, statement)

    times = in_turn(ours, limit, 7)
    for kept in (times.ours, times.limit):
        kept[:] = [value / CASES for value in kept]
    note = f"one case with all its rows through all stages of P02; limit: its {len(asked)} SELECTs by the driver"
    yield times.result("decide", large.n, large.kind, note)
