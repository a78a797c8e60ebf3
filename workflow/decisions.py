"""What a deed decided, kept as rows that can be searched, with the facts that the judged stages saw (law 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import CaseDecision, Event, FactSnapshot
from models.db import Numbered
from models.decision import NearMiss
from rules import snapshots
from rules.engine import text_of
from rules.judging import COLLECTING, Question
from rules.table import plain
from workflow import batches
from workflow.act import Act

LONGEST = {"outcome": 200, "rule_id": 80, "fact": 80}


def keep(act: Act, event: Event | None) -> None:
    """Store each decision of the deed; of a judged stage also what it saw, and that no row held."""
    if event is None or act.complaint is None or not (act.decisions or act.asked):
        return
    judged = [question for question in act.asked if question.answers or question.stage not in COLLECTING]
    snapshot = _snapshot(act, event, judged[0]) if judged else None
    seen = {id(decision): question for question in judged for decision in question.answers}
    rows = []
    for place, decision in enumerate(act.decisions):
        row = _row(act, event, decision.stage, snapshot, seen.get(id(decision)), judged)
        row.rule_id, row.outcome = decision.rule_id[: LONGEST["rule_id"]], words(decision.outcome)
        row.detail = event.decisions[place] if place < len(event.decisions) else decision.as_json()
        row.near_misses = _near(row.detail, event)
        rows.append(row)
    rows += [_row(act, event, each.stage, snapshot, each, judged) for each in judged if not each.answers]
    _number(act.session, rows)
    _number(act.session, [near for row in rows for near in row.near_misses])
    act.session.add_all(rows)


def _number(session: Session, rows: Sequence[Numbered]) -> None:
    """Keys counted on from the last: SQLite, which has one writer, then takes the rows in one statement (a batch
    numbers all its rows itself, in the end)."""
    if len(rows) > 1 and session.get_bind().dialect.name == "sqlite" and batches.of(session) is None:
        last = session.scalar(select(func.max(type(rows[0]).id))) or 0
        for key, row in enumerate(rows, last + 1):
            row.id = key


def _snapshot(act: Act, event: Event, first: Question) -> FactSnapshot:
    found = FactSnapshot(
        complaint_id=event.complaint_id, event=event, at=act.now, verb=act.verb, facts=snapshots.write(first.facts)
    )
    act.session.add(found)
    return found


def _row(
    act: Act,
    event: Event,
    stage: str,
    snapshot: FactSnapshot | None,
    question: Question | None,
    judged: Sequence[Question],
) -> CaseDecision:
    """The row of one answer; nothing is decided in it yet."""
    return CaseDecision(
        complaint_id=event.complaint_id,
        event=event,
        at=act.now,
        verb=act.verb,
        stage=stage,
        procedure_code=act.procedure.code,
        procedure_version=act.procedure.version,
        snapshot=snapshot if question else None,
        changed=snapshots.changes(judged[0].facts, question.facts) if question else {},
        rule_id="",
        outcome="",
        detail={},
    )


def _near(detail: Mapping[str, Any], event: Event) -> list[NearMiss]:
    """The rules that one fact kept from deciding."""
    return [
        NearMiss(rule_id=near["rule_id"][: LONGEST["rule_id"]], fact=near["fact"][: LONGEST["fact"]], at=event.at)
        for near in detail["near_misses"]
    ]


def words(outcome: object) -> str:
    """An outcome in words: the grade, the department, the message; else what it sets."""
    if not isinstance(outcome, Mapping):
        return str(outcome)[: LONGEST["outcome"]]
    for name in ("grade", "department", "title", "event", "standard", "role"):
        if outcome.get(name):
            return str(outcome[name])[: LONGEST["outcome"]]
    said = text_of(outcome) or "、".join(f"{name} {plain(value)}" for name, value in outcome.items())
    return said[: LONGEST["outcome"]]
