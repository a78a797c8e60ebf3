"""Decision tables: rows of unary tests under a hit policy. Answers carry the row, the facts seen, the near-misses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from rules.asking import Check, certain
from rules.facts import Facts
from rules.quantities import written
from rules.unary import Test, TestFault, every, parse_test

__all__ = ["Ambiguous", "Decision", "Hit", "NearMiss", "Row", "Table", "Test", "TestFault", "parse_test"]


class Hit(StrEnum):
    """Which of the rows that hold gives the answer."""

    FIRST = "first"
    PRIORITY = "priority"
    COLLECT = "collect"
    UNIQUE = "unique"


class Ambiguous(ValueError):
    """More than one row of a table holds where only one may; `rules` names the first two."""

    def __init__(self, stage: str, rules: tuple[str, str]) -> None:
        super().__init__(f"{stage}: {rules[0]} 与 {rules[1]} 同时成立")
        self.stage, self.rules = stage, rules


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
    """An answer with its reasons: the row, why, the clauses, the facts it saw, and what nearly held instead.

    `not_reached` names the rows that were not asked, because this one decided before them.
    """

    stage: str
    outcome: Any
    rule_id: str
    because: str
    cites: tuple[str, ...] = ()
    seen: Mapping[str, object] = field(default_factory=dict)
    near_misses: tuple[NearMiss, ...] = ()
    not_reached: tuple[str, ...] = ()
    procedure: str = ""
    version: int = 0

    def made_by(self, procedure: str, version: int) -> "Decision":
        return Decision(**{**vars(self), "procedure": procedure, "version": version})

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
            "not_reached": list(self.not_reached),
            "procedure": self.procedure,
            "version": self.version,
        }


def plain(value: object) -> object:
    """The value in JSON's types; what JSON has no type for becomes text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, timedelta):
        return written(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return str(value)


SEVERAL = "*"
"""What `Row.missed` says of a row that fails on more than one fact; no fact has that name."""


@dataclass(frozen=True)
class Row:
    """One rule: all its tests must hold. A `default` has none and is asked last: it holds where no other row does."""

    id: str
    when: Mapping[str, Test]
    then: object
    because: str = ""
    cites: tuple[str, ...] = ()
    priority: int = 0
    default: bool = False

    @cached_property
    def checks(self) -> tuple[tuple[str, Check], ...]:
        """Each test made quick to ask; together they hold exactly when the row holds."""
        return tuple((name, certain(test)) for name, test in self.when.items())

    @cached_property
    def wanted(self) -> Mapping[str, str]:
        """Each test as its cell writes it."""
        return {name: str(test) for name, test in self.when.items()}

    def holds(self, facts: Facts) -> bool | None:
        return every(test.holds(facts.get(name)) for name, test in self.when.items())

    def hits(self, facts: Facts) -> bool:
        """Whether it holds for certain; nothing is asked after the first test that does not."""
        for name, check in self.checks:  # noqa: SIM110 a generator costs four times the checks
            if not check(facts.get(name)):
                return False
        return True

    def missed(self, facts: Facts) -> str | None:
        """None when the row holds, the fact when it fails on one alone (no, or not known), SEVERAL when on more."""
        only = None
        for name, check in self.checks:
            if not check(facts.get(name)):
                if only is not None:
                    return SEVERAL
                only = name
        return only


@dataclass(frozen=True)
class Table:
    """The rules of one stage, in the order in which they are written."""

    stage: str
    hit: Hit
    rows: tuple[Row, ...]

    @property
    def default(self) -> Row | None:
        """The row that holds where no other does: the one that says so, else the first without conditions."""
        marked = next((row for row in self.rows if row.default), None)
        return marked or next((row for row in self.rows if not row.when), None)

    @cached_property
    def asked(self) -> tuple[Row, ...]:
        """The rows in the order in which they are asked: by priority where that counts, the default last."""
        rows = self.rows
        if self.hit is Hit.PRIORITY:
            rows = tuple(sorted(rows, key=lambda row: -row.priority))
        return tuple(sorted(rows, key=lambda row: row.default))

    def decide(self, facts: Facts) -> Decision | None:
        """The answer of a table that gives one; None when no row holds. Raises Ambiguous."""
        near: list[NearMiss] = []
        found: Row | None = None
        for place, row in enumerate(self.asked):
            if found and row.default:
                break
            missed = row.missed(facts)
            if missed is None and self.hit is not Hit.UNIQUE:
                return self._answer(row, facts, near, self.asked[place + 1 :])
            if missed is None:
                found = self._only(found, row)
            elif missed is not SEVERAL:
                near.append(NearMiss(row.id, row.then, missed, row.wanted[missed], facts.get(missed)))
        return self._answer(found, facts, near) if found else None

    def decide_all(self, facts: Facts) -> list[Decision]:
        """An answer for every row that holds; the default's only where no other does."""
        found = [row for row in self.asked if row.hits(facts)]
        return [self._answer(row, facts, ()) for row in found if not row.default or len(found) == 1]

    def _only(self, found: Row | None, row: Row) -> Row:
        if found:
            raise Ambiguous(self.stage, (found.id, row.id))
        return row

    def _answer(self, row: Row, facts: Facts, near: Iterable[NearMiss], not_reached: tuple[Row, ...] = ()) -> Decision:
        return Decision(
            stage=self.stage,
            outcome=row.then,
            rule_id=row.id,
            because=row.because,
            cites=row.cites,
            seen={name: facts.get(name) for name in row.when},
            near_misses=tuple(near),
            not_reached=tuple(other.id for other in not_reached),
        )
