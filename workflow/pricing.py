"""有偿服务收费标准: what an item costs on a day, and what a quotation comes to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import or_, select

from models import PriceItem
from workflow import lines
from workflow.act import Act
from workflow.arguments import SHANGHAI, Argument
from workflow.errors import Finding, Refused
from workflow.registry import verb

CENT = Decimal("0.01")
MOST_ITEMS = 50


def priced(act: Act, asked: Any, day: date) -> list[dict[str, Any]]:
    """Each item with its price of that day; every fault is named at once."""
    asked = [_typed(act, line, day) for line in lines.typed(asked)] if isinstance(asked, str) else asked
    if not isinstance(asked, list) or not asked or len(asked) > MOST_ITEMS:
        raise Refused("请填写收费项目,每行一项", field="price_items")
    found, findings = [], []
    for row in asked:
        spec = row if isinstance(row, Mapping) else {"name": row}
        name, quantity = str(spec.get("name") or "")[:100], _quantity(spec.get("qty", 1))
        item = price_of(act, name, day)
        if item is None:
            findings.append(Finding("价目表 {day} 没有“{name}”", "price_items", values={"day": f"{day}", "name": name}))
        elif quantity is None:
            findings.append(Finding("“{name}”的数量应为大于 0 的数", "price_items", values={"name": name}))
        else:
            amount = (item.price * quantity).quantize(CENT, ROUND_HALF_UP)
            line = {"name": name, "unit": item.unit, "qty": str(quantity), "price": str(item.price)}
            found.append({**line, "amount": str(amount)})
    if findings:
        raise Refused(findings=findings)
    return found


def _typed(act: Act, line: str, day: date) -> dict[str, str]:
    """``更换水龙头、2``: name and quantity. A line that is an item as it stands is one of it: names hold marks too."""
    name, quantity = lines.last(line)
    if not quantity or price_of(act, line, day) is not None:
        return {"name": line}
    if _quantity(quantity) is None and price_of(act, name, day) is None:
        return {"name": line}
    return {"name": name, "qty": quantity}


def _quantity(raw: Any) -> Decimal | None:
    text = str(raw)
    plain = not isinstance(raw, bool) and len(text) <= 10 and text.replace(".", "", 1).isascii()
    if not plain or not text.replace(".", "", 1).isdigit():
        return None
    found = Decimal(text)
    return found if found > 0 else None


def price_of(act: Act, name: str, day: date) -> PriceItem | None:
    """The line of the price list that holds on that day; of several the one that began last."""
    query = select(PriceItem).where(
        PriceItem.name == name,
        PriceItem.valid_from <= day,
        or_(PriceItem.valid_to.is_(None), PriceItem.valid_to >= day),
    )
    return act.session.scalars(query.order_by(PriceItem.valid_from.desc(), PriceItem.id.desc()).limit(1)).first()


@verb(
    "set_price",
    label="定价",
    group="设置",
    needs_case=False,
    guard="never",
    who=("部门负责人", "系统管理员"),
    arguments=(
        Argument("name", "收费项目", "text", required=True, longest=100),
        Argument("unit", "单位", "text", longest=20),
        Argument("price", "单价", "money", minimum=0, required=True),
        Argument("valid_from", "自", "date", help="不填即今天起"),
        Argument("valid_to", "至", "date", help="不填即到下次定价为止"),
    ),
)
def set_price(act: Act) -> None:
    """A price from a day on; the one before ends the day before. Orders that were written keep theirs."""
    name, today = act.arguments["name"], act.now.astimezone(SHANGHAI).date()
    first, last = act.given("valid_from", today), act.given("valid_to")
    if first < today:
        raise Refused("价格不能从过去的日子起", field="valid_from")
    if last is not None and last < first:
        raise Refused("最后一天早于第一天", field="valid_to")
    same = select(PriceItem).where(PriceItem.name == name)
    if act.session.scalar(same.where(PriceItem.valid_from >= first).limit(1)) is not None:
        raise Refused("“{name}”在这一天或以后已有定价", field="valid_from", name=name)
    for before in act.session.scalars(same.where(or_(PriceItem.valid_to.is_(None), PriceItem.valid_to >= first))):
        before.valid_to = first - timedelta(days=1)
    item = PriceItem(name=name, unit=act.given("unit", ""), price=act.arguments["price"], valid_from=first)
    item.valid_to = last
    act.session.add(item)
    act.session.flush()
    act.say(f"{name} {item.price:.2f} 元,自 {first} 起")
    act.result = item
