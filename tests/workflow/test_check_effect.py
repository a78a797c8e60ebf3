"""效果确认: the investigating department confirms what was mended, or sends it back for another round."""

from __future__ import annotations

import pytest

from models import CorrectiveAction
from tests.support.cast import House


@pytest.mark.clause("P02-7.6")
def test_an_effect_not_confirmed_sends_the_order_back_for_a_second_round(house: House) -> None:
    case = house.registered()
    house.answered(at="2026-05-14 10:00")
    done = house.do("check_effect", at="2026-05-15 10:00", result="未通过", effect_note="未说明如何预防")
    assert (house.order().state, house.order().round) == ("退回整改", 2)
    assert (case.state, case.round) == ("处理中", 2)
    assert (done.result.effect_check, done.result.effect_note) == ("未通过", "未说明如何预防")
    assert len(house.notices("退回整改", to="客户营业部负责人")) == 1


@pytest.mark.clause("P02-7.6")
def test_the_second_round_has_a_limit_of_its_own(house: House) -> None:
    house.registered()
    house.ordered(limit_days=3)
    house.answered(at="2026-05-14 10:00")
    house.do("check_effect", at="2026-05-15 10:00", result="未通过", effect_note="重做")
    assert (house.due(), house.clock().cycle) == ("2026-05-18 23:59:59", 2)


@pytest.mark.clause("P02-7.6")
def test_the_record_of_the_first_round_stays_beside_that_of_the_second(house: House) -> None:
    house.registered()
    house.answered()
    house.do("check_effect", result="未通过", effect_note="重做")
    house.answered(corrective_measures="换人上门")
    assert [(r.round, r.effect_check) for r in house.all(CorrectiveAction)] == [(1, "未通过"), (2, "待检查")]


@pytest.mark.clause("P02-7.6")
def test_a_confirmed_effect_leads_to_the_return_visit(house: House) -> None:
    case = house.registered()
    record = house.effective()
    assert (house.order().state, case.state, case.round) == ("效果确认通过", "待回访", 1)
    assert (record.effect_check, str(record.effect_checker)) == ("通过", "客服甲")


@pytest.mark.clause("P02-7.6")
def test_without_a_record_there_is_no_effect_to_confirm(house: House) -> None:
    house.registered()
    house.signed()
    assert "尚未收到情况表" in house.refused("check_effect", result="通过")


@pytest.mark.clause("P02-7.6")
def test_sending_it_back_needs_a_reason(house: House) -> None:
    case = house.registered()
    house.answered()
    assert "请说明原因" in house.refused("check_effect", result="未通过")
    assert (case.round, house.order().state) == (1, "已反馈")


@pytest.mark.parametrize("by", ["客户营业部负责人", "抄表班长甲", "人事甲", "公司领导"])
def test_only_the_department_that_investigates_confirms(house: House, by: str) -> None:
    house.registered()
    record = house.answered()
    house.refused("check_effect", by=by, result="通过")
    assert record.effect_check == "待检查"


def test_each_record_is_confirmed_once(house: House) -> None:
    case = house.registered()
    house.effective()
    assert "已做过效果确认" in house.refused("check_effect", result="未通过", effect_note="反悔")
    assert (case.state, case.round) == ("待回访", 1)


def test_the_one_who_handled_it_does_not_confirm_it(house: House) -> None:
    house.registered(complained_department="客户服务中心")
    house.do("issue_order", by="人事甲", limit_kind="当天", handler="人事乙")
    house.do("sign_order", by="客户服务中心负责人", handler="人事乙")
    house.answered()
    assert "不能确认自己的整改" in house.refused("check_effect", by="人事乙", result="通过")
