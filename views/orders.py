"""督办处理单 (附件1): the list that supervision works from, and each order as its paper form is."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from models import Clock, Complaint, CorrectiveAction, Department, Staff, SupervisionOrder, Urge, db
from rules.vocabulary import OrderState
from views import formats
from views.casefilters import of_case
from views.caserecords import PaperRecord, case_link, clocks_of, in_one_line
from views.clocklines import late_words, to_steps
from views.filters import Between, Cases, Days, Filter, Named, OneOf

DONE = (OrderState.REPORTED_BACK, OrderState.EFFECTIVE, OrderState.CLOSED, OrderState.VOID)
RUNNING = SupervisionOrder.state.not_in(DONE)


def is_late() -> ColumnElement[bool]:
    """Not answered, and past its due instant."""
    return RUNNING & (SupervisionOrder.due_at < g.now)


def due_word(order: SupervisionOrder) -> Any:
    """How the order stands with its limit: 超期 2 天, or when it is due."""
    if order.due_at is None or order.state in DONE:
        return ""
    if order.due_at >= g.now:
        return to_steps(order.complaint_id, formats.shown(order.due_at))
    days = max((formats.local(g.now).date() - formats.local(order.due_at).date()).days, 1)
    late = formats.Markup('<span class="state late" title="{}">{}</span>').format(
        formats.full_instant(order.due_at), late_words(days)
    )
    return to_steps(order.complaint_id, late)


class OrderView(PaperRecord):
    """The orders of the cases that this person sees."""

    column_list = (
        "order_no",
        "problem_content",
        "state",
        "due",
        "handling_department",
        "handler",
        "urge_count",
        "case",
    )
    optional = (
        "customer_name",
        "phone",
        "report_way",
        "reported_at",
        "investigator",
        "limit_kind",
        "limit_days",
        "issued_at",
        "issued_by",
        "due_at",
        "head_signed_by",
        "head_signed_at",
        "round",
    )
    column_export_list = (
        "order_no",
        "case",
        "customer_name",
        "phone",
        "report_way",
        "reported_at",
        "problem_content",
        "customer_request",
        "investigator",
        "handling_department",
        "handler",
        "limit_days",
        "issued_at",
        "due_at",
        "head_signed_by",
        "head_signed_at",
        "state",
        "round",
        "urge_count",
    )
    column_labels: ClassVar = {
        "order_no": "编号",
        "problem_content": "问题内容",
        "state": "状态",
        "due": "时限",
        "handling_department": "承办部门",
        "handler": "承办人",
        "urge_count": "催办",
        "customer_name": "客户姓名",
        "phone": "联系电话",
        "report_way": "反映方式",
        "reported_at": "反映时间",
        "investigator": "调查处理人",
        "limit_kind": "办理时限",
        "limit_days": "几日内",
        "issued_at": "开具时间",
        "issued_by": "开具人",
        "due_at": "截止",
        "head_signed_by": "负责人签字",
        "head_signed_at": "签字时间",
        "round": "轮次",
        "customer_request": "客户要求",
    }
    column_formatters: ClassVar = {
        "problem_content": in_one_line,
        "due": lambda _view, _context, row, _name: due_word(row),
    }
    masked: ClassVar = {"customer_name": formats.masked_name, "phone": formats.masked_phone}
    terms = ("state", "report_way", "limit_kind")
    wide = ("problem_content", "customer_request")
    numbers = ("urge_count", "limit_days", "round")
    lead = ("due",)
    head_lines = ("problem_content",)
    sorts: ClassVar = {"due": SupervisionOrder.due_at}
    order = (~RUNNING, SupervisionOrder.due_at.asc().nulls_last())
    searched = (SupervisionOrder.order_no, SupervisionOrder.problem_content, SupervisionOrder.customer_name)
    loads = (
        selectinload(SupervisionOrder.complaint),
        selectinload(SupervisionOrder.handling_department),
        selectinload(SupervisionOrder.handler),
    )
    bulk_verbs = ("urge", "print")
    printed = "督办处理单"
    views: ClassVar = {"全部": {}, "在办": {"open": "在办"}, "超期": {"open": "超期"}, "待签收": {"state": "已开具"}}
    empty = ("还没有督办处理单", "受理之后，调查处理人在投诉件上按“开具督办处理单”，就会出现在这里。")
    filters: tuple[Filter, ...] = (
        Cases("open", "进度", cases={"在办": lambda: RUNNING, "超期": is_late, "已答复": lambda: ~RUNNING}),
        OneOf("state", "状态", SupervisionOrder.state, options=tuple(OrderState)),
        Named("handling", "承办部门", SupervisionOrder.handling_department_id, model=Department, branch=True),
        Named("handler", "承办人", SupervisionOrder.handler_id, model=Staff),
        Named("investigator", "调查处理人", SupervisionOrder.investigator_id, model=Staff),
        Days("issued", "开具时间", SupervisionOrder.issued_at),
        Days("due", "截止", SupervisionOrder.due_at),
        Between("urges", "催办次数", SupervisionOrder.urge_count),
        *(item for item in of_case(SupervisionOrder.complaint) if item.key in ("grade", "investigation")),
    )

    def clocks_for(self, row: SupervisionOrder, case: Complaint) -> list[Clock]:
        return clocks_of(Clock.order_id == row.id)

    def tables(self, row: SupervisionOrder) -> list[dict[str, Any]]:
        urges = db.session.scalars(select(Urge).where(Urge.order_id == row.id).order_by(Urge.id.desc()))
        records = db.session.scalars(
            select(CorrectiveAction).where(CorrectiveAction.order_id == row.id).order_by(CorrectiveAction.id.desc())
        )
        return [
            {
                "title": "处理及纠正措施情况表",
                "heads": ("编号", "轮次", "提交时间", "纠正措施", "效果确认"),
                "rows": [
                    (
                        formats.Markup('<a href="{}">{}</a>').format(
                            url_for("corrections.details_view", id=one.id), one.record_no
                        ),
                        one.round,
                        formats.shown(one.submitted_at),
                        one.corrective_measures[:120],
                        formats.term(one.effect_check),
                    )
                    for one in records
                ],
                "empty": "承办部门还没有提交情况表。",
            },
            {
                "title": "催办",
                "heads": ("时间", "催办人", "催办谁", "内容"),
                "rows": [(formats.shown(one.at), one.by or _("系统"), one.to_text, one.text) for one in urges],
                "empty": "没有催办过。",
            },
        ]


class CorrectionView(PaperRecord):
    """处理及纠正措施情况表 (附件2): what was done, and how a repetition is prevented."""

    bulk_verbs = ("print",)
    printed = "情况表"
    column_list = (
        "record_no",
        "corrective_measures",
        "effect_check",
        "round",
        "department",
        "submitted_at",
        "order",
        "case",
    )
    optional = (
        "customer_name",
        "phone",
        "address",
        "problem_summary",
        "handling_status",
        "submitted_by",
        "head_signed_by",
        "head_signed_at",
        "effect_checker",
        "effect_checked_at",
        "effect_note",
    )
    column_export_list = (
        "record_no",
        "case",
        "order",
        "customer_name",
        "phone",
        "address",
        "problem_summary",
        "handling_status",
        "corrective_measures",
        "remark",
        "head_signed_by",
        "submitted_at",
        "round",
        "effect_check",
        "effect_checked_at",
    )
    column_labels: ClassVar = {
        "record_no": "编号",
        "corrective_measures": "纠正措施",
        "effect_check": "效果确认",
        "round": "轮次",
        "department": "承办部门",
        "submitted_at": "提交时间",
        "order": "督办单",
        "customer_name": "客户姓名",
        "phone": "客户电话",
        "address": "客户地址",
        "problem_summary": "问题摘要",
        "handling_status": "处理情况",
        "submitted_by": "提交人",
        "head_signed_by": "负责人签名",
        "head_signed_at": "签名时间",
        "effect_checker": "确认人",
        "effect_checked_at": "确认时间",
        "effect_note": "确认说明",
        "remark": "备注",
    }
    column_formatters: ClassVar = {
        "corrective_measures": in_one_line,
        "problem_summary": in_one_line,
        "handling_status": in_one_line,
        "department": lambda _view, _context, row, _name: formats.named(row.order.handling_department),
        "order": lambda _view, _context, row, _name: formats.Markup('<a href="{}">{}</a>').format(
            url_for("orders.details_view", id=row.order_id), row.order.order_no
        ),
    }
    masked: ClassVar = {
        "customer_name": formats.masked_name,
        "phone": formats.masked_phone,
        "address": formats.masked_address,
    }
    terms = ("effect_check",)
    wide = ("corrective_measures", "problem_summary", "handling_status", "remark", "effect_note")
    numbers = ("round",)
    lead = ("effect_check",)
    head_lines = ("corrective_measures",)
    order = (CorrectiveAction.effect_check != "待检查", CorrectiveAction.submitted_at.desc())
    searched = (CorrectiveAction.record_no, CorrectiveAction.corrective_measures, CorrectiveAction.problem_summary)
    loads = (
        selectinload(CorrectiveAction.complaint),
        selectinload(CorrectiveAction.order).selectinload(SupervisionOrder.handling_department),
    )
    views: ClassVar = {"全部": {}, "待确认效果": {"effect": "待检查"}, "退回": {"effect": "未通过"}}
    empty = ("还没有情况表", "承办部门办完之后，在投诉件或督办处理单上按“提交情况表”，就会出现在这里。")
    filters: tuple[Filter, ...] = (
        OneOf("effect", "效果确认", CorrectiveAction.effect_check, options=("待检查", "通过", "未通过")),
        Days("submitted", "提交时间", CorrectiveAction.submitted_at),
        Between("round", "轮次", CorrectiveAction.round),
        *of_case(CorrectiveAction.complaint),
    )
    offered = ("check_effect", "submit_correction", "visit", "add_measure", "communicate")

    def clocks_for(self, row: CorrectiveAction, case: Complaint) -> list[Clock]:
        """Those of the order that it answers."""
        return clocks_of(Clock.order_id == row.order_id)

    def tables(self, row: CorrectiveAction) -> list[dict[str, Any]]:
        checked = [
            (
                formats.term(row.effect_check),
                row.effect_checker or "",
                formats.shown(row.effect_checked_at),
                row.effect_note,
            )
        ]
        order = formats.Markup('<a href="{}">{}</a>').format(url_for("orders.details_view", id=row.order_id), row.order)
        return [
            {"title": "效果确认", "heads": ("结果", "确认人", "时间", "说明"), "rows": checked},
            {
                "title": "来自",
                "heads": ("督办处理单", "承办部门", "投诉件"),
                "rows": [(order, row.order.handling_department, case_link(row.complaint, seen=True))],
            },
        ]
