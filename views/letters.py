"""邮件: what left the house or waits to, and why something did not."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import current_app, flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import joinedload, selectinload

from models import Complaint, Letter, Notice, Staff
from views import formats
from views.base import attempt, begin_writing, me
from views.caserecords import CaseRecord, not_about_me
from views.filters import Cases, Contains, Days, Filter, Named
from views.permits import may
from views.said import said
from views.typography import laid_out
from workflow.errors import Refused
from workflow.reading import HOUSE_READERS

TONES = {"待发": "open", "已发": "done", "未发出": "late"}


def state_word(_view: Any, _context: Any, row: Letter, _name: str) -> Any:
    """待发, 已发 or 未发出, each in its colour."""
    return formats.Markup('<span class="state {}">{}</span>').format(TONES[row.state], _(row.state))


class LetterView(CaseRecord):
    """The letters of the house with their state; what they say has the complainant masked."""

    readers = HOUSE_READERS
    through = None
    unseen_cases = True
    list_template = "records/letters.html"
    details_template = "records/letter.html"
    column_list = ("since", "event", "to_staff", "address", "state", "sent_at", "error", "case")
    optional = ("attempts", "next_at")
    column_labels: ClassVar = {
        "since": "时间",
        "event": "事由",
        "to_staff": "发给",
        "address": "地址",
        "state": "状态",
        "sent_at": "发出",
        "error": "没有发出的原因",
        "attempts": "试过",
        "next_at": "下次再试",
        "text": "内容",
    }
    column_formatters: ClassVar = {
        "event": lambda _view, _context, row, _name: _(row.notice.event),
        "state": state_word,
        "error": lambda _view, _context, row, _name: formats.line(laid_out(said(row.error))),
    }
    column_formatters_export: ClassVar = {
        "event": lambda _view, _context, row, _name: row.notice.event,
        "state": lambda _view, _context, row, _name: _(row.state),
    }
    column_export_list = ("since", "event", "to_staff", "address", "state", "sent_at", "attempts", "error")
    sections = (
        ("邮件", ("event", "to_staff", "address", "case", "text")),
        ("发送", ("state", "since", "sent_at", "attempts", "next_at", "error")),
    )
    wide = ("text", "error")
    numbers = ("attempts",)
    lead = ("state",)
    head_lines = ("event",)
    order = (Letter.since.desc(),)
    searched = (Letter.address, Letter.text)
    loads = (selectinload(Letter.notice).joinedload(Notice.complaint), joinedload(Letter.to_staff))
    views: ClassVar = {
        "全部": {},
        "待发": {"state": "待发"},
        "已发": {"state": "已发"},
        "未发出": {"state": "未发出"},
    }
    empty = ("没有邮件", "制度写明发邮件的通知，或本人要求发邮件的通知，都从这里寄出。")
    filters: tuple[Filter, ...] = (
        Cases(
            "state",
            "状态",
            cases={
                "待发": lambda: Letter.next_at.is_not(None),
                "已发": lambda: Letter.sent_at.is_not(None),
                "未发出": lambda: Letter.next_at.is_(None) & Letter.sent_at.is_(None),
            },
        ),
        Named("person", "发给", Letter.to_staff_id, model=Staff),
        Contains("text", "内容", Letter.text),
        Days("since", "时间", Letter.since),
    )
    offered = ()
    takes: ClassVar = {"resend": {"id"}}

    def scope(self) -> ColumnElement[bool]:
        return or_(Letter.to_staff_id == me().id, Letter.notice.has(not_about_me(Notice.complaint)))

    def case_behind(self, row: Letter) -> Complaint | None:
        return row.notice.complaint

    def detail(self, row: Letter, name: str) -> Any:
        """What it says and why it did not leave stand whole."""
        return laid_out(said(getattr(row, name))) if name in ("text", "error") else super().detail(row, name)

    def export_value(self, row: Letter, name: str) -> Any:
        """The address of a colleague leaves the house masked."""
        return formats.masked_phone(row.address) if name == "address" else super().export_value(row, name)

    def is_visible(self) -> bool:
        """Offered where letters can leave, or some wait to."""
        return super().is_visible() and (not self.without_server or self._has_rows())

    @property
    def without_server(self) -> bool:
        """Whether no letter can leave, because it was not said by which server."""
        return not current_app.config["DUBAN"].mail_server

    def details_of(self, row: Letter) -> dict[str, Any]:
        again = row.state == "未发出" and may("resend")
        address = url_for("letters.resend", id=row.id) if again else None
        return {**super().details_of(row), "shown_title": _(row.notice.event), "resend_address": address}

    @expose("/resend/", methods=("POST",))
    def resend(self) -> Any:
        """What was given up goes out again."""
        begin_writing()
        row = self.get_one(request.args.get("id"))
        try:
            attempt("resend", None, {"id": str(row.id)})
            flash(_("已重新排队，稍后发出。"), "success")
        except Refused as refusal:
            self.say(refusal)
        return redirect(url_for("letters.details_view", id=row.id))
