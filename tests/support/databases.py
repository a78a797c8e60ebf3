"""A fresh copy of an empty database for each test, on SQLite and on PostgreSQL alike.

The tables are made once in a process, in a template; a test gets a copy of it (a few milliseconds) and may commit, open
further connections or start processes on it without any other test seeing that.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from psycopg.errors import ObjectInUse
from sqlalchemy import Engine, NullPool, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from models.db import Base
from tests.support import postgres
from tests.support.waiting import until

SQLITE, POSTGRESQL = "sqlite", "postgresql"
BOTH = (SQLITE, POSTGRESQL)
Fill = Callable[[Engine], None]
_count = itertools.count(1)


@dataclass(frozen=True)
class Database:
    """One test's own database."""

    name: str
    url: str
    engine: Engine
    sessions: sessionmaker[Session]


def tables(engine: Engine) -> None:
    """The tables as the models describe them (that the migrations make the same is a test of the house)."""
    for table in Base.metadata.tables.values():
        for constraint in table.foreign_key_constraints:
            # a key that PostgreSQL once got by ALTER would be left out of every later CREATE TABLE of this process
            constraint._create_rule = None
    Base.metadata.create_all(engine)


@contextmanager
def fresh(kind: str, fill: Fill = tables) -> Iterator[Database]:
    """A copy of the template that ``fill`` made, gone when the block ends."""
    with _COPIES[kind](fill) as url:
        engine = create_engine(url)
        try:
            yield Database(kind, url, engine, sessionmaker(engine, expire_on_commit=False))
        finally:
            engine.dispose()


@contextmanager
def _sqlite(fill: Fill) -> Iterator[str]:
    path = postgres.scratch() / f"test{next(_count)}.sqlite3"
    shutil.copy(_sqlite_template(fill), path)
    try:
        yield f"sqlite:///{path}"
    finally:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)


@lru_cache
def _sqlite_template(fill: Fill) -> Path:
    path = postgres.scratch() / f"template{next(_count)}.sqlite3"
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    fill(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return path


@contextmanager
def _postgresql(fill: Fill) -> Iterator[str]:
    name = f"test_{os.getpid()}_{next(_count)}"
    _maintain(f"CREATE DATABASE {name} TEMPLATE {_postgresql_template(fill)} STRATEGY file_copy")
    try:
        yield _address(name)
    finally:
        _maintain(f"DROP DATABASE {name} WITH (FORCE)")


@lru_cache
def _postgresql_template(fill: Fill) -> str:
    name = f"template_{os.getpid()}_{next(_count)}"
    _maintain(f"CREATE DATABASE {name}")
    engine = create_engine(_address(name), poolclass=NullPool)
    fill(engine)
    engine.dispose()
    return name


def _address(name: str) -> str:
    return postgres.server().replace("/postgres?", f"/{name}?")


@lru_cache(maxsize=1)
def _maintenance() -> Engine:
    return create_engine(postgres.server(), isolation_level="AUTOCOMMIT", poolclass=NullPool)


def _maintain(statement: str) -> None:
    until(lambda: _done(statement), every=0.2)


def _done(statement: str) -> bool:
    """False where a connection that was closed or ended a moment ago still counts as somebody's: the server waits five
    seconds for it, which a busy machine may not keep."""
    try:
        with _maintenance().connect() as connection:
            connection.exec_driver_sql(statement)
    except OperationalError as fault:
        if isinstance(fault.orig, ObjectInUse):
            return False
        raise
    return True


_COPIES = {SQLITE: _sqlite, POSTGRESQL: _postgresql}
