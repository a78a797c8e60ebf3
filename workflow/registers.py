"""Registers that the procedure defines: a row a case, a column a fact, read for all cases of the period at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models import Complaint, FeeLine
from models.queries.conditions import where
from models.queries.fact_columns import columns
from rules.facts import CORE
from rules.procedure import Procedure, compiled
from rules.report_rows import NUMBERED, ReportRow
from rules.table import Row
from workflow import access
from workflow.act import minute

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


def fees_of(
    session: Session, row: ReportRow, start: datetime, end: datetime, actor: Actor
) -> list[tuple[int, tuple[str, ...]]]:
    """The fees charged in the period, each with its case: of the cases that the person may see, and those that his own
    department has charged."""
    seen = or_(access.scope(actor), FeeLine.department_id.in_(actor.branch_ids))
    query = select(FeeLine).join(Complaint, Complaint.id == FeeLine.complaint_id)
    query = query.where(FeeLine.charged_at >= start, FeeLine.charged_at < end, seen).order_by(FeeLine.id)
    found = []
    for number, line in enumerate(session.scalars(query), 1):
        known = {
            NUMBERED: str(number),
            "order_no": line.work_order.order_no,
            "case_no": line.complaint.case_no,
            "customer": line.customer,
            "amount": f"{line.amount:.2f}",
            "way": line.way,
            "charged_at": text_of(line.charged_at),
        }
        found.append((line.complaint_id, tuple(known[column.source] for column in row.columns)))
    return found


def cross_of(
    session: Session, procedure: Procedure, row: ReportRow, start: datetime, end: datetime, actor: Actor
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The columns and rows of a cross table: how many cases there are of each pair, with sums at the end of both."""
    known = columns(procedure)
    down, across = (known[name] for name in row.cross)
    query = (
        select(down.value.label("down"), across.value.label("across"), func.count())
        .where(
            Complaint.procedure_code == procedure.code,
            Complaint.accepted_at >= start,
            Complaint.accepted_at < end,
            Complaint.state != VOID,
            access.scope(actor),
        )
        .group_by("down", "across")
    )
    if row.when:
        query = query.where(where(Row(row.kind, compiled(row.when, procedure.facts), None), known))
    cells: Counter[tuple[str, str]] = Counter()
    for one, other, number in session.execute(query):
        cells[text_of(one) or "—", text_of(other) or "—"] += number
    order = [*(grade for grade in procedure.grades if row.cross[1] == "grade"), *sorted({key[1] for key in cells})]
    heads = tuple(dict.fromkeys(order))
    rows = [
        (name, *(str(cells[name, head]) for head in heads), str(sum(cells[name, head] for head in heads)))
        for name in sorted({key[0] for key in cells})
    ]
    sums = ("合计", *(str(sum(n for key, n in cells.items() if key[1] == head)) for head in heads), str(cells.total()))
    facts = {**CORE, **procedure.facts}
    return (facts[row.cross[0]].label, *heads, "合计"), (*rows, sums)


def text_of(value: Any) -> str:
    """A fact as a cell of a table shows it."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime():
            return minute(value)
        case date():
            return value.isoformat()
        case list() | tuple():
            return "、".join(map(str, value))
        case _:
            return str(value)
