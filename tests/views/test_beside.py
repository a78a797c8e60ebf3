"""While a case is taken down, open and recent cases that are like it stand beside the form, to be linked at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import Complaint, ComplaintLink, Event, Staff
from workflow import organisation

GIVEN = {
    "name": "李梅",
    "phone": "13812345678",
    "address": "江滨路",
    "channel": "来电",
    "content": "抄表员没有按约定上门",
    "demand": "上门",
    "compensation_sought": "无",
    "complained_department": "抄表班",
}


def _made_receiver(office, name):
    """Let that person take calls as well."""
    with office.session() as session:
        person = session.scalars(select(Staff).where(Staff.name == name)).one()
        organisation.give_role(session, person, "受理人", person.department)


def beside(office, who="王敏", **typed):
    return office.client(who).post("/beside/", data=typed)


def listed(answer):
    """The numbers of the list, in its order."""
    assert answer.status_code == 200
    return re.findall(r'name="looked_at" value="([^"]+)"', answer.get_data(as_text=True))


def test_a_case_that_reads_alike_is_listed_with_when_where_and_why(office):
    number = office.find(office.case()).case_no
    office.case(content="电话一直没有人接听", phone="13911112222")
    answer = beside(office, content="抄表员没有按约上门")
    text = answer.get_data(as_text=True)
    assert listed(answer) == [number]
    assert re.search(r"文字相似 \d\d%", text)
    assert 'target="_blank" rel="noopener"' in text
    assert "抄表员未按约上门" in text


def test_the_same_caller_is_found_whatever_he_says(office):
    number = office.find(office.case()).case_no
    answer = beside(office, content="燃气灶打不着火", phone="13812345678")
    assert listed(answer) == [number]
    assert "同一电话" in answer.get_data(as_text=True)


def test_whose_phone_it_is_cannot_be_tried_out_by_whoever_sees_it_masked(office):
    office.case()
    _made_receiver(office, "高总")
    assert listed(beside(office, "高总", content="燃气灶打不着火", phone="13812345678")) == []
    assert len(listed(beside(office, "高总", content="抄表员未按约上门", phone="13812345678"))) == 1


def test_who_may_not_register_is_shown_nothing(office):
    office.case()
    assert beside(office, "高总", content="抄表员未按约上门").status_code == 403


def test_a_case_about_oneself_or_of_others_is_not_in_the_list(office):
    office.case(complained_person="刘洋")
    office.case()
    _made_receiver(office, "刘洋")
    assert len(listed(beside(office, content="抄表员未按约上门"))) == 2
    assert listed(beside(office, "刘洋", content="抄表员未按约上门")) == []


def test_a_word_or_two_are_not_enough_to_list_a_case(office):
    office.case()
    assert listed(beside(office, content="抄表")) == []


def test_a_void_case_and_one_closed_long_ago_are_no_more_alike(office):
    office.do("void", office.case(), None, reason="重复")
    old = office.case()
    with office.session() as session:
        case = session.get_one(Complaint, old)
        case.closed_at, case.received_at = office.now - timedelta(days=30), office.now - timedelta(days=32)
    assert listed(beside(office, content="抄表员未按约上门")) == []


def test_of_a_confidential_case_only_number_and_state_are_shown(office):
    key = office.case()
    with office.session() as session:
        session.get_one(Complaint, key).flags = ["保密"]
    text = beside(office, content="抄表员未按约上门").get_data(as_text=True)
    assert office.find(key).case_no in text
    assert "抄表员未按约上门" not in text


def test_what_was_chosen_stays_chosen_whatever_is_typed_then(office):
    number = office.find(office.case()).case_no
    answer = beside(office, content="燃气灶打不着火", links=f"同一问题 {number}")
    assert listed(answer) == [number]
    assert f'value="同一问题 {number}" checked' in answer.get_data(as_text=True)


def test_typing_takes_no_place_among_those_who_write(office):
    office.case()
    client = office.client("王敏")
    with office.session():
        assert len(listed(client.post("/beside/", data={"content": "抄表员未按约上门"}))) == 1


@pytest.mark.parametrize("kind", ["同一问题", "合并"])
def test_what_is_chosen_beside_the_form_is_linked_with_the_new_case(office, kind):
    first = office.find(office.case())
    answer = office.client("王敏").post("/do/register", data={**GIVEN, "links": f"{kind} {first.case_no}"})
    assert answer.status_code == 302
    link = office.one(select(ComplaintLink))
    assert (link.other_id, link.kind) == (first.id, kind)
    assert office.one(select(Event.verb).where(Event.complaint_id == link.complaint_id, Event.seq == 2)) == "link"


def test_the_form_that_comes_back_has_the_list_in_it_for_who_has_no_scripts(office):
    number = office.find(office.case()).case_no
    page = office.client("王敏").post("/do/register", data={**GIVEN, "name": "", "anonymous": "", "channel": ""})
    assert page.status_code == 422
    assert f'name="links" value="同一问题 {number}"' in page.get_data(as_text=True)


@pytest.mark.parametrize("links", ["同一问题", "二次投诉 TS-1", "同一问题 TS-20990101-0001"])
def test_what_cannot_be_linked_is_refused_and_nothing_is_registered(office, links):
    assert office.client("王敏").post("/do/register", data={**GIVEN, "links": links}).status_code == 422
    assert office.count(Complaint) == 0
