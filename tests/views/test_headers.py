"""Every answer carries the headers that keep a browser from being talked into something."""

import pytest


@pytest.mark.parametrize("path", ["/login", "/", "/complaints/", "/no/such/page", "/static/css/base.css"])
def test_every_answer_has_the_headers(office, path):
    with office.client("王敏").get(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_with_personal_data_are_not_kept_and_versioned_files_are(office):
    client = office.client("王敏")
    assert client.get("/complaints/").headers["Cache-Control"] == "no-store"
    with client.get("/static/css/base.css?v=1") as answer:
        assert "immutable" in answer.headers["Cache-Control"]


def test_the_nonce_is_another_one_each_time(client):
    first, second = (client.get("/login").headers["Content-Security-Policy"] for _ in range(2))
    assert first != second


def test_the_session_cookie_is_lax_and_out_of_reach_of_scripts(office):
    client = office.client()
    answer = client.post("/login", data={"username": "王敏", "password": "correct-horse-7"})
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("duban="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_form_without_its_token_changes_nothing(office):
    key = office.case()
    client = office.client("王敏")
    office.app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post(f"/do/communicate/{key}", data={"kind": "安抚", "way": "电话", "text": "已致歉"})
    assert answer.status_code == 400
    assert client.post("/logout").status_code == 400
    assert client.post(f"/api/complaints/{office.find(key).case_no}/accept", json={}).status_code == 400


def test_a_form_with_the_token_of_its_page_is_taken(office):
    key = office.case()
    client = office.client("王敏")
    office.app.config["WTF_CSRF_ENABLED"] = True
    page = client.get(f"/do/communicate/{key}").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    sent = {"csrf_token": token, "kind": "安抚", "way": "电话", "text": "已致歉"}
    assert client.post(f"/do/communicate/{key}", data=sent).status_code == 302
