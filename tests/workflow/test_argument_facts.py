"""The arguments that rules may ask about are of the type in which the verbs read them."""

from __future__ import annotations

import pytest

from rules.facts import ARGUMENT, ARGUMENTS, CORE, FactType, lookup
from workflow.registry import VERBS

READ_AS = {
    FactType.NUMBER: {"number"},
    FactType.DATE: {"date"},
    FactType.INSTANT: {"instant"},
    FactType.DEPARTMENT: {"department"},
    FactType.PERSON: {"person", "name"},
    FactType.FLAG: {"flag"},
}


@pytest.mark.parametrize("name", [name for name, fact in ARGUMENTS.items() if fact.type is not FactType.TEXT])
def test_an_argument_with_a_type_is_read_in_it_by_every_verb_that_asks_for_it(name: str) -> None:
    asked = {argument.kind for verb in VERBS.values() for argument in _arguments(verb) if argument.name == name}
    assert asked
    assert asked <= READ_AS[ARGUMENTS[name].type]


def test_an_argument_that_is_a_fact_of_the_case_too_is_known_by_that_fact() -> None:
    assert not ARGUMENTS.keys() & CORE.keys()
    known = lookup(f"{ARGUMENT}channel", {})
    assert known is not None
    assert (known.label, known.type) == (CORE["channel"].label, CORE["channel"].type)


def _arguments(verb: object) -> tuple:
    arguments = verb.arguments  # type: ignore[attr-defined]
    return () if callable(arguments) else tuple(arguments)
