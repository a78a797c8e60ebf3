"""A clock as marks on a line: what happened, what is due, what will be, and what does not count any more."""

from datetime import timedelta

import pytest

from rules.clocks import Entry, EntryKind, Limit, read
from rules.rungs import Rung
from rules.timeline import Climbed, Mark, MarkKind, marks
from rules.vocabulary import RungDeed, Unit
from tests.unit.rules.shared import at, calendar, p02, said

DAYS = Limit("办理", 2, Unit.DAYS)
START = Entry(EntryKind.START, at("2026-07-21 10:10"))  # due 2026-07-23 23:59:59


def entry(kind: str, moment: str, **more) -> Entry:
    return Entry(EntryKind(kind), at(moment), **more)


def line(*entries: Entry, now: str, limit: Limit = DAYS, climbed: tuple[Climbed, ...] = ()) -> list[Mark]:
    reading = read(entries, limit, calendar())
    return marks(limit, entries, reading, calendar(), climbed, at(now))


def told(found: list[Mark]) -> list[tuple[str, str, str]]:
    """Each mark as when, what, and how it stands."""
    return [
        (
            said(mark.at)[5:16],
            str(mark.rung.do if mark.rung else mark.kind),
            "void" if mark.void else "coming" if mark.coming else "done",
        )
        for mark in found
    ]


@pytest.mark.clause("G-10", "G-20")
def test_a_running_clock_shows_what_was_done_when_it_is_due_and_what_will_be_done():
    limit = p02().limit("办理").limit(2)
    reminder = Climbed(1, "remind", 1, at("2026-07-23 11:22"), at("2026-07-23 11:25"), ("承办部门负责人",))
    found = line(START, now="2026-07-23 13:00", limit=limit, climbed=(reminder,))
    assert told(found) == [
        ("07-21 10:10", "起算", "done"),
        ("07-23 11:25", "提醒", "done"),
        ("07-23 23:59", "截止", "coming"),
        ("07-24 00:00", "超期", "coming"),
        ("07-24 00:00", "催办", "coming"),
    ]
    assert (found[1].told, found[1].late) == (("承办部门负责人",), timedelta(minutes=3))


@pytest.mark.clause("G-12")
def test_an_extension_leaves_the_first_due_instant_void_beside_the_new_one():
    granted = entry("extend", "2026-07-22 18:00", until=at("2026-07-28 18:00"), reason="等待配件", by="高总")
    found = line(START, granted, now="2026-07-23 09:00")
    assert ("07-23 23:59", "截止", "void") in told(found)
    assert ("07-28 18:00", "截止", "coming") in told(found)
    (extension,) = [mark for mark in found if mark.kind is MarkKind.EXTEND]
    assert extension.entry == 1


def test_what_was_climbed_before_the_clock_began_again_is_still_to_come_in_its_new_cycle():
    limit = p02().limit("办理").limit(2)
    reminder = Climbed(1, "remind", 1, at("2026-07-23 11:22"), at("2026-07-23 11:25"))
    again = (START, entry("meet", "2026-07-23 12:00"), entry("reopen", "2026-08-03 10:00"))
    found = line(*again, now="2026-08-03 11:00", limit=limit, climbed=(reminder,))
    assert [(mark.cycle, mark.coming) for mark in found if mark.rung and mark.rung.id == "remind"] == [
        (1, False),
        (2, True),
    ]


def test_what_is_due_now_is_not_to_come_and_what_is_done_at_that_instant_was_in_time():
    assert ("07-23 23:59", "截止", "done") in told(line(START, now="2026-07-23 23:59:59"))
    done = line(START, entry("meet", "2026-07-23 23:59:59"), now="2026-07-24 09:00")
    assert [mark.late for mark in done if mark.kind is MarkKind.MEET] == [timedelta()]


def test_what_will_not_count_any_more_is_marked_so_even_before_its_day_comes():
    found = line(START, entry("cancel", "2026-07-22 10:00"), now="2026-07-22 11:00")
    assert [(mark.kind, mark.coming) for mark in found if mark.void] == [(MarkKind.DUE, True)]


@pytest.mark.clause("G-12")
def test_a_clock_that_stands_still_waits_for_nothing_but_the_end_of_its_pause():
    found = line(START, entry("pause", "2026-07-22 10:00", reason="客户原因"), now="2026-07-25 09:00")
    assert [each for each in told(found) if each[2] == "coming"] == [("08-21 10:00", "自动恢复", "coming")]


@pytest.mark.parametrize("ending", ["meet", "cancel", "transfer"])
def test_what_ended_before_it_was_due_is_not_due_any_more_and_nothing_follows(ending):
    found = line(START, entry(ending, "2026-07-22 10:00"), now="2026-07-30 09:00")
    assert told(found)[-1] == ("07-23 23:59", "截止", "void")
    assert not any(mark.coming for mark in found)


@pytest.mark.clause("G-11")
def test_a_promise_kept_too_late_says_by_how_much_and_its_due_instant_stands():
    found = line(START, entry("meet", "2026-07-25 23:59:59"), now="2026-08-30 09:00")
    assert told(found)[1:] == [("07-23 23:59", "截止", "done"), ("07-25 23:59", "完成", "done")]
    assert found[-1].late == timedelta(days=2)


def test_each_cycle_has_its_own_due_instant():
    again = (entry("meet", "2026-07-22 10:00"), entry("reopen", "2026-08-03 10:00"))
    found = line(START, *again, now="2026-08-04 09:00")
    due = [(mark.cycle, said(mark.at)[:10], mark.void) for mark in found if mark.kind is MarkKind.DUE]
    assert due == [(1, "2026-07-23", True), (2, "2026-08-05", False)]


def test_a_limit_that_never_stops_does_not_show_the_pauses_of_its_case():
    month = Limit("一个月", 1, Unit.MONTHS, pausable=False)
    stood = (entry("pause", "2026-07-22 10:00"), entry("resume", "2026-07-23 10:00"))
    assert [mark.kind for mark in line(START, *stood, now="2026-07-24 09:00", limit=month) if not mark.coming] == [
        MarkKind.START
    ]


def test_a_rung_whose_tests_did_not_hold_is_shown_as_passed_without_effect():
    never = Rung(id="one", at="-1天", do=RungDeed.ESCALATE, when={"grade": "一级"})
    limit = Limit("办理", 2, Unit.DAYS, ladder=(never,))
    passed = Climbed(1, "one", 1, at("2026-07-22 23:59:59"), at("2026-07-23 00:00"), None)
    found = line(START, now="2026-07-23 09:00", limit=limit, climbed=(passed,))
    assert [mark.told for mark in found if mark.rung is never] == [None]


def test_what_the_sweep_has_not_done_yet_is_still_to_come():
    limit = p02().limit("办理").limit(2)
    overdue = [each for each in told(line(START, now="2026-07-24 00:05", limit=limit)) if each[2] == "coming"]
    assert overdue == [("07-24 00:00", "超期", "coming"), ("07-24 00:00", "催办", "coming")]
