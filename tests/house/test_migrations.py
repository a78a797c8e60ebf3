"""A database that was migrated step by step is the one that the models describe, on both databases."""

import re

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from models import migrations
from tests.support import databases

SQLITE = """
SELECT type, name, tbl_name, sql FROM sqlite_master
WHERE name NOT LIKE 'sqlite_%' AND name <> 'alembic_version' AND tbl_name <> 'alembic_version'
"""
POSTGRESQL = """
SELECT 'column', table_name || '.' || column_name,
       data_type || coalesce('(' || character_maximum_length || ')', '') || ' ' || is_nullable || ' '
       || coalesce(column_default, '') || is_identity
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
FROM pg_trigger WHERE NOT tgisinternal
"""


def shape(engine: Engine) -> dict[str, object]:
    """Everything that the database was told to hold, in an order that does not depend on how it was told."""
    with engine.connect() as connection:
        rows = connection.execute(text(SQLITE if engine.dialect.name == "sqlite" else POSTGRESQL)).all()
    if engine.dialect.name == "sqlite":
        return {f"{kind} {name}": _parts(sql) if kind == "table" else _plain(sql) for kind, name, _table, sql in rows}
    return {f"{kind} {name}": said for kind, name, said in rows if "alembic_version" not in name}


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql.replace('"', ""))


def _parts(sql: str) -> list[str]:
    """The columns and constraints of a table, each as one line, sorted."""
    inside = _plain(sql).partition("(")[2]
    return sorted(part.strip(" )") for part in re.split(r", (?=[a-z_]+ |CONSTRAINT )", inside))


@pytest.mark.parametrize("kind", databases.BOTH)
def test_models_equal_migrations(kind):
    with (
        databases.fresh(kind, migrations.upgrade) as migrated,
        databases.fresh(kind, databases.tables) as described,
    ):
        have, want = shape(migrated.engine), shape(described.engine)
    assert len(want) > 100
    differences = [f"{name}: {have.get(name)} / {said}" for name, said in want.items() if have.get(name) != said]
    differences += [f"{name} is in no model" for name in have.keys() - want.keys()]
    assert not differences, 'the models changed; way out: make migration M="…"'


def test_there_is_one_newest_step():
    assert len(migrations.heads()) == 1


def test_every_step_is_named_by_when_and_what():
    steps = ScriptDirectory.from_config(migrations.settings()).walk_revisions()
    names = [step.path.rpartition("/")[2] for step in steps]
    assert names
    assert [name for name in names if not re.fullmatch(r"20\d{6}_\d{4}_[a-z0-9_]+\.py", name)] == []


def test_a_second_migration_does_nothing(database):
    with databases.fresh(database.name, _nothing) as empty:
        assert migrations.current(empty.engine) is None
        assert len(migrations.upgrade(empty.engine)) >= 1
        assert migrations.upgrade(empty.engine) == []
        assert [migrations.current(empty.engine)] == migrations.heads()


def _nothing(_engine: Engine) -> None:
    """An empty database."""
