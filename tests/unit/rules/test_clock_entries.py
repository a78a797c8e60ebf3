"""What the later entries make of a clock: stints, another calendar, extensions in time and too late, pauses."""

from datetime import date, timedelta

import pytest

from rules.clocks import BadLedger, Entry, EntryKind, Limit, Reading, read, remaining, status
from rules.vocabulary import ClockStatus, Unit
from rules.worktime import Day
from tests.unit.rules.shared import at, calendar, said

DAYS = Limit("办理", 2, Unit.DAYS)
WORKDAYS = Limit("完成", 5, Unit.WORKDAYS)
NEW_YEAR = {date(2027, 1, 1): Day(False, "元旦"), date(2027, 1, 4): Day(False, "元旦")}
CALENDARS = {
    0: calendar(),
    1: calendar().with_days(NEW_YEAR, years=[2027]),
    2: calendar().with_days({date(2026, 10, 9): Day(False, "公司成立日")}),
    3: calendar().with_days({date(2026, 10, 5): Day(True, "加班"), date(2026, 10, 6): Day(True, "加班")}),
}


def entry(kind: str, moment: str, **more) -> Entry:
    return Entry(EntryKind(kind), at(moment), **more)


def reading(*entries: Entry, limit: Limit = DAYS) -> Reading:
    return read(entries, limit, CALENDARS)


START = entry("start", "2026-07-21 10:10")  # of two days: due 2026-07-23 23:59:59
SEPTEMBER = entry("start", "2026-09-29 16:00")  # of five workdays: due 2026-10-12 18:00
DECEMBER = entry("start", "2026-12-28 10:00")  # of five workdays: provisionally due 2027-01-05 18:00


# stints ---------------------------------------------------------------------------------------------------------------


def test_a_stint_that_was_handed_on_ends_with_the_time_that_it_used():
    pauses = (entry("pause", "2026-07-21 12:10"), entry("resume", "2026-07-21 22:10"))
    handed = reading(START, *pauses, entry("transfer", "2026-07-22 10:10", to="工程维修部"))
    (cycle,) = handed.cycles
    assert status(handed, at("2026-12-01 00:00")) is ClockStatus.TRANSFERRED
    assert (cycle.ending, cycle.to, cycle.used(at("2026-12-01 00:00"), calendar())) == (
        EntryKind.TRANSFER,
        "工程维修部",
        timedelta(hours=14),
    )
    assert cycle.used(at("2026-12-01 00:00"), calendar(), working=True) == timedelta(hours=3, minutes=10)
    assert handed.late(at("2026-12-01 00:00")) == ()
    assert handed.steps[-1] == "2026-07-22 10:10:00 移交 工程维修部,本段用时 14 小时"


def test_a_stint_that_was_late_when_it_was_handed_on_stays_late_by_as_much():
    handed = reading(START, entry("transfer", "2026-07-25 23:59:59", to="工程维修部"))
    (late,) = handed.late(at("2026-12-01 00:00"))
    assert (late.by, late.days(calendar()), late.ongoing) == (timedelta(days=2), 2, False)


def test_a_case_that_comes_back_begins_another_cycle_of_its_own():
    back = reading(
        START,
        entry("transfer", "2026-07-25 10:00", to="工程维修部"),
        entry("reopen", "2026-07-30 10:00", reason="退回"),
    )
    assert (back.cycle, back.transferred_at, said(back.due_at)) == (2, None, "2026-08-01 23:59:59")
    assert status(back, at("2026-07-30 11:00")) is ClockStatus.RUNNING
    assert [late.cycle for late in back.late(at("2026-07-30 11:00"))] == [1]


@pytest.mark.parametrize("kind", ["pause", "transfer", "resume"])
@pytest.mark.parametrize("ending", ["transfer", "meet", "cancel"])
def test_nothing_stops_or_is_handed_on_after_it_has_ended(ending, kind):
    with pytest.raises(BadLedger):
        reading(START, entry(ending, "2026-07-22 10:00"), entry(kind, "2026-07-22 11:00"))


@pytest.mark.parametrize("ending", ["transfer", "meet", "cancel"])
@pytest.mark.parametrize("kind", ["meet", "cancel"])
def test_what_has_ended_does_not_end_again(ending, kind):
    once = reading(START, entry(ending, "2026-07-22 10:00"))
    again = reading(START, entry(ending, "2026-07-22 10:00"), entry(kind, "2026-07-29 10:00"))
    assert again == once


# another calendar -----------------------------------------------------------------------------------------------------


@pytest.mark.clause("G-03", "F-46")
def test_a_provisional_due_time_is_counted_again_when_the_data_come():
    before = reading(DECEMBER, limit=WORKDAYS)
    assert (said(before.due_at), before.provisional) == ("2027-01-05 18:00:00", True)
    after = reading(DECEMBER, entry("calendar", "2026-12-30 09:00", calendar=1), limit=WORKDAYS)
    assert (said(after.due_at), after.provisional) == ("2027-01-06 18:00:00", False)
    assert said(after.original_due_at) == "2027-01-05 18:00:00"
    assert after.steps[-1] == (
        "2026-12-30 09:00:00 改用第 1 版工作日历,截止由 2027-01-05 18:00:00 改为 2027-01-06 18:00:00"
    )


def test_the_pauses_before_are_counted_again_with_the_new_calendar_too():
    pauses = (entry("pause", "2026-09-30 11:00"), entry("resume", "2026-10-08 10:00"))
    # four workdays were left at the pause: 10-09 (now off), 10-10, 10-12, 10-13 after it
    plain = reading(SEPTEMBER, *pauses, limit=WORKDAYS)
    moved = reading(SEPTEMBER, *pauses, entry("calendar", "2026-10-08 11:00", calendar=2), limit=WORKDAYS)
    assert (said(plain.due_at), said(moved.due_at)) == ("2026-10-13 18:00:00", "2026-10-14 18:00:00")


def test_days_of_rest_that_are_entered_afterwards_still_count_while_it_is_in_time():
    moved = reading(SEPTEMBER, entry("calendar", "2026-10-12 17:59", calendar=2), limit=WORKDAYS)
    assert said(moved.due_at) == "2026-10-13 18:00:00"


@pytest.mark.clause("G-11")
def test_what_was_late_before_the_calendar_changed_stays_late():
    moved = reading(SEPTEMBER, entry("calendar", "2026-10-12 18:00:01", calendar=2), limit=WORKDAYS)
    assert said(moved.due_at) == "2026-10-12 18:00:00"
    assert status(moved, at("2026-10-12 18:00:01")) is ClockStatus.OVERDUE


def test_a_calendar_makes_nothing_late_that_was_not():
    limit = Limit("完成", 2, Unit.WORKDAYS)  # due 10-08 18:00; with work on 10-05 and 10-06 already 10-05 18:00
    moved = reading(SEPTEMBER, entry("calendar", "2026-10-07 09:00", calendar=3), limit=limit)
    assert said(moved.due_at) == "2026-10-08 18:00:00"
    assert moved.steps[-1].endswith("应为 2026-10-05 18:00:00,已经过去,截止不提前")
    earlier = reading(SEPTEMBER, entry("calendar", "2026-10-02 09:00", calendar=3), limit=limit)
    assert said(earlier.due_at) == "2026-10-05 18:00:00"


@pytest.mark.parametrize(
    "lines",
    [
        [("extend", "2026-10-12 17:00", "2026-10-12 10:00"), ("pause", "2026-10-13 08:00", None)],
        [("pause", "2026-10-09 12:00", None), ("extend", "2026-10-10 10:30", "2026-10-10 10:00")],
    ],
    ids=["then it stood", "while it stood"],
)
def test_what_was_granted_in_time_is_not_lost_by_a_calendar_with_which_it_would_have_been_asked_too_late(lines):
    until = at("2026-10-20 18:00")
    written = [
        entry(kind, moment, until=until if asked else None, asked_at=at(asked) if asked else None)
        for kind, moment, asked in lines
    ]
    moved = reading(SEPTEMBER, *written, entry("calendar", "2026-10-13 09:00", calendar=3), limit=WORKDAYS)
    assert moved.due_at == until
    assert moved.cycles[0].without_extension <= moved.due_at
    assert not moved.late(at("2026-10-13 09:00"))


def test_at_the_due_instant_itself_nothing_is_late_and_another_calendar_still_moves_it():
    moved = reading(SEPTEMBER, entry("calendar", "2026-10-12 18:00", calendar=2), limit=WORKDAYS)
    assert said(moved.due_at) == "2026-10-13 18:00:00"
    stood = entry("pause", "2026-10-12 18:00")
    paused = reading(SEPTEMBER, stood, entry("calendar", "2026-10-20 09:00", calendar=2), limit=WORKDAYS)
    assert said(paused.due_at) == "2026-10-13 18:00:00"


def test_a_calendar_brings_the_due_time_forward_as_far_as_now_and_further_while_it_stands_still():
    limit = Limit("完成", 2, Unit.WORKDAYS)  # due 10-08 18:00; with work on 10-05 and 10-06 already 10-05 18:00
    until_now = reading(SEPTEMBER, entry("calendar", "2026-10-05 18:00", calendar=3), limit=limit)
    assert said(until_now.due_at) == "2026-10-05 18:00:00"
    stood, later = entry("pause", "2026-10-02 09:00"), entry("calendar", "2026-10-07 09:00", calendar=3)
    assert said(reading(SEPTEMBER, stood, later, limit=limit).due_at) == "2026-10-05 18:00:00"


def test_natural_time_does_not_ask_the_calendar():
    moved = reading(START, entry("calendar", "2026-07-22 09:00", calendar=1))
    assert said(moved.due_at) == "2026-07-23 23:59:59"
    assert moved.moved_at is None


def test_a_closed_clock_keeps_the_calendar_that_it_was_judged_by():
    closed = (SEPTEMBER, entry("meet", "2026-10-12 18:30"))
    moved = reading(*closed, entry("calendar", "2026-10-13 09:00", calendar=2), limit=WORKDAYS)
    assert status(moved, at("2026-12-01 00:00")) is ClockStatus.MET_LATE
    assert (moved.due_at, moved.late(at("2026-12-01 00:00"))) == (
        reading(*closed, limit=WORKDAYS).due_at,
        reading(*closed, limit=WORKDAYS).late(at("2026-12-01 00:00")),
    )


def test_a_clock_that_starts_later_counts_by_the_state_that_it_names():
    later = reading(entry("start", "2026-12-28 10:00", calendar=1), limit=WORKDAYS)
    assert (said(later.due_at), later.calendar, later.provisional) == ("2027-01-06 18:00:00", 1, False)
    again = reading(
        entry("start", "2026-12-28 10:00", calendar=1),
        entry("meet", "2026-12-29 10:00"),
        entry("reopen", "2026-12-29 11:00"),
        limit=WORKDAYS,
    )
    assert (said(again.due_at), again.calendar) == ("2027-01-07 18:00:00", 1)


def test_a_state_of_the_calendar_that_nobody_knows_is_a_bad_ledger():
    with pytest.raises(BadLedger):
        reading(SEPTEMBER, entry("calendar", "2026-10-01 09:00", calendar=9), limit=WORKDAYS)


# extensions -----------------------------------------------------------------------------------------------------------

GRANTED = entry("extend", "2026-07-22 10:00", until=at("2026-07-28 18:00"), reason="等待配件", by="高总")


@pytest.mark.clause("G-12")
def test_both_due_times_are_kept_and_both_kinds_of_late():
    met = reading(START, GRANTED, entry("meet", "2026-07-25 23:59:59"))
    now = at("2026-12-01 00:00")
    assert (said(met.due_at), said(met.without_extension)) == ("2026-07-28 18:00:00", "2026-07-23 23:59:59")
    assert met.late(now) == ()
    (late,) = met.late(now, extended=False)
    assert (late.by, late.days(calendar())) == (timedelta(days=2), 2)
    assert met.steps[-2] == "2026-07-22 10:00:00 延期至 2026-07-28 18:00:00,原因 等待配件,批准 高总"


@pytest.mark.clause("G-12")
def test_without_extension_a_pause_still_moves_the_due_time():
    paused = (entry("pause", "2026-07-22 12:00"), entry("resume", "2026-07-23 12:00"))
    found = reading(START, GRANTED, *paused)
    assert (said(found.due_at), said(found.without_extension)) == ("2026-07-29 18:00:00", "2026-07-24 23:59:59")


@pytest.mark.clause("G-12")
def test_an_extension_asked_for_after_the_due_time_moves_nothing():
    asked = entry("extend", "2026-07-24 10:00", until=at("2026-07-28 18:00"), asked_at=at("2026-07-24 00:00"))
    found = reading(START, asked)
    assert said(found.due_at) == "2026-07-23 23:59:59"
    assert found.steps[-1] == "2026-07-24 10:00:00 延期在截止后申请,截止不变"


@pytest.mark.clause("G-12")
def test_an_extension_asked_for_in_time_may_be_granted_afterwards():
    asked = entry("extend", "2026-07-24 10:00", until=at("2026-07-28 18:00"), asked_at=at("2026-07-23 23:59:59"))
    found = reading(START, asked)
    assert said(found.due_at) == "2026-07-28 18:00:00"
    assert status(found, at("2026-07-24 10:00")) is ClockStatus.RUNNING


def test_an_extension_never_takes_time_away():
    found = reading(START, entry("extend", "2026-07-22 10:00", until=at("2026-07-23 12:00")))
    assert said(found.due_at) == "2026-07-23 23:59:59"


def test_an_extension_to_the_due_instant_itself_gives_nothing_and_is_no_new_due_time():
    found = reading(START, entry("extend", "2026-07-22 10:00", until=at("2026-07-23 23:59:59")))
    assert (said(found.due_at), found.moved_at) == ("2026-07-23 23:59:59", None)


def test_the_extension_of_an_earlier_cycle_says_nothing_of_the_next():
    again = reading(START, GRANTED, entry("meet", "2026-07-27 10:00"), entry("reopen", "2026-08-03 10:00"))
    assert again.without_extension == again.due_at
    assert again.cycles[0].without_extension < again.cycles[0].due_at
    assert (again.cycles[0].ending, again.cycles[1].ending) == (EntryKind.MEET, None)


# pauses ---------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("G-12")
def test_a_pause_ends_when_it_says_or_when_the_limit_lets_it():
    named = reading(START, entry("pause", "2026-07-22 10:00", until=at("2026-07-29 10:00")))
    assert said(named.pause_ends_at) == "2026-07-29 10:00:00"
    short = Limit("办理", 2, Unit.DAYS, longest_pause=timedelta(days=5))
    assert said(reading(START, entry("pause", "2026-07-22 10:00"), limit=short).pause_ends_at) == "2026-07-27 10:00:00"
    assert reading(START).pause_ends_at is None


@pytest.mark.clause("G-12")
def test_the_steps_tell_how_long_it_stood_why_and_who_agreed():
    stood = (
        entry("pause", "2026-07-22 10:00", reason="等待外部单位", by="高总"),
        entry("resume", "2026-07-23 12:00"),
    )
    assert reading(START, *stood).steps[-2:] == (
        "2026-07-22 10:00:00 挂起,原因 等待外部单位,批准 高总",
        "2026-07-23 12:00:00 恢复,挂起 1 天 2 小时,剩余时间续计,截止 2026-07-25 01:59:59",
    )
    assert reading(START, *stood).paused(at("2026-12-01 00:00")) == timedelta(days=1, hours=2)


@pytest.mark.clause("G-12")
def test_what_is_kept_while_it_stands_still_is_kept_with_the_time_that_was_left():
    met = reading(START, entry("pause", "2026-07-23 10:00"), entry("meet", "2026-07-30 10:00"))
    assert status(met, at("2026-12-01 00:00")) is ClockStatus.MET
    assert met.paused(at("2026-12-01 00:00")) == timedelta(days=7)


@pytest.mark.clause("F-06", "G-12")
def test_a_rolling_workday_clock_goes_on_with_the_hours_that_were_left():
    limit = Limit("完成", 2, Unit.WORKDAYS, rolling_hours=True)  # from 09-29 16:00 to 10-08 16:00
    paused = (entry("pause", "2026-09-30 10:00"), entry("resume", "2026-10-09 00:00"))
    assert said(reading(SEPTEMBER, *paused, limit=limit).due_at) == "2026-10-10 06:00:00"


@pytest.mark.clause("G-11", "G-12")
@pytest.mark.parametrize(
    ("stopped", "until"), [("10:10:00", "2026-07-23 10:10:00"), ("10:10:01", "2026-07-22 10:10:00")]
)
def test_a_pause_at_the_due_instant_moves_it_and_one_a_second_later_does_not(stopped, until):
    paused = (entry("pause", f"2026-07-22 {stopped}"), entry("resume", f"2026-07-23 {stopped}"))
    assert said(reading(START, *paused, limit=Limit("到场", 24, Unit.HOURS)).due_at) == until


def test_the_steps_of_a_resumption_do_not_repeat_the_days_of_rest_that_were_told():
    paused = (entry("pause", "2026-09-30 11:00"), entry("resume", "2026-10-08 10:00"))
    found = reading(SEPTEMBER, *paused, limit=WORKDAYS)
    assert [step for step in found.steps if "2026-10-11" in step] == ["2026-10-11 星期日,不计"]


# what is left ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "now", "hours", "number"),
    [
        (WORKDAYS, "2026-09-30 11:00", 295, 4),
        (WORKDAYS, "2026-10-12 17:00", 1, 0),
        (WORKDAYS, "2026-10-12 20:00", -2, 0),
        (Limit("回复", 9, Unit.WORKING_HOURS), "2026-09-29 17:00", 23, 8.0),
        (Limit("到场", 48, Unit.HOURS), "2026-09-30 22:00", 18, 18.0),
        (Limit("办理", 3, Unit.DAYS), "2026-10-01 23:59:59", 24, 1),
    ],
)
def test_what_is_left_is_said_in_natural_time_and_in_the_limits_own_unit(limit, now, hours, number):
    left = remaining(reading(SEPTEMBER, limit=limit), limit, at(now), calendar())
    assert (left.natural, left.number) == (timedelta(hours=hours), number)


def test_what_is_left_stands_still_while_it_is_paused():
    limit = Limit("到场", 48, Unit.HOURS)
    paused = reading(SEPTEMBER, entry("pause", "2026-09-30 22:00"), limit=limit)
    assert remaining(paused, limit, at("2026-10-20 22:00"), calendar()).natural == timedelta(hours=18)


# the steps ------------------------------------------------------------------------------------------------------------


def test_the_steps_name_every_day_that_did_not_count():
    lunch = calendar().with_intervals(["08:30-12:00", "13:30-17:30"])
    limit = Limit("知会", 4, Unit.WORKING_HOURS, from_open=True)
    assert read((entry("start", "2026-09-30 17:40"),), limit, lunch).steps == (
        "2026-09-30 17:40:00 收到,非工作时间",
        "2026-10-01 至 2026-10-07 国庆节,不计",
        "2026-10-08 08:30:00 起算,4个工作小时",
        "截止 2026-10-08 14:00:00",
    )


def test_the_steps_tell_make_up_workdays_short_days_and_which_days_were_counted():
    short = calendar().with_days({date(2026, 10, 9): Day(True, "半天班", ("09:00-12:00",))})
    assert read((SEPTEMBER,), WORKDAYS, short).steps == (
        "2026-09-29 16:00:00 起算,5个工作日",
        "2026-10-01 至 2026-10-07 国庆节,不计",
        "2026-10-09 工作时间 09:00-12:00",
        "2026-10-10 国庆节调休上班,计入",
        "2026-10-11 星期日,不计",
        "计入 09-30、10-08、10-09、10-10、10-12",
        "截止 2026-10-12 18:00:00",
    )


def test_the_steps_of_a_long_limit_add_up_its_weekends():
    steps = read((entry("start", "2026-01-05 10:00"),), Limit("保修", 240, Unit.WORKDAYS), calendar()).steps
    assert "周末休息 82 天,不计" in steps
    assert "2026-02-15 至 2026-02-23 春节,不计" in steps
    assert "第 240 个工作日为 2026-12-23" in steps
    assert len(steps) < 25


def test_the_steps_of_ten_thousand_workdays_are_still_few():
    steps = read((entry("start", "2024-01-05 10:00"),), Limit("保修", 10_000, Unit.WORKDAYS), calendar()).steps
    assert len(steps) <= 45
    assert any(step.startswith("另有 ") for step in steps)


# what is stored -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        START,
        GRANTED,
        entry("start", "2026-07-21 10:10", amount=3, calendar=2),
        entry("transfer", "2026-07-21 10:10", to="工程维修部"),
        entry("extend", "2026-07-21 10:10", until=at("2026-07-28 18:00"), asked_at=at("2026-07-20 18:00")),
        entry("calendar", "2026-07-21 10:10", calendar=0),
    ],
)
def test_a_stored_line_is_read_as_the_entry_that_it_was(line):
    assert Entry.of(str(line.kind), line.at, line.until, line.reason, line.data()) == line
