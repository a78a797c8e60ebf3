"""考核 (附件4): proposals with points or sanctions, who decides them, and the standards they rest on."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import g, request
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from models import Assessment, Department, Staff, db
from views import formats, wordings
from views.base import EVERYBODY, Room, me
from views.casefilters import distinct, of_case
from views.caserecords import CaseRecord, procedure_of
from views.filters import Contains, Days, Filter, Named, OneOf
from workflow import procedures, reading

STATES = ("草稿", "已报", "同意", "驳回", "已执行")


def measure_words(row: Assessment) -> str:
    """What is proposed: 扣 10 分, or the sanction."""
    points = _("扣 %(n)s 分", n=row.points) if row.points is not None else ""
    return _("、").join(part for part in (str(points), _(row.sanction) if row.sanction else "") if part)


class AssessmentView(CaseRecord):
    """The proposals on the cases that this person sees."""

    column_list = (
        "standard_no",
        "subject",
        "measure",
        "state",
        "subject_kind",
        "subject_department",
        "month",
        "proposer",
        "approver",
        "case",
    )
    optional = ("occurrences", "points_min", "proposed_at", "decided_by", "decided_at", "opinion", "note")
    column_labels: ClassVar = {
        "standard_no": "考核项目",
        "subject": "被考核人",
        "measure": "处理",
        "state": "状态",
        "subject_kind": "对象",
        "subject_department": "部门",
        "month": "绩效月份",
        "proposer": "提出人",
        "approver": "由谁审批",
        "occurrences": "次数",
        "points_min": "最低扣分",
        "points": "扣分",
        "sanction": "处分",
        "sanctions": "可选处分",
        "proposed_at": "提出时间",
        "decided_by": "审批人",
        "decided_at": "审批时间",
        "opinion": "审批意见",
        "note": "说明",
        "requirement": "考核标准",
    }
    column_formatters: ClassVar = {
        "standard_no": lambda _view, _context, row, _name: str(_("第 %(no)s 项", no=row.standard_no)),
        "measure": lambda _view, _context, row, _name: measure_words(row),
        "approver": lambda _view, _context, row, _name: f"{row.approver_department or ''}{_(row.approver_role)}",
        "requirement": lambda view, _context, row, _name: view.requirement(row),
    }
    column_export_list = (
        "standard_no",
        "case",
        "subject_kind",
        "subject",
        "subject_department",
        "occurrences",
        "points_min",
        "points",
        "sanction",
        "month",
        "state",
        "proposer",
        "proposed_at",
        "decided_by",
        "decided_at",
        "opinion",
        "note",
    )
    sections = (
        (
            "处理意见",
            (
                "standard_no",
                "requirement",
                "subject_kind",
                "subject",
                "subject_department",
                "occurrences",
                "points_min",
                "points",
                "sanction",
                "sanctions",
                "month",
                "note",
            ),
        ),
        ("审批", ("proposer", "proposed_at", "approver", "state", "decided_by", "decided_at", "opinion")),
    )
    terms = ("state", "subject_kind", "sanction")
    wide = ("note", "opinion")
    numbers = ("occurrences", "points_min", "points")
    lead = ("state",)
    head_lines = ("measure",)
    order = (Assessment.state.in_(("同意", "驳回", "已执行")), Assessment.proposed_at.desc())
    searched = (Assessment.subject, Assessment.note)
    loads = tuple(
        selectinload(part)
        for part in (
            Assessment.complaint,
            Assessment.subject_department,
            Assessment.proposer,
            Assessment.approver_department,
        )
    )
    views: ClassVar = {
        "全部": {},
        "待审批": {"state": "已报"},
        "系统草拟": {"state": "草稿"},
        "已同意": {"state": "同意"},
    }
    empty = ("还没有考核", "属实的件由调查处理部门提出处理意见；超期等情形系统会先拟好草稿，由人决定提不提。")
    filters: tuple[Filter, ...] = (
        OneOf("state", "状态", Assessment.state, options=STATES),
        OneOf("standard", "考核项目", Assessment.standard_no, options=wordings.offered("standards")),
        OneOf("month", "绩效月份", Assessment.month, options=distinct(Assessment.month)),
        OneOf("subject_kind", "对象", Assessment.subject_kind, options=("责任人", "部门负责人")),
        Contains("subject", "被考核人", Assessment.subject),
        Named("department", "被考核部门", Assessment.subject_department_id, model=Department, branch=True),
        Named("proposer", "提出人", Assessment.proposer_id, model=Staff),
        OneOf("sanction", "处分", Assessment.sanction, options=distinct(Assessment.sanction)),
        Days("proposed", "提出时间", Assessment.proposed_at),
        *(item for item in of_case(Assessment.complaint) if item.key == "grade"),
    )
    offered = ("decide_assessment", "propose_assessment")

    def scope(self) -> Any:
        return super().scope() & reading.assessments_of_others(me())

    def requirement(self, row: Assessment) -> str:
        """What the standard asks for, in the words of the case's procedure."""
        document = procedure_of(row.complaint)
        found = [one.requirement for one in document.standards if one.no == row.standard_no] if document else []
        return found[0] if found else ""

    def offers_of(self, row: Assessment, case: Any) -> list[Any]:
        """Deciding while it waits; proposing what was only drafted."""
        wanted = {"已报": "decide_assessment", "草稿": "propose_assessment"}.get(row.state)
        found = [offer for offer in super().offers_of(row, case) if offer.verb == wanted]
        if wanted == "decide_assessment" and not me().holds(row.approver_role, row.approver_department_id):
            return []
        return found

    def handed(self, row: Assessment, verb: str) -> dict[str, Any]:
        if verb == "decide_assessment":
            return {"standard_no": row.standard_no, "assessment": row.id}
        return {"standard_no": row.standard_no, "subject_kind": row.subject_kind, "subject": row.subject or None}

    def details_of(self, row: Assessment) -> dict[str, Any]:
        title = str(_("第 %(no)s 项", no=row.standard_no))
        return {**super().details_of(row), "shown_title": f"{title} {row.subject or _(row.subject_kind)}"}


class StandardsRoom(Room):
    """考核标准: every item of a procedure, as a table people can read and print; one of several is picked."""

    readers = EVERYBODY
    takes: ClassVar = {"index": ("category", "procedure")}

    @expose("/")
    def index(self) -> Any:
        documents = {code: procedures.last(db.session(), g.now, code) for code in wordings.known()}
        assessing = {code: document for code, document in documents.items() if document.standards}
        document = assessing.get(request.args.get("procedure", "")) or next(iter(assessing.values()), None)
        rows = list(document.standards) if document else []
        categories = list(dict.fromkeys(row.category for row in rows))
        chosen = request.args.get("category", "")
        shown = [row for row in rows if row.category == chosen] if chosen in categories else rows
        return self.render(
            "records/standards.html",
            page_title=_(self.name),
            rows=shown,
            categories=categories,
            chosen=chosen if chosen in categories else "",
            document=document,
            offered=assessing if len(assessing) > 1 else {},
            points=points_words,
        )


def points_words(row: Any) -> str:
    """责任人 10 分以上、部门负责人 20 分以上."""
    return _("、").join(
        f"{_(subject.kind)} " + (str(_("不低于 %(n)s 分", n=subject.points)) if subject.points else str(_("按情节")))
        for subject in row.subjects
    )


__all__ = ["AssessmentView", "StandardsRoom", "formats"]
