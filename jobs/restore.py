"""The way back from a backup: into an empty place only, and proved row by row."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, inspect, select, text

from jobs import archive
from jobs.backup import Unfit, opened, verify
from models import migrations
from workflow import letters


def restore(engine: Engine, files: Path, source: Path) -> dict[str, Any]:
    """Fill an empty database and an empty folder; returns the manifest, after the rows were found to be the same.

    An older backup is first restored as it was and then migrated.
    """
    manifest = verify(source)
    if inspect(engine).get_table_names() or (files.is_dir() and any(files.iterdir())):
        raise Unfit("恢复的目标必须是空的数据库和空的文件目录")
    migrations.upgrade(engine, manifest["schema"])
    with opened(source) as packed:
        with engine.begin() as connection:
            _fill(connection, packed)
            _prove(connection, manifest)
        for name in manifest["files"]:
            _put(files, name, packed.read(f"files/{name}"))
    migrations.upgrade(engine)
    with engine.begin() as connection:
        letters.give_up_restored(connection)
    return manifest


def _fill(connection: Connection, packed: zipfile.ZipFile) -> None:
    """Insert every row and let the numbers go on where they stood."""
    tables = archive.tables(connection)
    with _keys_later(connection):
        for table in tables:
            with packed.open(f"rows/{table.name}.jsonl") as lines:
                archive.insert(connection, table, lines)
    if connection.dialect.name == "postgresql":
        for table in tables:
            _continue_numbers(connection, table)


def _prove(connection: Connection, manifest: dict[str, Any]) -> None:
    for table in archive.tables(connection):
        if archive.summed(archive.rows(connection, table)) != manifest["tables"].get(table.name):
            raise Unfit(f"恢复后的表 {table.name} 与备份不符")


def _put(files: Path, name: str, content: bytes) -> None:
    path = (files / name).resolve()
    if not path.is_relative_to(files.resolve()):
        raise Unfit(f"备份中的文件名 {name} 越出了目录")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@contextmanager
def _keys_later(connection: Connection) -> Iterator[None]:
    """Foreign keys are checked when all rows are there: tables point at each other in circles."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        yield
        return
    keys = text("SELECT conrelid::regclass, quote_ident(conname) FROM pg_constraint WHERE contype = 'f'")
    constraints = [(str(table), str(name)) for table, name in connection.execute(keys)]
    for table, name in constraints:
        connection.exec_driver_sql(f"ALTER TABLE {table} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED")
    yield
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table, name in constraints:
        connection.exec_driver_sql(f"ALTER TABLE {table} ALTER CONSTRAINT {name} NOT DEFERRABLE")


def _continue_numbers(connection: Connection, table: Table) -> None:
    """PostgreSQL counts apart from the rows: tell it where they end."""
    for column in table.primary_key.columns:
        sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
        last = connection.scalar(select(func.max(column))) if sequence else None
        if sequence and last is not None:
            connection.execute(select(func.setval(sequence, last)))
