"""Every sentence that tells how a clock was counted is said in English too."""

from datetime import date

import pytest
from flask_babel import force_locale

from rules.clocks import Entry, EntryKind, Limit, read
from rules.vocabulary import Unit
from rules.worktime import Day, official
from tests.support.msgids import CHINESE
from tests.unit.rules.shared import at
from views.said import said

SHORT = official().with_days({date(2026, 10, 9): Day(True, "", ("09:00-12:00",)), date(2026, 10, 4): Day(False)})
CALENDARS = {0: official(), 1: SHORT}
LATE = {"asked_at": at("2026-12-01 09:00")}


def entry(kind: str, moment: str, **more) -> Entry:
    return Entry(EntryKind(kind), at(moment), **more)


LEDGERS = {
    "working hours": (
        Limit("知会", 4, Unit.WORKING_HOURS, from_open=True),
        [entry("start", "2026-09-30 18:40"), entry("calendar", "2026-10-08 09:30", calendar=1)],
    ),
    "workdays": (
        Limit("完成", 5, Unit.WORKDAYS),
        [
            entry("start", "2026-09-29 16:00", calendar=1),
            entry("pause", "2026-09-30 10:00", reason="客户原因", by="Ada"),
            entry("resume", "2026-09-30 13:30"),
            entry("extend", "2026-10-08 10:00", until=at("2026-10-20 18:00"), reason="客户原因"),
            entry("extend", "2026-10-08 10:00", until=at("2026-10-09 18:00")),
            entry("calendar", "2026-10-09 09:30", calendar=0),
            entry("meet", "2026-10-21 19:00"),
            entry("reopen", "2026-10-22 09:00"),
            entry("pause", "2026-10-30 10:00"),
            entry("resume", "2026-11-02 10:00"),
            entry("extend", "2026-12-01 10:00", until=at("2026-12-20 18:00"), **LATE),
            entry("calendar", "2026-12-02 09:30", calendar=1),
            entry("transfer", "2026-12-03 10:00", to="工程维修部"),
        ],
    ),
    "a limit that never stops": (
        Limit("一个月", 1, Unit.MONTHS, pausable=False),
        [
            entry("start", "2026-01-31 10:00"),
            entry("pause", "2026-02-01 10:00", reason="不可抗力"),
            entry("resume", "2026-02-02 10:00"),
            entry("meet", "2026-02-03 10:00"),
            entry("reopen", "2026-02-04 10:00", reason="客户原因"),
            entry("cancel", "2026-02-05 10:00", reason="客户原因"),
        ],
    ),
    "days that roll": (Limit("办理", 3, Unit.DAYS, roll=True), [entry("start", "2026-09-30 10:00")]),
    "a day of rest": (
        Limit("办理", 3, Unit.DAYS),
        [entry("start", "2026-09-30 10:00"), entry("cancel", "2026-10-01 09:00")],
    ),
    "a provisional year": (Limit("完成", 70, Unit.WORKDAYS), [entry("start", "2026-11-20 10:00")]),
    "ten years": (Limit("保修", 2500, Unit.WORKDAYS), [entry("start", "2024-01-05 10:00")]),
}


@pytest.mark.parametrize("name", LEDGERS)
def test_the_steps_are_said_in_english(app, name):
    limit, entries = LEDGERS[name]
    steps = read(entries, limit, CALENDARS).steps
    with app.test_request_context(), force_locale("en"):
        left = [(step, said(step)) for step in steps if CHINESE.search(said(step))]
    assert left == []
