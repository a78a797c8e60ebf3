"""No row crosses a department by any door of the list of complaints."""

import csv
import io

import pytest
from sqlalchemy import select

from models import Event


@pytest.fixture
def foreign(office):
    """A case of another department than 吴磊's."""
    return office.ordered("抄表班", content="只有营业部能看的内容")


def test_a_foreign_case_is_not_found_by_any_door(office, foreign):
    client = office.client("吴磊")
    for path in (f"/complaints/details/?id={foreign}", f"/complaints/edit/?id={foreign}", f"/do/communicate/{foreign}"):
        assert client.get(path).status_code == 404
    number = office.find(foreign).case_no
    assert client.post(f"/complaints/unmask/?id={foreign}", data={"reason": "看看"}).status_code == 404
    assert (
        client.post(f"/do/communicate/{foreign}", data={"kind": "安抚", "way": "电话", "text": "x"}).status_code == 404
    )
    assert client.get(f"/api/complaints/{number}").status_code == 404
    assert client.post(f"/api/complaints/{number}/communicate", json={"kind": "安抚"}).status_code == 404


def test_a_foreign_case_is_not_listed_counted_searched_or_exported(office, foreign):
    client = office.client("吴磊")
    for arguments in ({}, {"search": "营业部能看"}, {"open": "在办"}):
        page = client.get("/complaints/", query_string=arguments).get_data(as_text=True)
        assert "只有营业部能看的内容" not in page
        assert '<span class="count">0</span>' in page
    rows = list(csv.reader(io.StringIO(client.get("/complaints/export/csv/").get_data(as_text=True))))
    assert len(rows) == 1
    assert client.get("/api/complaints").get_json() == {"complaints": []}


def test_a_foreign_case_is_left_out_of_what_is_done_with_many(office, foreign):
    own = office.ordered("工程维修部")
    client = office.client("吴磊")
    answer = client.post("/complaints/action/", data={"action": "urge", "rowid": [foreign, own]})
    assert answer.location.startswith("/do/urge/several?ids=")
    assert f"ids={own}&" in answer.location
    assert client.get(f"/do/urge/several?ids={foreign}").status_code == 404


def test_the_head_sees_the_cases_of_his_department_and_of_what_is_below_it(office, foreign):
    assert office.client("孙伟").get(f"/complaints/details/?id={foreign}").status_code == 200


def test_the_accused_does_not_see_the_case_about_him(office):
    key = office.ordered("抄表班", complained_person="周杰")
    client = office.client("周杰")
    assert client.get(f"/complaints/details/?id={key}").status_code == 404
    assert '<span class="count">0</span>' in client.get("/complaints/").get_data(as_text=True)


def test_contact_data_is_masked_in_list_page_and_file_until_asked_for_with_a_reason(office):
    key = office.case()
    client = office.client("王敏")
    for path in ("/complaints/", f"/complaints/details/?id={key}", "/complaints/export/csv/"):
        page = client.get(path).get_data(as_text=True)
        assert "13812345678" not in page
        assert "李梅" not in page
    client.post(f"/complaints/unmask/?id={key}", data={"reason": "联系客户"})
    first = client.get(f"/complaints/details/?id={key}").get_data(as_text=True)
    second = client.get(f"/complaints/details/?id={key}").get_data(as_text=True)
    assert "13812345678" in first
    assert "13812345678" not in second


def test_unmasking_without_a_reason_is_refused(office):
    key = office.case()
    client = office.client("王敏")
    client.post(f"/complaints/unmask/?id={key}", data={"reason": ""})
    assert "13812345678" not in client.get(f"/complaints/details/?id={key}").get_data(as_text=True)


def test_an_export_begins_with_the_mark_for_excel_and_its_cells_are_no_formulas(office):
    office.case(content='=HYPERLINK("http://evil.example")')
    answer = office.client("王敏").get("/complaints/export/csv/")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "'=HYPERLINK" in answer.get_data(as_text=True)
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]


def test_an_export_is_a_recorded_act(office):
    office.case()
    office.client("王敏").get("/complaints/export/xlsx/").get_data()
    event = office.one(select(Event).where(Event.verb == "export"))
    assert "投诉件" in event.text


def test_the_write_doors_of_the_stock_panel_are_shut(office):
    key = office.case()
    client = office.client("管理员")
    assert client.post("/complaints/delete/", data={"id": key}).status_code == 404
    assert client.post("/complaints/ajax/update/", data={"list_form_pk": key, "content": "x"}).status_code == 404
    assert client.get("/complaints/ajax/lookup/?name=handler&query=%25&limit=-1").status_code == 404
    assert client.post("/complaints/action/", data={"action": "delete", "rowid": key}).status_code == 404
    assert office.find(key).content == "抄表员未按约上门"


@pytest.mark.parametrize("typed", ["%", "_", "王", "没有", "x" * 500])
def test_the_finder_takes_what_is_typed_as_it_is_and_gives_ten_at_most(office, typed):
    found = office.client("王敏").get("/find/people", query_string={"query": typed, "limit": "-1"}).get_json()
    assert len(found) <= 10
    assert all(typed in person["name"] for person in found)
