"""登记检查: the service centre's check of one department, item by item."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models import Inspection
from tests.support.cast import House, shanghai

CHECK = {"kind": "月度服务质量检查", "department": "客户营业部", "at": "2026-09-28 14:00"}


def _checked(house: House, by: str = "客服甲", **overrides: object) -> Inspection:
    from tests.support.cast import moment
    from workflow import registry

    given = {**CHECK, "items": [{"item": "营业时间", "result": "合格"}], **overrides}
    now = "2026-09-28 16:00"
    actor = house.actor(by, now)
    return registry.perform(house.session, "inspect", None, arguments=given, actor=actor, now=moment(now)).result


@pytest.mark.clause("P02-7.13")
def test_the_service_centre_checks_a_department_and_keeps_the_items(house: House) -> None:
    found = _checked(house)
    assert (found.kind, str(found.department), shanghai(found.at)) == (
        "月度服务质量检查",
        "客户营业部",
        "2026-09-28 14:00:00",
    )
    assert found.items == [{"item": "营业时间", "result": "合格"}]


def test_items_may_be_typed_one_a_line(house: House) -> None:
    found = _checked(house, items="营业时间 | 合格\n鞋套 | 不合格 | 未穿")
    assert found.items == [
        {"item": "营业时间", "result": "合格"},
        {"item": "鞋套", "result": "不合格", "note": "未穿"},
    ]


@pytest.mark.parametrize("items", [7, ["text"], {"item": "x"}, [[]], [{}] * 501])
def test_anything_else_in_place_of_items_is_refused(house: House, items: object) -> None:
    with pytest.raises(Exception, match="每行一项"):
        _checked(house, items=items)


@pytest.mark.parametrize("by", ["人事甲", "客户营业部负责人", "公司领导"])
def test_only_the_service_centre_checks(house: House, by: str) -> None:
    with pytest.raises(Exception, match="须由"):
        _checked(house, by=by)
    assert house.session.scalars(select(Inspection)).all() == []
