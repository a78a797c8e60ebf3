"""维修单: quoted by the list of its day, agreed to, done, signed, verified by another, charged once; and what hangs on
no case."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models import Clock, FeeLine, FormDocument, Measure
from tests.support.cast import House, moment, shanghai
from tests.support.plaza import CALL, DAY, dispatched, finished, price, quoted, signed, verified, written
from workflow import organisation, workorders


@pytest.mark.clause("P00b-8.1", "P00b-12.4")
def test_every_copy_tells_how_the_appointed_instant_came_about(plaza: House) -> None:
    signed(plaza)
    copies = plaza.do("print", by="前台甲", at=f"{DAY} 15:40", kind="维修单").result
    steps = f"预约:{DAY} 09:20:00 起算,指定时间;截止 {DAY} 16:00:00;{DAY} 15:00:00 完成"
    assert [copy.notes for copy in copies] == [(steps,)] * 3


@pytest.mark.clause("P00b-7.9", "P00b-10.2")
def test_an_order_that_is_late_is_urged_day_by_day_and_the_third_time_its_head_is_told_too(plaza: House) -> None:
    dispatched(plaza)
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


def test_what_is_charged_may_be_typed_one_a_line(plaza: House) -> None:
    order = quoted(plaza, price_items="更换水龙头、2\n\n更换水龙头")
    assert [(item["name"], item["qty"], item["amount"]) for item in order.price_items] == [
        ("更换水龙头", "2", "160.00"),
        ("更换水龙头", "1", "80.00"),
    ]
    assert "数量" in plaza.refused("quote", by="前台甲", paid="有偿", price_items="更换水龙头,两个")


@pytest.mark.clause("P00b-12.6", "P00b-7.4")
@pytest.mark.parametrize(
    ("line", "quantity"),
    [("灯管、灯座,含安装", "1"), ("灯管、灯座,含安装、3", "3"), ("灯管、灯座,含安装\t0.5", "0.5")],
    ids=["one", "several", "a part"],
)
def test_an_item_whose_name_holds_the_mark_between_name_and_quantity_is_typed_too(
    plaza: House, line: str, quantity: str
) -> None:
    price(plaza, name="灯管、灯座,含安装", price="30.00")
    price(plaza, name="灯管", price="7.00")
    order = quoted(plaza, price_items=line)
    assert [(item["name"], item["qty"]) for item in order.price_items] == [("灯管、灯座,含安装", quantity)]


def test_a_line_that_is_no_item_in_any_reading_is_named_as_it_was_typed(plaza: House) -> None:
    written(plaza)
    said = plaza.refused("quote", by="前台甲", at=f"{DAY} 09:10", paid="有偿", price_items="金龙头、银龙头")
    assert "没有“金龙头、银龙头”" in said


@pytest.mark.clause("P00b-7.4", "P00b-11.1")
def test_another_quotation_asks_the_customer_again(plaza: House) -> None:
    quoted(plaza)
    plaza.do("consent", by="前台甲", at=f"{DAY} 09:15", customer_consents=True)
    again = {"paid": "有偿", "price_items": [{"name": "更换水龙头", "qty": 2}]}
    plaza.do("quote", by="前台甲", at=f"{DAY} 09:16", **again)
    assert "认可" in plaza.refused("dispatch", by="前台甲", at=f"{DAY} 09:20")


def test_an_order_that_is_handed_back_waits_to_be_dispatched_again(plaza: House) -> None:
    order = dispatched(plaza)
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
    plaza.do("implement", by="工程甲", at=f"{DAY} 15:15", result="已换")
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


@pytest.mark.clause("P00b-13.1")
@pytest.mark.parametrize("more", [{}, {"nature": "投诉", "category": "公共环境/清洁"}], ids=["repair", "complaint"])
def test_the_head_of_the_desk_is_told_of_every_case_when_it_is_received(plaza: House, more: dict[str, str]) -> None:
    plaza.case = plaza.do("register", by="前台甲", at=f"{DAY} 09:00", **{**CALL, **more}).thing
    (notice,) = plaza.notices(to="物业部负责人")
    said = (notice.event, notice.text, shanghai(notice.created_at))
    assert said == ("受理报告", f"{plaza.the_case().case_no} 已受理,请知悉", f"{DAY} 09:00:00")
    plaza.do("update", by="前台甲", at=f"{DAY} 09:10", demand="尽快修好")
    assert plaza.notices(to="物业部负责人") == [notice]


@pytest.mark.clause("P00b-13.1", "P00b-10.1")
def test_the_head_of_the_desk_is_told_once_of_a_case_that_is_serious_when_it_is_received(plaza: House) -> None:
    plaza.case = plaza.do("register", by="前台甲", at=f"{DAY} 09:00", **{**CALL, "grade": "严重"}).thing
    assert [notice.event for notice in plaza.notices(to="物业部负责人")] == ["严重"]


@pytest.mark.clause("F-48", "P00b-14.2", "P00b-7.5")
@pytest.mark.parametrize("left_out", ["rating_quality", "rating_attitude"])
def test_the_customer_rates_the_work_and_the_manner_apart(plaza: House, left_out: str) -> None:
    order = finished(plaza)
    both = {"rating_quality": "满意", "rating_attitude": "不满意"}
    one = {name: rating for name, rating in both.items() if name != left_out}
    assert plaza.refused("sign_work", by="工程甲", at=f"{DAY} 15:05", customer_signed_by="客户甲", **one)
    plaza.do("sign_work", by="工程甲", at=f"{DAY} 15:05", customer_signed_by="客户甲", **both)
    assert (order.rating_quality, order.rating_attitude) == ("满意", "不满意")
