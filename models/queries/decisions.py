"""Which decisions a person overturned, which a rule nearly took, and how often each rule decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from models.decision import CaseDecision, NearMiss
from models.history import Event


def overturned(by_hand: Mapping[str, tuple[str, str]]) -> ColumnElement[bool]:
    """The decisions that somebody overturned: ``by_hand`` says by which verb, of which stage, under which label.

    It is always the newest answer of its stage that a deed overturns, and only when the deed came to something else.
    Asked from the deeds, which are few, and not from the decisions.
    """
    return CaseDecision.id.in_(union_all(*(_overturned(verb, *what) for verb, what in by_hand.items())))


def _overturned(verb: str, stage: str, label: str) -> Select[int]:
    deed, ruled, one = aliased(Event), aliased(CaseDecision), aliased(CaseDecision)
    newest = (
        select(func.max(one.id))
        .where(one.complaint_id == deed.complaint_id, one.stage == stage, one.event_id <= deed.id)
        .correlate(deed)
        .scalar_subquery()
    )
    return (
        select(ruled.id)
        .join(deed, ruled.id == newest)
        .where(
            deed.verb == verb,
            deed.outcome == "完成",
            deed.text.contains(f"{label} "),
            ~deed.text.contains(literal(" → ") + ruled.outcome),
        )
    )


def nearly(rule: str) -> ColumnElement[bool]:
    """The decisions that this rule would have taken but for one fact."""
    return CaseDecision.id.in_(select(NearMiss.decision_id).where(NearMiss.rule_id == rule))


def uses(session: Session, code: str, rules: Collection[str], since: datetime) -> dict[str, int]:
    """How often each of these rules of a procedure has decided since then; one that never did is left out."""
    query = (
        select(CaseDecision.rule_id, func.count())
        .where(CaseDecision.rule_id.in_(rules), CaseDecision.at >= since, CaseDecision.procedure_code == code)
        .group_by(CaseDecision.rule_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}
