"""Jobs in trouble: killed at random, run twice at once, woken too late, in the past, and on an item that is broken."""

import multiprocessing
import random
import signal
import time
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import NullPool, create_engine, func, select, text, update

from jobs import proof, runner, sweep
from models import Assessment, Clock, Complaint, Event, JobRun, Notice, ParkedItem, Urge
from tests.support import cases, commands, databases
from tests.support.waiting import PATIENCE, until

MANY, SOME = 2_000, 1_000
LATE = runner.instant("2026-07-24T00:05")
FORK = multiprocessing.get_context("fork")


def many_late_orders(engine):
    """A template: two thousand orders that are late at ``LATE``; made once, copied for each test."""
    cases.many_orders(engine, MANY)


@pytest.fixture
def crowded(database):
    """A database with two thousand late orders."""
    with databases.fresh(database.name, many_late_orders) as own:
        yield own


def some_late_orders(engine):
    """A template for who needs several pages and not ten: what a page holds is what others may have to wait for."""
    cases.many_orders(engine, SOME)


@pytest.fixture
def busy(database):
    """A database with late orders for five pages."""
    with databases.fresh(database.name, some_late_orders) as own:
        yield own


@pytest.fixture
def few(database):
    """A database with three late orders."""
    cases.with_orders(database, 3)
    return database


def sweeper(url):
    """A scheduler's sweep, as the whole life of a process."""
    engine = create_engine(url, poolclass=NullPool)
    runner.run_job(runner.sessions(engine), sweep.JOB, LATE)


def started(database):
    database.engine.dispose()
    process = FORK.Process(target=sweeper, args=(database.url,))
    process.start()
    return process


def swept(database, now):
    return runner.run_job(database.sessions, sweep.JOB, now)


def flagged(database):
    with database.sessions() as session:
        return session.scalar(select(func.count()).where(Clock.flagged_at.is_not(None)))


def more_than(before, database):
    return flagged(database) > before


def tally(database):
    """Per case: flag events, urgings, notices by kind, drafts of item 17; and whatever no longer agrees."""
    with database.sessions() as session:

        def by_case(table, *conditions):
            query = select(func.count()).select_from(table).where(*conditions).group_by(table.complaint_id)
            return sorted(session.scalars(query))

        return {
            "flagged": by_case(Event, Event.verb == "flag_overdue"),
            "urged": sorted(session.scalars(select(func.count()).select_from(Urge).group_by(Urge.order_id))),
            "told": by_case(Notice, Notice.event == "超期"),
            "told to hurry": by_case(Notice, Notice.event == "催办"),
            "drafted": by_case(Assessment, Assessment.standard_no == "17", Assessment.state == "草稿"),
            "differs": list(proof.differences(session)),
        }


def once(cases_, told=2):
    """What one flagging of each case comes to; two people are told that it is late, one is urged."""
    one = [1] * cases_
    return {
        "flagged": one, "urged": one, "told": [told] * cases_, "told to hurry": one, "drafted": one, "differs": [],
    }  # fmt: skip


def test_sweeps_killed_at_random_lose_and_double_nothing(crowded):
    chance, kills = random.Random(20260724), 0
    pair = [started(crowded), started(crowded)]
    while (before := flagged(crowded)) < MANY and kills < 16:
        if kills % 2:  # every other one after a page more, so that the work comes to its end on the slowest machine
            until(partial(more_than, before, crowded))
        time.sleep(chance.uniform(0, 0.3))
        victim = chance.randrange(2)
        if pair[victim].is_alive():
            pair[victim].kill()
            kills += 1
        pair[victim].join()
        pair[victim] = started(crowded)
    for process in pair:
        process.join(PATIENCE)
    assert kills >= 5
    swept(crowded, LATE)
    assert tally(crowded) == once(MANY)
    with crowded.sessions() as session:
        unfinished = session.scalar(select(func.count()).where(JobRun.finished_at.is_(None)))
        assert 1 <= unfinished <= kills
        assert session.scalar(select(func.sum(JobRun.parked))) == 0
        if crowded.name == "sqlite":
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"


def test_two_sweeps_at_once_share_the_work(busy):
    pair = [started(busy), started(busy)]
    for process in pair:
        process.join(PATIENCE)
    assert [process.exitcode for process in pair] == [0, 0]
    assert tally(busy) == once(SOME)
    with busy.sessions() as session:
        done = session.scalars(select(JobRun.done))
        assert sum(done) >= SOME
        assert session.scalar(select(func.sum(JobRun.parked))) == 0


def test_who_saves_during_a_long_sweep_is_let_in_between_two_pages(busy):
    process, met = started(busy), set()
    while process.is_alive():
        with runner.unit_of_work(busy.sessions) as session:
            session.execute(text("UPDATE staff SET city = 'x' WHERE id = 1"))
            met.add(session.scalar(select(func.count()).where(Clock.flagged_at.is_not(None))))
    process.join()
    assert process.exitcode == 0
    assert met - {0, SOME}, "who saves meets the sweep in its middle"
    assert tally(busy) == once(SOME)


def test_after_a_long_pause_it_is_flagged_once_and_urged_once(few):
    late = LATE + timedelta(days=9)
    assert swept(few, late).done == 3
    assert tally(few) == once(3)
    assert swept(few, late).done == 0


def test_a_pause_after_the_flag_brings_one_urging_and_not_one_a_day(few):
    swept(few, LATE)
    assert swept(few, LATE + timedelta(days=9)).done == 3
    found = tally(few)
    assert (found["flagged"], found["urged"], found["told to hurry"]) == ([1] * 3, [2] * 3, [2] * 3)
    assert found["differs"] == []
    assert swept(few, LATE + timedelta(days=9, hours=23)).done == 0


def test_a_clock_that_jumps_back_undoes_and_repeats_nothing(few):
    swept(few, LATE)
    for back in (timedelta(days=400), timedelta(days=3), timedelta(hours=1)):
        assert swept(few, LATE - back).done == 0
    assert swept(few, LATE + timedelta(hours=1)).done == 0
    assert tally(few) == once(3)


def test_a_broken_item_is_parked_with_the_reason_and_done_once_it_is_mended(few):
    with few.sessions() as session:
        broken = session.scalars(select(Clock).where(Clock.name == "办理").order_by(Clock.id)).first()
        limit = dict(broken.limit)
        session.execute(update(Clock).where(Clock.id == broken.id).values(limit={}))
        session.commit()
    run = swept(few, LATE)
    assert (run.done, run.parked, run.error) == (2, 1, "")
    with few.sessions() as session:
        parked = session.scalars(select(ParkedItem)).one()
        assert (parked.job, parked.item_id, parked.attempts) == ("sweep", broken.id, 1)
        assert parked.error.startswith("KeyError")
        assert session.get(Clock, broken.id).flagged_at is None
        session.execute(update(Clock).where(Clock.id == broken.id).values(limit=limit))
        session.commit()
    assert swept(few, LATE + timedelta(minutes=1)).done == 0
    assert swept(few, LATE + timedelta(minutes=10)).done == 1
    assert tally(few) == once(3)
    with few.sessions() as session:
        assert session.scalars(select(ParkedItem)).all() == []


def test_a_scheduler_that_is_told_to_stop_finishes_its_sweep(database, tmp_path):
    cases.with_orders(database, 20)
    process = commands.start(database, tmp_path, "jobs")
    until(lambda: flagged(database) or process.poll() is not None)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert flagged(database) == 20
    with database.sessions() as session:
        assert session.scalar(select(func.count()).where(JobRun.finished_at.is_(None))) == 0


OPEN_HISTORY = {
    "sqlite": "DROP TRIGGER event_no_update",
    "postgresql": "ALTER TABLE event DISABLE TRIGGER event_append_only",
}


def test_check_finds_a_due_instant_and_a_history_that_somebody_changed(few, tmp_path):
    code, said = commands.run(few, tmp_path, "check")
    assert (code, said) == (0, "")
    with few.sessions() as session:
        first, second, third = session.scalars(select(Complaint).order_by(Complaint.id))
        later = LATE + timedelta(days=30)
        session.execute(update(Clock).where(Clock.complaint_id == first.id).values(due_at=later))
        session.execute(text(OPEN_HISTORY[few.name]))
        session.execute(update(Event).where(Event.complaint_id == second.id, Event.seq == 1).values(text="改过的历史"))
        session.commit()
    code, said = commands.run(few, tmp_path, "check")
    assert code == 1
    assert f"{first.case_no} 时限 办理 due_at" in said
    assert f"{second.case_no} 历史第 1 条与哈希链不符" in said
    assert third.case_no not in said
