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
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import Complainant, db
from views import language
from views.base import begin_writing, me, unit_of_work
from views.formats import local, plain
from workflow import history
from workflow.masking import masked_name, masked_phone

if TYPE_CHECKING:
    from views.listing import Listing
    from views.records import RecordView

MOST_ROWS = 100_000
BATCH = 500
FORMULA = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(view: RecordView, listing: Listing, kind: str) -> Response:
    """The file of a list, and a line in the history that says who took what."""
    record_export(view, listing)
    name = f"{language.door(view.name)}-{local(g.now):%Y%m%d-%H%M}.{kind}"
    rows = _rows(view, listing.query().limit(MOST_ROWS))
    if kind == "csv":
        return download(stream_with_context(csv_lines(rows)), name, "text/csv; charset=utf-8")
    return download(workbook(rows, str(language.door(view.name))), name, XLSX)


def record_export(view: RecordView, listing: Listing) -> None:
    """Keep in the history who exported what: an export is an act (it is committed before the first byte leaves)."""
    words = ";".join(f"{word.label} {_impersonal(word.value)}" for word in listing.words) or "全部"
    text = f"导出 {view.name}:{words};约 {listing.count} 行"
    begin_writing()
    unit_of_work(lambda: history.record(db.session(), None, verb="export", text=text, actor=me(), now=g.now))


def _impersonal(text: str) -> str:
    """What was searched for, without the number or the name of somebody: the history is read by others."""
    if sum(letter.isdigit() for letter in text) > 6:
        return masked_phone(text)
    known = db.session.scalar(select(Complainant.id).where(Complainant.name == text).limit(1))
    return text if known is None else masked_name(text)


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


def _rows(view: RecordView, question: Select[Any]) -> Iterator[list[Any]]:
    """The heading, then each row; read in batches, in a session of its own that lasts as long as the file."""
    columns = view.exported()
    yield [_(label) for _name, label in columns]
    with Session(db.engine) as own:
        for row in own.scalars(question.execution_options(yield_per=BATCH)):
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
