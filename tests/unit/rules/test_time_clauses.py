"""The time clauses of every procedure, each as a limit with its settings, and the instant at which it is due.

What a procedure leaves to its settings is written here as its tests suggest it. The calendar is that of 2026 with its
make-up workdays; a due time in 2027 is provisional.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

import pytest

from rules.clocks import Entry, EntryKind, read
from rules.ladder import Fired, planned, upcoming
from rules.limits import due
from rules.procedure import build
from rules.rungs import Rung
from rules.time_rows import LimitRow
from rules.vocabulary import RungDeed
from tests.unit.rules.shared import at, calendar, p02, said


class Clause(NamedTuple):
    """A clause, its limit, what starts it, when it is due."""

    ids: str
    limit: dict
    trigger: str
    due: str
    named: str = ""
    provisional: bool = False
    rest: str | None = None


def hours(n: int, **more) -> dict:
    return {"amount": n, "unit": "自然小时", **more}


def workdays(n: int, **more) -> dict:
    return {"amount": n, "unit": "工作日", **more}


def days(n: int, **more) -> dict:
    return {"amount": n, "unit": "自然日", **more}


NAMED = {"unit": "指定时间"}
MONTH, HALF_MONTH = {"amount": 1, "unit": "自然月", "pausable": False}, {"amount": 1, "unit": "半月", "pausable": False}
INFORM = hours(1, from_open=True)

CLAUSES = [
    # the global rules
    Clause("G-03 G-07", workdays(5), "2026-12-28 10:00", "2027-01-05 18:00:00", provisional=True),
    Clause("G-03 G-06", days(3), "2026-12-30 10:00", "2027-01-02 23:59:59", rest="星期六"),
    Clause("G-03 G-05", hours(24), "2026-12-31 12:00", "2027-01-01 12:00:00", rest="元旦"),
    Clause("G-03 G-08", MONTH, "2026-12-15 10:00", "2027-01-15 23:59:59"),
    Clause("G-03", workdays(3), "2026-12-28 10:00", "2026-12-31 18:00:00"),
    Clause("G-05", hours(24), "2026-10-03 22:15", "2026-10-04 22:15:00", rest="国庆节"),
    Clause("G-05", {"amount": 24, "unit": "工作小时"}, "2026-10-03 22:15", "2026-10-10 15:00:00"),
    Clause("G-06", days(3), "2026-09-30 10:00", "2026-10-03 23:59:59", rest="国庆节"),
    Clause("G-06", days(3, roll=True), "2026-09-30 10:00", "2026-10-08 23:59:59"),
    Clause("G-06", days(0), "2026-02-18 10:00", "2026-02-18 23:59:59", rest="春节"),
    Clause("G-07", workdays(5), "2026-09-29 16:00", "2026-10-12 18:00:00"),
    Clause("G-07", workdays(1), "2026-09-20 08:00", "2026-09-21 18:00:00"),
    Clause("G-07 G-02", workdays(1), "2026-09-19 08:00", "2026-09-20 18:00:00"),
    Clause("G-07 G-02", workdays(1), "2026-01-03 12:00", "2026-01-04 18:00:00"),
    Clause("G-07 G-02", workdays(2), "2025-12-31 12:00", "2026-01-05 18:00:00"),
    Clause("G-07 G-02", workdays(2), "2026-02-13 12:00", "2026-02-24 18:00:00"),
    Clause("G-07 G-02", workdays(5), "2026-02-24 12:00", "2026-03-02 18:00:00"),
    Clause("G-07 G-02", workdays(3), "2026-04-30 12:00", "2026-05-08 18:00:00"),
    Clause("G-07 G-02", workdays(4), "2026-04-30 12:00", "2026-05-09 18:00:00"),
    Clause("G-08", MONTH, "2026-01-31 10:00", "2026-02-28 23:59:59"),
    Clause("G-08", MONTH, "2026-03-31 10:00", "2026-04-30 23:59:59"),
    Clause("G-08", MONTH, "2026-09-08 10:00", "2026-10-08 23:59:59"),
    Clause("G-08", HALF_MONTH, "2026-04-01 10:00", "2026-04-16 23:59:59"),
    Clause("G-08", HALF_MONTH, "2026-02-20 10:00", "2026-03-07 23:59:59", rest="星期六"),
    # P00a, a plaza that answers day and night
    Clause("P00a-8.1 F-03 F-05 F-20", hours(24), "2026-10-03 22:15", "2026-10-04 22:15:00", rest="国庆节"),
    Clause("P00a-8.2 F-05", hours(48), "2026-02-16 09:00", "2026-02-18 09:00:00", rest="春节"),
    # P00b, the customer's appointment and the company's promise
    Clause("P00b-8.1", NAMED, "2026-10-09 09:00", "2026-10-10 15:00:00", named="2026-10-10 15:00"),
    Clause("P00b-8.2", hours(8), "2026-06-30 10:00", "2026-06-30 18:00:00"),
    Clause("P00b-8.2", hours(4), "2026-07-01 10:00", "2026-07-01 14:00:00"),
    Clause("P00b-8.3 G-19 F-35", {"word": "立即", "unit": "分钟"}, "2026-07-01 09:00", "2026-07-01 09:30:00"),
    # P01 to P03
    Clause("P01-8.1", hours(24), "2026-04-04 20:00", "2026-04-05 20:00:00", rest="清明节"),
    Clause("P02-8.1 F-04", days(3), "2026-09-30 10:00", "2026-10-03 23:59:59", rest="国庆节"),
    Clause("P02-8.2", days(0), "2026-10-10 15:20", "2026-10-10 23:59:59"),
    Clause("P02-8.4", workdays(15), "2026-09-21 00:00", "2026-10-19 18:00:00"),
    Clause("P02-8.7 F-44", days(2), "2026-06-01 09:00", "2026-06-03 23:59:59"),
    Clause("P03-8.1 F-10", INFORM, "2026-09-30 17:30", "2026-09-30 18:30:00"),
    Clause("P03-8.2 F-10", INFORM, "2026-09-30 20:15", "2026-10-08 10:00:00"),
    Clause("P03-8.2 F-10", INFORM, "2026-09-30 18:00", "2026-10-08 10:00:00"),
    Clause("P03-8.2 F-02", INFORM, "2026-09-20 12:40", "2026-09-20 13:40:00"),
    Clause("P03-8.3 F-07", MONTH, "2026-01-31 10:00", "2026-02-28 23:59:59"),
    Clause("P03-8.4 F-07", HALF_MONTH, "2026-04-01 10:00", "2026-04-16 23:59:59"),
    Clause("P03-8.6", workdays(3), "2026-06-05 10:00", "2026-06-10 18:00:00"),
    # P04-01 to P04-09
    Clause("P04-01-8.1", NAMED, "2026-09-30 16:00", "2026-10-09 23:59:59", named="2026-10-09"),
    Clause("P04-01-8.2", workdays(1), "2026-09-30 16:00", "2026-10-08 18:00:00"),
    Clause("P04-01-8.2", workdays(3), "2026-09-30 16:00", "2026-10-10 18:00:00"),
    Clause("P04-02-8.1", hours(24), "2026-05-01 09:00", "2026-05-02 09:00:00", rest="劳动节"),
    Clause("P04-03-8.1", hours(48), "2026-03-06 18:30", "2026-03-08 18:30:00", rest="星期日"),
    Clause("P04-04-8.1 P04-04-5.1", hours(8), "2026-03-06 18:30", "2026-03-07 02:30:00", rest="星期六"),
    Clause("P04-04-8.1 P04-04-5.1", hours(72), "2026-03-06 18:30", "2026-03-09 18:30:00"),
    Clause("P04-05-8.1", hours(72), "2026-06-19 11:00", "2026-06-22 11:00:00"),
    Clause("P04-06-8.1", hours(24), "2026-10-01 08:00", "2026-10-02 08:00:00", rest="国庆节"),
    Clause("P04-06-8.2 F-39", days(7), "2026-06-01 10:00", "2026-06-08 23:59:59"),
    Clause("P04-06-8.3 F-39", {"amount": 3, "unit": "自然月"}, "2026-08-31 10:00", "2026-11-30 23:59:59"),
    Clause("P04-07-8.1", NAMED, "2026-09-19 10:00", "2026-09-20 16:00:00", named="2026-09-20 16:00"),
    Clause("P04-08-8.1", hours(24), "2026-01-01 12:00", "2026-01-02 12:00:00", rest="元旦"),
    Clause("P04-09-8.1", hours(48), "2026-02-14 10:00", "2026-02-16 10:00:00", rest="春节"),
    # P04-10 to P04-19
    Clause("P04-10-8.1 F-05", hours(24), "2026-09-29 16:00", "2026-09-30 16:00:00"),
    Clause("P04-10-8.2 F-05", hours(48), "2026-09-29 16:00", "2026-10-01 16:00:00", rest="国庆节"),
    Clause("P04-10-8.3 F-28", NAMED, "2026-09-29 16:00", "2026-10-05 12:00:00", "2026-10-05 12:00", rest="国庆节"),
    Clause("P04-10-8.3 F-28", {**NAMED, "end": "下班"}, "2026-09-29 16:00", "2026-10-09 18:00:00", "2026-10-09"),
    Clause("P04-10-8.4 F-06", workdays(5), "2026-09-29 16:00", "2026-10-12 18:00:00"),
    Clause("P04-11-8.1", {"amount": 0, "unit": "分钟"}, "2026-05-09 10:00", "2026-05-09 10:00:00"),
    Clause("P04-12-8.1 P04-12-7.5 G-19", {"word": "立即", "unit": "分钟"}, "2026-06-10 10:00", "2026-06-10 10:30:00"),
    Clause(
        "P04-13-8.1 G-19", {"word": "即时", "unit": "分钟"}, "2026-06-19 10:00", "2026-06-19 11:00:00", rest="端午节"
    ),
    Clause(
        "P04-13-8.1 G-19", {"word": "及时", "unit": "分钟"}, "2026-06-18 10:00", "2026-06-19 10:00:00", rest="端午节"
    ),
    Clause("P04-14-8.1", NAMED, "2026-05-01 10:00", "2026-05-05 14:00:00", named="2026-05-05 14:00", rest="劳动节"),
    Clause("P04-15-8.1 F-26", hours(1), "2026-10-01 21:30", "2026-10-01 22:30:00", rest="国庆节"),
    Clause("P04-15-8.2 F-26", NAMED, "2026-06-11 10:00", "2026-06-12 12:00:00", named="2026-06-12 12:00"),
    Clause("P04-16-8.1 F-27", workdays(1), "2026-09-30 15:00", "2026-10-08 18:00:00"),
    Clause("P04-16-8.2 F-27", workdays(1), "2026-04-30 09:10", "2026-05-06 18:00:00"),
    Clause("P04-16-7.9", workdays(1), "2026-09-18 10:00", "2026-09-20 18:00:00"),
    Clause("P04-17-8.1", hours(24), "2026-02-28 23:50", "2026-03-01 23:50:00", rest="星期日"),
    Clause("P04-18-8.1", hours(24), "2026-04-05 08:00", "2026-04-06 08:00:00", rest="清明节"),
    Clause("P04-19-8.1 F-45", workdays(3), "2026-04-02 10:00", "2026-04-08 18:00:00"),
]


def limit_of(settings: dict) -> LimitRow:
    """The limit as a document would have it, with the words of the head (G-19)."""
    document = {
        "procedure": {"code": "T", "title": "试", "words": dict(p02().head.words)},
        "limit": [{"name": "办理", "amount_from": "limit", **settings}],
    }
    return build(document).limits[0]


def moment(text: str) -> date | datetime | None:
    if not text:
        return None
    return at(text) if ":" in text else date.fromisoformat(text)


@pytest.mark.parametrize(
    "clause",
    [pytest.param(row, marks=pytest.mark.clause(*row.ids.split()), id=f"{row.ids} {row.due}") for row in CLAUSES],
)
def test_a_time_clause_is_due_when_it_says(clause):
    found = due(limit_of(clause.limit).limit(), at(clause.trigger), calendar(), moment(clause.named))
    assert (said(found.at), found.provisional, found.rest_day) == (clause.due, clause.provisional, clause.rest)


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda row: f"{row.ids} {row.due}")
def test_its_steps_begin_with_the_trigger_and_end_with_the_due_time(clause):
    found = due(limit_of(clause.limit).limit(), at(clause.trigger), calendar(), moment(clause.named))
    assert found.steps[0].startswith(said(at(clause.trigger)))
    assert any(step.startswith(f"截止 {clause.due}") for step in found.steps)


# what happens after a period ------------------------------------------------------------------------------------------

OURS = {"unresolved_by": ["我方", "未定"]}
WORST = {"ladder": [{"id": "重大", "at": "+0", "do": "定级", "grade": "重大投诉", "when": OURS}]}
WORSE = {"ladder": [{"id": "热点", "at": "+0", "do": "定级", "grade": "热点投诉", "when": OURS}]}
NEARLY = {"ladder": [{"id": "临近", "at": "-2天", "do": "提醒", "text": "临近半月"}]}


@pytest.mark.parametrize(
    ("limit", "received", "fires", "grade"),
    [
        pytest.param(MONTH | WORST, "2026-01-31 10:00", "2026-03-01 00:00:00", "重大投诉",
                     marks=pytest.mark.clause("P03-8.3", "P03-5.1", "P03-10.3", "G-08")),
        pytest.param(HALF_MONTH | WORSE, "2026-04-01 10:00", "2026-04-17 00:00:00", "热点投诉",
                     marks=pytest.mark.clause("P03-8.4", "P03-5.2", "P03-10.3", "G-08")),
        pytest.param(MONTH | WORST, "2026-12-31 10:00", "2027-02-01 00:00:00", "重大投诉",
                     marks=pytest.mark.clause("P03-8.3", "G-08")),
    ],
)  # fmt: skip
def test_a_grade_rises_at_midnight_after_the_period_and_once_only(limit, received, fires, grade):
    row = limit_of(limit)
    reading = read((Entry(EntryKind.START, at(received)),), row.limit(), calendar())
    climb = upcoming(row.limit(), reading, calendar(), [], at(received))
    assert (said(climb.planned_at), climb.rung.do, climb.rung.grade) == (fires, RungDeed.REGRADE, grade)
    assert climb.rung.when == OURS
    after = [Fired(climb.rung.id, 1, climb.planned_at)]
    assert upcoming(row.limit(), reading, calendar(), after, climb.planned_at).rung.do is RungDeed.FLAG


@pytest.mark.clause("P03-18.4")
def test_half_a_month_announces_itself_two_days_before():
    row = limit_of(HALF_MONTH | NEARLY)
    reading = read((Entry(EntryKind.START, at("2026-04-01 10:00")),), row.limit(), calendar())
    climb = upcoming(row.limit(), reading, calendar(), [], at("2026-04-15 00:00"))
    assert climb.rung.text == "临近半月"
    assert said(climb.planned_at) == "2026-04-14 23:59:59"


@pytest.mark.clause("P00a-18.2", "G-20")
def test_a_plan_within_forty_eight_hours_is_reminded_when_nine_hours_and_a_half_are_left():
    limit = limit_of(hours(48)).limit()
    reading = read((Entry(EntryKind.START, at("2026-02-16 09:00")),), limit, calendar())
    reminder = limit.rungs[0]
    assert said(planned(reminder, limit, reading, calendar()).at) == "2026-02-17 23:24:00"
    assert isinstance(reminder, Rung)
