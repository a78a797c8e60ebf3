"""Filters of lists: each is one argument of the address, one word above the list, one field of the filter sheet.

A filter reads hostile text into a value or says nothing (the page then shows a message and leaves the filter out), so
no address can make a list fail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_

from models import Department, Staff, db
from views.formats import SHANGHAI
from views.guard import key_of
from views.said import said
from workflow.masking import recognised

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Filter:
    """One way to narrow a list: ``key`` in the address, ``label`` for people, ``column`` or own tests behind it."""

    key: str
    label: str
    column: Any = None
    kind = "text"

    def grouped(self) -> dict[str, list[str]]:
        """The terms offered now, under their headings; none where one writes what one likes."""
        return {}

    def choices(self) -> list[str]:
        """The terms offered now."""
        return [term for terms in self.grouped().values() for term in terms]

    @property
    def offered(self) -> bool:
        """Whether it can narrow anything now: one that has nothing to choose from is none."""
        return self.kind != "choice" or bool(self.choices())

    def read(self, values: Sequence[str]) -> Any:
        """The value that the address means, or None when it means none."""
        text = values[0].strip()[:100]
        return text or None

    def condition(self, value: Any) -> Condition:
        """The WHERE of that value."""
        return self.column.icontains(value, autoescape=True)

    def words(self, value: Any) -> str:
        """The value as people read it."""
        return str(value)


@dataclass(frozen=True)
class Contains(Filter):
    """The text contains these characters, taken as they are."""


@dataclass(frozen=True)
class Masked(Filter):
    """The text is this one from end to end or shown by its mask: by other parts it could be tried out."""

    def condition(self, value: Any) -> Condition:
        return recognised(self.column, value)


@dataclass(frozen=True)
class OneOf(Filter):
    """Any of some terms. ``options`` may be a function, asked at each request."""

    options: Sequence[str] | Callable[[], Sequence[str] | Mapping[str, Sequence[str]]] = ()
    kind = "choice"

    def grouped(self) -> dict[str, list[str]]:
        """The terms offered now, under their headings."""
        found = self.options() if callable(self.options) else self.options
        groups = found if isinstance(found, Mapping) else {"": found}
        return {heading: [str(term) for term in terms] for heading, terms in groups.items()}

    def term(self, value: str) -> str:
        """A term as people read it."""
        return str(_(value))

    def read(self, values: Sequence[str]) -> list[str] | None:
        known = self.choices()
        chosen = [term for term in known if term in values]
        return chosen or None

    def condition(self, value: Any) -> Condition:
        return self.column.in_(value)

    def words(self, value: Any) -> str:
        return _("、").join(self.term(term) for term in value)


@dataclass(frozen=True)
class Titled(OneOf):
    """One of some codes, each read by its title; ``titles`` is asked at each request."""

    titles: Callable[[], Mapping[str, str]] = dict

    def grouped(self) -> dict[str, list[str]]:
        found = list(self.titles())
        return {"": found if len(found) > 1 else []}

    def term(self, value: str) -> str:
        return str(_(self.titles()[value]))


@dataclass(frozen=True)
class Cases(Filter):
    """Some named conditions that no single column holds: 超期, 今日到期 … ."""

    cases: dict[str, Callable[[], Condition]] = field(default_factory=dict)
    kind = "choice"

    def grouped(self) -> dict[str, list[str]]:
        """The names of the conditions, under no heading."""
        return {"": list(self.cases)}

    def term(self, value: str) -> str:
        """A condition as people read it."""
        return str(_(value))

    def read(self, values: Sequence[str]) -> list[str] | None:
        return [term for term in self.cases if term in values] or None

    def condition(self, value: Any) -> Condition:
        return or_(*(self.cases[term]() for term in value))

    def words(self, value: Any) -> str:
        return _("、").join(_(term) for term in value)


@dataclass(frozen=True)
class Flag(Filter):
    """Yes or no."""

    kind = "flag"

    def read(self, values: Sequence[str]) -> bool | None:
        return {"是": True, "否": False}.get(values[0])

    def condition(self, value: Any) -> Condition:
        return self.column.is_(value)

    def words(self, value: Any) -> str:
        return _("是") if value else _("否")


@dataclass(frozen=True)
class Days(Filter):
    """From a day to a day, both included: ``2026-10-01..2026-10-31``; either end may be left open."""

    is_date: bool = False
    kind = "days"

    def read(self, values: Sequence[str]) -> tuple[date | None, date | None] | None:
        first, last = _ends(values)
        try:
            ends = (_day(first), _day(last))
        except ValueError:
            return None
        return ends if any(ends) else None

    def condition(self, value: Any) -> Condition:
        first, last = value
        tests = []
        if first:
            tests.append(self.column >= (first if self.is_date else _midnight(first)))
        if last:
            tests.append(self.column <= last if self.is_date else self.column < _midnight(last + timedelta(days=1)))
        return tests[0] if len(tests) == 1 else tests[0] & tests[1]

    def words(self, value: Any) -> str:
        first, last = value
        if first == last:
            return str(first)
        return f"{first or ''} … {last or ''}".strip()


def _ends(values: Sequence[str]) -> tuple[str, str]:
    """Both ends of a range: two fields of the filter sheet, or one ``a..b`` of an address; one value alone is both."""
    if len(values) > 1:
        return values[0].strip()[:20], values[1].strip()[:20]
    first, dots, last = values[0].strip()[:40].partition("..")
    return first, last if dots else first


def _day(text: str) -> date | None:
    text = text.strip()
    if not text:
        return None
    value = date.fromisoformat(text)
    if not 1990 <= value.year <= 2100:
        raise ValueError(text)
    return value


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Between(Filter):
    """A whole number, or a range ``3..10``."""

    kind = "numbers"

    def read(self, values: Sequence[str]) -> tuple[int | None, int | None] | None:
        try:
            first, last = (int(text) if text.strip() else None for text in _ends(values))
        except ValueError:
            return None
        given = [end for end in (first, last) if end is not None]
        return (first, last) if given and all(abs(end) < 2**31 for end in given) else None

    def condition(self, value: Any) -> Condition:
        first, last = value
        tests = [] if first is None else [self.column >= first]
        tests += [] if last is None else [self.column <= last]
        return tests[0] if len(tests) == 1 else tests[0] & tests[1]

    def words(self, value: Any) -> str:
        first, last = value
        return (
            str(first)
            if first == last
            else f"{'' if first is None else first} … {'' if last is None else last}".strip()
        )


@dataclass(frozen=True)
class Named(Filter):
    """A department or a person, by id; ``branch`` takes the departments below it too."""

    model: type[Department] | type[Staff] = Department
    branch: bool = False

    @property
    def kind(self) -> str:  # type: ignore[override]
        return "department" if self.model is Department else "person"

    def read(self, values: Sequence[str]) -> Any:
        key = key_of(values[0].strip())
        return db.session.get(self.model, key) if key is not None else None

    def condition(self, value: Any) -> Condition:
        if self.branch and isinstance(value, Department):
            below = Department.path.startswith(value.path or "/0/", autoescape=True)
            return self.column.in_(db.select(Department.id).where(or_(Department.id == value.id, below)))
        return self.column == value.id

    def words(self, value: Any) -> str:
        return str(said(value.name))


def raw(item: Filter, value: Any) -> list[str]:
    """What the address says for a value."""
    match value:
        case list():
            return [str(part) for part in value]
        case bool():
            return ["是" if value else "否"]
        case tuple():
            first, last = value
            return [f"{'' if first is None else first}..{'' if last is None else last}"]
        case Department() | Staff():
            return [str(value.id)]
        case _:
            return [str(value)]
