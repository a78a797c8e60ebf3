"""受理: under P02 what is saved is accepted; accepting again changes nothing that was."""

from __future__ import annotations

import pytest

from tests.support.cast import House, shanghai


@pytest.mark.clause("P02-7.1")
def test_accepting_keeps_the_time_of_the_first_acceptance(house: House) -> None:
    case = house.registered(at="2026-05-13 15:10")
    house.do("accept", at="2026-05-14 09:00", note="已核对电话")
    assert (case.state, shanghai(case.accepted_at)) == ("已受理", "2026-05-13 15:10:00")
    assert "已核对电话" in house.story()


def test_a_case_that_has_moved_on_is_not_taken_back_by_it(house: House) -> None:
    case = house.registered()
    house.ordered()
    house.do("accept")
    assert case.state == "处理中"


def test_others_do_not_accept(house: House) -> None:
    house.registered()
    house.refused("accept", by="客户营业部负责人")
    house.refused("accept", by="审计员")
