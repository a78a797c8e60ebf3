"""投诉: the list of cases, the form that registers one, and the page that tells a case's story."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from flask import abort, g, redirect, request, session, url_for
from flask_admin import expose
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import ColumnElement, literal, or_, select
from sqlalchemy.orm import selectinload

from models import Attachment, Complainant, Complaint, Department, Staff, db
from views import caselines, casetime, files, formats, permits, story, wordings
from views.assets import asset
from views.base import EVERYBODY, attempt, me
from views.casefilters import of_fields, states
from views.clocklines import due_words, lines_of, to_steps
from views.filters import Cases, Contains, Days, Filter, Named, OneOf, Titled
from views.guard import key_of
from views.language import finding_text
from views.records import RecordView
from workflow import access, history, timelines, viewing
from workflow.errors import Refused
from workflow.masking import recognised

is_closed = Complaint.closed_at.is_not(None)
OPEN, CLOSED = is_closed < literal(True), is_closed > literal(False)
"""Ranges of what the list's index begins with: SQLite then reads the open cases off it in order, without sorting."""
ORDER = (is_closed, Complaint.due_at.is_(None), Complaint.due_at)
"""Open cases first, the next due on top."""


def _today_ends() -> Any:
    shown = formats.local(g.now)
    return (shown + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def late() -> ColumnElement[bool]:
    """Open and past its earliest due instant, whether or not the sweep has seen it yet."""
    return OPEN & (Complaint.due_at < g.now)


def due_today() -> ColumnElement[bool]:
    """Open and due before midnight."""
    return OPEN & (Complaint.due_at >= g.now) & (Complaint.due_at < _today_ends())


def severity_of(case: Complaint) -> int:
    """How heavy the outline of the grade is: 1 to 4."""
    return max(1, min(4, case.severity or 1))


class ComplaintView(RecordView):
    """The cases that concern this person."""

    readers = EVERYBODY
    can_create = True
    create_verb = "register"
    create_label = "登记"
    edit_verb = "update"
    can_edit = True
    details_template = "complaints/details.html"
    column_list = (
        "case_no",
        "content",
        "state",
        "due",
        "grade",
        "complainant",
        "channel",
        "handling_department",
        "handler",
        "received_at",
    )
    optional = (
        "nature",
        "category",
        "investigation_department",
        "responsible_department",
        "investigator",
        "receiver",
        "founded",
        "round",
        "satisfaction",
        "flags",
        "accepted_at",
        "due_at",
        "closed_at",
        "close_reason",
        "procedure_code",
    )
    column_labels: ClassVar = {
        "case_no": "编号",
        "content": "反映内容",
        "state": "状态",
        "due": "时限",
        "grade": "等级",
        "complainant": "反映人",
        "phone": "电话",
        "channel": "来源",
        "handling_department": "承办部门",
        "handler": "承办人",
        "received_at": "反映时间",
        "nature": "性质",
        "category": "服务类别",
        "investigation_department": "调查处理部门",
        "founded": "调查结论",
        "responsible_department": "责任部门",
        "investigator": "调查处理人",
        "receiver": "受理人",
        "round": "轮次",
        "satisfaction": "客户满意度",
        "flags": "标记",
        "accepted_at": "受理时间",
        "due_at": "截止",
        "closed_at": "结案时间",
        "close_reason": "结案原因",
        "demand": "客户诉求",
        "procedure_code": "制度",
    }
    column_export_list = (
        "case_no",
        "received_at",
        "complainant",
        "phone",
        "channel",
        "nature",
        "grade",
        "content",
        "demand",
        "state",
        "handling_department",
        "handler",
        "due_at",
        "satisfaction",
        "closed_at",
    )
    column_formatters: ClassVar = {
        "content": lambda view, _context, row, _name: formats.line(row.content),
        "complainant": lambda view, _context, row, _name: formats.masked_name(row.complainant.name),
        "due": lambda view, _context, row, _name: view.lateness(row),
        "grade": lambda view, _context, row, _name: view.grade(row),
        "flags": lambda view, _context, row, _name: formats.joined(
            (Markup('<span class="flag">{}</span>').format(_(flag)) for flag in row.flags), ""
        ),
    }
    column_formatters_export: ClassVar = {
        "complainant": lambda view, _context, row, _name: formats.masked_name(row.complainant.name),
        "phone": lambda view, _context, row, _name: formats.masked_phone(row.complainant.phone),
        "received_at": lambda view, _context, row, _name: row.received_at,
        "due_at": lambda view, _context, row, _name: row.due_at,
        "closed_at": lambda view, _context, row, _name: row.closed_at,
    }
    terms = ("state", "channel", "nature", "category", "founded", "satisfaction", "close_reason")
    wide = ("content",)
    numbers = ("round",)
    lead = ("due",)
    head_lines = ("content",)
    sorts: ClassVar = {"due": Complaint.due_at}
    order = ORDER
    searched = (Complaint.case_no, Complaint.content)
    loads = (selectinload(Complaint.handling_department), selectinload(Complaint.handler))
    bulk_verbs = ("accept", "urge", "transfer", "archive", "print")
    views: ClassVar = {
        "全部": {},
        "在办": {"open": "在办"},
        "超期": {"open": "超期"},
        "今日到期": {"open": "今日到期"},
        "已结": {"open": "已结"},
    }
    empty = ("还没有投诉", "有人打来电话、来访或来信时，按“登记”记下来，就会出现在这里。")
    filters: tuple[Filter, ...] = (
        Cases(
            "open",
            "进度",
            cases={"在办": lambda: OPEN, "超期": late, "今日到期": due_today, "已结": lambda: CLOSED},
        ),
        OneOf("state", "状态", Complaint.state, options=states),
        Titled("procedure", "制度", Complaint.procedure_code, titles=wordings.known),
        OneOf("nature", "性质", Complaint.nature, options=wordings.offered("natures")),
        OneOf("grade", "等级", Complaint.grade, options=wordings.offered("grades")),
        OneOf("channel", "来源", Complaint.channel, options=wordings.offered("channels")),
        Named("handling", "承办部门", Complaint.handling_department_id, model=Department, branch=True),
        Named("investigation", "调查处理部门", Complaint.investigation_department_id, model=Department, branch=True),
        Named("responsible", "责任部门", Complaint.responsible_department_id, model=Department, branch=True),
        Named("handler", "承办人", Complaint.handler_id, model=Staff),
        Named("receiver", "受理人", Complaint.receiver_id, model=Staff),
        Days("received", "反映时间", Complaint.received_at),
        Days("due", "截止", Complaint.due_at),
        Days("closed", "结案时间", Complaint.closed_at),
        OneOf("satisfaction", "客户满意度", Complaint.satisfaction, options=("满意", "基本满意", "不满意", "无法联系")),
        Contains("category", "服务类别", Complaint.category),
    )
    takes: ClassVar = {"unmask": {"id"}, "attachment": {"id"}, "time": {"id"}}

    @property
    def extra_css(self) -> list[str]:
        """The sheet of the time line, beside those of every page."""
        return [asset("css/time.css")]

    def scope(self) -> ColumnElement[bool]:
        return access.scope(me())

    def all_filters(self) -> tuple[Filter, ...]:
        return (*self.filters, *of_fields())

    def case_of(self, row: Any) -> Complaint:
        found: Complaint = row
        return found

    def search_condition(self, text: str) -> ColumnElement[bool]:
        """Number or content; name or phone, which are masked here, as a whole or by what the mask shows."""
        people = select(Complainant.id).where(recognised(Complainant.name, text) | recognised(Complainant.phone, text))
        return or_(super().search_condition(text), Complaint.complainant_id.in_(people))

    def lateness(self, row: Complaint) -> Any:
        """The word about the time that is left; else the due instant itself."""
        if words := due_words(row, g.now):
            shown: Any = Markup('<span class="state {}" title="{}">{}</span>').format(
                words.tone, formats.full_instant(row.due_at) if row.due_at else "", words.text
            )
        else:
            shown = formats.shown(row.due_at if row.closed_at is None else None)
        return to_steps(row.id, shown) if shown else ""

    def grade(self, row: Complaint) -> Any:
        """The grade as a word in its outline."""
        if not row.grade:
            return ""
        mark = Markup('<span class="grade s{}">{}</span>').format(severity_of(row), _(row.grade))
        return mark + (
            Markup(' <span class="small quiet">{}</span>').format(_("暂定")) if row.grade_provisional else ""
        )

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        return redirect(url_for("verbs.house", verb="register"))

    def details_of(self, row: Complaint) -> dict[str, Any]:
        """Everything that the page of a case shows."""
        attempt("view", row, {})
        (found, hindered), events = permits.weighed(row), history.timeline(db.session(), row)
        return {
            "case": row,
            "severity": severity_of(row),
            "offers": found,
            "hindered": [(one.label, [finding_text(found) for found in one.findings]) for one in hindered],
            "offer_address": permits.offer_address(row),
            "clocks": lines_of(timelines.clocks_of(db.session(), row), g.now),
            "stints": casetime.stints_of(row, g.now),
            "total": casetime.total,
            "story": story.of(row, events),
            "why": story.why(row, events),
            "full": session.pop("unmasked", None) == row.id,
            "may_unmask": viewing.may_unmask(db.session(), me(), row),
            "fields": story.extra_fields(row),
            "lines": caselines.of(row),
            **story.beside(row),
        }

    @expose("/time/")
    def time(self) -> Any:
        """Every clock of the case on one line of time: what was, what will be, what each department's stint took."""
        row = self.get_one(request.args.get("id"))
        attempt("view", row, {})
        found = timelines.clocks_of(db.session(), row)
        return self.render(
            "complaints/time.html",
            case=row,
            severity=severity_of(row),
            clocks=lines_of(found, g.now),
            line=casetime.line_of(row, g.now),
            stints=casetime.stints_of(row, g.now),
            total=casetime.total,
        )

    @expose("/unmask/", methods=("POST",))
    def unmask(self) -> Any:
        """Name, phone and address in full: asked for with a reason that is kept."""
        row = self.get_one(request.args.get("id"))
        try:
            attempt("unmask", row, {"reason": request.form.get("reason", "")})
            session["unmasked"] = row.id
        except Refused as refusal:
            self.say(refusal)
        return redirect(url_for("complaints.details_view", id=row.id))

    @expose("/attachment/")
    def attachment(self) -> Any:
        """A file of a case in the person's scope."""
        key = key_of(request.args.get("id"))
        query = select(Attachment).where(Attachment.id == key, Attachment.complaint.has(self.scope()))
        found = db.session.scalar(query) if key is not None else None
        if found is None:
            abort(404)
        return files.answer(found)
