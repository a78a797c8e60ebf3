"""Two at once: the second is told so in words, nothing is done twice, and the history stays whole."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models import CalendarVersion, Event, Staff
from views import failures
from workflow import history
from workflow.errors import Conflict


def test_who_comes_a_moment_later_to_the_same_case_is_told_and_it_is_kept(office, monkeypatch):
    key, newest, looks = office.ordered(), history._last, iter([True])

    def as_seen_before_the_other_was_done(session, case):
        last = newest(session, case)
        if next(looks, False):
            before = Event.complaint_id == case.id, Event.seq == last[0] - 1
            return tuple(session.execute(select(Event.seq, Event.hash).where(*before)).one())
        return last

    client, number = office.client("王敏"), office.find(key).case_no
    monkeypatch.setattr(history, "_last", as_seen_before_the_other_was_done)
    sent = {"kind": "安抚", "way": "电话", "text": "已说明"}
    answer = client.post(f"/api/complaints/{number}/communicate", json=sent)
    assert answer.status_code == 409
    assert "别人刚刚" in answer.get_json()["findings"][0]["text"]
    assert office.count(Event, Event.verb == "communicate", Event.outcome == "完成") == 0
    assert office.count(Event, Event.verb == "communicate", Event.outcome == "拒绝") == 1
    with office.session() as session:
        assert history.broken_links(session, key) == []


def test_a_key_that_nobody_typed_is_a_conflict_and_a_name_that_somebody_typed_is_not(office):
    key = office.case()
    with office.session() as session:
        taken = session.scalar(select(Event).where(Event.complaint_id == key).limit(1))
        again = Event(complaint_id=key, seq=taken.seq, at=taken.at, verb="accept", text="")
        with pytest.raises(IntegrityError) as fault, session.begin_nested():
            session.add(again)
            session.flush()
    assert isinstance(failures.as_refusal(fault.value), Conflict)
    with office.session() as session, pytest.raises(IntegrityError) as fault, session.begin_nested():
        session.add(Staff(name="另一人", username="王敏"))
        session.flush()
    refusal = failures.as_refusal(fault.value)
    assert not isinstance(refusal, Conflict)
    assert refusal.findings[0].field == "username"


def test_a_form_for_several_cases_that_is_sent_again_does_nothing_more(office):
    ids = f"{office.ordered()},{office.ordered()}"
    client = office.client("王敏")
    page = client.get(f"/do/urge/several?ids={ids}").get_data(as_text=True)
    word = re.search(r'name="form_id" value="([^"]+)"', page).group(1)
    sent = {"ids": ids, "text": "请尽快", "form_id": word}
    first, second = (client.post("/do/urge/several", data=sent) for _ in range(2))
    assert "办成 2 件" in first.get_data(as_text=True)
    assert second.status_code == 409
    assert office.count(Event, Event.verb == "urge", Event.outcome == "完成") == 2


def test_of_two_who_edit_one_person_the_second_is_told_and_nothing_is_overwritten(office):
    client, key = office.client("管理员"), office.staff("周杰").id
    first, second = (fields(client.get(f"/do/save_staff?id={key}")) for _ in range(2))
    assert client.post("/do/save_staff", data={**first, "phone": "13500000001"}).status_code == 302
    answer = client.post("/do/save_staff", data={**second, "city": "杭州"})
    assert answer.status_code == 422
    assert "别人改过周杰" in answer.get_data(as_text=True)
    person = office.staff("周杰")
    assert (person.phone, person.city) == ("13500000001", "")


def test_of_two_who_narrow_one_role_the_second_is_told(office):
    client = office.client("管理员")
    first, second = (fields(client.get("/do/narrow_role?name=承办人")) for _ in range(2))
    assert client.post("/do/narrow_role", data={**first, "note": "甲"}).status_code == 302
    assert client.post("/do/narrow_role", data={**second, "note": "乙"}).status_code == 422


def test_of_two_who_change_the_calendar_the_second_is_told(office):
    client = office.client("管理员")
    first, second = (fields(client.get("/do/set_calendar")) for _ in range(2))
    assert client.post("/do/set_calendar", data={**first, "day": "2026-12-30", "what": "休息"}).status_code == 302
    answer = client.post("/do/set_calendar", data={**second, "day": "2026-12-30", "what": "上班"})
    assert answer.status_code == 422
    assert "别人改过工作日历" in answer.get_data(as_text=True)
    assert office.count(CalendarVersion) == 1
    again = fields(client.get("/do/set_calendar"))
    assert client.post("/do/set_calendar", data={**again, "day": "2026-12-30", "what": "上班"}).status_code == 302


def fields(answer):
    """What a form sends when nothing is typed into it."""
    page = answer.get_data(as_text=True)
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    typed = re.findall(r'<input id="a-[^"]*" name="([^"]+)"[^>]*? value="([^"]*)"', page)
    return {name: value for name, value in (*hidden, *typed) if name != "csrf_token"}
