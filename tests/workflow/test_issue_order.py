"""开具督办处理单: what it must say, to whom it goes, and what begins with it."""

from __future__ import annotations

import pytest

from models import Investigation, SupervisionOrder
from tests.support.cast import House, shanghai


@pytest.mark.clause("P02-7.3")
def test_an_order_for_three_days_is_issued_and_the_department_is_told(house: House) -> None:
    house.registered()
    order = house.ordered(handling_department="客户营业部", limit_kind="N日内", limit_days=3, at="2026-05-13 16:00")
    assert (order.state, str(order.handling_department), order.limit_days) == ("已开具", "客户营业部", 3)
    assert shanghai(order.issued_at) == "2026-05-13 16:00:00"
    assert len(house.notices("督办处理单", to="客户营业部负责人")) == 1


@pytest.mark.clause("P02-7.3")
def test_order_numbers_are_unique(house: House) -> None:
    numbers = []
    for _ in range(3):
        house.registered()
        numbers.append(house.ordered().order_no)
    assert numbers == ["DB-20260513-0001", "DB-20260513-0002", "DB-20260513-0003"]


@pytest.mark.clause("P02-7.4")
def test_the_investigation_opens_with_the_order(house: House) -> None:
    case = house.registered()
    assert house.all(Investigation) == []
    house.ordered(at="2026-05-13 16:00")
    record = house.newest(Investigation)
    assert (case.state, record.conclusion, record.finished_at) == ("处理中", "待定", None)
    assert (str(record.investigator), shanghai(record.started_at)) == ("客服甲", "2026-05-13 16:00:00")


@pytest.mark.clause("P02-3.2")
def test_without_the_customers_demand_no_order_is_issued(house: House) -> None:
    house.registered(without="demand")
    refusal = house.refusal("issue_order", limit_kind="当天")
    assert [finding.field for finding in refusal.findings] == ["customer_request"]


@pytest.mark.clause("P02-3.2")
def test_the_demand_may_be_found_out_when_the_order_is_written(house: House) -> None:
    house.registered(without="demand")
    assert house.ordered(customer_request="当面致歉").customer_request == "当面致歉"


@pytest.mark.clause("P02-3.5")
def test_without_a_responsible_department_no_order_is_issued(house: House) -> None:
    house.registered(without="complained_department")
    refusal = house.refusal("issue_order", limit_kind="当天")
    assert [finding.field for finding in refusal.findings] == ["handling_department"]
    assert house.all(SupervisionOrder) == []


@pytest.mark.clause("P02-3.5")
def test_the_department_complained_about_is_responsible_and_handles(house: House) -> None:
    case = house.registered(complained_department="工程维修部", complained_person="维修员甲")
    house.ordered()
    assert (str(case.responsible_department), str(case.handling_department)) == ("工程维修部", "工程维修部")
    assert case.complained_person == "维修员甲"


@pytest.mark.clause("P02-9.4")
def test_an_order_about_a_crew_goes_to_the_department_that_the_crew_belongs_to(house: House) -> None:
    house.registered(complained_department="抄表班")
    assert str(house.ordered().handling_department) == "客户营业部"
    assert house.notices("督办处理单", to="客户营业部负责人")


@pytest.mark.clause("P02-9.4")
def test_the_order_comes_from_the_department_that_investigates(house: House) -> None:
    house.complaint()
    assert "人力资源行政部" in house.refused("issue_order", by="客服甲", limit_kind="当天")
    assert house.ordered(by="人事甲").order_no


@pytest.mark.clause("P02-6.5")
def test_who_took_it_down_investigates_handles_and_is_accused_are_four_fields(house: House) -> None:
    case = house.registered(complained_person="抄表员甲")
    house.do("issue_order", limit_kind="当天", investigator="客服乙", handler="抄表班长甲")
    assert [str(case.receiver), str(case.investigator), str(case.handler), str(case.complained_staff)] == [
        "客服甲",
        "客服乙",
        "抄表班长甲",
        "抄表员甲",
    ]


@pytest.mark.clause("P02-6.5")
def test_whoever_is_accused_and_handles_it_himself_is_warned_of(house: House) -> None:
    house.registered(complained_person="抄表员甲")
    done = house.do("issue_order", limit_kind="当天", handler="抄表员甲")
    assert any("自己处理自己" in warning for warning in done.warnings)


@pytest.mark.clause("P02-6.5")
def test_a_handler_other_than_the_accused_is_not_warned_of(house: House) -> None:
    house.registered(complained_person="抄表员甲")
    assert house.do("issue_order", limit_kind="当天", handler="抄表班长甲").warnings == ()


@pytest.mark.parametrize("days", [0, -1, 366])
def test_less_than_a_day_or_more_than_a_year_is_no_limit(house: House, days: int) -> None:
    house.registered()
    refusal = house.refusal("issue_order", limit_kind="N日内", limit_days=days)
    assert [finding.field for finding in refusal.findings] == ["limit_days"]


def test_within_days_needs_the_number_of_days(house: House) -> None:
    house.registered()
    assert "天数" in house.refused("issue_order", limit_kind="N日内")
    assert "办理时限" in house.refused("issue_order")


def test_a_second_order_is_refused_while_the_first_runs(house: House) -> None:
    house.registered()
    house.ordered()
    assert house.refused("issue_order", limit_kind="当天")
    assert len(house.all(SupervisionOrder)) == 1


@pytest.mark.parametrize("by", ["抄表班长甲", "公司领导", "审计员", "系统管理员"])
def test_nobody_else_issues_orders(house: House, by: str) -> None:
    house.registered()
    house.refused("issue_order", by=by, limit_kind="当天")
    assert house.the_case().state == "已受理"


def test_a_refused_order_stays_in_the_history_with_its_reason(house: House) -> None:
    house.registered()
    said = house.refused("issue_order", at="2026-05-13 16:00")
    kept = house.events(outcome="拒绝")
    assert [(event.verb, event.reason, str(event.actor)) for event in kept] == [("issue_order", said, "客服甲")]
