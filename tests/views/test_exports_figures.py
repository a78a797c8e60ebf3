"""统计 as files: headings in order, contact data masked, formulas dead, every file in the history."""

import csv
import io
from urllib.parse import unquote

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from models import Event
from tests.views.test_figures import month
from views import typesetter, typesetting
from views.workbooks import Table, widths, workbook
from workflow.reports import LEDGER_COLUMNS

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x.example","x")')


def sheet(answer, place=0):
    assert answer.status_code == 200
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(place).to_python()


def lines(answer):
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.mark.clause("P02-12.3", "P02-12.5", "P02-12.6")
def test_the_ledger_as_xlsx_has_the_thirteen_columns_in_order(office):
    office.ordered("抄表班")
    office.case("抄表班", name="王五")
    rows = sheet(office.client("王敏").get("/figures/ledger/export/xlsx/"))
    assert rows[0] == list(LEDGER_COLUMNS)
    assert [row[0] for row in rows[1:]] == ["1", "2"]
    assert rows[1][8:10] == ["客户营业部", "3 日内"]


@pytest.mark.clause("P02-12.3")
def test_the_ledger_as_csv_has_the_same_rows_and_the_mark_for_excel(office):
    office.ordered("抄表班")
    client = office.client("王敏")
    assert lines(client.get("/figures/ledger/export/csv/")) == sheet(client.get("/figures/ledger/export/xlsx/"))


def test_the_ledger_as_pdf_repeats_its_head_on_every_page(office):
    for number in range(60):
        office.case("抄表班", content=f"第 {number} 件：抄表员没有按约上门，客户等了一个上午，也没有人打电话说明原因")
    answer = office.client("王敏").get("/figures/ledger/export/pdf/")
    pages = PdfReader(io.BytesIO(answer.data)).pages
    assert len(pages) > 1
    assert all("服务质量问题内容" in page.extract_text().replace("\n", "") for page in pages)


def test_a_long_report_is_set_by_a_process_of_its_own(office, monkeypatch):
    monkeypatch.setattr(typesetting, "LONG", 100)
    monkeypatch.setattr(typesetter, "typeset", None)
    office.case("抄表班", content="#import \\ *强* 等了一个上午")
    answer = office.client("王敏").get("/figures/ledger/export/pdf/")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    assert "#import \\ *强* 等了一个上午" in text.replace("\n", "")


def test_a_report_that_takes_too_long_is_refused_in_words(office, monkeypatch):
    monkeypatch.setattr(typesetting, "LONG", 100)
    monkeypatch.setattr(typesetting, "LONGEST", 0.001)
    answer = office.client("王敏").get("/figures/ledger/export/pdf/")
    assert answer.status_code == 422
    assert "请缩短期间" in answer.get_data(as_text=True)


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_stays_text(office, text):
    office.case("抄表班", content=text.strip() + " 内容", demand=text)
    client = office.client("王敏")
    cell = lines(client.get("/figures/ledger/export/csv/"))[1][6]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    answer = client.get("/figures/ledger/export/xlsx/")
    assert sheet(answer)[1][6].startswith(text.strip())
    assert b"<f>" not in _inside(answer.data)


def _inside(content):
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return b"".join(book.read(name) for name in book.namelist() if name.endswith(".xml"))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_contact_data_is_masked_unless_a_reason_is_sent_by_who_works_on_the_case(office, kind):
    office.ordered("抄表班")
    read = lines if kind == "csv" else sheet
    client = office.client("王敏")
    assert read(client.get(f"/figures/ledger/export/{kind}/"))[1][3:6] == ["李*", "138****5678", "江滨****"]
    full = read(client.post(f"/figures/ledger/export/{kind}/", data={"reason": "报送年度台账"}))
    assert full[1][3:6] == ["李梅", "13812345678", "江滨路 1 号"]
    leader = read(office.client("高总").post(f"/figures/ledger/export/{kind}/", data={"reason": "看看"}))
    assert leader[1][4] == "138****5678"


@pytest.mark.parametrize("page", ["ledger", "month", "standards"])
@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_every_file_is_in_the_history_before_it_leaves(office, page, kind):
    office.case()
    answer = office.client("王敏").get(f"/figures/{page}/export/{kind}/?period={month(office)}")
    assert answer.status_code == 200
    event = office.one(select(Event).where(Event.verb == "report"))
    assert event.text.startswith("报表;导出")
    assert month(office) in event.text
    assert event.actor_id == office.staff("王敏").id
    name = unquote(answer.headers["Content-Disposition"].partition("UTF-8''")[2])
    assert name.endswith(f"-{month(office)}.{kind}")


def test_looking_leaves_no_event(office):
    client = office.client("王敏")
    for page in ("ledger", "month", "standards"):
        assert client.get(f"/figures/{page}/").status_code == 200
    assert office.count(Event, Event.verb == "report") == 0


@pytest.mark.clause("P02-16.1")
def test_the_months_workbook_has_a_sheet_of_indicators_and_one_of_counts(office):
    office.ordered("抄表班")
    answer = office.client("王敏").get("/figures/month/export/xlsx/")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    assert book.sheet_names == [f"指标 {month(office)}", f"分组 {month(office)}"]
    rows = {row[0]: row[1:] for row in sheet(answer)}
    assert rows["督办单按期办结率"] == ["0.00%", 0.0, 1.0]
    assert rows["抱怨件数"][:2] == ["1", 1.0]
    assert sheet(answer, 1)[1][:3] == ["承办部门", "客户营业部", 1.0]


@pytest.mark.parametrize("page", ["ledger", "month"])
def test_an_empty_month_is_a_file_with_its_heading(office, page):
    client = office.client("王敏")
    assert len(lines(client.get(f"/figures/{page}/export/csv/?period=2025-01"))) == 1
    assert client.get(f"/figures/{page}/export/xlsx/?period=2025-01").status_code == 200
    assert client.get(f"/figures/{page}/export/pdf/?period=2025-01").data.startswith(b"%PDF-")


def test_a_file_of_another_kind_is_not_found(office):
    assert office.client("王敏").get("/figures/ledger/export/exe/").status_code == 404


def test_a_foreign_department_exports_nothing_of_others(office):
    office.ordered("抄表班")
    assert len(lines(office.client("吴磊").get("/figures/ledger/export/csv/"))) == 1


def test_columns_are_as_wide_as_what_they_hold_within_limits():
    table = Table("a[b]:c*?/\\'" * 9, ("序号", "内容"), [("1", "长" * 500)])
    assert widths(table) == [6.2, 48]
    assert CalamineWorkbook.from_filelike(io.BytesIO(workbook([table]))).sheet_names[0][:3] == "a b"
