"""Unary tests: what one fact must be. Three-valued like SQL: an unknown fact gives None, neither yes nor no."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation


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
        if _is_flag(self.wanted):
            return "是" if self.wanted else "否"
        return str(self.wanted)


@dataclass(frozen=True)
class AnyOf(Test):
    tests: tuple[Test, ...]

    def holds(self, value: object) -> bool | None:
        return either(test.holds(value) for test in self.tests)

    def __str__(self) -> str:
        return "|".join(map(str, self.tests))


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
        return "has " + "|".join(self.wanted)


@dataclass(frozen=True)
class Given(Test):
    given: bool = True

    def holds(self, value: object) -> bool | None:
        return blank(value) is not self.given

    def __str__(self) -> str:
        return "given" if self.given else "missing"


@dataclass(frozen=True)
class Range(Test):
    """An interval of numbers, dates or instants; an end that is None is open."""

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
            return f"{'>=' if self.low_in else '>'} {self.low}"
        if self.low is None:
            return f"{'<=' if self.high_in else '<'} {self.high}"
        return f"{'[' if self.low_in else '('}{self.low}..{self.high}{']' if self.high_in else ')'}"


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def same(value: object, wanted: object) -> bool:
    """Equality without Python's surprise that True is 1."""
    if _is_flag(value) or _is_flag(wanted):
        return value is wanted
    if isinstance(wanted, int | float | Decimal):
        return compare(value, wanted) == 0
    if isinstance(wanted, str) and not isinstance(value, str):
        return False
    return value == wanted


def compare(value: object, bound: object) -> int | None:
    """-1, 0 or 1; None when the two cannot be ordered (a text against a number)."""
    if isinstance(bound, date) and not isinstance(bound, datetime) and isinstance(value, datetime):
        value = value.date()
    if _number(value) and _number(bound):
        value, bound = Decimal(str(value)), Decimal(str(bound))
    elif type(value) is not type(bound):
        return None
    try:
        return int(value > bound) - int(value < bound)  # type: ignore[operator]
    except TypeError:
        return None


def _number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not _is_flag(value)


_COMPARISON = re.compile(r"^(>=|<=|>|<|≥|≤)\s*(.+)$")
_RANGE = re.compile(r"^([\[(])\s*(.*?)\s*\.\.\s*(.*?)\s*([\])])$")
_GRAMMAR = '一个值、列表、"not 值"、"has 值"、">= 10"、"[3..10)"、"given" 或 "missing"'


def parse_test(raw: object) -> Test:
    """The test that a cell of a document means. Raises TestFault with what would be right."""
    if isinstance(raw, list | tuple):
        if not raw:
            raise TestFault("空列表,永远不会成立", "至少写一个值")
        return AnyOf(tuple(parse_test(item) for item in raw))
    if isinstance(raw, bool | int | float | Decimal | date):
        return Is(raw)
    if not isinstance(raw, str):
        raise TestFault(f"“{raw}”不是条件", _GRAMMAR)
    return _parse_text(raw.strip())


def _parse_text(text: str) -> Test:
    if not text:
        raise TestFault("空条件", '没有值用 "missing"')
    if text in ("given", "missing"):
        return Given(text == "given")
    if text.startswith("not "):
        inner = text[4:].strip()
        return Not(_parse_text(inner) if inner.startswith(("has ", ">", "<", "[", "(")) else _words(inner))
    if text.startswith("has "):
        return Has(tuple(_split(text[4:])))
    if match := _COMPARISON.match(text):
        return _comparison(match[1], bound(match[2]))
    if match := _RANGE.match(text):
        return _interval(match)
    return Is(text)


def _split(text: str) -> list[str]:
    words = [word.strip() for word in text.split("|")]
    if not all(words):
        raise TestFault(f"“{text}”里有空的值", "值之间用 | 分开")
    return words


def _words(text: str) -> Test:
    words = _split(text)
    return Is(words[0]) if len(words) == 1 else AnyOf(tuple(Is(word) for word in words))


def _comparison(sign: str, limit: object) -> Range:
    sign = {"≥": ">=", "≤": "<="}.get(sign, sign)
    if sign.startswith(">"):
        return Range(low=limit, low_in=sign == ">=")
    return Range(high=limit, high_in=sign == "<=")


def _interval(match: re.Match[str]) -> Range:
    low, high = bound(match[2]), bound(match[3])
    order = compare(low, high)
    if order is None:
        raise TestFault(f"区间“{match[0]}”两端不是同一种量", "两端都写数字,或都写日期")
    if order > 0:
        raise TestFault(f"区间“{match[0]}”下限大于上限", f"{match[1]}{match[3]}..{match[2]}{match[4]}")
    return Range(low, high, match[1] == "[", match[4] == "]")


def bound(text: str) -> object:
    """A number, a date or an instant written in a comparison."""
    text = text.strip()
    try:
        return int(text) if text.lstrip("-").isdigit() else Decimal(text)
    except InvalidOperation:
        pass
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        raise TestFault(f"“{text}”不是数字也不是日期", '">= 10" 或 ">= 2026-01-01"') from None
