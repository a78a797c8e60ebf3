"""通报: the month's praise and criticism by the service centre, and the reminder when it is missing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models import Circular, Duty, Notice
from tests.support.cast import House, shanghai

MONTHLY = {
    "kind": "月度服务质量检查通报",
    "period": "2026-09",
    "departments": ["客户营业部", "工程维修部"],
    "praise": "客户营业部:补办及时",
    "criticism": "工程维修部:上门未穿鞋套",
}


def _reminders(house: House) -> list[Notice]:
    return list(house.session.scalars(select(Notice).where(Notice.event == "定期事项").order_by(Notice.id)))


@pytest.mark.clause("P02-7.13")
def test_the_months_circular_praises_and_criticises_by_department(house: House) -> None:
    made = house.do("circulate", at="2026-10-08 10:00", **MONTHLY).result
    assert (made.period, made.departments) == ("2026-09", ["客户营业部", "工程维修部"])
    assert (made.praise, made.criticism) == ("客户营业部:补办及时", "工程维修部:上门未穿鞋套")


@pytest.mark.clause("P02-7.13")
def test_every_department_that_it_names_is_told_once(house: House) -> None:
    done = house.do("circulate", at="2026-10-08 10:00", **MONTHLY)
    assert sorted(notice.recipient for notice in done.notices) == ["客户营业部", "工程维修部"]


@pytest.mark.clause("P02-7.13")
@pytest.mark.parametrize("by", ["人事甲", "人力资源行政部负责人", "客户营业部负责人"])
def test_no_other_department_publishes_it(house: House, by: str) -> None:
    assert "客户服务中心" in house.refused("circulate", by=by, at="2026-10-08 10:00", **MONTHLY)
    assert house.session.scalars(select(Circular)).all() == []


@pytest.mark.parametrize("period", ["2026-13", "2026", "九月", "2026-9", ""])
def test_a_month_is_written_year_and_month(house: House, period: str) -> None:
    refusal = house.refusal("circulate", **{**MONTHLY, "period": period})
    assert [finding.field for finding in refusal.findings] == ["period"]


def test_an_empty_circular_is_refused(house: House) -> None:
    assert "请填写通报内容" in house.refused("circulate", **{**MONTHLY, "praise": "", "criticism": ""})


@pytest.mark.clause("P02-8.6")
def test_on_the_first_workday_the_service_centre_is_reminded_of_last_months_circular(house: House) -> None:
    house.sweep("2026-10-08 09:00")
    (reminder,) = _reminders(house)
    assert (reminder.recipient, "2026-09" in reminder.text) == ("客户服务中心", True)


@pytest.mark.clause("P02-8.6")
@pytest.mark.parametrize("before", ["2026-10-01 09:00", "2026-10-07 23:59", "2026-10-08 08:59"])
def test_during_the_holiday_nobody_is_reminded_of_september(house: House, before: str) -> None:
    house.sweep("2026-09-01 09:00")
    house.sweep(before)
    assert not any("2026-09" in reminder.text for reminder in _reminders(house))


@pytest.mark.clause("P02-8.6")
def test_who_has_published_is_not_reminded(house: House) -> None:
    house.do("circulate", at="2026-09-30 17:00", **MONTHLY)
    house.sweep("2026-10-08 10:00")
    assert _reminders(house) == []


@pytest.mark.clause("P02-8.6")
def test_the_reminder_comes_once_and_the_duty_ends_with_the_circular(house: House) -> None:
    for at in ("2026-10-08 09:00", "2026-10-08 09:01", "2026-10-09 09:00"):
        house.sweep(at)
    assert len(_reminders(house)) == 1
    house.do("circulate", at="2026-10-09 10:00", **MONTHLY)
    owed = house.session.scalars(select(Duty).where(Duty.period == "2026-09")).one()
    assert shanghai(owed.done_at) == "2026-10-09 10:00:00"
