"""A small office in the panel: departments with heads, the desk, an investigator, a leader, an administrator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from models import Complaint, Department, Staff, db
from rules.procedure import shipped
from tests.support import databases
from tests.support.databases import Database
from views.formats import local
from workflow import organisation, passwords, procedures
from workflow.access import SYSTEM, actor_of
from workflow.registry import perform
from workflow.rehearsal_bulk import make_cases

PASSWORD = "correct-horse-7"
PEOPLE = {
    "王敏": ("客户服务中心", ["受理人", "调查处理人"]),
    "刘洋": ("人力资源行政部", ["调查处理人"]),
    "孙伟": ("客户营业部", []),
    "周杰": ("抄表班", ["承办人"]),
    "吴磊": ("工程维修部", []),
    "高总": ("公司领导", ["公司领导"]),
    "管理员": (None, ["系统管理员"]),
}
OTHERS = ("P00a", "P00b", "P01", "P03")
HEADS = {"客户营业部": "孙伟", "工程维修部": "吴磊"}
_hashes: dict[str, str] = {}


@dataclass
class Office:
    """What a test of the panel needs: people who can sign in, and cases made by the verbs."""

    app: Flask
    now: datetime

    @property
    def today(self) -> date:
        """The day that it is in Shanghai, where forms are filled in."""
        return local(self.now).date()

    def client(self, name: str | None = None) -> FlaskClient:
        """A browser, signed in as that person."""
        client = self.app.test_client()
        if name:
            answer = client.post("/login", data={"username": name, "password": PASSWORD})
            assert answer.status_code == 302, answer.get_data(as_text=True)
        return client

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session of its own, outside of any request, that may write; what it did is kept."""
        with self.app.app_context():
            session: Session = db.session()
            session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
            yield session
            session.commit()

    def do(self, name: str, case: int | None, by: str | None = None, /, **arguments: Any) -> Any:
        """Do a verb as that person and keep it; returns the key of the case it was about, else its result."""
        with self.session() as session:
            staff = session.scalar(select(Staff).where(Staff.name == by)) if by else None
            actor = actor_of(session, staff, self.now) if staff else SYSTEM
            thing = session.get(Complaint, case) if case else None
            done = perform(session, name, thing, arguments=arguments, actor=actor, now=self.now)
            return done.thing.id if isinstance(done.thing, Complaint) else done.result

    def case(self, department: str = "抄表班", **more: Any) -> int:
        """A new complaint about that department; its key."""
        given = {
            "name": "李梅",
            "phone": "13812345678",
            "address": "江滨路 1 号",
            "channel": "来电",
            "content": "抄表员未按约上门",
            "demand": "改进",
            "compensation_sought": "无",
            "complained_department": department,
        }
        return int(self.do("register", None, "王敏", **{**given, **more}))

    def ordered(self, department: str = "抄表班", **more: Any) -> int:
        """A complaint with its order issued."""
        key = self.case(department, **more)
        self.do("issue_order", key, "王敏", limit_kind="N日内", limit_days=3)
        return key

    def one(self, query: Any) -> Any:
        """The single row (or value) of a query, as it is stored now."""
        with self.session() as session:
            found = session.scalars(query).unique().one()
            session.expunge_all()
            return found

    def find(self, key: int) -> Complaint:
        """The case as it is stored now."""
        found: Complaint = self.one(select(Complaint).where(Complaint.id == key))
        return found

    def staff(self, name: str) -> Staff:
        """The person."""
        found: Staff = self.one(select(Staff).where(Staff.name == name))
        return found

    def count(self, table: Any, *conditions: Any) -> int:
        """How many rows there are."""
        return int(self.one(select(func.count()).select_from(table).where(*conditions)))


def _prepare(session: Session, now: datetime, called: Mapping[str, str]) -> None:
    procedures.put_in_force(session, shipped()["P02"], actor=SYSTEM, now=now - timedelta(days=30))
    for name, (department, roles) in PEOPLE.items():
        name = called.get(name, name)
        given = {"name": name, "username": name, "department": department, "roles": roles}
        person = organisation.save_staff(session, arguments=given, actor=SYSTEM, now=now).result
        person.password_hash = _hashes.setdefault(PASSWORD, passwords.HASHER.hash(PASSWORD))
    for name, head in HEADS.items():
        key = session.scalar(select(Department.id).where(Department.name == name))
        organisation.save_department(
            session, arguments={"id": str(key), "name": name, "head": called.get(head, head)}, actor=SYSTEM, now=now
        )


def furnished(engine: Engine, called: Mapping[str, str] = MappingProxyType({})) -> None:
    """Tables with the people of the office, some under other names: made once, copied for each test."""
    databases.tables(engine)
    with Session(engine) as session:
        _prepare(session, datetime.now(UTC), called)
        session.commit()


@pytest.fixture
def furnishing() -> databases.Fill:
    """What fills the office."""
    return furnished


@pytest.fixture(params=databases.BOTH)
def database(request: pytest.FixtureRequest, furnishing: databases.Fill) -> Iterator[Database]:
    """A database of this test's own, on SQLite and on PostgreSQL; the office is in it where it is asked for."""
    fill = furnishing if "office" in request.fixturenames else databases.tables
    with databases.fresh(request.param, fill) as own:
        yield own


@pytest.fixture
def office(app: Flask) -> Office:
    """The office. Forms need no token unless a test says so."""
    app.config["WTF_CSRF_ENABLED"] = False
    return Office(app, datetime.now(UTC))


def day(office: Office, days: int) -> str:
    """A day before today at noon, as the bulk of cases takes it."""
    return f"{local(office.now - timedelta(days=days)):%Y-%m-%d} 12:00"


@pytest.fixture
def five(office: Office) -> Office:
    """Five procedures in force, each with one case, whose content names its procedure."""
    case = {"count": 1, "outcome": "按期办结", "received_at": day(office, 3), "closed_at": day(office, 2)}
    with office.session() as session:
        for code in OTHERS:
            procedures.put_in_force(session, shipped()[code], actor=SYSTEM, now=office.now - timedelta(days=30))
        for code in (*OTHERS, "P02"):
            given = {"name": "客户", "channel": "来电", "content": f"属于{code}的事", "phone": "13812345678"}
            make_cases(session, code, [{**case, "with": given}], {})
    return office
