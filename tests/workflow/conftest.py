"""The house with its cast, on SQLite and on PostgreSQL; each test finds it as the first of January left it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.support import cast, databases
from tests.support.cast import House
from tests.support.databases import Database


@pytest.fixture(scope="session", params=databases.BOTH)
def premises(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A furnished database that all tests of one process share; none of them leaves anything in it."""
    with databases.fresh(request.param, tmp_path_factory.mktemp("premises"), cast.open_house) as own:
        yield own


@pytest.fixture
def session(premises: Database) -> Iterator[Session]:
    """A session on the furnished database; whatever the test writes or commits is gone afterwards."""
    with cast.one_evening(premises.engine) as session:
        yield session


@pytest.fixture
def house(session: Session) -> House:
    """The people of the house, ready to work."""
    return House(session)
