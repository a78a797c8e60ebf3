"""The demo's month: made by the verbs alone, true to the sweep, and never among cases that exist."""

import pytest
from sqlalchemy import func, select

from jobs import demo, proof, runner
from jobs.demo import cast, material
from models import Attachment, Clock, Complaint, Event, Staff, migrations
from tests.support import cases, commands, databases
from workflow import passwords

NOW = runner.instant("2026-11-18T14:30")
FEW = 40


@pytest.fixture
def migrated(database):
    """A database as the migrations leave it."""
    with databases.fresh(database.name, migrations.upgrade) as own:
        yield own


def test_the_demo_is_a_month_of_cases_in_many_states_and_prints_three_logins(migrated, settings, monkeypatch):
    told = []
    monkeypatch.setattr(demo, "live", lambda diary, count, live=demo.live: (told.append(diary), live(diary, count)))
    said = list(demo.fill(migrated.engine, settings, NOW, FEW))
    assert told[0].refusals == []
    with migrated.sessions() as session:
        shows_a_month(session)
        keeps_its_files(session, settings.files)
        opens_the_door(session, said)
    assert said[-1].startswith("运行:make run")


def shows_a_month(session):
    states = dict(session.execute(select(Complaint.state, func.count()).group_by(Complaint.state)).all())
    assert sum(states.values()) == FEW
    assert {"处理中", "已结案", "已归档"} <= states.keys()
    assert len(states) >= 6
    assert list(proof.differences(session)) == []
    assert session.scalar(select(func.count()).where(Clock.wake_at <= NOW)) == 0
    late = session.scalar(select(func.count()).where(Complaint.closed_at.is_(None), Complaint.due_at < NOW))
    assert late == session.scalar(select(func.count()).where(Complaint.overdue, Complaint.closed_at.is_(None)))
    assert session.scalar(select(func.max(Event.at))) <= NOW
    assert session.scalar(select(func.count(Staff.id))) == len(cast.CAST) + 1 == 26


def keeps_its_files(session, folder):
    kept = session.scalars(select(Attachment)).all()
    assert kept
    for file in kept:
        assert (folder / file.sha256[:2] / file.sha256).stat().st_size == file.size


def opens_the_door(session, said):
    found = [line.split("登录名 ")[1].split(",密码 ") for line in said if ",密码 " in line]
    assert len(found) == 3
    for username, password in found:
        person = session.scalars(select(Staff).where(Staff.username == username)).one()
        assert passwords.matches(person, password)
        assert not person.must_change_password


def test_a_database_with_cases_is_left_alone(migrated, tmp_path):
    cases.with_orders(migrated, 1)
    code, said = commands.run(migrated, tmp_path, "demo")
    assert code == 1
    assert "已有投诉" in said
    with migrated.sessions() as session:
        assert session.scalar(select(func.count(Complaint.id))) == 1


def test_what_people_say_is_varied_and_what_follows_is_complete():
    units = material.units()
    texts = [text for unit in units for text in unit.texts]
    assert len(set(texts)) == len(texts) >= 60
    assert {unit.department for unit in units} <= {person.department for person in cast.CAST}
    assert all(cast.handlers_of(unit.department) for unit in units)
    assert len({cast.answering(person.department) for person in cast.CAST}) == 8
    assert len(cast.CAST) == 25
