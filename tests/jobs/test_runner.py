"""The door of the jobs: one commit an item, failures parked, every run on record."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.runner import Item, Job, run_job, unit_of_work, utc_now
from models import JobRun, ParkedItem


def items(*ids):
    return lambda session, now: [Item("thing", number, now - timedelta(minutes=number)) for number in ids]


def write(session, item, now):
    session.add(ParkedItem(job="mark", table=item.table, item_id=item.id, first_at=now, retry_at=now, error=""))


def marks(database):
    with database.sessions() as session:
        return sorted(session.scalars(select(ParkedItem.item_id).where(ParkedItem.job == "mark")))


def test_every_item_is_done_once_and_the_run_says_how_many_and_how_late(database):
    run = run_job(database.sessions, Job("look", "查看", items(1, 2, 3), write), utc_now())
    assert (run.done, run.parked, run.latest_by_seconds, run.error) == (3, 0, 180, "")
    assert run.finished_at is not None
    assert marks(database) == [1, 2, 3]


def test_an_item_that_fails_changes_nothing_and_the_others_go_on(database):
    def do(session, item, now):
        write(session, item, now)
        if item.id == 2:
            raise ValueError("电话号码不对")

    run = run_job(database.sessions, Job("look", "查看", items(1, 2, 3), do), utc_now())
    assert (run.done, run.parked) == (2, 1)
    assert marks(database) == [1, 3]
    with database.sessions() as session:
        parked = session.scalars(select(ParkedItem).where(ParkedItem.job == "look")).one()
        assert (parked.item_id, parked.attempts, parked.error) == (2, 1, "ValueError: 电话号码不对")


def test_a_parked_item_is_left_alone_until_its_time_and_its_wait_doubles(database):
    def fail(session, item, now):
        raise ValueError

    job, start = Job("look", "查看", items(1), fail), utc_now()
    waits = []
    for minutes in (0, 4, 5, 6, 15):
        run = run_job(database.sessions, job, start + timedelta(minutes=minutes))
        waits.append(run.parked)
    assert waits == [1, 0, 1, 0, 1]


def test_an_item_that_succeeds_later_is_no_longer_parked(database):
    now, broken = utc_now(), [True]

    def do(session, item, now):
        if broken:
            raise ValueError

    job = Job("look", "查看", items(1), do)
    run_job(database.sessions, job, now)
    broken.clear()
    assert run_job(database.sessions, job, now + timedelta(hours=1)).done == 1
    with database.sessions() as session:
        assert session.scalars(select(ParkedItem)).all() == []


def test_an_item_that_another_scheduler_took_is_not_counted(database):
    run = run_job(database.sessions, Job("look", "查看", items(1), lambda *_: False), utc_now())
    assert run.done == 0


def test_what_comes_due_meanwhile_is_done_in_the_same_run(database):
    known = [1]

    def do(session, item, now):
        if item.id < 3:
            known.append(item.id + 1)

    job = Job("look", "查看", lambda session, now: items(*known)(session, now), do)
    assert run_job(database.sessions, job, utc_now()).done == 3


def test_a_search_that_fails_leaves_a_run_with_its_error(database):
    def find(session, now):
        raise ValueError("没有这张表")

    run = run_job(database.sessions, Job("look", "查看", find, write), utc_now())
    assert run.error == "ValueError: 没有这张表"
    with database.sessions() as session:
        assert session.scalars(select(JobRun)).one().finished_at is not None


def test_a_unit_of_work_that_raises_leaves_nothing(database):
    with pytest.raises(KeyError), unit_of_work(database.sessions) as session:
        session.add(ParkedItem(job="mark", table="t", item_id=1, first_at=utc_now(), retry_at=utc_now(), error=""))
        session.flush()
        raise KeyError
    assert marks(database) == []


def test_what_fails_many_items_for_one_reason_is_shown_once_with_where_it_happened(database, caplog):
    def fail(session, item, now):
        raise OSError("磁盘已满")

    def page(session, items, now):
        raise OSError("磁盘已满")

    def find(session, now, after=None):
        parked = set(session.scalars(select(ParkedItem.item_id)))
        return [Item("thing", number, now) for number in (1, 2, 3) if number not in parked and after is None]

    run = run_job(database.sessions, Job("look", "查看", find, fail, page), utc_now())
    assert run.parked == 3
    shown = [record.exc_info is not None for record in caplog.records if "磁盘已满" in record.getMessage()]
    assert shown == [True, False, False, False]
