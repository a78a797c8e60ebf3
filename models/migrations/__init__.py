"""The steps by which a database came to its present shape, and how to take them."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

HERE = Path(__file__).parent


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
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, to)
    return steps[::-1]
