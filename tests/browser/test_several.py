"""Several procedures in force: the form asks which, and what was typed for another one is not lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from models import db
from rules.procedure import shipped
from tests.browser.conftest import DESK, PHONE
from workflow import procedures
from workflow.access import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def three(staffed):
    """Two more procedures in force."""
    with staffed.app_context():
        session = db.session()
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        for code in ("P00b", "P03"):
            procedures.put_in_force(session, shipped()[code], actor=SYSTEM, now=datetime.now(UTC) - timedelta(days=9))
        session.commit()
    return staffed


def test_another_procedure_asks_other_questions_and_keeps_what_was_typed(three, person):
    clerk = person("客服甲")
    clerk.open("/do/register")
    form = clerk.page.locator("form.paper")
    expect(form.locator("[name=procedure]:checked")).to_have_value("P02")
    clerk.fill(form, procedure="P00b")
    clerk.fill(form, shop_no="A12", name="李梅", content="走廊的灯不亮")
    clerk.fill(form, procedure="P03")
    expect(form.locator("[name=name]")).to_have_value("李梅")
    expect(form.locator("[name=content]")).to_have_value("走廊的灯不亮")
    expect(clerk.page.locator(".summary.warns")).to_contain_text("A12")
    clerk.shot("another-procedure")
    clerk.fill(form, procedure="P00b")
    expect(form.locator("input[name=shop_no]:not([type=hidden])")).to_have_value("A12")
    expect(clerk.page.locator(".summary.warns")).to_have_count(0)


def test_the_procedure_that_takes_what_is_typed_is_offered_beside_the_form(staffed, person):
    take = '\n[[take]]\nid = "place"\nbecause = "广场里的事归广场"\nwhen = { place = "given" }\n'
    with staffed.app_context():
        session = db.session()
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        text = shipped()["P00b"] + take
        procedures.put_in_force(session, text, actor=SYSTEM, now=datetime.now(UTC) - timedelta(days=9))
        session.commit()
    clerk = person("客服甲")
    clerk.open("/do/register")
    form = clerk.page.locator("form.paper")
    clerk.fill(form, name="李梅", content="走廊的灯不亮", place="一楼走廊")
    taken = form.locator(".taken")
    expect(taken).to_contain_text("广场里的事归广场")
    clerk.shot("taken-by-another")
    clerk.page.set_viewport_size(PHONE)
    form.get_by_role("link", name="另有制度受理").click()
    expect(taken).to_be_in_viewport()
    clerk.page.screenshot(path=clerk.pictures / "taken-on-a-phone.png")
    clerk.page.set_viewport_size(DESK)
    expect(form.locator("[name=content]")).to_have_value("走廊的灯不亮")
    taken.get_by_role("button", name="改用").click()
    expect(form.locator("[name=procedure]:checked")).to_have_value("P00b")
    expect(form.locator("[name=content]")).to_have_value("走廊的灯不亮")
    expect(form.locator("[name=place]")).to_have_value("一楼走廊")
    expect(taken.locator("p")).to_have_count(0)
