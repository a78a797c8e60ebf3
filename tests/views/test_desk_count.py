"""The number beside 待办 is the number of rows on the desk, whoever looks."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from models import Complaint, Staff, WorkOrder, db
from rules.procedure import shipped
from tests.support.statements import sent
from tests.views.conftest import PASSWORD, day
from workflow import passwords, procedures
from workflow.access import SYSTEM
from workflow.rehearsal_bulk import make_cases


def badge(page):
    """The number in the bar."""
    found = re.search(r'class="word"[^>]*>[^<]*<span class="count">(\d+)<', page)
    return int(found[1]) if found else 0


def rows(page):
    return page.count("<li data-row") + page.count("<tr data-row")


@pytest.fixture
def asked(office):
    """A case on which more time is asked for, of the head of 工程维修部, who investigates."""
    return ask(office)


def ask(office, **more):
    """More time is asked for on a new case; its key."""
    key = office.case(**more)
    office.do("transfer", key, "王敏", to_dept="工程维修部", reason="由对方统一调查")
    office.do("issue_order", key, "吴磊", limit_kind="N日内", limit_days=3)
    office.do("sign_order", key, "孙伟", handler="孙伟")
    later = office.now + timedelta(days=5)
    office.do("request_extension", key, "孙伟", due_at=f"{later:%Y-%m-%d} 18:00", reason="配件缺货")
    return key


@pytest.mark.parametrize("name", ["吴磊", "孙伟", "王敏", "高总", "管理员"])
def test_the_number_in_the_bar_is_the_number_of_rows_on_the_desk(office, asked, name):
    page = office.client(name).get("/").get_data(as_text=True)
    assert badge(page) == rows(page)


def test_a_request_for_a_decision_is_counted(office, asked):
    before = badge(office.client("吴磊").get("/me/").get_data(as_text=True))
    office.do("decide_extension", asked, "吴磊", decision="同意")
    assert badge(office.client("吴磊").get("/me/").get_data(as_text=True)) == before - 1


def statements(office, name):
    """What a page on which nothing but the number tells of requests asks the database."""
    client = office.client(name)
    client.get("/me/password")
    with office.app.app_context():
        engine = db.engine
    with sent(engine) as found:
        client.get("/me/password")
    return found


@pytest.mark.parametrize(("name", "times"), [("周杰", 1), ("王敏", 1), ("孙伟", 2)])  # a head might decide others
def test_of_requests_that_somebody_else_decides_no_case_is_read_for_the_number(office, asked, name, times):
    few = statements(office, name)
    for number in (1, 2, 3):
        ask(office, name=f"客户{number}", phone=f"1380000000{number}")
    more = statements(office, name)
    assert len(more) == len(few)
    assert len([one for one in more if "extension_request" in one]) == times
    assert not [one for one in more if "complaint.content" in one]


def test_for_each_request_of_his_own_the_number_asks_once_whether_it_is_his(office, asked):
    few = len(statements(office, "吴磊"))
    for number in (1, 2, 3):
        ask(office, name=f"客户{number}", phone=f"1380000000{number}")
    assert len(statements(office, "吴磊")) == few + 3
    assert badge(office.client("吴磊").get("/me/").get_data(as_text=True)) >= 4


def fee(office):
    """A paid work order of the plaza that was verified: its fee waits for the cashier."""
    with office.session() as session:
        procedures.put_in_force(session, shipped()["P00b"], actor=SYSTEM, now=office.now - timedelta(days=30))
        spec = {"count": 1, "outcome": "按期办结", "received_at": day(office, 3), "closed_at": day(office, 2)}
        make_cases(session, "P00b", [{**spec, "with": {"name": "客户", "channel": "来电", "content": "漏水"}}], {})
        case = session.scalar(select(Complaint))
        given = {"paid": "有偿", "final_amount": Decimal("80.00"), "fee_state": "待收", "state": "已验证"}
        order = WorkOrder(
            complaint_id=case.id, order_no="WX-1", fault="漏水", appointed_at=office.now, issued_at=office.now, **given
        )
        session.add(order)
        return case.id


@pytest.fixture
def cashier(office):
    """财务甲, who may not open the case."""
    case = fee(office)
    given = {"name": "财务甲", "username": "财务甲", "department": "财务部", "roles": ["财务"]}
    office.do("save_staff", None, None, **given)
    with office.session() as session:
        person = session.scalar(select(Staff).where(Staff.name == "财务甲"))
        person.password_hash, person.must_change_password = passwords.HASHER.hash(PASSWORD), False
    return case


def test_a_fee_that_is_due_stands_on_the_cashiers_desk_with_its_amount_until_it_is_collected(office, cashier):
    client = office.client("财务甲")
    page = client.get("/").get_data(as_text=True)
    assert "WX-1" in page and "80.00 元" in page and f'href="/do/charge/{cashier}?url=/"' in page
    assert f"/complaints/details/?id={cashier}" not in page
    assert badge(page) == rows(page) == 1
    office.do("charge", cashier, "财务甲", fee_way="管理费收费单")
    page = client.get("/").get_data(as_text=True)
    assert "WX-1" not in page and badge(page) == 0


def test_nobody_else_has_the_fee_on_his_desk(office, cashier):
    assert "WX-1" not in office.client("孙伟").get("/").get_data(as_text=True)
