"""What can be picked in a cell: the values that the document itself, or the vocabulary of the house, offers there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rules import known, mailing
from rules.facts import ARGUMENTS, CORE, FactType, lookup
from rules.indicators import COUNTS
from rules.lifecycle import ANYBODY, PERSONS, PLACES, RELATIONS, SELF, SYSTEM
from rules.lint import MEETINGS, RECIPIENTS
from rules.part import Part
from rules.procedure import Procedure
from rules.take_rows import TakeRow
from rules.vocabulary import Event
from workflow.registry import VERBS

Offer = Callable[[Procedure], tuple[str, ...]]
OF_FACTS = ("amount_from", "trigger", "until_from", "field", "match", "cross", "same", "met_by")
"""Columns that hold the name of a fact."""
ASKED_WITH_A_DEED = ("argument.expected_finish_at",)
"""Moments that are named when a department is asked to help."""
SAID_WITH_A_DEED = ("limit_days", "due_on")
"""Arguments that tell how long a limit is: the days of an order, the day of a measure."""


def verbs(document: Procedure) -> tuple[str, ...]:
    return tuple(step.verb for step in document.steps)


def entitlements(document: Procedure) -> tuple[str, ...]:
    """Roles, roles at the departments of a case, persons of a case, everybody, the machine."""
    roles = document.head.roles
    placed = tuple(f"{role}@{place}" for role in roles for place in PLACES)
    return (*roles, *placed, *(f"{person}{SELF}" for person in PERSONS), ANYBODY, SYSTEM)


def recipients(document: Procedure) -> tuple[str, ...]:
    """Persons and departments of a case, whole departments, whole roles."""
    return (
        *RECIPIENTS,
        *(f"department:{name}" for name in known.departments(document)),
        *(f"role:{name}" for name in document.head.roles),
    )


def fact_names(document: Procedure, part: type[Part] | None = None) -> tuple[str, ...]:
    """Everything a rule may ask; the procedure's own fields first. A row of ``part`` may ask less."""
    found = (*document.facts, *(name for name in CORE if name not in document.facts))
    return tuple(name for name in found if name in document.known_at_registering) if part is TakeRow else found


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
    """Facts that are a day or an instant, and those that are named with a deed."""
    timed = (FactType.DATE, FactType.INSTANT)
    return (*(name for name in fact_names(document) if _type(document, name) in timed), *ASKED_WITH_A_DEED)


def amounts(document: Procedure) -> tuple[str, ...]:
    """Where a limit's number comes from: what is said with a deed, or a number of the case."""
    known = tuple(name for name in fact_names(document) if _type(document, name) is FactType.NUMBER)
    return tuple(dict.fromkeys((*SAID_WITH_A_DEED, *known)))


def labels(document: Procedure) -> Mapping[str, str]:
    """What each fact is called: a field of the document as it calls it, an argument by its own word."""
    asked = {name: ARGUMENTS[name.removeprefix("argument.")] for name in ASKED_WITH_A_DEED}
    return {name: fact.label for name, fact in {**asked, **ARGUMENTS, **CORE, **document.facts}.items()}


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
    "amount_from": amounts,
    "trigger": moments,
    "until_from": moments,
    "numerator": counts,
    "denominator": counts,
    "limits": limits,
    "grade": grades,
    "role": roles,
    "department": known.departments,
    "relation": relations,
    "subject_kind": lambda _document: ("责任人", "部门负责人"),
    "standard": standards,
    "met_by": meetings,
    "nature": lambda document: document.vocabulary.natures,
    "category": known.categories,
    "event": events,
    "to": recipients,
    "also": recipients,
    "field": fact_names,
    "match": fact_names,
    "cross": fact_names,
    "same": fact_names,
    "mailed": mailing.kinds,
    "sees_all": roles,
    "called": roles,
    "open_to": roles,
    "everybody": roles,
    "parent": known.departments,
}
"""By the last part of a column's name, or by section and name where the same name means something else."""
FREE = {
    "numerator",
    "denominator",
    "amount_from",
    "trigger",
    "until_from",
    "starts",
    "met",
    "cancelled",
    "met_by",
    "category",
    "event",
    "to",
    "also",
    "tell",
    "field",
    "who",
    "by",
}
"""Columns where something else may be typed than what is offered."""


def values_of(document: Procedure, name: str) -> tuple[str, ...]:
    """The values that a fact can have in this procedure; none when any will do."""
    if name == "event":
        return events(document)
    fact = known.fact_of(document, name)
    if fact is not None and fact.type is FactType.DEPARTMENT:
        return known.departments(document)
    return fact.values if fact else ()
