"""处理方案: proposed in versions, reviewed together, approved by another, told, accepted, done, reported back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models import Approval, Implementation, Proposal, ResultFeedback
from tests.support.cast import House, moment
from workflow import procedures

PLAN = {"kind": "维修", "cause_explanation": "保温层老化", "plan": "更换整段水管", "compensation": "268.00"}
LEADER = "公司领导"


def _case(house: House, **overrides: object) -> None:
    house.registered(by="服务甲", without="compensation_sought", **{"complained_department": "工程部", **overrides})


def _proposed(house: House, **overrides: object) -> Proposal:
    _case(house, **overrides)
    if overrides.get("weighty"):
        house.do("site_visit", by="服务甲", arrived_at="2026-05-13 15:00", findings="水管老化")
    return house.do("propose", by="服务甲", **PLAN).result


def _replied(house: House) -> Proposal:
    proposal = _proposed(house)
    house.do("reply", by="服务甲", way="电话", text="更换整段水管")
    return proposal


def test_a_plan_is_kept_with_its_amount_and_takes_the_case_to_planning(service: House) -> None:
    proposal = _proposed(service)
    assert (str(proposal.compensation), proposal.number, service.the_case().state) == ("268.00", 1, "方案制定")


@pytest.mark.parametrize("amount", ["1.005", "NaN", "1e3000", "-5", "很多", "99999999999", True])
def test_an_amount_that_is_none_is_refused(service: House, amount: object) -> None:
    _case(service)
    assert "补偿金额" in service.refused("propose", by="服务甲", **{**PLAN, "compensation": amount})
    assert service.newest(Proposal) is None


def test_a_second_plan_is_the_next_version_and_voids_the_first(service: House) -> None:
    first = _proposed(service)
    second = service.do("propose", by="服务甲", **{**PLAN, "plan": "闭店后更换"}).result
    assert (first.state, second.number, second.state) == ("作废", 2, "草稿")


def test_what_needs_no_approval_is_told_at_once(service: House) -> None:
    proposal = _replied(service)
    assert (proposal.state, service.the_case().state) == ("已回复客户", "方案沟通")


def test_what_needs_no_approval_cannot_be_submitted(service: House) -> None:
    _proposed(service)
    service.do("review", by="服务甲", party="责任部门", opinion="可行")
    assert "不需要审批" in service.refused("submit", by="服务甲")


def test_what_needs_approval_is_not_told_before(service: House) -> None:
    _proposed(service, weighty=True)
    assert "还没有批准" in service.refused("reply", by="服务甲", way="电话", text="更换")


def test_it_is_not_submitted_before_the_party_that_the_rules_name_has_reviewed_it(service: House) -> None:
    _proposed(service, weighty=True)
    assert "责任部门审核" in service.refused("submit", by="服务甲")


def test_what_was_told_to_the_customer_is_not_reviewed_any_more(service: House) -> None:
    proposal = _replied(service)
    assert "不能再审核" in service.refused("review", by="服务乙", party="责任部门", opinion="可行")
    assert proposal.state == "已回复客户"


def _submitted(house: House) -> Approval:
    _proposed(house, weighty=True)
    house.do("review", by="服务乙", party="责任部门", opinion="可行")
    return house.do("submit", by="服务甲").result


def test_the_leader_is_told_approves_and_then_the_customer_is_told(service: House) -> None:
    _submitted(service)
    assert [notice.event for notice in service.notices(to=LEADER)] == ["方案待审批"]
    done = service.do("approve", by=LEADER, opinion="同意")
    assert "方案 1 同意;" in f"{done.event.text};" and "同意,同意" not in done.event.text
    service.do("reply", by="服务甲", way="电话", text="更换")
    assert service.newest(Proposal).state == "已回复客户"


def test_nobody_else_approves(service: House) -> None:
    _submitted(service)
    assert "公司领导" in service.refused("approve", by="服务乙")


def test_whoever_proposed_it_does_not_approve_it_even_as_the_leader(service: House) -> None:
    _submitted(service)
    proposal = service.newest(Proposal)
    proposal.author_id = service.person(LEADER).id
    service.session.flush()
    assert "提出人" in service.refused("approve", by=LEADER)
    assert "approve" not in service.offered(LEADER)


def test_a_plan_sent_back_needs_another_version(service: House) -> None:
    _submitted(service)
    done = service.do("reject", by=LEADER, opinion="费用过高")
    assert "方案 1 驳回,费用过高" in done.event.text
    assert (service.newest(Proposal).state, service.the_case().state) == ("驳回", "方案制定")
    assert "驳回" in service.refused("submit", by="服务甲")
    assert service.do("propose", by="服务甲", **PLAN).result.number == 2


def test_approving_is_offered_only_to_whoever_may_and_only_while_it_waits(service: House) -> None:
    _submitted(service)
    assert "approve" in service.offered(LEADER)
    assert "approve" not in service.offered("服务甲")
    service.do("approve", by=LEADER)
    assert "approve" not in service.offered(LEADER)


def test_work_waits_for_the_customer(service: House) -> None:
    _replied(service)
    assert "还没有接受" in service.refused("implement", by="服务甲", action="维修", result="已更换")
    service.do("record_acceptance", by="服务甲", accepts="不接受", opinion="不能在营业时间施工")
    assert service.the_case().state == "方案制定"
    assert "还没有接受" in service.refused("implement", by="服务甲", action="维修", result="已更换")


def test_what_the_customer_accepted_is_carried_out_and_told(service: House) -> None:
    _replied(service)
    service.do("record_acceptance", by="服务甲", accepts="接受")
    work = {"action": "维修", "amount": "80", "implementer": "工程乙", "result": "已更换"}
    done = service.do("implement", by="服务甲", **work).result
    assert (str(done.amount), done.implementer, service.the_case().state) == ("80.00", "工程乙", "已反馈")
    service.do("feedback", by="服务甲", way="面谈", cause="保温层老化", result="已更换")
    assert service.newest(ResultFeedback).cause == "保温层老化"


def test_work_does_not_end_before_it_began_nor_in_the_future(service: House) -> None:
    _replied(service)
    service.do("record_acceptance", by="服务甲", accepts="接受")
    ends = {"started_at": "2026-05-12 09:00", "finished_at": "2026-05-11 09:00"}
    assert "早于" in service.refused("implement", by="服务甲", result="已更换", **ends)
    assert "晚于现在" in service.refused("implement", by="服务甲", result="已更换", finished_at="2027-01-01 09:00")
    assert service.newest(Implementation) is None


def test_a_new_round_begins_without_a_plan_and_without_an_order(service: House) -> None:
    _replied(service)
    service.do("record_acceptance", by="服务甲", accepts="接受")
    service.do("implement", by="服务甲", action="维修", result="已更换")
    service.do("visit", by="服务乙", result="不满意")
    assert (service.the_case().round, service.the_case().state) == (2, "重新处理")
    assert "还没有接受" in service.refused("implement", by="服务甲", result="再更换")
    again = service.do("propose", by="服务甲", at="2026-05-14 09:00", **PLAN).result
    assert (again.round, again.number) == (2, 2)


def test_the_present_procedure_of_a_new_case_is_the_one_in_force(service: House) -> None:
    assert procedures.in_force(service.session, moment("2026-05-01 09:00")).code == "PLAN"
    assert service.session.scalar(select(Proposal.id)) is None
