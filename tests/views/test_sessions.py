"""Signing in and out: nobody guesses, nobody stays longer than he should."""

from tests.views.conftest import PASSWORD


def test_every_page_asks_a_stranger_to_sign_in_and_then_shows_what_he_wanted(office):
    client = office.client()
    answer = client.get("/complaints/?open=超期")
    assert answer.status_code == 302
    assert "/login?next=" in answer.location
    back = client.post(answer.location, data={"username": "王敏", "password": PASSWORD})
    assert back.location.startswith("/complaints/?open=")


def test_a_wrong_password_and_an_unknown_name_are_told_the_same(office):
    pages = [
        office.client().post("/login", data={"username": name, "password": "wrong"}) for name in ("王敏", "没有这个人")
    ]
    assert [page.status_code for page in pages] == [401, 401]
    texts = [page.get_data(as_text=True).partition("<h2>")[2].partition("</h2>")[0] for page in pages]
    assert texts[0] == texts[1] != ""


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(office):
    client = office.client()
    for _ in range(5):
        client.post("/login", data={"username": "王敏", "password": "wrong"})
    assert client.post("/login", data={"username": "王敏", "password": PASSWORD}).status_code == 401
    assert client.post("/login", data={"username": "孙伟", "password": PASSWORD}).status_code == 302


def test_a_copied_cookie_is_worth_nothing_after_signing_out(office):
    client = office.client("王敏")
    copied = client.get_cookie("duban").value
    assert client.get("/").status_code == 200
    client.post("/logout")
    thief = office.client()
    thief.set_cookie("duban", copied)
    assert thief.get("/").status_code == 302


def test_somebody_who_left_is_out_at_once(office):
    client = office.client("周杰")
    key = office.staff("周杰").id
    office.do("save_staff", None, None, id=str(key), name="周杰", active="否")
    assert client.get("/").status_code == 302
    assert office.client().post("/login", data={"username": "周杰", "password": PASSWORD}).status_code == 401


def test_a_password_that_somebody_else_chose_must_be_changed_first(office):
    office.do("set_password", None, None, id=str(office.staff("周杰").id))
    one_time = office.do("set_password", None, None, id=str(office.staff("周杰").id))
    client = office.client()
    client.post("/login", data={"username": "周杰", "password": one_time})
    assert client.get("/complaints/").location.endswith("/me/password")
    sent = {"old": one_time, "new": "another-good-1", "again": "another-good-1"}
    assert client.post("/me/password", data=sent).status_code == 302
    assert client.get("/complaints/").status_code == 200


def test_changing_the_password_ends_every_other_session(office):
    first, second = office.client("王敏"), office.client("王敏")
    first.post("/me/password", data={"old": PASSWORD, "new": "another-good-1", "again": "another-good-1"})
    assert first.get("/").status_code == 200
    assert second.get("/").status_code == 302


def test_a_weak_or_mistyped_new_password_is_refused_in_words(office):
    client = office.client("王敏")
    weak = client.post("/me/password", data={"old": PASSWORD, "new": "short", "again": "short"})
    other = client.post("/me/password", data={"old": PASSWORD, "new": "long-enough-1", "again": "long-enough-2"})
    wrong = client.post("/me/password", data={"old": "no", "new": "long-enough-1", "again": "long-enough-1"})
    assert [answer.status_code for answer in (weak, other, wrong)] == [422, 422, 422]
    assert "原密码不对" in wrong.get_data(as_text=True)


def test_a_cookie_that_was_tampered_with_is_nobody(office):
    client = office.client()
    for word in ("1:999999", "x:1", ":", "1" * 40 + ":1"):
        with client.session_transaction() as session:
            session["_user_id"] = word
        assert client.get("/").status_code == 302


def test_a_name_with_a_character_no_text_holds_signs_nobody_in(office):
    sent = {"username": "王敏\x00", "password": PASSWORD}
    assert office.client().post("/login", data=sent).status_code in {400, 401}


def test_a_password_typed_with_a_space_at_its_end_opens_where_it_was_chosen(office):
    client = office.client("周杰")
    chosen = "another-good-1 "
    assert client.post("/me/password", data={"old": PASSWORD, "new": chosen, "again": chosen}).status_code == 302
    assert office.client().post("/login", data={"username": "周杰", "password": chosen}).status_code == 302
