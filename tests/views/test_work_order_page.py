"""The page of a work order: what is charged, where its copies lie, its three copies on paper; for desk and cashier."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from models import Staff, WorkOrder
from rules.procedure import shipped
from tests.support.plaza import CALL, PEOPLE
from views import formats
from workflow import organisation, procedures
from workflow.access import SYSTEM

COPIES = ("工程部存档", "财务部收费", "物业部存档")


@pytest.fixture
def plaza(office):
    """The plaza's procedure beside the other one, with its people and a price list."""
    with office.session() as session:
        procedures.put_in_force(session, shipped()["P00b"], actor=SYSTEM, now=office.now - timedelta(days=30))
        for name, (department, roles) in {**PEOPLE, "物业头": ("物业部", ("部门负责人",))}.items():
            given = {"name": name, "username": name, "department": department, "roles": list(roles)}
            organisation.save_staff(session, arguments=given, actor=SYSTEM, now=office.now)
        stored = session.scalars(select(Staff.password_hash).where(Staff.name == "王敏")).one()
        for person in session.scalars(select(Staff).where(Staff.name.in_(PEOPLE))):
            person.password_hash = stored
    office.do("set_price", None, "物业头", name="更换水龙头", unit="个", price="80.00")
    return office


@pytest.fixture
def done(plaza):
    """The key of a repair for two taps that is done, signed and verified."""
    key = plaza.do("register", None, "前台甲", **CALL, procedure="P00b")
    appointed = f"{formats.local(plaza.now + timedelta(days=1)):%Y-%m-%d} 10:00"
    for name, verb, given in (
        ("前台甲", "open_work_order", {"fault": "漏水", "appointed_at": appointed}),
        ("前台甲", "quote", {"paid": "有偿", "price_items": "更换水龙头、2"}),
        ("前台甲", "consent", {"customer_consents": True}),
        ("前台甲", "dispatch", {}),
        ("工程甲", "sign_for", {}),
        ("工程甲", "assign_crew", {"team": "水电班"}),
        ("工程甲", "finish_work", {"parts": ["水龙头", "生料带"]}),
        ("工程甲", "sign_work", {"customer_signed_by": "客户甲", "rating_quality": "满意", "rating_attitude": "满意"}),
        ("工程甲", "return_work", {}),
        ("前台甲", "verify_work", {}),
    ):
        plaza.do(verb, key, name, **given)
    return key


def page_of(plaza, name):
    order = plaza.one(select(WorkOrder))
    return plaza.client(name).get(f"/workorders/details/?id={order.id}").get_data(as_text=True)


@pytest.mark.clause("P00b-3.4", "P00b-7.8", "P00b-15.1")
@pytest.mark.parametrize("name", ["前台甲", "工程甲"])
def test_both_departments_that_keep_the_order_read_what_it_says(plaza, done, name):
    page = page_of(plaza, name)
    told = ("更换水龙头", "80.00", "160.00", "水龙头、生料带", "水电班", "服务质量", "服务态度", *COPIES)
    assert [word for word in told if word not in page] == []


@pytest.mark.clause("P00b-12.4", "P00b-7.8")
def test_the_order_is_printed_from_its_page_in_three_copies(plaza, done):
    order = plaza.one(select(WorkOrder))
    address = f"/print/case/{done}?kind=维修单&number={order.order_no}"
    for page in (page_of(plaza, "前台甲"), plaza.client("前台甲").get(f"/complaints/details/?id={done}").text):
        assert f"/print/case/{done}?kind=%E7%BB%B4%E4%BF%AE%E5%8D%95&amp;number={order.order_no}" in page
    answer = plaza.client("前台甲").get(address)
    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.data)).pages]
    assert [next(copy for copy in COPIES if copy in sheet) for sheet in sheets] == list(COPIES)
    assert all("160.00" in sheet for sheet in sheets)


@pytest.mark.clause("P00b-12.4")
def test_chosen_orders_are_printed_together(plaza, done):
    order = plaza.one(select(WorkOrder))
    answer = plaza.client("前台甲").get(f"/print/several?ids={done}:{order.order_no}&kind=维修单")
    assert len(PdfReader(io.BytesIO(answer.data)).pages) == len(COPIES)


@pytest.mark.clause("P00b-6.5")
def test_the_cashier_reads_the_items_and_is_offered_no_paper_of_a_case_that_he_does_not_see(plaza, done):
    page = page_of(plaza, "财务甲")
    assert "160.00" in page
    assert "/do/charge" in page
    assert "/print/case/" not in page


LABELS = (
    *(
        "客户",
        "电话",
        "铺位号",
        "报修位置",
        "设备",
        "故障描述",
        "预约时间",
        "有偿/无偿",
        "报价(元)",
        "客户认可",
        "接单",
    ),
    *("班组", "完工时间", "用料", "费用(元)", "服务质量", "服务态度", "收费方式", "验证", "客户签名"),
)


@pytest.mark.clause("P00b-3.4", "P00b-12.4")
def test_each_copy_has_every_field_of_the_order_with_what_was_written(plaza, done):
    order = plaza.one(select(WorkOrder))
    answer = plaza.client("前台甲").get(f"/print/case/{done}?kind=维修单")
    for sheet in PdfReader(io.BytesIO(answer.data)).pages:
        text = "".join(sheet.extract_text().split())
        assert [label for label in LABELS if label not in text] == []
        for value in (order.order_no, CALL["name"], CALL["phone"], "漏水", "水电班", "工程甲", "生料带", "160.00"):
            assert value in text


@pytest.mark.clause("P00b-3.2", "P00b-1.3", "P00b-4.7", "P00b-5.1")
def test_the_desks_form_asks_what_the_register_of_the_plaza_records(plaza):
    page = plaza.client("前台甲").get("/do/register?procedure=P00b").get_data(as_text=True)
    for word in ("听", "问", "复", "记"):
        assert f'type="checkbox" name="four_clear" value="{word}"' in " ".join(page.split())
    for name in ("shop_no", "reported_to", "reported_at", "external_unit_involved", "external_unit_name", "paid"):
        assert f'name="{name}"' in page
    assert all(f'name="grade" value="{grade}"' in " ".join(page.split()) for grade in ("一般", "严重"))
