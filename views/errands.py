"""待办事项 and 通知: what this person still owes, and what he was told."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, g, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import selectinload

from models import Department, Duty, Notice
from views import formats
from views.base import EVERYBODY, attempt, begin_writing, me
from views.casefilters import distinct
from views.caserecords import CaseRecord, not_about_me, procedure_of
from views.filters import Cases, Contains, Days, Filter, Named, OneOf
from views.said import said
from views.typography import laid_out
from workflow.digests import delivered
from workflow.errors import Refused
from workflow.reading import HOUSE_READERS, addressed_to
from workflow.registry import VERBS

CASE_VERBS = ("circulate", "inspect")


def reads_all() -> bool:
    """Whether this person reads what others were told: administrators and auditors do."""
    return any(me().holds(role) for role in HOUSE_READERS)


def mine_or_all(table: Any) -> ColumnElement[bool]:
    """One's own, or all; what is about a case that accuses this person only when it is addressed to himself."""
    reach = table.id.is_not(None) if reads_all() else addressed_to(me(), table)
    return and_(reach, or_(table.to_staff_id == me().id, not_about_me(table.complaint)))


def way(duty: Duty) -> str | None:
    """Where the duty is done: the form that meets it, filled in as far as the duty says."""
    by, _colon, what = duty.met_by.partition(":")
    back = url_for("duties.index_view")
    if by == "document" and duty.complaint_id:
        return url_for("verbs.case", verb="fill_document", case=duty.complaint_id, kind=what, url=back)
    if by == "circulate":
        return url_for("verbs.house", verb="circulate", kind=what, period=duty.period or None, url=back)
    if by == "field" and duty.complaint_id:
        return url_for("verbs.case", verb="update", case=duty.complaint_id, url=back)
    if by in VERBS and VERBS[by].needs_case and duty.complaint_id:
        return url_for("verbs.case", verb=by, case=duty.complaint_id, url=back)
    return None


def _title(_view: Any, _context: Any, row: Duty, _name: str) -> Any:
    return f"{_(row.title)} {row.period}".strip()


def _go(_view: Any, _context: Any, row: Duty, _name: str) -> Any:
    address = None if row.done_at else way(row)
    return formats.Markup('<a class="button" data-verb href="{}">{}</a>').format(address, _("去办")) if address else ""


class DutyView(CaseRecord):
    """What this person still owes; those who read everything see everybody's."""

    readers = EVERYBODY
    unseen_cases = True
    column_list = ("title", "go", "owner", "case", "created_at", "done_at")
    optional = ("done_by",)
    column_labels: ClassVar = {
        "title": "事项",
        "go": "办理",
        "owner": "谁来办",
        "created_at": "从何时",
        "done_at": "办完",
        "done_by": "办理人",
        "met_by": "怎样算办完",
    }
    column_formatters: ClassVar = {
        "title": _title,
        "go": _go,
        "owner": lambda _view, _context, row, _name: row.owner,
    }
    column_export_list = ("title", "owner", "case", "created_at", "done_at", "done_by")
    sections = (("待办事项", ("title", "owner", "case", "created_at", "done_at", "done_by", "go")),)
    lead = ("go",)
    order = (Duty.done_at.is_not(None), Duty.created_at.desc())
    searched = (Duty.title,)
    loads = (selectinload(Duty.complaint), selectinload(Duty.to_staff), selectinload(Duty.to_department))
    views: ClassVar = {"全部": {}, "还没办": {"open": "还没办"}, "已办": {"open": "已办"}}
    empty = ("没有欠着的事", "制度要求您写书面认识、确认影响或发通报时，会出现在这里，办完自动划去。")
    filters: tuple[Filter, ...] = (
        Cases(
            "open", "进度", cases={"还没办": lambda: Duty.done_at.is_(None), "已办": lambda: Duty.done_at.is_not(None)}
        ),
        OneOf("title", "事项", Duty.title, options=distinct(Duty.title)),
        Named("department", "部门", Duty.to_department_id, model=Department, branch=True),
        Days("created", "从何时", Duty.created_at),
    )
    offered = ()

    def scope(self) -> ColumnElement[bool]:
        return mine_or_all(Duty)

    def details_of(self, row: Duty) -> dict[str, Any]:
        document = procedure_of(row.complaint)
        because = (
            [rule.because for rule in document.rules if rule.stage == "duty" and _named(rule.then, row.title)]
            if document
            else []
        )
        return {**super().details_of(row), "shown_title": _(row.title), "note": because[0] if because else ""}


def _named(outcome: Any, title: str) -> bool:
    return isinstance(outcome, dict) and outcome.get("title") == title


class NoticeView(CaseRecord):
    """What this person was told; those who read everything see everybody's."""

    readers = EVERYBODY
    unseen_cases = True
    list_template = "records/notices.html"
    column_list = ("created_at", "text", "event", "recipient", "case", "read_at")
    optional = ("read_by",)
    column_labels: ClassVar = {
        "created_at": "时间",
        "text": "通知",
        "event": "事由",
        "recipient": "发给",
        "read_at": "已阅",
        "read_by": "阅读人",
    }
    column_formatters: ClassVar = {
        "text": lambda _view, _context, row, _name: formats.line(laid_out(said(row.text))),
        "recipient": lambda _view, _context, row, _name: said(row.recipient),
        "read_at": lambda _view, _context, row, _name: (
            formats.shown(row.read_at) or formats.Markup('<span class="state soon">{}</span>').format(_("未读"))
        ),
    }
    sections = (("通知", ("event", "text", "recipient", "case", "created_at", "read_at", "read_by")),)
    terms = ("event",)
    wide = ("text",)
    lead = ("read_at",)
    head_lines = ("text",)
    order = (Notice.read_at.is_not(None), Notice.created_at.desc())
    searched = (Notice.text, Notice.event)
    loads = (selectinload(Notice.complaint), selectinload(Notice.to_staff), selectinload(Notice.to_department))
    views: ClassVar = {"全部": {}, "未读": {"read": "未读"}, "已阅": {"read": "已阅"}}
    empty = ("没有通知", "有件转来、快到期、超期或被催办时，这里会说。")
    filters: tuple[Filter, ...] = (
        Cases(
            "read",
            "阅读",
            cases={"未读": lambda: Notice.read_at.is_(None), "已阅": lambda: Notice.read_at.is_not(None)},
        ),
        Cases("whose", "发给", cases={"我的": lambda: addressed_to(me(), Notice)}),
        OneOf("event", "事由", Notice.event, options=distinct(Notice.event)),
        Contains("text", "内容", Notice.text),
        Days("created", "时间", Notice.created_at),
    )
    offered = ()
    takes: ClassVar = {"read": ()}

    def scope(self) -> ColumnElement[bool]:
        return and_(mine_or_all(Notice), delivered(g.now))

    @property
    def unread(self) -> list[int]:
        """The ids of this person's own unread notices, newest first."""
        query = self.get_query().filter(addressed_to(me(), Notice), Notice.read_at.is_(None))
        return [row.id for row in query.order_by(Notice.id.desc()).limit(200)]

    @expose("/read/", methods=("POST",))
    def read(self) -> Any:
        """One notice, or every unread one of this person, is read."""
        begin_writing()
        keys = request.form.getlist("notice")[:200] or [str(key) for key in self.unread]
        try:
            attempt("acknowledge", None, {"notices": keys})
            flash(_("已标为已阅。"), "success")
        except Refused as refusal:
            self.say(refusal)
        return redirect(self.back())

    def details_of(self, row: Notice) -> dict[str, Any]:
        mine = row.id in self.unread
        return {
            **super().details_of(row),
            "shown_title": _(row.event),
            "read_key": row.id if mine else None,
            "now": g.now,
        }
