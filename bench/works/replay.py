"""``replay``: every open case judged again by a draft that changes routes and limits, in a process of its own.

The draft meets every case: each decision is taken again on the facts that were kept, each ledger is read again. Printed
are the seconds of the whole and the most memory that the process held; the limit reads the same rows by the driver.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import resource
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import create_engine, func, insert, select, text
from sqlalchemy.orm import Session

import workflow.verbs  # noqa: F401 - a verb is known once its module is imported
from bench.stock import Stock
from bench.timing import Result, Times
from jobs import replays, runner
from models import CaseDecision, Complaint, Event, FactSnapshot, ProcedureVersion, Replay
from rules.procedure import shipped
from workflow import registry
from workflow.access import SYSTEM
from workflow.arguments import SHANGHAI

PERIOD = timedelta(days=33)
"""The open cases were accepted in the last month, the closed ones long before."""
AT_ONCE = 5_000
ELSEWHERE = """[[rule]]
id = "route-bench"
stage = "route"
when = { nature = "抱怨", complained_department = "用户工程部" }
then = { department = "安全技术部" }
because = "由安全技术部调查处理"
cites = ["P02-6.1"]

"""
EDITS = (
    ('[[rule]]\nid = "route-own-grumble"', f'{ELSEWHERE}[[rule]]\nid = "route-own-grumble"'),
    ("roll = false\npausable = true", "roll = true\npausable = true"),
)
"""A quarter of the cases goes elsewhere, and every deadline is counted again."""
FACTS = text("SELECT complaint_id, verb, facts FROM fact_snapshot ORDER BY id")
ANSWERS = text("SELECT snapshot_id, stage, rule_id, changed FROM case_decision ORDER BY id")


def measure(large: Stock, _small: Stock) -> Iterator[Result]:
    """Once: what was kept is written first, the replay reads it, and it is the last to look at this stock."""
    _keep_decisions(large)
    with large.sessions() as session:
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        arguments = {"draft": _draft(session, large), "since": (large.now - PERIOD).astimezone(SHANGHAI).date()}
        done = registry.perform(session, "start_replay", None, arguments=arguments, actor=SYSTEM, now=large.now)
        key = done.result.id
        session.commit()
    url = large.engine.url.render_as_string(hide_password=False)
    with multiprocessing.get_context("spawn").Pool(1) as alone:
        seconds, busy, megabytes, told = alone.apply(carried_out, (url, key))
    start = time.perf_counter()
    _read(large)
    limit = time.perf_counter() - start
    note = (
        f"{told['done']:,} cases, {sum(told['summary'].values()):,} differences, "
        f"{busy:.1f} s of one processor, {megabytes:,.0f} MB at most; "
        "limit: the facts and answers read by the driver"
    )
    yield Times([seconds * 1000], [limit * 1000]).result("replay", large.n, large.kind, note)


def carried_out(url: str, key: int) -> tuple[float, float, float, dict[str, Any]]:
    """The whole life of the process that replays: seconds, those it was busy, megabytes, and what it came to."""
    sessions = runner.sessions(create_engine(url))
    start = time.perf_counter()
    run = runner.run_job(sessions, replays.JOB, runner.utc_now())
    seconds = time.perf_counter() - start
    with sessions() as session:
        row = session.get_one(Replay, key)
        if row.state != "完成" or run.error or run.parked:
            raise RuntimeError(f"replay {row.state} {row.error} {run.error}")
        told = {"done": row.done, "summary": row.summary}
    return seconds, time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, told


def _draft(session: Session, stock: Stock) -> int:
    changed = shipped()["P02"]
    for old, new in EDITS:
        if old not in changed:
            raise RuntimeError(f"the document no longer says {old}")
        changed = changed.replace(old, new)
    number = (session.scalar(select(func.max(ProcedureVersion.number))) or 0) + 1
    row = ProcedureVersion(
        code="P02", number=number, title="", text=changed, sha256=hashlib.sha256(changed.encode()).hexdigest(),
        state="草稿", created_at=stock.now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def _keep_decisions(stock: Stock) -> None:
    """Each open case gets what the verbs kept of the case that it is a copy of."""
    with stock.sessions() as session:
        models = _kept(session)
        first = {FactSnapshot: _last(session, FactSnapshot) + 1, CaseDecision: _last(session, CaseDecision) + 1}
        cases = session.execute(
            select(Complaint.id, Complaint.complained_department_id, Complaint.accepted_at, Event.id)
            .join(Event, (Event.complaint_id == Complaint.id) & (Event.seq == 1))
            .where(Complaint.accepted_at >= stock.now - PERIOD, Complaint.id.not_in(models["ids"]))
        ).all()
    rest = iter(cases)
    while some := list(islice(rest, AT_ONCE)):
        snapshots: list[dict[str, Any]] = []
        answers: list[dict[str, Any]] = []
        for case, department, at, event in some:
            _copy(models[department], (case, at, event), first, snapshots, answers)
        with stock.engine.begin() as connection:
            connection.execute(insert(FactSnapshot), snapshots)
            connection.execute(insert(CaseDecision), answers)


def _copy(
    model: tuple[dict[str, Any], list[dict[str, Any]]],
    case: tuple[int, datetime, int],
    first: dict[Any, int],
    snapshots: list[dict[str, Any]],
    answers: list[dict[str, Any]],
) -> None:
    own = {"complaint_id": case[0], "at": case[1], "event_id": case[2]}
    facts, decisions = model
    snapshots.append({**facts, **own, "id": first[FactSnapshot]})
    for decision in decisions:
        answers.append({**decision, **own, "id": first[CaseDecision], "snapshot_id": first[FactSnapshot]})
        first[CaseDecision] += 1
    first[FactSnapshot] += 1


def _last(session: Session, table: Any) -> int:
    return session.scalar(select(func.max(table.id))) or 0


def _kept(session: Session) -> dict[Any, Any]:
    """Of the cases that the verbs made: complained department to the snapshot of the registration and its answers."""
    found: dict[Any, Any] = {"ids": set()}
    rows = session.execute(
        select(FactSnapshot.__table__, Complaint.complained_department_id)
        .join(Complaint, Complaint.id == FactSnapshot.complaint_id)
        .where(FactSnapshot.verb == "register")
    ).mappings()
    for row in rows:
        query = select(CaseDecision.__table__).where(CaseDecision.snapshot_id == row["id"])
        decisions = [dict(each) for each in session.execute(query).mappings()]
        facts = {name: value for name, value in row.items() if name != "complained_department_id"}
        found[row["complained_department_id"]] = (facts, decisions)
        found["ids"].add(row["complaint_id"])
    return found


def _read(stock: Stock) -> None:
    """The rows that a replay needs, as the driver gives them, JSON read."""
    with stock.engine.connect() as connection:
        for statement, place in ((FACTS, 2), (ANSWERS, 3)):
            for row in connection.execution_options(yield_per=1000).execute(statement):
                if isinstance(row[place], str):
                    json.loads(row[place])
