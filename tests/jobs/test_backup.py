"""A backup is taken while people work and comes back row for row, into either database."""

import hashlib
import json
import os
import stat
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from jobs import backup, proof, restore
from jobs.runner import run_job, utc_now
from models import Clock, Complaint, Department, Event, KnowledgeFile, KnowledgeItem, Letter, Notice, Staff, migrations
from tests.support import cases, databases
from workflow import history, letters
from workflow.access import SYSTEM


def nothing(_engine):
    """An empty database."""


@pytest.fixture
def saved(database, tmp_path):
    """The file of a backup of a database with cases and two uploads, and its manifest."""
    with databases.fresh(database.name, migrations.upgrade) as source:
        cases.with_orders(source, 3)
        files = tmp_path / "files"
        (files / "ab").mkdir(parents=True)
        (files / "ab" / "证据照片.jpg").write_bytes(b"\xff\xd8 picture")
        (files / "投诉单.pdf").write_bytes(b"%PDF")
        target = tmp_path / "backup.zip"
        return target, backup.save(source.engine, files, target)


@pytest.mark.parametrize("into", databases.BOTH)
def test_a_backup_comes_back_row_for_row_into_either_database(saved, into, tmp_path):
    target, manifest = saved
    with databases.fresh(into, nothing) as empty:
        assert restore.restore(empty.engine, tmp_path / "again", target) == manifest
        assert migrations.current(empty.engine) == migrations.heads()[0]
        with empty.sessions() as session:
            assert len(session.scalars(select(Complaint)).all()) == manifest["tables"]["complaint"]["rows"] == 3
            assert list(proof.differences(session)) == []
        assert (tmp_path / "again" / "ab" / "证据照片.jpg").read_bytes() == b"\xff\xd8 picture"


@pytest.mark.parametrize("into", databases.BOTH)
def test_the_library_comes_back_with_the_content_of_its_files(database, into, tmp_path):
    content = b"%PDF brochure"
    digest = hashlib.sha256(content).hexdigest()
    (tmp_path / "files" / digest[:2]).mkdir(parents=True)
    (tmp_path / "files" / digest[:2] / digest).write_bytes(content)
    file = KnowledgeFile(file_name="手册.pdf", sha256=digest, size=len(content))
    first = KnowledgeItem(kind="资料", title="手册", filed_on=date(2026, 1, 10), at=utc_now(), files=[file])
    second = KnowledgeItem(kind="资料", title="手册", filed_on=date(2026, 3, 1), at=utc_now(), replaces=first)
    with databases.fresh(database.name, migrations.upgrade) as source:
        with source.sessions() as session:
            session.add(second)
            session.commit()
        backup.save(source.engine, tmp_path / "files", tmp_path / "b.zip")
    with databases.fresh(into, nothing) as empty:
        restore.restore(empty.engine, tmp_path / "again", tmp_path / "b.zip")
        with empty.sessions() as session:
            newest = session.scalars(select(KnowledgeItem).where(KnowledgeItem.replaces_id.is_not(None))).one()
            (kept,) = newest.replaces.files
            assert (tmp_path / "again" / kept.sha256[:2] / kept.sha256).read_bytes() == content


@pytest.mark.parametrize("into", databases.BOTH)
def test_numbers_go_on_where_they_stood_and_history_stays_shut(saved, into, tmp_path):
    with databases.fresh(into, nothing) as empty:
        restore.restore(empty.engine, tmp_path / "again", saved[0])
        with empty.sessions() as session:
            last = max(session.scalars(select(Department.id)))
            department = Department(name="新部门", path="/x/")
            session.add(department)
            session.flush()
            assert department.id > last
            with pytest.raises(Exception, match="append-only"):
                session.execute(text("UPDATE event SET text = 'x'"))


def test_a_letter_that_waited_when_the_backup_was_taken_does_not_leave_again_by_itself(database, tmp_path):
    now = utc_now()
    with databases.fresh(database.name, migrations.upgrade) as source:
        with source.sessions() as session:
            person = Staff(name="褚某", email="chu@example.com")
            for key, values in {"waits": {"next_at": now}, "left": {"sent_at": now}}.items():
                notice = Notice(event="派单", text=key, key=key, created_at=now, to_staff=person)
                where = {"address": person.email, "text": key, "since": now}
                session.add(Letter(notice=notice, to_staff=person, **where, **values))
            session.commit()
        backup.save(source.engine, tmp_path / "none", tmp_path / "b.zip")
        with databases.fresh(database.name, nothing) as empty:
            restore.restore(empty.engine, tmp_path / "again", tmp_path / "b.zip")
            with empty.sessions() as session:
                assert letters.due(session, now) == []
                kept = {letter.text: (letter.state, letter.error) for letter in session.scalars(select(Letter))}
    assert kept == {"waits": ("未发出", letters.Why.RESTORED), "left": ("已发", "")}


def test_what_was_written_after_the_backup_began_is_in_it_whole_or_not_at_all(database, tmp_path):
    with databases.fresh(database.name, migrations.upgrade) as source:
        cases.with_orders(source, 2)
        with source.sessions() as writer:
            writer.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
            writer.add(Department(name="还没提交", path="/y/"))
            writer.flush()
            manifest = backup.save(source.engine, tmp_path / "none", tmp_path / "b.zip")
            writer.commit()
        after = backup.save(source.engine, tmp_path / "none", tmp_path / "c.zip")
    rows = manifest["tables"]["department"]["rows"]
    assert after["tables"]["department"]["rows"] == rows + 1


def test_only_its_owner_can_read_a_backup(saved):
    assert stat.S_IMODE(saved[0].stat().st_mode) == 0o600


def test_a_backup_that_failed_leaves_nothing(database, tmp_path, monkeypatch):
    def unfit(_path):
        raise backup.Unfit("不完整")

    monkeypatch.setattr(backup, "verify", unfit)
    with pytest.raises(backup.Unfit):
        backup.save(database.engine, tmp_path / "none", tmp_path / "own" / "d.zip")
    assert list((tmp_path / "own").iterdir()) == []


def test_two_schedulers_make_one_backup_a_night(database, settings):
    job = backup.job(settings)
    night = datetime(2026, 5, 1, 19, 20, tzinfo=UTC)
    runs = [run_job(database.sessions, job, night + timedelta(seconds=late)) for late in (0, 2, 86_400)]
    assert [run.done for run in runs] == [1, 0, 1]


def test_the_draft_of_a_backup_that_was_killed_is_gone_after_a_day(database, settings):
    now, folder = utc_now(), settings.instance / "backups"
    folder.mkdir()
    for name, hours in (("killed", 25), ("still written", 23)):
        (folder / f"{name}.draft").write_bytes(b"PK")
        moment = (now - timedelta(hours=hours)).timestamp()
        os.utime(folder / f"{name}.draft", (moment, moment))
    assert not run_job(database.sessions, backup.job(settings), now).error
    assert [path.stem for path in folder.glob("*.draft")] == ["still written"]


def test_a_file_that_was_changed_is_refused(saved, tmp_path, database):
    target, _manifest = saved
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(target) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace("约定上午".encode(), "约定下午".encode()))
    with pytest.raises(backup.Unfit, match="complaint"):
        backup.verify(broken)


def test_a_file_that_is_no_backup_is_refused(tmp_path):
    (tmp_path / "x.zip").write_text("nothing")
    with pytest.raises(backup.Unfit, match="不是本系统的备份文件"):
        backup.verify(tmp_path / "x.zip")


def test_a_place_that_is_not_empty_is_left_alone(saved, database, tmp_path):
    with pytest.raises(backup.Unfit, match="空的"):
        restore.restore(database.engine, tmp_path / "again", saved[0])


def test_the_manifest_says_the_step_of_the_schema(saved):
    with zipfile.ZipFile(saved[0]) as packed:
        assert json.loads(packed.read("manifest.json"))["schema"] == migrations.heads()[0]


def test_a_changed_due_instant_and_a_changed_history_are_seen(database):
    cases.with_orders(database, 1)
    with database.sessions() as session:
        clock = session.scalars(select(Clock).where(Clock.name == "办理")).one()
        clock.due_at = clock.started_at
        session.flush()
        assert any("办理 due_at" in line for line in proof.differences(session))


def test_a_changed_line_of_the_history_that_belongs_to_no_case_is_seen(database):
    cases.with_orders(database, 1)
    with database.sessions() as session:
        history.record(session, None, verb="export", text="导出 投诉;全部;约 400 行", actor=SYSTEM, now=utc_now())
        assert list(proof.differences(session)) == []
        trigger = {"sqlite": "event_no_update", "postgresql": "event_append_only ON event"}[database.name]
        session.execute(text(f"DROP TRIGGER {trigger}"))
        session.execute(update(Event).where(Event.verb == "export").values(text="无事"))
        session.expire_all()
        assert any("无案件的历史" in line for line in proof.differences(session))
