"""Counts of one limit: how many cases had it, and how many of those kept it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models import Clock, Complaint
from models.queries.figures import members
from rules.lint import lint
from rules.procedure import parse
from tests.support.plan import PLANS

NOON = datetime(2026, 6, 8, 12, tzinfo=UTC)
INDICATOR = '[[indicator]]\nname = "回应及时率"\nnumerator = "{top}"\ndenominator = "promised:回应"\n'
LIMIT = """
[[limit]]
name = "回应"
amount = 24
unit = "自然小时"
starts = "register"
met = "reply"
overdue_to = ["受理人"]
"""


def _case(key: int, *clocks: Clock) -> tuple[Complaint, list[Clock]]:
    return Complaint(id=key, state="处理中", nature="投诉", accepted_at=NOON), list(clocks)


def _clock(name: str = "回应", *, done: bool = True, late: bool = False, cancelled: bool = False) -> Clock:
    return Clock(
        name=name, done_at=NOON if done else None, ever_late=late, cancelled_at=NOON if cancelled else None, due_at=NOON
    )


@pytest.mark.clause("P00a-16.2")
def test_in_time_late_open_and_cancelled_are_told_apart() -> None:
    made = [
        _case(1, _clock()),
        _case(2, _clock(late=True)),
        _case(3, _clock(done=False)),
        _case(4, _clock(cancelled=True)),
        _case(5, _clock("方案")),
    ]
    counted = members([case for case, _ in made], {case.id: clocks for case, clocks in made}, {}, NOON)
    assert [case.id for case in counted["promised:回应"]] == [1, 2, 3]
    assert [case.id for case in counted["kept:回应"]] == [1]


def test_a_limit_that_the_procedure_does_not_have_is_no_count_of_it() -> None:
    fine = parse(f"{PLANS}\n{LIMIT}\n{INDICATOR.format(top='kept:回应')}")
    assert [str(finding) for finding in lint(fine) if "indicator" in finding.where] == []
    wrong = parse(f"{PLANS}\n{LIMIT}\n{INDICATOR.format(top='kept:回复')}")
    assert ["kept:回应?" in str(finding) for finding in lint(wrong) if "indicator" in finding.where] == [True]
