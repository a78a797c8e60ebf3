"""A replay runs by itself soon after it was asked for, goes on after an interruption, and is done by one worker."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from jobs import replays, runner, scheduler
from models import JobRun, ProcedureVersion, Replay, ReplayDifference
from rules.procedure import shipped
from tests.support import cases
from tests.support.waiting import until
from workflow import registry, replay
from workflow.access import SYSTEM

LATER = datetime(2026, 7, 25, tzinfo=UTC)
CHANGED = (
    shipped()["P02"]
    .replace(
        'when = { nature = "抱怨" }\nthen = { department = "客户服务中心" }',
        'when = { nature = "抱怨" }\nthen = { department = "安全技术部" }',
    )
    .replace('when = { nature = "抱怨", channel = [', 'when = { nature = "抱怨", place = "无处", channel = [')
)


@pytest.fixture
def asked(database):
    """Five cases, and a replay of a draft that sends them elsewhere."""
    cases.with_orders(database, 5)
    with database.sessions() as session:
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        draft = ProcedureVersion(
            code="P02", number=2, title="草稿", text=CHANGED, state="草稿", created_at=LATER,
            sha256=hashlib.sha256(CHANGED.encode()).hexdigest(),
        )  # fmt: skip
        session.add(draft)
        session.flush()
        arguments = {"draft": draft.id, "since": "2026-07-01"}
        done = registry.perform(session, "start_replay", None, arguments=arguments, actor=SYSTEM, now=LATER)
        session.commit()
        return done.result.id


def state_of(database, key):
    with database.sessions() as session:
        row = session.get(Replay, key)
        return row.state, row.done, row.summary, session.scalar(select(func.count(ReplayDifference.id)))


def test_a_replay_is_carried_out_whole_and_leaves_one_run_on_record(database, asked):
    run = runner.run_job(database.sessions, replays.JOB, LATER)
    assert state_of(database, asked) == ("完成", 5, {"去向不同": 5}, 5)
    assert (run.done, run.parked, run.error) == (1, 0, "")


def test_an_interrupted_replay_goes_on_after_the_last_case_it_had(database, asked):
    with runner.unit_of_work(database.sessions) as session:
        assert replay.advance(session, asked, LATER, 2)
    assert state_of(database, asked)[:2] == ("进行", 2)
    runner.run_job(database.sessions, replays.JOB, LATER)
    assert state_of(database, asked) == ("完成", 5, {"去向不同": 5}, 5)


def test_a_batch_that_another_worker_has_done_is_dropped(database, asked):
    with runner.unit_of_work(database.sessions, writes=False) as session:
        slow = replay.look(session, asked, 2)
    runner.run_job(database.sessions, replays.JOB, LATER)
    with runner.unit_of_work(database.sessions) as session:
        assert not replay.keep(session, slow, LATER)
    assert state_of(database, asked) == ("完成", 5, {"去向不同": 5}, 5)


def test_what_goes_wrong_is_said_on_the_replay(database, asked, monkeypatch):
    def broken(*_given):
        raise ValueError("这一件读不出")

    monkeypatch.setattr(replay, "replayed", broken)
    runner.run_job(database.sessions, replays.JOB, LATER)
    with database.sessions() as session:
        row = session.get(Replay, asked)
        assert (row.state, row.error) == ("失败", "ValueError: 这一件读不出")


def test_while_a_batch_is_worked_out_somebody_can_save(database, asked, monkeypatch):
    saved = []

    def slow(session, *given):
        with runner.unit_of_work(database.sessions) as other:
            other.add(JobRun(name="save", started_at=LATER, as_of=LATER))
            saved.append(True)
        return found(session, *given)

    found = replay.replayed
    monkeypatch.setattr(replay, "replayed", slow)
    runner.run_job(database.sessions, replays.JOB, LATER)
    assert saved
    assert state_of(database, asked)[0] == "完成"


def test_a_look_that_finds_nothing_leaves_no_row(database, settings):
    scheduler._run(database.sessions, replays.JOB)
    with database.sessions() as session:
        assert session.scalars(select(JobRun.id)).all() == []


def test_the_scheduler_takes_a_replay_up_within_seconds(database, settings, asked):
    waking = scheduler.start(database.sessions, settings)
    try:
        until(lambda: state_of(database, asked)[0] == "完成", every=0.1)
    finally:
        waking.shutdown(wait=True)
    assert state_of(database, asked)[0] == "完成"
    _job, hours = scheduler.jobs(settings)["replays"]
    now = datetime.now(UTC)
    assert hours.get_next_fire_time(None, now) - now <= timedelta(seconds=2)
