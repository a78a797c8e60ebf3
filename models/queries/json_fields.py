"""What stands under a key of a JSON column, by type, on SQLite and on PostgreSQL; something of another type is NULL.

The key is written into the statement, not bound: an index on the same expression can then be used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Dialect,
    Integer,
    Numeric,
    String,
    TypeDecorator,
    false,
    literal,
    literal_column,
    or_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from models.db import Json
from rules.facts import FactType
from rules.quantities import SHANGHAI

_KEY = re.compile(r"[a-z][a-z0-9_]*")


class Day(TypeDecorator[date]):
    """A day kept as text."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


class Instant(TypeDecorator[datetime]):
    """An instant kept as text, Shanghai to the second."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        # what lies between two seconds must stay between them: a longer text follows its beginning
        text = value.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{text}+08:00" + (f".{value.microsecond:06d}" if value.microsecond else "")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value).astimezone(UTC)


class _Member(FunctionElement[Any]):
    """``member(column, key)``: the value under the key."""

    inherit_cache = True


class _Text(_Member):
    inherit_cache = True
    type = String()


class _Number(_Member):
    inherit_cache = True
    type = Numeric(asdecimal=False)


class _Flag(_Member):
    inherit_cache = True
    type = Boolean()


class _Day(_Member):
    inherit_cache = True
    type = Day()


class _Instant(_Member):
    inherit_cache = True
    type = Instant()


class _List(_Member):
    inherit_cache = True
    type = Json


SQLITE = {
    _Text: "CASE WHEN json_type({c}, '$.{k}') = 'text' THEN json_extract({c}, '$.{k}') END",
    _Number: "CASE WHEN json_type({c}, '$.{k}') IN ('integer', 'real') THEN json_extract({c}, '$.{k}') END",
    _Flag: "CASE json_type({c}, '$.{k}') WHEN 'true' THEN 1 WHEN 'false' THEN 0 END",
    _Day: "CASE WHEN json_extract({c}, '$.{k}') GLOB '" + "-".join(["[0-9]" * 4, "[0-9]" * 2, "[0-9]" * 2]) + "' "
    "THEN json_extract({c}, '$.{k}') END",
    _Instant: "CASE WHEN json_extract({c}, '$.{k}') GLOB '"
    + "-".join(["[0-9]" * 4, "[0-9]" * 2, "[0-9]" * 2]) + "T" + ":".join(["[0-9]" * 2] * 3) + "+08:00' "
    "THEN json_extract({c}, '$.{k}') END",
    _List: "CASE WHEN json_type({c}, '$.{k}') = 'array' THEN json_extract({c}, '$.{k}') END",
}  # fmt: skip
POSTGRESQL = {
    _Text: "CASE WHEN jsonb_typeof({c} -> '{k}') = 'string' THEN {c} ->> '{k}' END",
    _Number: "CASE WHEN jsonb_typeof({c} -> '{k}') = 'number' THEN ({c} ->> '{k}')::numeric END",
    _Flag: "CASE WHEN jsonb_typeof({c} -> '{k}') = 'boolean' THEN ({c} ->> '{k}')::boolean END",
    _Day: "CASE WHEN {c} ->> '{k}' ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' THEN ({c} ->> '{k}') COLLATE \"C\" END",
    _Instant: "CASE WHEN {c} ->> '{k}' ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}[+]08:00$' "
    "THEN ({c} ->> '{k}') COLLATE \"C\" END",
    _List: "CASE WHEN jsonb_typeof({c} -> '{k}') = 'array' THEN {c} -> '{k}' END",
}
KINDS: dict[FactType, type[_Member]] = {
    FactType.NUMBER: _Number,
    FactType.DURATION: _Number,
    FactType.FLAG: _Flag,
    FactType.DATE: _Day,
    FactType.INSTANT: _Instant,
    FactType.LIST: _List,
}


@compiles(_Member, "sqlite")
def _in_sqlite(element: _Member, compiler: Any, **options: Any) -> str:
    return _written(element, compiler, SQLITE, options)


@compiles(_Member, "postgresql")
def _in_postgresql(element: _Member, compiler: Any, **options: Any) -> str:
    return _written(element, compiler, POSTGRESQL, options)


def _written(element: _Member, compiler: Any, forms: dict[Any, str], options: dict[str, Any]) -> str:
    column, key = element.clauses
    return f"({forms[type(element)].format(c=compiler.process(column, **options), k=compiler.process(key))})"


def member(column: ColumnElement[Any], key: str, kind: FactType) -> ColumnElement[Any]:
    """The value under the key, if it is of that type."""
    return KINDS.get(kind, _Text)(column, _key(key))


def _key(key: str) -> ColumnElement[Any]:
    if not _KEY.fullmatch(key):
        raise ValueError(f"no key of a field: {key!r}")
    return literal_column(key)


class _Length(FunctionElement[int]):
    inherit_cache = True
    type = Integer()


class _Has(FunctionElement[bool]):
    """``_Has(list, text)``: whether the list has that text."""

    inherit_cache = True
    type = Boolean()


@compiles(_Length, "sqlite")
def _length_in_sqlite(element: _Length, compiler: Any, **options: Any) -> str:
    return f"json_array_length{compiler.process(element.clause_expr, **options)}"


@compiles(_Length, "postgresql")
def _length_in_postgresql(element: _Length, compiler: Any, **options: Any) -> str:
    return f"jsonb_array_length{compiler.process(element.clause_expr, **options)}"


@compiles(_Has, "sqlite")
def _has_in_sqlite(element: _Has, compiler: Any, **options: Any) -> str:
    items, text = (compiler.process(clause, **options) for clause in element.clauses)
    # of clauses that SQLAlchemy compiled, with their values bound
    rows = f"SELECT 1 FROM json_each({items}) AS item WHERE item.type = 'text' AND item.value = {text}"  # noqa: S608
    return f"EXISTS ({rows})"


@compiles(_Has, "postgresql")
def _has_in_postgresql(element: _Has, compiler: Any, **options: Any) -> str:
    items, text = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({items} @> jsonb_build_array({text}))"


def length(items: ColumnElement[Any]) -> ColumnElement[int]:
    """How many items a JSON list has."""
    return _Length(items)


def has_any(items: ColumnElement[Any], wanted: Sequence[str]) -> ColumnElement[bool]:
    """Whether a JSON list has one of these texts."""
    return or_(false(), *(_Has(items, literal(text, String())) for text in wanted))


class _Array(FunctionElement[Any]):
    """``_Array(column)``: all values of a column as one JSON list."""

    inherit_cache = True
    type = Json


@compiles(_Array, "sqlite")
def _array_in_sqlite(element: _Array, compiler: Any, **options: Any) -> str:
    return f"json_group_array{compiler.process(element.clause_expr, **options)}"


@compiles(_Array, "postgresql")
def _array_in_postgresql(element: _Array, compiler: Any, **options: Any) -> str:
    return f"coalesce(jsonb_agg{compiler.process(element.clause_expr, **options)}, '[]'::jsonb)"


def array(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The values of a column as a JSON list; none is an empty list."""
    return _Array(column)


class _TextIs(FunctionElement[bool]):
    """``_TextIs(column, key, text)``: whether that text stands under the key."""

    inherit_cache = True
    type = Boolean()


class _ListHas(FunctionElement[bool]):
    """``_ListHas(column, key, text)``: whether a list with that text stands under the key."""

    inherit_cache = True
    type = Boolean()


@compiles(_TextIs, "sqlite")
def _text_is_in_sqlite(element: _TextIs, compiler: Any, **options: Any) -> str:
    column, key, text = _column_key_text(element, compiler, options)
    return f"coalesce(json_extract({column}, '$.{key}') = {text} AND json_type({column}, '$.{key}') = 'text', 0)"


@compiles(_TextIs, "postgresql")
def _text_is_in_postgresql(element: _TextIs, compiler: Any, **options: Any) -> str:
    column, key, text = _column_key_text(element, compiler, options)
    return f"({column} @> jsonb_build_object('{key}', {text}))"


@compiles(_ListHas, "sqlite")
def _list_has_in_sqlite(element: _ListHas, compiler: Any, **options: Any) -> str:
    column, key, text = _column_key_text(element, compiler, options)
    # of clauses that SQLAlchemy compiled, with their values bound; the key has been held to letters and digits
    rows = f"SELECT 1 FROM json_each({column}, '$.{key}') AS item WHERE item.type = 'text' AND item.value = {text}"  # noqa: S608
    return f"(json_type({column}, '$.{key}') = 'array' AND EXISTS ({rows}))"


@compiles(_ListHas, "postgresql")
def _list_has_in_postgresql(element: _ListHas, compiler: Any, **options: Any) -> str:
    column, key, text = _column_key_text(element, compiler, options)
    return f"({column} @> jsonb_build_object('{key}', jsonb_build_array({text})))"


def _column_key_text(element: Any, compiler: Any, options: dict[str, Any]) -> tuple[str, str, str]:
    column, key, text = element.clauses
    return compiler.process(column, **options), compiler.process(key), compiler.process(text, **options)


def text_is(column: ColumnElement[Any], key: str, wanted: Sequence[str]) -> ColumnElement[bool]:
    """Whether one of these texts stands under the key; an index on the whole column serves."""
    return or_(false(), *(_TextIs(column, _key(key), literal(text, String())) for text in wanted))


def list_has(column: ColumnElement[Any], key: str, wanted: Sequence[str]) -> ColumnElement[bool]:
    """Whether the list under the key has one of these texts; an index on the whole column serves."""
    return or_(false(), *(_ListHas(column, _key(key), literal(text, String())) for text in wanted))
