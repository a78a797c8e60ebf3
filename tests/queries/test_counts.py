"""Counts of other cases: alike in what is named, within a period that is reckoned by days and months of Shanghai."""

import calendar
from datetime import date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from models import Complainant, Complaint
from models.queries import counts
from rules.lint import errors
from rules.procedure import build
from rules.quantities import SHANGHAI
from tests.support.many_cases import DOCUMENT
from tests.support.statements import sent
from workflow import verbs
from workflow.access import SYSTEM
from workflow.act import Act

assert verbs.VERBS  # importing the module is what makes every verb known
HOT = {"key": "alike", "label": "相同投诉的人数", "same": ["category", "a_text"], "within": "1个自然月",
       "distinct": "complainant", "itself": True}  # fmt: skip
AGAIN = {"key": "again", "label": "再次投诉", "same": ["name", "phone", "category"], "within": "180天", "cases": "已结"}
RULE = {"id": "r", "stage": "warn", "then": "甲", "because": "甲", "cites": ["甲-1"]}


def document(*rows):
    """A procedure with these counts, each asked for by a rule."""
    rules = [{**RULE, "id": row["key"], "when": {row["key"]: ">= 1"}} for row in rows]
    return build({**DOCUMENT, "count": list(rows), "rule": rules})


def came(session, day, caller="甲", hour=10, **given):
    """A case that came in on that day."""
    at = datetime.fromisoformat(day).replace(hour=hour, tzinfo=SHANGHAI)
    person = session.scalars(select(Complainant).where(Complainant.name == caller)).first()
    person = person or Complainant(name=caller, phone=f"138-{caller}", created_at=at)
    values = {"category": "漏水", "fields": {"a_text": "三号楼"}, "state": "调查中", "procedure_code": "甲", **given}
    when = {"received_at": at, "registered_at": at, "accepted_at": at}
    number = len(session.scalars(select(Complaint.id)).all())
    case = Complaint(case_no=f"{number}", procedure_version=1, complainant=person, **when, **values)
    session.add(case)
    session.flush()
    return case


def count(session, procedure, case, key):
    """What a deed on the case sees, which is what a query over all cases sees."""
    fact = Act(session, "view", case, SYSTEM, case.received_at, procedure).facts()[key]
    column = counts.columns(procedure)[key].value
    assert session.scalar(select(column).select_from(Complaint).where(Complaint.id == case.id)) == fact
    return fact


@pytest.mark.parametrize(
    ("oldest", "newest", "number"),
    [
        ("2026-03-10", "2026-04-10", 3),
        ("2026-03-10", "2026-04-11", 2),
        ("2026-01-31", "2026-02-28", 3),
        ("2026-01-31", "2026-03-01", 2),
        ("2026-01-28", "2026-02-28", 3),
        ("2026-02-28", "2026-03-28", 3),
        ("2026-02-28", "2026-03-29", 2),
        ("2026-04-30", "2026-05-31", 2),
        ("2026-05-01", "2026-05-31", 3),
        ("2025-12-31", "2026-01-31", 3),
        ("2024-01-31", "2024-02-29", 3),
    ],
)
def test_a_month_rolls_to_the_same_day_number_or_the_last_day(session, oldest, newest, number):
    procedure, between = document(HOT), date.fromisoformat(newest) - timedelta(days=1)
    came(session, oldest, "甲", hour=0)
    came(session, str(between), "乙")
    last = came(session, newest, "丙", hour=23)
    assert count(session, procedure, last, "alike") == number


def test_the_third_of_three_callers_makes_three(session):
    procedure = document(HOT)
    first, second = came(session, "2026-03-10", "甲"), came(session, "2026-03-25", "乙")
    came(session, "2026-03-26", "乙")
    third = came(session, "2026-04-10", "丙")
    assert [count(session, procedure, case, "alike") for case in (first, second, third)] == [1, 2, 3]


def test_the_fullest_period_is_that_of_all_cases_in_it(session):
    procedure = document({**HOT, "reach": "任何一段"})
    days = {"2026-03-10": "甲", "2026-03-25": "乙", "2026-04-10": "丙", "2026-04-11": "丁", "2026-06-30": "戊"}
    cases = [came(session, day, caller) for day, caller in days.items()]
    assert [count(session, procedure, case, "alike") for case in cases] == [3, 3, 3, 3, 1]


def test_a_case_that_differs_or_lacks_what_is_compared_is_not_alike(session):
    procedure = document({**HOT, "itself": False, "distinct": ""})
    came(session, "2026-05-01", category="停气")
    came(session, "2026-05-01", fields={"a_text": "四号楼"})
    came(session, "2026-05-01", fields={})
    came(session, "2026-05-01", state="已作废")
    came(session, "2026-05-01", procedure_code="乙")
    assert count(session, procedure, came(session, "2026-05-02"), "alike") == 0
    assert count(session, procedure, came(session, "2026-05-02"), "alike") == 1
    assert count(session, procedure, came(session, "2026-05-02", fields={}), "alike") == 0


@pytest.mark.parametrize(("day", "number"), [("2026-07-12", 0), ("2026-07-11", 1), ("2026-01-13", 1)])
def test_a_caller_who_comes_back_within_180_days_of_a_finished_case(session, day, number):
    procedure, closed = document(AGAIN), datetime(2026, 1, 20, tzinfo=SHANGHAI)
    came(session, "2026-01-12", "甲", closed_at=closed)
    came(session, "2026-01-12", "甲")
    came(session, "2026-01-12", "乙", closed_at=closed)
    assert count(session, procedure, came(session, day, "甲"), "again") == number


def test_the_calendar_month_and_a_condition_on_the_other_case(session):
    procedure = document(
        {**HOT, "within": "当月", "distinct": "", "itself": False, "when": {"founded": "属实", "a_number": ">= 3"}}
    )
    fit = {"founded": "属实", "fields": {"a_text": "三号楼", "a_number": 3}}
    came(session, "2026-05-31", **fit)
    came(session, "2026-06-01", hour=0, **fit)
    came(session, "2026-06-02", **{**fit, "founded": "不属实"})
    came(session, "2026-06-02", **{**fit, "fields": {"a_text": "三号楼", "a_number": 2}})
    assert count(session, procedure, came(session, "2026-06-30"), "alike") == 1


def month_after(day):
    """The last day of the month that begins with this day (G-08)."""
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@pytest.mark.parametrize("seed", [1, 2])
def test_many_cases_are_counted_as_by_hand(session, seed):
    random = Random(seed)
    procedure = document({**HOT, "reach": "任何一段"}, {**HOT, "key": "before"}, {**AGAIN, "cases": "全部"})
    start, cases = date(2025, 12, 20), []
    for _ in range(60):
        day = start + timedelta(days=random.randrange(110))
        place = random.choice(["三号楼", "四号楼"])
        hour = random.choice([0, 7, 8, 15, 16, 23])
        cases.append(came(session, str(day), random.choice("甲乙丙丁戊己"), hour, fields={"a_text": place}))
    seen = counts.columns(procedure)
    query = select(Complaint.id, *(seen[key].value.label(key) for key in ("alike", "before", "again")))
    stored = {row.id: (row.alike, row.before, row.again) for row in session.execute(query)}
    for case in cases:
        group = [other for other in cases if other.fields == case.fields]
        ends = [last for last in group if last.received_at >= case.received_at]
        fullest = max((len(who(group, last)) for last in ends if in_one_month(case, last)), default=0)
        again = [
            other
            for other in cases
            if other is not case and other.complainant is case.complainant and other.received_at <= case.received_at
        ]
        assert stored[case.id] == (fullest, len(who(group, case)), len(again))


def in_one_month(oldest, newest):
    return oldest.received_at <= newest.received_at and day_of(newest) <= month_after(day_of(oldest))


def who(group, last):
    return {other.complainant_id for other in group if in_one_month(other, last)}


def day_of(case):
    return case.received_at.astimezone(SHANGHAI).date()


def test_all_counts_are_asked_once_in_a_deed_and_again_when_a_case_is_written(session):
    procedure = document(HOT, AGAIN)
    came(session, "2026-05-01", "乙")
    act = Act(session, "view", came(session, "2026-05-02"), SYSTEM, datetime(2026, 5, 2, tzinfo=SHANGHAI), procedure)
    act.facts()
    with sent(session.get_bind()) as asked:
        assert act.facts()["alike"] == 2
    assert asked == []
    act.case.fields = {"a_text": "五号楼"}
    with sent(session.get_bind(), lambda text: "AS alike" in text and "AS again" in text) as asked:
        assert act.facts()["alike"] == 1
    assert len(asked) == 1


def test_counts_that_no_rule_asks_for_are_not_counted(session):
    procedure = build({**DOCUMENT, "count": [HOT]})
    act = Act(session, "view", came(session, "2026-05-02"), SYSTEM, datetime(2026, 5, 2, tzinfo=SHANGHAI), procedure)
    assert "alike" not in act.facts()


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        ({"key": "grade"}, "key"),
        ({"key": "a_number"}, "key"),
        ({"same": ["没有"]}, "same"),
        ({"same": ["verb"]}, "same"),
        ({"same": ["flags"]}, "same"),
        ({"same": ["argument.category"]}, "same"),
        ({"when": {"actor": "甲"}}, "when.actor"),
        ({"when": {"alike": ">= 1"}}, "when.alike"),
        ({"when": {"grade": "特级"}}, "when.grade"),
    ],
)
def test_a_count_of_what_no_case_has_stored_is_a_fault_beside_its_cell(row, cell):
    found = [
        finding for finding in errors(build({**DOCUMENT, "count": [{**HOT, **row}]})) if finding.section == "count"
    ]
    assert [(finding.row, finding.cell) for finding in found] == [(row.get("key", "alike"), cell)]
