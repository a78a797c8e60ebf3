"""What can be picked in a cell: the values that the document itself, or the vocabulary of the house, offers there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rules.facts import CORE, Fact, FactType, lookup
from rules.indicators import COUNTS
from rules.lifecycle import ANYBODY, PERSONS, RELATIONS, SELF, SYSTEM
from rules.lint import MEETINGS, RECIPIENTS
from rules.procedure import Procedure
from rules.vocabulary import Event
from workflow.registry import VERBS

Offer = Callable[[Procedure], tuple[str, ...]]


def departments(document: Procedure) -> tuple[str, ...]:
    return tuple(row.name for row in document.head.departments)


def verbs(document: Procedure) -> tuple[str, ...]:
    return tuple(step.verb for step in document.steps)


def entitlements(document: Procedure) -> tuple[str, ...]:
    """Roles, roles at the departments of a case, persons of a case, everybody, the machine."""
    roles = document.head.roles
    placed = tuple(f"{role}@{place}" for role in roles for place in RELATIONS)
    return (*roles, *placed, *(f"{person}{SELF}" for person in PERSONS), ANYBODY, SYSTEM)


def recipients(document: Procedure) -> tuple[str, ...]:
    """Persons and departments of a case, whole departments, whole roles."""
    return (
        *RECIPIENTS,
        *(f"department:{name}" for name in departments(document)),
        *(f"role:{name}" for name in document.head.roles),
    )


def fact_names(document: Procedure) -> tuple[str, ...]:
    """Everything a rule may ask; the procedure's own fields first."""
    return (*document.facts, *(name for name in CORE if name not in document.facts))


def standards(document: Procedure) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.no for row in document.standards))


def meetings(document: Procedure) -> tuple[str, ...]:
    """How something owed is met: a document is there, a field is filled in, it was circulated."""
    named = {
        "document": tuple(form.kind for form in document.forms),
        "field": tuple(document.facts),
        "circulate": document.vocabulary.circular_kinds,
    }
    return tuple(f"{kind}:{what}" for kind in MEETINGS for what in named.get(kind, ()))


def categories(document: Procedure) -> tuple[str, ...]:
    found = []
    for row in document.vocabulary.categories:
        found += [row.name, *(f"{row.name}/{child}" for child in row.children)]
    return tuple(found)


def events(_document: Procedure) -> tuple[str, ...]:
    return (*Event, *VERBS)


def limits(document: Procedure) -> tuple[str, ...]:
    return tuple(row.name for row in document.limits)


def grades(document: Procedure) -> tuple[str, ...]:
    return document.grades


def relations(_document: Procedure) -> tuple[str, ...]:
    return RELATIONS


def roles(document: Procedure) -> tuple[str, ...]:
    return document.head.roles


def counts(_document: Procedure) -> tuple[str, ...]:
    return tuple(COUNTS)


def moments(document: Procedure) -> tuple[str, ...]:
    """Facts that are a day or an instant."""
    timed = (FactType.DATE, FactType.INSTANT)
    return tuple(name for name in fact_names(document) if _type(document, name) in timed)


def numbers(document: Procedure) -> tuple[str, ...]:
    return tuple(name for name in fact_names(document) if _type(document, name) is FactType.NUMBER)


def _type(document: Procedure, name: str) -> FactType | None:
    fact = lookup(name, document.facts)
    return fact.type if fact else None


OFFERS: Mapping[str, Offer] = {
    "who": entitlements,
    "signatures.by": entitlements,
    "form.before": verbs,
    "editors": entitlements,
    "reviewers": entitlements,
    "approver": roles,
    "overdue_to": recipients,
    "urge_to": recipients,
    "remind_to": recipients,
    "also_to": recipients,
    "tell": recipients,
    "starts": verbs,
    "met": verbs,
    "cancelled": verbs,
    "required_at": verbs,
    "verb": lambda _document: tuple(VERBS),
    "amount_from": numbers,
    "trigger": moments,
    "until_from": moments,
    "numerator": counts,
    "denominator": counts,
    "limits": limits,
    "grade": grades,
    "role": roles,
    "department": departments,
    "relation": relations,
    "subject_kind": lambda _document: ("责任人", "部门负责人"),
    "standard": standards,
    "met_by": meetings,
    "nature": lambda document: document.vocabulary.natures,
    "category": categories,
    "event": events,
    "to": recipients,
    "also": recipients,
    "field": fact_names,
    "parent": departments,
}
"""By the last part of a column's name, or by section and name where the same name means something else."""
FREE = {"starts", "met", "cancelled", "met_by", "category", "event", "to", "also", "tell", "field", "who", "by"}
"""Columns where something else may be typed than what is offered."""
LISTS: Mapping[str, Offer] = {
    "nature": lambda document: document.vocabulary.natures,
    "channel": lambda document: document.vocabulary.channels,
    "compensation_sought": lambda document: document.vocabulary.compensation,
    "impact": lambda document: document.vocabulary.impacts,
    "flags": lambda document: document.vocabulary.flags,
    "close_reason": lambda document: document.vocabulary.close_reasons,
    "category": categories,
    "grade": grades,
    "grade_by_facts": grades,
    "documents": lambda document: tuple(form.kind for form in document.forms),
    "actor_roles": roles,
    "actor_departments": departments,
    "clock": limits,
    "late_clocks": limits,
    "month": lambda _document: (),
    "event": events,
    "verb": lambda _document: tuple(VERBS),
}
"""By the name of a fact."""


def values_of(document: Procedure, fact: Fact) -> tuple[str, ...]:
    """The values that a fact can have in this procedure; none when any will do."""
    bare = fact.name.removeprefix("argument.")
    own = document.facts.get(bare)
    if own is not None and own.values:
        return own.values
    if offer := LISTS.get(bare):
        return offer(document)
    if fact.type is FactType.DEPARTMENT:
        return departments(document)
    return fact.values
