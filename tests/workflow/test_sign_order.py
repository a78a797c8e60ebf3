"""签收督办处理单: the head of the handling department signs and names who will do it."""

from __future__ import annotations

import pytest

from tests.support.cast import House, shanghai


def test_the_head_signs_and_names_the_handler(house: House) -> None:
    case = house.registered()
    order = house.signed(at="2026-05-14 08:30", handler="抄表班长甲")
    assert (order.state, str(order.head_signed_by), shanghai(order.head_signed_at)) == (
        "已签收",
        "客户营业部负责人",
        "2026-05-14 08:30:00",
    )
    assert (str(order.handler), str(case.handler)) == ("抄表班长甲", "抄表班长甲")


@pytest.mark.parametrize("by", ["抄表班长甲", "工程维修部负责人", "客服甲", "公司领导", "系统管理员"])
def test_nobody_but_the_head_of_that_department_signs(house: House, by: str) -> None:
    house.registered()
    order = house.ordered(handler="抄表班长甲")
    house.refused("sign_order", by=by, handler="抄表班长甲")
    assert (order.state, order.head_signed_at) == ("已开具", None)


def test_it_is_signed_once(house: House) -> None:
    house.registered()
    order = house.signed(at="2026-05-14 08:30")
    assert "已签收" in house.refused("sign_order", by="客户营业部负责人", at="2026-05-15 08:30", handler="抄表员甲")
    assert (str(order.handler), shanghai(order.head_signed_at)) == ("抄表班长甲", "2026-05-14 08:30:00")


def test_without_an_order_there_is_nothing_to_sign(house: House) -> None:
    house.registered()
    assert house.refused("sign_order", by="客户营业部负责人", handler="抄表班长甲")


def test_somebody_must_be_named_to_do_it(house: House) -> None:
    house.registered()
    house.ordered()
    assert "请指定承办人" in house.refused("sign_order", by="客户营业部负责人")
    assert "没有“无名氏”这个人" in house.refused("sign_order", by="客户营业部负责人", handler="无名氏")


@pytest.mark.clause("P02-6.5")
def test_naming_the_accused_as_handler_is_warned_of(house: House) -> None:
    house.registered(complained_person="抄表员甲")
    house.ordered()
    done = house.do("sign_order", by="客户营业部负责人", handler="抄表员甲")
    assert any("自己处理自己" in warning for warning in done.warnings)
