"""Each row of the plaza's procedure does something: its limits, whom they tell, and who may do what."""

from __future__ import annotations

from typing import Any

import pytest

from models import Clock, Coordination
from tests.support.cast import House, employ, shanghai
from tests.support.plaza import CALL, DAY, called, dispatched, finished, quoted, signed, taken_on, verified, written

DIRT = {**CALL, "nature": "投诉", "category": "公共环境/清洁", "content": "走廊有积水"}
DESK = ("dispatch", "open_work_order", "quote", "consent", "verify_work", "feedback", "urge", "confirm", "close")


def names(plaza: House) -> list[str]:
    return sorted(clock.name for clock in plaza.all(Clock) if not clock.ended_at)


def told(plaza: House, event: str, limit: str) -> set[str]:
    """Who heard that this limit ran out."""
    found = [notice for notice in plaza.notices(event) if limit in notice.text]
    return {str(notice.recipient or notice.department) for notice in found}


def offered(plaza: House, by: str, at: str) -> set[str]:
    return set(plaza.offered(by, at=at))


@pytest.mark.clause("P00b-8.3", "P00b-7.2", "G-19")
def test_a_case_that_is_not_dispatched_within_thirty_minutes_is_told_to_the_head_and_is_not_late(plaza: House) -> None:
    called(plaza)
    plaza.sweep(f"{DAY} 09:30")
    assert told(plaza, "超期", "派单") == set()
    plaza.sweep(f"{DAY} 09:31")
    assert told(plaza, "超期", "派单") == {"物业部负责人"}
    assert not plaza.the_case().was_overdue


@pytest.mark.clause("P00b-8.3", "P00b-7.7", "G-19")
def test_work_without_a_crew_after_thirty_minutes_is_told_to_the_head_of_the_engineers(plaza: House) -> None:
    taken_on(plaza)
    assert shanghai(plaza.clock("派工").due_at) == f"{DAY} 10:00:00"
    plaza.sweep(f"{DAY} 10:00")
    assert told(plaza, "超期", "派工") == set()
    plaza.sweep(f"{DAY} 10:01")
    assert told(plaza, "超期", "派工") == {"工程部负责人"}
    assert not plaza.the_case().was_overdue


@pytest.mark.clause("P00b-8.3", "P00b-7.7")
def test_a_crew_in_time_ends_that_limit(plaza: House) -> None:
    taken_on(plaza)
    plaza.do("assign_crew", by="工程甲", at=f"{DAY} 10:00", team="水电班")
    assert (plaza.clock("派工").ever_late, plaza.clock("派工").done_at is None) == (False, False)


@pytest.mark.clause("P00b-8.1", "P00b-8.2")
def test_a_repair_is_promised_for_its_appointment_and_nothing_else(plaza: House) -> None:
    dispatched(plaza)
    assert names(plaza) == ["预约"]
    assert shanghai(plaza.clock("预约").due_at) == f"{DAY} 16:00:00"


@pytest.mark.clause("P00b-8.1")
def test_an_order_that_was_handed_back_is_not_late_at_its_appointment(plaza: House) -> None:
    dispatched(plaza)
    plaza.do("return_dispatch", by="工程甲", at=f"{DAY} 09:25", reason="不归我部")
    plaza.sweep(f"{DAY} 16:01")
    assert plaza.notices("催办") == []
    assert not plaza.the_case().was_overdue


@pytest.mark.clause("P00b-8.1", "G-12")
def test_an_appointment_does_not_move_while_the_case_waits(plaza: House) -> None:
    taken_on(plaza)
    plaza.do("pause", by="物业部负责人", at=f"{DAY} 10:00", reason="客户原因")
    plaza.do("resume", by="物业部负责人", at=f"{DAY} 12:00")
    assert shanghai(plaza.clock("预约").due_at) == f"{DAY} 16:00:00"


@pytest.mark.clause("P00b-8.2")
@pytest.mark.parametrize("category", ["公共环境/绿化", "公共环境/推销滋扰", "邮件报纸/遗失", "安全保卫"])
def test_other_complaints_are_promised_from_when_they_were_received(plaza: House, category: str) -> None:
    given = {**DIRT, "category": category, "received_at": f"{DAY} 07:30"}
    plaza.case = plaza.do("register", by="前台甲", at=f"{DAY} 09:00", **given).thing
    assert shanghai(plaza.clock("办理").due_at) == "2026-05-14 07:30:00"


@pytest.mark.clause("P00b-8.2", "G-10")
def test_a_promise_that_ran_out_is_told_to_both_heads_and_the_case_is_late_for_good(plaza: House) -> None:
    plaza.case = plaza.do("register", by="前台甲", at=f"{DAY} 09:00", **DIRT).thing
    plaza.do("dispatch", by="前台甲", at=f"{DAY} 09:10", to_dept="工程部")
    plaza.do("sign_for", by="工程甲", at=f"{DAY} 09:20")
    plaza.sweep("2026-05-14 09:00")
    assert not plaza.the_case().was_overdue
    plaza.sweep("2026-05-14 09:01")
    assert {"工程部负责人", "物业部负责人"} <= told(plaza, "超期", "办理")
    plaza.do("implement", by="工程甲", at="2026-05-14 10:00", result="已清扫")
    assert (plaza.the_case().was_overdue, plaza.the_case().overdue) == (True, False)


@pytest.mark.clause("P00b-7.16", "F-21")
def test_who_did_not_sign_is_explained(plaza: House) -> None:
    verified(plaza)
    assert "没有签名" in plaza.refused("confirm", by="前台甲", at=f"{DAY} 16:00", signed=False, result="满意")
    plaza.do("confirm", by="前台甲", at=f"{DAY} 16:05", signed=False, reason="客户拒签", result="满意")


@pytest.mark.clause("P00b-7.16")
def test_the_customer_is_asked_when_the_work_is_done_and_not_before(plaza: House) -> None:
    taken_on(plaza)
    said = {"signed": True, "result": "满意"}
    assert plaza.refused("confirm", by="前台甲", at=f"{DAY} 10:00", **said)
    assert plaza.the_case().satisfaction == ""


@pytest.mark.clause("P00b-7.4", "P00b-18.1")
def test_a_paid_order_without_a_price_does_not_go_out(plaza: House) -> None:
    written(plaza, paid="有偿")
    assert "先按收费标准报价" in plaza.refused("dispatch", by="前台甲", at=f"{DAY} 09:20")


@pytest.mark.clause("P00b-7.11", "P00b-9.3")
def test_paid_services_are_sent_to_the_desks_own_people(plaza: House) -> None:
    hire = {**CALL, "nature": "有偿服务需求", "category": "室内清洁·告示牌租用", "content": "租用告示牌"}
    plaza.case = plaza.do("register", by="前台甲", at=f"{DAY} 09:00", **hire).thing
    assert plaza.the_case().fields["paid"] == "有偿"
    assert "洽谈人" in plaza.refused("dispatch", by="前台甲", at=f"{DAY} 09:05", to_dept="物业部")
    employ(plaza.session, "物业甲", "物业部", "承办人")
    plaza.do("dispatch", by="前台甲", at=f"{DAY} 09:10", to_person="物业甲")
    assert (str(plaza.the_case().handling_department), str(plaza.the_case().handler)) == ("物业部", "物业甲")


@pytest.mark.clause("P00b-6.1", "P00b-6.4", "P00b-7.10")
def test_the_desk_dispatches_urges_and_feeds_back_and_nobody_else(plaza: House) -> None:
    employ(plaza.session, "保安甲", "保安队", "承办人")
    may: dict[str, set[str]] = {name: set() for name in ("前台甲", "工程甲", "保安甲", "财务甲")}
    for reach, at in ((quoted, "09:11"), (dispatched, "09:21"), (signed, "15:11"), (verified, "15:31")):
        reach(plaza)
        for name, found in may.items():
            found |= offered(plaza, name, f"{DAY} {at}")
    assert set(DESK) - {"close"} <= may["前台甲"]
    assert may["工程甲"] & set(DESK) == {"confirm"}
    assert may["保安甲"] & set(DESK) == set()
    assert may["财务甲"] & set(DESK) == set()


@pytest.mark.clause("P00b-6.2", "P00b-6.6", "P00b-7.5")
def test_the_engineers_and_their_crew_do_the_work_and_the_desk_does_not(plaza: House) -> None:
    for reach, at, verb in ((taken_on, "09:31", "assign_crew"), (finished, "15:01", "sign_work")):
        reach(plaza)
        assert verb in offered(plaza, "工程甲", f"{DAY} {at}")
        assert verb not in offered(plaza, "前台甲", f"{DAY} {at}")


@pytest.mark.clause("P00b-6.5", "P00b-11.2")
def test_only_the_cashier_charges(plaza: House) -> None:
    verified(plaza)
    paid: dict[str, Any] = {"at": f"{DAY} 16:00", "fee_way": "预交财务部"}
    for name in ("前台甲", "工程甲", "物业部负责人"):
        assert plaza.refused("charge", by=name, **paid)
    plaza.do("charge", by="财务甲", **paid)


@pytest.mark.clause("P00b-6.1", "P00b-10.1")
def test_only_the_desk_and_its_head_say_that_a_problem_is_serious(plaza: House) -> None:
    taken_on(plaza)
    grave = {"at": f"{DAY} 10:00", "grade": "严重", "reason": "漏到楼下"}
    assert plaza.refused("change_grade", by="工程甲", **grave)
    plaza.do("change_grade", by="物业部负责人", **grave)


@pytest.mark.clause("P00b-5.1", "G-13")
def test_a_problem_ceases_to_be_serious_by_a_reason_and_the_leaders_word(plaza: House) -> None:
    taken_on(plaza)
    plaza.do("change_grade", by="物业部负责人", at=f"{DAY} 10:00", grade="严重", reason="漏到楼下")
    ordinary: dict[str, Any] = {"by": "前台甲", "at": f"{DAY} 10:30", "grade": "一般"}
    assert "理由" in plaza.refused("change_grade", **ordinary)
    plaza.do("change_grade", **ordinary, reason="楼下没有受损")
    assert plaza.the_case().grade == "严重"
    plaza.do("approve", by="公司领导", at=f"{DAY} 11:00", opinion="同意")
    assert plaza.the_case().grade == "一般"


@pytest.mark.clause("P00b-4.1")
def test_where_a_repair_is_stands_to_be_chosen_and_another_place_may_be_typed(plaza: House) -> None:
    assert plaza.form("register")["place"] == ["室内", "公共区域"]
    outside = plaza.do("register", by="前台甲", **{**CALL, "category": "公共环境/清洁", "place": "东门"}).result
    assert outside.place == "东门"


@pytest.mark.clause("P00b-12.5", "P00b-7.6")
def test_the_bill_of_a_repair_is_a_paper_under_the_number_of_its_order(plaza: House) -> None:
    order = verified(plaza)
    assert "管理费收费单" in plaza.refused("print", by="前台甲", at=f"{DAY} 15:50", kind="管理费收费单")
    plaza.do("charge", by="财务甲", at=f"{DAY} 16:00", fee_way="预交财务部")
    (bill,) = plaza.do("print", by="前台甲", at=f"{DAY} 16:05", kind="管理费收费单", number=order.order_no).result
    said = {entry.label: entry.value for entry in bill.rows}
    assert (bill.number, said["维修单号"]) == (order.order_no, order.order_no)
    assert (said["金额(元)"], said["收费方式"], said["计入月份"]) == ("80.00", "预交财务部", DAY[:7])
    assert [line.label for line in bill.signatures] == ["客户签名", "财务部签名"]


@pytest.mark.clause("P00b-7.15", "P00b-10.3")
def test_each_word_with_an_outside_unit_is_a_paper_that_its_number_finds(plaza: House) -> None:
    plaza.case = plaza.do("register", by="前台甲", **DIRT).thing
    for unit in ("环卫所", "街道办"):
        plaza.do("coordinate", by="前台甲", unit=unit, explanation_to_customer="由外部单位清理")
    first, second = plaza.all(Coordination)
    for asked in (first, second):
        (paper,) = plaza.do("print", by="前台甲", kind="外部协调单", number=str(asked.id)).result
        assert next(entry.value for entry in paper.rows if entry.label == "外部单位") == asked.unit
    assert plaza.refused("print", by="前台甲", kind="外部协调单", number="没有的号")


@pytest.mark.clause("P00b-12.1", "P00b-12.2")
@pytest.mark.parametrize("kind", ["客户投诉登记表", "客户来电记录表"])
def test_what_was_taken_down_of_one_case_is_a_paper_to_sign(plaza: House, kind: str) -> None:
    plaza.case = plaza.do("register", by="前台甲", **DIRT).thing
    (paper,) = plaza.do("print", by="前台甲", kind=kind).result
    assert paper.number == plaza.the_case().case_no
    assert {"走廊有积水", "客户甲", "前台甲"} <= {entry.value for entry in paper.rows}
    assert len(paper.signatures) == 1
