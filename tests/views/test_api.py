"""The API: the same scope, the same verbs and the same answers as the pages, for whoever asks with a session."""

from itertools import product

import pytest

from models import Attachment, SupervisionOrder
from tests.views.test_verbs import days_until_a_day_off


def test_the_accused_who_hands_in_his_reflection_is_not_given_the_case(office):
    key = office.ordered("抄表班", complained_person="周杰", content="别人说周杰的话")
    number = office.find(key).case_no
    sent = {"kind": "书面认识", "fields": {"text": "今后逐项自查", "file": "认识.pdf"}}
    answer = office.client("周杰").post(f"/api/complaints/{number}/fill_document", json=sent)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.get_json()["complaint"] is None
    assert "别人说周杰的话" not in answer.get_data(as_text=True)


def test_whoever_sees_the_case_is_given_it_as_it_stands_after_the_deed(office):
    number = office.find(office.case()).case_no
    answer = office.client("王敏").post(
        f"/api/complaints/{number}/communicate", json={"kind": "安抚", "way": "电话", "text": "已说明"}
    )
    assert answer.get_json()["complaint"]["case_no"] == number


@pytest.mark.parametrize("path", ["/api/complaints/%00", "/api/complaints/TS%001/accept", "/api/do/%00"])
def test_an_address_with_a_character_no_text_holds_is_refused(office, path):
    client = office.client("王敏")
    assert client.get(path).status_code in {400, 404, 405}
    assert client.post(path, json={}).status_code in {400, 404, 405}


def test_a_program_without_a_session_is_told_so_and_not_sent_to_a_page(office):
    for path in ("/api/complaints", "/api/complaints/TS-1"):
        answer = office.client().get(path)
        assert (answer.status_code, answer.mimetype) == (401, "application/json")


def test_a_warning_is_told_first_and_nothing_is_done_until_it_is_passed(office):
    number = office.find(office.case()).case_no
    client, path = office.client("王敏"), f"/api/complaints/{number}/issue_order"
    sent = {"limit_kind": "N日内", "limit_days": days_until_a_day_off(office.now)}
    first = client.post(path, json=sent)
    assert (first.status_code, first.get_json()["error"]) == (422, "cautioned")
    assert any("休息日" in text or "放假" in text for text in first.get_json()["warnings"])
    assert client.post(f"{path}?accepted=0123456789abcdef", json=sent).status_code == 422
    assert office.count(SupervisionOrder) == 0
    done = client.post(f"{path}?accepted={first.get_json()['accept']}", json=sent)
    assert (done.status_code, done.get_json()["warnings"]) == (200, first.get_json()["warnings"])
    assert office.count(SupervisionOrder) == 1


NO_OBJECTS = (b"", b"null", b"[]", b'"x"', b"1", b"{", b"[" * 100_000, b'{"a":' * 100_000, b'{"a": "\xff"}')
KINDS = ("application/json", "application/json; charset=utf-99", "text/plain")


def test_a_body_that_is_no_object_is_refused_in_words(office):
    client = office.client("王敏")
    for body, kind in product(NO_OBJECTS, KINDS):
        answer = client.post("/api/do/register", data=body, content_type=kind)
        assert (answer.status_code, "JSON" in answer.get_json()["reason"]) == (400, True), (body[:20], kind)


def test_whoever_must_change_his_password_first_is_told_so_and_not_sent_to_a_page(office):
    one_time = office.do("set_password", None, None, id=str(office.staff("周杰").id))
    client = office.client()
    client.post("/login", data={"username": "周杰", "password": one_time})
    answer = client.get("/api/complaints")
    assert (answer.status_code, answer.mimetype) == (403, "application/json")
    assert "密码" in answer.get_json()["reason"]


def test_nobody_brings_a_file_of_another_case_into_his_own_by_its_fingerprint(office):
    number = office.find(office.case()).case_no
    stored = {"file_name": "照片.jpg", "media_type": "image/jpeg", "size": 12, "sha256": "ab" * 32}
    client = office.client("王敏")
    sent = {"attach": {"file": stored}, "fill_document": {"kind": "书面认识", "fields": {"text": "x", "file": stored}}}
    for verb, body in sent.items():
        answer = client.post(f"/api/complaints/{number}/{verb}", json=body)
        assert (answer.status_code, "文件" in answer.get_json()["reason"]) == (400, True)
    assert office.count(Attachment) == 0
