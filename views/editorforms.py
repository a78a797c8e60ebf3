"""What the editor's forms show and say: the form of a cell, of a row, of a step."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from flask import abort, request
from flask_babel import gettext as _

from views import cells, sheetedits
from views.cells import CellFault
from views.language import sentence
from views.sheets import Column, Kind, Sheet, value_at
from workflow.errors import Refused

DEEDS = ("duplicate", "delete", "up", "down", "move")


def typed(column: Column) -> Any:
    """What the form says: picked from what is offered, or typed and pasted as one text."""
    if "typed" in request.form:
        return cells.typed(column, request.form["typed"][:20_000])
    return cells.picked(column, request.form)


def row_columns(sheet: Sheet, key: str) -> list[Column]:
    """The columns of a row's form."""
    found = [sheet.column(column.cell, key) or column for column in sheet.columns]
    return [column for column in found if not sheet.fixed or column.cell == "value"]


def typed_row(sheet: Sheet, key: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Cell to value for a whole row, and cell to what is wrong."""
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    line = sheet.line(key)
    for number, column in enumerate(row_columns(sheet, key)):
        if sheetedits.nested(column.kind):
            continue
        try:
            value = cells.picked(column, request.form, f"c{number}-")
            values[column.cell] = in_order(value, value_at(line.values, column.cell) if line else None)
        except CellFault as fault:
            wrong[column.cell] = words_of(fault)
        else:
            if column.must and values[column.cell] in (None, "") and column.cell not in NAMED:
                wrong[column.cell] = str(_("这一格要填"))
    return values, wrong


NAMED = ("id", "stage")
"""Cells that get a value by themselves when none is typed."""


def in_order(new: Any, old: Any) -> Any:
    """A list whose old values stand as they stood; a form sends them in the order in which it offers them."""
    if not isinstance(new, list) or not isinstance(old, list | tuple) or new == list(old):
        return new
    kept = [item for item in old if item in new]
    return [*kept, *(item for item in new if item not in kept)]


def named(sheet: Sheet, row: Any) -> Any:
    """A new rule without a name gets the next free one of its stage."""
    if sheet.stage and not row.get("id"):
        return {**row, "id": sheetedits.free_name(sheet.stage, {line.key for line in sheet.lines})}
    return row


def deed_asked() -> tuple[str, str]:
    """What is to be done to which row: two fields, or one button that says both."""
    if "deed" in request.form:
        return request.form["deed"], request.form.get("row", "")
    for what in DEEDS:
        if what in request.form:
            return what, request.form[what]
    return "", ""


def change_of(sheet: Sheet, what: str, key: str) -> dict[str, Any] | None:
    """The edit that a deed means; none when the row stands at the end already."""
    if what == "delete":
        return sheetedits.remove(sheet, key)
    if what == "duplicate":
        return sheetedits.add(sheet, sheetedits.duplicate(sheet, key), sheetedits.below(sheet, key))
    if what in ("up", "down"):
        before = sheetedits.step(sheet, key, down=what == "down")
        return None if before is None else sheetedits.move(sheet, key, before)
    if what == "move":
        before = request.form.get("before", "")
        return None if before == key else sheetedits.move(sheet, key, before)
    return abort(400)


def form_of(column: Column, raw: Any, prefix: str, *, again: bool = False) -> dict[str, Any]:
    """A cell's form: what it offers and what is chosen; what was typed stays when it comes back."""
    shown = cells.picks(column, raw)
    if again:
        given = request.form
        text = given.get("typed", given.get(f"{prefix}text", ""))
        op = "text" if "typed" in given else given.get(f"{prefix}op", "")
        values = tuple(given.getlist(f"{prefix}value"))
        shown = cells.Picks(op, values, given.get(f"{prefix}low", ""), given.get(f"{prefix}high", ""), text)
    if column.kind is Kind.CHOICE:
        column = replace(column, choices=(*column.choices, *(one for one in shown.values if one not in column.choices)))
    return {
        "column": column,
        "picks": shown,
        "prefix": prefix,
        "ways": cells.ways(column),
        "term": partial(cells.term_in, column),
    }


def finding_cell(sheet: Sheet, field: str) -> str:
    """The cell beside which a refusal is shown: the column of that name, else the first."""
    names = [column.cell for column in sheet.columns]
    return next((name for name in names if field and (name == field or name.startswith(f"{field}."))), "")


def words_of(fault: Exception) -> str:
    """What is wrong and what would be right."""
    if isinstance(fault, CellFault):
        return str(_("%(wrong)s（应为：%(right)s）", wrong=fault.wrong, right=fault.right))
    return sentence(fault) if isinstance(fault, Refused) else str(fault)
