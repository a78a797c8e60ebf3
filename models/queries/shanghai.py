"""Days and months of Shanghai in SQL, on SQLite (which knows no zones: eight hours ahead of UTC) and PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from models.db import UtcDateTime


class _Month(FunctionElement[str]):
    inherit_cache = True
    type = String()


class _Day(FunctionElement[str]):
    inherit_cache = True
    type = String()


class _DaysBefore(FunctionElement[Any]):
    """``_DaysBefore(instant, n)``: the first instant of the day that lies n days before."""

    inherit_cache = True
    type = UtcDateTime()


class _MonthsBefore(FunctionElement[Any]):
    """``_MonthsBefore(instant, n)``: the first instant of the oldest day whose n months are not over on this day."""

    inherit_cache = True
    type = UtcDateTime()


class _MonthBegins(FunctionElement[Any]):
    inherit_cache = True
    type = UtcDateTime()


def month(instant: Any) -> ColumnElement[str]:
    """``2026-05``."""
    return _Month(instant)


def day(instant: Any) -> ColumnElement[str]:
    """``2026-05-13``."""
    return _Day(instant)


def days_before(instant: Any, count: int) -> ColumnElement[Any]:
    """When a period of so many days must at least have begun, to last until the day of the instant."""
    return _DaysBefore(instant, literal_column(str(int(count))))


def months_before(instant: Any, count: int) -> ColumnElement[Any]:
    """The same for months: to the same day number, or to the last day where the month is shorter (G-08)."""
    return _MonthsBefore(instant, literal_column(str(int(count))))


def month_begins(instant: Any) -> ColumnElement[Any]:
    """The first instant of the month of the instant."""
    return _MonthBegins(instant)


SQLITE: dict[Any, str] = {
    _Month: "strftime('%Y-%m', {0}, '+8 hours')",
    _Day: "date({0}, '+8 hours')",
    _DaysBefore: "strftime('%Y-%m-%d %H:%M:%S.000000', {0}, '+8 hours', 'start of day', '-{1} days', '-8 hours')",
    # a day that the earlier month does not have runs over into the month after it
    _MonthsBefore: "CASE WHEN strftime('%d', {0}, '+8 hours') = strftime('%d', {0}, '+8 hours', '-{1} months') "
    "THEN strftime('%Y-%m-%d %H:%M:%S.000000', {0}, '+8 hours', '-{1} months', 'start of day', '-8 hours') "
    "ELSE strftime('%Y-%m-%d %H:%M:%S.000000', {0}, '+8 hours', '-{1} months', 'start of month', '-8 hours') END",
    _MonthBegins: "strftime('%Y-%m-%d %H:%M:%S.000000', {0}, '+8 hours', 'start of month', '-8 hours')",
}
HERE = "({0} AT TIME ZONE 'Asia/Shanghai')"
POSTGRESQL: dict[Any, str] = {
    _Month: f"to_char({HERE}, 'YYYY-MM')",
    _Day: f"to_char({HERE}, 'YYYY-MM-DD')",
    _DaysBefore: f"((date_trunc('day', {HERE}) - interval '{{1}} days') AT TIME ZONE 'Asia/Shanghai')",
    # a day that the earlier month does not have becomes its last one
    _MonthsBefore: f"((date_trunc('day', {HERE}) - interval '{{1}} months' + CASE WHEN extract(day FROM {HERE}) = "
    f"extract(day FROM {HERE} - interval '{{1}} months') THEN interval '0' ELSE interval '1 day' END) "
    "AT TIME ZONE 'Asia/Shanghai')",
    _MonthBegins: f"(date_trunc('month', {HERE}) AT TIME ZONE 'Asia/Shanghai')",
}


def _written(element: FunctionElement[Any], compiler: Any, forms: dict[Any, str], options: dict[str, Any]) -> str:
    parts = [compiler.process(clause, **options) for clause in element.clauses]
    return f"({forms[type(element)].format(*parts)})"


def _register(kind: type[FunctionElement[Any]]) -> None:
    @compiles(kind, "sqlite")
    def in_sqlite(element: Any, compiler: Any, **options: Any) -> str:
        return _written(element, compiler, SQLITE, options)

    @compiles(kind, "postgresql")
    def in_postgresql(element: Any, compiler: Any, **options: Any) -> str:
        return _written(element, compiler, POSTGRESQL, options)


for _kind in SQLITE:
    _register(_kind)
