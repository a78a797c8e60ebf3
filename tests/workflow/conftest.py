"""The house with its cast, on SQLite and on PostgreSQL; each test finds it as the first of January left it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from models import Staff
from tests.support import cast, databases
from tests.support import group as estate_group
from tests.support import plaza as square
from tests.support.cast import House
from tests.support.databases import Database
from tests.support.estate import ESTATES
from tests.support.plan import TIMED, move_in


@pytest.fixture(scope="session", params=databases.BOTH)
def premises(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A furnished database that all tests of one process share; none of them leaves anything in it."""
    with databases.fresh(request.param, cast.open_house) as own:
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


@pytest.fixture
def service(house: House) -> House:
    """The house under a procedure that works by plans: a clerk who proposes, a leader who approves."""
    move_in(house.session)
    return house


@pytest.fixture
def timed(house: House) -> House:
    """The same under limits of several kinds."""
    move_in(house.session, TIMED)
    return house


@pytest.fixture
def estates(house: House) -> House:
    """The house under the procedure of estates: two who look after one each, a director, an engineer who heads."""
    cast.under(house.session, ESTATES)
    cast.employ(house.session, "管家东", "服务部", "管家", projects=["东苑"])
    cast.employ(house.session, "管家西", "服务部", "管家", projects=["西苑"])
    cast.employ(house.session, "主任甲", "工程部", "主任")
    department = house.department("工程部")
    department.head = Staff(name="工程头", department=department)
    house.session.flush()
    return house


@pytest.fixture
def plaza(house: House) -> House:
    """The house under the plaza's procedure."""
    square.move_in(house)
    return house


@pytest.fixture
def group(house: House) -> estate_group.Group:
    """The people of the estate group under its own procedure."""
    return estate_group.move_in(house)
