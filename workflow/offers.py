"""What a person may do on a case now, and what the procedure still asks for before the rest of what is his."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import Complaint
from rules import engine, lifecycle
from rules.table import Decision
from workflow import procedures
from workflow.access import Actor
from workflow.act import Act, finding_of
from workflow.errors import Finding
from workflow.facts import OF_ARGUMENTS
from workflow.registry import VERBS, Verb, permit


@dataclass(frozen=True)
class Offer:
    """A verb as a button, for who may press it now."""

    verb: str
    label: str
    group: str
    danger: bool
    usual: bool = True
    """Whether it may be done as it usually is: by the first answer to its deciding question (回访 found 满意)."""

    @classmethod
    def of(cls, definition: Verb, *, usual: bool = True) -> Offer:
        return cls(definition.name, definition.label, definition.group, definition.danger, usual)


@dataclass(frozen=True)
class Hindered:
    """A verb that is this person's in this state, and what the procedure asks for first whatever he types."""

    verb: str
    label: str
    findings: tuple[Finding, ...]


def offers(session: Session, complaint: Complaint, actor: Actor, now: datetime) -> list[Offer]:
    """The verbs that this person may do on this case now, in the order of the procedure's steps.

    A verb that a guard would refuse whatever is typed (no visit before 情况表), or that has nothing to be done to (no
    assessment waits for him), is not offered.
    """
    return weighed(session, complaint, actor, now)[0]


def weighed(session: Session, complaint: Complaint, actor: Actor, now: datetime) -> tuple[list[Offer], list[Hindered]]:
    """The verbs that this person may do on this case now, and those that a guard keeps from him, both in the order of
    the procedure's steps."""
    act = Act(session, "", complaint, actor, now, procedures.of(session, complaint, now))
    facts = act.facts()
    free, hindered = [], []
    for definition in _permitted(act):
        asked = {**facts, "verb": definition.name}
        usually, *otherwise = _hindrances(act, definition, asked)
        if usually and all(otherwise):
            findings = tuple(finding_of(decision, asked) for decision in usually)
            hindered.append(Hindered(definition.name, definition.label, findings))
        else:
            free.append(Offer.of(definition, usual=not usually))
    return free, hindered


def _permitted(act: Act) -> Iterator[Verb]:
    """The verbs of the procedure that are this person's in this state, where there is something to do them to."""
    for row in act.procedure.steps:
        definition, step = VERBS.get(row.verb), lifecycle.step_for(act.procedure, row.verb)
        if definition is None or step is None or not definition.needs_case or definition.silent:
            continue
        act.verb = row.verb
        permission = permit(act.session, definition, step, act.complaint, act.actor)
        if permission.ok and (definition.ready is None or definition.ready(act)):
            yield definition


def _hindrances(act: Act, definition: Verb, facts: Mapping[str, Any]) -> list[list[Decision]]:
    """The guards that nothing else that is typed could satisfy, for each answer to the deciding question; the first is
    the usual one (结案 by 解决)."""
    if definition.guard != "before":
        return [[]]
    hinge = f"argument.{definition.hinge}"
    answers = _answers(act, definition)
    return [_standing(act, {**facts, hinge: answer}, hinge) for answer in answers] or [_standing(act, facts, hinge)]


def _answers(act: Act, definition: Verb) -> list[str]:
    """The values that the deciding question offers."""
    return [
        value
        for argument in (definition.asks(act) if definition.hinge else ())
        if argument.name == definition.hinge
        for value in argument.choices(act)
    ]


def _standing(act: Act, facts: Mapping[str, Any], hinge: str) -> list[Decision]:
    """The guards that stand and hang on nothing that is still to be typed."""
    broken = engine.collect(act.procedure, "require", facts)
    return [decision for decision in broken if not any(_is_typed(name) and name != hinge for name in decision.seen)]


def _is_typed(fact: str) -> bool:
    """Whether the fact hangs on what the form asks for."""
    return fact.startswith("argument.") or fact in OF_ARGUMENTS
