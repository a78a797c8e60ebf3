"""Several schedulers at once, and kills in the middle: nothing is done twice, nothing is lost."""

import random
import time
from functools import partial

import pytest
from sqlalchemy import func, select, text

from jobs import proof
from models import Clock, Event, JobRun, Notice, Urge
from tests.support import cases, commands, databases
from tests.support.waiting import PATIENCE, until

CASES = 40
MANY = 1_000
LATE = "2026-07-24T00:05"


def many_late_orders(engine):
    """A template with more orders than a sweep does in one page."""
    cases.many_orders(engine, MANY)


@pytest.fixture
def crowded(database):
    with databases.fresh(database.name, many_late_orders) as own:
        yield own


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
    said = [process.communicate(timeout=PATIENCE)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    assert found(database) == ([1] * CASES, [1] * CASES, 0, [])
    with database.sessions() as session:
        assert sum(session.scalars(select(JobRun.done))) >= CASES
        assert sum(session.scalars(select(JobRun.parked))) == 0


def test_schedulers_killed_in_the_middle_lose_and_double_nothing(crowded, tmp_path):
    chance, killed = random.Random(20260724), 0
    while killed < 6 and (before := open_clocks(crowded)):
        process = sweep(crowded, tmp_path)
        until(partial(begun, process, crowded, before), every=0.005)
        time.sleep(chance.random() * 0.02)
        if process.poll() is None:
            process.kill()
            killed += 1
        process.communicate(timeout=PATIENCE)
    assert killed >= 2
    last = sweep(crowded, tmp_path)
    said = last.communicate(timeout=PATIENCE)[0]
    assert last.returncode == 0, said
    assert found(crowded) == ([1] * MANY, [1] * MANY, 0, [])
    with crowded.sessions() as session:
        unfinished = session.scalar(select(func.count()).where(JobRun.finished_at.is_(None)))
        assert 1 <= unfinished <= killed, "a process may have been about to end when it was killed"
        if crowded.name == "sqlite":
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"


def begun(process, database, before):
    """Whether that sweep has flagged something of what was open before, or has ended."""
    return process.poll() is not None or open_clocks(database) < before


def open_clocks(database):
    """How many late orders have not been flagged yet."""
    with database.sessions() as session:
        return session.scalar(select(func.count()).where(Clock.name == "办理", Clock.flagged_at.is_(None)))
