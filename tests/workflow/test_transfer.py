"""转办: another department investigates from now on; the hand-over is kept."""

from __future__ import annotations

import pytest

from models import Handover
from tests.support.cast import House

TO_HR = {"to_dept": "人力资源行政部", "reason": "涉及客服中心内部"}


@pytest.mark.clause("P02-9.5")
def test_the_other_department_is_told_and_the_hand_over_kept(house: House) -> None:
    case = house.registered()
    house.do("transfer", at="2026-05-14 09:00", to_person="人事乙", **TO_HR)
    kept = house.newest(Handover)
    assert (str(kept.from_department), str(kept.to_department), kept.reason) == (
        "客户服务中心",
        "人力资源行政部",
        "涉及客服中心内部",
    )
    assert (str(case.investigation_department), str(case.investigator)) == ("人力资源行政部", "人事乙")
    assert len(house.notices("移交", to="人力资源行政部")) == 1


def test_it_needs_a_reason_and_a_destination(house: House) -> None:
    house.registered()
    assert "理由" in house.refused("transfer", to_dept="人力资源行政部")
    assert "转往部门" in house.refused("transfer", reason="不归我管")
    assert house.all(Handover) == []


def test_where_it_already_is_it_is_not_sent(house: House) -> None:
    house.registered()
    assert "本件已在客户服务中心" in house.refused("transfer", to_dept="客户服务中心", reason="试试")


def test_after_a_grumble_was_handed_over_a_small_change_does_not_fetch_it_back(house: House) -> None:
    case = house.registered()
    house.do("transfer", **TO_HR)
    house.do("update", by="人事甲", place="一号楼大厅", category="上门服务/抄表业务")
    assert str(case.investigation_department) == "人力资源行政部"


@pytest.mark.parametrize("by", ["人事甲", "客户营业部负责人", "公司领导", "审计员"])
def test_only_the_department_that_has_it_gives_it_away(house: House, by: str) -> None:
    case = house.registered()
    house.refused("transfer", by=by, **TO_HR)
    assert str(case.investigation_department) == "客户服务中心"
