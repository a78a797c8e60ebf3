"""Two people edit one draft at the same time: what each of them changed is in it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from models import ProcedureVersion, Staff
from rules.procedure import parse
from tests.support import cast
from tests.support.cast import House, moment
from tests.support.databases import Database
from workflow import access, registry

AT = moment("2026-05-13 09:00")
ROWS = {"人力资源行政部负责人": "grade-3", "客户服务中心负责人": "route-grumble"}


def test_no_edit_is_lost_when_two_people_edit_at_once(database: Database) -> None:
    with database.sessions() as session:
        cast.furnish(session)
        draft = House(session).do("draft_procedure", by=next(iter(ROWS)), code="P02").result.id
        session.commit()

    def edits(name: str) -> None:
        for cell, value in (("because", name), ("cites", [name]), ("priority", 7)):
            with database.sessions() as session:
                session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
                person = session.scalars(select(Staff).where(Staff.name == name)).one()
                actor = access.actor_of(session, person, AT)
                value_of = {"cell": cell, "value": value}
                asked = {"draft": draft, "section": "rule", "row": ROWS[name], "kind": "改", "value": value_of}
                registry.perform(session, "edit_procedure", arguments=asked, actor=actor, now=AT)
                session.commit()

    with ThreadPoolExecutor(2) as people:
        list(people.map(edits, ROWS))
    with database.sessions() as session:
        document = parse(session.get(ProcedureVersion, draft).text)
    found = {rule.id: (rule.because, rule.cites, rule.priority) for rule in document.rules if rule.id in ROWS.values()}
    assert found == {row: (name, (name,), 7) for name, row in ROWS.items()}
