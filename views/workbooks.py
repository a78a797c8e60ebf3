"""Reports as files: XLSX with a sheet for each table, CSV for one. Text is never a formula or a link."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
SAFE = {"constant_memory": True, "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
NARROW, WIDE = 6, 48


@dataclass(frozen=True)
class Table:
    """A sheet of a workbook: its name, its heading, its rows, and which columns hold numbers."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[str] = frozenset()


def workbook(tables: Iterable[Table]) -> bytes:
    """The XLSX file: headings stay in sight, columns as wide as what they hold, long texts wrapped."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, SAFE) as book:
        looks = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        for table in tables:
            _write(book.add_worksheet(NO_SHEET_NAME.sub(" ", table.name)[:31]), table, looks)
    return target.getvalue()


def _write(sheet: Any, table: Table, looks: dict[str, Any]) -> None:
    for place, width in enumerate(widths(table)):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for place, name in enumerate(table.columns):
        sheet.write_string(0, place, name, looks["head"])
    for number, row in enumerate(table.rows, 1):
        for place, (name, value) in enumerate(zip(table.columns, row, strict=True)):
            if name in table.numbers and value.isascii() and value.isdigit() and len(value) < 16:
                sheet.write_number(number, place, int(value))
            else:
                sheet.write_string(number, place, value[:32_767], looks["text"])
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def widths(table: Table) -> list[float]:
    """The width of each column in characters, from its heading and its first rows."""
    return [
        min(WIDE, max(NARROW, *(_width(text) for text in (name, *(row[place] for row in table.rows[:200])))))
        for place, name in enumerate(table.columns)
    ]


def _width(text: str) -> float:
    line = max(text[:400].split("\n"), key=len)
    return sum(1.1 if letter.isascii() else 2.1 for letter in line[:60]) + 2
