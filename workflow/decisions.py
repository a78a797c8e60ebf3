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
    for place, decision in enumerate(act.decisions):
        detail: Any = event.decisions[place] if place < len(event.decisions) else decision.as_json()
        answer = {"rule_id": decision.rule_id[: LONGEST["rule_id"]], "outcome": words(decision.outcome)}
        row = _row(act, event, decision.stage, snapshot, seen.get(id(decision)), judged, **answer, detail=detail)
        for near in detail["near_misses"]:
            rule, fact = near["rule_id"][: LONGEST["rule_id"]], near["fact"][: LONGEST["fact"]]
            batches.write(act.session, NearMiss, decision=row, rule_id=rule, fact=fact, at=event.at)
    for each in judged:
        if not each.answers:
            _row(act, event, each.stage, snapshot, each, judged)
    if batches.of(act.session) is None:
        _number(act.session, CaseDecision)
        _number(act.session, NearMiss)


def _number(session: Session, table: type[Numbered]) -> None:
    """Keys counted on from the last: SQLite, which has one writer, then takes the rows in one statement."""
    rows = [thing for thing in session.new if isinstance(thing, table)]
    if len(rows) > 1 and session.get_bind().dialect.name == "sqlite":
        with session.no_autoflush:
            last = session.scalar(select(func.max(table.id))) or 0
        for key, row in enumerate(rows, last + 1):
            row.id = key


def _snapshot(act: Act, event: Event, first: Question) -> FactSnapshot:
    facts = snapshots.write(first.facts)
    found: FactSnapshot = batches.write(
        act.session, FactSnapshot, complaint_id=event.complaint_id, event=event, at=act.now, verb=act.verb, facts=facts
    )
    return found


def _row(
    act: Act,
    event: Event,
    stage: str,
    snapshot: FactSnapshot | None,
    question: Question | None,
    judged: Sequence[Question],
    *,
    rule_id: str = "",
    outcome: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Any:
    """The row of one answer, or of a question that no row answered."""
    return batches.write(
        act.session,
        CaseDecision,
        complaint_id=event.complaint_id,
        event=event,
        at=act.now,
        verb=act.verb,
        stage=stage,
        procedure_code=act.procedure.code,
        procedure_version=act.procedure.version,
        snapshot=snapshot if question else None,
        changed=snapshots.changes(judged[0].facts, question.facts) if question else {},
        rule_id=rule_id,
        outcome=outcome,
        detail=detail or {},
    )


def words(outcome: object) -> str:
    """An outcome in words: the grade, the department, the message; else what it sets."""
    if not isinstance(outcome, Mapping):
        return str(outcome)[: LONGEST["outcome"]]
    for name in ("grade", "department", "title", "event", "standard", "role"):
        if outcome.get(name):
            return str(outcome[name])[: LONGEST["outcome"]]
    said = text_of(outcome) or "、".join(f"{name} {plain(value)}" for name, value in outcome.items())
    return said[: LONGEST["outcome"]]
