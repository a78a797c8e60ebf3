"""Rows that could tell of one single case: who counts what they hold for could find out by guessing whose it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from rules.facts import ARGUMENT, CORE, Fact, FactType, lookup
from rules.judging import JUDGED
from rules.procedure import Procedure
from rules.questions import Given, Test

TELLING = (FactType.TEXT, FactType.PERSON, FactType.INSTANT)
"""A test of such a fact can mean one single case: its number, a phone, a name, the minute in which it came in."""
COMMON = ("category", "month")
"""Texts that many cases share."""


def is_telling(name: str, fact: Fact | None, test: Test) -> bool:
    """Whether a test can mean one single case; that something is filled in cannot.

    A document's own field may bear the name of a core fact: it says no less for being called a choice.
    """
    return not isinstance(test, Given) and _tells(name, fact)


def newly_telling(draft: Procedure, known: Procedure | None) -> bool:
    """Whether a replay of the draft could tell of one case: by a row that the known document does not have just so, or
    by one that the draft has no longer."""
    return bool(_rows(draft) ^ (_rows(known) if known else frozenset()))


def _tells(name: str, fact: Fact | None) -> bool:
    bare = name.removeprefix(ARGUMENT)
    kinds = {found.type for found in (fact, CORE.get(bare)) if found is not None}
    return bare not in COMMON and bool(kinds & set(TELLING))


def _rows(document: Procedure) -> frozenset[str]:
    """What a replay asks of such facts, row by row as it is written."""
    judged = [row for row in document.rules if row.stage in JUDGED]
    rules = [row for row in judged if _asks(document, row.when) or _takes(document, row.then)]
    limits = [row for row in document.limits if _asks(document, row.when)]
    return frozenset(row.model_dump_json() for row in (*rules, *limits))


def _asks(document: Procedure, when: Mapping[str, Any]) -> bool:
    tests = document.tests_of(when)
    return any(is_telling(name, lookup(name, document.facts), test) for name, test in tests.items())


def _takes(document: Procedure, then: Any) -> bool:
    """Whether an outcome takes over such a fact, as `{name}`, under another name."""
    taken: Iterable[Any] = then.values() if isinstance(then, Mapping) else ()
    names = [text[1:-1] for text in taken if isinstance(text, str) and text.startswith("{") and text.endswith("}")]
    return any(_tells(name, lookup(name, document.facts)) for name in names)
