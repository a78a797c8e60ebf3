"""How a case of the plaza may end, what a serious one asks for before, and what the month owes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from models import Duty, PeriodicReport
from tests.support.cast import House, shanghai
from tests.support.plaza import CALL, DAY, finished, taken_on, verified
from workflow import organisation

NOISE = {**CALL, "nature": "投诉", "category": "公共环境/装修噪音·异味·粉尘", "content": "钻孔"}
MAIL = {**CALL, "nature": "投诉", "category": "邮件报纸/欠收", "content": "少了一份报"}
DONE = {"close_reason": "解决"}


def complained(plaza: House, **more: Any) -> None:
    """A complaint on its way to the engineers, who have seen to it."""
    plaza.case = plaza.do("register", by="前台甲", at=f"{DAY} 09:00", **{**NOISE, **more}).thing
    plaza.do("dispatch", by="前台甲", at=f"{DAY} 09:10", to_dept="工程部")
    plaza.do("sign_for", by="工程甲", at=f"{DAY} 09:20")
    plaza.do("implement", by="工程甲", at=f"{DAY} 10:00", result="已改时段")


@pytest.mark.clause("P00b-7.16", "P00b-14.1", "P00b-18.3")
def test_the_customers_word_of_an_earlier_round_closes_no_later_one(plaza: House) -> None:
    complained(plaza)
    plaza.do("confirm", by="前台甲", at=f"{DAY} 11:00", signed=True, result="不满意")
    plaza.do("implement", by="工程甲", at=f"{DAY} 12:00", result="再改")
    assert "签名确认并评价" in plaza.refused("close", by="前台甲", at=f"{DAY} 13:00", **DONE)
    plaza.do("confirm", by="前台甲", at=f"{DAY} 13:10", signed=True, result="基本满意")
    plaza.do("close", by="前台甲", at=f"{DAY} 13:20", **DONE)
    assert plaza.the_case().state == "已结案"


@pytest.mark.clause("P00b-7.16", "P00b-18.3")
def test_a_call_after_the_work_takes_no_place_of_the_signature(plaza: House) -> None:
    verified(plaza)
    plaza.do("visit", by="前台甲", at=f"{DAY} 16:00", result="满意")
    assert "签名确认并评价" in plaza.refused("close", by="前台甲", at=f"{DAY} 16:10", **DONE)


@pytest.mark.clause("P00b-14.1", "G-22", "F-21")
def test_a_customer_who_is_never_reached_is_tried_on_three_days(plaza: House) -> None:
    complained(plaza)
    away = {"close_reason": "无法联系", "summary": "三天都没有人接"}
    for at in (f"{DAY} 11:00", "2026-05-14 11:00", "2026-05-14 15:00"):
        plaza.do("visit", by="前台甲", at=at, result="无法联系")
    assert "3 个不同日子" in plaza.refused("close", by="前台甲", at="2026-05-14 16:00", **away)
    plaza.do("visit", by="前台甲", at="2026-05-15 11:00", result="无法联系")
    assert "说明原因" in plaza.refused("close", by="前台甲", at="2026-05-15 11:05", close_reason="无法联系")
    plaza.do("close", by="前台甲", at="2026-05-15 11:10", **away)
    assert plaza.the_case().close_reason == "无法联系"


@pytest.mark.clause("P00b-7.16", "F-21")
def test_only_the_leader_closes_a_case_whose_customer_is_not_content_after_two_rounds(plaza: House) -> None:
    complained(plaza)
    still = {"close_reason": "两轮后仍不满意", "summary": "已两次改时段"}
    plaza.do("confirm", by="前台甲", at=f"{DAY} 11:00", signed=True, result="不满意")
    assert "未满两轮" in plaza.refused("close", by="公司领导", at=f"{DAY} 11:10", **still)
    plaza.do("implement", by="工程甲", at=f"{DAY} 12:00", result="再改")
    plaza.do("confirm", by="前台甲", at=f"{DAY} 13:00", signed=True, result="不满意")
    assert "公司领导批准" in plaza.refused("close", by="前台甲", at=f"{DAY} 13:10", **still)
    plaza.do("close", by="公司领导", at=f"{DAY} 13:20", **still)
    assert plaza.the_case().state == "已结案"


@pytest.mark.clause("P00b-7.16", "F-21", "G-22")
def test_who_is_not_content_is_not_taken_for_one_who_does_not_want_to_say(plaza: House) -> None:
    complained(plaza)
    plaza.do("confirm", by="前台甲", at=f"{DAY} 11:00", signed=True, result="不满意")
    end = {"at": f"{DAY} 11:10", "summary": "不再回应"}
    assert "重新评估" in plaza.refused("close", by="前台甲", **end, close_reason="客户拒评")
    assert "物业部负责人" in plaza.refused("close", by="前台甲", **end, close_reason="非我方责任已解释")
    plaza.do("close", by="物业部负责人", **end, close_reason="非我方责任已解释")


@pytest.mark.clause("P00b-7.13")
def test_mail_that_is_missing_is_looked_up_also_where_the_shop_is_never_reached(plaza: House) -> None:
    plaza.case = plaza.do("register", by="前台甲", at=f"{DAY} 09:00", **MAIL).thing
    organisation.give_role(plaza.session, plaza.person("维修甲"), "信报管理人员", plaza.department("物业部"))
    plaza.do("dispatch", by="前台甲", at=f"{DAY} 09:10", to_person="维修甲", to_dept="物业部")
    assert plaza.notices("督促", to="物业部负责人")
    plaza.do("sign_for", by="维修甲", at=f"{DAY} 09:20")
    plaza.do("implement", by="维修甲", at=f"{DAY} 10:00", result="补投")
    for day in ("13", "14", "15"):
        plaza.do("visit", by="前台甲", at=f"2026-05-{day} 17:00", result="无法联系")
    away = {"close_reason": "无法联系", "summary": "三天都没有人接"}
    assert "收发记录" in plaza.refused("close", by="前台甲", at="2026-05-15 17:10", **away)
    looked = {"method": "查验收发记录", "facts": "登记齐全", "conclusion": "属实", "cause": "投错"}
    plaza.do("investigate", by="维修甲", at="2026-05-15 17:20", **looked)
    plaza.do("close", by="前台甲", at="2026-05-15 17:30", **away)
    assert plaza.the_case().state == "已结案"


@pytest.mark.clause("P00b-7.14", "P00b-6.7")
def test_the_work_on_a_serious_matter_is_not_finished_before_the_scene_was_seen(plaza: House) -> None:
    taken_on(plaza)
    plaza.do("assign_crew", by="工程甲", at=f"{DAY} 09:35", team="水电班")
    plaza.do("change_grade", by="前台甲", at=f"{DAY} 09:40", grade="严重", reason="漏到楼下")
    assert "现场查看" in plaza.refused("finish_work", by="工程甲", at=f"{DAY} 15:00")
    seen = {"arrived_at": f"{DAY} 15:02", "people": ["公司领导", "工程甲"], "findings": "阀门老化"}
    plaza.do("site_visit", by="公司领导", at=f"{DAY} 15:10", **seen)
    plaza.do("finish_work", by="工程甲", at=f"{DAY} 15:20")


@pytest.mark.clause("P00b-7.14")
def test_a_case_that_became_serious_at_the_end_is_not_closed_before_the_scene_was_seen(plaza: House) -> None:
    complained(plaza)
    plaza.do("confirm", by="前台甲", at=f"{DAY} 11:00", signed=True, result="满意")
    plaza.do("change_grade", by="前台甲", at=f"{DAY} 11:10", grade="严重", reason="有人受伤")
    assert "现场查看" in plaza.refused("close", by="前台甲", at=f"{DAY} 11:20", **DONE)


@pytest.mark.clause("P00b-8.3", "P00b-7.14", "P00b-10.1")
@pytest.mark.parametrize("later", [False, True], ids=["when received", "later"])
def test_the_leader_is_told_within_thirty_minutes_or_the_head_hears_of_it(plaza: House, later: bool) -> None:
    given = {} if later else {"grade": "严重"}
    plaza.case = plaza.do("register", by="前台甲", at=f"{DAY} 09:00", **{**NOISE, **given}).thing
    if later:
        plaza.do("change_grade", by="前台甲", at=f"{DAY} 09:00", grade="严重", reason="有人受伤")
        assert "一般 → 严重" in plaza.story()
    assert shanghai(plaza.clock("报告").due_at) == f"{DAY} 09:30:00"
    plaza.sweep(f"{DAY} 09:30")
    assert plaza.notices("超期") == []
    plaza.sweep(f"{DAY} 09:31")
    told = {str(notice.recipient) for notice in plaza.notices("超期") if "报告" in notice.text}
    assert {"物业部负责人", "公司领导"} <= told


@pytest.mark.clause("P00b-6.7", "P00b-7.14")
def test_the_leader_owes_a_look_at_the_scene_until_somebody_was_there(plaza: House) -> None:
    complained(plaza)
    assert plaza.duties() == []
    plaza.do("change_grade", by="前台甲", at=f"{DAY} 10:10", grade="严重", reason="有人受伤")
    assert plaza.duties() == ["组织查看现场和记录"]
    seen = {"arrived_at": f"{DAY} 10:30", "people": ["公司领导"], "findings": "护栏松动"}
    plaza.do("site_visit", by="公司领导", at=f"{DAY} 10:40", **seen)
    assert plaza.duties() == []


@pytest.mark.clause("P00b-17.1", "P00b-16.1", "P00b-16.2")
def test_the_departments_that_handle_the_cases_are_evaluated_by_what_was_promised(plaza: House) -> None:
    for number in range(5):
        complained(plaza, name=f"客户{number}")
        if number == 4:
            plaza.sweep("2026-05-14 09:01")
            continue
        plaza.do("confirm", by="前台甲", at=f"{DAY} 11:00", signed=True, result="不满意" if number == 3 else "满意")
        if number < 3:
            plaza.do("close", by="前台甲", at=f"{DAY} 12:00", **DONE)
    asked = {"kind": "内部评价", "period": "2026-05", "look": True}
    made = plaza.do("report", by="物业部负责人", at="2026-06-01 10:00", **asked).result
    assert made.columns == ("责任部门", "件数", "投诉处理及时率", "满意率", "维修满意率")
    assert made.rows == (("工程部", "5", "60.00%", "75.00%", "—"),)


@pytest.mark.clause("P00b-17.1", "P00b-8.2")
def test_a_leader_who_was_told_late_makes_no_case_late_for_its_customer(plaza: House) -> None:
    complained(plaza)
    plaza.do("change_grade", by="前台甲", at=f"{DAY} 10:00", grade="严重", reason="有人受伤")
    plaza.sweep(f"{DAY} 10:31")
    assert (plaza.clock("报告").ever_late, plaza.the_case().was_overdue) == (True, False)


@pytest.mark.clause("P00b-3.2", "P00b-13.1")
@pytest.mark.parametrize(
    ("given", "doubt"),
    [
        ({"reported_to": ""}, "还没有记录已报告主管或负责人"),
        ({}, "还没有记录什么时候报告的"),
        ({"reported_at": f"{DAY} 09:00"}, ""),
    ],
    ids=["nobody", "no time", "both"],
)
def test_whom_the_desk_reported_to_and_when_is_asked_for_and_not_forced(
    plaza: House, given: dict[str, str], doubt: str
) -> None:
    clear = {"four_clear": ["听", "问", "复", "记"]}
    done = plaza.do("register", by="前台甲", at=f"{DAY} 09:00", **{**NOISE, **clear, **given})
    assert done.warnings == ((doubt,) if doubt else ())


@pytest.mark.clause("P00b-3.2")
@pytest.mark.parametrize("left_out", ["听", "问", "复", "记"])
def test_each_of_the_four_clear_things_is_asked_for(plaza: House, left_out: str) -> None:
    clear = [word for word in ("听", "问", "复", "记") if word != left_out]
    done = plaza.do("register", by="前台甲", at=f"{DAY} 09:00", **NOISE, four_clear=clear, reported_at=f"{DAY} 09:00")
    assert done.warnings == ("四清楚没有逐项确认",)


@pytest.mark.clause("P00b-4.1")
def test_a_case_that_turns_out_to_be_a_repair_says_where(plaza: House) -> None:
    plaza.case = plaza.do("register", by="前台甲", at=f"{DAY} 09:00", **{**NOISE, "place": "二楼"}).thing
    repair = {"category": "设备设施故障与报修"}
    assert "位置" in plaza.refused("update", by="前台甲", at=f"{DAY} 09:05", **repair)
    plaza.do("update", by="前台甲", at=f"{DAY} 09:06", **repair, place="公共区域")
    assert plaza.the_case().place == "公共区域"


@pytest.mark.clause("P00b-7.8", "P00b-12.4")
def test_the_copy_of_the_cashier_says_what_is_owed_also_where_that_is_nothing(plaza: House) -> None:
    order = verified(plaza)
    assert {copy["copy"]: copy["amount"] for copy in order.copies}["财务部收费"] == "80.00"
    free = finished(plaza)
    free.paid, free.final_amount = "无偿", None
    rated = {"rating_quality": "满意", "rating_attitude": "满意"}
    plaza.do("sign_work", by="工程甲", at=f"{DAY} 15:05", customer_signed_by="客户甲", **rated)
    plaza.do("return_work", by="工程甲", at=f"{DAY} 15:10")
    plaza.do("verify_work", by="前台甲", at=f"{DAY} 15:30")
    assert {copy["copy"]: copy["amount"] for copy in free.copies}["财务部收费"] == "0.00"


@pytest.mark.clause("P00b-7.17", "P00b-8.4", "P00b-18.3")
def test_the_desk_owes_the_analysis_of_the_month_before_from_its_first_workday_on(plaza: House) -> None:
    verified(plaza)
    plaza.sweep("2026-06-01 08:59")
    owed = select(Duty).where(Duty.title == "投诉处理月分析")
    assert plaza.session.scalars(owed).all() == []
    plaza.sweep("2026-06-01 09:00")
    (duty,) = plaza.session.scalars(owed)
    assert (duty.period, duty.done_at) == ("2026-05", None)
    asked = {"kind": "月分析", "period": "2026-05", "summary": "漏水居多"}
    made = plaza.do("report", by="物业部负责人", at="2026-06-01 10:00", **asked).result
    assert "2026-05-01" in made.text
    assert "2026-05-31" in made.text
    kept = plaza.session.scalars(select(PeriodicReport)).one()
    assert (kept.period, kept.totals["cases"], duty.done_at is None) == ("2026-05", 1, False)
