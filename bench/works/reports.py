"""``monthly_figures`` and ``csv_export``: what is asked for once a month, over everything."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from sqlalchemy import Connection, func, select, text

from bench.desk import desk, page, recorded, rows_of
from bench.stock import LEADER, Stock
from bench.timing import Result, in_turn
from models import Complaint, Staff
from workflow import access, registry
from workflow.month import MONTHLY
from workflow.periods import bounds

EXPORT = "/complaints/export/csv/"
ROUNDS = 5
COUNTS = """
SELECT count(*), sum(CASE WHEN c.nature = '抱怨' THEN 1 ELSE 0 END), sum(CASE WHEN c.nature = '投诉' THEN 1 ELSE 0 END),
       count(c.closed_at)
FROM complaint c WHERE c.accepted_at >= :start AND c.accepted_at < :end AND c.state <> '已作废'
"""
ORDERS = """
SELECT count(*), count(k.done_at), sum(CASE WHEN k.done_at IS NOT NULL AND NOT k.ever_late THEN 1 ELSE 0 END),
       sum(CASE WHEN k.done_at IS NULL AND k.due_at >= :now THEN 1 ELSE 0 END)
FROM complaint c JOIN clock k ON k.complaint_id = c.id AND k.order_id IS NOT NULL AND k.cancelled_at IS NULL
WHERE c.accepted_at >= :start AND c.accepted_at < :end AND c.state NOT IN ('已作废', '已撤诉', '不予受理')
"""
VISITS = """
SELECT v.result, count(*) FROM complaint c JOIN visit v ON v.complaint_id = c.id
WHERE c.accepted_at >= :start AND c.accepted_at < :end AND c.state NOT IN ('已作废', '已撤诉', '不予受理')
  AND v.id = (SELECT max(id) FROM visit WHERE complaint_id = c.id) GROUP BY v.result
"""
GROUPED = """
SELECT {column}, nature, was_overdue, count(*) FROM complaint
WHERE accepted_at >= :start AND accepted_at < :end AND state <> '已作废' GROUP BY {column}, nature, was_overdue
"""


def measure(large: Stock, _small: Stock) -> Iterator[Result]:
    """Both as the company's leader, who sees every case."""
    yield _figures(large)
    yield _export(large)


def _figures(stock: Stock) -> Result:
    period = f"{stock.month:%Y-%m}"
    start, end = bounds(period)
    moments = {"start": start, "end": end, "now": stock.now}

    def ours(_round: int) -> None:
        with stock.sessions() as session:
            staff = session.scalars(select(Staff).where(Staff.name == LEADER)).one()
            actor = access.actor_of(session, staff, stock.now)
            given = {"kind": MONTHLY, "period": period}
            registry.perform(session, "report", None, arguments=given, actor=actor, now=stock.now)

    def limit(_round: int) -> None:
        with stock.engine.connect() as connection:
            _counted(connection, {name: _stored(stock, at) for name, at in moments.items()})

    with stock.sessions() as session:
        within = (Complaint.accepted_at >= start, Complaint.accepted_at < end)
        cases = session.scalar(select(func.count()).select_from(Complaint).where(*within))
    note = (
        f"the month's analysis with the cases behind each figure, {cases:,} cases in the month; limit: its counts alone"
    )
    return in_turn(ours, limit, ROUNDS).result("monthly_figures", stock.n, stock.kind, note)


def _stored(stock: Stock, moment: object) -> object:
    """An instant as the database keeps it."""
    return Complaint.accepted_at.type.dialect_impl(stock.engine.dialect).process_bind_param(
        moment, stock.engine.dialect
    )


def _counted(connection: Connection, values: dict[str, object]) -> None:
    for statement in (COUNTS, ORDERS, VISITS):
        connection.execute(text(statement), values).all()
    for column in ("handling_department_id", "grade", "channel", "state"):
        connection.execute(text(GROUPED.format(column=column)), values).all()


def _export(stock: Stock) -> Result:
    with desk(stock) as many:
        leader = many.signed_in(LEADER)
        with recorded(many.engine) as seen:
            lines = page(leader, EXPORT).count(b"\r\n") - 1
        asked = next(statement for statement in seen if statement.is_page)

        def limit(_round: int) -> None:
            writer = csv.writer(io.StringIO())
            writer.writerows(rows_of(many.engine, asked))

        note = f"{lines:,} cases as CSV, {len(seen)} statements; limit: the same SELECT by the driver, written as it is"
        times = in_turn(lambda _: page(leader, EXPORT), limit, 3)
        return times.result("csv_export", stock.n, stock.kind, note)
