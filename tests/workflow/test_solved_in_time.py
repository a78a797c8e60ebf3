"""Half a month and a month unsolved raise a case of the estate group; solved and waiting for the visit it is not."""

from __future__ import annotations

import pytest

from models import Staff
from rules.procedure import shipped
from tests.support.cast import House, employ, under

OFFICER, HEAD = "专管员甲", "客服头"
RECEIVED = "2026-04-01 10:00"
GRUMBLE = {
    "name": "业主甲",
    "phone": "13800000001",
    "channel": "来电",
    "content": "销售人员态度不好",
    "project": "甲苑",
    "source_form": "口头",
    "category": "员工工作及服务",
}


@pytest.fixture
def group(house: House) -> House:
    """The house under the estate group's process: the officer of a project, and the head of the service department."""
    under(house.session, shipped()["P03"])
    place = employ(house.session, OFFICER, "客户服务部", "客服专管员(项目)", projects=["甲苑"]).department
    place.head = Staff(name=HEAD, department=place)
    house.session.flush()
    return house


def _solved(group: House) -> None:
    """A grumble that was talked over, and of which the complainant says that it is solved."""
    group.case = group.do("register", by=OFFICER, at=RECEIVED, **GRUMBLE).thing
    group.do("communicate", by=OFFICER, at="2026-04-02 09:00", kind="解释", way="电话", text="已说明")
    group.do("update", by=OFFICER, at="2026-04-02 09:10", split="抱怨类")
    group.do("dispatch", by=OFFICER, at="2026-04-02 09:20", to_dept="客户服务部")
    group.do("record_acceptance", by=OFFICER, at="2026-04-03 09:00", accepts="接受")


@pytest.mark.clause("P03-7.6", "P03-8.3", "P03-8.4", "P03-10.3")
def test_a_solved_case_that_waits_for_its_visit_does_not_rise(group: House) -> None:
    _solved(group)
    group.sweep("2026-05-02 00:00")
    assert (group.the_case().state, group.the_case().grade) == ("待回访", "一般")
    assert [text for text in group.story().splitlines() if "未解决将升为" in text] == []
    assert "请确认原因方" not in group.duties()


@pytest.mark.clause("P03-8.4", "P03-14.2", "F-23")
@pytest.mark.parametrize(
    ("at", "grade"), [("2026-04-16 23:00", "一般"), ("2026-04-17 09:00", "热点"), ("2026-05-02 09:00", "重大")]
)
def test_found_unsolved_by_the_visit_it_counts_from_the_day_it_came(group: House, at: str, grade: str) -> None:
    _solved(group)
    group.sweep(at)
    group.do("visit", by=OFFICER, at=at, result="不满意")
    assert (group.the_case().state, group.the_case().grade) == ("重新处理", grade)


@pytest.mark.clause("P03-10.3", "F-11")
def test_the_cause_on_the_customers_side_keeps_it_where_it_is_then_too(group: House) -> None:
    _solved(group)
    group.sweep("2026-04-17 00:00")
    group.do("update", by=OFFICER, at="2026-04-17 08:00", unresolved_by="客户")
    group.do("visit", by=OFFICER, at="2026-04-17 09:00", result="不满意")
    assert group.the_case().grade == "一般"


@pytest.mark.clause("P03-8.4", "P03-18.4")
def test_a_case_that_nobody_solved_is_warned_of_two_days_before_and_rises(group: House) -> None:
    group.case = group.do("register", by=OFFICER, at=RECEIVED, **GRUMBLE).thing
    group.sweep("2026-04-15 00:00")
    assert "临近半月" in group.story()
    group.sweep("2026-04-17 00:00")
    assert group.the_case().grade == "热点"
