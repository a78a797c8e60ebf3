"""Several schedulers at once, and kills in the middle: nothing is done twice, nothing is lost."""

import random
import time

from sqlalchemy import func, select, text

from jobs import proof
from models import Clock, Event, JobRun, Notice, Urge
from tests.support import cases, commands

CASES = 40
LATE = "2026-07-24T00:05"


def sweep(database, folder):
    return commands.start(database, folder, "jobs", "run", "sweep", "--now", LATE)


def found(database):
    """Flaggings, urgings and notices by what they belong to; each must have come exactly once."""
    with database.sessions() as session:
        flagged = session.execute(
            select(func.count()).where(Event.verb == "flag_overdue").group_by(Event.complaint_id)
        ).scalars()
        urged = session.execute(select(func.count(Urge.id)).group_by(Urge.order_id)).scalars()
        keys = session.scalars(select(Notice.key)).all()
        return list(flagged), list(urged), len(keys) - len(set(keys)), list(proof.differences(session))


def test_three_schedulers_at_once_flag_each_late_order_once(database, tmp_path):
    cases.with_orders(database, CASES)
    running = [sweep(database, tmp_path) for _ in range(3)]
    said = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    assert found(database) == ([1] * CASES, [1] * CASES, 0, [])
    with database.sessions() as session:
        assert sum(session.scalars(select(JobRun.done))) >= CASES
        assert sum(session.scalars(select(JobRun.parked))) == 0


def test_schedulers_killed_in_the_middle_lose_and_double_nothing(database, tmp_path):
    cases.with_orders(database, CASES)
    chance, killed = random.Random(20260724), 0
    deadline = time.monotonic() + 60
    while open_clocks(database) and time.monotonic() < deadline and killed < 6:
        process = sweep(database, tmp_path)
        before = open_clocks(database)
        while process.poll() is None and open_clocks(database) >= before - 2:
            time.sleep(0.005)
        time.sleep(chance.random() * 0.02)
        if process.poll() is None:
            process.kill()
            killed += 1
        process.communicate(timeout=60)
    assert killed >= 2
    last = sweep(database, tmp_path)
    said = last.communicate(timeout=120)[0]
    assert last.returncode == 0, said
    assert found(database) == ([1] * CASES, [1] * CASES, 0, [])
    with database.sessions() as session:
        assert session.scalar(select(func.count()).where(JobRun.finished_at.is_(None))) == killed
        if database.name == "sqlite":
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"


def open_clocks(database):
    """How many late orders have not been flagged yet."""
    with database.sessions() as session:
        return session.scalar(select(func.count()).where(Clock.name == "办理", Clock.flagged_at.is_(None)))
