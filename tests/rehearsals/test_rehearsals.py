"""Every scripted case walks through the real verbs as it expects, on both databases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, StaticPool, create_engine

from tests import matrix
from tests.support import databases
from workflow.rehearsal import play

HERE = Path(__file__).parent
BESIDE = HERE.parent.parent.parent / "shared" / "rehearsals"
FILES = sorted(HERE.glob("P0[0-9]*.json"))
KNOWN = frozenset(matrix.known())


def script_of(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def clauses_of(script: dict[str, Any]) -> set[str]:
    """What the file and its steps say that they show."""
    return {clause for part in (script, *script["steps"]) for clause in part.get("clauses", ())}


def exists(clause: str) -> bool:
    return clause in KNOWN or matrix.DEFAULTS.fullmatch(clause) is not None


def parameter(path: Path) -> Any:
    """The file as a parameter that carries its clauses."""
    shown = sorted(filter(exists, clauses_of(script_of(path))))
    return pytest.param(path, id=path.stem, marks=pytest.mark.clause(*shown))


SCRIPTS = [parameter(path) for path in FILES]


def faults(path: Path, engine: Engine) -> list[str]:
    """What does not hold, step by step."""
    return [
        f"step {step.number} {step.verb} {step.label}: {mismatch} [{step.message}]"
        for step in play(script_of(path), engine)
        for mismatch in step.mismatches
    ]


@pytest.mark.parametrize("path", SCRIPTS)
def test_a_rehearsal_holds_on_sqlite_in_memory(path: Path) -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    try:
        assert faults(path, engine) == []
    finally:
        engine.dispose()


@pytest.mark.parametrize("path", SCRIPTS)
def test_a_rehearsal_holds_on_postgresql(path: Path) -> None:
    with databases.fresh(databases.POSTGRESQL) as database:
        assert faults(path, database.engine) == []


def test_the_rehearsals_of_the_gas_utility_travel_with_the_tests() -> None:
    assert len([path for path in FILES if path.name.startswith("P02-")]) == 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_rehearsal_names_only_clauses_that_exist(path: Path) -> None:
    assert [clause for clause in sorted(clauses_of(script_of(path))) if not exists(clause)] == []


def test_the_copies_are_the_agreed_files_where_those_are_at_hand() -> None:
    """Beside a checkout the agreed files may stand; a clone alone runs the copies."""
    copies = {path.name: path.read_bytes() for path in FILES}
    agreed = {path.name: path.read_bytes() for path in BESIDE.glob("*.json")} if BESIDE.is_dir() else copies
    assert [name for name, text in copies.items() if agreed.get(name) != text] == []
