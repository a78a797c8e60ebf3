"""One database each with many random cases, and what the rules see of every one of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from rules.procedure import Procedure
from tests.support import databases, many_cases
from workflow import verbs
from workflow.access import SYSTEM
from workflow.act import Act

assert verbs.VERBS  # importing the module is what makes every verb known
SEED = int(os.environ.get("CASES_SEED", "1"))
COUNT = int(os.environ.get("CASES_COUNT", "120"))


class Pool:
    """A session on the cases, and the facts of each by its id."""

    def __init__(self, session: Session, procedure: Procedure, facts: dict[int, dict[str, Any]]) -> None:
        self.session, self.procedure, self.facts = session, procedure, facts

    def __repr__(self) -> str:
        return f"{len(self.facts)} cases"


@pytest.fixture(scope="session", params=databases.BOTH)
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    """The cases of ``SEED``, on each database."""
    procedure = many_cases.document()
    with databases.fresh(request.param) as own, own.sessions() as session:
        many_cases.settle(session)
        cases = many_cases.Maker(session, SEED).cases(COUNT, procedure)
        session.commit()
        facts = {case.id: Act(session, "view", case, SYSTEM, many_cases.NOW, procedure).facts() for case in cases}
        yield Pool(session, procedure, facts)
        session.rollback()
