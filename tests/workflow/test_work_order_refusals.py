"""What a price list, a quotation and a work order refuse or doubt, and who is told of the work."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from models import Coordination, PriceItem
from rules.procedure import shipped
from tests.support.cast import OPENING, House, moment, shanghai
from tests.support.plaza import DAY, called, finished, price, taken_on, written
from workflow import procedures, workorders
from workflow.access import SYSTEM


def test_a_price_ends_the_one_before_it_and_never_begins_in_the_past(plaza: House) -> None:
    price(plaza, price="90.00", valid_from="2026-06-01")
    first, second = plaza.session.scalars(select(PriceItem).order_by(PriceItem.valid_from))
    assert (str(first.valid_to), second.valid_to) == ("2026-05-31", None)
    again = {"name": "更换水龙头", "price": "70.00", "valid_from": "2026-05-20"}
    assert "已有定价" in plaza.refused("set_price", by="物业部负责人", at=f"{DAY} 08:00", **again)
    ends = {"name": "疏通", "price": "70.00", "valid_from": "2026-05-20", "valid_to": "2026-05-19"}
    assert "最后一天" in plaza.refused("set_price", by="物业部负责人", at=f"{DAY} 08:00", **ends)
    past = {"name": "疏通", "price": "70.00", "valid_from": "2026-05-01"}
    assert "过去" in plaza.refused("set_price", by="物业部负责人", at=f"{DAY} 08:00", **past)


def test_on_each_day_an_item_has_one_price(plaza: House) -> None:
    price(plaza, name="疏通", price="70.00", valid_from="2026-06-01", valid_to="2026-06-10")
    day = {"by": "物业部负责人", "at": f"{DAY} 08:00", "name": "疏通", "price": "75.00"}
    assert "已有定价" in plaza.refused("set_price", valid_from="2026-06-01", **day)
    plaza.do("set_price", valid_from="2026-06-10", valid_to="2026-06-10", **day)
    listed = plaza.session.scalars(select(PriceItem).where(PriceItem.name == "疏通").order_by(PriceItem.valid_from))
    assert [(str(item.valid_from), str(item.valid_to)) for item in listed] == [
        ("2026-06-01", "2026-06-09"),
        ("2026-06-10", "2026-06-10"),
    ]


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([], "收费项目"),
        ([{"name": "金水龙头"}], "没有"),
        ([{"name": "更换水龙头", "qty": "-1"}], "数量"),
        ([{"name": "更换水龙头", "qty": "0"}], "数量"),
        ("x", "没有“x”"),
        (7, "收费项目"),
    ],
)
def test_what_the_price_list_does_not_know_is_refused(plaza: House, items: Any, said: str) -> None:
    written(plaza)
    assert said in plaza.refused("quote", by="前台甲", at=f"{DAY} 09:10", paid="有偿", price_items=items)


def test_a_contact_with_another_unit_is_not_in_the_future(plaza: House) -> None:
    called(plaza)
    told = {"unit": "市政", "explanation_to_customer": "井盖属市政", "contacted_at": "2026-05-14 09:00"}
    assert "联系时间" in plaza.refused("coordinate", by="前台甲", at=f"{DAY} 09:10", **told)
    assert plaza.session.scalar(select(Coordination)) is None


@pytest.mark.clause("P00b-10.3")
def test_the_answer_of_another_unit_is_not_in_the_future(plaza: House) -> None:
    called(plaza)
    told = {"unit": "市政", "explanation_to_customer": "井盖属市政", "reply": "已修", "replied_at": f"{DAY} 09:11"}
    assert "答复时间" in plaza.refused("coordinate", by="前台甲", at=f"{DAY} 09:10", **told)
    plaza.do("coordinate", by="前台甲", at=f"{DAY} 09:11", **told)
    assert shanghai(plaza.newest(Coordination).replied_at) == f"{DAY} 09:11:00"
    told["replied_at"] = f"{DAY} 09:12"
    plaza.do("coordinate", by="前台甲", at=f"{DAY} 10:00", **told)
    assert shanghai(plaza.newest(Coordination).replied_at) == f"{DAY} 09:12:00"


def test_without_an_order_there_is_nothing_to_quote(plaza: House) -> None:
    called(plaza)
    assert "还没有维修单" in plaza.refused("quote", by="前台甲", at=f"{DAY} 09:10", paid="无偿")


def test_an_order_that_nobody_took_on_yet_leaves_no_room_for_another(plaza: House) -> None:
    order = written(plaza)
    assert f"{order.order_no}还没有接单" in plaza.refused(
        "open_work_order", by="前台甲", at=f"{DAY} 09:10", fault="漏水"
    )


@pytest.mark.clause("P00b-8.1")
@pytest.mark.parametrize(
    ("appointed", "doubt"),
    [
        (f"{DAY} 09:05", ("预约时间早于现在",)),
        (f"{DAY} 22:00", ("预约时间不在工作时间内",)),
        (f"{DAY} 16:00", ()),
    ],
)
def test_an_appointment_that_has_passed_or_lies_outside_working_time_is_doubted(
    plaza: House, appointed: str, doubt: tuple[str, ...]
) -> None:
    called(plaza)
    done = plaza.do("open_work_order", by="前台甲", at=f"{DAY} 09:05", fault="漏水", appointed_at=appointed)
    assert done.warnings == doubt
    assert shanghai(done.result.appointed_at) == f"{appointed}:00"


def test_a_quotation_says_whether_it_is_paid(plaza: House) -> None:
    order = written(plaza)
    assert "有偿或无偿" in plaza.refused("quote", by="前台甲", at=f"{DAY} 09:10")
    assert order.quoted_amount is None


def test_what_is_free_is_not_quoted_nor_charged(plaza: House) -> None:
    order = written(plaza)
    items = [{"name": "更换水龙头", "qty": 1}]
    assert "不收费" in plaza.refused("quote", by="前台甲", at=f"{DAY} 09:10", paid="无偿", price_items=items)
    plaza.do("quote", by="前台甲", at=f"{DAY} 09:10", paid="无偿")
    plaza.do("dispatch", by="前台甲", at=f"{DAY} 09:20")
    plaza.do("sign_for", by="工程甲", at=f"{DAY} 09:30")
    plaza.do("assign_crew", by="工程甲", at=f"{DAY} 09:35", team="水电班")
    assert "不收费" in plaza.refused("finish_work", by="工程甲", at=f"{DAY} 15:00", final_amount="5.00")
    plaza.do("finish_work", by="工程甲", at=f"{DAY} 15:00")
    ratings = {"rating_quality": "满意", "rating_attitude": "满意"}
    plaza.do("sign_work", by="工程甲", at=f"{DAY} 15:05", customer_signed_by="客户甲", **ratings)
    plaza.do("return_work", by="工程甲", at=f"{DAY} 15:10")
    plaza.do("verify_work", by="前台甲", at=f"{DAY} 15:30")
    assert order.fee_state == "无"
    assert "没有待收" in plaza.refused("charge", by="财务甲", at=f"{DAY} 16:00", fee_way="预交财务部")


@pytest.mark.clause("P00b-7.5", "P00b-6.5")
def test_an_order_comes_back_signed_and_is_charged_only_after_it_was_verified(plaza: House) -> None:
    order = finished(plaza)
    assert "客户签名" in plaza.refused("return_work", by="工程甲", at=f"{DAY} 15:05")
    assert "验证之后才能收费" in plaza.refused("charge", by="财务甲", at=f"{DAY} 15:06", fee_way="预交财务部")
    assert (order.state, order.fee_state) == ("完工待签", "无")


@pytest.mark.clause("P00b-7.4", "P00b-11.1")
def test_the_customer_agrees_to_no_price_before_there_is_one(plaza: House) -> None:
    order = written(plaza)
    assert "先报价" in plaza.refused("consent", by="前台甲", at=f"{DAY} 09:10", customer_consents=True)
    assert order.consented_at is None


def test_work_is_finished_by_a_crew_that_was_there_before_now(plaza: House) -> None:
    order = taken_on(plaza)
    assert "班组" in plaza.refused("finish_work", by="工程甲", at=f"{DAY} 15:00")
    plaza.do("assign_crew", by="工程甲", at=f"{DAY} 09:35", team="水电班")
    early = {"by": "工程甲", "arrived_at": f"{DAY} 15:00"}
    assert "到场时间" in plaza.refused("finish_work", at=f"{DAY} 14:59", **early)
    plaza.do("finish_work", at=f"{DAY} 15:00", **early)
    assert (order.state, shanghai(order.arrived_at)) == ("完工待签", f"{DAY} 15:00:00")


def test_the_technician_is_told_of_his_work_unless_he_takes_it_himself(plaza: House) -> None:
    order = taken_on(plaza)
    plaza.do("assign_crew", by="工程甲", at=f"{DAY} 09:35", team="水电班", technician="工程甲")
    assert plaza.notices("派工") == []
    plaza.do("assign_crew", by="工程甲", at=f"{DAY} 09:40", team="水电班", technician="维修甲")
    assert [notice.recipient for notice in plaza.notices("派工")] == ["维修甲"]
    assert str(order.technician) == "维修甲"


def test_who_collects_under_one_of_several_procedures_collects(plaza: House) -> None:
    procedures.put_in_force(plaza.session, shipped()["P01"], actor=SYSTEM, now=OPENING)
    assert workorders.collects(plaza.session, plaza.actor("财务甲"), moment(f"{DAY} 10:00"))
