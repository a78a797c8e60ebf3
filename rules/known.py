"""What a procedure knows of the facts: which there are, and the values that its own lists give them."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from rules.facts import ARGUMENT, CORE, Fact, FactType, lookup
from rules.lifecycle import NEUTRAL
from rules.procedure import Procedure

Values = tuple[str, ...]


def categories(procedure: Procedure) -> Values:
    """The tree of categories as it is stored: `大类/小类`, and the branches."""
    rows = procedure.vocabulary.categories
    return tuple(name for row in rows for name in (row.name, *(f"{row.name}/{child}" for child in row.children)))


def departments(procedure: Procedure) -> Values:
    return tuple(row.name for row in procedure.head.departments)


_LISTS: Mapping[str, Callable[[Procedure], Values]] = {
    "nature": lambda procedure: procedure.vocabulary.natures,
    "channel": lambda procedure: procedure.vocabulary.channels,
    "compensation_sought": lambda procedure: procedure.vocabulary.compensation,
    "category": categories,
    "grade": lambda procedure: procedure.grades,
    "grade_by_facts": lambda procedure: procedure.grades,
    "complainant_kind": lambda procedure: procedure.vocabulary.complainant_kinds,
    "impact": lambda procedure: procedure.vocabulary.impacts,
    "founded": lambda procedure: (
        (*procedure.vocabulary.conclusions, "待定") if procedure.vocabulary.conclusions else ()
    ),
    "close_reason": lambda procedure: procedure.vocabulary.close_reasons,
    "flags": lambda procedure: procedure.vocabulary.flags,
    "documents": lambda procedure: tuple(form.kind for form in procedure.forms),
    "clock": lambda procedure: tuple(dict.fromkeys(limit.name for limit in procedure.limits)),
    "actor_roles": lambda procedure: procedure.head.roles,
    "actor_departments": departments,
    "verb": lambda _procedure: tuple(NEUTRAL),
}
_NOUNS = {
    "documents": "这种表单",
    "clock": "这个时限",
    "actor_roles": "这个角色",
    "actor_departments": "这个部门",
    "verb": "这个动作",
}


def fact_names(procedure: Procedure) -> set[str]:
    """Every fact of a case that a rule may ask about."""
    return {*CORE, *procedure.facts}


def fact_of(procedure: Procedure, name: str) -> Fact | None:
    """The fact of that name with the values that this procedure's lists give it; None when there is none."""
    fact = lookup(name, procedure.facts)
    if fact is None:
        return None
    bare = name.removeprefix(ARGUMENT)
    values: Values = ()
    if bare in _LISTS and bare not in procedure.facts:
        values = _LISTS[bare](procedure)
    elif fact.type is FactType.DEPARTMENT:
        values = departments(procedure)
    return replace(fact, values=values or fact.values)


def noun(fact: Fact) -> str:
    """What a value of the fact is called, where it names something that must exist elsewhere; else nothing."""
    return "这个部门" if fact.type is FactType.DEPARTMENT else _NOUNS.get(fact.name.removeprefix(ARGUMENT), "")


def is_closed(fact: Fact) -> bool:
    """Whether the fact has no other values than those of its list."""
    return bool(fact.values) and (fact.type is FactType.CHOICE or fact.name == "verb")
