"""The steps by which a database came to its present shape, and how to take them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

HERE = Path(__file__).parent
SETTING_UP = 0x6475_6261_6E
"""The number of the lock under which a database is migrated and gets what a new installation needs."""


def settings() -> Config:
    """Alembic's settings without a file; the connection is handed over by whoever migrates."""
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    return config


def heads() -> list[str]:
    """The newest steps; more than one means that two lines of development were not joined."""
    return list(ScriptDirectory.from_config(settings()).get_heads())


def current(engine: Engine) -> str | None:
    """The step that this database has reached; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, to: str = "heads") -> list[str]:
    """Bring the database to that step, else the newest; returns the steps taken, oldest first."""
    before, scripts = current(engine), ScriptDirectory.from_config(settings())
    steps = [script.revision for script in scripts.iterate_revisions(to, before or "base")]
    if steps:
        config = settings()
        with stepping(engine) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, to)
    return steps[::-1]


def alone(connection: Connection) -> None:
    """Wait until no other process is setting this database up, and keep others waiting until the transaction ends.

    SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({SETTING_UP})")


@contextmanager
def stepping(engine: Engine) -> Iterator[Connection]:
    """One transaction for all steps; on SQLite the keys between tables rest meanwhile, and are proven before its end.

    SQLite changes a table by making it anew, and to drop the old one would delete with it whatever points at its rows.
    """
    with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
        raw = connection.connection.driver_connection
        if engine.dialect.name != "sqlite" or raw is None:
            with connection.begin():
                alone(connection)
                yield connection
            return
        # has no effect within a transaction, so it is said before
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if loose := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                    raise RuntimeError(f"{len(loose)} rows point at nothing after the migration, the first: {loose[0]}")
        finally:
            raw.execute("PRAGMA foreign_keys=ON")
