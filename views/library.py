"""资料库: what is kept for all cases of a project; the newest editions as a list, the older ones on their page."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import abort, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import selectinload

from models import Citation, Complaint, KnowledgeFile, KnowledgeItem, Staff, db
from models.queries import json_fields
from views import files, formats, permits
from views.attachments import size_words
from views.base import EVERYBODY, me
from views.casefilters import distinct
from views.caserecords import case_link, in_one_line
from views.filters import Cases, Condition, Days, Filter, Named, OneOf
from views.guard import key_of
from views.people import HouseRecord
from workflow import access, library
from workflow.offers import Offer
from workflow.registry import VERBS

IN_USE = KnowledgeItem.withdrawn_at.is_(None)
TAGS: Any = KnowledgeItem.tags


class Tagged(OneOf):
    """One of the texts of a list."""

    def condition(self, value: Any) -> Condition:
        return json_fields.has_any(self.column, value)


def tags() -> list[str]:
    """The tags that anything bears."""
    return sorted({str(tag) for found in db.session.scalars(select(KnowledgeItem.tags)) for tag in found})


def download(file: KnowledgeFile) -> Any:
    """The file's name; a link where its content is kept."""
    if not file.sha256:
        return file.file_name
    address = url_for("library.download", id=file.id)
    return formats.Markup('<a href="{}">{}</a>').format(address, file.file_name)


def edition(item: KnowledgeItem) -> Any:
    """An edition as a link to its page."""
    address = url_for("library.details_view", id=item.id)
    return formats.Markup('<a href="{}">{}</a>').format(address, str(item))


class LibraryView(HouseRecord):
    """The library. Everybody on the staff may look things up; which case taught or cites what is told to those who
    see that case."""

    readers = EVERYBODY
    works_by = ("file_item",)
    create_verb = "file_item"
    create_label = "归档资料"
    can_edit = False
    column_list = ("title", "edition", "kind", "project", "category", "tags", "filed_on", "use")
    optional = ("by", "at", "text")
    column_labels: ClassVar = {
        "title": "名称",
        "edition": "版次",
        "kind": "种类",
        "project": "项目",
        "category": "类别",
        "tags": "标签",
        "filed_on": "归档日期",
        "use": "状态",
        "by": "归档人",
        "at": "登记时间",
        "text": "内容",
        "source": "来自",
    }
    column_formatters: ClassVar = {
        "tags": lambda _view, _context, row, _name: _("、").join(map(str, row.tags)),
        "project": lambda _view, _context, row, _name: row.project or _("各项目通用"),
        "use": lambda _view, _context, row, _name: formats.term("已撤下") if row.withdrawn_at else "",
        "text": in_one_line,
        "source": lambda view, _context, row, _name: view.source(row),
    }
    sections = (("资料", ("kind", "project", "category", "tags", "edition", "filed_on", "by", "at", "source", "text")),)
    terms = ("kind",)
    wide = ("text",)
    lead = ("edition",)
    head_lines = ("title",)
    order = (IN_USE.desc(), KnowledgeItem.filed_on.desc(), KnowledgeItem.id.desc())
    searched = (KnowledgeItem.title, KnowledgeItem.edition, KnowledgeItem.project, KnowledgeItem.text)
    loads = (selectinload(KnowledgeItem.by),)
    empty = ("资料库还是空的", "按“归档资料”，把楼盘资料、销售资料等存进来，办理投诉时就可以引用。")
    filters: tuple[Filter, ...] = (
        OneOf("kind", "种类", KnowledgeItem.kind, options=distinct(KnowledgeItem.kind)),
        OneOf("project", "项目", KnowledgeItem.project, options=distinct(KnowledgeItem.project)),
        OneOf("category", "类别", KnowledgeItem.category, options=distinct(KnowledgeItem.category)),
        Tagged("tag", "标签", TAGS, options=tags),
        Days("filed", "归档日期", KnowledgeItem.filed_on, is_date=True),
        Named("by", "归档人", KnowledgeItem.by_id, model=Staff),
        Cases("use", "状态", cases={"在用": lambda: IN_USE, "已撤下": lambda: ~IN_USE}),
    )
    takes: ClassVar = {"download": {"id"}}

    def of_list(self) -> ColumnElement[bool]:
        """The newest editions; the older ones stand on their page."""
        found: ColumnElement[bool] = ~KnowledgeItem.replaced_by.has()
        return found

    def search_condition(self, text: str) -> ColumnElement[bool]:
        """Every word is in one of the texts, or is one of the tags."""
        words = text.split()[:8]
        tagged = ((word, json_fields.has_any(TAGS, [word])) for word in words)
        return and_(true(), *(or_(has, super(LibraryView, self).search_condition(word)) for word, has in tagged))

    def source(self, row: KnowledgeItem) -> Any:
        """The case that taught it, for those who see that case."""
        seen = row.source is not None and access.may_see(db.session(), me(), row.source)
        return case_link(row.source, seen=True) if seen else ""

    def details_of(self, row: KnowledgeItem) -> dict[str, Any]:
        return {**super().details_of(row), "offers": self.to_do(row), "note": self.standing_of(row)}

    def to_do(self, row: KnowledgeItem) -> list[Offer]:
        """What may be done with the edition now."""
        apt = {"replace_item": row.replaced_by is None, "withdraw_item": row.withdrawn_at is None}
        return [Offer.of(VERBS[name]) for name, fits in apt.items() if fits and permits.may(name)]

    def offer_address(self, row: KnowledgeItem, case: Complaint | None, offer: Offer) -> str:
        here = url_for("library.details_view", id=row.id)
        return url_for("verbs.house", verb=offer.verb, item=row.id, url=here)

    def standing_of(self, row: KnowledgeItem) -> str:
        """What one must know before relying on it."""
        if row.withdrawn_at:
            at, who = formats.short_day(formats.local(row.withdrawn_at).date()), formats.named(row.withdrawn_by)
            return str(_("%(who)s %(at)s撤下：%(why)s", who=who, at=at, why=row.withdrawn_because))
        return str(_("已有新版：%(item)s", item=row.replaced_by)) if row.replaced_by else ""

    def tables(self, row: KnowledgeItem) -> list[dict[str, Any]]:
        """Its files, its editions, and the cases that cite this one, as far as the person sees them."""
        kept = [(download(file), size_words(file.size) if file.sha256 else "") for file in row.files]
        all_of_it = library.editions(db.session(), row)
        known = [(edition(one), formats.shown(one.filed_on), formats.shown(one.by)) for one in all_of_it]
        return [
            {"title": "存档文件", "heads": ("文件", "大小"), "rows": kept},
            {"title": "各版", "heads": ("版次", "归档日期", "归档人"), "rows": known},
            {"title": "引用它的投诉", "heads": ("编号", "状态", "说明", "引用人", "时间"), "rows": self.citing(row)},
        ]

    def citing(self, row: KnowledgeItem) -> list[tuple[Any, ...]]:
        """The cases that rely on this edition, the newest first: number, state, note, who and when."""
        seen = Citation.complaint.has(access.scope(me()))
        query = select(Citation).where(Citation.item_id == row.id, Citation.taken_back_at.is_(None), seen)
        loads = (selectinload(Citation.complaint), selectinload(Citation.by))
        found = db.session.scalars(query.options(*loads).order_by(Citation.id.desc()).limit(50))
        return [
            (
                case_link(one.complaint, seen=True),
                formats.term(one.complaint.state),
                one.note,
                formats.shown(one.by),
                formats.shown(one.at),
            )
            for one in found
        ]

    @expose("/download/")
    def download(self) -> Any:
        """A file of an edition, under its own name."""
        key = key_of(request.args.get("id"))
        found = db.session.get(KnowledgeFile, key) if key is not None else None
        if found is None:
            abort(404)
        return files.answer(found)
