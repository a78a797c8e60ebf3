"""Registers that the procedure defines: a row a case, a column a fact, read for all cases of the period at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Complaint
from models.queries.conditions import where
from models.queries.fact_columns import columns
from rules.procedure import Procedure, compiled
from rules.report_rows import NUMBERED, ReportRow
from rules.table import Row
from workflow import access
from workflow.arguments import SHANGHAI

if TYPE_CHECKING:
    from workflow.access import Actor

PERSONAL = ("name", "phone", "address")
VOID = "已作废"


def headings(row: ReportRow) -> tuple[str, ...]:
    """The columns as they stand over the register."""
    return tuple(column.label for column in row.columns)


def personal(row: ReportRow) -> Mapping[str, str]:
    """Columns that hold contact data, with what kind of it."""
    return {column.label: column.source for column in row.columns if column.source in PERSONAL}


def rows_of(
    session: Session, procedure: Procedure, row: ReportRow, start: datetime, end: datetime, actor: Actor
) -> list[tuple[int, tuple[str, ...]]]:
    """The id of each case of this procedure accepted in the period that the person may see, with its line."""
    known = columns(procedure)
    sources = [column.source for column in row.columns if column.source != NUMBERED]
    query = (
        select(Complaint.id, *(known[source].value for source in sources))
        .where(
            Complaint.procedure_code == procedure.code,
            Complaint.accepted_at >= start,
            Complaint.accepted_at < end,
            Complaint.state != VOID,
            access.scope(actor),
        )
        .order_by(Complaint.accepted_at, Complaint.id)
    )
    if row.when:
        query = query.where(where(Row(row.kind, compiled(row.when, procedure.facts), None), known))
    found = []
    for number, (key, *values) in enumerate(session.execute(query), 1):
        texts = dict(zip(sources, map(text_of, values), strict=True))
        found.append((key, tuple(texts.get(column.source, str(number)) for column in row.columns)))
    return found


def text_of(value: Any) -> str:
    """A fact as a cell of a table shows it."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime():
            return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case list() | tuple():
            return "、".join(map(str, value))
        case _:
            return str(value)
