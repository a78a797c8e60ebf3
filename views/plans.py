"""处理方案 and what became of them: plans, approvals, and the trainings of those who handle them."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy.orm import selectinload

from models import Approval, Proposal, Staff, Training, TrainingAttendance
from rules.vocabulary import ProposalState
from views import formats
from views.base import EVERYBODY
from views.casefilters import distinct, of_case
from views.caserecords import CaseRecord, in_one_line
from views.filters import Between, Days, Filter, Named, OneOf
from views.people import HouseRecord


def amount(name: str) -> Any:
    """An amount of money in its column."""
    return lambda _view, _context, row, _name: formats.money(getattr(row, name))


class PlanView(CaseRecord):
    """Plans: what was proposed, in which version, and what the customer said."""

    works_by = ("propose",)
    column_list = ("created_at", "plan", "kind", "state", "number", "compensation", "author", "case")
    optional = ("cause_explanation", "basis", "cost", "round", "replied_at", "answered_at", "answer")
    column_labels: ClassVar = {
        "created_at": "制定",
        "plan": "处理方案",
        "kind": "方案种类",
        "state": "状态",
        "number": "方案版次",
        "compensation": "补偿金额",
        "cost": "费用",
        "author": "制定人",
        "cause_explanation": "原因说明",
        "basis": "依据",
        "round": "轮次",
        "replied_at": "回复客户",
        "answered_at": "客户答复",
        "answer": "客户意见",
    }
    column_formatters: ClassVar = {
        "plan": in_one_line,
        "cause_explanation": in_one_line,
        "basis": in_one_line,
        "answer": in_one_line,
        "compensation": amount("compensation"),
        "cost": amount("cost"),
    }
    sections = (
        ("方案", ("number", "round", "kind", "cause_explanation", "plan", "basis", "cost", "compensation")),
        ("去向", ("author", "created_at", "state", "replied_at", "answered_at", "answer")),
    )
    terms = ("kind", "state")
    wide = ("plan", "cause_explanation", "basis", "answer")
    numbers = ("number", "round", "compensation", "cost")
    lead = ("state",)
    head_lines = ("plan",)
    order = (Proposal.created_at.desc(),)
    searched = (Proposal.plan, Proposal.cause_explanation, Proposal.answer)
    loads = (selectinload(Proposal.complaint), selectinload(Proposal.author))
    views: ClassVar = {
        "全部": {},
        "待审批": {"state": "待审批"},
        "等客户答复": {"state": "已回复客户"},
        "客户不接受": {"state": "客户不接受"},
    }
    empty = ("还没有处理方案", "判定责任之后，在投诉件上按“制定方案”。")
    filters: tuple[Filter, ...] = (
        OneOf("state", "状态", Proposal.state, options=tuple(ProposalState)),
        OneOf("kind", "方案种类", Proposal.kind, options=distinct(Proposal.kind)),
        Named("author", "制定人", Proposal.author_id, model=Staff),
        Days("created", "制定", Proposal.created_at),
        Between("number", "方案版次", Proposal.number),
        *of_case(Proposal.complaint),
    )
    timed = ("propose", "approve", "reply", "implement")
    offered = (
        "propose",
        "review",
        "submit",
        "approve",
        "reject",
        "reply",
        "record_acceptance",
        "implement",
        "feedback",
    )


class ApprovalView(CaseRecord):
    """Approvals: who was asked for what, and what he decided."""

    works_by = ("submit", "approve")
    column_list = ("asked_at", "object", "decision", "role", "department", "opinion", "decided_by", "case")
    optional = ("asked_by", "decided_at")
    column_labels: ClassVar = {
        "asked_at": "报批",
        "object": "审批事项",
        "decision": "决定",
        "role": "由谁审批",
        "department": "部门",
        "opinion": "意见",
        "asked_by": "报批人",
        "decided_by": "审批人",
        "decided_at": "审批时间",
    }
    column_formatters: ClassVar = {"opinion": in_one_line}
    sections = (
        ("报批", ("object", "asked_by", "asked_at", "role", "department")),
        ("决定", ("decision", "decided_by", "decided_at", "opinion")),
    )
    terms = ("object", "decision", "role")
    wide = ("opinion",)
    lead = ("decision",)
    head_lines = ("object",)
    order = (Approval.decided_at.is_not(None), Approval.asked_at.desc())
    searched = (Approval.opinion,)
    loads = (
        selectinload(Approval.complaint),
        selectinload(Approval.asked_by),
        selectinload(Approval.decided_by),
        selectinload(Approval.department),
    )
    views: ClassVar = {"待审": {"decision": "待审"}, "全部": {}, "驳回": {"decision": "驳回"}}
    empty = ("没有审批", "方案提交审批之后，在这里等审批人决定。")
    filters: tuple[Filter, ...] = (
        OneOf("decision", "决定", Approval.decision, options=("待审", "同意", "驳回")),
        OneOf("object", "审批事项", Approval.object, options=distinct(Approval.object)),
        Named("asked_by", "报批人", Approval.asked_by_id, model=Staff),
        Named("decided_by", "审批人", Approval.decided_by_id, model=Staff),
        Days("asked", "报批", Approval.asked_at),
        *of_case(Approval.complaint),
    )
    timed = ("approve",)
    offered = ("approve", "reject")


class TrainingView(HouseRecord):
    """Trainings with those who took part; everybody may look up who is qualified."""

    readers = EVERYBODY
    works_by = ("train",)
    create_verb = "train"
    create_label = "登记培训"
    can_edit = False
    column_list = ("held_on", "topic", "kind", "people", "teachers", "valid_until")
    optional = ("recorded_by", "recorded_at")
    column_labels: ClassVar = {
        "held_on": "日期",
        "topic": "主题",
        "kind": "种类",
        "people": "参加人",
        "teachers": "讲师",
        "valid_until": "有效期至",
        "recorded_by": "登记人",
        "recorded_at": "登记时间",
    }
    column_formatters: ClassVar = {
        "people": lambda _view, _context, row, _name: "、".join(str(one) for one in row.attendance),
        "teachers": lambda _view, _context, row, _name: "、".join(map(str, row.trainers)),
    }
    sections = (
        ("培训", ("topic", "kind", "held_on", "valid_until", "teachers", "people", "recorded_by", "recorded_at")),
    )
    terms = ("kind",)
    wide = ("people",)
    lead = ("topic",)
    head_lines = ("topic",)
    order = (Training.held_on.desc(), Training.id.desc())
    searched = (Training.topic,)
    loads = (
        selectinload(Training.attendance).selectinload(TrainingAttendance.staff),
        selectinload(Training.recorded_by),
    )
    empty = ("还没有培训", "按“登记培训”，写下主题、参加人和有效期；派给没有受训的人时会提醒。")
    filters: tuple[Filter, ...] = (
        OneOf("kind", "种类", Training.kind, options=distinct(Training.kind)),
        Days("held", "日期", Training.held_on),
    )
