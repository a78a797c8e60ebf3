"""A child's complaint at the counter: who was asked first, what is masked outside the team, each look kept."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from models import Complaint, Event, Staff, db
from tests.browser.conftest import furnishing
from tests.support import cast
from workflow import organisation

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PEOPLE = {
    "接待甲": ("客服部", "受理人"),
    "项目甲": ("项目部", "承办人"),
    "教研甲": ("教研部", "承办人"),
    "总经理": ("投诉管理部门", "最高管理者"),
}
HEADS = ("客服部", "项目部")


@pytest.fixture
def staffed(app: Flask) -> Flask:
    """The service project's procedure alone in force; a desk, the project, a profession, a manager, who can sign in."""
    with furnishing(app, "P01") as session:
        for name, (place, role) in PEOPLE.items():
            cast.employ(session, name, place, role, language="en" if name == "总经理" else "zh_Hans_CN")
        for place in HEADS:
            department = organisation.ensure_department(session, place)
            department.head = Staff(name=f"{place}负责人", department=department)
    return app


def _case(app: Flask) -> Complaint:
    with app.app_context():
        found = db.session.scalars(select(Complaint)).one()
        db.session.expunge_all()
        return found


def _looks(app: Flask, name: str) -> int:
    """How often that person's look at the case was kept."""
    with app.app_context():
        looked = select(Event).join(Staff, Event.actor_id == Staff.id).where(Staff.name == name)
        return len(db.session.scalars(looked.where(Event.outcome == "查看")).all())


@pytest.mark.clause("P01-1.3", "P01-6.3", "P01-6.4", "P01-7.7", "P01-10.1")
def test_a_minors_complaint_from_the_counter_to_the_archive(staffed, person):
    desk = person("接待甲")
    desk.open("/do/register")
    desk.shot("project-register")
    form = desk.page.locator("form.paper")
    desk.fill(
        form, channel="柜台", kind="监护人", name="张小三", phone="13800000301", category="活动安全",
        content="户外活动回程无人清点人数,孩子走失半小时", demand="说明并整改", relation_to_child="母亲", is_minor="是",
        customer_brand="金卡", major_hot="是",
    )  # fmt: skip
    desk.finish()
    case = f"/complaints/details/?id={_case(staffed).id}"
    desk.open(case)
    desk.shot("project-case")
    assert "首问责任人 受理人" in desk.reads(), "a rule that takes a fact over says which"
    assert "13800000301" not in desk.reads()
    desk.page.get_by_text("查看完整信息").click()
    desk.page.fill("#unmask-reason", "联系客户")
    desk.page.locator("#facts").get_by_role("button", name="查看").click()
    expect(desk.page.locator("#facts")).to_contain_text("13800000301")
    desk.do("accept")
    desk.do("dispatch", to_dept="项目部", to_person="项目甲")

    outsider = person("教研甲")
    outsider.open("/complaints/")
    outsider.shot("project-list-outside")
    assert "13800000301" not in outsider.reads()
    outsider.open(case)
    outsider.shot("project-case-outside")
    assert "张小三" not in outsider.reads()
    assert "张**" in outsider.reads()
    assert "查看完整信息" not in outsider.reads()
    assert _looks(staffed, "教研甲") == 1

    lead = person("项目部负责人")
    lead.shot("project-lead-desk")
    lead.open(case)
    lead.do("investigate", method="询问", facts="清点表漏一次", conclusion="属实", cause="清点无人复核")
    desk.open(case)
    desk.do("judge", founded="成立", responsible_department="项目部")
    lead.open(case)
    lead.do("propose", kind="整改", cause_explanation="清点无人复核", plan="清点双人复核并致歉")
    lead.shot("project-planned")
    expect(lead.page.locator('a[href*="/do/reply"]')).to_have_count(0)
    desk.open(case)
    desk.do("reply", way="电话", text="因清点无人复核,改为双人复核并致歉")
    desk.do("record_acceptance", accepts="接受")
    lead.open(case)
    lead.do("implement", result="双人复核已执行")
    desk.open(case)
    desk.do("communicate", kind="处理完毕回复", way="电话", text="双人复核已执行")
    desk.do("visit", result="满意", way="电话")
    desk.shot("project-visited")
    desk.do("close", close_reason="解决", summary="回程清点列入带队清单")
    desk.do("archive")
    desk.shot("project-archived")
    assert _case(staffed).state == "已归档"

    chief = person("总经理")
    chief.open("/notices/")
    chief.shot("project-chief-notices-en")
    chief.open(case)
    chief.shot("project-case-en")
    chief.open("/figures/month/")
    chief.shot("project-month-en")
    expect(chief.page.locator("main")).to_contain_text("Few complaints")
