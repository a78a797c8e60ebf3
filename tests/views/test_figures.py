"""统计 on screen: the ledger, the month's figures with the cases behind them, the standards, and every odd period."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from models import Event
from views import periods
from views.figures import spans
from workflow.periods import previous
from workflow.reports import LEDGER_COLUMNS

PAGES = ("/figures/ledger/", "/figures/month/", "/figures/standards/")


def text_of(answer):
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.get_data(as_text=True))


def month(office):
    return periods.containing(office.now, "month")


def heading(page):
    return re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', page)


@pytest.fixture
def done(office):
    """A case that is answered and whose customer was satisfied."""
    key = office.ordered("抄表班")
    office.do("sign_order", key, "孙伟", handler="周杰")
    given = {"problem_summary": "未按约", "handling_status": "已补抄", "corrective_measures": "每日核对预约"}
    office.do("submit_correction", key, "孙伟", head_signed_by="孙伟", **given)
    office.do("check_effect", key, "王敏", result="通过")
    office.do("visit", key, "王敏", way="电话", result="满意")
    return key


@pytest.mark.clause("P02-12.3", "P02-12.5", "P02-12.6", "P02-7.8")
def test_the_ledger_has_thirteen_columns_in_order_and_a_row_for_each_case(office, done):
    office.case("工程维修部", name="赵六")
    page = text_of(office.client("王敏").get(f"/figures/ledger/?period={month(office)}"))
    assert heading(page) == [name.replace("(", "（").replace(")", "）") for name in LEDGER_COLUMNS]
    assert len(LEDGER_COLUMNS) == 13
    rows = re.findall(r"<tr data-row>(.*?)</tr>", page, re.DOTALL)
    cells = [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
        for row in rows
    ]
    assert [row[0] for row in cells] == ["1", "2"]
    assert cells[0][1] == "王敏"
    assert cells[0][8:10] == ["客户营业部", "3 日内"]
    assert cells[0][11] == "满意"
    assert cells[0][6] == "抄表员未按约上门"
    assert f"/complaints/details/?id={done}" in rows[0]
    assert f'<a class="due" href="/complaints/time/?id={done}">3 日内</a>' in rows[0], "it leads to how it was counted"


def test_the_ledger_masks_contact_data_until_a_reason_is_sent(office, done):
    client = office.client("王敏")
    page = text_of(client.get("/figures/ledger/"))
    assert "13812345678" not in page
    assert "李梅" not in page
    assert "江滨路 1 号" not in page
    assert "138****5678" in page
    full = text_of(client.post(f"/figures/ledger/full/?period={month(office)}", data={"reason": "逐户回访"}))
    assert "13812345678" in full
    assert "江滨路 1 号" in full
    event = office.one(select(Event).where(Event.verb == "report"))
    assert event.reason == "逐户回访"
    assert "1 件含完整联系方式" in event.text


def test_without_a_reason_nothing_is_unmasked(office, done):
    answer = office.client("王敏").post("/figures/ledger/full/", data={"reason": "  "}, follow_redirects=True)
    assert "请写明理由" in text_of(answer)
    assert "13812345678" not in text_of(answer)
    assert office.count(Event, Event.verb == "report") == 0


def test_who_works_on_no_case_gets_none_in_full_even_with_a_reason(office, done):
    page = text_of(office.client("高总").post("/figures/ledger/full/", data={"reason": "看看"}))
    assert "抄表员未按约上门" in page
    assert "13812345678" not in page


def test_the_ledger_and_the_figures_hold_only_what_the_person_may_see(office, done):
    client = office.client("吴磊")
    for path in PAGES[:2]:
        assert "抄表员未按约上门" not in text_of(client.get(path))
    assert client.get("/figures/month/cases/?of=cases").status_code == 200
    assert "抄表员未按约上门" not in text_of(client.get("/figures/month/cases/?of=cases"))
    assert client.get("/figures/month/cases/?of=来源/来电").status_code == 404


@pytest.mark.clause("P02-16.1")
def test_each_indicator_shows_value_numerator_denominator_and_opens_its_cases(office, done):
    office.ordered("工程维修部", content="还没有办完的一件")
    client = office.client("王敏")
    page = text_of(client.get("/figures/month/"))
    rows = {}
    for row in re.findall(r"<tr data-row>(.*?)</tr>", page.partition("</section>")[0], re.DOTALL):
        cells = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
        rows[re.search(r"[^<]+", row.partition('class="first">')[2])[0]] = [cells[1], cells[3], cells[4]]
    assert rows["督办单按期办结率"] == ["50.00%", "1", "2"]
    assert rows["回访率"] == ["50.00%", "1", "2"]
    assert rows["满意率"] == ["100.00%", "1", "1"]
    assert rows["抱怨件数"] == ["2", "2", ""]
    assert rows["投诉件数"] == ["0", "0", ""]
    behind = text_of(client.get("/figures/month/cases/?of=orders_in_time"))
    assert "抄表员未按约上门" in behind
    assert "还没有办完的一件" not in behind
    assert "还没有办完的一件" in text_of(client.get("/figures/month/cases/?of=orders"))


@pytest.mark.clause("P02-16.1")
def test_the_breakdown_counts_by_department_grade_source_and_state_and_opens_its_cases(office, done):
    client = office.client("王敏")
    page = text_of(client.get("/figures/month/"))
    for title in ("承办部门", "级别", "来源", "状态"):
        assert f"<h2>{title}</h2>" in page
    assert "抄表员未按约上门" in text_of(client.get("/figures/month/cases/?of=承办部门/客户营业部"))


def test_the_month_is_compared_with_the_one_before(office, done):
    page = text_of(office.client("王敏").get("/figures/month/"))
    assert periods.words(previous(month(office))) in page
    assert "+1" in page


@pytest.mark.parametrize("path", PAGES[:2])
def test_a_month_without_cases_says_so_and_divides_by_nothing(office, path):
    page = text_of(office.client("王敏").get(f"{path}?period=2025-01"))
    assert "2025 年 1 月没有受理的投诉" in page
    if "month" in path:
        assert "—" in page


@pytest.mark.clause("P02-12.4", "P02-4.3")
def test_the_standards_show_eighteen_items_and_the_rest_with_points_and_sanctions(office):
    page = text_of(office.client("孙伟").get("/figures/standards/"))
    assert heading(page)[:6] == ["序号", "大类", "小类", "要求", "客户抱怨", "客户投诉"]
    numbers = re.findall(r'<td class="short first">([^<]*)</td>', page)
    assert numbers[0] == "1"
    assert {re.sub(r"\D", "", number) for number in numbers} - {""} == {str(number) for number in range(1, 19)}
    assert numbers[-1] == "其他"
    for text in ("责任人不低于 20 分", "部门负责人不低于 5 分", "一级投诉：记大过、解除劳动合同", "抄表业务"):
        assert text in page


def test_the_standards_count_what_was_applied_in_the_period(office, done):
    office.do("investigate", done, "王敏", method="询问", facts="抄表员当天改了路线", conclusion="属实", cause="未预约")
    office.do("fill_document", done, "王敏", kind="调查记录", fields={"conclusion": "属实"})
    given = {"standard_no": "14", "subject_kind": "责任人", "subject": "抄表员", "occurrences": 2, "points": 20}
    office.do("propose_assessment", done, "王敏", month=month(office), **given)
    client = office.client("王敏")
    page = text_of(client.get("/figures/standards/"))
    assert heading(page)[6:] == ["本期次数", "本期扣分"]
    row = page[page.index("抄表业务") :].partition("</tr>")[0]
    assert re.findall(r'<td class="num">(\d+)</td>', row) == ["2", "20"]
    assert not re.findall(r'<td class="num">', text_of(client.get("/figures/standards/?period=2025-Q1")))


HOSTILE = (
    *("2026-13", "2026-00", "2026-Q5", "2026-H3", "1999", "9999-01", "20260", "abc", "2026-5", "2026-05-01", "-1"),
    *("2026'--", "２０２６-05", "2000-01", "2099-12", "2099", "0" * 3000, "2026-Q", " 2026-05 "),
)


@pytest.mark.parametrize("path", ["", "export/csv/", "export/xlsx/", "export/pdf/", "cases/"])
def test_a_hostile_period_is_answered_in_words(office, path):
    client = office.client("王敏")
    for period in HOSTILE:
        for page in PAGES:
            query = {"period": period} | ({"of": "cases"} if path == "cases/" else {})
            assert client.get(f"{page}{path}", query_string=query).status_code < 500, (page, period)


@pytest.mark.parametrize(
    "query", ["oops=1", "page=-1", "page=99999999999999", "page=x", "_method=POST", "period=2026-05&period=x"]
)
def test_a_hostile_address_is_answered_in_words(office, query):
    client = office.client("王敏")
    for page in PAGES:
        assert client.get(f"{page}?{query}").status_code < 500
    for of in ("", "x", "cases/", "/", "承办部门/", "__class__"):
        assert client.get("/figures/month/cases/", query_string={"of": of}).status_code == 404


def test_periods_follow_each_other():
    assert [
        previous(period) for period in ("2026-01", "2026-11", "2026-Q1", "2026-Q3", "2026-H1", "2026-H2", "2026")
    ] == ["2025-12", "2026-10", "2025-Q4", "2026-Q2", "2025-H2", "2026-H1", "2025"]


def test_the_picker_offers_every_kind_and_always_the_period_shown(office, at):
    with office.app.test_request_context():
        offered = periods.choices("2019-Q2", at("2026-11-22 10:00"))
        assert [len(offered[kind]) for kind in periods.KINDS] == [24, 9, 6, 5]
        assert [choice.period for choice in offered["quarter"] if choice.current] == ["2019-Q2"]
        assert offered["month"][0].period == "2026-11"
        assert offered["half"][0].label == "2026 年下半年"
    assert periods.before("2000-01") is None
    assert periods.after("2026-11", at("2026-11-22 10:00")) is None
    assert periods.after("2026-10", at("2026-11-22 10:00")) == "2026-11"


def test_a_category_spans_its_items():
    assert spans(["a", "a", "b", "a"]) == [2, 0, 1, 1]
    assert spans([]) == []
