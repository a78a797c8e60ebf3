"""Which button of a case stands first while its work order is on the way."""

from datetime import timedelta

import pytest
from flask import g
from flask_login import login_user

from models import Complaint, Staff, db
from rules.procedure import shipped
from views import formats, permits
from workflow import organisation, procedures
from workflow.access import SYSTEM

CALL = {
    "channel": "来电", "nature": "报修", "category": "设备设施故障与报修", "place": "室内",
    "name": "客户甲", "phone": "13800000301", "content": "水龙头漏水", "demand": "修好",
}  # fmt: skip
PEOPLE = {"前台甲": ("物业部", "客服助理"), "工程甲": ("工程部", "承办人"), "物业头": ("物业部", "部门负责人")}


@pytest.fixture
def plaza(office):
    """The plaza's procedure beside the other one, with its desk and an engineer; a tap drips, its order is written."""
    with office.session() as session:
        procedures.put_in_force(session, shipped()["P00b"], actor=SYSTEM, now=office.now - timedelta(days=30))
        for name, (department, role) in PEOPLE.items():
            given = {"name": name, "username": name, "department": department, "roles": [role]}
            organisation.save_staff(session, arguments=given, actor=SYSTEM, now=office.now)
    office.do("set_price", None, "物业头", name="更换水龙头", unit="个", price="80.00")
    return office


def first(office, key, name):
    """The button that stands first on the page of the case."""
    with office.app.test_request_context("/"), office.session() as session:
        g.now = office.now
        login_user(session.query(Staff).filter(Staff.name == name).one())
        return permits.offers_for(db.session.get(Complaint, key))[0].verb


def test_each_step_of_a_paid_repair_stands_first_when_it_is_its_turn(plaza):
    key = plaza.do("register", None, "前台甲", **CALL)
    appointed = f"{formats.local(plaza.now + timedelta(days=1)):%Y-%m-%d} 10:00"
    steps = [
        ("前台甲", "open_work_order", {"fault": "漏水", "appointed_at": appointed}),
        ("前台甲", "quote", {"paid": "有偿", "price_items": [{"name": "更换水龙头", "qty": 1}]}),
        ("前台甲", "consent", {"customer_consents": True}),
        ("前台甲", "dispatch", {}),
        ("工程甲", "sign_for", {}),
        ("工程甲", "assign_crew", {"team": "水电班"}),
        ("工程甲", "finish_work", {}),
        ("工程甲", "sign_work", {"customer_signed_by": "客户甲", "rating_quality": "满意", "rating_attitude": "满意"}),
        ("工程甲", "return_work", {}),
        ("前台甲", "verify_work", {}),
        ("前台甲", "confirm", {"signed": True, "result": "满意"}),
        ("前台甲", "close", {"close_reason": "解决"}),
        ("前台甲", "archive", {}),
    ]
    for name, verb, given in steps:
        assert first(plaza, key, name) == verb
        plaza.do(verb, key, name, **given)


def test_a_price_that_the_customer_declines_waits_for_another_or_for_his_consent(plaza):
    key = plaza.do("register", None, "前台甲", **CALL)
    appointed = f"{formats.local(plaza.now + timedelta(days=1)):%Y-%m-%d} 10:00"
    plaza.do("open_work_order", key, "前台甲", fault="漏水", appointed_at=appointed)
    plaza.do("quote", key, "前台甲", paid="有偿", price_items=[{"name": "更换水龙头", "qty": 1}])
    plaza.do("consent", key, "前台甲", customer_consents=False)
    assert first(plaza, key, "前台甲") == "consent"
    plaza.do("quote", key, "前台甲", paid="无偿")
    assert first(plaza, key, "前台甲") == "dispatch"
