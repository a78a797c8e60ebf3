"""The fact vocabulary: what a rule may ask about a case, and of which type each answer is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from rules.vocabulary import Conclusion, EffectCheck, OrderState, ProposalState, State, VisitResult, WorkOrderState


class FactType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    INSTANT = "instant"
    DURATION = "duration"
    CHOICE = "choice"
    LIST = "list"
    DEPARTMENT = "department"
    PERSON = "person"
    FLAG = "flag"


@dataclass(frozen=True)
class Fact:
    """One thing that can be asked: its name in a rule, its label on screen, its type and, for choices, its values.

    A `whole` number is a count: 0, 1, 2 and nothing between.
    """

    name: str
    label: str
    type: FactType = FactType.TEXT
    unit: str = ""
    values: tuple[str, ...] = ()
    whole: bool = False


Facts = Mapping[str, object]

ARGUMENT = "argument."

T = FactType

_CORE: Iterable[Fact] = (
    # what is going on
    Fact("verb", "动作", T.TEXT),
    Fact("event", "事件", T.TEXT),
    Fact("object", "审批事项", T.TEXT),
    Fact("clock", "时限名称", T.TEXT),
    Fact("state", "状态", T.CHOICE, values=tuple(State)),
    # the case
    Fact("case_no", "编号"),
    Fact("channel", "来源", T.CHOICE),
    Fact("nature", "性质", T.CHOICE),
    Fact("category", "类别"),
    Fact("compensation_sought", "寻求补偿", T.CHOICE),
    Fact("demand", "客户要求(诉求)"),
    Fact("content", "反映内容"),
    Fact("name", "反映人姓名"),
    Fact("phone", "联系电话"),
    Fact("address", "联系地址"),
    Fact("address_reason", "未提供地址的原因"),
    Fact("anonymous", "匿名", T.FLAG),
    Fact("complainant_kind", "反映人类型"),
    Fact("forwarder", "转办人(转办单位)"),
    Fact("place", "发生地点"),
    Fact("parties_count", "涉及人数", T.NUMBER, unit="人", whole=True),
    Fact("impact", "社会影响", T.CHOICE),
    Fact("grade", "级别", T.CHOICE),
    Fact("provisional_grade", "级别只是暂定", T.FLAG),
    Fact("grade_differs", "所选级别与事实不符", T.FLAG),
    Fact("grade_by_facts", "按事实的级别", T.CHOICE),
    Fact("lowers_grade", "低于按事实的级别", T.FLAG),
    Fact("grade_by_hand", "手工定的级别", T.FLAG),
    Fact("severity", "严重程度", T.NUMBER, whole=True),
    Fact("overdue", "已超期", T.FLAG),
    Fact("month", "受理月份"),
    Fact("satisfaction", "客户满意度", T.CHOICE, values=tuple(VisitResult)),
    Fact("flags", "标记", T.LIST),
    Fact("round", "处理轮次", T.NUMBER, unit="轮", whole=True),
    Fact("close_reason", "结案原因", T.CHOICE),
    Fact("documents", "已有文书", T.LIST),
    Fact("open_duties", "未完成事项", T.LIST),
    Fact("responsible_department", "责任部门", T.DEPARTMENT),
    Fact("complained_department", "被反映部门", T.DEPARTMENT),
    Fact("complained_person", "被反映人员", T.PERSON),
    Fact("handling_department", "承办部门", T.DEPARTMENT),
    Fact("investigator", "调查处理人", T.PERSON),
    Fact("investigation_department", "调查处理部门", T.DEPARTMENT),
    Fact("responsible_person", "责任人", T.PERSON),
    Fact("handler", "承办人", T.PERSON),
    Fact("receiver", "受理人", T.PERSON),
    Fact("handler_trained", "承办人培训有效", T.FLAG),
    Fact("return_count", "退单次数", T.NUMBER, unit="次", whole=True),
    Fact("coop_departments", "协办部门", T.LIST),
    Fact("talks", "已有沟通的类型", T.LIST),
    Fact("attachments", "已有附件和引用资料的种类", T.LIST),
    Fact("handler_is_responsible", "承办人就是责任人", T.FLAG),
    # its records, the newest of each kind
    Fact("founded", "调查结论", T.CHOICE, values=tuple(Conclusion)),
    Fact("investigated", "已调查", T.FLAG),
    Fact("cause", "已查明的原因"),
    Fact("order_state", "督办处理单状态", T.CHOICE, values=tuple(OrderState)),
    Fact("order_count", "督办处理单张数", T.NUMBER, unit="张", whole=True),
    Fact("correction_count", "情况表份数", T.NUMBER, unit="份", whole=True),
    Fact("visit_count", "回访次数", T.NUMBER, unit="次", whole=True),
    Fact("assessment_count", "考核意见条数", T.NUMBER, unit="条", whole=True),
    Fact("effect_check", "效果确认", T.CHOICE, values=tuple(EffectCheck)),
    Fact("corrective_measures", "纠正措施"),
    Fact("measures_none", "未制定纠正措施", T.FLAG),
    Fact("visit_result", "回访结果", T.CHOICE, values=tuple(VisitResult)),
    Fact("unreachable_days", "无法联系的天数", T.NUMBER, unit="天", whole=True),
    Fact("points", "扣分", T.NUMBER, unit="分", whole=True),
    Fact("proposal_state", "方案状态", T.CHOICE, values=tuple(ProposalState)),
    Fact("proposal_number", "方案版次", T.NUMBER, unit="版", whole=True),
    Fact("proposal_plan", "处理方案"),
    Fact("cause_explanation", "原因说明"),
    Fact("reviewed_by", "已审核的各方", T.LIST),
    Fact("implemented", "已实施", T.FLAG),
    Fact("team_departments", "小组成员的部门", T.LIST),
    Fact("team_roles", "小组成员的角色", T.LIST),
    Fact("team_leader_department", "组长的部门", T.DEPARTMENT),
    Fact("site_visited", "已现场查看", T.FLAG),
    Fact("feedback_given", "已反馈结果", T.FLAG),
    Fact("methods", "已用的调查方式", T.LIST),
    Fact("external_units", "已联系的外部单位", T.LIST),
    Fact("work_order_state", "维修单状态", T.CHOICE, values=tuple(WorkOrderState)),
    Fact("work_order_paid", "维修单有偿或无偿", T.CHOICE, values=("有偿", "无偿")),
    Fact("work_order_quoted", "维修单已报价", T.FLAG),
    Fact("customer_consents", "客户认可报价", T.FLAG),
    Fact("appointed_at", "预约时间", T.INSTANT),
    # clocks
    Fact("due_on_rest_day", "截止日为休息日", T.FLAG),
    Fact("rest_day", "休息日名称"),
    Fact("due_at", "截止时间", T.INSTANT),
    Fact("late_clocks", "超期过的时限", T.LIST),
    Fact("received_at", "接到时间", T.INSTANT),
    Fact("registered_at", "登记时间", T.INSTANT),
    Fact("accepted_at", "受理时间", T.INSTANT),
    Fact("incident_at", "发生时间", T.INSTANT),
    Fact("closed_at", "结案时间", T.INSTANT),
    Fact("promised_feedback_at", "已告知的反馈时间", T.INSTANT),
    Fact("received_in_hours", "工作时间内接到", T.FLAG),
    Fact("days_overdue", "超期天数", T.NUMBER, unit="天", whole=True),
    # who is acting
    Fact("actor", "办理人", T.PERSON),
    Fact("actor_roles", "办理人角色", T.LIST),
    Fact("actor_departments", "办理人部门", T.LIST),
    Fact("actor_is_head", "办理人是调查处理部门负责人", T.FLAG),
    Fact("actor_is_handler", "办理人就是承办人", T.FLAG),
    Fact("actor_is_responsible", "办理人就是责任人", T.FLAG),
    Fact("actor_heads_responsible", "办理人是责任部门负责人", T.FLAG),
    Fact("signed_by_head", "承办部门负责人已签名", T.FLAG),
)

CORE: dict[str, Fact] = {fact.name: fact for fact in _CORE}

_ARGUMENTS: Iterable[Fact] = (
    Fact("accepts", "客户是否接受"),
    Fact("conclusion", "调查结论"),
    Fact("construction_unit", "施工单位"),
    Fact("customer_request", "客户要求(诉求)"),
    Fact("decision", "决定"),
    Fact("due_on", "完成日期", T.DATE),
    Fact("effect_note", "效果确认说明"),
    Fact("expected_finish_at", "要求完成时间", T.INSTANT),
    Fact("handling_status", "处理情况"),
    Fact("kind", "种类"),
    Fact("limit_days", "办理天数", T.NUMBER, unit="天", whole=True),
    Fact("limit_kind", "办理时限"),
    Fact("method", "调查方式"),
    Fact("occurrences", "次数", T.NUMBER, unit="次", whole=True),
    Fact("opinion", "意见"),
    Fact("other_text", "其它方式的说明"),
    Fact("party", "审核方"),
    Fact("problem_summary", "问题摘要"),
    Fact("reason", "原因"),
    Fact("report_way", "反映方式"),
    Fact("result", "结果"),
    Fact("sanction", "处分"),
    Fact("signed", "客户已签名", T.FLAG),
    Fact("standard_no", "考核项目"),
    Fact("subject_kind", "考核对象"),
    Fact("summary", "总结"),
    Fact("to_dept", "转往部门", T.DEPARTMENT),
    Fact("to_person", "转往人员", T.PERSON),
    Fact("way", "方式"),
)

ARGUMENTS: dict[str, Fact] = {fact.name: fact for fact in _ARGUMENTS}
"""Arguments of verbs that are no facts of the case, for rules that ask about them; the texts may be of any type."""

OF_A_DEED = frozenset(
    {
        *("verb", "event", "object", "clock", "grade_differs", "grade_by_facts", "lowers_grade", "points"),
        *("due_on_rest_day", "rest_day", "days_overdue", "handler_trained", "signed_by_head"),
        *("received_in_hours",),
        *("actor", "actor_roles", "actor_departments", "actor_is_head", "actor_is_handler", "actor_is_responsible"),
        "actor_heads_responsible",
    }
)
"""Core facts that exist only while something is done, or on that day: no stored case has them."""


WHEN_ASKED = frozenset({"late_clocks", "received_in_hours", "talks", "attachments", "methods", "external_units"})
"""Core facts that cost something to know: they are read, and kept, only where a rule of the document asks for them."""


def argument(name: str) -> Fact:
    """The fact that stands for an argument of the verb under way; it may be of any type."""
    return Fact(name, name.removeprefix(ARGUMENT), FactType.TEXT)


def lookup(name: str, own: Mapping[str, Fact]) -> Fact | None:
    """The fact of that name: a procedure's own field, a core fact, an argument of the verb; None when there is none."""
    if name in own:
        return own[name]
    if name in CORE:
        return CORE[name]
    if name.startswith(ARGUMENT) and name[len(ARGUMENT) :].isidentifier():
        bare = name[len(ARGUMENT) :]
        known = own.get(bare) or CORE.get(bare) or ARGUMENTS.get(bare)
        return replace(known, name=name) if known else argument(name)
    return None
