"""One matter: cases that are said to be the same are counted together as long as they are linked, and not longer."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models import Complaint, ComplaintLink, SharedMark
from tests.support.cast import House, moment
from workflow.act import Act
from workflow.procedures import of

SAME, PEOPLE = "同一问题", "甲乙丙丁戊"


def _call(house: House, name: str, **more: Any) -> Complaint:
    given = {"estate": "东苑", "issue": None, "name": name, "phone": f"138{name}", **more}
    return house.registered(by="管家东", without="compensation_sought", **given)


def _link(house: House, one: Complaint, other: Complaint, kind: str = SAME) -> Any:
    return house.do("link", by="管家东", case=one, kind=kind, other=other.case_no)


def _unlink(house: House, one: Complaint, other: Complaint, **more: str) -> Any:
    return house.do("unlink", by="管家东", case=one, other=other.case_no, reason="不是一回事", **more)


def _counted(house: House, case: Complaint) -> int:
    """How many people say the same, as the rules of the case's document see it."""
    now = moment("2026-05-13 15:10")
    act = Act(house.session, "link", case, house.actor("管家东"), now, of(house.session, case, now))
    return int(act.facts()["others"])


def test_two_that_never_said_what_the_matter_is_are_counted_together_under_the_number_of_the_first(
    estates: House,
) -> None:
    first, second = _call(estates, "甲"), _call(estates, "乙")
    _link(estates, second, first)
    assert (first.fields["issue"], second.fields["issue"]) == (first.case_no, first.case_no)
    assert (_counted(estates, first), first.grade, second.grade) == (2, "中等", "中等")
    (told,) = estates.events(first, verb="bear_marks")
    assert second.case_no in told.text
    assert told.changes["问题"] == ["—", first.case_no]


def test_whoever_said_it_first_speaks_for_both_whichever_of_them_is_linked(estates: House) -> None:
    first, second = _call(estates, "甲", issue="门禁断电"), _call(estates, "乙", issue="大门没电")
    _link(estates, first, second)
    assert (first.fields["issue"], second.fields["issue"]) == ("门禁断电", "门禁断电")


def test_what_was_said_by_itself_returns_when_the_link_is_taken_back_from_either_side(estates: House) -> None:
    first, second = _call(estates, "甲", issue="门禁断电"), _call(estates, "乙", issue="大门没电")
    for side, other in ((first, second), (second, first)):
        _link(estates, second, first)
        _unlink(estates, side, other)
        assert (first.fields["issue"], second.fields["issue"]) == ("门禁断电", "大门没电")
    assert _counted(estates, first) == 1


def test_a_grade_that_was_raised_by_a_wrong_link_waits_for_a_person_who_is_told(estates: House) -> None:
    first, second = _call(estates, "甲"), _call(estates, "乙")
    _link(estates, second, first)
    done = _unlink(estates, second, first)
    assert (second.grade, done.warnings) == ("中等", ("按现有事实应为下等,级别不自动降低",))
    estates.do("change_grade", by="管家东", case=second, grade="下等", reason="关联错了")


def test_what_somebody_wrote_meanwhile_is_not_taken_from_him(estates: House) -> None:
    first, second = _call(estates, "甲", issue="门禁断电"), _call(estates, "乙")
    _link(estates, second, first)
    estates.do("update", by="管家东", case=second, issue="单元门坏了")
    _unlink(estates, second, first)
    assert second.fields["issue"] == "单元门坏了"


def test_those_that_stay_linked_stay_one_matter_without_the_one_that_left(estates: House) -> None:
    first, second, third = (_call(estates, name) for name in "甲乙丙")
    first_said = first.case_no
    _link(estates, second, first)
    _link(estates, third, second)
    assert {case.fields["issue"] for case in (first, second, third)} == {first_said}
    _unlink(estates, first, second)
    assert "issue" not in first.fields
    assert {case.fields["issue"] for case in (second, third)} == {second.case_no}
    assert [_counted(estates, case) for case in (first, second, third)] == [0, 2, 2]


def test_another_kind_of_link_carries_nothing_over(estates: House) -> None:
    first, second = _call(estates, "甲", issue="门禁断电"), _call(estates, "乙")
    _link(estates, second, first, kind="合并")
    assert "issue" not in second.fields


def test_cases_of_two_estates_stay_apart_though_they_are_linked(estates: House) -> None:
    first, second = _call(estates, "甲"), _call(estates, "乙", estate="西苑")
    _link(estates, second, first)
    assert (first.fields["estate"], second.fields["estate"]) == ("东苑", "西苑")
    assert (_counted(estates, first), first.grade) == (1, "下等")


@pytest.mark.parametrize("closed_names_open", [True, False])
def test_a_closed_case_counts_for_its_matter_and_keeps_the_grade_that_it_was_closed_with(
    estates: House, closed_names_open: bool
) -> None:
    closed = _call(estates, "甲", issue="门禁断电")
    estates.do("close", by="管家东", at="2026-05-13 16:00", case=closed, close_reason="解决")
    others = [_call(estates, name, issue="大门没电", at="2026-05-12 11:00") for name in "乙丙"]
    _link(estates, *((closed, others[0]) if closed_names_open else (others[0], closed)))
    assert (closed.grade, closed.state) == ("下等", "已结案")
    assert _counted(estates, others[0]) == 3
    assert estates.notices(case=closed, event="升级") == []


def test_what_was_taken_back_is_not_linked_again_by_the_next_change(estates: House) -> None:
    first = _call(estates, "甲", issue="门禁断电")
    estates.do("close", by="管家东", at="2026-05-14 10:00", case=first, close_reason="解决")
    again = _call(estates, "甲", issue="门禁断电", at="2026-05-18 09:00")
    assert [link.kind for link in estates.all(ComplaintLink, again)] == ["二次投诉"]
    estates.do("unlink", by="管家东", at="2026-05-18 09:30", case=again, other=first.case_no, reason="换了一处")
    estates.do("update", by="管家东", at="2026-05-18 10:00", case=again, demand="快")
    assert estates.all(ComplaintLink, again) == []


def _state(house: House, cases: list[Complaint]) -> Any:
    """Everything that a link could touch: the cases without their grade, links, what was kept for them, counts."""
    house.session.expire_all()
    apart = {"grade", "severity", "version", "fields"}
    columns = [column.key for column in Complaint.__mapper__.column_attrs if column.key not in apart]
    links = select(ComplaintLink.complaint_id, ComplaintLink.other_id, ComplaintLink.kind)
    kept = select(SharedMark.complaint_id, SharedMark.own, SharedMark.taken)
    return (
        [[getattr(case, name) for name in columns] for case in cases],
        [{key: value for key, value in case.fields.items() if value is not None} for case in cases],
        sorted(map(tuple, house.session.execute(links))),
        sorted(map(tuple, house.session.execute(kept))),
        [_counted(house, case) for case in cases],
    )


pairs = st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda pair: pair[0] != pair[1])


@pytest.mark.parametrize("kind", [SAME, "合并", "二次投诉"])
@settings(max_examples=8, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(st.sampled_from([None, "门禁断电", "灯不亮"]), min_size=5, max_size=5),
    before=st.lists(pairs, max_size=3, unique_by=frozenset),
    pair=pairs,
    turned=st.booleans(),
)
def test_to_link_and_to_take_it_back_leaves_all_as_it_was(
    estates: House,
    kind: str,
    said: list[str | None],
    before: list[tuple[int, int]],
    pair: tuple[int, int],
    turned: bool,
) -> None:
    rolled_back = estates.session.begin_nested()
    cases = [_call(estates, name, issue=issue) for name, issue in zip(PEOPLE, said, strict=True)]
    for one, other in before:
        if frozenset((one, other)) != frozenset(pair):
            _link(estates, cases[one], cases[other])
    one, other = (cases[key] for key in pair)
    was = _state(estates, cases)
    _link(estates, one, other, kind=kind)
    if kind == SAME:
        assert one.fields["issue"] == other.fields["issue"]
    _unlink(estates, *((other, one) if turned else (one, other)), kind=kind)
    assert _state(estates, cases) == was
    rolled_back.rollback()
