"""Every verb is in the manual with what it asks for, and every procedure rule with its reason and its clauses."""

import re
from datetime import UTC, datetime

from rules.procedure import parse, shipped
from tests.support import source
from workflow.access import SYSTEM
from workflow.act import Act
from workflow.verbs import VERBS

TABLE = dict(re.findall(r"^\| `([a-z_]+)` \| .* \| ([^|]*) \|$", source.text("docs/verbs.md"), re.MULTILINE))


def _asks(name: str) -> list[str]:
    act = Act(None, name, None, SYSTEM, datetime.now(UTC), parse(shipped()["P02"]))  # type: ignore[arg-type]
    return [f"`{item.name}`" + ("*" if item.required else "") for item in VERBS[name].asks(act)]


def test_every_verb_is_in_the_manual_and_none_that_is_gone():
    assert set(TABLE) == set(VERBS)


def test_the_manual_names_what_each_verb_asks_for():
    assert {name: told.split() for name, told in TABLE.items()} == {name: _asks(name) for name in VERBS}


def test_every_verb_says_what_comes_of_it():
    assert [verb.name for verb in VERBS.values() if not (verb.run.__doc__ or "").strip()] == []


def test_every_rule_of_a_shipped_procedure_gives_its_reason_and_its_clauses():
    rules = [rule for text in shipped().values() for rule in parse(text).rules]
    assert rules and [rule.id for rule in rules if not rule.because or not rule.cites] == []
