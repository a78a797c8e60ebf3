"""The house with its cast, on SQLite and on PostgreSQL; each test finds it as the first of January left it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from models import ProcedureActivation, Staff
from tests.support import cast, databases
from tests.support.cast import OPENING, House
from tests.support.databases import Database
from tests.support.plan import PLANS
from workflow import organisation, procedures
from workflow.access import SYSTEM


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


@pytest.fixture
def service(house: House) -> House:
    """The house under a procedure that works by plans: a clerk who proposes, a leader who approves."""
    asked = {"asked_at": OPENING, "decided_at": OPENING, "decision": "同意", "reason": "改用方案制度"}
    house.session.add(ProcedureActivation(code="P02", number=None, from_at=OPENING, **asked))
    procedures.put_in_force(house.session, PLANS, actor=SYSTEM, now=OPENING)
    place = organisation.ensure_department(house.session, "服务部")
    for name in ("服务甲", "服务乙"):
        person = Staff(name=name, department=place)
        house.session.add(person)
        house.session.flush()
        for role in ("受理人", "调查处理人"):
            organisation.give_role(house.session, person, role, place)
    house.session.flush()
    return house
