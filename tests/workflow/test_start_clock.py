"""启动时限: a limit whose trigger lies outside the case, such as the acceptance of an installation."""

from __future__ import annotations

import pytest

from models import Clock
from tests.support.cast import House

ACCEPTANCE = {"name": "工程结算", "trigger_at": "2026-09-21 10:00"}


@pytest.mark.clause("P02-8.4")
def test_the_settlement_is_due_fifteen_working_days_after_acceptance_over_the_holidays(house: House) -> None:
    house.registered(at="2026-09-22 09:00")
    house.do("start_clock", at="2026-09-22 09:30", **ACCEPTANCE)
    assert house.due("工程结算") == "2026-10-19 18:00:00"


@pytest.mark.clause("P02-8.4")
def test_a_settlement_not_made_is_late_just_after_and_not_at_that_moment(house: House) -> None:
    case = house.registered(at="2026-09-22 09:00")
    house.do("start_clock", at="2026-09-22 09:30", **ACCEPTANCE)
    house.sweep("2026-10-19 18:00:00")
    assert not case.overdue
    house.sweep("2026-10-19 18:00:01")
    assert case.overdue


@pytest.mark.clause("P02-8.4")
def test_settling_and_handing_over_the_invoice_ends_it(house: House) -> None:
    house.registered(at="2026-09-22 09:00")
    house.do("start_clock", at="2026-09-22 09:30", **ACCEPTANCE)
    house.do("communicate", at="2026-10-12 10:00", kind="工程结算", way="书面", text="结算完毕,发票已开")
    assert house.clock("工程结算").done_at is not None


@pytest.mark.clause("P02-8.4")
def test_the_tenth_item_names_the_fifteen_working_days(house: House) -> None:
    rows = house.do("report", kind="服务质量问题考核标准").result.rows
    assert ["15个工作日" in row[3] for row in rows if row[0] == "10"] == [True]


def test_nothing_starts_in_the_future(house: House) -> None:
    house.registered(at="2026-09-22 09:00")
    assert "不能晚于现在" in house.refused("start_clock", at="2026-09-20 09:30", **ACCEPTANCE)
    assert house.all(Clock) == []


def test_only_limits_that_begin_outside_the_case_are_offered(house: House) -> None:
    house.registered()
    assert house.form("start_clock")["name"] == ["工程结算"]
    assert house.refused("start_clock", name="办理", trigger_at="2026-05-13 09:00")


def test_the_same_limit_does_not_start_twice(house: House) -> None:
    house.registered(at="2026-09-22 09:00")
    house.do("start_clock", at="2026-09-22 09:30", **ACCEPTANCE)
    assert house.refused("start_clock", at="2026-09-22 09:31", **ACCEPTANCE)
    assert len(house.all(Clock)) == 1


@pytest.mark.parametrize("by", ["客户营业部负责人", "公司领导", "审计员"])
def test_only_who_has_the_case_starts_it(house: House, by: str) -> None:
    house.registered(at="2026-09-22 09:00")
    house.refused("start_clock", by=by, at="2026-09-22 09:30", **ACCEPTANCE)
    assert house.all(Clock) == []
