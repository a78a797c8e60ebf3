"""A verb's form: asks for what it needs, keeps what was typed, is done once."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import Attachment, Communication, Complaint, Event, SupervisionOrder
from rules.worktime import official
from tests.views.test_races import fields
from views.formats import SHANGHAI

PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00picture"
TALK = {"kind": "安抚", "way": "电话", "text": "已致歉并说明安排"}


def test_a_verb_is_a_page_of_its_own_and_a_sheet_for_those_with_scripts(office):
    key = office.case()
    client = office.client("王敏")
    page = client.get(f"/do/communicate/{key}")
    sheet = client.get(f"/do/communicate/{key}", headers={"X-Sheet": "1"})
    assert "<!doctype html>" in page.get_data(as_text=True)
    assert "<!doctype html>" not in sheet.get_data(as_text=True)
    assert sheet.headers["X-Sheet"] == "1"


def test_what_was_done_leads_back_to_the_case_and_is_in_its_story(office):
    key = office.case()
    client = office.client("王敏")
    answer = client.post(f"/do/communicate/{key}", data=TALK)
    assert answer.location == f"/complaints/details/?id={key}"
    assert "已致歉并说明安排" in client.get(answer.location).get_data(as_text=True)


def test_a_sheet_is_told_where_to_go(office):
    key = office.case()
    answer = office.client("王敏").post(f"/do/communicate/{key}", data=TALK, headers={"X-Sheet": "1"})
    assert (answer.status_code, answer.headers["X-Go-To"]) == (204, f"/complaints/details/?id={key}")


def test_a_refusal_names_each_field_keeps_what_was_typed_and_changes_nothing(office):
    key = office.case()
    before = office.count(Communication)
    answer = office.client("王敏").post(f"/do/communicate/{key}", data={"kind": "安抚", "text": ""})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#a-text"' in page
    assert 'href="#a-way"' in page
    assert 'name="kind" value="安抚"' in page
    assert office.count(Communication) == before
    assert office.count(Event, Event.complaint_id == key, Event.outcome == "拒绝") == 1


def test_a_choice_of_up_to_five_is_radio_buttons_and_a_longer_one_a_list(office):
    page = office.client("王敏").get("/do/register").get_data(as_text=True)
    assert '<input type="radio" name="compensation_sought" value="物质"' in page
    assert '<select id="a-channel"' in page


def test_what_the_procedure_demands_is_said_in_words_before_anybody_is_refused(office):
    page = office.client("王敏").get("/do/register").get_data(as_text=True)
    label = page.split('for="a-content">')[1].split("</label>")[0]
    assert "必填" in label


def test_the_same_form_is_not_done_twice(office):
    key = office.case()
    client = office.client("王敏")
    page = client.get(f"/do/communicate/{key}").get_data(as_text=True)
    seen = page.split('name="seen" value="')[1].split('"')[0]
    first = client.post(f"/do/communicate/{key}", data={**TALK, "seen": seen})
    second = client.post(f"/do/communicate/{key}", data={**TALK, "seen": seen})
    assert (first.status_code, second.status_code) == (302, 422)
    assert "已致歉并说明安排" in second.get_data(as_text=True)
    assert office.count(Communication) == 1


def test_a_new_case_is_not_registered_twice_from_one_form(office):
    client = office.client("王敏")
    given = {
        "name": "李梅",
        "phone": "13812345678",
        "address": "江滨路",
        "channel": "来电",
        "content": "无人上门",
        "demand": "上门",
        "compensation_sought": "无",
        "complained_department": "抄表班",
        "form_id": "once",
    }
    first, second = (client.post("/do/register", data=given) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert "只办了一次" in client.get(second.location).get_data(as_text=True)
    assert office.count(Complaint) == 1


def days_until_a_day_off(now):
    """The smallest limit whose last day is no workday."""
    today, calendar = now.astimezone(SHANGHAI).date(), official()
    return next(n for n in range(1, 30) if not calendar.is_workday(today + timedelta(days=n)))


def test_a_warning_is_shown_first_and_can_be_passed(office):
    key = office.case()
    client = office.client("王敏")
    given = {"limit_kind": "N日内", "limit_days": days_until_a_day_off(office.now)}
    first = client.post(f"/do/issue_order/{key}", data=given)
    page = first.get_data(as_text=True)
    assert "请留意" in page
    assert office.count(SupervisionOrder) == 0
    accepted = page.split('name="accepted" value="')[1].split('"')[0]
    assert client.post(f"/do/issue_order/{key}", data={**given, "accepted": accepted}).status_code == 302
    assert office.count(SupervisionOrder) == 1


def test_the_form_of_an_edit_shows_what_is_stored_and_writes_only_what_was_changed(office):
    key = office.case()
    client = office.client("王敏")
    page = client.get(f"/do/update/{key}").get_data(as_text=True)
    assert "抄表员未按约上门</textarea>" in page
    given = {
        "name": "李梅",
        "phone": "13812345678",
        "content": "抄表员未按约上门",
        "place": "三号楼",
        "channel": "来电",
    }
    assert client.post(f"/do/update/{key}", data=given).status_code == 302
    event = office.one(select(Event).where(Event.verb == "update", Event.outcome == "完成"))
    assert "发生地点" in event.changes
    assert "反映内容" not in event.changes


def test_a_button_shows_only_what_may_be_done(office):
    key = office.ordered()
    head = office.client("孙伟").get(f"/complaints/details/?id={key}").get_data(as_text=True)
    desk = office.client("王敏").get(f"/complaints/details/?id={key}").get_data(as_text=True)
    assert f"/do/sign_order/{key}" in head
    assert f"/do/sign_order/{key}" not in desk
    assert office.client("王敏").post(f"/do/sign_order/{key}", data={"handler": "周杰"}).status_code == 403


def test_many_cases_take_one_form_and_each_says_what_became_of_it(office):
    ready, signed = office.ordered(), office.ordered("工程维修部")
    other = office.case()
    client = office.client("王敏")
    ids = f"{ready},{signed},{other}"
    assert "一起办理" in client.get(f"/do/urge/several?ids={ids}").get_data(as_text=True)
    page = client.post("/do/urge/several", data={"ids": ids, "text": "请尽快"}).get_data(as_text=True)
    assert "办成 2 件" in page
    assert office.find(other).case_no in page


def test_an_edit_of_many_cases_writes_into_each_only_what_was_changed_in_the_form(office):
    one, other = office.case(), office.case(name="张强", content="水压不足")
    client, ids = office.client("王敏"), f"{one},{other}"
    sent = fields(client.get(f"/do/update/several?ids={ids}"))
    sent |= {"ids": ids, "place": "三号楼", "content": office.find(one).content}
    assert "办成 2 件" in client.post("/do/update/several", data=sent).get_data(as_text=True)
    assert (office.find(other).place, office.find(other).content) == ("三号楼", "水压不足")
    assert office.find(other).complainant.name == "张强"


def test_of_many_cases_none_is_done_over_a_warning_that_nobody_saw(office):
    cases = [office.case(), office.case()]
    given = {"limit_kind": "N日内", "limit_days": days_until_a_day_off(office.now)}
    page = office.client("王敏").post("/do/issue_order/several", data={"ids": ",".join(map(str, cases)), **given})
    assert "请打开这一件" in page.get_data(as_text=True)
    assert office.count(SupervisionOrder) == 0


def test_wrong_types_in_every_field_are_answered_in_words(office):
    key = office.case()
    client = office.client("王敏")
    hostile = {
        "limit_days": "9" * 40,
        "limit_kind": "永远",
        "handling_department": "-1",
        "investigator": "9" * 19,
        "handler": "没有这个人",
        "problem_content": "x" * 30000,
    }
    answer = client.post(f"/do/issue_order/{key}", data=hostile)
    assert answer.status_code == 422
    assert "<li>办理时限：永远</li>" in answer.get_data(as_text=True)
    assert (
        client.post("/do/register", data={"received_at": "昨天", "parties_count": "-3", "name": ["a", "b"]}).status_code
        == 422
    )


def test_a_file_of_an_executable_kind_is_refused_and_a_picture_is_given_back_as_a_download(office):
    key = office.case()
    client = office.client("王敏")
    bad = client.post(f"/do/attach/{key}", data={"file": (io.BytesIO(b"MZ"), "投诉单.exe")})
    assert bad.status_code == 422
    good = client.post(f"/do/attach/{key}", data={"kind": "现场照片", "file": (io.BytesIO(PICTURE), "证据照片.jpg")})
    assert good.status_code == 302
    page = client.get(good.location).get_data(as_text=True)
    assert "证据照片.jpg" in page
    address = page.split("/complaints/attachment/?id=")[1].split('"')[0]
    with client.get(f"/complaints/attachment/?id={address}") as answer:
        assert answer.data == PICTURE
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert office.client("吴磊").get(f"/complaints/attachment/?id={address}").status_code == 404


SHOT = b"\xff\xd8\xff\xe1\x00\x0fExif 31.2304N\xff\xdb\x00\x04\x10\x10\xff\xd9"


@pytest.mark.parametrize("nameless", [True, False])
def test_only_a_report_without_a_name_loses_what_the_camera_wrote_into_its_photo(office, nameless):
    key = office.case(anonymous="是" if nameless else "否")
    client = office.client("王敏")
    assert client.post(f"/do/attach/{key}", data={"file": (io.BytesIO(SHOT), "现场.jpg")}).status_code == 302
    stored = office.one(select(Attachment))
    with client.get(f"/complaints/attachment/?id={stored.id}") as answer:
        assert (b"31.2304N" in answer.data, answer.data == SHOT) == (not nameless, not nameless)
        assert stored.size == len(answer.data)


def test_a_program_does_the_same_verbs_and_is_told_the_same_reasons(office):
    client = office.client("王敏")
    refused = client.post("/api/do/register", json={"name": "李梅"})
    assert refused.status_code == 422
    assert {finding["field"] for finding in refused.get_json()["findings"]} >= {"content", "phone"}
    done = client.post(
        "/api/do/register",
        json={
            "name": "李梅",
            "phone": "13812345678",
            "address": "江滨路",
            "channel": "来电",
            "content": "无人上门",
            "demand": "上门",
            "compensation_sought": "无",
            "complained_department": "抄表班",
        },
    )
    assert done.status_code == 200
    number = done.get_json()["complaint"]["case_no"]
    assert client.get(f"/api/complaints/{number}").get_json()["story"]
    assert client.post(f"/api/complaints/{number}/communicate", data="not json").status_code == 400
    assert office.client().get("/api/complaints").status_code == 401
