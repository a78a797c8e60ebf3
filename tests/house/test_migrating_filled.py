"""A database in which people have worked is migrated: every row stays, and what was in force still is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.types import JSON, Boolean, Date, DateTime, Integer

from models import migrations
from tests.support import databases
from workflow.procedures import number_in_force

FIRST = "f80c1bf250c2"
MAY, JUNE, JULY = (datetime(2026, month, 1, tzinfo=UTC) for month in (5, 6, 7))
CHANGED_ON_PURPOSE = {"procedure_version": {"state", "in_force_from"}, "clock": {"steps"}}


def at_the_first_step(engine: Engine) -> None:
    """A database of the first step with people, one case, its clock and history, and versions of three procedures."""
    migrations.upgrade(engine, FIRST)
    with engine.begin() as connection:
        put(connection, "department", id=1, name="客服中心", path="/1/")
        put(connection, "staff", id=1, name="陈立", department_id=1, username="chenli")
        put(connection, "staff", id=2, name="周敏", department_id=1)
        connection.execute(text("UPDATE department SET head_id = 1"))
        put(connection, "role", id=1, name="督办")
        put(connection, "membership", id=1, staff_id=1, role_id=1, department_id=1)
        put(connection, "calendar_day", id=1, day=date(2026, 5, 4), is_workday=False)
        put(connection, "complainant", id=1, name="王女士")
        put(connection, "complaint", id=1, case_no="TS-1", procedure_code="P02", procedure_version=1, complainant_id=1)
        put(connection, "assignment", id=1, complaint_id=1, department_id=1)
        put(connection, "clock", id=1, complaint_id=1, name="反馈", wake_at=JUNE, steps='["一"]', limit_spec='{"a": 1}')
        put(connection, "clock_entry", id=1, clock_id=1, kind="start")
        put(connection, "extension_request", id=1, clock_id=1, complaint_id=1, asked_by_id=2)
        put(connection, "event", id=1, complaint_id=1, seq=1, actor_id=1, verb="register", text="登记", hash="a" * 64)
        put(connection, "notice", id=1, complaint_id=1, to_staff_id=2, text="请办理", key="n1")
        for row in VERSIONS:
            put(connection, "procedure_version", author_id=1, text="[procedure]", **row)


VERSIONS: list[dict[str, Any]] = [
    {"code": "P02", "number": 1, "state": "有效", "in_force_from": MAY},
    {"code": "P02", "number": 2, "state": "有效", "in_force_from": JUNE, "reviewer_id": 2},
    {"code": "P02", "number": 3, "state": "草稿"},
    {"code": "P03", "number": 1, "state": "有效", "in_force_from": MAY},
    {"code": "P03", "number": 2, "state": "停用", "in_force_from": JUNE},
    {"code": "P04", "number": 1, "state": "停用", "in_force_from": MAY},
    {"code": "P05", "number": 1, "state": "有效", "in_force_from": JUNE},
    {"code": "P05", "number": 2, "state": "有效", "in_force_from": MAY},
]
"""An ordinary course, one taken back to its first version, one stopped, and one whose dates run against its numbers."""


def put(connection: Connection, table: str, **given: Any) -> None:
    """One row; a column that must have a value and was given none gets one of its type."""
    have = inspect(connection).get_columns(table)
    row = {c["name"]: plain(c["type"]) for c in have if not c["nullable"] and c["name"] != "id"} | given
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
    values = {name: bare(connection, value) for name, value in row.items()}
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)


def plain(kind: Any) -> Any:
    known = ((Boolean, False), (Integer, 1), (DateTime, MAY), (Date, MAY.date()), (JSON, "[]"))
    return next((value for type_, value in known if isinstance(kind, type_)), "无")


def bare(connection: Connection, value: Any) -> Any:
    """As the driver of that database takes it."""
    if connection.dialect.name == "sqlite" and isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if connection.dialect.name == "sqlite" and isinstance(value, date) else value


def rows(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Everything that the database holds, table for table."""
    with engine.connect() as connection:
        tables = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        found = {table: connection.execute(text(f"SELECT * FROM {table}")).mappings().all() for table in tables}
    return {
        table: sorted((dict(row) for row in known), key=lambda row: row.get("id", 0)) for table, known in found.items()
    }


@pytest.fixture
def filled(database) -> Iterator[databases.Database]:
    with databases.fresh(database.name, at_the_first_step) as own:
        yield own


def test_no_row_and_no_value_is_lost(filled):
    before = rows(filled.engine)
    migrations.upgrade(filled.engine)
    after = rows(filled.engine)
    assert sum(map(len, before.values())) > 20
    for table, known in before.items():
        free = CHANGED_ON_PURPOSE.get(table, set())
        kept = [{name: row.get(name) for name in known[0] if name not in free} for row in after[table]]
        assert kept == [{name: value for name, value in row.items() if name not in free} for row in known], table


def test_a_new_column_of_an_old_row_has_a_value(filled):
    migrations.upgrade(filled.engine)
    after = rows(filled.engine)
    assert after["calendar_day"][0]["intervals"] in ([], "[]")
    assert after["clock"][0]["calendar_version"] == after["calendar_version"][0]["id"]
    assert "2026-05-04" in str(after["calendar_version"][0]["days"])
    assert after["clock"][0]["assignment_id"] is None
    assert after["extension_request"][0]["level"] == ""
    assert not after["notice"][0]["digest"]
    assert [bool(row["digest"]) for row in after["staff"]] == [False, False]


def test_what_was_in_force_still_is(filled):
    migrations.upgrade(filled.engine)
    with Session(filled.engine) as session:
        known = {code: number_in_force(session, code, JULY) for code in ("P02", "P03", "P04", "P05")}
        then = number_in_force(session, "P02", MAY)
    assert known == {"P02": 2, "P03": 1, "P04": None, "P05": 2}
    assert then == 1


def test_an_agreed_request_says_who_asked_and_who_agreed(filled):
    migrations.upgrade(filled.engine)
    asked = [row for row in rows(filled.engine)["procedure_activation"] if (row["code"], row["number"]) == ("P02", 2)]
    assert [(row["asked_by_id"], row["decided_by_id"], row["decision"]) for row in asked] == [(1, 2, "同意")]


def test_a_version_is_approved_or_a_draft(filled):
    migrations.upgrade(filled.engine)
    assert {row["state"] for row in rows(filled.engine)["procedure_version"]} == {"有效", "草稿"}


def test_keys_between_tables_hold_again_afterwards(filled):
    migrations.upgrade(filled.engine)
    with pytest.raises(DatabaseError), filled.engine.begin() as connection:
        connection.execute(text("UPDATE clock SET complaint_id = 99"))


@pytest.mark.parametrize("table", ["event", "clock_entry"])
def test_history_is_still_append_only(filled, table):
    migrations.upgrade(filled.engine)
    with pytest.raises(DatabaseError, match="append-only"), filled.engine.begin() as connection:
        connection.execute(text(f"DELETE FROM {table}"))


def test_a_step_that_fails_changes_nothing(filled):
    before = rows(filled.engine)
    with pytest.raises(ZeroDivisionError), migrations.stepping(filled.engine) as connection:
        connection.execute(text("DELETE FROM notice"))
        raise ZeroDivisionError
    assert rows(filled.engine) == before


def test_rows_that_would_point_at_nothing_stop_the_migration(filled):
    with pytest.raises((RuntimeError, DatabaseError)), migrations.stepping(filled.engine) as connection:
        connection.execute(text("DELETE FROM department"))
    assert len(rows(filled.engine)["department"]) == 1
