"""The clock ledger: what entries make of a due time, and what the clock says at a moment."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.clocks import BadLedger, Entry, EntryKind, Limit, Reading, days_overdue, read, status
from rules.vocabulary import ClockStatus, Unit
from tests.unit.rules.shared import at, calendar, p02, said

START = Entry(EntryKind.START, at("2026-07-21 10:10"), amount=2)  # due 2026-07-23 23:59:59


def entry(kind: str, moment: str, **more) -> Entry:
    return Entry(EntryKind(kind), at(moment), **more)


def reading(*entries: Entry, limit: Limit | None = None) -> Reading:
    return read((START, *entries), limit or p02().limit("办理").limit(0), calendar())


@pytest.mark.clause("G-10", "P02-8.3")
@pytest.mark.parametrize(
    ("now", "says", "days"),
    [
        ("2026-07-23 23:59:59", ClockStatus.RUNNING, 0),
        ("2026-07-24 00:00", ClockStatus.OVERDUE, 1),
        ("2026-07-24 23:55", ClockStatus.OVERDUE, 1),
        ("2026-07-25 00:00", ClockStatus.OVERDUE, 2),
        ("2026-07-26 00:00", ClockStatus.OVERDUE, 3),
    ],
)
def test_it_is_late_one_second_after_it_was_due(now, says, days):
    assert status(reading(), at(now)) is says
    assert days_overdue(reading(), at(now)) == days


@pytest.mark.clause("G-10", "P02-8.4")
def test_late_on_the_day_itself_is_one_day_late():
    settled = read((entry("start", "2026-04-22 00:00"),), p02().limit("工程结算").limit(), calendar())
    assert status(settled, at("2026-05-15 18:00")) is ClockStatus.RUNNING
    assert days_overdue(settled, at("2026-05-15 18:01")) == 1


@pytest.mark.clause("G-11", "P02-8.3")
@pytest.mark.parametrize(
    ("done", "says"),
    [
        ("2026-07-23 23:59:59", ClockStatus.MET),
        ("2026-07-24 00:00", ClockStatus.MET_LATE),
        ("2026-07-26 16:00", ClockStatus.MET_LATE),
    ],
)
def test_what_was_done_in_time_or_late_stays_so(done, says):
    met = reading(entry("meet", done))
    for now in (done, "2026-07-27 00:05", "2027-01-01 00:00"):
        assert status(met, at(now)) is says


@pytest.mark.clause("G-11")
def test_days_late_stop_counting_when_it_is_done():
    assert days_overdue(reading(entry("meet", "2026-07-26 16:00")), at("2026-12-01 00:00")) == 3


@pytest.mark.clause("P02-8.7", "F-44")
def test_the_limit_starts_at_issue_whatever_comes_before_its_end():
    found = read((Entry(EntryKind.START, at("2026-06-01 09:00"), amount=2),), p02().limit("办理").limit(0), calendar())
    assert said(found.due_at) == "2026-06-03 23:59:59"
    assert p02().limit("办理").started_by == ("issue_order",)


@pytest.mark.clause("G-12")
def test_what_was_left_at_a_pause_is_added_at_its_end():
    limit = Limit("到场", 48, Unit.HOURS)
    entries = (
        entry("start", "2026-06-08 12:00"),
        entry("pause", "2026-06-09 12:00"),
        entry("resume", "2026-06-11 12:00"),
    )
    assert said(read(entries, limit, calendar()).due_at) == "2026-06-12 12:00:00"


@pytest.mark.clause("G-12")
@pytest.mark.parametrize(
    ("paused", "resumed", "end"),
    [
        # due 2026-10-12 18:00; on 09-30 four workdays are left: 10-08, 10-09, 10-10, 10-12
        ("2026-09-30 11:00", "2026-10-09 10:00", "2026-10-14 18:00:00"),
        ("2026-10-12 10:00", "2026-10-13 10:00", "2026-10-13 18:00:00"),
        ("2026-10-12 10:00", "2026-10-13 18:00", "2026-10-14 18:00:00"),
    ],
)
def test_workdays_left_at_a_pause_are_added_as_workdays(paused, resumed, end):
    limit = Limit("完成", 5, Unit.WORKDAYS)
    entries = (entry("start", "2026-09-29 16:00"), entry("pause", paused), entry("resume", resumed))
    assert said(read(entries, limit, calendar()).due_at) == end


@pytest.mark.clause("G-12")
def test_working_hours_left_at_a_pause_are_added_as_working_hours():
    limit = Limit("回复", 9, Unit.WORKING_HOURS)
    entries = (
        entry("start", "2026-11-23 12:00"),
        entry("pause", "2026-11-23 20:00"),
        entry("resume", "2026-11-25 06:00"),
    )
    assert said(read(entries, limit, calendar()).due_at) == "2026-11-25 12:00:00"


@pytest.mark.clause("G-12")
def test_while_paused_it_is_neither_running_nor_late():
    paused = reading(entry("pause", "2026-07-22 10:00", reason="客户原因"))
    assert status(paused, at("2026-08-30 00:00")) is ClockStatus.PAUSED
    assert said(paused.pause_ends_at) == "2026-08-21 10:00:00"


@pytest.mark.clause("G-12", "G-11")
def test_a_pause_after_the_due_time_makes_nothing_less_late():
    paused = reading(entry("pause", "2026-07-25 10:00"))
    assert status(paused, at("2026-07-26 00:00")) is ClockStatus.OVERDUE
    resumed = reading(entry("pause", "2026-07-25 10:00"), entry("resume", "2026-08-01 10:00"))
    assert said(resumed.due_at) == "2026-07-23 23:59:59"


@pytest.mark.clause("F-37")
def test_a_limit_that_does_not_stop_keeps_its_due_time_through_a_pause():
    limit = Limit("一个月", 1, Unit.MONTHS, pausable=False)
    found = read(
        (entry("start", "2026-07-01 10:00"), entry("pause", "2026-07-02 10:00"), entry("resume", "2026-07-20 10:00")),
        limit,
        calendar(),
    )
    assert said(found.due_at) == "2026-08-01 23:59:59"
    assert found.paused_at is None


@pytest.mark.clause("G-12")
def test_an_extension_keeps_the_old_due_time_in_the_ledger():
    extended = reading(entry("extend", "2026-07-22 10:00", until=at("2026-07-28 23:59:59"), reason="等待配件"))
    assert said(extended.due_at) == "2026-07-28 23:59:59"
    assert said(extended.original_due_at) == "2026-07-23 23:59:59"
    assert any("等待配件" in step for step in extended.steps)


def test_a_reopening_starts_another_cycle_and_keeps_the_first_promise():
    again = reading(entry("meet", "2026-07-22 10:00"), entry("reopen", "2026-07-30 10:00", amount=1, reason="退回整改"))
    assert (again.cycle, again.done_at) == (2, None)
    assert said(again.due_at) == "2026-07-31 23:59:59"
    assert said(again.original_due_at) == "2026-07-23 23:59:59"


def test_a_cancelled_clock_is_never_late():
    cancelled = reading(entry("cancel", "2026-07-22 10:00", reason="撤诉"))
    assert status(cancelled, at("2026-09-01 00:00")) is ClockStatus.CANCELLED
    assert days_overdue(cancelled, at("2026-09-01 00:00")) == 0


@pytest.mark.clause("G-20")
@pytest.mark.parametrize(
    ("limit", "start", "remind"),
    [
        (Limit("受理", 24, Unit.HOURS), "2026-07-21 10:00", "2026-07-22 05:12:00"),
        (Limit("知会", 1, Unit.HOURS), "2026-07-21 10:00", "2026-07-21 10:30:00"),
        (Limit("立即", 10, Unit.MINUTES), "2026-07-21 10:00", "2026-07-21 10:00:00"),
    ],
)
def test_a_reminder_comes_when_a_fifth_is_left_at_least_half_an_hour_before(limit, start, remind):
    assert said(read((entry("start", start),), limit, calendar()).remind_at) == remind


@pytest.mark.parametrize("kind", ["resume", "pause", "meet", "extend", "reopen"])
def test_an_entry_on_a_clock_that_never_started_is_a_bad_ledger(kind):
    with pytest.raises(BadLedger):
        read((entry(kind, "2026-07-22 10:00", until=at("2026-07-28 10:00")),), p02().limit("办理").limit(1), calendar())


@pytest.mark.parametrize("kinds", [["start"], ["resume"], ["pause", "pause"], ["meet", "pause"]])
def test_entries_out_of_order_are_a_bad_ledger(kinds):
    with pytest.raises(BadLedger):
        reading(*(entry(kind, f"2026-07-2{2 + place} 10:00") for place, kind in enumerate(kinds)))


HOURS = some.integers(0, 47)


@pytest.mark.clause("G-12")
@given(HOURS, some.integers(0, 24 * 29), some.sampled_from([Unit.HOURS, Unit.DAYS, Unit.MONTHS]))
def test_a_pause_moves_a_natural_limit_by_exactly_its_length(before, length, unit):
    limit = Limit("办理", 48 if unit is Unit.HOURS else 2, unit)
    start = at("2026-07-21 10:00")
    paused = start + timedelta(hours=before)
    plain = read((Entry(EntryKind.START, start),), limit, calendar())
    stopped = read(
        (
            Entry(EntryKind.START, start),
            Entry(EntryKind.PAUSE, paused),
            Entry(EntryKind.RESUME, paused + timedelta(hours=length)),
        ),
        limit,
        calendar(),
    )
    assert stopped.due_at - plain.due_at == timedelta(hours=length)
    assert stopped.original_due_at == plain.due_at


@pytest.mark.clause("G-11")
@given(some.integers(-(10**6), 10**6), some.integers(0, 10**7))
def test_the_verdict_on_a_finished_clock_never_changes(offset, later):
    plain = reading()
    done = max(plain.started_at, plain.due_at + timedelta(seconds=offset))
    met = reading(Entry(EntryKind.MEET, done))
    verdict = status(met, done)
    assert verdict is (ClockStatus.MET if done <= plain.due_at else ClockStatus.MET_LATE)
    assert status(met, done + timedelta(seconds=later)) is verdict
