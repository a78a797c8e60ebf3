"""The first start, the second, and the end: as an administrator meets them."""

import re
import signal
import urllib.request
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from jobs import first_start, scheduler
from jobs.runner import unit_of_work, utc_now
from models import Event, JobRun, ProcedureVersion, Staff, migrations
from tests.support import cases, commands, databases
from tests.support.waiting import PATIENCE, until
from workflow import passwords


def nothing(_engine):
    """An empty database."""


def test_the_first_start_puts_p02_in_force_and_makes_one_administrator(database):
    with unit_of_work(database.sessions) as session:
        password = first_start.prepare(session, utc_now())
    with database.sessions() as session:
        assert session.scalars(select(ProcedureVersion.code)).all() == ["P02"]
        admin = session.scalars(select(Staff).where(Staff.username == "admin")).one()
        assert passwords.matches(admin, password)
        assert admin.must_change_password
        assert {"activate", "save_staff", "set_password"} <= set(session.scalars(select(Event.verb)))
        assert password not in " ".join(session.scalars(select(Event.text)))


def test_a_second_start_changes_nothing(database):
    for _ in range(2):
        with unit_of_work(database.sessions) as session:
            last = first_start.prepare(session, utc_now())
            events = len(session.scalars(select(Event)).all())
    assert last is None
    with database.sessions() as session:
        assert len(session.scalars(select(Event)).all()) == events
        assert len(session.scalars(select(Staff)).all()) == 1


def test_serving_prints_address_and_password_once_and_ends_when_told(database, tmp_path):
    with databases.fresh(database.name, nothing) as empty:
        first = served(empty, tmp_path, runs=1)
        assert re.search(r"http://127\.0\.0\.1:\d+/", first)
        assert len(re.findall(r"一次性密码 \S{19}\b", first)) == 1
        second = served(empty, tmp_path, runs=2)
        assert "密码" not in second
        assert migrations.current(empty.engine) == migrations.heads()[0]


def served(database, folder, runs):
    """What the server prints between its start, one answered request with as many sweeps in all, and its end."""
    process = commands.start(database, folder, "serve", PORT=str(free_port()))
    said = ""
    while "http://" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    address = re.search(r"http://\S+", said).group()
    with urllib.request.urlopen(f"{address}login") as answer:
        assert answer.status == 200
    until(lambda: finished(database).count("sweep") >= runs)
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, rest
    return said + rest


def finished(database):
    """The names of the runs that have come to their end."""
    with database.sessions() as session:
        return list(session.scalars(select(JobRun.name).where(JobRun.finished_at.is_not(None))))


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_of_several_that_start_at_once_on_an_empty_database_one_sets_it_up(database, tmp_path):
    with databases.fresh(database.name, nothing) as empty:
        together = [commands.start(empty, tmp_path / str(number), "setup") for number in range(3)]
        said = [process.communicate(timeout=PATIENCE)[0] for process in together]
        assert [process.returncode for process in together] == [0, 0, 0], said
        assert "".join(said).count("一次性密码") == 1
        with empty.sessions() as session:
            assert session.scalars(select(ProcedureVersion.code)).all() == ["P02"]
            assert len(session.scalars(select(Staff)).all()) == 1


def test_a_taken_port_is_told_with_the_way_out(database, tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, said = commands.run(database, tmp_path, "serve", PORT=str(taken.getsockname()[1]))
    assert code == 1
    assert "S11" in said
    assert "PORT=8001" in said
    assert "Traceback" not in said


def test_a_setting_that_cannot_work_stops_every_command_without_a_traceback(database, tmp_path):
    code, said = commands.run(database, tmp_path, "check", PORT="http")
    assert code == 1
    assert "S01" in said
    assert "Traceback" not in said


def test_the_scheduler_wakes_at_once_and_then_by_its_hours(database, settings):
    waking = scheduler.start(database.sessions, settings)
    try:
        until(lambda: {"sweep", "duties"} <= set(finished(database)))
    finally:
        waking.shutdown(wait=True)
    assert set(finished(database)) <= {*scheduler.jobs(settings)}


def test_the_next_runs_are_known(settings):
    now = datetime(2026, 5, 16, 16, 2, tzinfo=UTC)
    runs = scheduler.next_runs(settings, now)
    assert runs["sweep"] - now <= timedelta(minutes=5)
    assert runs["backup"].isoformat() == "2026-05-17T03:20:00+08:00"


def test_the_nightly_backup_keeps_as_many_as_it_should(database, settings):
    from jobs.runner import run_job

    job, _hours = scheduler.jobs(settings)["backup"]
    start = datetime(2026, 5, 1, tzinfo=UTC)
    for day in range(settings.backup_keep + 2):
        assert run_job(database.sessions, job, start + timedelta(days=day)).error == ""
    kept = sorted(path.name for path in (settings.instance / "backups").glob("*.zip"))
    assert len(kept) == settings.backup_keep
    assert kept[0].startswith("20260503")


def test_a_night_tells_sqlite_what_to_choose_its_indexes_by(database, settings):
    from sqlalchemy import text

    from jobs.runner import run_job

    cases.with_orders(database, 3)
    job, _hours = scheduler.jobs(settings)["planning"]
    run = run_job(database.sessions, job, datetime(2026, 5, 1, tzinfo=UTC))
    assert (run.done, run.parked, run.error) == (1 if database.name == "sqlite" else 0, 0, "")
    if database.name == "sqlite":
        with database.sessions() as session:
            known = set(session.scalars(text("SELECT idx FROM sqlite_stat1")))
        assert {"ix_clock_wake", "ix_complaint_match"} <= known


def test_a_job_run_by_name_prints_one_line(database, tmp_path):
    code, said = commands.run(database, tmp_path, "jobs", "run", "sweep", "--now", "2026-05-17T00:05")
    assert (code, said.strip()) == (0, "sweep 2026-05-16T16:05:00Z 完成 0 搁置 0 最迟 0 秒")


def test_a_job_that_does_not_exist_is_told_with_those_that_do(database, tmp_path):
    code, said = commands.run(database, tmp_path, "jobs", "run", "swep")
    assert code == 2
    assert all(name in said for name in ("sweep", "duties", "replays", "digests", "calendar", "backup"))
