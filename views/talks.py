"""What was said with the customer: 回访 at the end, 沟通 on the way, and what the investigation found."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy.orm import selectinload

from models import Communication, Investigation, Staff, Visit
from views import formats
from views.casefilters import distinct, of_case
from views.caserecords import CaseRecord, in_one_line
from views.filters import Between, Days, Filter, Flag, Named, OneOf
from workflow.followup import RESULTS


class VisitView(CaseRecord):
    """Return visits: who asked, when, and what the customer said."""

    column_list = ("at", "comment", "result", "way", "attempt", "visitor", "round", "case")
    optional = ("suggestion",)
    column_labels: ClassVar = {
        "at": "回访时间",
        "comment": "客户意见",
        "result": "结果",
        "way": "方式",
        "attempt": "第几次",
        "visitor": "回访人",
        "round": "轮次",
        "suggestion": "建议",
    }
    column_formatters: ClassVar = {"comment": in_one_line, "suggestion": in_one_line}
    sections = (("回访", ("at", "visitor", "way", "attempt", "round", "result", "comment", "suggestion")),)
    terms = ("result", "way")
    wide = ("comment", "suggestion")
    numbers = ("attempt", "round")
    lead = ("result",)
    head_lines = ("comment",)
    order = (Visit.at.desc(),)
    searched = (Visit.comment, Visit.suggestion)
    loads = (selectinload(Visit.complaint), selectinload(Visit.visitor))
    views: ClassVar = {"全部": {}, "不满意": {"result": "不满意"}, "无法联系": {"result": "无法联系"}}
    empty = ("还没有回访", "效果确认通过之后，在投诉件上按“回访”，客户说了什么就记在这里。")
    filters: tuple[Filter, ...] = (
        OneOf("result", "结果", Visit.result, options=RESULTS),
        OneOf("way", "方式", Visit.way, options=distinct(Visit.way)),
        Named("visitor", "回访人", Visit.visitor_id, model=Staff),
        Days("at", "回访时间", Visit.at),
        Between("round", "轮次", Visit.round),
        *of_case(Visit.complaint),
    )
    offered = ("visit", "confirm", "close", "communicate")


class CommunicationView(CaseRecord):
    """Talks and letters on the way."""

    column_list = ("at", "text", "kind", "way", "direction", "person", "by", "case")
    column_labels: ClassVar = {
        "at": "时间",
        "text": "内容",
        "kind": "种类",
        "way": "方式",
        "direction": "来去",
        "person": "对方",
        "by": "记录人",
    }
    column_formatters: ClassVar = {"text": in_one_line}
    masked: ClassVar = {"person": formats.masked_name}
    sections = (("沟通", ("at", "by", "direction", "way", "kind", "person", "text")),)
    terms = ("kind", "way", "direction")
    wide = ("text",)
    lead = ("kind",)
    head_lines = ("text",)
    order = (Communication.at.desc(),)
    searched = (Communication.text, Communication.person)
    loads = (selectinload(Communication.complaint), selectinload(Communication.by))
    empty = ("还没有沟通记录", "给客户打了电话、回了信，在投诉件上按“记录沟通”记下来。")
    filters: tuple[Filter, ...] = (
        OneOf("kind", "种类", Communication.kind, options=distinct(Communication.kind)),
        OneOf("way", "方式", Communication.way, options=distinct(Communication.way)),
        OneOf("direction", "来去", Communication.direction, options=("来", "去")),
        Named("by", "记录人", Communication.by_id, model=Staff),
        Days("at", "时间", Communication.at),
        *of_case(Communication.complaint),
    )
    offered = ("communicate",)


class InvestigationView(CaseRecord):
    """调查记录: facts, cause, and whether the complaint is founded."""

    column_list = ("started_at", "facts", "conclusion", "responsible_party", "investigator", "finished_at", "case")
    optional = ("method", "cause")
    column_labels: ClassVar = {
        "started_at": "开始",
        "facts": "查明的事实",
        "conclusion": "结论",
        "responsible_party": "责任方",
        "investigator": "调查处理人",
        "finished_at": "完成",
        "method": "调查方式",
        "cause": "原因",
    }
    column_formatters: ClassVar = {"facts": in_one_line, "cause": in_one_line}
    sections = (
        ("调查", ("investigator", "started_at", "finished_at", "method")),
        ("结果", ("conclusion", "responsible_party", "facts", "cause")),
    )
    terms = ("conclusion", "method")
    wide = ("facts", "cause")
    lead = ("conclusion",)
    head_lines = ("facts",)
    order = (Investigation.finished_at.is_not(None), Investigation.started_at.desc())
    searched = (Investigation.facts, Investigation.cause, Investigation.responsible_party)
    loads = (selectinload(Investigation.complaint), selectinload(Investigation.investigator))
    views: ClassVar = {"全部": {}, "调查中": {"finished": "否"}, "属实": {"conclusion": ["属实", "部分属实"]}}
    empty = ("还没有调查记录", "开具督办处理单时，调查随之开始；查明之后在投诉件上按“记录调查”。")
    filters: tuple[Filter, ...] = (
        OneOf("conclusion", "结论", Investigation.conclusion, options=("属实", "部分属实", "不属实", "待定")),
        Flag("finished", "已经完成", Investigation.finished_at.is_not(None)),
        Named("investigator", "调查处理人", Investigation.investigator_id, model=Staff),
        Days("started", "开始", Investigation.started_at),
        *of_case(Investigation.complaint),
    )
    offered = ("investigate", "judge", "propose_assessment", "fill_document")
