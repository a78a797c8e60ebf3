"""Rows as rows: read whole, given new keys and other times, written by bare INSERTs.

The same reading serves two ends: a block of cases is many copies of one that the verbs made, and what a verb wrote is
written again by bare SQL, which is the limit that the verb is measured against. A stock is many copies of a block,
which the database makes of itself: one INSERT … SELECT a table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    String,
    Table,
    UniqueConstraint,
    cast,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.orm import Session

from models.db import Base

Rows = dict[str, list[dict[str, Any]]]
TABLES = {table.name: table for table in Base.metadata.sorted_tables}
NUMBERED = [table for table in TABLES.values() if "id" in table.c]
HOUSE = {"department", "staff", "role", "membership", "procedure_version"}
"""Tables that a case points to and does not own."""
UNIQUE_FROM = 10**10
"""What is counted from in the unique texts of copies that the database makes: apart from those made before."""


def _unique_texts(table: Table) -> list[str]:
    """Text columns of which no two rows may have the same."""
    groups = [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    groups += [list(one.columns) for one in table.indexes if one.unique]
    return [group[0].name for group in groups if len(group) == 1 and isinstance(group[0].type, String)]


UNIQUE = {name: _unique_texts(table) for name, table in TABLES.items()} | {"complainant": ["phone"]}
"""No two complainants are the same either: else each case would have a thousand that are like it."""
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


def multiply(engine: Engine, before: Mapping[str, int], times: int) -> None:
    """Let there be so many of all rows that were written since, whatever they are; the indexes are made afterwards."""
    with engine.begin() as connection, _unguarded(connection):
        last = {table.name: connection.scalar(select(func.max(table.c.id))) or 0 for table in NUMBERED}
        size = {name: last[name] - before[name] for name in last if last[name] > before[name]}
        number = select(literal(1).label("number")).cte("number", recursive=True)
        number = number.union_all(select(number.c.number + 1).where(number.c.number < times - 1))
        for table in (TABLES[name] for name in TABLES if name in size and times > 1):
            block = table.alias("block")
            values = [_moved(table.name, block.c[column.name], number.c.number, size) for column in table.c]
            rows = select(*values).select_from(block.join(number, true())).where(block.c.id > before[table.name])
            connection.execute(table.insert().from_select(list(table.c), rows))


@contextmanager
def _unguarded(connection: Connection) -> Iterator[None]:
    """The copies are as good as the block: no key is looked up, and indexes are made from all rows at once."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '256MB'")
    else:
        connection.exec_driver_sql("PRAGMA cache_size = -256000")
    indexes = [index for table in TABLES.values() for index in table.indexes]
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)


def _moved(name: str, column: ColumnElement[Any], number: ColumnElement[int], size: Mapping[str, int]) -> Any:
    """What a copy has in that column: keys and unique texts of its own, everything else the same."""
    target = dict(POINTS[name]).get(column.key or "")
    if column.key == "id" or size.get(target or ""):
        return column + number * size[target or name]
    if column.key in UNIQUE[name]:
        own = column.table.c.id + number * size[name]
        return func.substr(column, 1, 3).concat(cast(UNIQUE_FROM + own, String))
    return column


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
