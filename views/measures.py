"""改进措施: proposed, approved, carried out, verified by somebody else."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import abort, g, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import selectinload

from models import Clock, Complaint, Department, Measure, Staff
from views import formats, permits
from views.base import me
from views.casefilters import OfCase, of_case
from views.caserecords import CaseRecord, clocks_of, in_one_line, not_about_me
from views.clocklines import lines_of
from views.countwords import counted_cases, figure_words
from views.filters import Cases, Days, Filter, Named, OneOf
from workflow import access, measures
from workflow.access import Actor
from workflow.measures import KINDS
from workflow.offers import Offer
from workflow.registry import VERBS

OPEN = Measure.state.in_(("实施中", "待审批", "待验证", "超期"))
STATES = ("实施中", "待审批", "超期", "待验证", "关闭")
BY_STATE = {
    "approve_measure": ("实施中", "待审批", "超期"),
    "implement_measure": ("实施中", "超期"),
    "verify_measure": ("待验证",),
}


def overdue() -> ColumnElement[bool]:
    """Not carried out, and its day is over."""
    return Measure.implemented_at.is_(None) & OPEN & (Measure.due_on < formats.local(g.now).date())


def _seen_to(actor: Actor) -> ColumnElement[bool]:
    """Of the measures that hang on no case: those that he or his department proposed, and all for who sees all."""
    if actor.sees_all:
        return true()
    colleagues = select(Staff.id).where(Staff.department_id.in_(actor.branch_ids))
    return or_(
        Measure.proposed_by_id.in_(actor.staff_ids),
        Measure.proposed_by_id.in_(colleagues),
        Measure.procedure_code.in_(actor.codes),
    )


def seen() -> ColumnElement[bool]:
    """Those that this person may open."""
    actor = me()
    mine = or_(Measure.owner_id.in_(actor.staff_ids), Measure.owner_department_id.in_(actor.branch_ids))
    return or_(
        Measure.complaint.has(access.scope(actor)),
        and_(mine, not_about_me(Measure.complaint)),
        and_(Measure.complaint_id.is_(None), _seen_to(actor)),
    )


def counted_link(row: Measure) -> Any:
    """How many cases were counted in the figure that it came from, leading to them."""
    if not row.counted:
        return ""
    address = url_for("measures.cases", id=row.id)
    return formats.Markup('<a href="{}">{}</a>').format(address, _("%(n)s 件", n=len(row.counted["cases"])))


class MeasureView(CaseRecord):
    """The measures of the cases that this person sees, and those that his department owes."""

    unseen_cases = True
    column_list = (
        "measure_no",
        "measure",
        "state",
        "due_on",
        "owner_department",
        "owner",
        "kind",
        "verification",
        "case",
    )
    optional = (
        "cause",
        "created_at",
        "proposed_by",
        "approved_by",
        "approved_at",
        "implemented_by",
        "implemented_at",
        "result",
        "verified_by",
        "verified_at",
    )
    column_labels: ClassVar = {
        "measure_no": "编号",
        "measure": "措施",
        "state": "状态",
        "due_on": "完成日期",
        "owner_department": "责任部门",
        "owner": "责任人",
        "kind": "种类",
        "verification": "验证",
        "cause": "原因",
        "source": "来自",
        "counted": "涉及投诉",
        "created_at": "提出时间",
        "proposed_by": "提出人",
        "approved_by": "批准人",
        "approved_at": "批准时间",
        "implemented_by": "落实人",
        "implemented_at": "落实时间",
        "result": "落实情况",
        "verified_by": "验证人",
        "verified_at": "验证时间",
    }
    column_formatters: ClassVar = {"measure": in_one_line, "cause": in_one_line, "result": in_one_line}
    sections = (
        ("措施", ("kind", "state", "source", "counted", "measure", "cause", "owner_department", "owner", "due_on")),
        ("批准", ("proposed_by", "created_at", "approved_by", "approved_at")),
        ("落实和验证", ("implemented_by", "implemented_at", "result", "verification", "verified_by", "verified_at")),
    )
    terms = ("state", "kind", "verification")
    wide = ("measure", "cause", "result")
    lead = ("state",)
    head_lines = ("measure",)
    order = (~OPEN, Measure.due_on)
    searched = (Measure.measure_no, Measure.measure, Measure.cause)
    loads = (selectinload(Measure.complaint), selectinload(Measure.owner_department), selectinload(Measure.owner))
    views: ClassVar = {
        "全部": {},
        "进行中": {"open": "进行中"},
        "超期": {"open": "超期"},
        "待验证": {"state": "待验证"},
    }
    empty = ("还没有改进措施", "查明原因之后，在投诉件上按“制定改进措施”，写明责任部门和完成日期，就会出现在这里。")
    filters: tuple[Filter, ...] = (
        Cases("open", "进度", cases={"进行中": lambda: OPEN, "超期": overdue, "已关闭": lambda: ~OPEN}),
        OneOf("state", "状态", Measure.state, options=STATES),
        OneOf("kind", "种类", Measure.kind, options=KINDS),
        Named("owner_department", "责任部门", Measure.owner_department_id, model=Department, branch=True),
        Named("owner", "责任人", Measure.owner_id, model=Staff),
        Days("due", "完成日期", Measure.due_on, is_date=True),
        *(item for item in of_case(Measure.complaint) if isinstance(item, OfCase) and item.key == "investigation"),
    )
    takes: ClassVar = {"cases": {"id"}}
    offered = ("approve_measure", "implement_measure", "verify_measure")

    def scope(self) -> ColumnElement[bool]:
        return seen()

    def value_of(self, row: Any, name: str, formatters: Any) -> Any:
        if name == "case" and row.complaint is None:
            return formats.joined((row.source, counted_link(row)))
        if name == "counted":
            return formats.joined((counted_link(row), figure_words(row.counted["of"]))) if row.counted else ""
        return super().value_of(row, name, formatters)

    @expose("/cases/")
    def cases(self) -> Any:
        """Those of the cases counted in the figure that it came from which this person may see."""
        row = self.get_one(request.args.get("id"))
        if not row.counted:
            abort(404)
        keys, label = row.counted["cases"], figure_words(row.counted["of"])
        return self.render(
            "figures/cases.html",
            page_title=label,
            label=label,
            cases=counted_cases(keys),
            count=len(keys),
            things=len(keys),
            back=self.url_of(row),
            period_words=row.measure_no,
        )

    def offers_of(self, row: Measure, case: Complaint | None) -> list[Offer]:
        """Only what this measure's own state allows; one that hangs on no case is judged by what it says itself."""
        if case is not None:
            return [offer for offer in super().offers_of(row, case) if row.state in BY_STATE[offer.verb]]
        return [
            Offer.of(VERBS[name])
            for name in self.offered
            if measures.waits(name, row, me()) and permits.may(name, None, measure_no=row.measure_no)
        ]

    def offer_address(self, row: Measure, case: Complaint | None, offer: Offer) -> str:
        if case is not None:
            return super().offer_address(row, case, offer)
        back = url_for(f"{self.endpoint}.details_view", id=row.id)
        return url_for("verbs.house", verb=offer.verb, **self.handed(row, offer.verb), url=back)

    def handed(self, row: Measure, verb: str) -> dict[str, Any]:
        return {"measure_no": row.measure_no}

    def details_of(self, row: Measure) -> dict[str, Any]:
        own = {} if row.complaint else {"offers": self.offers_of(row, None)}
        return {**super().details_of(row), **own, "clocks": lines_of(clocks_of(Clock.measure_id == row.id), g.now)}
