"""The API: the same scope, the same verbs and the same answers as the pages, for whoever asks with a session."""

import pytest


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
