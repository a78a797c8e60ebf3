"""``sweep_idle``: a wake-up with nothing to do. ``sweep_due``: a batch of clocks becomes late among all open cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select, update

from bench import copies
from bench.stock import ROUNDS, Stock
from bench.timing import Result, in_turn
from jobs import sweep
from jobs.runner import run_job
from models import Clock, Complaint, JobRun

FAR = 10**9
"""Where the keys of the limit's rows begin: far from those that the product gives out."""


def measure(large: Stock, _small: Stock) -> Iterator[Result]:
    """Idle first: afterwards the urgings wait."""
    yield _idle(large)
    yield _due(large)


def _idle(stock: Stock) -> Result:
    before = stock.due - timedelta(hours=1)

    def ours(_round: int) -> None:
        _run(stock, before, 0)

    def limit(_round: int) -> None:
        with stock.engine.connect() as connection:
            connection.execute(select(Clock.id, Clock.wake_at).where(Clock.wake_at <= before)).all()

    note = "nothing is due; ours writes the row of the run in two transactions; limit: the indexed SELECT"
    return in_turn(ours, limit, 15).result("sweep_idle", stock.n, stock.kind, note)


def _run(stock: Stock, now: datetime, expected: int) -> JobRun:
    run = run_job(stock.sessions, sweep.JOB, now)
    if run.done != expected or run.parked or run.error:
        raise RuntimeError(f"sweep at {now}: {run.done} of {expected} done, {run.parked} parked {run.error}")
    return run


def _due(stock: Stock) -> Result:
    """The batches are woken one after the other; the limit writes again what the first of them wrote."""
    with stock.sessions() as session:
        before = copies.marks(session)
    _run(stock, stock.due + timedelta(seconds=1), stock.batch)
    with stock.sessions() as session:
        written = {name: rows for name, rows in copies.since(session, before).items() if name != "job_run"}
        clocks = session.execute(select(Clock.id, Clock.complaint_id).where(Clock.flagged_at.is_not(None))).all()

    def ours(number: int) -> None:
        _run(stock, stock.due + timedelta(minutes=number + 1, seconds=1), stock.batch)

    def limit(number: int) -> None:
        rows = again[number]
        with stock.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection, connection.begin():
            for clock, case in clocks:
                connection.execute(update(Clock).where(Clock.id == clock).values(flagged_at=stock.due, ever_late=True))
                connection.execute(update(Complaint).where(Complaint.id == case).values(overdue=True, was_overdue=True))
            copies.insert(connection, rows)

    again = [_far(written, number) for number in range(ROUNDS)]
    count = sum(map(len, written.values()))
    note = (
        f"{stock.batch} clocks become late, a transaction each; "
        f"limit: their UPDATEs and the same {count} rows inserted in one transaction"
    )
    return in_turn(ours, limit, ROUNDS, warm=False).result("sweep_due", stock.n, stock.kind, note)


def _far(written: copies.Rows, number: int) -> copies.Rows:
    """The rows with keys of their own for this round, the cases staying who they are; histories go on far away."""
    rows = copies.copied(written, dict.fromkeys(written, FAR + number * 10**6))
    for name, given in rows.items():
        for row in given:
            if name == "event" and row["seq"]:
                row["seq"] += FAR + number
    return rows
