"""Signing in and out: nobody guesses, nobody stays longer than he should."""

from tests.views.conftest import PASSWORD
from views.login import MOST_BY_ADDRESS


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


def test_who_signs_in_as_himself_in_between_guesses_no_faster(office):
    client = office.client()
    for number in range(MOST_BY_ADDRESS):
        if number % 4 == 0:
            client.post("/login", data={"username": "周杰", "password": PASSWORD})
            client.post("/logout")
        client.post("/login", data={"username": f"没有这个人 {number}", "password": "wrong"})
    assert client.post("/login", data={"username": "孙伟", "password": PASSWORD}).status_code == 401


def test_an_office_whose_people_mistype_and_then_get_it_right_is_not_shut_out(office):
    client = office.client()
    for _ in range(MOST_BY_ADDRESS // 3 + 1):
        for word in ("wrong", "wrong", "wrong", PASSWORD):
            client.post("/login", data={"username": "周杰", "password": word})
        client.post("/logout")
    assert client.post("/login", data={"username": "孙伟", "password": PASSWORD}).status_code == 302


def test_whoever_signs_in_forgives_nobody_who_guesses_his_password_elsewhere(office):
    thief, owner = office.client(), office.client()
    for _ in range(5):
        thief.post("/login", data={"username": "王敏", "password": "wrong"}, environ_base={"REMOTE_ADDR": "10.0.0.9"})
        owner.post("/login", data={"username": "王敏", "password": PASSWORD})
    sent = {"username": "王敏", "password": PASSWORD}
    assert thief.post("/login", data=sent, environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code == 401


def test_after_five_wrong_old_passwords_even_the_right_one_has_to_wait(office):
    client, new = office.client("王敏"), {"new": "another-good-1", "again": "another-good-1"}
    for _ in range(5):
        assert client.post("/me/password", data={"old": "wrong", **new}).status_code == 422
    answer = client.post("/me/password", data={"old": PASSWORD, **new})
    assert answer.status_code == 422
    assert "15 分钟" in answer.get_data(as_text=True)
    assert office.client("王敏").get("/").status_code == 200, "the old password still signs in"
    other = office.client("孙伟").post("/me/password", data={"old": PASSWORD, **new})
    assert other.status_code == 302


def test_no_password_is_typed_into_a_form_that_shows_it(office):
    client = office.client("王敏")
    assert client.get("/do/change_password").location == "/me/password"
    assert client.post("/do/change_password", data={"old": PASSWORD, "new": "another-good-1"}).status_code == 302
    assert office.client("王敏").get("/").status_code == 200
    assert office.client("管理员").get("/do/set_password").status_code == 404


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
