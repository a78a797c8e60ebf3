"""Two procedures in force: a plan is told to the customer only when the leader whom its grade asks for approved it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from models import Proposal, db
from tests.browser.conftest import furnishing
from tests.support.cast import House, employ
from workflow.arguments import SHANGHAI

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MINUTE = "%Y-%m-%d %H:%M"
PEOPLE = {
    "专管员甲": ("客户服务部", ["客服专管员(项目)"]),
    "客服部甲": ("客户服务部", []),
    "项目员甲": ("项目部", ["承办人"]),
    "区域领导甲": ("区域公司", ["区域公司领导层"]),
}
HEADS = ("客户服务部", "项目部")


@pytest.fixture
def peopled(staffed):
    """The estate's procedure in force as well, with its people."""
    with furnishing(staffed, "P03") as session:
        for name, (place, roles) in PEOPLE.items():
            employ(session, name, place, *roles)
        for place in HEADS:
            head = employ(session, f"{place}负责人", place)
            head.department.head = head
    return staffed


def newest(app, table, *columns):
    """What is stored of the newest row."""
    with app.app_context():
        return db.session.execute(select(*columns).order_by(table.id.desc())).first()


def under_way(session):
    """A grave complaint whose cause is known and for which nothing has been proposed yet; its key."""
    house, now = House(session), datetime.now(SHANGHAI).strftime(MINUTE)

    def do(by, verb, **given):
        done = house.do(verb, by=by, at=now, **given)
        return done.thing

    house.case = do(
        "专管员甲", "register", channel="来访", source_form="口头", kind="业主", name="客户一",
        phone="13800000501", project="甲苑", room="2-1102", content="阳台栏杆松动", demand="尽快解决", nature="投诉",
        promised_feedback_at=(datetime.now(SHANGHAI) + timedelta(days=1)).strftime(MINUTE),
    )  # fmt: skip
    do("专管员甲", "communicate", kind="安抚", way="电话", person="投诉人", text="核对问题与诉求")
    do("专管员甲", "update", split="质量类", category="工程质量", cause_kind="失误", media_exposure="可能")
    do("专管员甲", "dispatch", to_dept="项目部")
    places = {"客服部甲": "客户服务部", "专管员甲": "客户服务部", "项目员甲": "项目部"}
    members = [{"person": name, "department": place} for name, place in places.items()]
    do("客服部甲", "form_team", leader="客服部甲", members=members)
    do("项目员甲", "site_visit", arrived_at=now, people=["项目员甲"], findings="两处锚固件锈断")
    do("客服部甲", "investigate", method="现场", facts="锈断", conclusion="属实", cause="未做防锈")
    return house.case.id


def test_a_plan_of_a_grave_case_is_told_to_the_customer_only_when_the_leader_has_approved_it(peopled, person):
    with peopled.app_context():
        session = db.session()
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        case = under_way(session)
        session.commit()
    page = f"/complaints/details/?id={case}"
    planner = person("客服部甲")
    planner.open(page)
    planner.do("propose", kind="整改", cause_explanation="锚固件未做防锈", plan="更换锚固件并复检")
    head = person("项目部负责人")
    head.open(page)
    head.do("review", party="责任部门", opinion="同意更换")
    planner.open(page)
    planner.do("submit")
    assert newest(peopled, Proposal, Proposal.state) == ("待审批",)
    planner.open(f"/do/reply/{case}")
    planner.fill(planner.page.locator("form.paper"), way="电话", text="更换锚固件")
    planner.press()
    expect(planner.page.locator("[data-summary]")).to_contain_text("批准")

    leader = person("区域领导甲")
    leader.open(page)
    leader.do("approve", opinion="同意")
    planner.open(page)
    planner.do("reply", way="电话", text="更换锚固件并复检")
    assert newest(peopled, Proposal, Proposal.state) == ("已回复客户",)
