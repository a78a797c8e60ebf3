"""关联: two cases belong together, and only one who sees both may say so."""

from __future__ import annotations

import pytest

from models import ComplaintLink
from tests.support.cast import CALL, House


def test_two_cases_are_linked_by_number(house: House) -> None:
    first, second = house.registered(), house.registered()
    house.do("link", case=second, kind="二次投诉", other=first.case_no)
    (kept,) = house.all(ComplaintLink, second)
    assert (kept.other_id, kept.kind) == (first.id, "二次投诉")
    assert f"二次投诉 {first.case_no}" in house.story(second)


def test_once_is_enough(house: House) -> None:
    first, second = house.registered(), house.registered()
    house.do("link", case=second, kind="二次投诉", other=first.case_no)
    assert "已经这样关联" in house.refused("link", case=second, kind="二次投诉", other=first.case_no)
    assert len(house.all(ComplaintLink, second)) == 1


def test_a_case_is_not_linked_to_itself_or_to_nothing(house: House) -> None:
    case = house.registered()
    assert house.refused("link", kind="合并", other=case.case_no)
    assert house.refused("link", kind="合并", other="TS-20990101-0001")


def test_a_case_out_of_sight_is_as_good_as_none(house: House) -> None:
    about_him = house.registered(complained_person="客服乙")
    mine = house.registered(by="客服乙")
    assert "没有编号为" in house.refused("link", by="客服乙", case=mine, kind="合并", other=about_him.case_no)
    assert house.all(ComplaintLink, mine) == []


@pytest.mark.parametrize("written", ["同一问题", "撤回 TS-20260513-0001", "同一问题 "])
def test_what_a_new_case_belongs_to_is_said_as_kind_and_number(house: House, written: str) -> None:
    house.registered()
    assert "关联应写作" in house.refused("register", **CALL, links=[written])


def test_what_a_new_case_belongs_to_may_be_said_as_it_is_taken_down(house: House) -> None:
    first = house.registered()
    second = house.registered(links=[f"合并 {first.case_no}"])
    (kept,) = house.all(ComplaintLink, second)
    assert (kept.other_id, kept.kind) == (first.id, "合并")
