"""The plaza's house: its people, a price list, and a repair as far as a test needs it."""

from __future__ import annotations

from typing import Any

from models import PriceItem, Staff, WorkOrder
from rules.procedure import shipped
from tests.support.cast import House, employ, under
from workflow import organisation

PEOPLE = {
    "前台甲": ("物业部", ("客服助理", "受理人")),
    "工程甲": ("工程部", ("承办人",)),
    "维修甲": ("工程部", ("班组", "客服助理")),
    "财务甲": ("财务部", ("财务",)),
}
DAY = "2026-05-13"
CALL = {
    "channel": "来电",
    "nature": "报修",
    "category": "设备设施故障与报修",
    "place": "室内",
    "name": "客户甲",
    "phone": "13800000301",
    "content": "水龙头漏水",
    "demand": "修好",
    "reported_to": "前台甲",
}


def move_in(house: House) -> None:
    """The house under the plaza's procedure, with a price list."""
    under(house.session, shipped()["P00b"])
    for name, (place, roles) in PEOPLE.items():
        employ(house.session, name, place, *roles)
    for place in ("物业部", "工程部"):
        department = organisation.ensure_department(house.session, place)
        department.head = Staff(name=f"{place}负责人", department=department)
    house.session.flush()
    price(house, at="2026-01-05 09:00", price="80.00")


def price(house: House, at: str = f"{DAY} 08:00", **given: Any) -> PriceItem:
    """A price of the list, from that day on."""
    spec = {"name": "更换水龙头", "unit": "个", **given}
    made: PriceItem = house.do("set_price", by="物业部负责人", at=at, **spec).result
    return made


def called(house: House, at: str = f"{DAY} 09:00") -> None:
    """The call that asks for the repair."""
    house.case = house.do("register", by="前台甲", at=at, **CALL).thing


def written(house: House, at: str = f"{DAY} 09:05", **given: Any) -> WorkOrder:
    """The order that is written upon it."""
    called(house, at)
    spec = {"fault": "漏水", "appointed_at": f"{DAY} 16:00", **given}
    order: WorkOrder = house.do("open_work_order", by="前台甲", at=at, **spec).result
    return order


def quoted(house: House, at: str = f"{DAY} 09:10", **given: Any) -> WorkOrder:
    """The order with its price."""
    order = written(house, at)
    items = [{"name": "更换水龙头", "qty": 1}]
    house.do("quote", by="前台甲", at=at, **{"paid": "有偿", "price_items": items, **given})
    return order


def dispatched(house: House) -> WorkOrder:
    """The order to whose price the customer agreed, on its way to the engineers."""
    order = quoted(house)
    house.do("consent", by="前台甲", at=f"{DAY} 09:15", customer_consents=True)
    house.do("dispatch", by="前台甲", at=f"{DAY} 09:20")
    return order


def taken_on(house: House) -> WorkOrder:
    """The order for which the engineer signed."""
    order = dispatched(house)
    house.do("sign_for", by="工程甲", at=f"{DAY} 09:30")
    return order


def finished(house: House, by: str = "工程甲") -> WorkOrder:
    """The order done by a crew."""
    order = taken_on(house)
    house.do("assign_crew", by="工程甲", at=f"{DAY} 09:35", team="水电班")
    house.do("finish_work", by=by, at=f"{DAY} 15:00")
    return order


def signed(house: House, by: str = "工程甲") -> WorkOrder:
    """The order done, signed by the customer and handed back."""
    order = finished(house, by)
    ratings = {"rating_quality": "满意", "rating_attitude": "基本满意"}
    house.do("sign_work", by=by, at=f"{DAY} 15:05", customer_signed_by="客户甲", **ratings)
    house.do("return_work", by=by, at=f"{DAY} 15:10")
    return order


def verified(house: House) -> WorkOrder:
    """The order verified by the desk."""
    order = signed(house)
    house.do("verify_work", by="前台甲", at=f"{DAY} 15:30")
    return order
