"""What happens when it gets worse: the grade rises, the order is late, the customer stays dissatisfied (block 10)."""

from __future__ import annotations

import pytest

from models import Assessment, Clock, CorrectiveAction, Visit
from tests.support.cast import House, shanghai

EXPOSED = {"mainstream_media": True, "impact": "重大不良"}


@pytest.mark.clause("P02-10.1", "P02-5.5", "G-13")
def test_a_grade_that_rises_is_told_to_hr_and_to_the_leaders_once_each(house: House) -> None:
    case = house.complaint(at="2026-09-22 10:00")
    assert case.grade == "三级投诉"
    done = house.do("update", by="人事甲", at="2026-09-28 09:00", **EXPOSED)
    assert case.grade == "一级投诉"
    assert sorted(notice.recipient for notice in done.notices) == ["人力资源行政部", "公司领导"]
    assert {notice.event for notice in done.notices} == {"升级"}
    assert {notice.text for notice in done.notices} == {f"{case.case_no} 升为一级投诉"}


@pytest.mark.clause("P02-10.1", "G-13", "G-16")
def test_the_history_keeps_both_grades_and_the_rule_that_raised_it(house: House) -> None:
    house.complaint()
    event = house.do("update", by="人事甲", **EXPOSED).event
    assert event.changes["级别"] == ["三级投诉", "一级投诉"]
    assert "grade-1-media" in {decision["rule_id"] for decision in event.decisions}


@pytest.mark.clause("P02-10.1")
def test_a_complaint_to_the_government_with_some_impact_rises_to_the_second_grade(house: House) -> None:
    case = house.complaint()
    house.do("update", by="人事甲", to_government=True, impact="一定不良")
    assert case.grade == "二级投诉"
    assert {notice.recipient for notice in house.notices("升级")} == {"人力资源行政部", "公司领导"}


@pytest.mark.clause("P02-10.1", "G-13")
def test_facts_that_raise_nothing_send_nothing(house: House) -> None:
    house.complaint()
    house.do("update", by="人事甲", impact="无")
    assert house.notices("升级") == []


@pytest.mark.clause("G-13")
def test_a_grade_never_falls_by_itself(house: House) -> None:
    case = house.complaint()
    house.do("update", by="人事甲", **EXPOSED)
    done = house.do("update", by="人事甲", mainstream_media=False)
    assert case.grade == "一级投诉"
    assert any("级别不自动降低" in warning for warning in done.warnings)


@pytest.mark.clause("P02-10.2", "P02-17.8", "G-10")
def test_an_overdue_order_is_flagged_urged_and_item_17_is_drafted(house: House) -> None:
    case = house.registered(at="2026-07-21 10:00")
    order = house.ordered(limit_days=2, at="2026-07-21 10:10")
    house.sweep("2026-07-24 00:05")
    assert "超期" in case.flags
    assert case.overdue
    assert order.urge_count == 1
    (draft,) = [row for row in house.all(Assessment) if row.standard_no == "17"]
    assert (draft.state, draft.subject_kind, draft.points_min, draft.points) == ("草稿", "部门负责人", 10, 10)
    assert draft.subject == "客户营业部负责人"


@pytest.mark.clause("P02-10.2", "P02-13.4", "G-10")
def test_the_head_of_the_handling_department_is_urged_every_time(house: House) -> None:
    house.registered(at="2026-07-21 10:00")
    house.ordered(limit_days=2, at="2026-07-21 10:10")
    for day in ("24", "25", "26"):
        house.sweep(f"2026-07-{day} 00:05")
    urged = house.notices("催办")
    assert [notice.recipient for notice in urged] == ["客户营业部负责人"] * 3
    assert [shanghai(notice.created_at) for notice in urged] == [f"2026-07-{day} 00:05:00" for day in (24, 25, 26)]


@pytest.mark.clause("P02-10.2", "P02-17.8", "F-16")
def test_item_17_stays_one_draft_however_often_the_sweep_looks(house: House) -> None:
    house.ordered(limit_days=1, at="2026-07-21 10:10")
    for day in range(23, 29):
        house.sweep(f"2026-07-{day} 00:05")
    assert [row.standard_no for row in house.all(Assessment)] == ["17"]


@pytest.mark.clause("P02-10.2")
def test_an_order_in_time_is_neither_flagged_nor_assessed(house: House) -> None:
    case = house.registered(at="2026-07-21 10:00")
    house.answered(at="2026-07-23 09:00")
    house.sweep("2026-07-30 00:05")
    assert (case.overdue, case.was_overdue, house.notices("超期"), house.all(Assessment)) == (False, False, [], [])


@pytest.mark.clause("P02-10.2", "G-10")
def test_a_person_urges_by_hand_until_the_order_is_answered(house: House) -> None:
    order = house.ordered()
    house.do("urge", text="今日须反馈")
    assert (order.urge_count, [n.recipient for n in house.notices("催办")]) == (1, ["客户营业部负责人"])
    house.answered()
    assert "催办" in house.refused("urge")


@pytest.mark.clause("P02-10.3", "P02-14.1", "F-21")
def test_a_dissatisfied_customer_opens_a_second_round(house: House) -> None:
    case = house.registered(at="2026-06-01 09:00")
    house.visited("不满意", at="2026-06-03 10:00", comment="仍未上门")
    assert (case.state, case.round, house.order().state) == ("重新处理", 2, "退回整改")
    assert house.due() == "2026-06-06 23:59:59"
    assert [notice.recipient for notice in house.notices("重新处理")] == ["客户营业部负责人"]


@pytest.mark.clause("P02-10.3")
def test_dissatisfaction_again_is_told_to_the_head_of_the_investigating_department(house: House) -> None:
    case = house.registered()
    house.visited("不满意", at="2026-05-14 10:00")
    assert house.notices("再次不满意") == []
    house.visited("不满意", at="2026-05-16 10:00")
    assert case.round == 3
    assert [notice.recipient for notice in house.notices("再次不满意")] == ["客户服务中心负责人"]


@pytest.mark.clause("P02-10.3")
def test_the_first_round_stays_on_record_when_the_second_is_answered(house: House) -> None:
    house.registered()
    house.visited("不满意", at="2026-05-14 10:00")
    house.visited("满意", at="2026-05-16 10:00")
    assert [record.round for record in house.all(CorrectiveAction)] == [1, 2]
    assert [visit.result for visit in house.all(Visit)] == ["不满意", "满意"]


@pytest.mark.clause("P02-10.1")
def test_escalating_by_hand_tells_the_leaders_and_marks_the_case(house: House) -> None:
    case = house.complaint()
    house.do("escalate", by="人事甲", reason="客户称将联系媒体")
    assert "升级中" in case.flags
    assert {notice.recipient for notice in house.notices("升级")} == {"公司领导", "人力资源行政部"}


@pytest.mark.clause("G-10", "P02-10.2")
def test_a_rung_keeps_whom_it_told(house: House) -> None:
    house.ordered(limit_days=2, at="2026-07-21 10:10")
    house.sweep("2026-07-24 00:05")
    (clock,) = house.all(Clock)
    told = {row.rung: row.told for row in clock.rungs}
    assert told == {"overdue": ["客户营业部负责人", "客服甲"], "urge": ["客户营业部负责人"]}
