"""A row of a decision table as a WHERE: the same answer for a million cases as ``Row.holds`` gives for one.

A test answers yes, no, or unknown. SQL's own NULL is not relied on: ``where`` is true exactly where the row holds,
``where_not`` exactly where it certainly does not, and where neither is true the answer is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Dialect, Numeric, TypeDecorator, and_, false, func, literal, not_, or_
from sqlalchemy import true as always

from models.queries import json_fields
from rules.facts import FactType
from rules.quantities import day_start, in_shanghai
from rules.table import Row
from rules.unary import AnyOf, Given, Has, Is, Not, Range, Test
from rules.values import TEXTS

Condition = ColumnElement[bool]
BLANKS = "".join(map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B))))
BLANKS += "\u2028\u2029\u202f\u205f\u3000"
"""Whatever ``str.strip`` takes away."""
LARGEST = 2**63 - 1


@dataclass(frozen=True)
class FactColumn:
    """A fact as SQL sees it. A text that is empty counts as missing, as everywhere."""

    type: FactType
    value: ColumnElement[Any]
    among: Callable[[Sequence[str]], Condition] | None = None
    """A shorter way to ask whether the text is (or the list has) one of these, where there is one."""
    filled: Condition | None = None
    """A shorter way to ask whether anything is there."""
    key: ColumnElement[Any] | None = None
    """What identifies the thing that the text names, where it is a row of its own."""
    slow: bool = False
    """Whether many rows are read to know it of one case."""


Columns = Mapping[str, FactColumn]


def where(row: Row, columns: Columns) -> Condition:
    """True for the cases for which the row holds."""
    return holds(row.when, columns)


def where_not(row: Row, columns: Columns) -> Condition:
    """True for the cases for which some test of the row is certainly not met."""
    return or_(false(), *(_no(test, columns[name]) for name, test in row.when.items()))


def holds(when: Mapping[str, Test], columns: Columns) -> Condition:
    """True where every one of the tests is met."""
    return and_(always(), *(_yes(test, columns[name]) for name, test in when.items()))


def known(column: FactColumn) -> Condition:
    """Whether the fact has a value at all."""
    return column.value != "" if column.type in TEXTS else column.value.is_not(None)


def _yes(test: Test, column: FactColumn) -> Condition:
    match test:
        case Not(inner):
            return _no(inner, column)
        case AnyOf(tests) if column.type in TEXTS and all(isinstance(inner, Is) for inner in tests):
            return _one_of(column, [inner.wanted for inner in tests if isinstance(inner, Is)])
        case AnyOf(tests):
            return or_(false(), *(_yes(inner, column) for inner in tests))
        case Given(given):
            return _filled(column) if given else not_(_filled(column))
        case _:
            return _leaf(test, column)


def _no(test: Test, column: FactColumn) -> Condition:
    match test:
        case Not(inner):
            return _yes(inner, column)
        case AnyOf(tests):
            return and_(always(), *(_no(inner, column) for inner in tests))
        case Given(given):
            return not_(_filled(column)) if given else _filled(column)
        case _:
            return and_(known(column), not_(_leaf(test, column)))


def _filled(column: FactColumn) -> Condition:
    """Two-valued: a text of blanks and an empty list are nothing."""
    if column.filled is not None:
        return column.filled
    if column.type in TEXTS:
        return func.coalesce(func.trim(column.value, BLANKS) != "", false())
    if column.type is FactType.LIST:
        return func.coalesce(json_fields.length(column.value) > 0, false())
    return column.value.is_not(None)


def _leaf(test: Test, column: FactColumn) -> Condition:
    """A test of one value, two-valued wherever the fact is known."""
    match test:
        case Has(wanted) if column.type is FactType.LIST:
            texts = [text for text in wanted if storable(text)]
            return column.among(texts) if column.among else json_fields.has_any(column.value, texts)
        case Has(wanted) if column.type in TEXTS:
            return _one_of(column, wanted)
        case Is(wanted):
            return _is(column, wanted)
        case Range(None, None):
            return known(column)
        case Range(low, high, low_in, high_in):
            above = always() if low is None else _ordered(column, ">=" if low_in else ">", low)
            return and_(above, always() if high is None else _ordered(column, "<=" if high_in else "<", high))
        case _:
            return false()


def _one_of(column: FactColumn, wanted: Sequence[object]) -> Condition:
    texts = [str(text) for text in wanted if isinstance(text, str) and text and storable(text)]
    if not texts:
        return false()
    if column.among is not None:
        return column.among(texts)
    return column.value == texts[0] if len(texts) == 1 else column.value.in_(texts)


def storable(text: str) -> bool:
    """Whether any database could hold it; nothing equals what cannot be stored."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _is(column: FactColumn, wanted: object) -> Condition:
    if column.type in TEXTS:
        return _one_of(column, [wanted])
    if column.type is FactType.FLAG:
        return column.value == literal(wanted) if isinstance(wanted, bool) else false()
    if isinstance(wanted, bool):
        return false()
    return and_(_ordered(column, ">=", wanted), _ordered(column, "<=", wanted))


def _ordered(column: FactColumn, sign: str, bound: object) -> Condition:
    """The comparison, or never, when the two are not of one kind."""
    if column.type is FactType.NUMBER and isinstance(bound, int | float | Decimal) and not isinstance(bound, bool):
        return _number(column.value, sign, bound)
    if column.type is FactType.DURATION and isinstance(bound, timedelta):
        return _number(column.value, sign, Decimal(str(bound.total_seconds())))
    if column.type is FactType.DATE and isinstance(bound, date) and not isinstance(bound, datetime):
        return SIGNS[sign](column.value, literal(bound, column.value.type))
    if column.type is FactType.INSTANT and isinstance(bound, datetime):
        return SIGNS[sign](column.value, literal(in_shanghai(bound), column.value.type))
    if column.type is FactType.INSTANT and isinstance(bound, date):
        return _day(column, sign, bound)
    return false()


SIGNS: dict[str, Callable[[Any, Any], Condition]] = {
    ">=": lambda value, bound: value >= bound,
    ">": lambda value, bound: value > bound,
    "<=": lambda value, bound: value <= bound,
    "<": lambda value, bound: value < bound,
}


def _day(column: FactColumn, sign: str, day: date) -> Condition:
    """An instant against a day: in Shanghai the day begins and ends."""
    if sign in (">", "<="):
        if day == date.max:
            return false() if sign == ">" else column.value.is_not(None)
        day += timedelta(days=1)
    edge = literal(day_start(day), column.value.type)
    return column.value >= edge if sign in (">=", ">") else column.value < edge


class _Exact(TypeDecorator[Any]):
    """A number that is neither rounded nor cut: numeric on PostgreSQL; SQLite's own reals are the numbers stored."""

    impl = Numeric
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value

    def bind_processor(self, dialect: Dialect) -> Any:
        return float if dialect.name == "sqlite" else None


def _number(value: ColumnElement[Any], sign: str, bound: float | Decimal) -> Condition:
    """Whole numbers as they are. A fraction goes as the nearest real, and where that is not the same number, the side
    on which it lies decides: what is stored is whole or a real, so nothing lies between the two."""
    if isinstance(bound, float):
        if not isfinite(bound):
            return false()
        bound = Decimal(repr(bound))
    exact = Decimal(bound)
    if exact == exact.to_integral_value() and abs(exact) <= LARGEST:
        return SIGNS[sign](value, literal(int(exact), BigInteger()))
    real = Decimal(repr(float(exact)))
    if real < exact and sign in ("<", ">="):
        sign = "<=" if sign == "<" else ">"
    elif real > exact and sign in (">", "<="):
        sign = ">=" if sign == ">" else "<"
    return SIGNS[sign](value, literal(real, _Exact()))
