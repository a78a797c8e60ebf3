"""What every table shares: the base, constraint names, aware instants, the version that prevents lost updates."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from time import sleep
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Engine, Integer, MetaData, TypeDecorator, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.orm import registry as Registry  # noqa: N812

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

PATIENCE = 15_000
"""Milliseconds that SQLite waits for a lock."""
LOOKS, BETWEEN_LOOKS = 4000, 0.002
"""How often a writer on SQLite looks whether it is his turn, and the seconds between."""

Json = JSON().with_variant(JSONB(), "postgresql")
"""A JSON column: JSONB on PostgreSQL, text on SQLite."""

Key = BigInteger().with_variant(Integer(), "sqlite")
"""Primary keys: SQLite only counts by itself on a column of type INTEGER."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, UTC in the database. A naive value is a programming error and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all tables. ``Mapped[datetime]`` is an aware instant, a mapped dict or list is JSON."""

    # one registry with everything in it: Flask-SQLAlchemy copies the body of this class into a base of its own
    registry = Registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UtcDateTime, dict[str, Any]: Json, list[Any]: Json},
    )


class Numbered:
    """A table with an integer primary key of its own."""

    id: Mapped[int] = mapped_column(Key, primary_key=True)


class Versioned(Numbered):
    """A table whose rows people edit: the second of two simultaneous savers is told, instead of winning silently."""

    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


db = SQLAlchemy(model_class=Base, session_options={"autoflush": True})


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Foreign keys, WAL, patience, and transactions that we begin ourselves (the driver's own begin loses updates)."""
    if not type(connection).__module__.startswith("sqlite3"):
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", f"busy_timeout={PATIENCE}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Any) -> None:
    """IMMEDIATE for whoever says that he will write (``sqlite_begin`` as execution option), DEFERRED for readers."""
    if connection.dialect.name == "sqlite":
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        if mode == "DEFERRED" or not _begin_writing(connection.connection.driver_connection):
            connection.exec_driver_sql(f"BEGIN {mode}")


def _begin_writing(raw: sqlite3.Connection) -> bool:
    """Wait for the one writer's place and look often: SQLite itself looks ten times a second, and somebody who saves
    during a long sweep would never meet the moment between two of its items. False when the place stayed taken."""
    raw.execute("PRAGMA busy_timeout=0")
    try:
        for _ in range(LOOKS):
            try:
                raw.execute("BEGIN IMMEDIATE")
                return True
            except sqlite3.OperationalError as fault:
                if fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
            sleep(BETWEEN_LOOKS)
        return False
    finally:
        raw.execute(f"PRAGMA busy_timeout={PATIENCE}")
