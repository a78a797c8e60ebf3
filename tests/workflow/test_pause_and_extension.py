"""挂起 and 延期: time that stands still, time that is granted, and who may grant it (G-12, G-15)."""

from __future__ import annotations

import pytest

from models import ExtensionRequest
from tests.support.cast import House, shanghai

WANT = {"due_at": "2026-06-15 18:00", "reason": "等待配件"}


def running(house: House, at: str = "2026-06-08 09:00", days: int = 3) -> None:
    """An order due at the end of 2026-06-11 unless said otherwise, signed."""
    house.registered(at=at)
    house.ordered(limit_days=days, at=at)
    house.signed(at=at)


def silent(house: House, at: str) -> bool:
    """Whether a sweep at that moment finds nothing to do on the case."""
    before = len(house.events())
    house.sweep(at)
    return len(house.events()) == before


@pytest.mark.clause("G-12")
def test_what_was_left_is_added_again(house: House) -> None:
    running(house)
    house.do("pause", at="2026-06-09 12:00", reason="客户原因", note="客户出差")
    case = house.the_case()
    assert (case.state, case.due_at) == ("挂起", None)
    house.do("resume", at="2026-06-11 12:00")
    assert (house.due(), case.state) == ("2026-06-13 23:59:59", "处理中")
    assert shanghai(house.clock().original_due_at) == "2026-06-11 23:59:59"
    assert shanghai(case.due_at) == shanghai(house.order().due_at) == "2026-06-13 23:59:59"


@pytest.mark.clause("G-12")
def test_while_it_stands_still_nothing_is_reminded_flagged_or_urged(house: House) -> None:
    running(house)
    house.do("pause", at="2026-06-09 12:00", reason="客户原因")
    for at in ("2026-06-11 12:00", "2026-06-12 00:05", "2026-06-20 00:05"):
        assert silent(house, at)


@pytest.mark.clause("G-12")
def test_it_goes_on_by_itself_after_thirty_days_with_a_notice(house: House) -> None:
    running(house)
    house.do("pause", at="2026-06-09 12:00", reason="等待外部单位")
    assert silent(house, "2026-07-09 11:59:59")
    house.sweep("2026-07-09 12:00")
    assert (house.the_case().state, house.due()) == ("处理中", "2026-07-11 23:59:59")
    assert [notice.recipient for notice in house.notices("挂起超期")] == ["客服甲"]
    assert silent(house, "2026-07-09 12:05")


@pytest.mark.clause("G-12", "G-16")
def test_a_pause_needs_a_reason_of_the_list_and_keeps_it(house: House) -> None:
    running(house)
    assert "原因" in house.refused("pause")
    assert "可选" in house.refused("pause", reason="太忙")
    house.do("pause", at="2026-06-09 12:00", reason="不可抗力")
    assert [entry.reason for entry in house.clock().entries if entry.kind == "pause"] == ["不可抗力"]
    assert house.events(verb="pause", outcome="完成")[0].reason == "不可抗力"


@pytest.mark.clause("G-12")
def test_another_reason_takes_the_head(house: House) -> None:
    running(house)
    assert "负责人" in house.refused("pause", at="2026-06-09 12:00", reason="其他")
    house.do("pause", by="客户服务中心负责人", at="2026-06-09 12:00", reason="其他", note="全员培训")
    assert house.the_case().state == "挂起"


@pytest.mark.clause("G-12", "F-37")
@pytest.mark.parametrize("by", ["客户营业部负责人", "抄表班长甲"])
def test_the_handling_department_stops_no_clock_of_its_own(house: House, by: str) -> None:
    running(house)
    assert "客户服务中心" in house.refused("pause", by=by, at="2026-06-09 12:00", reason="客户原因")


@pytest.mark.clause("G-12")
def test_what_was_late_when_it_was_paused_is_late_when_it_goes_on(house: House) -> None:
    running(house)
    house.sweep("2026-06-12 00:05")
    house.do("pause", at="2026-06-12 09:00", reason="客户原因")
    house.do("resume", at="2026-06-20 09:00")
    assert (house.due(), house.the_case().overdue) == ("2026-06-11 23:59:59", True)


@pytest.mark.clause("G-12")
def test_an_answer_while_it_stands_still_is_in_time(house: House) -> None:
    running(house)
    house.do("pause", at="2026-06-09 12:00", reason="客户原因")
    house.answered(at="2026-06-20 09:00")
    assert (house.the_case().state, house.clock().ever_late) == ("已反馈", False)


@pytest.mark.clause("G-12")
def test_a_case_that_moved_on_is_not_taken_back_when_a_pause_runs_out(house: House) -> None:
    """Two clocks stand still, the order is answered: the other one goes on too, and the case stays where it is."""
    running(house)
    house.do("start_clock", at="2026-06-08 10:00", name="工程结算", trigger_at="2026-06-08 09:30")
    house.do("pause", at="2026-06-09 12:00", reason="客户原因")
    house.answered(at="2026-06-10 09:00")
    assert house.the_case().state == "已反馈"
    assert house.clock("工程结算").paused_at is None
    house.sweep("2026-07-09 12:05")
    assert house.the_case().state == "已反馈"


@pytest.mark.clause("G-12")
def test_an_extension_is_asked_for_decided_by_the_head_and_the_old_due_time_stays(house: House) -> None:
    running(house)
    house.do("request_extension", by="客户营业部负责人", at="2026-06-10 09:00", **WANT)
    assert house.due() == "2026-06-11 23:59:59"
    done = house.do("decide_extension", by="客户服务中心负责人", at="2026-06-10 15:00", decision="同意", opinion="准")
    assert house.due() == "2026-06-15 18:00:00"
    assert shanghai(house.clock().original_due_at) == "2026-06-11 23:59:59"
    assert done.event.changes["办理截止"] == ["2026-06-11 23:59:59", "2026-06-15 18:00:00"]
    assert shanghai(house.order().due_at) == shanghai(house.the_case().due_at) == "2026-06-15 18:00:00"
    assert [notice.recipient for notice in house.notices("延期结果")] == ["客户营业部负责人"]


@pytest.mark.clause("G-12")
def test_a_refused_extension_moves_nothing(house: House) -> None:
    running(house)
    house.do("request_extension", by="客户营业部负责人", at="2026-06-10 09:00", **WANT)
    house.do("decide_extension", by="客户服务中心负责人", at="2026-06-10 15:00", decision="驳回", opinion="可先行致歉")
    assert house.due() == "2026-06-11 23:59:59"
    asked = house.newest(ExtensionRequest)
    assert (asked.decision, asked.opinion, str(asked.decided_by)) == ("驳回", "可先行致歉", "客户服务中心负责人")


@pytest.mark.clause("G-12")
def test_it_may_be_asked_for_in_the_last_second_and_not_one_later(house: House) -> None:
    running(house)
    assert "截止前" in house.refused("request_extension", by="客户营业部负责人", at="2026-06-12 00:00", **WANT)
    house.do("request_extension", by="客户营业部负责人", at="2026-06-11 23:59:59", **WANT)
    assert house.newest(ExtensionRequest).decision == "待审"


@pytest.mark.clause("G-12", "G-15")
def test_nobody_decides_his_own_request(house: House) -> None:
    running(house)
    house.do("request_extension", by="客户服务中心负责人", at="2026-06-10 09:00", **WANT)
    text = house.refused("decide_extension", by="客户服务中心负责人", at="2026-06-10 15:00", decision="同意")
    assert "申请人不能审批" in text
    assert house.due() == "2026-06-11 23:59:59"


@pytest.mark.clause("G-12")
@pytest.mark.parametrize("by", ["客服甲", "客户营业部负责人", "公司领导", "系统管理员"])
def test_only_the_head_of_the_investigating_department_decides(house: House, by: str) -> None:
    running(house)
    house.do("request_extension", by="抄表班长甲", at="2026-06-10 09:00", **WANT)
    assert house.refused("decide_extension", by=by, at="2026-06-10 15:00", decision="同意")


@pytest.mark.clause("G-12")
def test_one_request_waits_at_a_time_and_only_for_later(house: House) -> None:
    running(house)
    earlier = {**WANT, "due_at": "2026-06-11 12:00"}
    assert "晚于" in house.refused("request_extension", by="客户营业部负责人", at="2026-06-10 09:00", **earlier)
    house.do("request_extension", by="客户营业部负责人", at="2026-06-10 09:00", **WANT)
    assert "待审" in house.refused("request_extension", by="客户营业部负责人", at="2026-06-10 09:05", **WANT)


@pytest.mark.clause("G-12", "G-10")
def test_asked_in_time_and_granted_late_it_is_not_late_any_more(house: House) -> None:
    running(house)
    house.do("request_extension", by="客户营业部负责人", at="2026-06-11 17:00", **WANT)
    house.sweep("2026-06-12 00:05")
    assert house.the_case().overdue
    house.do("decide_extension", by="客户服务中心负责人", at="2026-06-12 09:00", decision="同意")
    assert (house.the_case().overdue, house.the_case().flags) == (False, [])
    house.sweep("2026-06-14 09:00")
    assert house.order().urge_count == 1
    house.answered(at="2026-06-15 17:00")
    assert not house.clock().ever_late


@pytest.mark.clause("G-12", "G-10")
def test_past_the_granted_time_it_is_late_again(house: House) -> None:
    running(house)
    house.do("request_extension", by="客户营业部负责人", at="2026-06-11 17:00", **WANT)
    house.sweep("2026-06-12 00:05")
    house.do("decide_extension", by="客户服务中心负责人", at="2026-06-12 09:00", decision="同意")
    house.sweep("2026-06-15 18:00:01")
    assert house.the_case().overdue
    assert [shanghai(event.at) for event in house.events(verb="flag_overdue")] == [
        "2026-06-12 00:05:00",
        "2026-06-15 18:00:01",
    ]


@pytest.mark.clause("G-12")
def test_what_has_ended_meanwhile_is_not_extended_any_more_and_the_request_can_be_refused(house: House) -> None:
    running(house)
    house.do("request_extension", by="客户营业部负责人", at="2026-06-10 09:00", **WANT)
    house.answered(at="2026-06-10 11:00")
    ended, due = house.clock().ended_at, house.clock().due_at
    assert ended
    decided = {"by": "客户服务中心负责人", "at": "2026-06-10 15:00"}
    assert "已经结束" in house.refused("decide_extension", **decided, decision="同意")
    house.do("decide_extension", **decided, decision="驳回")
    assert (house.clock().ended_at, house.clock().due_at) == (ended, due)
