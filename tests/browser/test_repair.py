"""A repair that is paid for, from the call to the cash desk, each at his own browser; the cashier sees no case."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import func, select

from models import Complaint, FeeLine, Staff, WorkOrder, db
from tests.browser.conftest import furnishing
from tests.support import cast
from workflow import organisation

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PEOPLE = {
    "前台甲": ("物业部", "客服助理"),
    "工程甲": ("工程部", "承办人"),
    "保安甲": ("保安队", "承办人"),
    "财务甲": ("财务部", "财务"),
    "领导甲": ("公司", "公司领导"),
}
HEADS = ("物业部", "工程部", "保安队")
CALLER = {"channel": "来电", "name": "客户甲", "phone": "13800000301", "demand": "尽快处理"}


@pytest.fixture
def plaza(app: Flask) -> Flask:
    """The plaza's procedure in force, its front desk, an engineer, a cashier and two heads, who can sign in."""
    with furnishing(app, "P00b") as session:
        for name, (place, role) in PEOPLE.items():
            cast.employ(session, name, place, role)
        for place in HEADS:
            department = organisation.ensure_department(session, place)
            department.head = Staff(name=f"{place}负责人", department=department)
    return app


@pytest.fixture
def staffed(plaza: Flask) -> Flask:
    """The people of the plaza instead of the usual house."""
    return plaza


def _order(plaza: Flask) -> WorkOrder:
    with plaza.app_context():
        found = db.session.scalars(select(WorkOrder)).one()
        db.session.expunge_all()
        return found


def _case(plaza: Flask) -> int:
    """The key of the case: a form that came back with its warnings has drawn one too."""
    with plaza.app_context():
        return db.session.scalars(select(Complaint.id)).one()


def test_a_paid_repair_from_the_call_to_the_fee(plaza, person):
    head, desk = person("物业部负责人"), person("前台甲")
    head.open("/do/set_price")
    head.fill(head.page.locator("form.paper"), name="更换水龙头", unit="个", price="80")
    head.finish()
    desk.open("/do/register")
    desk.fill(
        desk.page.locator("form.paper"),
        channel="来电", nature="报修", category="设备设施故障与报修", place="室内", name="客户甲",
        phone="13800000301", content="水龙头漏水", demand="修好", reported_to="前台甲",
    )  # fmt: skip
    desk.shot("repair-register")
    desk.finish()
    case = f"/complaints/details/?id={_case(plaza)}"
    desk.open(case)
    sheet = desk.begin("open_work_order")
    desk.fill(sheet, fault="水龙头漏水", appointed_at="2036-06-01T21:00")
    desk.press()
    expect(desk.page.locator(".summary.warns")).to_contain_text("预约时间不在工作时间内")
    desk.shot("repair-appointment")
    desk.press()
    desk.page.locator("#sheet[open]").wait_for(state="detached")
    desk.page.wait_for_load_state("networkidle")
    desk.do("quote", paid="有偿", price_items="更换水龙头|1")
    desk.shot("repair-quoted")
    expect(desk.page.locator('a[href*="/do/dispatch"]')).to_have_count(0)
    desk.do("consent", customer_consents="是")
    desk.do("dispatch")
    engineer = person("工程甲")
    engineer.open(case)
    engineer.do("sign_for")
    engineer.do("assign_crew", team="水电班")
    engineer.do("finish_work")
    engineer.do("sign_work", customer_signed_by="客户甲", rating_quality="满意", rating_attitude="基本满意")
    engineer.shot("repair-signed")
    cashier = person("财务甲")
    cashier.open("/workorders/")
    cashier.shot("repair-cashier-before")
    engineer.do("return_work")
    desk.open("/workorders/")
    desk.shot("repair-list")
    desk.page.locator("tbody a").first.click()
    desk.reached(r"/workorders/details/")
    desk.shot("repair-order")
    desk.do("verify_work")
    desk.shot("repair-verified")
    expect(desk.page.locator('a[href*="/print/case/"]')).to_be_visible()
    expect(desk.page.locator("table", has_text="财务部收费")).to_contain_text("80.00")
    assert [copy["copy"] for copy in _order(plaza).copies] == ["工程部存档", "财务部收费", "物业部存档"]
    cashier.open("/workorders/")
    expect(cashier.page.locator('tbody a[href*="/complaints/"]')).to_have_count(0)
    cashier.shot("repair-cashier")
    cashier.page.locator("tbody a").first.click()
    cashier.reached(r"/workorders/details/")
    cashier.shot("repair-cashier-order")
    cashier.do("charge", fee_way="预交财务部")
    cashier.shot("repair-charged")
    with plaza.app_context():
        assert str(db.session.scalars(select(FeeLine.amount)).one()) == "80.00"
    listed = '[href*="/complaints/details/"]'
    desk.open("/complaints/")
    expect(desk.page.locator(f"tbody {listed}").first).to_be_visible()
    cashier.open("/complaints/")
    expect(cashier.page.locator(".empty h2")).to_be_visible()
    expect(cashier.page.locator(listed)).to_have_count(0)
    assert "水龙头漏水" not in cashier.reads()


def _registered(plaza, clerk, **answers):
    """Register by the form; the address of the case."""
    clerk.open("/do/register")
    clerk.fill(clerk.page.locator("form.paper"), **CALLER, **answers)
    clerk.finish()
    with plaza.app_context():
        return f"/complaints/details/?id={db.session.scalars(select(func.max(Complaint.id))).one()}"


@pytest.mark.clause("P00b-7.15", "P00b-10.3", "P00b-13.3")
def test_a_case_that_waits_for_another_unit_is_explained_listed_and_told(plaza, person):
    desk, engineer = person("前台甲"), person("工程甲")
    case = _registered(
        plaza, desk, nature="投诉", category="公共环境/设施受损", content="市政井盖塌陷",
        external_unit_involved="是", external_unit_name="市政养护单位",
    )  # fmt: skip
    desk.open(case)
    desk.do("dispatch", to_dept="工程部")
    engineer.open(case)
    engineer.do("sign_for")
    desk.open(case)
    desk.do("communicate", kind="解释", way="电话", text="井盖属市政,已围挡")
    desk.do("coordinate", explanation_to_customer="井盖属市政,已围挡")
    desk.do("pause", reason="等待外部单位")
    desk.shot("external-waiting")
    desk.open("/figures/reports/?kind=外部协调")
    expect(desk.page.locator("tbody")).to_contain_text("市政养护单位")
    desk.shot("external-list")
    desk.open(case)
    desk.do("resume")
    engineer.open(case)
    engineer.do("implement", result="养护单位已更换")
    desk.open(case)
    desk.do("confirm", signed="是", result="满意")
    desk.open(case)
    desk.do("feedback", way="电话", cause="锈蚀", result="已更换")
    desk.open(case)
    desk.do("close", close_reason="解决")
    desk.open(case)
    desk.shot("external-closed")
    expect(desk.page.locator("main")).to_contain_text("已结案")


@pytest.mark.clause("P00b-7.14", "P00b-8.3", "P00b-6.7")
def test_the_leader_is_told_of_a_serious_case_and_looks_at_the_scene_before_anything_is_done(plaza, person):
    desk, guard, leader, head = person("前台甲"), person("保安甲"), person("领导甲"), person("物业部负责人")
    case = _registered(plaza, desk, nature="投诉", category="安全保卫", content="卷帘门被撬", grade="严重")
    leader.open("/")
    expect(leader.page.locator("main")).to_contain_text("组织查看现场和记录")
    leader.shot("serious-leader")
    head.open(case)
    expect(head.page.locator("main")).to_contain_text(re.compile("还有 [12]\\d 分"))
    head.do("communicate", kind="报告", way="电话", person="领导甲", text="卷帘门被撬")
    desk.open(case)
    desk.do("dispatch")
    guard.open(case)
    guard.do("sign_for")
    guard.open(case)
    expect(guard.page.locator('a[href*="/do/implement/"]')).to_have_count(0)
    leader.open(case)
    leader.do("site_visit", arrived_at="2026-01-05T08:40", people="领导甲", findings="门锁老旧")
    guard.open(case)
    guard.do("implement", result="加装门磁")
    guard.open(case)
    guard.shot("serious-done")
    expect(guard.page.locator("main")).to_contain_text("已反馈")
