"""邮件: what left, what waits, what was given up; seen by administrators and auditors, sent again by the former."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs import mailer
from models import Letter, Notice, Staff
from tests.views.conftest import Office

REASON = "邮件服务器不收这个地址:550 no such mailbox"


@pytest.fixture
def posted(office: Office) -> dict[str, int]:
    """Three letters to 孙伟 about one case, one in each state; their keys by state."""
    key = office.ordered("抄表班")
    found = {}
    with office.session() as session:
        person = session.scalars(select(Staff).where(Staff.name == "孙伟")).one()
        person.email = "sun@example.com"
        now = office.now - timedelta(hours=1)
        states = {
            "待发": {"next_at": now},
            "已发": {"sent_at": now, "attempts": 1},
            "未发出": {"error": REASON, "attempts": 1},
        }
        for state, values in states.items():
            told = {"event": "派单", "text": f"正文{state}", "key": state, "created_at": now}
            notice = Notice(complaint_id=key, to_staff=person, **told)
            letter = Letter(
                notice=notice, to_staff=person, address="old@example.com", text=f"正文{state}", since=now, **values
            )
            session.add(letter)
            session.flush()
            found[state] = letter.id
    return found


def page(office: Office, address: str, by: str = "管理员") -> str:
    answer = office.client(by).get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("state", ["待发", "已发", "未发出"])
def test_the_list_can_be_narrowed_to_a_state(office, posted, state):
    found = page(office, f"/letters/?state={state}")
    assert [f"/letters/details/?id={key}" in found for key in posted.values()] == [one == state for one in posted]


def test_what_was_given_up_says_why_and_goes_again_to_the_address_of_today(office, posted):
    key = posted["未发出"]
    found = page(office, f"/letters/details/?id={key}")
    assert REASON in found.replace("：", ":")
    assert "再发" in found
    answer = office.client("管理员").post(f"/letters/resend/?id={key}", follow_redirects=True)
    assert "已重新排队" in answer.get_data(as_text=True)
    letter = office.one(select(Letter).where(Letter.id == key))
    assert (letter.state, letter.address) == ("待发", "sun@example.com")


def test_what_was_sent_is_not_offered_again_and_is_refused(office, posted):
    key = posted["已发"]
    assert "再发" not in page(office, f"/letters/details/?id={key}")
    answer = office.client("管理员").post(f"/letters/resend/?id={key}", follow_redirects=True)
    assert "不用再发" in answer.get_data(as_text=True)


def test_nobody_else_opens_the_letters_or_sends_one_again(office, posted):
    client = office.client("王敏")
    assert client.get("/letters/").status_code == 403
    assert client.post(f"/letters/resend/?id={posted['未发出']}").status_code == 403
    assert office.one(select(Letter).where(Letter.id == posted["未发出"])).state == "未发出"


def test_the_list_says_in_english_too_what_happened(office, posted):
    client = office.client("管理员")
    client.post("/language", data={"language": "en", "url": "/"})
    found = client.get(f"/letters/details/?id={posted['未发出']}").get_data(as_text=True)
    assert "The mail server refuses this address: 550 no such mailbox" in found


def test_without_a_server_and_without_letters_the_door_is_not_there_and_the_page_says_what_to_set(office):
    assert "/letters/" not in page(office, "/jobruns/")
    assert "mail_server" in page(office, "/letters/")


def test_with_a_server_the_door_is_there_and_nothing_is_said_of_it(office):
    office.app.config["DUBAN"] = replace(office.app.config["DUBAN"], mail_server="127.0.0.1")
    assert 'href="/letters/"' in page(office, "/jobruns/")
    assert "mail_server" not in page(office, "/letters/")


def test_the_link_of_a_letter_opens_what_it_is_about(office, posted):
    letter = office.one(select(Letter).where(Letter.id == posted["待发"]))
    with office.session() as session:
        mine = session.get_one(Letter, letter.id)
        settings = replace(office.app.config["DUBAN"], public_url="http://localhost", mail_from="a@example.com")
        text = mailer.message(settings, mine).get_content()
    (link,) = [line for line in text.splitlines() if line.startswith("http://localhost")]
    assert "正文待发" in page(office, link.removeprefix("http://localhost"), by="孙伟")


def test_everybody_says_for_himself_how_he_is_notified(office):
    client = office.client("孙伟")
    form = client.get("/do/wish_digest").get_data(as_text=True)
    assert "发给我的通知都发邮件" in form
    client.post("/do/wish_digest", data={"mail": "是", "digest": "否"})
    assert (office.staff("孙伟").mail_all, office.staff("孙伟").digest) == (True, False)
