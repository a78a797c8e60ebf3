"""Decision tables: rows of unary tests under a hit policy. Answers carry the row, the facts seen, the near-misses."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from rules.facts import Facts
from rules.unary import Test, TestFault, every, parse_test

__all__ = ["Ambiguous", "Decision", "Hit", "NearMiss", "Row", "Table", "Test", "TestFault", "parse_test"]


class Hit(StrEnum):
    """Which of the rows that hold gives the answer."""

    FIRST = "first"
    PRIORITY = "priority"
    COLLECT = "collect"
    UNIQUE = "unique"


class Ambiguous(ValueError):
    """More than one row of a table holds where only one may."""


@dataclass(frozen=True)
class NearMiss:
    """A row that would have won but for one fact."""

    rule_id: str
    outcome: Any
    fact: str
    wanted: str
    seen: object

    def as_json(self) -> dict[str, object]:
        return {name: plain(value) for name, value in vars(self).items()}


@dataclass(frozen=True)
class Decision:
    """An answer with its reasons: the row, why, the clauses, the facts it saw, and what nearly held instead."""

    stage: str
    outcome: Any
    rule_id: str
    because: str
    cites: tuple[str, ...] = ()
    seen: Mapping[str, object] = field(default_factory=dict)
    near_misses: tuple[NearMiss, ...] = ()
    procedure: str = ""
    version: int = 0

    def made_by(self, procedure: str, version: int) -> "Decision":
        return replace(self, procedure=procedure, version=version)

    def as_json(self) -> dict[str, object]:
        """The decision in JSON's types, for the history."""
        return {
            "stage": self.stage,
            "outcome": plain(self.outcome),
            "rule_id": self.rule_id,
            "because": self.because,
            "cites": list(self.cites),
            "seen": {name: plain(value) for name, value in self.seen.items()},
            "near_misses": [near.as_json() for near in self.near_misses],
            "procedure": self.procedure,
            "version": self.version,
        }


def plain(value: object) -> object:
    """The value in JSON's types; what JSON has no type for becomes text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return str(value)


@dataclass(frozen=True)
class Row:
    """One rule: all its tests must hold."""

    id: str
    when: Mapping[str, Test]
    then: object
    because: str = ""
    cites: tuple[str, ...] = ()
    priority: int = 0

    def holds(self, facts: Facts) -> bool | None:
        return every(test.holds(facts.get(name)) for name, test in self.when.items())

    def failing(self, facts: Facts) -> list[str]:
        """Names of the facts whose tests do not hold (no, or not known)."""
        return [name for name, test in self.when.items() if not test.holds(facts.get(name))]


@dataclass(frozen=True)
class Table:
    """The rules of one stage, in the order in which they are asked."""

    stage: str
    hit: Hit
    rows: tuple[Row, ...]

    @property
    def default(self) -> Row | None:
        """The row without conditions, if there is one."""
        return next((row for row in self.rows if not row.when), None)

    def decide(self, facts: Facts) -> Decision | None:
        """The answer of a table that gives one; None when no row holds."""
        rows = self._asked()
        for place, row in enumerate(rows):
            if row.holds(facts):
                if self.hit is Hit.UNIQUE:
                    self._only(row, rows[place + 1 :], facts)
                return self._answer(row, facts, rows[:place])
        return None

    def decide_all(self, facts: Facts) -> list[Decision]:
        """An answer for every row that holds."""
        return [self._answer(row, facts, ()) for row in self._asked() if row.holds(facts)]

    def _asked(self) -> tuple[Row, ...]:
        if self.hit is Hit.PRIORITY:
            return tuple(sorted(self.rows, key=lambda row: -row.priority))
        return self.rows

    def _only(self, row: Row, rest: tuple[Row, ...], facts: Facts) -> None:
        other = next((candidate for candidate in rest if candidate.holds(facts)), None)
        if other:
            raise Ambiguous(f"{self.stage}: {row.id} 与 {other.id} 同时成立")

    def _answer(self, row: Row, facts: Facts, passed_over: tuple[Row, ...]) -> Decision:
        return Decision(
            stage=self.stage,
            outcome=row.then,
            rule_id=row.id,
            because=row.because,
            cites=row.cites,
            seen={name: facts.get(name) for name in row.when},
            near_misses=tuple(near_misses(passed_over, facts)),
        )


def near_misses(rows: tuple[Row, ...], facts: Facts) -> list[NearMiss]:
    """Of the rows passed over, those that failed on exactly one fact."""
    found = []
    for row in rows:
        failing = row.failing(facts)
        if len(failing) == 1:
            name = failing[0]
            found.append(NearMiss(row.id, row.then, name, str(row.when[name]), facts.get(name)))
    return found
