"""What P02 refuses and what it only warns of (block 18); the rest of the block stands with visits and assessment."""

from __future__ import annotations

from typing import Any

import pytest

from models import SupervisionOrder
from rules.table import Decision
from tests.support.cast import House
from workflow.act import filled, finding_of


@pytest.mark.clause("P02-18.1", "P02-8.1")
@pytest.mark.parametrize("days", [0, -1, "0", 366, "三", 1.5, 10**12, True])
def test_an_order_takes_whole_days_from_one_on(house: House, days: Any) -> None:
    house.registered()
    assert house.refused("issue_order", limit_kind="N日内", limit_days=days)
    assert house.all(SupervisionOrder) == []


@pytest.mark.clause("P02-18.1")
@pytest.mark.parametrize("given", [{}, {"limit_kind": ""}, {"limit_kind": "N日内"}, {"limit_kind": "两周"}])
def test_an_order_without_its_limit_is_refused(house: House, given: dict[str, Any]) -> None:
    house.registered()
    refusal = house.refusal("issue_order", **given)
    assert "时限" in str(refusal) or "几日内" in str(refusal)
    assert {finding.field for finding in refusal.findings} <= {"limit_kind", "limit_days"}


@pytest.mark.clause("P02-18.1", "P02-3.5")
def test_an_order_without_a_department_is_refused(house: House) -> None:
    house.registered(complained_department=None)
    assert "承办部门" in house.refused("issue_order", limit_kind="当天")
    house.do("issue_order", limit_kind="当天", handling_department="工程维修部")
    assert str(house.order().handling_department) == "工程维修部"


@pytest.mark.clause("P02-18.1", "P02-3.2")
def test_an_order_without_what_the_customer_wants_is_refused(house: House) -> None:
    house.registered(demand="")
    assert "客户要求" in house.refused("issue_order", limit_kind="当天")
    house.do("issue_order", limit_kind="当天", customer_request="按约上门")
    assert house.order().customer_request == "按约上门"


@pytest.mark.clause("P02-18.1")
def test_an_order_without_all_three_names_all_three(house: House) -> None:
    house.registered(demand="", complained_department=None)
    text = house.refused("issue_order")
    assert all(word in text for word in ("承办部门", "客户要求", "办理时限"))


@pytest.mark.clause("P02-18.1", "G-14", "G-16")
def test_a_refused_order_uses_no_number_and_stays_in_the_history(house: House) -> None:
    house.registered()
    house.refused("issue_order", limit_kind="N日内", limit_days=0)
    (event,) = house.events(outcome="拒绝")
    assert event.text.startswith("开具督办处理单被拒绝")
    assert house.ordered().order_no == "DB-20260513-0001"


@pytest.mark.clause("P02-18.4", "P02-5.4")
@pytest.mark.parametrize("grade", ["一级投诉", "二级投诉", "三级投诉"])
def test_a_grumble_takes_no_grade(house: House, grade: str) -> None:
    case = house.registered()
    assert "抱怨不分级别" in house.refused("change_grade", grade=grade, reason="领导关注")
    assert case.grade is None


@pytest.mark.clause("P02-18.4")
def test_a_grade_that_differs_from_the_facts_needs_a_reason_and_is_warned_of(house: House) -> None:
    case = house.complaint()
    assert "原因" in house.refused("change_grade", by="人事甲", grade="二级投诉")
    done = house.do("change_grade", by="人事甲", grade="二级投诉", reason="客户扬言曝光")
    assert any("与事实" in warning for warning in done.warnings)
    assert (case.grade, case.grade_by_hand) == ("二级投诉", True)
    assert done.event.warnings == list(done.warnings)


@pytest.mark.clause("P02-18.4", "G-13")
def test_picking_a_lower_grade_than_the_facts_is_warned_of_or_refused_and_never_silent(house: House) -> None:
    case = house.complaint()
    house.do("update", by="人事甲", to_government=True, impact="一定不良")
    assert case.grade == "二级投诉"
    assert "原因" in house.refused("change_grade", by="人事甲", grade="三级投诉")
    done = house.do("change_grade", by="人事甲", grade="三级投诉", reason="影响已消除")
    assert any("与事实" in warning for warning in done.warnings)
    assert done.event.changes["级别"] == ["二级投诉", "三级投诉"]


@pytest.mark.clause("P02-18.4")
def test_the_grade_that_the_facts_give_is_not_warned_of(house: House) -> None:
    house.complaint()
    assert house.do("change_grade", by="人事甲", grade="三级投诉", reason="核对").warnings == ()


@pytest.mark.clause("P02-18.4", "G-13")
def test_worse_facts_overrule_a_grade_set_by_hand(house: House) -> None:
    case = house.complaint()
    house.do("change_grade", by="人事甲", grade="二级投诉", reason="客户扬言曝光")
    house.do("update", by="人事甲", impact="无")
    assert case.grade == "二级投诉"
    house.do("update", by="人事甲", mainstream_media=True, impact="重大不良")
    assert (case.grade, case.grade_by_hand) == ("一级投诉", False)


@pytest.mark.clause("P02-18.5", "P02-8.1", "G-06")
@pytest.mark.parametrize(
    ("at", "days", "due", "named"),
    [
        ("2026-09-30 10:00", 3, "2026-10-03 23:59:59", "国庆"),
        ("2026-05-13 15:10", 3, "2026-05-16 23:59:59", "星期六"),
        ("2026-06-17 09:00", 2, "2026-06-19 23:59:59", "端午"),
    ],
)
def test_a_due_day_off_is_warned_of_and_not_moved(house: House, at: str, days: int, due: str, named: str) -> None:
    house.registered(at=at)
    done = house.do("issue_order", at=at, limit_kind="N日内", limit_days=days)
    (warning,) = done.warnings
    assert "休息日" in warning
    assert named in warning
    assert house.due() == due
    assert done.event.warnings == [warning]


@pytest.mark.clause("P02-18.5", "G-02")
@pytest.mark.parametrize(("at", "days"), [("2026-10-09 09:00", 1), ("2026-09-18 09:00", 2), ("2026-05-13 09:00", 2)])
def test_a_due_workday_is_not_warned_of_even_on_a_made_up_weekend(house: House, at: str, days: int) -> None:
    house.registered(at=at)
    assert house.do("issue_order", at=at, limit_kind="N日内", limit_days=days).warnings == ()


@pytest.mark.clause("P02-18.6", "P02-3.3")
@pytest.mark.parametrize("sought", ["物质", "精神", "物质+精神"])
def test_a_grumble_with_a_claim_is_warned_of_and_kept(house: House, sought: str) -> None:
    case = house.registered(nature="抱怨", compensation_sought=sought)
    (event,) = house.events(verb="register")
    assert case.nature == "抱怨"
    assert any("符合投诉定义" in warning for warning in event.warnings)


@pytest.mark.clause("P02-18.6")
def test_a_claim_made_later_is_warned_of_where_it_stays_a_grumble(house: House) -> None:
    case = house.registered()
    done = house.do("update", nature="抱怨", compensation_sought="物质", reason="只是随口一提")
    assert case.nature == "抱怨"
    assert any("符合投诉定义" in warning for warning in done.warnings)


@pytest.mark.clause("P02-18.6")
def test_a_grumble_without_a_claim_is_not_warned_of(house: House) -> None:
    house.registered()
    assert house.events(verb="register")[0].warnings == []


@pytest.mark.parametrize(("facts", "said"), [({"grade": "热点"}, "热点投诉须经批准"), ({}, "—投诉须经批准")])
def test_a_refusal_of_the_document_fills_in_the_facts_that_it_names(facts: dict[str, Any], said: str) -> None:
    broken = Decision("require", "{grade}投诉须经批准", "reply-approved", "非一般投诉先审批", seen=facts)
    assert str(finding_of(broken)) == str(finding_of(broken, facts)) == said


@pytest.mark.parametrize("braces", ["{", "}", "{}", "{ }", "{0!x", "{grade", "}{"])
@pytest.mark.parametrize("blank", ["", "{grade}"])
def test_braces_that_name_no_fact_stay_what_they_are(braces: str, blank: str) -> None:
    broken = Decision("require", f"写明 {braces} {blank}", "braces", "", seen={"grade": "热点"})
    assert str(finding_of(broken)) == f"写明 {braces} {'热点' if blank else ''}"
    assert filled(f"{braces} {blank}", broken.seen) == f"{braces} {'热点' if blank else ''}"


def test_a_refusal_may_name_what_was_typed() -> None:
    broken = Decision("require", "不能因为{argument.reason}结案", "typed", "", seen={"argument.reason": "{累}"})
    assert str(finding_of(broken)) == "不能因为{累}结案"
