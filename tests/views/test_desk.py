"""待办: what waits for somebody's decision stands on his desk, and on nobody else's."""

import re
from datetime import timedelta

import pytest

from tests.support.statements import counted


@pytest.fixture
def asked(office):
    """More time is asked for, of the head of 工程维修部, who investigates."""
    key = office.case()
    office.do("transfer", key, "王敏", to_dept="工程维修部", reason="由对方统一调查")
    office.do("issue_order", key, "吴磊", limit_kind="N日内", limit_days=3)
    office.do("sign_order", key, "孙伟", handler="孙伟")
    later = office.now + timedelta(days=5)
    office.do("request_extension", key, "孙伟", due_at=f"{later:%Y-%m-%d} 18:00", reason="配件缺货")
    return key


def waiting(office, name):
    """What stands on the desk of this person under what waits for his decision."""
    page = office.client(name).get("/").get_data(as_text=True)
    return page.partition("等着您决定的")[2].partition("</section>")[0]


def test_a_request_stands_on_the_desk_of_who_decides_it_with_who_asked_why_and_its_form(office, asked):
    found = waiting(office, "吴磊")
    assert "延期" in found and "孙伟" in found and "配件缺货" in found
    assert re.search(rf'data-verb href="/do/decide_extension/{asked}\?url=/"', found), found


@pytest.mark.parametrize("name", ["孙伟", "王敏", "高总"])
def test_nobody_else_is_asked(office, asked, name):
    assert waiting(office, name) == ""


def test_what_is_decided_waits_no_more(office, asked):
    office.do("decide_extension", asked, "吴磊", decision="同意")
    assert waiting(office, "吴磊") == ""


def test_a_list_that_is_longer_asks_no_more_statements(office):
    def work(count):
        for _ in range(count):
            office.ordered()

    work(2)
    client = office.client("王敏")
    client.get("/complaints/"), client.get("/")
    with counted(office.app) as few:
        client.get("/complaints/"), client.get("/")
    work(4)
    with counted(office.app) as many:
        client.get("/complaints/"), client.get("/")
    assert len(many) <= len(few), (len(few), len(many))
