"""What somebody does to a sheet, as the arguments of the one verb that edits a draft.

A list within a cell, and an outcome of several parts, are edited as the whole cell that they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from rules import editing
from rules.outcomes import SHAPES
from views.sheets import RECORDS, Kind, Raw, Sheet, value_at

Edit = dict[str, Any]


def change(sheet: Sheet, key: str, cell: str, value: Any) -> Edit:
    """One cell gets another value; None clears it."""
    if sheet.inside:
        return _inner(sheet, lambda rows: _put_inner(sheet, rows, key, cell, value))
    if sheet.section in RECORDS:
        row, name = ("", key) if sheet.section == editing.ONE_TABLE else (key, "")
        return _edit(sheet.section, row, editing.CHANGE, cell=name, value=value)
    if sheet.fixed:
        return _edit(sheet.section, key, editing.CHANGE, cell="", value=value)
    if cell.startswith("then."):
        line = sheet.line(key)
        then = composed(sheet.stage, line.values.get("then") if line else None, cell[5:], value)
        return _edit(sheet.section, key, editing.CHANGE, cell="then", value=then)
    return _edit(sheet.section, key, editing.CHANGE, cell=cell, value=value)


def add(sheet: Sheet, row: Raw, before: str = "") -> Edit:
    """A new row, above the one named or at the end."""
    if sheet.inside:
        return _inner(sheet, lambda rows: _add_inner(rows, row, before))
    whole = {**row, "stage": sheet.stage} if sheet.stage else dict(row)
    key = editing.key_of(sheet.section, whole)
    return _edit(sheet.section, key, editing.ADD, row=whole, before=before)


def remove(sheet: Sheet, key: str) -> Edit:
    """A row less."""
    if sheet.inside:
        return _inner(sheet, lambda rows: _without(rows, key))
    return _edit(sheet.section, key, editing.REMOVE)


def move(sheet: Sheet, key: str, before: str) -> Edit:
    """A row above another one, or to the end."""
    if sheet.inside:
        return _inner(sheet, lambda rows: _moved(rows, key, before))
    return _edit(sheet.section, key, editing.MOVE, before=before)


def step(sheet: Sheet, key: str, down: bool) -> str | None:
    """Above which row a row stands after one step up or down; None when it cannot go further."""
    keys = [line.key for line in sheet.lines]
    at = keys.index(key)
    if not 0 <= at + (1 if down else -1) < len(keys):
        return None
    after = at + 2 if down else at - 1
    return keys[after] if after < len(keys) else ""


def below(sheet: Sheet, key: str) -> str:
    """The row under a row; nothing under the last."""
    keys = [line.key for line in sheet.lines]
    return "".join(keys[keys.index(key) + 1 :][:1])


def duplicate(sheet: Sheet, key: str) -> Raw:
    """A copy of a row under a name that is free."""
    line = sheet.line(key)
    row = deepcopy(dict(line.values)) if line else {}
    named = editing.sections()[sheet.section] if not sheet.inside else ("key",) if "key" in row else ()
    if named:
        column = named[-1] if row.get(named[-1]) else named[0]
        row[column] = free_name(str(row.get(column, "")), {str(value_at(one.values, column)) for one in sheet.lines})
    return row


def free_name(wanted: str, taken: set[str]) -> str:
    """The name with the next number that is not taken."""
    start, _dash, number = wanted.rpartition("-")
    base = start if start and number.isdigit() else wanted
    return next(name for n in range(2, len(taken) + 3) if (name := f"{base}-{n}") not in taken)


def row_of(sheet: Sheet, values: Mapping[str, Any]) -> Raw:
    """A whole row from the values of its cells."""
    row: dict[str, Any] = {}
    for cell, value in values.items():
        if value is None:
            continue
        if cell.startswith("then."):
            row["then"] = composed(sheet.stage, row.get("then"), cell[5:], value)
        elif "." in cell:
            name, _dot, rest = cell.partition(".")
            row[name] = {**row.get(name, {}), rest: value}
        else:
            row[cell] = value
    return row


def composed(stage: str, then: Any, part: str, value: Any) -> Any:
    """The outcome with one part changed; a plain text when that is all there is to say. None when nothing is left."""
    shape = SHAPES.get(stage)
    named = dict(then) if isinstance(then, Mapping) else {}
    if shape and shape.text and isinstance(then, str):
        named = {shape.text: then}
    if value is None or (value is False and not (shape and shape.open)):
        named.pop(part, None)
    else:
        named[part] = value
    if not named:
        return None
    if shape and shape.text and set(named) == {shape.text}:
        return named[shape.text]
    return named


def _edit(section: str, row_key: str, kind: str, **value: Any) -> Edit:
    return {"section": section, "row": row_key, "kind": kind, "value": value}


# ---------------------------------------------------------------------------------------------------------------------
# the list in a cell


def _inner(sheet: Sheet, work: Any) -> Edit:
    """The whole list after the work, put where the list stands."""
    row, cell = sheet.inside
    if sheet.columns[0].cell == "key" and not sheet.ordered:
        kept = {line.key: deepcopy(line.values["value"]) for line in sheet.lines}
        value = work(list(kept.items())) if kept is not None else {}
        whole: Any = dict(value)
    else:
        whole = work([deepcopy(dict(line.values)) for line in sheet.lines])
    if sheet.section in RECORDS:
        at, name = ("", cell) if sheet.section == editing.ONE_TABLE else (cell, "")
        return _edit(sheet.section, at, editing.CHANGE, cell=name, value=whole or None)
    return _edit(sheet.section, row, editing.CHANGE, cell=cell, value=whole or None)


def _index(rows: list[Any], key: str) -> int:
    named = rows and isinstance(rows[0], tuple)
    return [name for name, _value in rows].index(key) if named else int(key) - 1


def _put_inner(sheet: Sheet, rows: list[Any], key: str, cell: str, value: Any) -> list[Any]:
    at = _index(rows, key)
    if isinstance(rows[at], tuple):
        rows[at] = (value, rows[at][1]) if cell == "key" else (rows[at][0], value)
        return [pair for pair in rows if pair[0] and pair[1] is not None]
    name, _dot, rest = cell.partition(".")
    if rest:
        value = {**(rows[at].get(name) or {}), rest: value}
        value = {part: item for part, item in value.items() if item is not None} or None
    rows[at] = {**rows[at], name: value}
    rows[at] = {part: item for part, item in rows[at].items() if item is not None}
    return rows


def _add_inner(rows: list[Any], row: Raw, before: str) -> list[Any]:
    at = _index(rows, before) if before else len(rows)
    new = (row.get("key"), row.get("value")) if set(row) <= {"key", "value"} and "value" in row else dict(row)
    return [*rows[:at], new, *rows[at:]]


def _without(rows: list[Any], key: str) -> list[Any]:
    at = _index(rows, key)
    return [*rows[:at], *rows[at + 1 :]]


def _moved(rows: list[Any], key: str, before: str) -> list[Any]:
    row = rows[_index(rows, key)]
    target = rows[_index(rows, before)] if before else None
    others = [other for other in rows if other is not row]
    at = next((n for n, other in enumerate(others) if other is target), len(others))
    return [*others[:at], row, *others[at:]]


def nested(kind: Kind) -> bool:
    """Whether a cell is a sheet of its own."""
    return kind in (Kind.ROWS, Kind.NAMES)
