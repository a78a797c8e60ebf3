"""The cells of a decision table as exact sets: which values of a fact a test holds for, with nothing at all among them.

A test has two sets, where it is true and where it is false; what is in neither is not known. Only `given` and `missing`
say anything of a fact without a value, as in SQL.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Self

from rules.facts import Fact, FactType
from rules.stretches import KINDS, Spans
from rules.unary import AnyOf, Given, Has, Is, Not, Range, Test


class Unknowable(ValueError):
    """A cell whose set cannot be told: its tests are of different types."""


class Body(ABC):
    """A set of values of one type, without the missing one."""

    @abstractmethod
    def meet(self, other: Self) -> Self: ...

    @abstractmethod
    def complement(self) -> Self: ...

    @abstractmethod
    def is_empty(self) -> bool: ...

    @abstractmethod
    def sample(self) -> object:
        """A value of the set, which must not be empty; the simplest."""

    @abstractmethod
    def holds(self, value: object) -> bool: ...


@dataclass(frozen=True)
class Words(Body):
    """Texts, departments, persons, choices or flags: these values, or all `but` these. A closed list knows them all."""

    values: frozenset[object] = frozenset()
    but: bool = False
    closed: tuple[object, ...] = ()

    def meet(self, other: "Words") -> "Words":
        if self.but and other.but:
            return replace(self, values=self.values | other.values)
        if self.but or other.but:
            some, others = (other, self) if self.but else (self, other)
            return replace(some, values=some.values - others.values)
        return replace(self, values=self.values & other.values)

    def complement(self) -> "Words":
        return replace(self, but=not self.but)

    def is_empty(self) -> bool:
        if self.closed:
            return not any(map(self.holds, self.closed))
        return not self.but and not self.values

    def sample(self) -> object:
        if self.closed:
            return next(value for value in self.closed if self.holds(value))
        if not self.but:
            return min(self.values, key=str)
        return next(name for name in _names("其他") if name not in self.values)

    def holds(self, value: object) -> bool:
        return (value in self.values) is not self.but and (not self.closed or value in self.closed)


@dataclass(frozen=True)
class Items(Body):
    """Lists, by what they contain: each cube says what must be in a list and what must not. The empty list is apart."""

    cubes: tuple[tuple[frozenset[str], frozenset[str]], ...] = ()
    empty: bool = False

    def meet(self, other: "Items") -> "Items":
        cubes = [(has | more, lacks | less) for has, lacks in self.cubes for more, less in other.cubes]
        return Items(tuple(cube for cube in cubes if not cube[0] & cube[1]), self.empty and other.empty)

    def complement(self) -> "Items":
        outside = [Items(tuple(_outside(cube)), True) for cube in self.cubes]
        return replace(reduce(Items.meet, outside, ANY_LIST), empty=not self.empty)

    def is_empty(self) -> bool:
        return not self.cubes and not self.empty

    def sample(self) -> object:
        if self.empty:
            return []
        has, lacks = self.cubes[0]
        return sorted(has) or [next(name for name in _names("其他") if name not in lacks)]

    def holds(self, value: object) -> bool:
        items = set(value) if isinstance(value, Iterable) else set()
        return any(has <= items and not lacks & items for has, lacks in self.cubes) if items else self.empty


def _outside(cube: tuple[frozenset[str], frozenset[str]]) -> Iterable[tuple[frozenset[str], frozenset[str]]]:
    """What is not in a cube, in cubes that do not meet: the first condition fails, or it holds and the second fails."""
    has, lacks = cube
    met: frozenset[str] = frozenset()
    shunned: frozenset[str] = frozenset()
    for item in sorted(has):
        yield met, shunned | {item}
        met |= {item}
    for item in sorted(lacks):
        yield met | {item}, shunned
        shunned |= {item}


def _names(first: str) -> Iterable[str]:
    yield first
    for number in range(2, 1_000_000):
        yield f"{first}{number}"


ANY_LIST = Items(((frozenset(), frozenset()),), True)
FLAGS = (True, False)


@dataclass(frozen=True)
class Cell:
    """A set of values of one fact; `missing` is whether nothing at all is one of them."""

    missing: bool
    body: Any
    """One of the kinds of ``Body``; those of one fact are all of one kind."""

    def meet(self, other: "Cell") -> "Cell":
        return Cell(self.missing and other.missing, self.body.meet(other.body))

    def complement(self) -> "Cell":
        return Cell(not self.missing, self.body.complement())

    def minus(self, other: "Cell") -> "Cell":
        return self.meet(other.complement())

    def join(self, other: "Cell") -> "Cell":
        return self.complement().meet(other.complement()).complement()

    def is_empty(self) -> bool:
        return not self.missing and self.body.is_empty()

    def is_full(self) -> bool:
        return self.complement().is_empty()

    def sample(self) -> object:
        """A value of the set: a real one where there is one, else None for nothing at all."""
        return None if self.body.is_empty() else self.body.sample()

    def __contains__(self, value: object) -> bool:
        return self.missing if value is None else bool(self.body.holds(value))


def full(fact: Fact, *, closed: bool = True, missing: bool = True) -> Cell:
    """Everything that the fact can be. The values of an open list are only those that are known."""
    if fact.type in KINDS:
        return Cell(missing, Spans.everything(fact.type, fact.whole))
    if fact.type is FactType.LIST:
        return Cell(missing, ANY_LIST)
    if fact.type is FactType.FLAG:
        return Cell(missing, Words(but=True, closed=FLAGS))
    return Cell(missing, Words(but=True, closed=tuple(map(str, fact.values)) if closed else ()))


def cell(test: Test, whole: Cell) -> Cell:
    """The values for which the test holds, out of everything that the fact can be. Raises Unknowable."""
    return _sets(test, whole)[0].meet(whole)


def _sets(test: Test, whole: Cell) -> tuple[Cell, Cell]:
    """Where the test is true and where it is false."""
    match test:
        case Given(given):
            something = _something(whole)
            return (something, something.complement()) if given else (something.complement(), something)
        case Not(inner):
            yes, no = _sets(inner, whole)
            return no, yes
        case AnyOf(tests):
            both = [_sets(inner, whole) for inner in tests]
            yes = reduce(Cell.join, (one for one, _other in both))
            return yes, reduce(Cell.meet, (other for _one, other in both))
    try:
        body = _body(test, whole.body)
    except TypeError as fault:
        raise Unknowable(str(test)) from fault
    return Cell(False, body), Cell(False, body.complement())


def _something(whole: Cell) -> Cell:
    body = replace(whole.body, empty=False) if isinstance(whole.body, Items) else whole.body
    return Cell(False, body)


def _body(test: Test, body: Any) -> Any:
    match test, body:
        case (Is(value), Spans()):
            return body.within(value, value, True, True)
        case (Range(low, high, low_in, high_in), Spans()):
            return body.within(low, high, low_in, high_in)
        case (Is(value), Words()) if isinstance(value, bool) is (body.closed == FLAGS):
            return replace(body, values=frozenset({value}), but=False)
        case (Has(wanted), Items()):
            return Items(tuple((frozenset({item}), frozenset()) for item in wanted))
    raise Unknowable(str(test))
