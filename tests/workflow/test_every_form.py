"""Every form of every shipped procedure: each field leads to something that a case or its paper really says."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Assignment,
    Attachment,
    Citation,
    Complainant,
    Complaint,
    Event,
    FormDocument,
    Proposal,
    SupervisionOrder,
    WorkOrder,
)
from rules.document import FormRow
from rules.procedure import Procedure, parse, shipped
from tests.support.cast import House, moment
from workflow.documents import TABLES
from workflow.onpaper import sheet_from
from workflow.recorded import RECORDS, SOURCES

NOW = moment("2026-05-13 15:10")
PROCEDURES = {code: parse(text) for code, text in sorted(shipped().items())}
FORMS = [
    pytest.param(procedure, form, id=f"{code}-{form.kind}")
    for code, procedure in PROCEDURES.items()
    for form in procedure.forms
]
EXAMPLES: dict[type, Any] = {bool: True, int: 7, Decimal: Decimal(80), datetime: NOW, date: NOW.date(), dict: ["甲"]}
SAID: dict[Any, dict[str, Any]] = {
    Event: {"verb": "record_acceptance", "outcome": "完成", "changes": {"级别": ["一般", "热点"]}}
}
"""A line of the history that is told on papers."""
KINDS = {"estate": "楼盘资料", "opinions": "专业意见"}
OWNERS = {table.__tablename__: table for table in (SupervisionOrder, Proposal, WorkOrder)}
GIVEN_BY_THE_LEDGER = {"sequence"}
NAMED = {
    "P00a": {"客户告知", "补偿单"},
    "P00b": {"维修单", "投诉处理单", "客户投诉登记表", "客户来电记录表", "管理费收费单", "外部协调单"},
    "P01": {"商机", "留档"},
    "P03": {"客户投诉处理档案表", "客户投诉书", "输出物", "工作联系单", "法律意见"},
}
LISTED = {
    "P00a": {"投诉记录"},
    "P00b": {"客户投诉登记表", "客户来电记录表", "管理费收费单", "外部协调"},
    "P01": {"留档记录", "商机清单", "体系检查表"},
    "P03": set(),
}


@pytest.mark.parametrize(("code", "papers"), NAMED.items())
def test_the_papers_that_a_procedure_names_are_forms_and_what_it_keeps_as_a_list_is_a_register(
    code: str, papers: set[str]
) -> None:
    procedure = PROCEDURES[code]
    assert papers <= {form.kind for form in procedure.forms}
    assert LISTED[code] <= {report.kind for report in procedure.reports}


def _full(session: Session, house: House, table: Any, **given: Any) -> Any:
    """A row of which every column says something but that it is over; one that is there already will do."""
    known = session.scalar(select(table).filter_by(**given)) if "complaint_id" in given else None
    if known is not None:
        return known
    row = table(**given)
    for column in table.__table__.columns:
        if column.primary_key or column.name == "until" or getattr(row, column.name, None) is not None:
            continue
        if column.foreign_keys:
            (key,) = column.foreign_keys
            example = {
                "staff": house.person("客服甲").id,
                "department": house.department("客户营业部").id,
                "complaint": given.get("complaint_id"),
            }
            value = example.get(key.column.table.name)
            if value is None and not column.nullable:
                value = _full(session, house, OWNERS[key.column.table.name], complaint_id=row.complaint_id).id
        else:
            kind = getattr(column.type, "impl_instance", column.type)
            value = EXAMPLES.get(kind.python_type, column.name[: getattr(kind, "length", None)])
        setattr(row, column.name, value)
    session.add(row)
    session.flush()
    return row


def _row(session: Session, house: House, procedure: Procedure, form: FormRow) -> Any:
    """A paper of this form on a case that knows everything."""
    version = {"procedure_code": procedure.head.code, "procedure_version": 1}
    fields = {item.key: "某值" for item in procedure.fields}
    complainant = _full(session, house, Complainant)
    case = _full(session, house, Complaint, complainant_id=complainant.id, fields=fields, flags=["超期"], **version)
    for source in (item.key.removeprefix(RECORDS) for item in form.fields if item.key.startswith(RECORDS)):
        for table, _line in SOURCES[source]:
            if table is Citation:  # beside the case's own files, which say enough
                continue
            kinds = {Attachment: KINDS.get(source, "现场照片"), Assignment: "协办"}
            kind: dict[str, Any] = {"kind": kinds[table]} if table in kinds else SAID.get(table, {})
            _full(session, house, table, complaint_id=case.id, **kind)
    if form.table == "complaint":
        return case
    if form.table in TABLES:
        return _full(session, house, TABLES[form.table], complaint_id=case.id)
    said = {item.key: "某值" for item in form.fields}
    return _full(session, house, FormDocument, complaint=case, fields=said, signatures=[], kind=form.kind)


@pytest.mark.parametrize(("procedure", "form"), FORMS)
def test_each_field_of_a_form_shows_what_the_case_or_the_paper_says(
    house: House, procedure: Procedure, form: FormRow
) -> None:
    sheet = sheet_from(form, _row(house.session, house, procedure, form), clear=True)
    assert sheet.title == (form.title or form.kind)
    assert [entry.label for entry in sheet.rows] == [item.label for item in form.fields if item.type != "signature"]
    assert {entry.key for entry in sheet.rows if not entry.value} <= GIVEN_BY_THE_LEDGER
    signed = {item.label for item in form.fields if item.type == "signature"}
    assert {line.label for line in sheet.signatures} == signed | {line.label for line in form.signatures}
