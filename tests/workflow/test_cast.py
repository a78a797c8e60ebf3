"""The cast itself: the helpers lead a case all the way, and leave nothing to the next test."""

from __future__ import annotations

import pytest

from tests.support.cast import House


@pytest.mark.parametrize("turn", [1, 2])
def test_a_case_goes_the_whole_way_and_the_next_test_finds_an_empty_house(house: House, turn: int) -> None:
    case = house.registered()
    assert case.case_no == "TS-20260513-0001"
    assert house.closed().state == "已结案"
    assert "结案" in house.story()


def test_a_refusal_changes_nothing_and_stays_in_the_history(house: House) -> None:
    case = house.registered()
    before = case.state
    assert house.refused("close", close_reason="解决")
    assert case.state == before
    assert house.events(outcome="拒绝", verb="close")
