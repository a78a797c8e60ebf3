"""A list as a file: CSV and XLSX, the columns that are shown, contact data masked, formulas dead."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import xlsxwriter
from flask import Response, g, stream_with_context
from flask_babel import gettext as _

from models import db
from views.formats import local, plain

if TYPE_CHECKING:
    from views.base import RecordView
    from views.listing import Listing

MOST_ROWS = 100_000
BATCH = 500
FORMULA = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(view: RecordView, listing: Listing, kind: str) -> Response:
    """The file of a list, and a line in the history that says who took what."""
    from views.base import record_export

    record_export(view, listing)
    name = f"{_(view.name)}-{local(g.now):%Y%m%d-%H%M}.{kind}"
    rows = _rows(view, listing)
    if kind == "csv":
        return download(stream_with_context(csv_lines(rows)), name, "text/csv; charset=utf-8")
    return download(workbook(rows, str(_(view.name))), name, XLSX)


def download(content: Any, name: str, media_type: str) -> Response:
    """An answer that a browser saves under its own name, Chinese or not."""
    plain_name = name.encode("ascii", "ignore").decode().strip("-") or "file"
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{quote(name)}"
    return response


def safe(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = plain(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _rows(view: RecordView, listing: Listing) -> Iterator[list[Any]]:
    """The heading, then each row; read in batches so that a long list does not fill the memory."""
    columns = view.exported()
    yield [_(label) for _name, label in columns]
    question = listing.query().limit(MOST_ROWS).execution_options(yield_per=BATCH)
    for row in db.session.scalars(question):
        yield [view.export_value(row, name) for name, _label in columns]


def csv_lines(rows: Iterator[list[Any]]) -> Iterator[str]:
    """CSV with the mark that tells Excel it is UTF-8."""
    yield "\ufeff"
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([safe(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def workbook(rows: Iterator[list[Any]], title: str) -> bytes:
    """An XLSX file; numbers and instants stay numbers and instants, text is never a formula or a link."""
    target = io.BytesIO()
    options = {"constant_memory": True, "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(title[:31] or "1")
        head = book.add_format({"bold": True, "bottom": 1})
        instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                _write(sheet, number, column, value, head if number == 0 else None, instant)
        sheet.freeze_panes(1, 0)
    return target.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any, look: Any, instant: Any) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, local(value).replace(tzinfo=None), instant)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, plain(value), look)
