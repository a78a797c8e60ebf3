"""``matches``: how many of all cases a row of a rule matches, asked while the row is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text

from bench.stock import Stock
from bench.timing import Result, in_turn
from models import Complaint
from rules.procedure import Procedure
from workflow import matching, procedures
from workflow.access import SYSTEM

ROUNDS = 9
WITHIN = "SELECT count(*) FROM complaint c WHERE c.procedure_code = 'P02' AND c.accepted_at BETWEEN :since AND :now "
CORE: Mapping[str, Any] = {
    "nature": "抱怨",
    "channel": ["公司领导转办", "市长公开电话"],
    "complained_department": "用户工程部",
    "parties_count": ">= 2",
}
CORE_BARE = """c.nature = '抱怨' AND c.channel IN ('公司领导转办', '市长公开电话') AND c.parties_count >= 2
AND c.complained_department_id IN (SELECT id FROM department WHERE name = '用户工程部')"""
FIELDS: Mapping[str, Any] = {"nature": "抱怨", "to_leader": True, "impact": "missing"}
FIELDS_BARE = {
    "sqlite": "c.nature = '抱怨' AND json_extract(c.fields, '$.to_leader') = 1"
    " AND json_extract(c.fields, '$.impact') IS NULL",
    "postgresql": "c.nature = '抱怨' AND (c.fields ->> 'to_leader')::boolean AND c.fields ->> 'impact' IS NULL",
}
AGAIN = {"key": "again", "label": "再次投诉", "same": ["name", "phone"], "within": "180天"}
AGAIN_BARE = """c.accepted_at > :oldest AND EXISTS (SELECT 1 FROM complainant p JOIN complainant q ON q.phone = p.phone
AND q.name = p.name JOIN complaint o ON o.complainant_id = q.id WHERE p.id = c.complainant_id AND o.id <> c.id)"""


def measure(large: Stock, _small: Stock) -> Iterator[Result]:
    """Facts that an index holds, the procedure's own fields, and a count of other cases."""
    with large.sessions() as session:
        document = procedures.in_force(session, large.now)
    counting = Procedure.model_validate({**document.model_dump(by_alias=True), "count": [AGAIN]})
    yield _compared(large, "matches", document, CORE, CORE_BARE, "four facts of the case")
    yield _compared(large, "matches_fields", document, FIELDS, FIELDS_BARE[large.kind], "a fact and two own fields")
    yield _compared(large, "matches_counting", counting, {"again": ">= 1"}, AGAIN_BARE, "a count of other cases")


def _compared(stock: Stock, work: str, document: Procedure, when: Mapping[str, Any], bare: str, what: str) -> Result:
    found = _ours(stock, document, when)
    values = {"since": matching.months_before(stock.now, 12), "now": stock.now, "oldest": found.since}
    values = {name: _stored(stock, at) for name, at in values.items() if f":{name}" in WITHIN + bare}

    def limit(_round: int) -> int:
        with stock.engine.connect() as connection:
            return int(connection.execute(text(f"{WITHIN} AND {bare}"), values).scalar_one())

    if limit(0) != found.number:
        raise RuntimeError(f"{work}: {found.number} cases, bare SQL finds {limit(0)}")
    seen = "the newest 20,000 cases" if found.capped else "all cases"
    note = f"{what}, {found.number:,} found among {seen} of 12 months; limit: the same by bare SQL"
    return in_turn(lambda _: _ours(stock, document, when), limit, ROUNDS).result(work, stock.n, stock.kind, note)


def _ours(stock: Stock, document: Procedure, when: Mapping[str, Any]) -> matching.Matches:
    with stock.sessions() as session:
        return matching.matches(session, document, when, actor=SYSTEM, now=stock.now)


def _stored(stock: Stock, moment: datetime) -> object:
    """An instant as the database keeps it."""
    dialect = stock.engine.dialect
    kept = Complaint.accepted_at.type.dialect_impl(dialect).process_bind_param(moment, dialect)
    return f"{kept:%Y-%m-%d %H:%M:%S.%f}" if dialect.name == "sqlite" else kept
