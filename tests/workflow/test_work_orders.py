"""维修单: quoted by the list of its day, agreed to, done, signed, verified by another, charged once; and what hangs on
no case."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from models import Clock, Coordination, FeeLine, FormDocument, Measure, PriceItem, ProcedureActivation, Staff, WorkOrder
from rules.procedure import shipped
from tests.support.cast import OPENING, House, moment, shanghai
from workflow import organisation, procedures, workorders
from workflow.access import SYSTEM

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


@pytest.fixture
def plaza(house: House) -> House:
    """The house under the plaza's procedure, with a price list that changes on the first of July."""
    asked = {"asked_at": OPENING, "decided_at": OPENING, "decision": "同意", "reason": "改用广场规程"}
    house.session.add(ProcedureActivation(code="P02", number=None, from_at=OPENING, **asked))
    procedures.put_in_force(house.session, shipped()["P00b"], actor=SYSTEM, now=OPENING)
    for name, (place, roles) in PEOPLE.items():
        department = organisation.ensure_department(house.session, place)
        person = Staff(name=name, department=department)
        house.session.add(person)
        house.session.flush()
        for role in roles:
            organisation.give_role(house.session, person, role, department)
    for place in ("物业部", "工程部"):
        department = organisation.ensure_department(house.session, place)
        department.head = Staff(name=f"{place}负责人", department=department)
    house.session.flush()
    price(house, at="2026-01-05 09:00", price="80.00")
    return house


def price(house: House, at: str = f"{DAY} 08:00", **given: Any) -> PriceItem:
    spec = {"name": "更换水龙头", "unit": "个", **given}
    made: PriceItem = house.do("set_price", by="物业部负责人", at=at, **spec).result
    return made


def called(house: House, at: str = f"{DAY} 09:00") -> None:
    house.case = house.do("register", by="前台甲", at=at, **CALL).thing


def written(house: House, at: str = f"{DAY} 09:05", **given: Any) -> WorkOrder:
    called(house, at)
    spec = {"fault": "漏水", "appointed_at": f"{DAY} 16:00", **given}
    order: WorkOrder = house.do("open_work_order", by="前台甲", at=at, **spec).result
    return order


def quoted(house: House, at: str = f"{DAY} 09:10", **given: Any) -> WorkOrder:
    order = written(house, at)
    items = [{"name": "更换水龙头", "qty": 1}]
    house.do("quote", by="前台甲", at=at, **{"paid": "有偿", "price_items": items, **given})
    return order


def signed(house: House, by: str = "工程甲") -> WorkOrder:
    order = quoted(house)
    house.do("consent", by="前台甲", at=f"{DAY} 09:15", customer_consents=True)
    house.do("dispatch", by="前台甲", at=f"{DAY} 09:20")
    house.do("sign_for", by="工程甲", at=f"{DAY} 09:30")
    house.do("assign_crew", by="工程甲", at=f"{DAY} 09:35", team="水电班")
    house.do("finish_work", by=by, at=f"{DAY} 15:00")
    ratings = {"rating_quality": "满意", "rating_attitude": "基本满意"}
    house.do("sign_work", by=by, at=f"{DAY} 15:05", customer_signed_by="客户甲", **ratings)
    house.do("return_work", by=by, at=f"{DAY} 15:10")
    return order


def verified(house: House) -> WorkOrder:
    order = signed(house)
    house.do("verify_work", by="前台甲", at=f"{DAY} 15:30")
    return order


@pytest.mark.clause("P00b-8.1", "P00b-12.4")
def test_every_copy_tells_how_the_appointed_instant_came_about(plaza: House) -> None:
    signed(plaza)
    copies = plaza.do("print", by="前台甲", at=f"{DAY} 15:40", kind="维修单").result
    steps = f"预约:{DAY} 09:20:00 起算,指定时间;截止 {DAY} 16:00:00;{DAY} 15:00:00 完成"
    assert [copy.notes for copy in copies] == [(steps,)] * 3


@pytest.mark.clause("P00b-7.9", "P00b-10.2")
def test_an_order_that_is_late_is_urged_day_by_day_and_the_third_time_its_head_is_told_too(plaza: House) -> None:
    quoted(plaza)
    plaza.do("consent", by="前台甲", at=f"{DAY} 09:15", customer_consents=True)
    plaza.do("dispatch", by="前台甲", at=f"{DAY} 09:20")
    told = []
    for at in (f"{DAY} 16:00", f"{DAY} 16:01", "2026-05-14 15:59", "2026-05-14 16:01", "2026-05-15 16:01"):
        before = {notice.id for notice in plaza.notices("催办")}
        plaza.sweep(at)
        fresh = [notice for notice in plaza.notices("催办") if notice.id not in before]
        told.append(sorted(str(notice.recipient or notice.department) for notice in fresh))
    assert told == [[], ["工程部"], [], ["工程部"], ["工程部", "工程部负责人"]]


@pytest.mark.clause("P00b-12.6", "P00b-7.4")
def test_an_order_keeps_the_price_of_the_day_on_which_it_was_written(plaza: House) -> None:
    price(plaza, at=f"{DAY} 08:30", price="90.00", valid_from="2026-05-14")
    order = written(plaza)
    items = [{"name": "更换水龙头", "qty": 3}]
    plaza.do("quote", by="前台甲", at="2026-05-14 10:00", paid="有偿", price_items=items)
    assert str(order.quoted_amount) == "240.00"
    later = quoted(plaza, at="2026-05-14 11:00")
    assert str(later.quoted_amount) == "90.00"


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


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([], "收费项目"),
        ([{"name": "金水龙头"}], "没有"),
        ([{"name": "更换水龙头", "qty": "-1"}], "数量"),
        ("x", "没有“x”"),
        (7, "收费项目"),
    ],
)
def test_what_the_price_list_does_not_know_is_refused(plaza: House, items: Any, said: str) -> None:
    written(plaza)
    assert said in plaza.refused("quote", by="前台甲", at=f"{DAY} 09:10", paid="有偿", price_items=items)


def test_what_is_charged_may_be_typed_one_a_line(plaza: House) -> None:
    order = quoted(plaza, price_items="更换水龙头、2\n\n更换水龙头")
    assert [(item["name"], item["qty"], item["amount"]) for item in order.price_items] == [
        ("更换水龙头", "2", "160.00"),
        ("更换水龙头", "1", "80.00"),
    ]
    assert "数量" in plaza.refused("quote", by="前台甲", paid="有偿", price_items="更换水龙头,两个")


@pytest.mark.clause("P00b-7.4", "P00b-11.1")
def test_another_quotation_asks_the_customer_again(plaza: House) -> None:
    quoted(plaza)
    plaza.do("consent", by="前台甲", at=f"{DAY} 09:15", customer_consents=True)
    again = {"paid": "有偿", "price_items": [{"name": "更换水龙头", "qty": 2}]}
    plaza.do("quote", by="前台甲", at=f"{DAY} 09:16", **again)
    assert "认可" in plaza.refused("dispatch", by="前台甲", at=f"{DAY} 09:20")


def test_an_order_that_is_handed_back_waits_to_be_dispatched_again(plaza: House) -> None:
    order = quoted(plaza)
    plaza.do("consent", by="前台甲", at=f"{DAY} 09:15", customer_consents=True)
    plaza.do("dispatch", by="前台甲", at=f"{DAY} 09:20")
    plaza.do("return_dispatch", by="工程甲", at=f"{DAY} 09:25", reason="不归我部")
    assert (order.state, plaza.the_case().state) == ("待派", "已登记")


@pytest.mark.clause("P00b-11.2", "P00b-7.8")
def test_whoever_did_the_work_does_not_verify_it(plaza: House) -> None:
    order = signed(plaza, by="维修甲")
    organisation.give_role(plaza.session, plaza.person("维修甲"), "客服助理", plaza.department("物业部"))
    assert "自己的维修单" in plaza.refused("verify_work", by="维修甲", at=f"{DAY} 15:20")
    plaza.do("verify_work", by="前台甲", at=f"{DAY} 15:30")
    assert [copy["copy"] for copy in order.copies] == ["工程部存档", "财务部收费", "物业部存档"]


@pytest.mark.clause("P00b-6.5", "P00b-7.6")
def test_a_fee_is_collected_once_by_those_who_collect_also_where_they_do_not_see_the_case(plaza: House) -> None:
    order = verified(plaza)
    plaza.do("charge", by="财务甲", at="2026-05-14 09:00", fee_way="预交财务部")
    line = plaza.session.scalars(select(FeeLine)).one()
    assert (str(line.amount), line.period, order.fee_state) == ("80.00", "2026-05", "已收")
    assert "已经收费" in plaza.refused("charge", by="财务甲", at="2026-05-14 09:05", fee_way="预交财务部")
    collects = [
        workorders.collects(plaza.session, plaza.actor(name), moment(f"{DAY} 10:00")) for name in ("财务甲", "工程甲")
    ]
    assert collects == [True, False]


@pytest.mark.clause("P00b-7.8")
def test_a_case_is_not_closed_over_an_order_that_is_not_verified(plaza: House) -> None:
    signed(plaza)
    plaza.do("confirm", by="前台甲", at=f"{DAY} 15:20", signed=True, result="满意")
    assert "没有验证" in plaza.refused("close", by="前台甲", at=f"{DAY} 15:25", close_reason="解决")


@pytest.mark.clause("P00b-7.16", "P00b-12.3")
def test_the_customers_word_makes_the_slip_with_what_he_said(plaza: House) -> None:
    verified(plaza)
    given = {"signed": False, "reason": "客户拒签", "result": "基本满意"}
    plaza.do("confirm", by="前台甲", at=f"{DAY} 16:00", **given)
    slip = plaza.session.scalars(select(FormDocument)).one()
    said = {key: slip.fields[key] for key in ("customer", "department", "signed", "reason", "result")}
    assert said == {
        "customer": "客户甲",
        "department": "工程部",
        "signed": "否",
        "reason": "客户拒签",
        "result": "基本满意",
    }


def test_a_case_that_is_withdrawn_takes_its_order_along(plaza: House) -> None:
    order = quoted(plaza)
    plaza.do("withdraw", by="前台甲", at=f"{DAY} 09:30", reason="自己修好了")
    assert order.state == "取消"


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


@pytest.mark.clause("P00b-7.4", "P00b-11.1")
def test_the_customer_agrees_to_no_price_before_there_is_one(plaza: House) -> None:
    order = written(plaza)
    assert "先报价" in plaza.refused("consent", by="前台甲", at=f"{DAY} 09:10", customer_consents=True)
    assert order.consented_at is None


def test_work_is_finished_by_a_crew_that_was_there_before_now(plaza: House) -> None:
    order = quoted(plaza)
    plaza.do("consent", by="前台甲", at=f"{DAY} 09:15", customer_consents=True)
    plaza.do("dispatch", by="前台甲", at=f"{DAY} 09:20")
    plaza.do("sign_for", by="工程甲", at=f"{DAY} 09:30")
    assert "班组" in plaza.refused("finish_work", by="工程甲", at=f"{DAY} 15:00")
    plaza.do("assign_crew", by="工程甲", at=f"{DAY} 09:35", team="水电班")
    early = {"by": "工程甲", "arrived_at": f"{DAY} 15:00"}
    assert "到场时间" in plaza.refused("finish_work", at=f"{DAY} 14:59", **early)
    plaza.do("finish_work", at=f"{DAY} 15:00", **early)
    assert (order.state, shanghai(order.arrived_at)) == ("完工待签", f"{DAY} 15:00:00")


def test_the_technician_is_told_of_his_work_unless_he_takes_it_himself(plaza: House) -> None:
    order = quoted(plaza)
    plaza.do("consent", by="前台甲", at=f"{DAY} 09:15", customer_consents=True)
    plaza.do("dispatch", by="前台甲", at=f"{DAY} 09:20")
    plaza.do("sign_for", by="工程甲", at=f"{DAY} 09:30")
    plaza.do("assign_crew", by="工程甲", at=f"{DAY} 09:35", team="水电班", technician="工程甲")
    assert plaza.notices("派工") == []
    plaza.do("assign_crew", by="工程甲", at=f"{DAY} 09:40", team="水电班", technician="维修甲")
    assert [notice.recipient for notice in plaza.notices("派工")] == ["维修甲"]
    assert str(order.technician) == "维修甲"


def test_who_collects_under_one_of_several_procedures_collects(plaza: House) -> None:
    procedures.put_in_force(plaza.session, shipped()["P01"], actor=SYSTEM, now=OPENING)
    assert workorders.collects(plaza.session, plaza.actor("财务甲"), moment(f"{DAY} 10:00"))


def test_what_was_verified_stays_verified_when_the_case_ends_otherwise(plaza: House) -> None:
    order = verified(plaza)
    plaza.do("withdraw", by="前台甲", at=f"{DAY} 16:00", reason="客户撤回")
    assert order.state == "已验证"


@pytest.mark.clause("P00b-7.18")
def test_a_measure_of_a_report_is_done_by_its_own_department(plaza: House) -> None:
    owed = {"kind": "限期整改", "measure": "加一班", "owner_department": "工程部", "due_on": "2026-05-20"}
    plaza.do("add_measure", by="物业部负责人", at=f"{DAY} 10:00", source="2026-04 及时率", **owed)
    measure = plaza.session.scalars(select(Measure)).one()
    done = {"result": "已加", "measure_no": measure.measure_no}
    assert "由工程部落实" in plaza.refused("implement_measure", by="物业部负责人", at=f"{DAY} 11:00", **done)
    assert measure.state == "实施中"


@pytest.mark.clause("P00b-7.18")
def test_a_measure_of_a_report_is_owed_reminded_of_done_and_verified_without_a_case(plaza: House) -> None:
    owed = {"kind": "限期整改", "measure": "加一班", "owner_department": "工程部", "due_on": "2026-05-20"}
    assert "来自" in plaza.refused("add_measure", by="物业部负责人", at=f"{DAY} 10:00", **owed)
    plaza.do("add_measure", by="物业部负责人", at=f"{DAY} 10:00", source="2026-04 及时率", **owed)
    measure = plaza.session.scalars(select(Measure)).one()
    plaza.sweep("2026-05-21 00:00")
    assert (measure.complaint_id, measure.state) == (None, "超期")
    number = {"measure_no": measure.measure_no}
    plaza.do("implement_measure", by="工程部负责人", at="2026-05-21 09:00", result="已加", **number)
    assert plaza.session.scalars(select(Clock).where(Clock.measure_id == measure.id)).one().done_at is not None
    assert "自己的措施" in plaza.refused(
        "verify_measure", by="工程部负责人", at="2026-05-21 09:30", result="有效", **number
    )
    plaza.do("verify_measure", by="物业部负责人", at="2026-05-21 10:00", result="有效", **number)
    assert measure.state == "关闭"


@pytest.mark.clause("F-36", "P00b-5.1", "P00b-4.6")
def test_a_problem_is_serious_when_the_desk_says_so_and_not_by_its_words(plaza: House) -> None:
    plaza.case = plaza.do("register", by="前台甲", at=f"{DAY} 09:00", **{**CALL, "content": "机房起火,有人受伤"}).thing
    assert plaza.the_case().grade == "一般"
    plaza.do("change_grade", by="前台甲", at=f"{DAY} 09:05", grade="严重", reason="有人受伤")
    plaza.do("update", by="前台甲", at=f"{DAY} 09:10", demand="尽快灭火")
    assert plaza.the_case().grade == "严重"
    plaza.case = plaza.do("register", by="前台甲", at=f"{DAY} 10:00", **{**CALL, "grade": "严重"}).thing
    assert plaza.the_case().grade == "严重"
    assert plaza.notices("严重", to="公司领导")


@pytest.mark.clause("F-48", "P00b-14.2", "P00b-7.5")
@pytest.mark.parametrize("left_out", ["rating_quality", "rating_attitude"])
def test_the_customer_rates_the_work_and_the_manner_apart(plaza: House, left_out: str) -> None:
    order = quoted(plaza)
    plaza.do("consent", by="前台甲", at=f"{DAY} 09:15", customer_consents=True)
    plaza.do("dispatch", by="前台甲", at=f"{DAY} 09:20")
    plaza.do("sign_for", by="工程甲", at=f"{DAY} 09:30")
    plaza.do("assign_crew", by="工程甲", at=f"{DAY} 09:35", team="水电班")
    plaza.do("finish_work", by="工程甲", at=f"{DAY} 15:00")
    both = {"rating_quality": "满意", "rating_attitude": "不满意"}
    one = {name: rating for name, rating in both.items() if name != left_out}
    assert plaza.refused("sign_work", by="工程甲", at=f"{DAY} 15:05", customer_signed_by="客户甲", **one)
    plaza.do("sign_work", by="工程甲", at=f"{DAY} 15:05", customer_signed_by="客户甲", **both)
    assert (order.rating_quality, order.rating_attitude) == ("满意", "不满意")
