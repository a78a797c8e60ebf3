"""回访 and 结案: what the customer says, and what must be there before a case is closed (blocks 14 and 18.2)."""

from __future__ import annotations

import pytest

from models import Visit
from tests.support.cast import House


@pytest.mark.clause("P02-14.1", "G-22")
@pytest.mark.parametrize(
    ("result", "state"), [("满意", "待确认"), ("基本满意", "待确认"), ("不满意", "重新处理"), ("无法联系", "待回访")]
)
def test_each_result_of_a_visit_is_kept_and_leads_on(house: House, result: str, state: str) -> None:
    case = house.registered()
    visit = house.visited(result, way="面谈", comment="如上")
    assert (visit.result, visit.way, visit.comment, visit.attempt, visit.round) == (result, "面谈", "如上", 1, 1)
    assert (case.satisfaction, case.state) == (result, state)


@pytest.mark.clause("P02-14.1", "G-22")
@pytest.mark.parametrize("result", ["很满意", "", None, "一般"])
def test_another_result_is_refused(house: House, result: str | None) -> None:
    house.effective()
    assert "结果" in house.refused("visit", result=result)
    assert house.all(Visit) == []


@pytest.mark.clause("P02-14.1", "P02-7.7")
@pytest.mark.parametrize("by", ["客户营业部负责人", "抄表班长甲", "人事甲"])
def test_the_investigating_department_visits_and_nobody_else(house: House, by: str) -> None:
    house.registered()
    house.effective()
    assert house.refused("visit", by=by, result="满意")


@pytest.mark.clause("P02-14.1", "G-15")
def test_the_handler_does_not_visit_about_his_own_work(house: House) -> None:
    house.registered()
    house.ordered()
    house.signed(handler="客服乙")
    house.answered()
    assert "承办人" in house.refused("visit", by="客服乙", result="满意")


@pytest.mark.clause("P02-18.2", "P02-7.7")
def test_there_is_no_visit_before_the_record(house: House) -> None:
    house.signed()
    assert "附件2" in house.refused("visit", result="满意")


@pytest.mark.clause("P02-18.2", "P02-7.7")
def test_there_is_no_visit_between_sending_back_and_the_next_record(house: House) -> None:
    house.answered()
    house.do("check_effect", result="未通过", effect_note="未附照片")
    assert "附件2" in house.refused("visit", result="满意")


@pytest.mark.clause("P02-18.2")
@pytest.mark.parametrize(
    ("as_far_as", "named"),
    [("registered", "附件2"), ("signed", "附件2"), ("answered", "效果确认"), ("effective", "回访")],
)
def test_closing_names_what_is_missing(house: House, as_far_as: str, named: str) -> None:
    case = house.registered()
    getattr(house, as_far_as)() if as_far_as != "registered" else None
    state = case.state
    assert named in house.refused("close", close_reason="解决")
    assert (case.state, case.closed_at, case.close_reason) == (state, None, "")


@pytest.mark.clause("P02-18.2")
def test_closing_before_anything_names_all_three_at_once(house: House) -> None:
    house.registered()
    text = house.refused("close", close_reason="解决")
    assert all(word in text for word in ("附件2", "效果确认", "回访"))


@pytest.mark.clause("P02-18.2")
def test_closing_needs_a_reason_of_the_list(house: House) -> None:
    house.visited()
    assert "结案原因" in house.refused("close")
    assert "结案原因" in house.refused("close", close_reason="算了")


@pytest.mark.clause("P02-14.2", "P02-18.2", "F-21")
def test_a_dissatisfied_customer_s_case_is_not_closed(house: House) -> None:
    house.visited("不满意")
    assert "不满意" in house.refused("close", close_reason="解决")


@pytest.mark.clause("P02-14.2", "F-21")
def test_after_two_rounds_the_leader_may_close_it_all_the_same(house: House) -> None:
    case = house.registered()
    house.visited("不满意", at="2026-05-14 10:00")
    assert "两轮" in house.refused("close", by="公司领导", close_reason="两轮后仍不满意")
    house.visited("不满意", at="2026-05-16 10:00")
    house.effective(at="2026-05-17 10:00")
    assert "公司领导" in house.refused("close", close_reason="两轮后仍不满意")
    house.do("close", by="公司领导", close_reason="两轮后仍不满意", summary="客户坚持原诉求")
    assert (case.state, case.close_reason) == ("已结案", "两轮后仍不满意")


@pytest.mark.clause("P02-14.2", "F-21")
def test_not_our_fault_is_confirmed_by_the_head_of_the_investigating_department(house: House) -> None:
    case = house.registered()
    house.visited("不满意")
    assert "负责人" in house.refused("close", close_reason="非我方责任已解释")
    house.do("close", by="客户服务中心负责人", close_reason="非我方责任已解释")
    assert case.state == "已结案"


@pytest.mark.clause("P02-14.1", "G-22", "F-21")
def test_out_of_reach_counts_after_three_days_and_takes_a_note(house: House) -> None:
    case = house.registered(at="2026-06-01 09:00")
    house.visited("无法联系", at="2026-06-02 10:00")
    house.visited("无法联系", at="2026-06-02 18:00")
    house.visited("无法联系", at="2026-06-03 10:00")
    closing = {"close_reason": "无法联系", "summary": "三日三次无人接听"}
    assert "3 个不同" in house.refused("close", at="2026-06-03 11:00", **closing)
    house.visited("无法联系", at="2026-06-04 10:00")
    assert "原因" in house.refused("close", at="2026-06-04 11:00", close_reason="无法联系")
    house.do("close", at="2026-06-04 11:00", **closing)
    assert (case.state, case.satisfaction) == ("已结案", "无法联系")


@pytest.mark.clause("P02-18.2", "F-21")
def test_unfounded_is_a_reason_only_when_the_investigation_says_so(house: House) -> None:
    case = house.registered()
    house.visited()
    assert "不属实" in house.refused("close", close_reason="不属实")
    house.confirmed(conclusion="不属实")
    house.do("close", close_reason="不属实")
    assert case.state == "已结案"


@pytest.mark.clause("P02-14.1", "F-21")
def test_only_an_anonymous_customer_cannot_be_visited(house: House) -> None:
    house.effective()
    closing = {"close_reason": "匿名无法回访", "summary": "没有联系方式"}
    assert "不是匿名" in house.refused("close", **closing)
    case = house.registered(name="", phone="", address="", anonymous=True)
    house.effective()
    house.do("close", **closing)
    assert case.state == "已结案"


@pytest.mark.clause("P02-18.2", "P02-7.10", "P02-7.11")
def test_closing_warns_of_what_is_still_owed(house: House) -> None:
    house.registered()
    house.confirmed(responsible_party="抄表员甲")
    house.visited()
    done = house.do("close", close_reason="解决")
    assert any("例会通报" in warning and "书面认识" in warning for warning in done.warnings)


@pytest.mark.clause("P02-14.1")
def test_the_customer_s_own_confirmation_opens_another_round_too(house: House) -> None:
    case = house.registered()
    house.effective()
    house.do("confirm", result="不满意", comment="仍未解决")
    assert (case.state, case.round) == ("重新处理", 2)
