"""督办处理单 and 情况表 on paper: labels in order, hostile text as text, who may have them."""

import io
import re
import threading
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from models import Complaint, CorrectiveAction, Event, Staff, SupervisionOrder
from tests.support.paper import ORDER, RECORD
from views import typesetting
from views.printing import balanced, paired
from workflow.access import actor_of
from workflow.onpaper import Box, Entry, Sheet, Signed
from workflow.registry import perform

HOSTILE = (
    '#import "/etc/passwd": * \\ *粗* _斜_ $x^2$ <a> @b `c` {d} [e] // f\n'
    "= 标题\n- 列 &lt;script&gt; \"引号\" '单' %s {0} C:\\n"
)


def words(content):
    """Everything the PDF says, without what only separates lines and letters."""
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def stand_in_order(labels, text):
    place = 0
    for label in labels:
        place = text.index(label, place) + len(label)


@pytest.fixture
def answered(office):
    """A case whose order is signed and whose 情况表 is in."""
    key = office.ordered("抄表班")
    office.do("sign_order", key, "孙伟", handler="周杰")
    given = {"problem_summary": "未按约", "handling_status": "已补抄", "corrective_measures": "每日核对预约"}
    office.do("submit_correction", key, "孙伟", head_signed_by="孙伟", **given)
    return key


@pytest.mark.clause("P02-12.1")
def test_the_order_prints_its_eleven_labels_in_order_with_their_values(office, answered):
    answer = office.client("王敏").get(f"/print/case/{answered}?kind=督办处理单")
    assert answer.status_code == 200
    assert answer.content_type == "application/pdf"
    text = words(answer.data)
    stand_in_order(ORDER, text)
    for value in (
        "李梅",
        "13812345678",
        "抄表员未按约上门",
        "客户营业部",
        "周杰",
        "3日内",
        "孙伟",
        "服务质量问题督办处理单",
    ):
        assert value in text


@pytest.mark.clause("P02-12.2")
def test_the_correction_prints_its_eight_labels_in_order_with_their_values(office, answered):
    text = words(office.client("孙伟").get(f"/print/case/{answered}?kind=情况表").data)
    stand_in_order(RECORD, text)
    for value in ("李梅", "江滨路1号", "未按约", "已补抄", "每日核对预约", "孙伟", "第1页，共1页"):
        assert value in text


def test_the_sheets_of_a_case_come_together_and_an_older_one_by_its_number(office, answered):
    client = office.client("王敏")
    both = PdfReader(io.BytesIO(client.get(f"/print/case/{answered}").data))
    assert len(both.pages) == 2
    number = office.one(select(SupervisionOrder.order_no))
    assert number in words(client.get(f"/print/case/{answered}?kind=督办处理单&number={number}").data)
    assert client.get(f"/print/case/{answered}?kind=督办处理单&number=DB-19000101-0001").status_code == 422


@pytest.mark.clause("P02-2.5")
def test_a_source_that_is_no_box_is_ticked_as_other_with_its_name(office):
    key = office.case("抄表班", channel="市长信箱", compensation_sought="物质", forwarder="市长信箱办")
    office.do("issue_order", key, "刘洋", limit_kind="当天")
    with office.session() as session:
        staff = session.scalar(select(Staff).where(Staff.name == "刘洋"))
        actor = actor_of(session, staff, office.now)
        done = perform(session, "print", session.get(Complaint, key), arguments={}, actor=actor, now=office.now)
        text = done.result[0].text
    assert "反映方式:□来访 □来电 □回访 ☑其它(市长信箱)" in text
    assert "办理时限:☑当天 □____日内" in text
    assert "李梅" not in repr(done.result)


def test_the_file_has_its_chinese_name_and_is_shown_in_the_browser(office, answered):
    answer = office.client("王敏").get(f"/print/case/{answered}?kind=情况表")
    said = answer.headers["Content-Disposition"]
    assert said.startswith("inline; ")
    assert said.isascii()
    assert re.fullmatch(r"情况表-CZ-\d{8}-\d{4}\.pdf", unquote(said.partition("UTF-8''")[2]))
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_print_is_kept_in_the_history_of_the_case(office, answered):
    before = office.count(Event, Event.complaint_id == answered, Event.verb == "print")
    office.client("孙伟").get(f"/print/case/{answered}?kind=情况表")
    assert office.count(Event, Event.complaint_id == answered, Event.verb == "print") == before + 1
    event = office.one(select(Event).where(Event.verb == "print"))
    assert "情况表 CZ-" in event.text
    assert event.outcome == "查看"


def test_who_only_watches_gets_contact_data_masked_until_he_gives_a_reason(office, answered):
    client = office.client("高总")
    masked = words(client.get(f"/print/case/{answered}").data)
    assert "13812345678" not in masked
    assert "李梅" not in masked
    assert "江滨路1号" not in masked
    assert "138****5678" in masked
    assert "客户信息已隐去" in masked
    full = words(client.post(f"/print/case/{answered}", data={"reason": "核实回访"}).data)
    assert "13812345678" in full
    assert office.count(Event, Event.verb == "print", Event.reason == "核实回访") == 1


def test_a_foreign_case_is_not_printed_alone_or_among_others(office, answered):
    client = office.client("吴磊")
    assert client.get(f"/print/case/{answered}").status_code == 404
    assert client.post(f"/print/case/{answered}", data={"reason": "x"}).status_code == 404
    assert client.get(f"/print/several?ids={answered}").status_code == 404
    own = office.ordered("工程维修部", name="赵六", content="维修慢")
    text = words(client.get(f"/print/several?ids={answered},{own}").data)
    assert "赵六" in text
    assert "李梅" not in text


def test_several_cases_come_as_one_file_and_those_without_a_form_are_named(office, answered):
    bare = office.case("客户营业部", content="还没有开单")
    content = office.client("王敏").get(f"/print/several?ids={answered},{bare}&kind=督办处理单").data
    text = words(content)
    assert len(PdfReader(io.BytesIO(content)).pages) == 2
    assert "没有打印的" in text
    assert office.find(bare).case_no in text


@pytest.mark.parametrize(
    ("table", "model", "pages"),
    [("complaints", Complaint, 2), ("orders", SupervisionOrder, 1), ("corrections", CorrectiveAction, 1)],
)
def test_the_chosen_rows_of_a_list_are_printed(office, answered, table, model, pages):
    row = office.one(select(model))
    given = {"action": "print", "rowid": [row.id, 99999]}
    answer = office.client("王敏").post(f"/{table}/action/", data=given, follow_redirects=True)
    assert answer.content_type == "application/pdf"
    assert len(PdfReader(io.BytesIO(answer.data)).pages) == pages
    assert "".join(str(row).split()) in words(answer.data) or table == "complaints"


@pytest.mark.parametrize("path", ["/print/case/{key}", "/print/several?ids={key}"])
def test_a_case_without_a_form_is_refused_in_words(office, path):
    key = office.case()
    answer = office.client("王敏").get(path.format(key=key))
    assert answer.status_code == 422
    assert "可打印" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "query",
    [
        "kind=没有的",
        "kind=%00",
        "kind=" + "x" * 3000,
        "number='--",
        "kind=督办处理单&kind=情况表",
        "oops=1",
        "_method=POST",
    ],
)
def test_a_hostile_address_is_answered_in_words(office, answered, query):
    client = office.client("王敏")
    for path in (f"/print/case/{answered}", "/print/case/99999999999999999999", "/print/several"):
        assert client.get(f"{path}?{query}").status_code < 500
    assert client.get("/print/several?ids=1,-2,x,9999999999999999999999,,%27").status_code in (200, 404, 422)


def sheet(**more):
    entries = (
        Entry("name", "客户姓名", more.get("name", "客户一")),
        Entry("way", "反映方式", "来电", False, (Box("来访", False), Box("来电", True))),
        Entry("text", "内容", more.get("text", ""), True),
    )
    return Sheet("单", "督办单", "DB-1", entries, (Signed("负责人签字"),))


def pdf_of(text, app):
    from flask import g

    from views import printing

    with app.test_request_context():
        g.now = datetime(2026, 3, 6, 3, 30, tzinfo=UTC)
        g.actor = type("Somebody", (), {"name": "客服甲"})()
        return printing.forms([sheet(text=text)])


def test_markup_in_a_complaint_prints_as_text(app):
    text = words(pdf_of(HOSTILE, app))
    assert re.sub(r"\s", "", HOSTILE) in text


@pytest.mark.parametrize(
    "text",
    [
        "W" * 20_000,
        "长" * 20_000,
        "\n" * 3000,
        "a\x00b\x07c",
        "\u202e反转\u2066",
        "𠮷𬭎",
        "{{ 7*7 }} {% raw %} ${x}",
        "\\u0041 \\\\",
        "e\u0301" * 500,
    ],
)
def test_no_text_is_too_odd_to_print(app, text):
    content = pdf_of(text, app)
    assert content.startswith(b"%PDF-")


def test_a_word_without_end_stays_on_the_page(app):
    pages = PdfReader(io.BytesIO(pdf_of("W" * 3000, app))).pages
    assert sum(page.extract_text().count("W") for page in pages) == 3000
    edges = []
    for page in pages:
        page.extract_text(
            visitor_text=lambda text, _c, matrix, _f, _s: edges.append(matrix[4]) if "W" in text else None
        )
    assert max(edges) < 595


def test_a_picture_is_printed_by_its_name_and_what_is_unseen_is_left_out():
    assert typesetting.ink("好😀 ✓\u202e反\u200b\x07") == "好〔grinning face〕 ✓反 "
    assert typesetting.printable({"a": ["☎", 3, None, True]}) == {"a": ["☎", 3, None, True]}


def test_a_line_that_nobody_signed_stays_empty_for_pen_and_date(app):
    text = words(pdf_of("x", app))
    assert "负责人签字年月日" in text


def test_two_short_answers_share_a_row_and_the_order_stays():
    entries = [
        Entry("", label, value, long)
        for label, value, long in (
            ("姓名", "张三", False),
            ("电话", "13800000000", False),
            ("时间", "2026-03-06 09:12", False),
            ("内容", "短", True),
            ("地址", "很长的地址" * 5, False),
            ("人", "甲", False),
        )
    ]
    rows = paired(entries)
    assert [entry.label for row in rows for entry in row] == [entry.label for entry in entries]
    assert [len(row) for row in rows] == [2, 1, 1, 1, 1]


def test_a_long_label_breaks_in_the_middle():
    assert balanced("承办部门负责人签字") == "承办部门负责人签字"
    assert balanced("客户反映的服务质量问题内容") == "客户反映的服务\n质量问题内容"
    assert balanced("") == ""


def test_many_threads_print_at_once(app):
    made, faults = [], []

    def one():
        try:
            made.append(pdf_of("并发", app))
        except BaseException as fault:
            faults.append(repr(fault))

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(made) == 6


def test_typesetting_leaves_no_file_behind(app, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    pdf_of("x", app)
    assert [path for path in tmp_path.iterdir() if path.suffix in (".pdf", ".typ", ".json")] == []
