"""Cases beside the tables: what each row of the plaza's, the service project's and the estate's procedures decides."""

from __future__ import annotations

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rules import engine, lifecycle
from rules.governance import pause_terms
from rules.limits import due
from rules.procedure import Procedure, parse, shipped
from rules.table import Hit
from tests import matrix
from tests.unit.rules.shared import at, calendar, said

HERE = Path(__file__).parent / "examples"
KNOWN = frozenset(matrix.known())


@cache
def document(code: str) -> Procedure:
    return parse(shipped()[code])


def examples() -> list[Any]:
    """Every example of the files, with the clauses that its row cites."""
    found = []
    for path in sorted(HERE.glob("*.toml")):
        for number, example in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["example"], 1):
            clauses = [clause for clause in example["cites"] if clause in KNOWN or matrix.DEFAULTS.fullmatch(clause)]
            name = f"{path.stem}-{number}-{example['stage']}"
            found.append(pytest.param(path.stem, example, id=name, marks=pytest.mark.clause(*clauses)))
    return found


def outcomes(code: str, stage: str, facts: dict[str, object]) -> list[object]:
    """What the document says to these facts, as far as each is known."""
    procedure, seen = document(code), {name: value for name, value in facts.items() if value != "missing"}
    if stage == "take":
        taken = procedure.intake.decide(seen)
        return [taken.rule_id] if taken else []
    if procedure.hit(stage) is Hit.COLLECT:
        return [decision.outcome for decision in engine.collect(procedure, stage, seen)]
    decision = engine.decide(procedure, stage, seen)
    return [decision.outcome] if decision else []


@pytest.mark.parametrize(("code", "example"), examples())
def test_a_row_decides_what_its_example_says_and_needs_each_of_its_facts(code: str, example: dict[str, Any]) -> None:
    stage, facts = example["stage"], example["facts"]
    assert example["then"] in outcomes(code, stage, facts)
    for changed in example.get("otherwise", ()):
        assert example["then"] not in outcomes(code, stage, {**facts, **changed}), changed


WEDNESDAY, FRIDAY, EVE = "2026-05-13 10:00", "2026-05-15 16:00", "2026-09-30 17:40"
PROMISES = [
    ("P00a", "初步回应", FRIDAY, "2026-05-16 16:00:00", "P00a-8.1"),
    ("P00a", "方案", FRIDAY, "2026-05-17 16:00:00", "P00a-8.2"),
    ("P00b", "办理", FRIDAY, "2026-05-16 16:00:00", "P00b-8.2"),
    ("P00b", "报告", EVE, "2026-09-30 18:10:00", "P00b-8.3"),
    ("P00b", "派单", EVE, "2026-09-30 18:10:00", "P00b-8.3"),
    ("P00b", "派工", WEDNESDAY, "2026-05-13 10:30:00", "P00b-8.3"),
    ("P01", "回复", FRIDAY, "2026-05-16 16:00:00", "P01-8.1"),
    ("P01", "回访", FRIDAY, "2026-05-20 18:00:00", "P01-8.1"),
    ("P03", "知会", EVE, "2026-09-30 18:40:00", "P03-8.1"),
    ("P03", "知会", "2026-10-03 22:15", "2026-10-08 10:00:00", "P03-8.2"),
    ("P03", "半月", WEDNESDAY, "2026-05-28 23:59:59", "P03-8.4"),
    ("P03", "一个月", WEDNESDAY, "2026-06-13 23:59:59", "P03-8.3"),
]


@pytest.mark.parametrize(
    ("code", "name", "begun", "until"),
    [pytest.param(*row[:4], marks=pytest.mark.clause(row[4]), id=" ".join(row[:3])) for row in PROMISES],
)
def test_what_a_procedure_promises_is_due_as_it_says(code: str, name: str, begun: str, until: str) -> None:
    row = next(limit for limit in document(code).limits if limit.name == name)
    own: datetime | None = due(row.limit(), at(begun), calendar().with_intervals(document(code).head.intervals)).at
    assert said(own) == until


MOMENTS = [
    ("P00a", "整改", ("add_measure",), "P00a-7.12"),
    ("P00b", "预约", ("dispatch",), "P00b-8.1"),
    ("P00b", "整改", ("add_measure",), "P00b-7.18"),
    ("P03", "审批", ("submit",), "P03-8.6"),
    ("P03", "回复", ("approve",), "P03-8.6"),
]


@pytest.mark.parametrize(
    ("code", "name", "starts"), [pytest.param(*row[:3], marks=pytest.mark.clause(row[3])) for row in MOMENTS]
)
def test_what_is_due_at_a_moment_that_is_named_or_set_starts_with_its_deed(
    code: str, name: str, starts: tuple[str, ...]
) -> None:
    row = next(limit for limit in document(code).limits if limit.name == name)
    assert set(starts) <= ({row.starts} if isinstance(row.starts, str) else set(row.starts))


STEPS = [("P00a", "reopen", "P00a-7.9"), ("P01", "transfer", "P01-6.3"), ("P00b", "return_dispatch", "P00b-7.2")]


@pytest.mark.parametrize(("code", "verb"), [pytest.param(*row[:2], marks=pytest.mark.clause(row[2])) for row in STEPS])
def test_a_step_that_no_rehearsal_takes_is_there(code: str, verb: str) -> None:
    assert lifecycle.step_for(document(code), verb) is not None


@pytest.mark.clause("P00b-7.15", "P00b-10.3")
def test_the_plaza_waits_for_another_unit_by_a_row_of_its_own() -> None:
    (row,) = document("P00b").pauses
    assert pause_terms([row], "等待外部单位") is row
    assert {"P00b-7.15", "P00b-10.3"} <= set(row.cites)
