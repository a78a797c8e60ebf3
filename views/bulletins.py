"""通报 and 检查: what every department is told, and what was found on the spot."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Text, and_, cast, or_
from sqlalchemy.orm import selectinload

from models import Circular, Department, Inspection, Staff
from views import formats, permits
from views.base import EVERYBODY, me
from views.casefilters import distinct
from views.caserecords import CaseRecord, in_one_line, not_about_me
from views.filters import Days, Filter, Named, OneOf
from views.said import said
from workflow import access
from workflow.inspection import CIRCULARS


def addressed(names: list[str]) -> ColumnElement[bool]:
    """Sent to one of these departments, or to all. SQLite keeps the list's names escaped, PostgreSQL as they are."""
    text = cast(Circular.departments, Text)
    said = [word for name in names for word in (f'"{name}"', json.dumps(name))]
    return or_(text == "[]", *(text.contains(word, autoescape=True) for word in said))


class CircularView(CaseRecord):
    """Circulars to this person's departments; whoever sees everything sees all."""

    readers = EVERYBODY
    unseen_cases = True
    create_verb = "circulate"
    create_label = "通报"
    column_list = ("period", "kind", "content", "departments", "published_by", "published_at")
    optional = ("held_on", "case")
    column_labels: ClassVar = {
        "period": "月份",
        "kind": "种类",
        "content": "内容",
        "departments": "发往",
        "published_by": "发布人",
        "published_at": "发布时间",
        "held_on": "例会时间",
        "text": "内容",
        "praise": "通报表扬",
        "criticism": "通报批评",
        "department": "发布部门",
    }
    column_formatters: ClassVar = {
        "content": lambda _view, _context, row, _name: formats.line(" ".join((row.text, row.praise, row.criticism))),
        "departments": lambda _view, _context, row, _name: (
            _("、").join(map(said, row.departments)) or str(_("全部部门"))
        ),
        "text": in_one_line,
    }
    sections = (
        ("通报", ("kind", "period", "departments", "held_on", "department", "published_by", "published_at", "case")),
        ("内容", ("text", "praise", "criticism")),
    )
    column_export_list = (
        "period",
        "kind",
        "departments",
        "text",
        "praise",
        "criticism",
        "published_by",
        "published_at",
    )
    terms = ("kind",)
    wide = ("content", "text", "praise", "criticism")
    head_lines = ("content",)
    order = (Circular.published_at.desc(),)
    searched = (Circular.text, Circular.praise, Circular.criticism)
    loads = (selectinload(Circular.complaint), selectinload(Circular.published_by))
    empty = ("还没有通报", "部门例会通报、月度服务质量检查通报发布之后，收到的部门在这里看到。")
    filters: tuple[Filter, ...] = (
        OneOf("kind", "种类", Circular.kind, options=CIRCULARS),
        OneOf("period", "月份", Circular.period, options=distinct(Circular.period)),
        Named("by", "发布人", Circular.published_by_id, model=Staff),
        Days("published", "发布时间", Circular.published_at),
    )
    offered = ()

    @property
    def can_create(self) -> bool:  # type: ignore[override]
        """Whether the button stands above the list."""
        return permits.may("circulate")

    def scope(self) -> ColumnElement[bool]:
        actor = me()
        names = [
            *actor.departments(),
            *([actor.staff.department.name] if actor.staff and actor.staff.department else []),
        ]
        own = or_(Circular.published_by_id == actor.id, Circular.department_id.in_(actor.branch_ids), addressed(names))
        everything = Circular.id.is_not(None) if actor.sees_all else own
        about_case = or_(Circular.complaint_id.is_(None), Circular.complaint.has(access.scope(actor)), own)
        return and_(everything, about_case, not_about_me(Circular.complaint))

    def details_of(self, row: Circular) -> dict[str, Any]:
        return {**super().details_of(row), "shown_title": f"{said(row.kind)} {row.period}"}


class InspectionView(CaseRecord):
    """Inspections of this person's departments, and those that his department made."""

    through = None
    readers = EVERYBODY
    create_verb = "inspect"
    create_label = "登记检查"
    column_list = ("at", "department", "kind", "found", "standard", "inspector")
    column_labels: ClassVar = {
        "at": "检查时间",
        "department": "被检查部门",
        "kind": "种类",
        "found": "结果",
        "standard": "依据",
        "inspector": "检查人",
        "note": "说明",
    }
    column_formatters: ClassVar = {"found": lambda _view, _context, row, _name: found_words(row)}
    sections = (("检查", ("kind", "department", "at", "inspector", "standard", "note")),)
    terms = ("kind",)
    wide = ("note",)
    head_lines = ("found",)
    order = (Inspection.at.desc(),)
    searched = (Inspection.standard, Inspection.note)
    loads = (selectinload(Inspection.department), selectinload(Inspection.inspector))
    empty = ("还没有检查记录", "每月的服务质量检查和日常督查，查完按“登记检查”记下来。")
    filters: tuple[Filter, ...] = (
        OneOf("kind", "种类", Inspection.kind, options=distinct(Inspection.kind)),
        Named("department", "被检查部门", Inspection.department_id, model=Department, branch=True),
        Named("inspector", "检查人", Inspection.inspector_id, model=Staff),
        Days("at", "检查时间", Inspection.at),
    )
    offered = ()

    @property
    def can_create(self) -> bool:  # type: ignore[override]
        """Whether the button stands above the list."""
        return permits.may("inspect")

    def scope(self) -> ColumnElement[bool]:
        actor = me()
        if actor.sees_all:
            return Inspection.id.is_not(None)
        made_here = Inspection.inspector.has(Staff.department_id.in_(actor.branch_ids))
        return or_(Inspection.department_id.in_(actor.branch_ids), Inspection.inspector_id == actor.id, made_here)

    def case_behind(self, row: Inspection) -> None:
        """An inspection belongs to no case."""

    def tables(self, row: Inspection) -> list[dict[str, Any]]:
        cells = [(one.get("item", ""), formats.term(one.get("result", "")), one.get("note", "")) for one in row.items]
        return [{"title": "检查项目", "heads": ("检查项目", "结果", "说明"), "rows": cells, "empty": "没有逐项记录。"}]

    def details_of(self, row: Inspection) -> dict[str, Any]:
        return {**super().details_of(row), "shown_title": f"{formats.named(row.department)} {said(row.kind)}"}


def found_words(row: Inspection) -> str:
    """3 项，其中 1 项不合格."""
    bad = sum(1 for one in row.items if "不" in str(one.get("result", "")))
    if not row.items:
        return ""
    return str(
        _("%(all)s 项，其中 %(bad)s 项不合格", all=len(row.items), bad=bad)
        if bad
        else _("%(all)s 项，都合格", all=len(row.items))
    )
