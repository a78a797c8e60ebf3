"""Late is late: flagged once, told once, urged each day, and nothing of it is lost or doubled (G-10, G-11, G-20)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models import Urge
from rules import clocks as ledger
from tests.support.cast import House, moment, shanghai
from workflow import timekeeping
from workflow.calendars import calendar_of
from workflow.procedures import in_force


def status(house: House, at: str) -> str:
    """Where 办理 stands at that moment, read from its ledger."""
    calendar = calendar_of(house.session, in_force(house.session, moment(at)))
    return str(ledger.status(timekeeping.read(house.clock(), calendar), moment(at)))


def same_day(house: House, at: str = "2026-07-22 09:00") -> None:
    """An order due at the end of that day."""
    house.registered(at=at)
    house.ordered(limit_kind="当天", limit_days=None, at=at)


@pytest.mark.clause("G-10", "P02-8.3")
def test_at_the_exact_second_it_is_not_overdue_and_one_later_it_is(house: House) -> None:
    same_day(house)
    house.sweep("2026-07-22 23:59:59")
    assert house.notices("超期") == []
    assert status(house, "2026-07-22 23:59:59") == "进行中"
    house.sweep("2026-07-23 00:00")
    assert status(house, "2026-07-23 00:00") == "超期"
    assert len(house.notices("超期")) == 2


@pytest.mark.clause("G-10")
def test_a_second_run_changes_nothing(house: House) -> None:
    same_day(house)
    house.sweep("2026-07-23 00:05")
    events, notices = len(house.events()), len(house.notices())
    house.sweep("2026-07-23 00:05")
    house.sweep("2026-07-23 00:10")
    assert (len(house.events()), len(house.notices())) == (events, notices)


@pytest.mark.clause("G-10", "G-16")
def test_the_flag_is_one_event_of_the_system(house: House) -> None:
    same_day(house)
    house.sweep("2026-07-23 00:05")
    house.sweep("2026-07-24 00:05")
    (event,) = house.events(verb="flag_overdue")
    assert (event.actor, shanghai(event.at)) == (None, "2026-07-23 00:05:00")


@pytest.mark.clause("G-10")
def test_it_is_urged_once_every_twenty_four_hours_and_not_earlier(house: House) -> None:
    same_day(house)
    house.sweep("2026-07-23 00:05")
    for at in ("2026-07-23 12:00", "2026-07-24 00:04:59"):
        house.sweep(at)
    assert house.order().urge_count == 1
    house.sweep("2026-07-24 00:05")
    assert house.order().urge_count == 2


@pytest.mark.clause("G-10")
def test_after_a_long_outage_it_is_urged_once_and_not_for_each_day_missed(house: House) -> None:
    same_day(house)
    house.sweep("2026-07-23 00:05")
    house.sweep("2026-07-30 09:00")
    assert house.order().urge_count == 2
    house.sweep("2026-07-30 09:05")
    assert house.order().urge_count == 2
    house.sweep("2026-07-31 09:00")
    urged = house.session.scalars(select(Urge.at).where(Urge.order_id == house.order().id).order_by(Urge.id))
    assert list(map(shanghai, urged)) == ["2026-07-23 00:05:00", "2026-07-30 09:00:00", "2026-07-31 09:00:00"]


@pytest.mark.clause("G-10")
def test_a_first_sweep_after_a_week_flags_and_urges_once(house: House) -> None:
    same_day(house)
    house.sweep("2026-07-29 09:00")
    assert (house.order().urge_count, len(house.notices("超期")), len(house.notices("催办"))) == (1, 2, 1)


@pytest.mark.clause("G-10")
@pytest.mark.parametrize(
    ("at", "days"),
    [("2026-07-23 00:00", 1), ("2026-07-23 23:59", 1), ("2026-07-24 00:00", 2), ("2026-08-01 12:00", 10)],
)
def test_the_days_overdue_are_dates_and_at_least_one(house: House, at: str, days: int) -> None:
    same_day(house)
    calendar = calendar_of(house.session, in_force(house.session, moment(at)))
    assert ledger.days_overdue(timekeeping.read(house.clock(), calendar), moment(at)) == days
    house.sweep(at)
    assert f"超期 {days} 天" in house.notices("超期")[0].text


@pytest.mark.clause("G-11", "P02-8.3")
def test_done_late_stays_late_though_no_sweep_looked(house: House) -> None:
    same_day(house)
    house.answered(at="2026-07-23 00:00")
    assert status(house, "2026-07-30 09:00") == "超期完成"
    assert (house.clock().ever_late, house.the_case().was_overdue) == (True, True)


@pytest.mark.clause("G-11")
def test_done_in_the_last_second_is_in_time_for_ever(house: House) -> None:
    same_day(house)
    house.answered(at="2026-07-22 23:59:59")
    house.sweep("2026-08-30 09:00")
    assert status(house, "2026-08-30 09:00") == "按期完成"
    assert (house.clock().ever_late, house.clock().flagged_at, house.notices("超期")) == (False, None, [])


@pytest.mark.clause("G-10", "G-11")
def test_what_is_done_is_urged_no_more_and_no_longer_counts_as_overdue(house: House) -> None:
    same_day(house)
    house.sweep("2026-07-23 00:05")
    assert (house.the_case().overdue, house.the_case().flags) == (True, ["超期"])
    house.answered(at="2026-07-23 09:00")
    house.sweep("2026-07-30 09:00")
    case = house.the_case()
    assert (case.overdue, case.flags, case.was_overdue, house.order().urge_count) == (False, [], True, 1)


@pytest.mark.clause("G-10")
def test_each_round_is_late_by_itself_and_the_first_lateness_stays(house: House) -> None:
    same_day(house)
    house.sweep("2026-07-23 00:05")
    house.answered(at="2026-07-23 09:00")
    house.do("check_effect", at="2026-07-23 10:00", result="未通过", effect_note="未附照片", limit_days=1)
    assert house.due() == "2026-07-24 23:59:59"
    house.sweep("2026-07-24 12:00")
    assert len(house.notices("超期")) == 2
    house.answered(at="2026-07-24 20:00")
    assert status(house, "2026-07-25 09:00") == "按期完成"
    assert (house.clock().ever_late, house.clock().cycle) == (True, 2)


@pytest.mark.clause("G-10")
def test_the_second_round_is_flagged_and_urged_anew(house: House) -> None:
    same_day(house)
    house.sweep("2026-07-23 00:05")
    house.answered(at="2026-07-23 09:00")
    house.do("check_effect", at="2026-07-23 10:00", result="未通过", effect_note="未附照片", limit_days=1)
    house.sweep("2026-07-25 00:05")
    assert (len(house.notices("超期")), len(house.notices("催办"))) == (4, 2)


@pytest.mark.clause("G-20")
def test_a_fifth_before_the_end_the_head_is_reminded_once(house: House) -> None:
    house.registered(at="2026-06-01 00:00")
    house.ordered(limit_days=9, at="2026-06-01 00:00")
    assert house.due() == "2026-06-10 23:59:59"
    house.sweep("2026-06-08 23:59:59")
    assert house.notices("临期") == []
    house.sweep("2026-06-09 00:00")
    house.sweep("2026-06-09 00:05")
    house.sweep("2026-06-10 12:00")
    assert [notice.recipient for notice in house.notices("临期")] == ["客户营业部负责人"]


@pytest.mark.clause("G-20")
def test_what_is_done_or_already_late_is_not_reminded_of(house: House) -> None:
    house.registered(at="2026-06-01 00:00")
    house.ordered(limit_days=9, at="2026-06-01 00:00")
    house.answered(at="2026-06-02 09:00")
    house.sweep("2026-06-10 12:00")
    same_day(house)
    house.sweep("2026-07-23 00:05")
    assert house.notices("临期") == []


@pytest.mark.clause("G-10", "G-11")
@pytest.mark.parametrize("end", ["withdraw", "void"])
def test_an_ended_case_is_neither_flagged_nor_urged(house: House, end: str) -> None:
    same_day(house)
    house.do(end, by="客服甲" if end == "withdraw" else "系统管理员", at="2026-07-22 10:00", reason="客户撤回")
    house.sweep("2026-07-30 09:00")
    assert status(house, "2026-07-30 09:00") == "取消"
    assert (house.notices("超期"), house.clock().wake_at) == ([], None)


@pytest.mark.clause("G-11")
def test_what_was_done_late_stays_so_when_the_case_is_withdrawn(house: House) -> None:
    same_day(house)
    house.answered(at="2026-07-23 09:00")
    house.do("withdraw", at="2026-07-24 09:00", reason="客户撤回")
    assert status(house, "2026-07-30 09:00") == "超期完成"


@pytest.mark.clause("G-20")
def test_a_sweep_whose_clock_is_behind_reminds_once_of_what_was_just_extended(house: House) -> None:
    house.registered(at="2026-06-01 00:00")
    house.ordered(limit_days=9, at="2026-06-01 00:00")
    asked = {"due_at": "2026-06-11 10:00", "reason": "等待配件"}
    house.do("request_extension", by="客户营业部负责人", at="2026-06-05 09:00", **asked)
    house.do("decide_extension", by="客户服务中心负责人", at="2026-06-10 12:00:02", decision="同意")
    for at in ("2026-06-10 12:00", "2026-06-10 12:00:01", "2026-06-10 12:05"):
        house.sweep(at)
    assert len(house.notices("临期")) == 1
