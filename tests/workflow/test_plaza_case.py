"""A case of the plaza's template from the call to the archive: what each stage needs, who is told, how it may end."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from models import Attachment, Implementation, Proposal, Staff, Visit
from rules.procedure import shipped
from tests.support.cast import OPENING, House, employ, shanghai
from workflow import procedures
from workflow.access import SYSTEM

CALL = {"channel": "来电", "kind": "消费者", "name": "客户一", "phone": "13800000101", "content": "鞋底开胶"}
FOUND = {"method": "查阅资料", "facts": "小票与实物一致", "conclusion": "属实", "cause": "胶合不牢"}
JUDGED = {"founded": "成立", "responsible_department": "招商部"}
PLAN = {"kind": "退货退款", "cause_explanation": "胶合不牢", "plan": "全额退货退款", "compensation": 299}
DONE = {"action": "退货退款", "amount": 299, "implementer": "前台乙", "result": "货款已退回"}
TOLD = {"way": "电话", "cause": "胶合不牢", "result": "货款已退回"}
WAY: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("investigate", FOUND, "处理中"),
    ("judge", JUDGED, "责任已判定"),
    ("propose", PLAN, "方案制定"),
    ("reply", {"way": "电话", "text": "因胶合不牢,全额退款"}, "方案沟通"),
    ("record_acceptance", {"accepts": "接受"}, "实施中"),
    ("implement", DONE, "已反馈"),
    ("feedback", TOLD, "待回访"),
    ("visit", {"way": "电话", "result": "满意"}, "待确认"),
    ("close", {"close_reason": "解决"}, "已结案"),
    ("archive", {}, "已归档"),
)
"""What is done to a case, and where it is then: 接收, 分析, 解决, 反馈, 归档."""
NIGHT = "2026-10-03 22:15"


@pytest.fixture
def plaza(house: House) -> House:
    """The template beside the other procedure; a desk of two under its head, an engineer, a leader."""
    procedures.put_in_force(house.session, shipped()["P00a"], actor=SYSTEM, now=OPENING)
    for name in ("前台甲", "前台乙"):
        employ(house.session, name, "客服部", "受理人", "调查处理人")
    employ(house.session, "维修工甲", "工程部", "承办人")
    house.department("客服部").head = Staff(name="客服部负责人", department=house.department("客服部"))
    house.session.flush()
    return house


def called(house: House, at: str = NIGHT, **more: Any) -> None:
    house.case = house.do("register", by="前台甲", at=at, procedure="P00a", **{**CALL, **more}).thing


def go_on(house: House, until: str, at: str = NIGHT) -> None:
    """From where the case is until it has come to that state."""
    states = [state for *_, state in WAY]
    here = house.the_case().state
    first = states.index(here) + 1 if here in states else 0
    for verb, given, state in WAY[first : states.index(until) + 1]:
        house.do(verb, by="前台甲", at=at, **given)
        assert house.the_case().state == state


@pytest.mark.clause("P00a-1.1", "P00a-7.1", "P00a-7.2", "P00a-7.3", "P00a-7.5", "P00a-7.8", "P00a-7.10")
def test_a_case_passes_through_the_stages_in_their_order(plaza: House) -> None:
    called(plaza)
    case = plaza.the_case()
    assert (case.state, str(case.receiver), str(case.investigation_department)) == ("已登记", "前台甲", "客服部")
    assert plaza.due("初步回应") == "2026-10-04 22:15:00"
    plaza.do("update", by="前台甲", at=NIGHT, category="商品质量")
    go_on(plaza, "已归档")
    assert "已归档" in plaza.refused("update", by="前台甲", at=NIGHT, category="服务态度")


@pytest.mark.clause("P00a-1.2", "P00a-2.2", "P00a-3.2", "P00a-4.1", "P00a-7.7")
def test_the_lists_offer_what_the_procedure_names(plaza: House) -> None:
    asked = plaza.form("register", by="前台甲", procedure="P00a")
    assert asked["kind"] == ["消费者", "商户"]
    assert asked["channel"] == ["来电", "电子邮件", "来访"]
    assert asked["category"] == ["商品质量", "服务态度", "环境设施"]
    assert sorted(asked["grade"]) == ["一般问题", "复杂问题"]
    called(plaza)
    assert plaza.form("attach", by="前台甲")["kind"] == ["交易记录", "监控录像", "现场照片", "其他"]
    assert {"退货退款", "补偿优惠", "改进服务"} <= set(plaza.form("propose", by="前台甲")["kind"])


@pytest.mark.clause("P00a-3.1")
@pytest.mark.parametrize("missing", ["content", "name", "phone"])
def test_what_was_said_and_by_whom_is_asked_for_at_its_field(plaza: House, missing: str) -> None:
    given = {key: value for key, value in CALL.items() if key != missing}
    refused = plaza.refusal("register", by="前台甲", procedure="P00a", **given)
    assert [finding.field for finding in refused.findings] == [missing]


@pytest.mark.clause("P00a-3.1")
def test_who_does_not_give_his_name_is_heard_too(plaza: House) -> None:
    plaza.do("register", by="前台甲", procedure="P00a", channel="来电", content="鞋底开胶", anonymous=True)


@pytest.mark.clause("P00a-3.2", "P00a-7.3")
def test_evidence_is_kept_with_its_kind_and_who_brought_it_when(plaza: House) -> None:
    called(plaza)
    go_on(plaza, "处理中")
    photo = {"file_name": "现场.jpg", "media_type": "image/jpeg", "size": 2 * 1024 * 1024, "sha256": "ab" * 32}
    plaza.do("attach", by="前台乙", at="2026-10-04 09:00", kind="现场照片", file=photo)
    (kept,) = plaza.all(Attachment)
    assert (kept.kind, kept.size, str(kept.uploaded_by)) == ("现场照片", 2 * 1024 * 1024, "前台乙")
    assert shanghai(kept.uploaded_at) == "2026-10-04 09:00:00"


@pytest.mark.clause("P00a-4.1")
def test_a_category_that_is_added_is_offered_and_older_cases_keep_theirs(plaza: House) -> None:
    called(plaza, category="商品质量")
    before = plaza.the_case()
    own = '{ name = "环境设施" }'
    text = shipped()["P00a"].replace(f"{own}]", f'{own}, {{ name = "停车收费" }}]', 1)
    procedures.put_in_force(plaza.session, text, actor=SYSTEM, now=OPENING)
    assert "停车收费" in plaza.form("register", by="前台甲", procedure="P00a")["category"]
    called(plaza, category="停车收费")
    assert (before.category, plaza.the_case().category) == ("商品质量", "停车收费")


@pytest.mark.clause("P00a-5.1")
def test_what_turns_out_complex_is_promised_a_plan_from_the_call_on(plaza: House) -> None:
    called(plaza)
    assert plaza.the_case().grade == "一般问题"
    plaza.do("update", by="前台甲", at="2026-10-04 10:00", grade="复杂问题")
    assert plaza.due("方案") == "2026-10-05 22:15:00"
    plaza.do("update", by="前台甲", at="2026-10-04 10:05", category="商品质量")
    assert plaza.the_case().grade == "复杂问题"


@pytest.mark.clause("P00a-5.1", "G-13")
def test_what_was_taken_for_complex_by_mistake_is_simple_again_once_the_leader_agrees(plaza: House) -> None:
    called(plaza, grade="复杂问题")
    simple: dict[str, Any] = {"by": "前台甲", "at": "2026-10-04 10:00", "grade": "一般问题"}
    assert "理由" in plaza.refused("change_grade", **simple)
    plaza.do("change_grade", **simple, reason="登记时选错")
    assert plaza.the_case().grade == "复杂问题"
    plaza.do("approve", by="公司领导", at="2026-10-04 11:00", opinion="同意")
    assert plaza.the_case().grade == "一般问题"


@pytest.mark.clause("P00a-6.1")
@pytest.mark.parametrize(("until", "warned"), [(None, True), ("2026-10-02", True), ("2026-10-03", False)])
def test_whoever_handles_must_be_trained_until_today(plaza: House, until: str | None, warned: bool) -> None:
    if until:
        course = {"topic": "投诉沟通", "kind": "投诉处理", "on": "2026-01-05", "valid_until": until}
        plaza.do("train", by="客服部负责人", **course, attendees=["前台乙", "维修工甲"])
    called(plaza)
    for verb, given in (("update", {"handler": "前台乙"}), ("dispatch", {"to_person": "维修工甲"})):
        warnings = plaza.do(verb, by="前台甲", at=NIGHT, **given).warnings
        assert any("未见投诉处理培训记录" in warning for warning in warnings) is warned


@pytest.mark.clause("P00a-7.4", "P00a-18.1")
@pytest.mark.parametrize("given", [{"founded": "成立"}, {"founded": "不成立"}])
def test_a_plan_waits_for_reason_and_for_responsibility(plaza: House, given: dict[str, str]) -> None:
    called(plaza)
    refused = plaza.refused("propose", by="前台甲", at=NIGHT, **PLAN)
    assert "合理" in refused
    assert "责任部门" in refused
    plaza.do("judge", by="前台甲", at=NIGHT, **given)
    assert plaza.refused("propose", by="前台甲", at=NIGHT, **PLAN) == "请先认定责任部门"
    plaza.do("judge", by="前台甲", at=NIGHT, **given, responsible_department="招商部")
    plaza.do("propose", by="前台甲", at=NIGHT, **PLAN)


@pytest.mark.clause("P00a-7.6", "P00a-18.1")
def test_nothing_is_carried_out_before_the_customer_agrees(plaza: House) -> None:
    called(plaza)
    for state in ("方案制定", "方案沟通"):
        go_on(plaza, state)
        assert "客户还没有接受方案" in plaza.refused("implement", by="前台甲", at=NIGHT, **DONE)
    plaza.do("record_acceptance", by="前台甲", at=NIGHT, accepts="不接受", opinion="太慢")
    assert plaza.the_case().state == "方案制定"
    assert plaza.refused("implement", by="前台甲", at=NIGHT, **DONE)


@pytest.mark.clause("P00a-7.7")
def test_what_was_paid_back_and_who_did_it_are_kept(plaza: House) -> None:
    called(plaza)
    go_on(plaza, "已反馈")
    (done,) = plaza.all(Implementation)
    assert (done.action, done.amount, done.implementer) == ("退货退款", 299, "前台乙")


@pytest.mark.clause("P00a-13.1")
def test_the_last_answer_says_the_cause(plaza: House) -> None:
    called(plaza)
    go_on(plaza, "已反馈")
    silent = plaza.refusal("feedback", by="前台甲", at=NIGHT, way="电话", result="货款已退回")
    assert [finding.field for finding in silent.findings] == ["cause"]
    talk = {"kind": "处理完毕回复", "way": "电话", "text": "货款已退回"}
    assert "问题原因" in plaza.refused("communicate", by="前台甲", at=NIGHT, **talk)
    assert talk["kind"] not in plaza.form("communicate", by="前台甲")["kind"]


@pytest.mark.clause("P00a-3.3", "P00a-7.9")
def test_who_is_not_satisfied_gets_another_round_and_the_first_stays_on_record(plaza: House) -> None:
    called(plaza)
    go_on(plaza, "待回访")
    plaza.do("visit", by="前台乙", at=NIGHT, way="电话", result="不满意", comment="仍未到账")
    assert (plaza.the_case().state, plaza.the_case().round) == ("重新处理", 2)
    assert plaza.refused("implement", by="前台甲", at=NIGHT, **DONE), "the plan of the first round is no plan of this"
    go_on(plaza, "待确认")
    rounds = [(plan.round, plan.plan) for plan in plaza.all(Proposal)]
    assert rounds == [(1, "全额退货退款"), (2, "全额退货退款")]
    assert [(visit.result, visit.comment) for visit in plaza.all(Visit)] == [("不满意", "仍未到账"), ("满意", "")]


@pytest.mark.clause("P00a-14.1", "P00a-18.1", "F-21")
@pytest.mark.parametrize("reason", ["解决", "解释接受"])
def test_nothing_is_closed_or_archived_before_the_customer_was_asked(plaza: House, reason: str) -> None:
    called(plaza)
    go_on(plaza, "待回访")
    assert "请先回访" in plaza.refused("close", by="前台甲", at=NIGHT, close_reason=reason)
    assert plaza.refused("archive", by="前台甲", at=NIGHT)


@pytest.mark.clause("P00a-14.1", "F-21")
def test_after_a_second_round_the_customer_is_asked_again(plaza: House) -> None:
    called(plaza)
    go_on(plaza, "待确认")
    plaza.do("reopen", by="前台甲", at=NIGHT, reason="货款没有到账")
    go_on(plaza, "待回访")
    assert "请先回访" in plaza.refused("close", by="前台甲", at=NIGHT, close_reason="解决")


@pytest.mark.clause("P00a-7.8")
@pytest.mark.parametrize("state", ["处理中", "责任已判定", "方案制定", "方案沟通", "实施中"])
def test_nobody_is_satisfied_with_what_was_not_carried_out(plaza: House, state: str) -> None:
    called(plaza)
    go_on(plaza, state)
    for result in ("满意", "基本满意"):
        assert "还没有实施" in plaza.refused("visit", by="前台甲", at=NIGHT, way="电话", result=result)
    plaza.do("visit", by="前台甲", at=NIGHT, way="电话", result="不满意")
    assert plaza.the_case().state == "重新处理"


@pytest.mark.clause("P00a-7.8")
def test_who_complained_without_reason_may_be_content_with_the_explanation_alone(plaza: House) -> None:
    called(plaza)
    go_on(plaza, "处理中")
    plaza.do("judge", by="前台甲", at=NIGHT, founded="不成立", responsible_department="招商部")
    plaza.do("visit", by="前台甲", at=NIGHT, way="电话", result="满意")
    assert plaza.the_case().state == "待确认"


@pytest.mark.clause("P00a-14.1", "G-22")
@pytest.mark.parametrize("state", ["方案沟通", "待回访"])
def test_who_cannot_be_reached_was_tried_on_three_days_and_it_is_noted(plaza: House, state: str) -> None:
    called(plaza)
    go_on(plaza, state)
    end = {"by": "前台甲", "at": "2026-10-07 09:00", "close_reason": "无法联系"}
    for day in ("10-05 09:00", "10-05 18:00", "10-06 09:00"):
        assert "3 个不同日子" in plaza.refused("close", **end, summary="三次未接")
        plaza.do("visit", by="前台甲", at=f"2026-{day}", way="电话", result="无法联系")
    assert "3 个不同日子" in plaza.refused("close", **end, summary="三次未接"), "three times, but on two days"
    plaza.do("visit", by="前台甲", at="2026-10-07 08:00", way="电话", result="无法联系")
    assert "说明原因" in plaza.refused("close", **end)
    plaza.do("close", **end, summary="三次未接")
    assert plaza.the_case().state == "已结案"


@pytest.mark.clause("P00a-14.1", "F-21")
@pytest.mark.parametrize("anonymous", [True, False])
def test_only_who_is_nameless_is_not_called_back(plaza: House, anonymous: bool) -> None:
    called(plaza, anonymous=anonymous)
    go_on(plaza, "待回访")
    end = {"by": "前台甲", "at": NIGHT, "close_reason": "匿名无法回访", "summary": "没有留下联系方式"}
    if anonymous:
        plaza.do("close", **end)
    else:
        assert "不是匿名" in plaza.refused("close", **end)


@pytest.mark.clause("P00a-14.1", "F-21")
def test_what_is_not_ours_is_closed_by_the_head_once_it_is_explained(plaza: House) -> None:
    called(plaza)
    go_on(plaza, "待回访")
    plaza.do("visit", by="前台甲", at=NIGHT, way="电话", result="不满意")
    end = {"at": NIGHT, "close_reason": "非我方责任已解释", "summary": "鞋子购自别处"}
    assert "客服部负责人" in plaza.refused("close", by="前台甲", **end)
    plaza.do("close", by="客服部负责人", **end)
    assert plaza.the_case().state == "已结案"


@pytest.mark.clause("P00a-7.9", "F-21")
def test_who_stays_dissatisfied_after_two_rounds_is_let_go_by_a_leader_alone(plaza: House) -> None:
    called(plaza)
    for number in (1, 2):
        go_on(plaza, "待回访")
        end = {"at": NIGHT, "close_reason": "两轮后仍不满意", "summary": f"第{number}轮"}
        assert "未满两轮" in plaza.refused("close", by="前台甲", **end)
        plaza.do("visit", by="前台甲", at=NIGHT, way="电话", result="不满意")
    assert "公司领导" in plaza.refused("close", by="前台甲", **end)
    for reason in ("解决", "客户拒评"):
        assert "重新评估" in plaza.refused("close", by="前台甲", at=NIGHT, close_reason=reason, summary="不再回应")
    plaza.do("close", by="公司领导", **end)
    assert plaza.the_case().state == "已结案"


@pytest.mark.clause("P00a-8.1")
def test_any_answer_is_a_first_answer_and_what_the_customer_says_is_none(plaza: House) -> None:
    called(plaza)
    talk = {"kind": "补充信息", "way": "电话", "text": "客户补充购物小票"}
    plaza.do("communicate", by="前台甲", at="2026-10-03 22:30", direction="来", **talk)
    assert plaza.clock("初步回应").done_at is None
    go_on(plaza, "方案沟通", at="2026-10-04 09:00")
    assert shanghai(plaza.clock("初步回应").done_at) == "2026-10-04 09:00:00"


@pytest.mark.clause("P00a-8.1", "P00a-10.1")
def test_late_without_a_first_answer_the_head_is_told_once(plaza: House) -> None:
    called(plaza)
    plaza.sweep("2026-10-04 22:15:00")
    assert plaza.notices("超期") == []
    for at in ("2026-10-04 22:16", "2026-10-04 22:21"):
        plaza.sweep(at)
    assert [notice.recipient for notice in plaza.notices("超期")] == ["客服部负责人"]


@pytest.mark.clause("P00a-10.1", "P00a-18.2")
def test_a_plan_that_is_owed_is_announced_once_and_late_told_to_the_head(plaza: House) -> None:
    called(plaza, at="2026-02-16 09:00", grade="复杂问题")
    plaza.do("communicate", by="前台甲", at="2026-02-16 09:05", kind="安抚", way="电话", text="已登记")
    plaza.sweep("2026-02-17 23:23")
    assert plaza.notices("临期") == []
    for at in ("2026-02-17 23:24", "2026-02-17 23:29"):
        plaza.sweep(at)
    assert len(plaza.notices("临期", to="前台甲")) == 1
    plaza.sweep("2026-02-18 09:00")
    assert plaza.notices("超期") == []
    plaza.sweep("2026-02-18 09:01")
    assert [notice.recipient for notice in plaza.notices("超期")] == ["客服部负责人"]


@pytest.mark.clause("P00a-9.1")
@pytest.mark.parametrize(("category", "sent"), [("商品质量", "招商部"), ("服务态度", "客服部"), ("环境设施", "工程部")])
def test_the_category_says_which_department_works_on_it(plaza: House, category: str, sent: str) -> None:
    called(plaza, category=category)
    plaza.do("dispatch", by="前台甲", at=NIGHT)
    assert str(plaza.the_case().handling_department) == sent


@pytest.mark.clause("P00a-9.1", "P00a-4.1")
def test_a_case_without_a_category_is_sent_nowhere_by_itself(plaza: House) -> None:
    called(plaza)
    refused = plaza.refusal("dispatch", by="前台甲", at=NIGHT)
    assert [finding.field for finding in refused.findings] == ["to_dept"]


@pytest.mark.clause("P00a-1.3", "P00a-13.1")
def test_what_the_customer_gets_names_cause_and_solution(plaza: House) -> None:
    called(plaza)
    go_on(plaza, "待回访")
    (sheet,) = plaza.do("print", by="前台甲", at=NIGHT, kind="客户告知").result
    assert sheet.title == "处理结果告知书"
    assert {"客户姓名:客户一", "问题原因:胶合不牢", "解决方案:全额退货退款"} <= set(sheet.text.splitlines())


@pytest.mark.clause("P00a-15.1")
def test_what_is_archived_is_written_to_by_nobody(plaza: House) -> None:
    called(plaza)
    go_on(plaza, "已归档")
    assert plaza.offered("前台甲", at=NIGHT) == []
    for verb, given in (("attach", {"file": "补充.pdf"}), ("visit", {"result": "不满意", "way": "电话"})):
        assert "已归档" in plaza.refused(verb, by="前台甲", at=NIGHT, **given)
    assert plaza.session.scalars(select(Attachment)).all() == []


@pytest.mark.clause("P00a-7.7")
def test_what_a_customer_is_given_stands_on_a_slip_with_number_and_signatures(plaza: House) -> None:
    called(plaza, category="商品质量")
    given = {"way": "优惠券", "amount": 50, "basis": "商品有瑕疵"}
    late: dict[str, Any] = {"by": "前台甲", "at": "2026-10-04 10:00", "kind": "补偿单"}
    assert "依据" in plaza.refused("fill_document", **late, fields={"way": "优惠券"})
    slip = plaza.do("fill_document", **late, fields=given).result
    assert (slip.state, slip.no[:3]) == ("已发放", "BC-")
    (paper,) = plaza.do("print", **late).result
    assert [line.label for line in paper.signatures] == ["填写人", "客户签收", "批准人签名"]
