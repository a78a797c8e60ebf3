"""What every test may ask for, and what no test may do.

``database`` runs the test twice, on SQLite and on PostgreSQL; ``session``, ``app``, ``client`` and ``server`` stand on
it. Tests under tests/rules and tests/unit get no database and no network at all.
"""

from __future__ import annotations

import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as examples
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

import config
from tests import matrix
from tests.support import browser as chromium
from tests.support import databases
from tests.support.databases import Database
from tests.support.recording import performed
from tests.support.serving import serving

HERE = Path(__file__).parent
PURE = (HERE / "rules", HERE / "unit")
SHANGHAI = ZoneInfo("Asia/Shanghai")

# The same code is always asked the same examples, however slow the machine: a run says nothing by chance. Who looks for
# examples that nobody has met yet runs `pytest --hypothesis-profile=search`.
examples.register_profile("same", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
examples.register_profile("search", examples.get_profile("same"), derandomize=False, max_examples=1000)
examples.load_profile("same")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that carry a clause say so in their report, from whichever worker it comes; a clause must exist."""
    clauses = set(matrix.known())
    for item in items:
        for clause in (str(name) for mark in item.iter_markers("clause") for name in mark.args):
            if clause not in clauses and not matrix.DEFAULTS.fullmatch(clause):
                raise pytest.UsageError(f"{item.nodeid} carries {clause}, which is no clause of the requirements")
            item.user_properties.append(("clause", clause))


@pytest.fixture(autouse=True)
def _walls(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves this machine; what is pure opens neither socket nor database."""
    pure = any(folder in request.path.parents for folder in PURE)
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if pure or (self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost")):
            raise RuntimeError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    if pure:
        monkeypatch.setattr(sqlite3, "connect", _no_database)
        monkeypatch.setattr(sqlite3.dbapi2, "connect", _no_database)


def _no_database(*_arguments: Any, **_options: Any) -> None:
    raise RuntimeError("a pure test tried to open a database; ask for the fixture `database` outside tests/rules")


@pytest.fixture(autouse=True)
def _every_verb_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever verb a test performs, by whichever door: an event comes of it."""
    registry = sys.modules.get("workflow.registry")
    if registry is None:
        return
    finish = registry.finish

    def watched(act: Any, definition: Any) -> Any:
        done = finish(act, definition)
        fault = performed(definition.name, done, silent=definition.silent)
        assert fault is None, fault
        return done

    monkeypatch.setattr(registry, "finish", watched)


@pytest.fixture(params=databases.BOTH)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database of this test's own, once on SQLite and once on PostgreSQL."""
    with databases.fresh(request.param) as own:
        yield own


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session on ``database`` that may write; commit or not, as the test likes."""
    with database.sessions() as session:
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        yield session
        session.rollback()


@pytest.fixture
def at() -> Callable[[str], datetime]:
    """An instant from the Shanghai clock: ``at("2026-05-13 15:10")``."""
    return lambda text: datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> config.Settings:
    """Settings of an installation of this test's own, without a scheduler."""
    return config.load({"DATABASE_URL": database.url, "DUBAN_SCHEDULER": "false"}, tmp_path / "instance")


@pytest.fixture
def app(settings: config.Settings) -> Iterator[Flask]:
    """The application on ``database``."""
    from app import create_app

    made = create_app(settings)
    made.testing = True
    yield made
    with made.app_context():
        made.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a screen, not logged in."""
    return app.test_client()


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """The application on a port; the value is its address."""
    with serving(app) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    with chromium.chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh window at the desk's size, Chinese, with the Shanghai clock."""
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    context.set_default_timeout(chromium.PATIENCE)
    yield context.new_page()
    context.close()
