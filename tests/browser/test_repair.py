"""A repair that is paid for, from the call to the cash desk, each at his own browser; the cashier sees no case."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from models import Complaint, FeeLine, Staff, WorkOrder, db
from rules.procedure import shipped
from tests.browser.conftest import PASSWORD
from tests.support import cast
from workflow import organisation, passwords, procedures
from workflow.access import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PEOPLE = {"前台甲": ("物业部", "客服助理"), "工程甲": ("工程部", "承办人"), "财务甲": ("财务部", "财务")}
HEADS = ("物业部", "工程部")


@pytest.fixture
def plaza(app: Flask) -> Flask:
    """The plaza's procedure in force, its front desk, an engineer, a cashier and two heads, who can sign in."""
    with app.app_context():
        session = db.session()
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        procedures.put_in_force(session, shipped()["P00b"], actor=SYSTEM, now=cast.OPENING)
        for name, (place, role) in PEOPLE.items():
            cast.employ(session, name, place, role)
        for place in HEADS:
            department = organisation.ensure_department(session, place)
            department.head = Staff(name=f"{place}负责人", department=department)
        session.flush()
        stored = passwords.HASHER.hash(PASSWORD)
        for person in session.scalars(select(Staff)):
            person.username, person.password_hash = person.name, stored
        session.commit()
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
