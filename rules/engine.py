"""Ask a procedure: facts of a case in, decisions with reasons out."""

import re
from collections.abc import Mapping

from rules.facts import Facts
from rules.procedure import Procedure
from rules.table import Decision


def decide(procedure: Procedure, stage: str, facts: Facts) -> Decision | None:
    """The one answer of a stage, or None when no rule says anything."""
    table = procedure.tables.get(stage)
    decision = table.decide(facts) if table else None
    return decision.made_by(procedure.code, procedure.version) if decision else None


def collect(procedure: Procedure, stage: str, facts: Facts) -> tuple[Decision, ...]:
    """Every answer of a stage that gives several: guards, warnings, notices, duties, presets, proposals."""
    table = procedure.tables.get(stage)
    found = table.decide_all(facts) if table else []
    return tuple(decision.made_by(procedure.code, procedure.version) for decision in found)


def text_of(outcome: object) -> str:
    """The message of a guard, a warning or a notice, whether it is written as a text or as a table."""
    return str(outcome.get("text", "")) if isinstance(outcome, Mapping) else str(outcome)


def field_of(outcome: object) -> str | None:
    """The field a guard's message belongs to, if it names one."""
    return str(outcome["field"]) if isinstance(outcome, Mapping) and outcome.get("field") else None


BLANK = re.compile(r"\{([\w.]+)\}")
"""A name in braces; any other brace is a brace."""


def blanks(text: str) -> tuple[str, ...]:
    """The names that a text asks for."""
    return tuple(BLANK.findall(text))


def fill(text: str, values: Mapping[str, object]) -> str:
    """The text with its {names} replaced; a name without a value becomes a dash, never an error."""

    def found(blank: re.Match[str]) -> str:
        value = values.get(blank[1])
        return "—" if value is None or value == "" else str(value)

    return BLANK.sub(found, text)
