"""What a limit and a rung of its ladder ask before they act is read in the type of the fact, as a rule's cells are."""

from __future__ import annotations

import pytest

from models import Clock, Event
from tests.support.cast import OPENING, House, retire
from tests.support.plan import PLANS
from workflow import procedures
from workflow.access import SYSTEM

LIMIT = """
[[limit]]
name = "集体答复"
amount = 24
unit = "自然小时"
starts = "register"
met = "feedback"
overdue_to = ["受理人"]
when = { parties_count = ">= 3人" }
ladder = [
    { id = "late", at = "+0", do = "超期" },
    { id = "many", at = "+1小时", do = "催办", to = ["受理人"], when = { parties_count = ">= 10人" } },
    { id = "leak", at = "+2小时", do = "升级", to = ["受理人"], when = { promised_feedback_at = ">= 2026-05-15" } },
]
"""


@pytest.fixture
def crowded(service: House) -> House:
    """The house under the procedure of plans, with a limit for complaints of several people."""
    retire(service.session, "PLAN")
    procedures.put_in_force(service.session, PLANS + LIMIT, actor=SYSTEM, now=OPENING)
    return service


def _registered(house: House, people: int) -> list[str]:
    house.registered(by="服务甲", without="compensation_sought", complained_department=None, parties_count=people)
    return [clock.name for clock in house.all(Clock)]


def test_a_limit_that_asks_for_a_number_with_its_unit_starts_from_that_number_on(crowded: House) -> None:
    assert _registered(crowded, 2) == []
    assert _registered(crowded, 3) == ["集体答复"]


@pytest.mark.parametrize(("people", "urged"), [(9, 0), (10, 1)])
def test_a_rung_that_asks_for_a_number_with_its_unit_acts_from_that_number_on(
    crowded: House, people: int, urged: int
) -> None:
    _registered(crowded, people)
    crowded.sweep("2026-05-14 15:11")
    crowded.sweep("2026-05-14 16:11")
    assert len(crowded.notices("催办")) == urged


def test_a_rung_that_nobody_can_answer_passes_and_says_for_want_of_what(crowded: House) -> None:
    _registered(crowded, 3)
    crowded.sweep("2026-05-14 15:11")
    crowded.sweep("2026-05-14 17:11")
    warned = [event.warnings for event in crowded.all(Event) if event.verb == "escalate_overdue"]
    assert warned == [["升级未执行,尚不知道:已告知的反馈时间"]]


def test_a_rung_whose_tests_fail_passes_without_a_word(crowded: House) -> None:
    _registered(crowded, 9)
    crowded.sweep("2026-05-14 16:11")
    assert [event.warnings for event in crowded.all(Event) if event.warnings] == []
