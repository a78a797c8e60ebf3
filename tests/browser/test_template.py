"""A refund under the plaza's template in the panel: what is missing is asked for, nobody closes unasked."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from models import Complaint, Staff, db
from tests.browser.conftest import furnishing
from tests.support import cast
from workflow import organisation

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def staffed(app: Flask) -> Flask:
    """The template alone in force; two at the desk under its head, who can sign in."""
    with furnishing(app, "P00a") as session:
        for name in ("前台甲", "前台乙"):
            cast.employ(session, name, "客服部", "受理人", "调查处理人")
        department = organisation.ensure_department(session, "客服部")
        department.head = Staff(name="客服部负责人", department=department, language="en")
    return app


def _case(app: Flask) -> Complaint:
    with app.app_context():
        found = db.session.scalars(select(Complaint)).one()
        db.session.expunge_all()
        return found


@pytest.mark.clause("P00a-1.1", "P00a-6.1", "P00a-7.4", "P00a-7.6", "P00a-14.1", "P00a-18.1")
def test_a_refund_from_the_call_to_the_archive(staffed, person):
    desk = person("前台甲")
    desk.open("/do/register")
    desk.fill(
        desk.page.locator("form.paper"),
        channel="来电", kind="消费者", name="客户一", phone="13800000101", content="前天买的皮鞋鞋底开胶",
        demand="退货退款", category="商品质量", grade="复杂问题",
    )  # fmt: skip
    desk.shot("template-register")
    desk.finish()
    case = f"/complaints/details/?id={_case(staffed).id}"
    desk.open(case)
    expect(desk.page.locator('a[href*="/do/propose"]')).to_have_count(0)
    sheet = desk.begin("update")
    desk.fill(sheet, handler="前台乙")
    desk.press()
    expect(desk.page.locator(".summary.warns")).to_contain_text("未见投诉处理培训记录")
    desk.shot("template-untrained")
    desk.finish()
    desk.do("investigate", method="查阅资料", facts="小票与实物一致", conclusion="属实", cause="胶合不牢")
    desk.do("judge", founded="成立", responsible_department="招商部")
    desk.do("propose", kind="退货退款", cause_explanation="胶合不牢", plan="全额退货退款", compensation="299")
    expect(desk.page.locator('a[href*="/do/implement"]')).to_have_count(0)
    desk.do("reply", way="电话", text="因胶合不牢,全额退款")
    desk.do("record_acceptance", accepts="接受")
    desk.do("implement", action="退货退款", amount="299", result="货款已退回")
    desk.do("feedback", way="电话", cause="胶合不牢", result="货款已退回")
    sheet = desk.begin("close")
    desk.fill(sheet, close_reason="解决")
    desk.press()
    expect(desk.page.locator("[data-summary]")).to_contain_text("请先回访")
    desk.shot("template-not-yet")
    desk.open(case)
    desk.do("visit", result="满意", way="电话", comment="处理很快")
    desk.do("close", close_reason="解决")
    desk.do("archive")
    desk.shot("template-archived")
    assert _case(staffed).state == "已归档"

    head = person("客服部负责人")
    head.open(case)
    head.shot("template-case-en")
    head.open("/figures/month/")
    head.shot("template-month-en")
    expect(head.page.locator("main")).to_contain_text("closed, the customer not having said dissatisfied")
