"""Reports that a procedure defines and whose rows are no cases: its documents, people by what they know, checklists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models import Complaint, FormDocument, Staff
from rules.report_rows import NUMBERED, ReportRow
from workflow import access
from workflow.act import Act, minute

Lines = list[tuple[str, ...]]


def papers(act: Act, row: ReportRow, start: datetime, end: datetime) -> tuple[tuple[str, ...], Lines, tuple[int, ...]]:
    """The documents of one kind that were written in the period, on cases that the person may see: heads, rows, keys of
    the cases."""
    query = (
        select(FormDocument, Complaint)
        .join(Complaint, Complaint.id == FormDocument.complaint_id)
        .where(
            FormDocument.kind == row.form,
            FormDocument.created_at >= start,
            FormDocument.created_at < end,
            Complaint.procedure_code == act.procedure.code,
            access.scope(act.actor),
        )
        .order_by(FormDocument.created_at, FormDocument.id)
    )
    lines, keys = [], []
    for number, (paper, case) in enumerate(act.session.execute(query).unique(), 1):
        keys.append(case.id)
        lines.append(tuple(_of_paper(column.source, number, paper, case) for column in row.columns))
    return tuple(column.label for column in row.columns), lines, tuple(keys)


def _of_paper(source: str, number: int, paper: FormDocument, case: Complaint) -> str:
    if source == NUMBERED:
        return str(number)
    known: Mapping[str, Callable[[], Any]] = {
        "case_no": lambda: case.case_no,
        "category": lambda: case.category,
        "written_at": lambda: minute(paper.created_at),
        "written_by": lambda: next((one.get("name", "") for one in paper.signatures), ""),
    }
    value = known[source]() if source in known else paper.fields.get(source)
    return "" if value is None else str(value)


def people(act: Act) -> tuple[tuple[str, ...], Lines]:
    """Who is at work and knows what, by what he knows: whom to ask about a kind of complaint."""
    query = select(Staff).where(Staff.active).order_by(Staff.id)
    found = [
        (str(skill), person.name, str(person.department or ""))
        for person in act.session.scalars(query)
        for skill in person.skills
    ]
    return ("专长", "姓名", "部门"), sorted(found, key=lambda line: line[0])


def checklist(row: ReportRow) -> tuple[tuple[str, ...], Lines]:
    """The points to be looked at, one a line, with room for what was found."""
    return ("序号", "检查项目", "检查情况"), [(str(number), item, "") for number, item in enumerate(row.items, 1)]
