"""文书: 书面认识, 调查报告 and whatever else the procedure asks somebody to write."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import selectinload

from models import Department, FormDocument, Staff
from views import formats, wordings
from views.base import me
from views.casefilters import distinct
from views.caserecords import PaperRecord
from views.filters import Days, Filter, Named, OneOf
from views.said import said
from workflow import access
from workflow.masking import concealed


def hidden(row: FormDocument, text: str) -> str:
    """The text with the complainant's own data masked."""
    return concealed(text, row.complaint.complainant) if row.complaint else text


class DocumentView(PaperRecord):
    """The documents of the cases that this person sees, and those that he wrote himself."""

    unseen_cases = True
    column_list = ("kind", "summary", "state", "author", "created_at", "no", "case")
    column_labels: ClassVar = {
        "kind": "种类",
        "summary": "内容",
        "state": "状态",
        "author": "填写人",
        "created_at": "填写时间",
        "no": "编号",
        "department": "部门",
    }
    optional = ("department",)
    column_formatters: ClassVar = {
        "summary": lambda _view, _context, row, _name: formats.line(
            hidden(row, ";".join(str(value) for value in row.fields.values() if value))
        ),
    }
    terms = ("kind", "state")
    wide = ("summary",)
    head_lines = ("summary",)
    lead = ("state",)
    order = (FormDocument.created_at.desc(),)
    searched = (FormDocument.kind, FormDocument.no)
    loads = (selectinload(FormDocument.complaint), selectinload(FormDocument.author))
    empty = ("还没有文书", "制度要求的书面认识、调查报告等，在投诉件上按“填写表单”，或者从“待办事项”里去写。")
    filters: tuple[Filter, ...] = (
        OneOf("kind", "种类", FormDocument.kind, options=wordings.offered("forms")),
        OneOf("state", "状态", FormDocument.state, options=distinct(FormDocument.state)),
        Named("author", "填写人", FormDocument.author_id, model=Staff),
        Named("department", "部门", FormDocument.department_id, model=Department, branch=True),
        Days("created", "填写时间", FormDocument.created_at),
    )
    offered = ("fill_document",)

    def scope(self) -> ColumnElement[bool]:
        actor = me()
        loose = and_(FormDocument.complaint_id.is_(None), FormDocument.department_id.in_(actor.branch_ids))
        return or_(FormDocument.complaint.has(access.scope(actor)), loose, FormDocument.author_id == actor.id)

    def handed(self, row: FormDocument, verb: str) -> dict[str, Any]:
        return {"kind": row.kind}

    def export_value(self, row: FormDocument, name: str) -> Any:
        if name == "summary":
            return hidden(row, ";".join(f"{key}:{value}" for key, value in row.fields.items() if value))
        return super().export_value(row, name)

    def kind_of(self, row: FormDocument) -> str:
        return row.kind

    def details_of(self, row: FormDocument) -> dict[str, Any]:
        return {**super().details_of(row), "shown_title": said(row.kind)}
