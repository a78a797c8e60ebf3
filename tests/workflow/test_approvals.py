"""Whose signature and whose consent it takes (block 11), and that nobody consents to his own wish (G-15)."""

from __future__ import annotations

import pytest

from models import Assessment
from tests.support.cast import House, shanghai


def proposed(house: House, **overrides: object) -> Assessment:
    """Item 14 proposed on the case by whoever investigated it."""
    house.confirmed(responsible_party="抄表员甲")
    given = {"standard_no": "14", "subject_kind": "责任人", **overrides}
    return house.do("propose_assessment", by=house.investigator(), **given).result[0]


@pytest.mark.clause("P02-11.1", "P02-12.1")
def test_the_head_of_the_handling_department_signs_the_order(house: House) -> None:
    order = house.ordered(at="2026-05-13 15:10")
    house.do("sign_order", by="客户营业部负责人", at="2026-05-13 16:20", handler="抄表班长甲")
    assert (str(order.head_signed_by), shanghai(order.head_signed_at)) == ("客户营业部负责人", "2026-05-13 16:20:00")
    assert (order.state, str(order.handler)) == ("已签收", "抄表班长甲")


@pytest.mark.clause("P02-11.1")
@pytest.mark.parametrize("by", ["抄表班长甲", "客服甲", "工程维修部负责人", "系统管理员"])
def test_nobody_else_signs_the_order(house: House, by: str) -> None:
    order = house.ordered(handler="抄表班长甲")
    assert house.refused("sign_order", by=by, handler="抄表班长甲")
    assert (order.state, order.head_signed_by) == ("已开具", None)


@pytest.mark.clause("P02-11.1")
def test_the_deputy_signs_like_the_head(house: House) -> None:
    house.department("客户营业部").deputy = house.person("抄表班长甲")
    order = house.ordered()
    house.do("sign_order", by="抄表班长甲", handler="抄表班长甲")
    assert str(order.head_signed_by) == "抄表班长甲"


@pytest.mark.clause("P02-11.1", "P02-7.5")
def test_an_unsigned_order_is_not_answered(house: House) -> None:
    house.ordered()
    refusal = house.refused(
        "submit_correction",
        by="客户营业部负责人",
        problem_summary="迟到",
        handling_status="已致歉",
        corrective_measures="提前电话",
    )
    assert "签字" in refusal


@pytest.mark.clause("P02-11.2", "P02-7.5")
def test_a_record_without_the_head_s_signature_is_refused(house: House) -> None:
    house.signed()
    given = {"problem_summary": "迟到", "handling_status": "已致歉", "corrective_measures": "提前电话"}
    assert "承办部门负责人签名" in house.refused("submit_correction", by="抄表班长甲", **given)
    assert house.order().state == "已签收"


@pytest.mark.clause("P02-11.2")
def test_the_signature_of_somebody_who_is_no_head_does_not_count(house: House) -> None:
    house.signed()
    given = {"problem_summary": "迟到", "handling_status": "已致歉", "corrective_measures": "提前电话"}
    assert "签名" in house.refused("submit_correction", by="抄表班长甲", head_signed_by="抄表班长甲", **given)
    assert "签名" in house.refused("submit_correction", by="抄表班长甲", head_signed_by="工程维修部负责人", **given)


@pytest.mark.clause("P02-11.2", "P02-12.2")
def test_the_handler_hands_in_what_the_head_has_signed(house: House) -> None:
    house.signed()
    given = {"problem_summary": "迟到", "handling_status": "已致歉", "corrective_measures": "提前电话"}
    done = house.do(
        "submit_correction", by="抄表班长甲", at="2026-05-14 11:00", head_signed_by="客户营业部负责人", **given
    )
    record = done.result
    assert (str(record.head_signed_by), str(record.submitted_by)) == ("客户营业部负责人", "抄表班长甲")
    assert shanghai(record.head_signed_at) == "2026-05-14 11:00:00"
    assert "由抄表班长甲代录" in done.event.text


@pytest.mark.clause("P02-11.3")
def test_the_sanction_of_a_grumble_goes_from_the_service_centre_to_the_head_of_hr(house: House) -> None:
    house.registered()
    proposal = proposed(house)
    assert (str(proposal.proposer), proposal.approver_role) == ("客服甲", "部门负责人")
    assert str(proposal.approver_department) == "人力资源行政部"
    assert [notice.recipient for notice in house.notices("考核待批")] == ["人力资源行政部"]


@pytest.mark.clause("P02-11.3")
@pytest.mark.parametrize("by", ["客服甲", "客户服务中心负责人", "人事甲", "公司领导", "客户营业部负责人"])
def test_nobody_but_the_head_of_hr_decides_on_a_grumble(house: House, by: str) -> None:
    house.registered()
    proposal = proposed(house)
    assert house.refused("decide_assessment", by=by, decision="同意")
    assert (proposal.state, proposal.decided_by) == ("已报", None)


@pytest.mark.clause("P02-11.3")
@pytest.mark.parametrize("decision", ["同意", "驳回"])
def test_the_head_of_hr_decides_and_the_proposer_is_told(house: House, decision: str) -> None:
    house.registered()
    proposal = proposed(house)
    house.do("decide_assessment", by="人力资源行政部负责人", at="2026-05-14 09:00", decision=decision, opinion="照办")
    assert (proposal.state, str(proposal.decided_by), proposal.opinion) == (decision, "人力资源行政部负责人", "照办")
    assert [notice.recipient for notice in house.notices("考核结果")] == ["客服甲"]


@pytest.mark.clause("P02-11.4")
def test_the_service_centre_proposes_nothing_on_a_complaint(house: House) -> None:
    house.complaint()
    house.confirmed(responsible_party="抄表员甲")
    assert house.refused("propose_assessment", by="客服甲", standard_no="14", subject_kind="责任人", sanction="警告")
    assert [row.state for row in house.all(Assessment)] == ["草稿"]


@pytest.mark.clause("P02-11.4")
def test_the_sanction_of_a_complaint_goes_from_hr_to_the_leaders(house: House) -> None:
    house.complaint()
    proposal = proposed(house, sanction="警告")
    assert (proposal.approver_role, proposal.approver_department) == ("公司领导", None)
    assert [notice.recipient for notice in house.notices("考核待批")] == ["公司领导"]
    assert house.refused("decide_assessment", by="人力资源行政部负责人", decision="同意")
    house.do("decide_assessment", by="公司领导", decision="同意")
    assert proposal.state == "同意"


@pytest.mark.clause("P02-11.3", "G-15")
def test_the_proposer_never_decides_his_own_proposal(house: House) -> None:
    """The head of HR investigates a grumble about the service centre, proposes, and may not consent to himself."""
    house.registered(complained_department="客户服务中心")
    assert str(house.the_case().investigation_department) == "人力资源行政部"
    house.confirmed(by="人力资源行政部负责人")
    house.do("propose_assessment", by="人力资源行政部负责人", standard_no="16", subject_kind="部门负责人")
    assert "提出人不能审批" in house.refused("decide_assessment", by="人力资源行政部负责人", decision="同意")


@pytest.mark.clause("P02-11.3", "G-15")
def test_whoever_is_assessed_never_decides_about_himself(house: House) -> None:
    house.registered()
    house.confirmed()
    given = {"standard_no": "16", "subject_kind": "部门负责人", "subject": "人力资源行政部负责人"}
    house.do("propose_assessment", by="客服甲", **given)
    assert "被考核人" in house.refused("decide_assessment", by="人力资源行政部负责人", decision="同意")


@pytest.mark.clause("P02-11.3")
def test_a_decision_is_taken_once(house: House) -> None:
    house.registered()
    proposed(house)
    house.do("decide_assessment", by="人力资源行政部负责人", decision="驳回")
    assert "没有待审" in house.refused("decide_assessment", by="人力资源行政部负责人", decision="同意")
