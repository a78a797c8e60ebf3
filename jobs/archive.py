"""Rows as lines of JSON and back, the same from either kind of database."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Connection, Date, DateTime, MetaData, Numeric, Table, select
from sqlalchemy.exc import SAWarning

BOOKKEEPING = "alembic_version"
BATCH = 1000
Sum = dict[str, Any]


def tables(connection: Connection) -> list[Table]:
    """The tables as the database has them, by name."""
    metadata = MetaData()
    with warnings.catch_warnings():
        # rows are what is kept: an index on an expression, which cannot be read back, is none of our business
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index", SAWarning)
        metadata.reflect(connection)
    found = sorted(metadata.tables.values(), key=lambda table: table.name)
    for column in (column for table in found for column in table.columns):
        if isinstance(column.type, JSON):
            column.type.none_as_null = True
    return [table for table in found if table.name != BOOKKEEPING]


def rows(connection: Connection, table: Table) -> Iterator[bytes]:
    """Each row as a line of JSON, in the order of the primary key."""
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=BATCH).execute(query).mappings():
        plain = {name: _plain(value) for name, value in row.items()}
        yield json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def insert(connection: Connection, table: Table, lines: Iterable[bytes]) -> None:
    """Put the lines into the table."""
    for batch in batches(lines):
        read = [json.loads(line) for line in batch]
        connection.execute(table.insert(), [{name: _typed(table, name, row[name]) for name in row} for row in read])


def batches(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines, a thousand at a time."""
    batch: list[bytes] = []
    for line in lines:
        batch.append(line)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def summed(lines: Iterable[bytes]) -> Sum:
    """Count and hash of the rows, whatever their order: databases sort texts differently."""
    count, total = 0, 0
    for line in lines:
        count += 1
        total += int.from_bytes(hashlib.sha256(line).digest(), "big")
    return {"rows": count, "sha256": f"{total % 2**256:064x}"}


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _typed(table: Table, name: str, value: Any) -> Any:
    """A value of JSON as the column takes it; SQLite keeps instants without their zone."""
    kind = table.columns[name].type
    if value is None or isinstance(kind, JSON):
        return value
    if isinstance(kind, DateTime):
        instant = datetime.fromisoformat(value)
        return instant if kind.timezone else instant.replace(tzinfo=None)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(kind, Numeric) and isinstance(value, str) else value
