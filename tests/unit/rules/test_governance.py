"""Pauses and extensions: what each needs, who decides how much, and how often."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from rules.clocks import Entry, EntryKind, Limit, read
from rules.governance import TOO_LONG, TOO_OFTEN, Level, extension_level, pause_terms, pause_until, pauses
from rules.time_rows import ExtensionRow, PauseRow
from rules.vocabulary import Unit
from tests.unit.rules.shared import at, calendar, said

HEAD = ExtensionRow(id="短", up_to="3天", by="部门负责人@调查部门", times=2)
LEADER = ExtensionRow(id="长", up_to="10工作日", by="公司领导")
ROWS = (HEAD, LEADER)
DAYS, WORKDAYS = Limit("办理", 2, Unit.DAYS), Limit("完成", 5, Unit.WORKDAYS)
START = Entry(EntryKind.START, at("2026-09-29 16:00"))  # two days: 10-01 23:59:59; five workdays: 10-12 18:00


def level(wanted: str, *entries: Entry, rows=ROWS, limit: Limit = DAYS, granted: int = 0) -> Level:
    reading = read((START, *entries), limit, calendar())
    return extension_level(rows, limit, reading, at(wanted), granted, calendar())


@pytest.mark.clause("G-12")
@pytest.mark.parametrize(
    ("wanted", "row"),
    [
        ("2026-10-02 10:00", HEAD),
        ("2026-10-04 23:59:59", HEAD),
        ("2026-10-05 00:00", LEADER),
        ("2026-10-20 18:00", LEADER),  # 10-08, 09, 10, 12 … 16, 19, 20
    ],
)
def test_the_longer_the_extension_the_higher_who_decides(wanted, row):
    assert level(wanted).row is row


@pytest.mark.clause("G-12")
def test_beyond_the_longest_nobody_may():
    found = level("2026-10-20 18:01")
    assert (found.row, found.fault, said(found.latest)) == (None, TOO_LONG, "2026-10-20 18:00:00")


@pytest.mark.clause("G-12")
def test_many_small_extensions_need_what_one_large_one_needs():
    granted = Entry(EntryKind.EXTEND, at("2026-09-30 10:00"), until=at("2026-10-04 23:59:59"))
    assert level("2026-10-05 10:00", granted, granted=1).row is LEADER


@pytest.mark.clause("G-12")
def test_what_was_granted_often_enough_goes_to_the_next_or_to_nobody():
    assert level("2026-10-02 10:00", granted=1).row is HEAD
    assert level("2026-10-02 10:00", granted=2).row is LEADER
    assert level("2026-10-02 10:00", rows=(HEAD,), granted=2) == Level(None, TOO_OFTEN)


def test_a_limit_that_no_row_names_is_decided_as_usual():
    assert level("2026-12-31 10:00", rows=()) == Level()
    assert level("2026-12-31 10:00", rows=(HEAD.model_copy(update={"limits": ("整改",)}),)) == Level()


def test_a_row_without_length_decides_any():
    leader = ExtensionRow(id="任意", by="公司领导")
    assert level("2027-12-31 10:00", rows=(HEAD, leader)).row is leader


@pytest.mark.parametrize(
    ("limit", "reaches", "beyond"),
    [
        (Limit("到场", 48, Unit.HOURS), "2026-10-02 16:00", "2026-10-02 16:00:01"),
        (Limit("回复", 10, Unit.WORKING_HOURS), "2026-10-08 13:00", "2026-10-08 13:01"),  # 5 h after 09-30 17:00
    ],
)
def test_a_share_is_of_the_limit_in_its_own_kind_of_time(limit, reaches, beyond):
    half = ExtensionRow(id="一半", up_to="50%", by="部门负责人")
    assert level(reaches, rows=(half,), limit=limit).row is half
    assert level(beyond, rows=(half,), limit=limit).fault == TOO_LONG


@pytest.mark.clause("G-12", "F-37")
def test_a_pause_needs_what_its_reason_says():
    rows = (PauseRow(reason="其他", by="公司领导", evidence=True, longest="10天", limits=("办理",)),)
    other, weather = pause_terms(rows, "其他"), pause_terms(rows, "不可抗力")
    assert (other.by, other.evidence, weather.by, weather.evidence) == ("公司领导", True, "", False)
    assert (pauses(other, DAYS), pauses(other, WORKDAYS), pauses(weather, WORKDAYS)) == (True, False, True)
    assert not pauses(weather, Limit("一个月", 1, Unit.MONTHS, pausable=False))


@pytest.mark.clause("G-12")
def test_a_pause_ends_after_the_shorter_of_what_reason_and_limit_allow():
    now, short = at("2026-09-30 10:00"), Limit("办理", 2, Unit.DAYS, longest_pause=timedelta(days=5))
    assert said(pause_until(PauseRow(reason="其他"), DAYS, now)) == "2026-10-30 10:00:00"
    assert said(pause_until(PauseRow(reason="其他", longest="10天"), DAYS, now)) == "2026-10-10 10:00:00"
    assert said(pause_until(PauseRow(reason="其他", longest="10天"), short, now)) == "2026-10-05 10:00:00"


@pytest.mark.parametrize(
    ("row", "values"),
    [
        (ExtensionRow, {"id": "短", "up_to": "很久", "by": "公司领导"}),
        (ExtensionRow, {"id": "短", "up_to": "150%", "by": "公司领导"}),
        (ExtensionRow, {"id": "短", "up_to": "3天"}),
        (PauseRow, {"reason": "其他", "longest": "5工作日"}),
        (PauseRow, {"reason": ""}),
    ],
)
def test_rows_that_make_no_sense_are_refused(row, values):
    with pytest.raises(ValidationError):
        row.model_validate(values)
