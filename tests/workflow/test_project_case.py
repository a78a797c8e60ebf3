"""A complaint about the service project from the counter to the archive: who is asked, who answers, how it may end."""

from __future__ import annotations

from typing import Any

import pytest

from models import Communication, Implementation, Staff, Visit
from rules.lint import lint
from rules.procedure import parse, shipped
from tests.support.cast import OPENING, House, employ
from workflow import procedures
from workflow.access import SYSTEM

CALL = {
    "procedure": "P01",
    "channel": "柜台",
    "kind": "监护人",
    "name": "张三",
    "phone": "13800000301",
    "content": "约定每月四次活动,上月只开展两次",
    "category": "服务次数",
}
FOUND = {"method": "查阅资料", "facts": "签到表显示两次", "conclusion": "属实", "cause": "场地停用未补课"}
JUDGED = {"founded": "成立", "responsible_department": "项目部"}
PLAN = {"kind": "改进服务", "cause_explanation": "场地停用未补课", "plan": "本月内补足两次"}
DONE = {"implementer": "项目甲", "finished_at": "2026-05-12 09:20", "result": "已补足两次"}
ANSWER = {"kind": "处理完毕回复", "way": "电话", "text": "两次活动已补足"}
WAY: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("accept", "接待甲", {}, "已受理"),
    ("dispatch", "接待甲", {"to_dept": "项目部", "to_person": "项目甲"}, "处理中"),
    ("investigate", "项目甲", FOUND, "处理中"),
    ("judge", "接待甲", JUDGED, "责任已判定"),
    ("propose", "接待甲", PLAN, "方案制定"),
    ("reply", "接待甲", {"way": "电话", "text": "因场地停用,本月补足"}, "方案沟通"),
    ("record_acceptance", "接待甲", {"accepts": "接受"}, "实施中"),
    ("implement", "项目甲", DONE, "已反馈"),
    ("visit", "接待乙", {"way": "电话", "result": "满意"}, "待确认"),
)
"""What is done to a complaint that is founded, by whom, and where it is then."""
SEAT = """
[[rule]]
id = "seat-{value}"
stage = "dispatch"
when = {{ customer_value = "{value}", category = "{kind}" }}
then = {{ department = "客服部", person = "{name}" }}
because = "专席"
cites = ["9.1"]
"""
RATE = """
[[indicator]]
name = "回访率"
numerator = "visited"
denominator = "cases"
target = 0.9
"""
MANAGEMENT = '    { name = "投诉管理部门", kind = "客服" },\n'
MORNING = "2026-05-12 09:30"
END = {"by": "接待甲", "at": MORNING, "close_reason": "解决", "summary": "场地停用须当周安排补课"}


@pytest.fixture
def project(house: House) -> House:
    """The service project's procedure beside the other one: a desk of two, one of the project, a manager."""
    procedures.put_in_force(house.session, shipped()["P01"], actor=SYSTEM, now=OPENING)
    for name in ("接待甲", "接待乙"):
        employ(house.session, name, "客服部", "受理人")
    employ(house.session, "项目甲", "项目部", "承办人")
    employ(house.session, "督办甲", "投诉管理部门")
    employ(house.session, "总经理", "投诉管理部门", "最高管理者")
    house.department("客服部").head = Staff(name="客服部负责人", department=house.department("客服部"))
    house.session.flush()
    return house


def called(house: House, at: str = MORNING, **more: Any) -> None:
    house.case = house.do("register", by="接待甲", at=at, **{**CALL, **more}).thing


def go_on(house: House, until: str, at: str = MORNING) -> None:
    """From where the case is until it has come to that state; 项目甲 handles it."""
    states = [state for *_, state in WAY]
    here = house.the_case().state
    first = len(states) - states[::-1].index(here) if here in states else int(here == "重新处理")
    last = len(states) - states[::-1].index(until)
    for verb, by, given, state in WAY[first:last]:
        house.do(verb, by=by, at=at, **given)
        assert house.the_case().state == state


@pytest.mark.clause("P01-1.1", "P01-3.1", "P01-6.3", "P01-7.1")
def test_what_is_known_at_once_is_filled_in(project: House) -> None:
    called(project)
    case = project.the_case()
    assert case.state == "已登记"
    assert case.fields["service_project"] == "留守儿童关爱服务项目"
    assert (case.fields["first_asked_owner"], case.fields["customer_value"]) == ("接待甲", "普通")


@pytest.mark.clause("P01-1.2", "P01-2.1", "P01-7.7")
def test_the_lists_offer_what_the_mechanism_names(project: House) -> None:
    asked = project.form("register", by="接待甲", procedure="P01")
    assert asked["kind"] == ["委托方", "监护人", "儿童(由监护人或工作人员代为提出)", "其他客户"]
    assert asked["channel"] == ["客服热线", "柜台", "电子邮件", "网站表单"]
    assert {"relation_to_child", "is_minor", "customer_brand", "customer_value", "major_hot"} <= set(asked)
    called(project)
    assert project.form("communicate", by="接待甲")["kind"][:2] == ["阶段回复", "处理完毕回复"]


@pytest.mark.clause("P01-3.1", "P01-7.1")
@pytest.mark.parametrize("missing", ["content", "category", "channel", "name", "phone"])
def test_what_is_not_said_at_the_counter_is_asked_for_at_its_field(project: House, missing: str) -> None:
    given = {key: value for key, value in CALL.items() if key != missing}
    refused = project.refusal("register", by="接待甲", **given)
    assert [finding.field for finding in refused.findings] == [missing]


@pytest.mark.clause("P01-3.2")
@pytest.mark.parametrize(("brand", "value"), [("金卡", "高"), ("银卡", "普通"), ("普通卡", "普通"), (None, "普通")])
def test_the_value_of_a_customer_goes_by_his_brand(project: House, brand: str | None, value: str) -> None:
    called(project, customer_brand=brand)
    assert project.the_case().fields["customer_value"] == value


@pytest.mark.clause("P01-3.2")
def test_a_value_that_was_chosen_stays_whatever_the_brand(project: House) -> None:
    called(project, customer_brand="金卡", customer_value="普通")
    assert project.the_case().fields["customer_value"] == "普通"


@pytest.mark.clause("P01-4.1", "P01-5.1", "P01-9.1")
def test_a_type_and_the_seats_for_it_are_added_in_the_document(project: House) -> None:
    kind = "服务人员失约"
    seats = "".join(SEAT.format(value=v, name=n, kind=kind) for v, n in (("高", "接待甲"), ("普通", "接待乙")))
    first = '\n[[rule]]\nid = "dispatch-fees"'
    text = shipped()["P01"].replace('{ name = "其他" }', f'{{ name = "其他" }}, {{ name = "{kind}" }}')
    procedures.put_in_force(project.session, text.replace(first, seats + first), actor=SYSTEM, now=OPENING)
    assert kind in project.form("register", by="接待甲", procedure="P01")["category"]
    for value, name in (("高", "接待甲"), ("普通", "接待乙")):
        called(project, customer_value=value, category=kind)
        assert project.do("dispatch", by="接待甲", at=MORNING).warnings == ()
        assert str(project.the_case().handler) == name


@pytest.mark.clause("P01-5.2", "P01-6.6", "P01-10.1")
def test_what_is_grave_when_it_comes_is_coordinated_and_told_to_the_top(project: House) -> None:
    called(project, major_hot=True)
    assert (project.the_case().grade, project.the_case().fields["lead_department"]) == ("重大疑难热点", "投诉管理部门")
    assert {notice.recipient for notice in project.notices("升级")} == {"投诉管理部门", "最高管理者"}


@pytest.mark.clause("P01-5.2", "P01-6.6", "P01-10.1")
def test_what_becomes_grave_is_told_once_and_does_not_fall(project: House) -> None:
    called(project)
    assert project.notices("升级") == []
    project.do("update", by="接待甲", at=MORNING, major_hot=True)
    assert sorted(notice.recipient for notice in project.notices("升级")) == ["投诉管理部门", "最高管理者"]
    project.do("update", by="接待甲", at="2026-05-12 10:00", demand="道歉")
    project.do("update", by="接待甲", at="2026-05-12 10:05", major_hot=False)
    assert len(project.notices("升级")) == 2
    assert project.the_case().grade == "重大疑难热点"


@pytest.mark.clause("P01-6.1", "P01-10.1")
def test_complaint_management_supervises_what_others_handle_and_is_called_in(project: House) -> None:
    called(project)
    go_on(project, "处理中")
    assert "urge" in project.offered("督办甲", at=MORNING)
    project.do("urge", by="督办甲", at=MORNING, text="今日内核清原因")
    assert project.notices("催办")
    assert project.refused("urge", by="项目甲", at=MORNING, text="自催")
    project.do("escalate", by="接待甲", at=MORNING, reason="财务部与项目部意见不一")
    (told,) = project.notices("升级")
    assert (told.recipient, "没有解决" in told.text) == ("投诉管理部门", True)


@pytest.mark.clause("P01-6.2")
def test_one_department_may_both_receive_and_manage(house: House) -> None:
    text = shipped()["P01"].replace(MANAGEMENT, "").replace("投诉管理部门", "客服部")
    assert lint(parse(text)) == lint(parse(shipped()["P01"]))
    procedures.put_in_force(house.session, text, actor=SYSTEM, now=OPENING)
    employ(house.session, "接待甲", "客服部", "受理人")
    called(house, major_hot=True)
    house.do("accept", by="接待甲", at=MORNING)
    house.do("dispatch", by="接待甲", at=MORNING, to_dept="项目部")
    house.do("urge", by="接待甲", at=MORNING, text="今日内核清原因")
    assert house.the_case().fields["lead_department"] == "客服部"


@pytest.mark.clause("P01-6.2", "P01-7.1")
def test_the_desk_is_offered_to_take_the_complaint_on_and_only_once(project: House) -> None:
    called(project)
    assert "accept" in project.offered("接待乙", at=MORNING)
    assert "accept" not in project.offered("项目甲", at=MORNING)
    go_on(project, "已受理")
    assert "accept" not in project.offered("接待乙", at=MORNING)


@pytest.mark.clause("P01-6.3")
def test_who_was_asked_first_stays_when_another_department_has_the_case(project: House) -> None:
    called(project)
    project.do("transfer", by="接待甲", at=MORNING, to_dept="项目部", reason="活动由项目部安排")
    assert str(project.the_case().investigation_department) == "项目部"
    assert project.the_case().fields["first_asked_owner"] == "接待甲"


@pytest.mark.clause("P01-6.4")
def test_the_answer_is_given_by_the_desk_and_not_by_who_handles_it(project: House) -> None:
    called(project)
    go_on(project, "方案制定")
    assert "reply" in project.offered("接待甲", at=MORNING)
    assert "reply" not in project.offered("项目甲", at=MORNING)
    told = project.refused("reply", by="项目甲", at=MORNING, way="电话", text="本月补足")
    assert "客服部" in told
    go_on(project, "已反馈")
    given = {"way": "电话", "cause": "场地停用", "result": "已补足"}
    assert "客服部" in project.refused("feedback", by="项目甲", at=MORNING, **given)
    project.do("feedback", by="接待乙", at=MORNING, **given)


@pytest.mark.clause("P01-7.2")
def test_nothing_is_decided_before_the_cause_is_known(project: House) -> None:
    called(project)
    assert "原因" in project.refused("judge", by="接待甲", at=MORNING, **JUDGED)
    project.do("investigate", by="接待甲", at=MORNING, **{**FOUND, "cause": ""})
    assert "原因" in project.refused("judge", by="接待甲", at=MORNING, **JUDGED)
    project.do("investigate", by="接待甲", at=MORNING, **FOUND)
    project.do("judge", by="接待甲", at=MORNING, **JUDGED)


@pytest.mark.clause("P01-7.3", "P01-18.1")
def test_what_is_unfounded_was_taken_all_the_same_and_is_explained_not_planned_for(project: House) -> None:
    called(project, content="要求接送车必须是新车")
    go_on(project, "处理中")
    no = {"founded": "不成立"}
    assert "理由" in project.refused("judge", by="接待甲", at=MORNING, **no)
    assert "责任部门" in project.refused("judge", by="接待甲", at=MORNING, founded="部分成立")
    project.do("judge", by="接待甲", at=MORNING, **no, reason="协议未约定车龄")
    assert "解释" in project.refused("propose", by="接待甲", at=MORNING, **PLAN)
    end = {**END, "close_reason": "解释接受"}
    project.do("feedback", by="接待甲", at=MORNING, way="电话", cause="协议未约定车龄", result="已解释")
    assert "回访" in project.refused("close", **end)
    project.do("visit", by="接待乙", at=MORNING, way="电话", result="基本满意")
    project.do("close", **end)


@pytest.mark.clause("P01-7.4", "P01-7.5")
def test_what_was_carried_out_by_whom_and_when_is_kept_after_the_customer_agreed(project: House) -> None:
    called(project)
    go_on(project, "方案沟通")
    assert project.refused("implement", by="项目甲", at=MORNING, **DONE)
    go_on(project, "已反馈")
    (done,) = project.all(Implementation)
    assert (done.implementer, done.result) == ("项目甲", "已补足两次")
    assert done.finished_at is not None


@pytest.mark.clause("P01-7.6", "P01-7.7", "P01-14.1")
def test_a_case_ends_with_the_answer_the_visit_and_a_summary(project: House) -> None:
    called(project)
    project.do("communicate", by="接待甲", at=MORNING, kind="阶段回复", way="电话", text="正在核对签到表")
    go_on(project, "已反馈")
    refused = project.refused("close", **{**END, "summary": ""})
    for missing in ("处理完毕回复", "回访", "总结"):
        assert missing in refused
    project.do("communicate", by="接待甲", at=MORNING, **ANSWER)
    go_on(project, "待确认")
    assert project.refused("close", **{**END, "summary": ""}) == "请填写总结"
    project.do("close", **END)
    assert [talk.kind for talk in project.all(Communication)] == ["阶段回复", "处理完毕回复"]
    assert [visit.result for visit in project.all(Visit)] == ["满意"]


@pytest.mark.clause("P01-7.8", "P01-12.1", "P01-15.1")
def test_what_is_archived_has_one_line_in_the_record_and_is_written_to_by_nobody(project: House) -> None:
    for _ in range(2):
        called(project)
        go_on(project, "已反馈")
        project.do("communicate", by="接待甲", at=MORNING, **ANSWER)
        go_on(project, "待确认")
        project.do("close", **END)
    kept = {"kind": "留档记录", "period": "2026-05", "procedure": "P01"}
    assert project.do("report", by="接待甲", at=MORNING, **kept).result.rows == ()
    project.do("archive", by="接待甲", at=MORNING)
    (row,) = project.do("report", by="接待甲", at=MORNING, **kept).result.rows
    assert {project.the_case().case_no, "接待甲", "项目部", "解决", "满意"} <= set(row)
    assert "已归档" in project.refused("update", by="接待甲", at=MORNING, demand="再议")


@pytest.mark.clause("P01-14.1", "G-22", "F-21")
@pytest.mark.parametrize("state", ["方案沟通", "已反馈"])
def test_who_cannot_be_reached_was_tried_on_three_days(project: House, state: str) -> None:
    called(project)
    go_on(project, state)
    end = {**END, "close_reason": "无法联系", "at": "2026-05-16 09:00"}
    for day in (13, 14):
        project.do("visit", by="接待甲", at=f"2026-05-{day} 09:00", way="电话", result="无法联系")
        assert "3 个不同日子" in project.refused("close", **end)
    project.do("visit", by="接待甲", at="2026-05-15 09:00", way="电话", result="无法联系")
    project.do("close", **end)


@pytest.mark.clause("P01-14.1", "F-21")
def test_who_stays_dissatisfied_after_two_rounds_is_let_go_by_the_top_manager_alone(project: House) -> None:
    called(project)
    for _ in range(2):
        go_on(project, "已反馈")
        project.do("communicate", by="接待甲", at=MORNING, **ANSWER)
        project.do("visit", by="接待乙", at=MORNING, way="电话", result="不满意")
        assert "重新评估" in project.refused("close", **END)
    end = {**END, "close_reason": "两轮后仍不满意"}
    assert "最高管理者" in project.refused("close", **end)
    project.do("close", **{**end, "by": "总经理"})


@pytest.mark.clause("P01-8.1")
def test_the_answer_is_promised_within_what_is_configured(project: House) -> None:
    called(project, at="2026-04-04 20:00")
    assert project.due("回复") == "2026-04-05 20:00:00"


@pytest.mark.clause("P01-14.1")
def test_who_was_not_called_back_within_three_working_days_is_remembered(project: House) -> None:
    called(project)
    go_on(project, "已反馈")
    assert project.due("回访") == "2026-05-15 18:00:00"
    project.sweep("2026-05-15 18:00")
    assert not [n for n in project.notices("超期") if "回访" in n.text]
    project.sweep("2026-05-15 18:01")
    assert {n.recipient for n in project.notices("超期") if "回访" in n.text} == {"客服部负责人", "接待甲"}


@pytest.mark.clause("P01-9.2")
@pytest.mark.parametrize(("category", "sent"), [("费用", "财务部"), ("心理辅导", "教研部")])
def test_what_a_profession_knows_goes_to_its_department(project: House, category: str, sent: str) -> None:
    called(project, category=category)
    assert project.do("dispatch", by="接待甲", at=MORNING).warnings == ()
    assert str(project.the_case().handling_department) == sent


@pytest.mark.clause("P01-1.6", "P01-18.1", "F-31")
def test_who_complains_again_and_again_is_taken_each_time(project: House) -> None:
    for _ in range(3):
        called(project)
        assert project.the_case().state == "已登记"


@pytest.mark.clause("P01-16.1")
def test_an_indicator_with_a_target_can_be_added(project: House) -> None:
    procedures.put_in_force(project.session, shipped()["P01"] + RATE, actor=SYSTEM, now=OPENING)
    called(project)
    go_on(project, "待确认")
    given = {"kind": "月分析", "period": "2026-05", "procedure": "P01"}
    (kpi,) = [k for k in project.do("report", by="接待甲", at=MORNING, **given).result.kpis if k.name == "回访率"]
    assert (kpi.value, kpi.met) == ("100.00%", True)


@pytest.mark.clause("P01-13.1", "P01-14.2", "P01-5.2")
def test_the_month_says_how_many_were_grave_and_how_many_are_satisfied(project: House) -> None:
    called(project, major_hot=True)
    go_on(project, "待确认")
    called(project)
    given = {"kind": "月分析", "period": "2026-05", "procedure": "P01"}
    kpis = {kpi.name: kpi.value for kpi in project.do("report", by="总经理", at=MORNING, **given).result.kpis}
    assert kpis == {"投诉量": "2", "重大疑难热点": "1", "满意率": "100.00%"}


@pytest.mark.clause("P01-13.1", "G-21")
def test_a_report_that_management_did_not_get_is_asked_for_on_the_first_workday(project: House) -> None:
    assert project.sweep("2026-10-08 08:59") == []
    told = [notice for done in project.sweep("2026-10-08 09:00") for notice in done.notices]
    assert [notice.recipient for notice in told if "投诉处理月分析" in notice.text] == ["投诉管理部门"]


@pytest.mark.clause("P01-1.7")
def test_what_a_complaint_teaches_about_the_market_is_listed(project: House) -> None:
    called(project)
    told = {"title": "接送班次", "text": "家长希望增加晚间接送"}
    project.do("fill_document", by="项目甲", at=MORNING, kind="商机", fields=told)
    listed = {"kind": "商机清单", "period": "2026-05", "procedure": "P01"}
    (row,) = project.do("report", by="督办甲", at=MORNING, **listed).result.rows
    assert {project.the_case().case_no, "服务次数", "接送班次", "家长希望增加晚间接送", "项目甲"} <= set(row)
    assert project.refused("fill_document", by="项目甲", at=MORNING, kind="商机", fields={"title": "接送班次"})


@pytest.mark.clause("P01-1.3")
def test_of_a_minor_only_who_works_on_the_case_may_ask_for_the_phone(project: House) -> None:
    called(project, is_minor=True)
    go_on(project, "处理中")
    for name in ("接待乙", "项目甲"):
        told = project.do("unmask", by=name, at=MORNING, reason="联系客户").result
        assert told["phone"] == CALL["phone"]
    for name in ("督办甲", "总经理"):
        assert "保密件" in project.refused("unmask", by=name, at=MORNING, reason="想知道")
    called(project)
    assert project.do("unmask", by="督办甲", at=MORNING, reason="核对信息").result["phone"] == CALL["phone"]
