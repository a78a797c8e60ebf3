"""Two procedures in force beside the house's own: a paid repair from the call to the charge, and a plan that is told to
the customer only when the leader whom its grade asks for has approved it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from models import Complaint, FeeLine, Proposal, Staff, WorkOrder, db
from rules.procedure import shipped
from tests.browser.conftest import PASSWORD
from tests.support.cast import OPENING, House
from workflow import organisation, passwords, procedures
from workflow.access import SYSTEM
from workflow.arguments import SHANGHAI

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MINUTE = "%Y-%m-%d %H:%M"
PEOPLE = {
    "前台甲": ("物业部", ["客服助理", "受理人"]),
    "前台乙": ("物业部", ["客服助理", "受理人"]),
    "工程甲": ("工程部", ["承办人"]),
    "维修甲": ("工程部", ["班组"]),
    "财务甲": ("财务部", ["财务"]),
    "专管员甲": ("客户服务部", ["客服专管员(项目)"]),
    "客服部甲": ("客户服务部", []),
    "项目员甲": ("项目部", ["承办人"]),
    "区域领导甲": ("区域公司", ["区域公司领导层"]),
}
HEADS = ("物业部", "工程部", "客户服务部", "项目部")


@pytest.fixture
def peopled(staffed):
    """The plaza's and the estate's procedures in force as well, with their people and a price list."""
    with staffed.app_context():
        session = db.session()
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        for code in ("P00b", "P03"):
            procedures.put_in_force(session, shipped()[code], actor=SYSTEM, now=OPENING)
        stored = passwords.HASHER.hash(PASSWORD)
        for name, (place, roles) in PEOPLE.items():
            person = _staff(session, name, place, stored)
            for role in roles:
                organisation.give_role(session, person, role, person.department)
        for place in HEADS:
            head = _staff(session, f"{place}负责人", place, stored)
            head.department.head = head
        session.flush()
        House(session).do(
            "set_price", by="物业部负责人", at="2026-01-05 09:00", name="更换水龙头", unit="个", price="80.00"
        )
        session.commit()
    return staffed


def _staff(session, name, place, password):
    department = organisation.ensure_department(session, place)
    person = Staff(name=name, username=name, password_hash=password, department=department)
    session.add(person)
    session.flush()
    return person


def newest(app, table, *columns):
    """What is stored of the newest row."""
    with app.app_context():
        return db.session.execute(select(*columns).order_by(table.id.desc())).first()


def test_a_repair_is_taken_down_under_its_procedure_quoted_done_verified_and_charged(peopled, person):
    desk = person("前台甲")
    desk.open("/do/register")
    desk.fill(
        desk.page.locator("form.paper"), procedure="P00b", nature="报修", channel="来电", category="设备设施故障与报修",
        name="客户甲", phone="13800000301", content="水龙头漏水", demand="修好", place="室内",
        reported_to="物业部负责人",
    )  # fmt: skip
    desk.finish()
    case, code = newest(peopled, Complaint, Complaint.id, Complaint.procedure_code)
    assert code == "P00b"
    tomorrow = (datetime.now(SHANGHAI) + timedelta(days=1)).strftime("%Y-%m-%dT16:00")
    desk.open(f"/complaints/details/?id={case}")
    desk.do("open_work_order", fault="漏水", appointed_at=tomorrow)
    desk.do("quote", paid="有偿", price_items="更换水龙头、2")
    desk.do("consent", customer_consents="是")
    desk.do("dispatch")

    engineer, worker = person("工程甲"), person("维修甲")
    engineer.open(f"/complaints/details/?id={case}")
    engineer.do("sign_for")
    engineer.do("assign_crew", team="水电班", technician="维修甲")
    worker.open(f"/complaints/details/?id={case}")
    worker.do("finish_work")
    worker.do("sign_work", customer_signed_by="客户甲", rating_quality="满意", rating_attitude="基本满意")
    worker.do("return_work")

    money = person("财务甲")
    order = newest(peopled, WorkOrder, WorkOrder.id)[0]
    money.open(f"/do/charge/{case}")
    money.fill(money.page.locator("form.paper"), fee_way="管理费收费单")
    money.press()
    expect(money.page.locator("[data-summary]")).to_contain_text("验证")
    assert newest(peopled, FeeLine, FeeLine.id) is None, "nothing is charged before somebody has verified the work"

    other = person("前台乙")
    other.open(f"/complaints/details/?id={case}")
    other.do("verify_work")
    money.open(f"/workorders/details/?id={order}")
    money.do("charge", fee_way="管理费收费单")
    assert newest(peopled, FeeLine, FeeLine.amount, FeeLine.way) == (Decimal("160.00"), "管理费收费单")
    desk.open(f"/complaints/details/?id={case}")
    expect(desk.page.locator("main")).to_contain_text("160.00")
    desk.shot("repair-charged")


def under_way(session):
    """A grave complaint whose cause is known and for which nothing has been proposed yet; its key."""
    house, now = House(session), datetime.now(SHANGHAI).strftime(MINUTE)

    def do(by, verb, **given):
        done = house.do(verb, by=by, at=now, **given)
        return done.thing

    house.case = do(
        "专管员甲", "register", procedure="P03", channel="来访", source_form="口头", kind="业主", name="客户一",
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
