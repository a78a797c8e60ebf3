"""The questions a cell may put to one fact. Three-valued like SQL: to an unknown fact the answer is None."""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from rules.quantities import compare, written

GIVEN, MISSING = "given", "missing"
INTERVAL = re.compile(r"^([\[(])\s*(.*?)\s*\.\.\s*(.*?)\s*([\])])$", re.DOTALL)
COMPARISON = re.compile(r"^(>=|<=|>|<|≥|≤|>=|<=|>|<)\s*(.+)$", re.DOTALL)
_SPECIAL = re.compile(r'^(not |has |\(not |\(has |[><≥≤><])|["|]')


class TestFault(ValueError):
    """A cell that is no test. `right` says what would be."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    def __init__(self, wrong: str, right: str) -> None:
        super().__init__(wrong)
        self.wrong, self.right = wrong, right


class Test(ABC):
    """A question put to one value; `str()` gives the cell back as it is written in a document."""

    __test__ = False

    @abstractmethod
    def holds(self, value: object) -> bool | None:
        """True, False, or None when the value is unknown."""


def blank(value: object) -> bool:
    """Whether nothing was given: no value, an empty text, an empty list."""
    return value is None or (isinstance(value, str) and not value.strip()) or value in ((), [], set(), frozenset())


def either(answers: Iterable[bool | None]) -> bool | None:
    """Three-valued or."""
    unknown = False
    for answer in answers:
        if answer:
            return True
        unknown = unknown or answer is None
    return None if unknown else False


def every(answers: Iterable[bool | None]) -> bool | None:
    """Three-valued and."""
    unknown = False
    for answer in answers:
        if answer is False:
            return False
        unknown = unknown or answer is None
    return None if unknown else True


def negation(answer: bool | None) -> bool | None:
    """Three-valued not."""
    return None if answer is None else not answer


@dataclass(frozen=True)
class Is(Test):
    wanted: object

    def holds(self, value: object) -> bool | None:
        if value is None:
            return None
        return same(value, self.wanted)

    def __str__(self) -> str:
        if isinstance(self.wanted, bool):
            return "是" if self.wanted else "否"
        return quoted(self.wanted) if isinstance(self.wanted, str) else written(self.wanted)


@dataclass(frozen=True)
class AnyOf(Test):
    tests: tuple[Test, ...]

    def holds(self, value: object) -> bool | None:
        return either(test.holds(value) for test in self.tests)

    def __str__(self) -> str:
        """Alternatives that would swallow the next one stand in brackets."""
        return "|".join(f"({test})" if isinstance(test, Not | Has) else str(test) for test in self.tests)


@dataclass(frozen=True)
class Not(Test):
    test: Test

    def holds(self, value: object) -> bool | None:
        return negation(self.test.holds(value))

    def __str__(self) -> str:
        return f"not {self.test}"


@dataclass(frozen=True)
class Has(Test):
    wanted: tuple[str, ...]

    def holds(self, value: object) -> bool | None:
        if value is None:
            return None
        items = [value] if isinstance(value, str) or not isinstance(value, Iterable) else list(value)
        return any(same(item, wanted) for item in items for wanted in self.wanted)

    def __str__(self) -> str:
        return "has " + "|".join(map(quoted, self.wanted))


@dataclass(frozen=True)
class Given(Test):
    given: bool = True

    def holds(self, value: object) -> bool | None:
        return blank(value) is not self.given

    def __str__(self) -> str:
        return GIVEN if self.given else MISSING


@dataclass(frozen=True)
class Range(Test):
    """An interval of numbers, dates, instants or lengths of time; an end that is None is open."""

    low: object = None
    high: object = None
    low_in: bool = True
    high_in: bool = True

    def holds(self, value: object) -> bool | None:
        if value is None:
            return None
        return self._above(value) and self._below(value)

    def _above(self, value: object) -> bool:
        order = compare(value, self.low) if self.low is not None else 1
        return order is not None and (order > 0 or (order == 0 and self.low_in))

    def _below(self, value: object) -> bool:
        order = compare(value, self.high) if self.high is not None else -1
        return order is not None and (order < 0 or (order == 0 and self.high_in))

    def __str__(self) -> str:
        if self.high is None:
            return f"{'>=' if self.low_in else '>'} {written(self.low)}"
        if self.low is None:
            return f"{'<=' if self.high_in else '<'} {written(self.high)}"
        low, high = written(self.low), written(self.high)
        return f"{'[' if self.low_in else '('}{low}..{high}{']' if self.high_in else ')'}"


def same(value: object, wanted: object) -> bool:
    """Equality without Python's surprise that True is 1; an instant is the same as the day on which it falls."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if isinstance(wanted, int | float | Decimal | date | datetime | timedelta):
        return compare(value, wanted) == 0
    if isinstance(wanted, str) and not isinstance(value, str):
        return False
    return value == wanted


def quoted(text: str) -> str:
    """A text as a cell writes it: in quotation marks where it would otherwise mean something else."""
    plain = text == text.strip() and text not in ("", GIVEN, MISSING) and _balanced(text)
    if plain and not _SPECIAL.search(text) and not INTERVAL.match(text):
        return str(text)
    return json.dumps(str(text), ensure_ascii=False)


def _balanced(text: str) -> bool:
    """Whether every bracket that opens closes again."""
    depth = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return False
    return depth == 0
