"""The plans of the estate group: what comes before one, who reviews and approves it, and by when."""

from __future__ import annotations

from typing import Any

import pytest

from models import Clock, Implementation, JointReview, Proposal
from tests.support.cast import shanghai
from tests.support.group import (
    CLERK,
    COLLEAGUE,
    COUNSEL,
    ENGINEER,
    GIVEN,
    LEADER,
    OFFICER,
    VICE,
    Group,
)

HEAD = "客户服务部负责人"

GRADES: dict[str, dict[str, object]] = {
    "重要": {"needs_legal": True},
    "热点": {"parties_count": 3},
    "重大": {"parties_count": 10},
}


@pytest.mark.clause("P03-7.10")
def test_a_plan_needs_somebody_on_the_spot_and_a_cause(group: Group) -> None:
    group.reach("site_visit")
    refusal = group.no("propose", plan="更换")
    assert "请先到现场确认" in refusal
    assert "请先分析原因" in refusal
    group.there()
    assert "请先到现场确认" not in group.no("propose", plan="更换")
    group.act("investigate", **GIVEN["investigate"])
    group.act("propose", plan="更换")


@pytest.mark.clause("P03-6.4", "P03-7.10", "P03-11.3", "F-18")
def test_the_plan_of_an_ordinary_case_is_told_at_once(group: Group) -> None:
    group.reach("review")
    assert "不需要审批" in _submitting(group)
    group.act("reply", way="电话", text="更换锚固件")
    assert group.the_case().state == "方案沟通"


def _submitting(group: Group) -> str:
    group.act("review", by="项目部负责人", party="责任部门", opinion="可行")
    return group.no("submit")


@pytest.mark.parametrize("grade", GRADES)
@pytest.mark.clause("P03-6.4", "P03-7.11", "P03-11.1", "P03-18.1")
def test_that_of_a_weightier_one_only_when_a_leader_has_approved_it(group: Group, grade: str) -> None:
    told = {"way": "电话", "text": "更换锚固件"}
    group.reach("review", **GRADES[grade])
    said = f"{grade}投诉的处理方案须经批准后才能回复投诉人"
    assert said in group.no("reply", **told)
    group.reviewed()
    assert said in group.no("reply", **told)
    group.act("submit")
    assert [notice.recipient for notice in group.notices("方案待审批")] == ["区域公司领导层"]
    assert said in group.no("reply", **told)
    for nobody in (HEAD, COLLEAGUE, COUNSEL, VICE):
        assert "区域公司领导层" in group.no("approve", by=nobody, opinion="同意")
    group.act("approve", by=LEADER, opinion="同意")
    group.act("reply", **told)
    assert group.newest(Proposal).state == "已回复客户"


@pytest.mark.parametrize("grade", GRADES)
@pytest.mark.clause("P03-7.11", "P03-18.1")
def test_nor_is_it_answered_without_any_plan(group: Group, grade: str) -> None:
    group.reach("form_team", **GRADES[grade])
    assert "须经批准后才能回复投诉人" in group.no("reply", way="电话", text="会处理")


PARTIES = [
    ({"parties_count": 3}, []),
    ({"needs_legal": True}, ["法律顾问"]),
    ({"lawsuit": "可能"}, ["法律顾问"]),
    ({"lawsuit": "已发生"}, ["法律顾问"]),
    ({"needs_other_company": "协助"}, ["其他公司"]),
    ({"needs_other_company": "经验支持"}, ["其他公司"]),
    ({"needs_legal": True, "needs_other_company": "协助"}, ["法律顾问", "其他公司"]),
]


@pytest.mark.parametrize(("facts", "parties"), PARTIES)
@pytest.mark.clause("P03-6.7", "P03-7.11", "P03-11.2", "F-49")
def test_a_plan_is_submitted_when_every_party_that_the_facts_name_has_reviewed_it(
    group: Group, facts: dict[str, object], parties: list[str]
) -> None:
    group.reach("review", **facts)
    people = {"责任部门": "项目部负责人", "法律顾问": COUNSEL, "其他公司": CLERK}
    for party in ("责任部门", *parties):
        assert f"由{party}联合审核" in group.no("submit")
        group.act("review", by=people[party], party=party, opinion="同意")
    group.act("submit")
    assert group.the_case().state == "待审批"


@pytest.mark.clause("P03-6.3", "P03-7.11")
def test_each_party_speaks_for_itself(group: Group) -> None:
    group.reach("review", needs_legal=True)
    for nobody in (HEAD, CLERK):
        said = group.no("review", by=nobody, party="责任部门", opinion="同意")
        assert "责任部门的审核意见由其负责人提出" in said
    said = group.no("review", by="项目部负责人", party="法律顾问", opinion="同意")
    assert "法律顾问的审核意见由法律顾问提出" in said
    assert group.all(JointReview) == []


@pytest.mark.clause("P03-11.4", "P03-7.11")
def test_a_refused_plan_goes_back_and_a_new_one_is_reviewed_anew(group: Group) -> None:
    group.reach("approve", parties_count=3)
    assert "请填写意见" in group.no("reject", by=LEADER)
    group.act("reject", by=LEADER, opinion="应覆盖全部立面")
    assert group.the_case().state == "方案制定"
    assert "不能提交审批" in group.no("submit")
    group.act("propose", plan="全部立面检测加固")
    assert [plan.number for plan in group.all(Proposal)] == [1, 2]
    assert "请先由责任部门联合审核" in group.no("submit")
    group.reviewed()
    group.act("submit")
    group.act("approve", by=LEADER, opinion="同意")
    assert group.the_case().state == "方案沟通"


@pytest.mark.clause("P03-7.12")
def test_nothing_is_carried_out_that_the_customer_has_not_agreed_to(group: Group) -> None:
    for step, said in (("reply", "还没有同意"), ("record_acceptance", "还没有同意")):
        group.reach(step) if group.case is None else group.act("reply", way="电话", text="更换")
        assert said in group.no("implement", result="已换")
    group.act("record_acceptance", accepts="不接受", opinion="要求赔偿")
    assert group.the_case().state == "方案制定"
    assert "还没有同意" in group.no("implement", result="已换")
    group.act("propose", kind="补偿", plan="更换并补偿", compensation="800")
    group.act("reply", way="面谈", text="更换并补偿")
    group.act("record_acceptance", accepts="接受")
    assert group.the_case().state == "实施中"
    group.act("implement", by=ENGINEER, result="已换")


@pytest.mark.clause("P03-6.2", "P03-7.13")
def test_what_was_carried_out_says_by_whom_with_whom_from_when_to_when_and_what_came_of_it(group: Group) -> None:
    group.reach("implement")
    span = {"started_at": "2026-05-14 09:00", "finished_at": "2026-05-16 15:00"}
    at = "2026-05-16 16:00"
    warned = group.act("implement", by=ENGINEER, at=at, result="拉拔合格", implementer=ENGINEER, **span).warnings
    assert "质量类的实施请写明施工单位" in warned
    given = {**span, "implementer": ENGINEER, "construction_unit": "总包单位", "result": "全部更换"}
    assert group.act("implement", by=ENGINEER, at=at, **given).warnings == ()
    done = group.newest(Implementation)
    assert (done.implementer, done.construction_unit, done.result) == (ENGINEER, "总包单位", "全部更换")
    assert [shanghai(one)[5:16] for one in (done.started_at, done.finished_at)] == ["05-14 09:00", "05-16 15:00"]
    assert (str(group.the_case().responsible_department), group.the_case().state) == ("项目部", "待回访")


@pytest.mark.clause("P03-8.6", "P03-16.1", "G-07")
def test_the_leader_has_three_workdays_and_so_has_whoever_tells_the_customer(group: Group) -> None:
    group.reach("submit", parties_count=3)
    group.act("submit", at="2026-06-04 10:00")
    assert group.due("审批") == "2026-06-09 18:00:00"
    group.act("approve", by=LEADER, at="2026-06-05 10:00")
    assert (group.clock("审批").done_at is not None, group.due("回复")) == (True, "2026-06-10 18:00:00")
    group.sweep("2026-06-10 18:00")
    assert group.clock("回复").flagged_at is None
    group.sweep("2026-06-10 18:01")
    assert [notice.recipient for notice in group.notices("超期") if "回复" in notice.text] == [HEAD]
    group.act("reply", at="2026-06-11 10:00", way="电话", text="更换")
    assert group.clock("回复").ever_late


@pytest.mark.clause("P03-8.6", "P03-7.10", "P03-11.3", "F-18")
def test_the_plan_of_an_ordinary_case_is_told_within_three_workdays_of_its_making(group: Group) -> None:
    group.reach("propose")
    group.act("propose", at="2026-06-05 10:00", plan="更换")
    assert group.due("直接回复") == "2026-06-10 18:00:00"
    group.act("reply", at="2026-06-10 18:00", way="电话", text="更换")
    assert (group.clock("直接回复").done_at is not None, group.clock("直接回复").ever_late) == (True, False)


@pytest.mark.clause("P03-8.6")
def test_a_plan_that_has_to_be_approved_after_all_is_not_late_for_that(group: Group) -> None:
    group.reach("review")
    group.act("update", by=OFFICER, parties_count=3)
    group.reviewed()
    group.act("submit")
    assert group.clock("直接回复").cancelled_at is not None
    assert [clock.name for clock in _running(group) if clock.name == "直接回复"] == []


def _running(group: Group) -> list[Any]:
    return [clock for clock in group.all(Clock) if clock.done_at is None and clock.cancelled_at is None]
