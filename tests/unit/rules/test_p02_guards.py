"""P02's guards: what each verb is refused for, and that a complete one passes."""

import pytest

from rules import engine
from tests.unit.rules.shared import p02

REGISTER = {
    "verb": "register",
    "nature": "抱怨",
    "channel": "来电",
    "argument.name": "客户一",
    "argument.phone": "13800000000",
    "argument.address": "一号楼",
    "argument.content": "未按约上门",
    "argument.channel": "来电",
}
ORDER = {
    "verb": "issue_order",
    "responsible_department": "客户营业部",
    "demand": "改进",
    "argument.limit_kind": "N日内",
    "argument.limit_days": 3,
}
CORRECTION = {
    "verb": "submit_correction",
    "order_state": "已签收",
    "signed_by_head": True,
    "argument.problem_summary": "甲",
    "argument.handling_status": "乙",
    "argument.corrective_measures": "丙",
}
EFFECT = {
    "verb": "check_effect",
    "correction_count": 1,
    "effect_check": "待检查",
    "argument.result": "通过",
    "actor_is_handler": False,
    "actor_is_responsible": False,
}
VISIT = {
    "verb": "visit",
    "correction_count": 1,
    "order_state": "效果确认通过",
    "argument.result": "满意",
    "actor_is_handler": False,
    "actor_is_responsible": False,
}
CLOSE = {
    "verb": "close",
    "correction_count": 1,
    "effect_check": "通过",
    "visit_result": "满意",
    "round": 1,
    "founded": "属实",
    "flags": [],
    "documents": [],
    "actor_roles": ["调查处理人"],
    "actor_is_head": False,
    "unreachable_days": 0,
    "anonymous": False,
    "argument.close_reason": "解决",
}
ASSESS = {"verb": "propose_assessment", "founded": "属实", "nature": "抱怨", "provisional_grade": False}
COMPLETE = [REGISTER, ORDER, CORRECTION, EFFECT, VISIT, CLOSE, ASSESS]


def refusal(facts: dict, **changes) -> str:
    """Everything the verb is refused for; `argument_x` changes the argument x."""
    seen = {**facts, **{name.replace("argument_", "argument."): value for name, value in changes.items()}}
    return ";".join(engine.text_of(found.outcome) for found in engine.collect(p02(), "require", seen))


@pytest.mark.parametrize("facts", COMPLETE, ids=lambda facts: facts["verb"])
def test_a_complete_deed_is_not_refused(facts):
    assert refusal(facts) == ""


@pytest.mark.clause("P02-3.1", "P02-7.1")
@pytest.mark.parametrize(
    ("missing", "word"),
    [("name", "姓名"), ("phone", "电话"), ("address", "地址"), ("content", "内容"), ("channel", "来源")],
)
def test_intake_needs_the_five_data(missing, word):
    assert word in refusal(REGISTER, **{f"argument_{missing}": None})


@pytest.mark.clause("P02-3.1")
def test_an_address_may_be_withheld_with_a_reason():
    assert "原因" in refusal(REGISTER, argument_address="未提供")
    assert refusal(REGISTER, argument_address="未提供", argument_address_reason="客户不愿提供") == ""


@pytest.mark.clause("F-21")
def test_an_anonymous_complainant_needs_no_name():
    assert (
        refusal(REGISTER, argument_anonymous=True, argument_name=None, argument_phone=None, argument_address=None) == ""
    )


@pytest.mark.clause("P02-5.6")
def test_public_media_need_their_kind():
    assert "媒体" in refusal(REGISTER, channel="公共媒体", nature="投诉")
    assert "媒体" in refusal(REGISTER, channel="公共媒体", nature="投诉", mainstream_media=False, other_media=False)
    assert refusal(REGISTER, channel="公共媒体", nature="投诉", other_media=True) == ""


@pytest.mark.clause("P02-5.6")
def test_the_impact_is_judged_by_the_staff_department_alone():
    facts = {"verb": "update", "argument.impact": "一定不良"}
    assert "人力资源行政部" in refusal(facts, actor_departments=["客户服务中心"])
    assert refusal(facts, actor_departments=["人力资源行政部"]) == ""


@pytest.mark.clause("F-14")
def test_a_preset_nature_is_changed_only_with_a_reason():
    facts = {**REGISTER, "channel": "市长信箱", "argument.nature": "抱怨"}
    assert "原因" in refusal(facts)
    assert refusal(facts, argument_reason="只是咨询") == ""


@pytest.mark.clause("P02-18.1", "P02-3.2", "P02-3.5", "P02-8.1")
@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"responsible_department": None}, "部门"),
        ({"demand": None}, "客户要求"),
        ({"argument_limit_kind": None, "argument_limit_days": None}, "办理时限"),
        ({"argument_limit_days": None}, "天数"),
        ({"argument_limit_days": 0}, "不小于 1"),
        ({"argument_limit_days": -3}, "不小于 1"),
        ({"argument_limit_days": 10**9}, "365"),
    ],
)
def test_an_order_needs_department_demand_and_limit(changes, word):
    assert word in refusal(ORDER, **changes)


@pytest.mark.clause("P02-8.2")
def test_an_order_for_the_same_day_needs_no_number():
    assert refusal(ORDER, argument_limit_kind="当天", argument_limit_days=None) == ""


@pytest.mark.clause("P02-7.5", "P02-11.1", "P02-11.2", "P02-12.2")
@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"order_state": None}, "尚未开具"),
        ({"order_state": "已开具"}, "签字"),
        ({"order_state": "已反馈"}, "已经提交"),
        ({"argument_problem_summary": ""}, "摘要"),
        ({"argument_handling_status": None}, "处理情况"),
        ({"argument_corrective_measures": None}, "纠正措施"),
        ({"signed_by_head": False}, "签名"),
    ],
)
def test_a_corrective_record_needs_a_signed_order_its_fields_and_the_head(changes, word):
    assert word in refusal(CORRECTION, **changes)


@pytest.mark.clause("P02-7.6")
def test_an_order_sent_back_takes_another_record():
    assert refusal(CORRECTION, order_state="退回整改") == ""


@pytest.mark.clause("P02-7.6", "G-15")
@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"correction_count": 0, "effect_check": None}, "情况表(附件2)"),
        ({"effect_check": "通过"}, "情况表(附件2)"),
        ({"argument_result": None}, "结果"),
        ({"argument_result": "未通过"}, "原因"),
        ({"actor_is_handler": True}, "承办人"),
        ({"actor_is_responsible": True}, "责任人"),
    ],
)
def test_an_effect_is_confirmed_on_a_record_by_somebody_else(changes, word):
    assert word in refusal(EFFECT, **changes)


@pytest.mark.clause("P02-7.7", "P02-18.2", "P02-14.1", "G-15")
@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"correction_count": 0}, "情况表(附件2)"),
        ({"order_state": "退回整改"}, "情况表(附件2)"),
        ({"argument_result": None}, "结果"),
        ({"actor_is_handler": True}, "承办人"),
    ],
)
def test_a_visit_comes_after_the_record_and_not_by_the_handler(changes, word):
    assert word in refusal(VISIT, **changes)


@pytest.mark.clause("P02-18.2", "P02-14.2", "P02-7.9", "F-21", "G-22")
@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"argument_close_reason": None}, "结案原因"),
        ({"correction_count": 0}, "情况表"),
        ({"effect_check": None}, "效果确认"),
        ({"effect_check": "待检查"}, "效果确认"),
        ({"effect_check": "未通过"}, "效果确认"),
        ({"visit_result": None}, "回访"),
        ({"visit_result": "不满意"}, "不满意"),
        ({"visit_result": "无法联系", "unreachable_days": 2}, "3 个不同"),
        ({"argument_close_reason": "无法联系", "argument_summary": "无人接听"}, "3 个不同"),
        ({"argument_close_reason": "匿名无法回访", "argument_summary": "匿名"}, "不是匿名"),
        ({"argument_close_reason": "客户拒评"}, "说明原因"),
        ({"argument_close_reason": "非我方责任已解释"}, "负责人"),
        ({"argument_close_reason": "不属实"}, "不属实"),
        ({"argument_close_reason": "不属实", "founded": "不属实", "visit_result": None}, "负责人"),
        ({"argument_close_reason": "两轮后仍不满意", "round": 2}, "两轮"),
        ({"argument_close_reason": "两轮后仍不满意", "round": 3}, "公司领导"),
        ({"flags": ["需通报"]}, "调查报告"),
    ],
)
def test_a_case_is_not_closed_before_it_is_done(changes, word):
    assert word in refusal(CLOSE, **changes)


@pytest.mark.clause("F-21", "G-22", "P02-7.9")
@pytest.mark.parametrize(
    "changes",
    [
        {"visit_result": "基本满意"},
        {
            "visit_result": "无法联系",
            "unreachable_days": 3,
            "argument_close_reason": "无法联系",
            "argument_summary": "三次未接",
        },
        {"visit_result": "不满意", "round": 3, "actor_roles": ["公司领导"], "argument_close_reason": "两轮后仍不满意"},
        {"visit_result": None, "actor_is_head": True, "argument_close_reason": "非我方责任已解释"},
        {"visit_result": None, "anonymous": True, "argument_close_reason": "匿名无法回访", "argument_summary": "匿名"},
        {"flags": ["需通报"], "documents": ["调查报告"]},
        {"founded": "不属实", "correction_count": 0, "effect_check": None, "argument_close_reason": "不属实"},
    ],
)
def test_the_exceptions_to_satisfaction_are_those_of_the_list(changes):
    assert refusal(CLOSE, **changes) == ""


@pytest.mark.clause("P02-17.12")
@pytest.mark.parametrize(("founded", "word"), [(None, "调查"), ("待定", "调查"), ("不属实", "属实")])
def test_assessment_comes_after_a_founded_investigation(founded, word):
    assert word in refusal(ASSESS, founded=founded)


@pytest.mark.clause("F-13", "P02-17.4")
def test_a_provisional_grade_carries_no_sanction():
    assert "暂定" in refusal(ASSESS, nature="投诉", provisional_grade=True)


@pytest.mark.clause("P02-18.4", "P02-5.4")
def test_a_grumble_takes_no_grade():
    assert "抱怨" in refusal({"verb": "change_grade", "nature": "抱怨", "argument.reason": "按投诉处理"})


@pytest.mark.clause("P02-18.4", "G-12", "G-16")
@pytest.mark.parametrize(
    "verb", ["change_grade", "void", "transfer", "withdraw", "pause", "reopen", "request_extension"]
)
def test_what_changes_course_or_time_needs_a_reason(verb):
    facts = {"verb": verb, "nature": "投诉", "argument.to_dept": "客户营业部"}
    assert "原因" in refusal(facts)
    assert "原因" not in refusal(facts, argument_reason="重复登记")


@pytest.mark.clause("P02-7.13", "P02-13.2")
def test_the_monthly_circular_comes_from_the_service_centre():
    facts = {"verb": "circulate", "argument.kind": "月度服务质量检查通报"}
    assert "客户服务中心" in refusal(facts, actor_departments=["客户营业部"])
    assert refusal(facts, actor_departments=["客户服务中心"]) == ""


def test_every_refusal_names_its_clause_and_its_reason():
    for rule in p02().rules:
        assert rule.because
        assert all(clause.startswith(("P02-", "G-", "F-")) for clause in rule.cites)
