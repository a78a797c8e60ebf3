"""工作日历: a day changes, a year arrives; what moves is told before, and what is over does not move (G-02, G-03)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from jobs import proof
from models import CalendarVersion, ClockEntry
from rules.worktime import Day
from tests.support.cast import House, moment, shanghai
from workflow import calendar_days
from workflow.calendar_days import change_of, preview

ADMIN = "系统管理员"


def settling(house: House, at: str = "2026-09-21 10:00") -> None:
    """A case whose bill is to be settled within 15 workdays."""
    house.registered(at=at)
    house.do("start_clock", at=at, name="工程结算", trigger_at=at)


def set_day(house: House, day: str, what: str = "休息", at: str = "2026-09-22 09:00", **more: str):
    return house.do("set_calendar", by=ADMIN, at=at, case=None, day=day, what=what, **more)


def due(house: House) -> str:
    return house.due("工程结算")


@pytest.mark.clause("G-02")
def test_a_day_of_rest_moves_what_runs_over_it_and_says_so_first(house: House) -> None:
    settling(house)
    assert due(house) == "2026-10-19 18:00:00"
    done = set_day(house, "2026-09-23", name="公司成立日")
    assert due(house) == "2026-10-20 18:00:00"
    assert [w for w in done.warnings if "2026-10-19 18:00:00 改为 2026-10-20 18:00:00" in w]
    assert "工作日历第" in house.story()
    assert list(proof.differences(house.session)) == []


@pytest.mark.clause("G-02")
def test_the_list_of_what_would_move_writes_nothing(house: House) -> None:
    settling(house)
    from datetime import date

    change = change_of(house.session, {date(2026, 9, 23): Day(False)})
    (move,) = preview(house.session, change, moment("2026-09-22 09:00"))
    assert (shanghai(move.before), shanghai(move.after)) == ("2026-10-19 18:00:00", "2026-10-20 18:00:00")
    assert due(house) == "2026-10-19 18:00:00"
    assert house.session.scalars(select(CalendarVersion)).all() == []


@pytest.mark.clause("G-02")
def test_what_does_not_run_over_the_day_stays_and_gets_no_line(house: House) -> None:
    settling(house)
    assert set_day(house, "2026-11-05").warnings == ()
    assert [line.kind for line in house.session.scalars(select(ClockEntry))] == ["start"]


@pytest.mark.clause("G-02")
def test_a_closed_clock_keeps_the_calendar_that_it_was_judged_by(house: House) -> None:
    settling(house)
    house.do("communicate", at="2026-09-22 08:00", kind="工程结算", way="电话", text="已结算")
    set_day(house, "2026-09-23")
    clock = house.clock("工程结算")
    assert (due(house), clock.calendar_version) == ("2026-10-19 18:00:00", 0)
    assert list(proof.differences(house.session)) == []


@pytest.mark.clause("G-02")
def test_an_earlier_due_instant_is_told_to_whoever_must_be_quicker(house: House) -> None:
    settling(house)
    set_day(house, "2026-09-23", at="2026-09-22 09:00")
    set_day(house, "2026-09-23", "按国家日历", at="2026-09-22 10:00")
    assert due(house) == "2026-10-19 18:00:00"
    assert len(house.notices("截止提前")) == 1


@pytest.mark.clause("G-04")
def test_half_a_day_and_a_range_are_entered_as_such(house: House) -> None:
    version = set_day(house, "2026-12-30", "上班", until="2026-12-31", intervals="09:00-12:00", name="年终半天").result
    assert version.days["2026-12-31"] == {"is_workday": True, "name": "年终半天", "intervals": ["09:00-12:00"]}
    assert "时段" in house.refused("set_calendar", by=ADMIN, case=None, day="2026-12-30", what="上班", intervals="9-12")
    assert "最多一年" in house.refused(
        "set_calendar", by=ADMIN, case=None, day="2026-12-30", what="休息", until="2026-01-01"
    )


@pytest.mark.clause("G-03")
def test_a_year_that_arrives_moves_what_was_provisional(house: House) -> None:
    settling(house, at="2026-12-24 10:00")
    assert (due(house), house.clock("工程结算").provisional) == ("2027-01-15 18:00:00", True)
    days = [{"date": f"2027-01-0{n}", "is_workday": False, "name": "元旦"} for n in (1, 2, 3, 4)]
    done = house.do("set_calendar", by=ADMIN, at="2026-12-25 09:00", case=None, year=2027, days=days)
    assert (due(house), house.clock("工程结算").provisional) == ("2027-01-18 18:00:00", False)
    assert any("不再是暂算" in text for text in done.warnings)
    assert list(proof.differences(house.session)) == []


@pytest.mark.clause("G-03")
def test_an_official_year_that_comes_with_the_product_is_announced_once_and_taken_by_hand(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_days.calendars, "FIRST_YEARS", (2024, 2025))
    assert calendar_days.unannounced(house.session) == [2026]
    calendar_days.announce(house.session, 2026, moment("2026-09-22 09:00"))
    assert calendar_days.unannounced(house.session) == []
    house.do("set_calendar", by=ADMIN, at="2026-09-22 10:00", case=None, year=2026)
    assert calendar_days.new_years(house.session) == []
    assert "已经采用" in house.refused("set_calendar", by=ADMIN, case=None, year=2026)
