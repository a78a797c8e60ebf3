"""Several procedures in force: beside the form stands whose the case is by what was typed; sending it warns."""

import re
from datetime import timedelta

import pytest

from models import Complaint, Event
from tests.support.cast import without_takes
from workflow import procedures
from workflow.access import SYSTEM

FEES = """
[[take]]
id = "fees"
because = "费用的投诉归服务项目"
when = { content = "given", channel = "柜台" }
"""
GIVEN = {
    "name": "李梅",
    "phone": "13812345678",
    "address": "江滨路",
    "channel": "柜台",
    "content": "结算单与合同不一致",
    "demand": "改正",
    "compensation_sought": "无",
    "complained_department": "抄表班",
}


@pytest.fixture
def two(office):
    """P01 takes what comes to its counter; everybody who may register does so by either."""
    both = re.sub(r"(?m)^channels = \[", 'channels = [ "柜台",', without_takes("P02"), count=1)
    with office.session() as session:
        for text in (without_takes("P01") + FEES, both):
            procedures.put_in_force(session, text, actor=SYSTEM, now=office.now - timedelta(days=1))
    return office


def hint(page):
    """What is said of another procedure, and the button's code."""
    box = page.partition("data-taken=")[2].partition("</div>")[0]
    return "".join(re.findall(r"<p>(.*?)</p>", box)), "".join(re.findall(r'data-use="(\w+)"', box))


def typed(office, **more):
    """The answer of what stands beside the form."""
    return office.client("王敏").post("/beside/", data={**GIVEN, **more}).get_data(as_text=True)


def test_another_procedure_that_takes_it_is_named_with_a_button(two):
    words, code = hint(typed(two, procedure="P02"))
    assert re.fullmatch("按内容，这件由《.+》办理：费用的投诉归服务项目", words)
    assert code == "P01"


@pytest.mark.parametrize("more", [{"procedure": "P01"}, {"procedure": "P02", "channel": "来电"}])
def test_nothing_is_said_where_the_chosen_one_takes_it_or_none_does(two, more):
    assert hint(typed(two, **more)) == ("", "")


def test_with_one_procedure_nothing_is_said(office):
    assert hint(typed(office)) == ("", "")


def test_the_form_that_comes_back_says_it_too_and_switching_keeps_what_was_typed(two):
    client = two.client("王敏")
    page = client.post("/do/register", data={**GIVEN, "procedure": "P02", "again": "1"}).get_data(as_text=True)
    assert hint(page)[1] == "P01"
    page = client.post("/do/register", data={**GIVEN, "procedure": "P01", "again": "1"}).get_data(as_text=True)
    assert hint(page) == ("", "")
    assert GIVEN["content"] in page


def test_sending_it_by_the_other_is_a_warning_that_can_be_passed(two):
    client, data = two.client("王敏"), {**GIVEN, "procedure": "P02"}
    page = client.post("/do/register", data=data).get_data(as_text=True)
    assert re.search("这件由《.+》办理：费用的投诉归服务项目。现在按《.+》登记", page)
    assert two.count(Complaint) == 0
    accepted = re.search(r'name="accepted" value="([^"]+)"', page)[1]
    assert client.post("/do/register", data={**data, "accepted": accepted}).status_code == 302
    with two.session() as session:
        assert session.query(Complaint).one().procedure_code == "P02"
        assert "因为登记时选定" in session.query(Event).filter_by(verb="register").one().text


def test_the_story_says_by_which_procedure_it_goes_and_why(two):
    data = {**GIVEN, "kind": "委托方", "category": "费用", "procedure": "P01"}
    client = two.client("王敏")
    assert client.post("/do/register", data=data).status_code == 302
    with two.session() as session:
        key = session.query(Complaint.id).scalar()
    page = client.get(f"/complaints/details/?id={key}").get_data(as_text=True)
    assert "费用的投诉归服务项目" in page


def test_what_the_chosen_one_does_not_know_counts_for_the_others(two):
    with two.session() as session:
        procedures.put_in_force(session, without_takes("P02"), actor=SYSTEM, now=two.now - timedelta(hours=1))
    page = two.client("王敏").post("/do/register", data={**GIVEN, "procedure": "P02", "again": "1"})
    assert hint(page.get_data(as_text=True))[1] == "P01"
    assert hint(typed(two, procedure="P02", channel="", **{"kept:channel": "柜台"}))[1] == "P01"


def test_by_the_interface_too_the_warning_is_told_first_and_then_passed(two):
    client, url = two.client("王敏"), "/api/do/register"
    answer = client.post(url, json={**GIVEN, "procedure": "P02"})
    assert answer.status_code == 422
    assert "费用的投诉归服务项目" in str(answer.get_json()["warnings"])
    assert two.count(Complaint) == 0
    free = client.post(url, json={**GIVEN, "kind": "委托方", "category": "费用"})
    assert free.status_code == 200, free.get_data(as_text=True)
    with two.session() as session:
        assert session.query(Complaint).one().procedure_code == "P01"


@pytest.mark.parametrize(("code", "asked"), [("P01", False), ("P02", True)])
def test_a_choice_is_asked_for_where_the_chosen_document_has_something_to_choose(two, code, asked):
    page = two.client("王敏").get(f"/do/register?procedure={code}").get_data(as_text=True)
    assert 'name="content"' in page
    assert ('name="compensation_sought"' in page) is asked
