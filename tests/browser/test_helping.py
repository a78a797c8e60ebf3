"""An expert is asked to help from the page of the case, and answers from his own desk; the case says what he said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from models import Complaint, db
from tests.browser.conftest import Person, furnishing
from tests.support import cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PEOPLE = {
    "接待甲": ("客服部", "受理人", []),
    "安老师": ("财务部", "承办人", []),
    "辅导师甲": ("教研部", None, ["心理辅导"]),
}
CALL = {
    "procedure": "P01",
    "channel": "柜台",
    "kind": "监护人",
    "name": "客户九",
    "phone": "13800000999",
    "content": "辅导后孩子情绪更差,要求换老师",
    "category": "心理辅导",
}


@pytest.fixture
def staffed(app: Flask) -> Flask:
    """The service project, its desk, a counsellor, and a case with which 财务部 helps already."""
    with furnishing(app, "P01") as session:
        for name, (place, role, skills) in PEOPLE.items():
            cast.employ(session, name, place, *([role] if role else []), skills=skills)
        house = cast.House(session)
        case = house.do("register", by="接待甲", **CALL).thing
        house.do("add_codepartment", by="接待甲", case=case, to_dept="财务部", note="核对本月辅导费")
    return app


def test_an_expert_is_asked_and_answers(person: Callable[[str], Person], staffed: Flask) -> None:
    with staffed.app_context():
        key = db.session.scalars(select(Complaint.id)).one()
    desk = person("接待甲")
    desk.open(f"/complaints/details/?id={key}")
    sheet = desk.begin("add_codepartment")
    asked = sheet.locator('.asked:has([name="to_person"])')
    asked.locator("[role=combobox]").focus()
    first = asked.locator("[role=option]").first
    expect(first).to_contain_text("辅导师甲")
    expect(first).to_contain_text("心理辅导")
    desk.shot("help-ask")
    first.click()
    desk.fill(sheet, note="请评估辅导方案是否合适")
    desk.finish()

    expert = person("辅导师甲")
    block = expert.page.locator("section", has_text="请您协办的")
    expect(block).to_contain_text("请评估辅导方案是否合适")
    expert.shot("help-desk")
    block.locator("a.button").click()
    expert.page.locator("#sheet[open]").wait_for()
    expert.finish()
    expert.open("/")
    block.locator("a.button").click()
    expert.fill(expert.page.locator("#sheet[open]"), result="方案合适,建议先做一次家庭访谈再继续")
    expert.shot("help-finish")
    expert.finish()
    expert.open("/")
    expect(expert.page.locator("body")).not_to_contain_text("请您协办的")

    desk.open(f"/complaints/details/?id={key}")
    told = desk.page.locator("table.stints")
    expect(told).to_contain_text("建议先做一次家庭访谈再继续")
    told.scroll_into_view_if_needed()
    desk.shot("help-case")
