"""``sweep_idle``: a wake-up with nothing to do. ``sweep_due``: a batch of clocks becomes late among all open cases."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, bindparam, select, update

from bench import copies
from bench.stock import ROUNDS, Stock
from bench.timing import Result, in_turn
from jobs import sweep
from jobs.runner import run_job
from models import Clock, Complaint, JobRun, SupervisionOrder
from models.db import Versioned

FAR = 10**9
"""Where the keys of the limit's rows begin: far from those that the product gives out."""


def measure(large: Stock, small: Stock) -> Iterator[Result]:
    """Idle first: afterwards the urgings wait."""
    yield _idle(large)
    yield _due(large, small)


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


def _due(large: Stock, small: Stock) -> Result:
    """The batches are woken one after the other; the limit writes again what the first of them wrote."""
    with large.sessions() as session:
        before = copies.marks(session)
    first = large.due + timedelta(seconds=1)
    _run(large, first, large.batch)
    with large.sessions() as session:
        written = {name: rows for name, rows in copies.since(session, before).items() if name != "job_run"}
        found = session.execute(
            select(Clock.id, Clock.complaint_id, Clock.order_id).where(Clock.flagged_at == first)
        ).all()
    late, cases, orders = ([{"row": key} for key in keys] for keys in zip(*found, strict=True))

    def ours(number: int) -> None:
        _run(large, large.due + timedelta(minutes=number + 1, seconds=1), large.batch)

    def limit(number: int) -> None:
        rows = again[number]
        with large.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection, connection.begin():
            next_day = large.now + timedelta(days=1, minutes=number)
            connection.execute(_mark(Clock, ever_late=True, urge_count=1, wake_at=next_day, **marks), late)
            connection.execute(_mark(Complaint, overdue=True, was_overdue=True, flags=["超期"]), cases)
            connection.execute(_mark(SupervisionOrder, urge_count=1), orders)
            copies.insert(connection, rows)

    marks = {"flagged_at": large.due, "urged_at": large.due}
    again = [_far(written, number) for number in range(ROUNDS)]
    count = sum(map(len, written.values()))
    times = in_turn(ours, limit, ROUNDS, warm=False)
    note = (
        f"{large.batch} clocks become late; limit: the same columns of each clock, case and order by one executemany a "
        f"table and the same {count} rows inserted, all in one transaction; peak memory {_memory(large)} MB, "
        f"{_memory(small)} MB with {small.n} cases"
    )
    return times.result("sweep_due", large.n, large.kind, note)


def _mark(table: type[Versioned], **values: object) -> Update:
    row: Any = table.__table__
    return update(row).where(row.c.id == bindparam("row")).values(version=row.c.version + 1, **values)


def _memory(stock: Stock) -> int:
    """The most memory, in megabytes, that a process of its own needs to sweep one more batch."""
    now = stock.due + timedelta(minutes=ROUNDS + 1, seconds=1)
    address = stock.engine.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", SWEEP, address, now.isoformat()], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


SWEEP = """
import re, sys
from datetime import datetime
from sqlalchemy import create_engine
from jobs import runner, sweep
run = runner.run_job(runner.sessions(create_engine(sys.argv[1])), sweep.JOB, datetime.fromisoformat(sys.argv[2]))
assert run.done and not run.error, run.error
print(int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024)
"""


def _far(written: copies.Rows, number: int) -> copies.Rows:
    """The rows with keys of their own for this round, the cases staying who they are; histories go on far away."""
    rows = copies.copied(written, dict.fromkeys(written, FAR + number * 10**6))
    for row in rows.get("event", []):
        if row["seq"]:
            row["seq"] += FAR + number
    for row in rows.get("clock_rung", []):
        row["cycle"] += FAR + number
    return rows
