"""A form is done once, however often and however close together it is sent; two people are two forms."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from models import Communication, Complaint, ComplaintLink, Event, SentForm, Staff
from tests.support.estate import ESTATES
from workflow import organisation, procedures
from workflow.access import SYSTEM

CALL = {
    "name": "李梅",
    "phone": "13812345678",
    "address": "江滨路",
    "channel": "来电",
    "content": "无人上门",
    "demand": "上门",
    "compensation_sought": "无",
    "complained_department": "抄表班",
}
TALK = {"kind": "安抚", "way": "电话", "text": "已致歉并说明安排"}


def at_once(clients, address, sent):
    """What each browser is answered when all press the button at the same instant."""
    start = Barrier(len(clients))

    def press(client, data):
        start.wait(timeout=20)
        return client.post(address, data=data)

    with ThreadPoolExecutor(len(clients)) as threads:
        return list(threads.map(press, clients, sent, timeout=60))


@pytest.mark.parametrize("headers", [{}, {"X-Sheet": "1"}])
def test_the_second_of_two_presses_at_the_same_instant_leads_to_the_one_case(office, headers):
    clients = [office.client("王敏") for _ in range(3)]
    for client in clients:
        client.environ_base.update({f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()})
    answers = at_once(clients, "/do/register", [{**CALL, "form_id": "word"}] * 3)
    assert office.count(Complaint) == 1
    assert office.count(Event, Event.verb == "register") == 1
    assert len({answer.headers.get("X-Go-To") or answer.location for answer in answers}) == 1


def test_a_deed_on_a_case_is_done_once_by_two_presses(office):
    key = office.case()
    clients = [office.client("王敏") for _ in range(2)]
    answers = at_once(clients, f"/do/communicate/{key}", [{**TALK, "form_id": "word"}] * 2)
    assert {answer.location for answer in answers} == {f"/complaints/details/?id={key}"}
    assert office.count(Communication) == 1


def test_a_form_that_was_refused_may_be_sent_again(office):
    client = office.client("王敏")
    assert client.post("/do/register", data={**CALL, "content": "", "form_id": "word"}).status_code == 422
    assert client.post("/do/register", data={**CALL, "form_id": "word"}).status_code == 302
    assert office.count(Complaint) == 1


def test_words_of_long_ago_are_forgotten(office):
    with office.session() as session:
        session.add(SentForm(word="old", at=office.now - timedelta(days=8)))
    office.client("王敏").post("/do/register", data={**CALL, "form_id": "new"})
    assert office.count(SentForm) == 1
    assert office.count(SentForm, SentForm.word == "old") == 0


def in_estates(office):
    """王敏 and 刘洋 look after an estate, under the procedure of estates."""
    with office.session() as session:
        procedures.put_in_force(session, ESTATES, actor=SYSTEM, now=office.now - timedelta(days=30))
        place = organisation.ensure_department(session, "服务部")
        for person in session.scalars(select(Staff).where(Staff.name.in_(["王敏", "刘洋"]))).all():
            organisation.give_role(session, person, "管家", place)
            person.projects = ["东苑"]


MATTER = {
    "procedure": "EST",
    "channel": "来电",
    "content": "单元门禁夜间断电,大门打不开",
    "estate": "东苑",
    "promised_feedback_at": "2036-01-01T09:00",
}


def test_of_two_who_take_down_one_matter_at_the_same_instant_the_later_is_told_of_the_other(office):
    in_estates(office)
    clients = [office.client("王敏"), office.client("刘洋")]
    sent = [{**MATTER, "name": name, "phone": f"1380000000{name}", "form_id": name} for name in ("1", "2")]
    answers = at_once(clients, "/do/register", sent)
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    (told,) = (answer.get_data(as_text=True) for answer in answers if answer.status_code == 200)
    assert "是同一问题的请关联" in told
    assert office.count(Complaint) == 1
    assert office.count(ComplaintLink) == 0
