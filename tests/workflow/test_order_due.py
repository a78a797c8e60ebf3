"""办理时限: natural days from the day of issue, not counted itself; the last second of the last day."""

from __future__ import annotations

import pytest

from tests.support.cast import House, moment, shanghai


@pytest.mark.clause("P02-8.1")
def test_three_days_over_the_national_holiday_end_on_the_holiday_and_say_so(house: House) -> None:
    house.registered(at="2026-09-30 09:00")
    done = house.do("issue_order", at="2026-09-30 10:00", limit_kind="N日内", limit_days=3)
    assert house.due() == "2026-10-03 23:59:59"
    assert any("国庆" in warning for warning in done.warnings)


@pytest.mark.clause("P02-8.1")
def test_a_last_day_on_a_workday_is_not_warned_of(house: House) -> None:
    house.registered(at="2026-09-22 09:00")
    done = house.do("issue_order", at="2026-09-22 10:00", limit_kind="N日内", limit_days=1)
    assert (house.due(), done.warnings) == ("2026-09-23 23:59:59", ())


@pytest.mark.clause("P02-8.1")
@pytest.mark.parametrize(
    ("days", "due"), [(1, "2026-05-14"), (2, "2026-05-15"), (30, "2026-06-12"), (365, "2027-05-13")]
)
def test_the_day_of_issue_is_not_counted(house: House, days: int, due: str) -> None:
    house.registered()
    house.ordered(at="2026-05-13 23:59", limit_days=days)
    assert house.due() == f"{due} 23:59:59"


@pytest.mark.clause("P02-8.2")
def test_the_same_day_on_a_make_up_saturday_ends_that_saturday(house: House) -> None:
    house.registered(at="2026-10-10 15:00")
    done = house.do("issue_order", at="2026-10-10 15:20", limit_kind="当天")
    assert (house.due(), done.warnings) == ("2026-10-10 23:59:59", ())


@pytest.mark.clause("P02-8.2")
@pytest.mark.parametrize("minute", ["00:00", "23:59"])
def test_the_same_day_is_the_day_of_issue_at_whatever_hour(house: House, minute: str) -> None:
    house.registered(at="2026-05-13 00:00")
    house.ordered(at=f"2026-05-13 {minute}", limit_kind="当天", limit_days=None)
    assert house.due() == "2026-05-13 23:59:59"


@pytest.mark.clause("P02-8.3")
def test_an_open_order_is_overdue_by_one_day_just_after_its_last_second(house: House) -> None:
    case = house.registered(at="2026-09-30 09:00")
    house.ordered(at="2026-09-30 10:00", limit_days=3)
    house.sweep("2026-10-04 00:05")
    assert (case.overdue, "超期" in case.flags) == (True, True)
    assert "已超期 1 天" in house.notices("超期")[0].text
    assert shanghai(house.clock().flagged_at) == "2026-10-04 00:05:00"


@pytest.mark.clause("P02-8.3")
def test_at_its_last_second_it_is_not_overdue(house: House) -> None:
    case = house.registered(at="2026-09-30 09:00")
    house.ordered(at="2026-09-30 10:00", limit_days=3)
    house.sweep("2026-10-03 23:59:59")
    assert (case.overdue, house.clock().flagged_at, house.notices("超期")) == (False, None, [])


@pytest.mark.clause("P02-8.3")
def test_an_order_answered_in_its_last_second_was_in_time(house: House) -> None:
    case = house.registered()
    house.signed()
    house.answered(at="2026-05-16 23:59:59")
    house.sweep("2026-05-20 00:00")
    assert (case.was_overdue, house.clock().ever_late) == (False, False)


@pytest.mark.clause("P02-8.3")
def test_an_order_answered_late_stays_late_on_record(house: House) -> None:
    case = house.registered()
    house.signed()
    house.sweep("2026-05-17 00:05")
    house.answered(at="2026-05-17 09:00")
    assert (case.overdue, case.was_overdue, house.clock().ever_late) == (False, True, True)


@pytest.mark.clause("P02-8.7")
def test_the_limit_runs_from_the_issue_and_not_from_the_signature(house: House) -> None:
    house.registered(at="2026-06-01 08:50")
    house.ordered(at="2026-06-01 09:00", limit_days=2)
    house.signed(at="2026-06-02 09:00")
    assert house.due() == "2026-06-03 23:59:59"
    assert house.clock().started_at == moment("2026-06-01 09:00")
