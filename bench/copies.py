"""Rows as rows: read whole, given new keys and other times, written by bare INSERTs.

The same reading serves three ends: a stock of cases is many copies of one that the verbs made, and what a verb wrote
is written again by bare SQL, which is the limit that the verb is measured against.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, String, Table, UniqueConstraint, func, select
from sqlalchemy.orm import Session

from models.db import Base

Rows = dict[str, list[dict[str, Any]]]
TABLES = {table.name: table for table in Base.metadata.sorted_tables}
NUMBERED = [table for table in TABLES.values() if "id" in table.c]
HOUSE = {"department", "staff", "role", "membership", "procedure_version"}
"""Tables that a case points to and does not own."""


def _unique_texts(table: Table) -> list[str]:
    """Text columns of which no two rows may have the same."""
    groups = [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    groups += [list(one.columns) for one in table.indexes if one.unique]
    return [group[0].name for group in groups if len(group) == 1 and isinstance(group[0].type, String)]


UNIQUE = {name: _unique_texts(table) for name, table in TABLES.items()}
POINTS = {
    name: [(key.parent.name, key.column.table.name) for key in table.foreign_keys] for name, table in TABLES.items()
}


def marks(session: Session) -> dict[str, int]:
    """The newest key of each table now."""
    return {table.name: session.scalar(select(func.max(table.c.id))) or 0 for table in NUMBERED}


def since(session: Session, before: Mapping[str, int]) -> Rows:
    """The rows that were written since, by table."""
    found: Rows = {}
    for table in NUMBERED:
        rows = session.execute(select(table).where(table.c.id > before[table.name]).order_by(table.c.id)).mappings()
        if given := [dict(row) for row in rows]:
            found[table.name] = given
    return found


def copied(rows: Rows, first: Mapping[str, int], later: timedelta = timedelta(0)) -> Rows:
    """The same rows with keys from ``first`` on, pointing to each other as before, and all times moved."""
    keys = {(name, row["id"]): first[name] + place for name, given in rows.items() for place, row in enumerate(given)}
    return {name: [_copy(name, row, keys, later) for row in given] for name, given in rows.items()}


def _copy(name: str, row: Mapping[str, Any], keys: Mapping[tuple[str, int], int], later: timedelta) -> dict[str, Any]:
    copy = {key: value + later if later and isinstance(value, datetime) else value for key, value in row.items()}
    copy["id"] = keys[name, row["id"]]
    for column, target in POINTS[name]:
        copy[column] = keys.get((target, row[column]), row[column])
    for column in UNIQUE[name]:
        copy[column] = f"{row[column][:2]}-{copy['id']:010d}"
    return copy


def insert(connection: Connection, rows: Rows) -> None:
    """Write the rows: one bare INSERT a table, those first that others point to."""
    for name, table in TABLES.items():
        if rows.get(name):
            connection.execute(table.insert(), rows[name])


def merged(parts: Iterable[Rows]) -> Rows:
    """Many cases' rows as one."""
    whole: Rows = defaultdict(list)
    for part in parts:
        for name, rows in part.items():
            whole[name] += rows
    return whole


def count_on(engine: Engine) -> None:
    """Let PostgreSQL count on above the keys that were written by hand; SQLite does so by itself."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            for table in NUMBERED:
                connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'),"
                    f" (SELECT coalesce(max(id), 1) FROM {table.name}))"
                )
