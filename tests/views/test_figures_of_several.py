"""统计 where several procedures are in force: the picker, what the address keeps, and the figures of each."""

import csv
import io
import re
from html import unescape

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from models import Event, Measure, Notice, PeriodicReport
from rules.procedure import shipped
from tests.support.cast import employ, retire
from tests.views.conftest import OTHERS, day
from workflow import procedures
from workflow.access import SYSTEM
from workflow.reports import LEDGER_COLUMNS

PAGES = ("/figures/ledger/", "/figures/month/", "/figures/reports/", "/figures/standards/")
TITLES = {code: procedures.compiled(shipped()[code], 1).title for code in sorted((*OTHERS, "P02"))}


def text_of(answer):
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.get_data(as_text=True))


def picked(page):
    """The titles that the picker offers, and the one that is shown."""
    drop = re.search(
        r'<summary class="picked">([^<]*)</summary>\s*<div class="sheetlet"><ul class="picker">(.*?)</ul>', page
    )
    return (drop[1], re.findall(r">([^<]+)</a>", drop[2])) if drop and "procedure=" in drop[2] else None


def then(office):
    """The period in which the cases were accepted, as the address says it."""
    return f"period={day(office, 3)[:7]}"


@pytest.mark.parametrize("path", PAGES)
def test_with_one_procedure_there_is_nothing_to_pick(office, path):
    page = text_of(office.client("高总").get(path))
    assert picked(page) is None
    assert "procedure=" not in page


@pytest.mark.parametrize("path", PAGES)
def test_every_page_offers_the_procedures_and_keeps_the_one_that_was_picked(five, path):
    client = five.client("高总")
    shown, offered = picked(text_of(client.get(path)))
    assert shown in offered
    code = "P02" if "standards" in path else "P03"
    page = text_of(client.get(f"{path}?{then(five)}&procedure={code}"))
    assert picked(page)[0] == TITLES[code]
    own = [link for link in re.findall(rf'href="({path}[^"]*)"', page) if "period=" in link]
    assert len(own) > 10
    assert all("procedure=" in link for link in own)


@pytest.mark.parametrize("path", PAGES)
def test_a_procedure_that_there_is_not_is_told_so(five, path):
    answer = five.client("高总").get(f"{path}?procedure=P99", follow_redirects=True)
    assert "没有可以看的制度 P99" in text_of(answer)


def test_the_ledger_shows_all_until_one_is_picked(five):
    client = five.client("高总")
    everything = text_of(client.get(f"/figures/ledger/?{then(five)}"))
    assert all(f"属于{code}的事" in everything for code in (*OTHERS, "P02"))
    one = text_of(client.get(f"/figures/ledger/?{then(five)}&procedure=P01"))
    assert "属于P01的事" in one
    assert "属于P03的事" not in one


def test_files_carry_what_was_picked(five):
    client = five.client("高总")
    for procedure, count in (("P03", 1), ("全部", 5)):
        address = f"/figures/ledger/export/{{}}/?{then(five)}&procedure={procedure}"
        lines = list(csv.reader(io.StringIO(client.get(address.format("csv")).data.decode("utf-8-sig"))))
        assert len(lines) == 1 + count
        assert lines[0] == [*LEDGER_COLUMNS, *(["制度"] if count > 1 else [])]
        assert all(line[4] == "138****5678" for line in lines[1:])
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(address.format("xlsx")).data))
        assert book.get_sheet_by_index(0).to_python() == lines
        assert client.get(address.format("pdf")).data.startswith(b"%PDF")
    month = client.get(f"/figures/month/export/xlsx/?{then(five)}&procedure=全部")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(month.data)).get_sheet_by_index(0).to_python()
    assert {row[0] for row in rows[1:]} == {*OTHERS, "P02"}


def test_the_name_of_a_file_says_the_procedure(five):
    client = five.client("高总")
    answer = client.get(f"/figures/ledger/export/csv/?{then(five)}&procedure=P03")
    assert f"-P03-{day(five, 3)[:7]}.csv" in answer.headers["Content-Disposition"]


def test_the_month_of_all_shows_each_procedures_indicators_and_opens_their_cases(five):
    client = five.client("高总")
    page = text_of(client.get(f"/figures/month/?{then(five)}"))
    heads = re.findall(r"<h2>([^<]*)</h2>", page.replace("（", "(").replace("）", ")"))
    titles = [
        shipped()[code].partition('title = "')[2].partition('"')[0] for code in ("P00a", "P00b", "P01", "P02", "P03")
    ]
    assert [head for head in heads if head in titles] == titles
    numbers = dict(re.findall(r'href="(/figures/month/cases/\?[^"]*)"[^>]*>(\d+)<', page))
    assert len(numbers) > 5
    for address, number in numbers.items():
        assert f'<span class="count">{number}</span>' in text_of(client.get(address))


def test_retiring_takes_no_case_from_a_page(five):
    with five.session() as session:
        retire(session, *OTHERS, at=five.now)
    client = five.client("高总")
    everything = text_of(client.get(f"/figures/ledger/?{then(five)}"))
    assert all(f"属于{code}的事" in everything for code in (*OTHERS, "P02"))
    assert "属于P03的事" in text_of(client.get(f"/figures/ledger/?{then(five)}&procedure=P03"))
    assert "投诉台账" in text_of(client.get("/figures/reports/?procedure=P03"))


def test_the_reports_that_a_procedure_defines_have_a_page(five):
    client = five.client("高总")
    page = text_of(client.get(f"/figures/reports/?{then(five)}&procedure=P03"))
    for kind in ("投诉分类统计", "投诉台账", "重要热点重大投诉"):
        assert f">{kind}</a>" in page
        assert client.get(f"/figures/reports/?{then(five)}&procedure=P03&kind={kind}").status_code == 200
    ledger = text_of(client.get(f"/figures/reports/?{then(five)}&procedure=P03&kind=投诉台账"))
    assert "接收时间" in ledger
    assert "13812345678" not in ledger


@pytest.mark.parametrize("code", ["P00a", "P00b", "P01", "P03"])
def test_every_defined_report_is_a_page_a_book_and_a_paper(five, code):
    client = five.client("高总")
    for row in procedures.compiled(shipped()[code], 1).reports:
        address = f"?{then(five)}&procedure={code}&kind={row.kind}"
        page = text_of(client.get(f"/figures/reports/{address}"))
        assert row.kind in page
        if row.summary:
            continue
        assert client.get(f"/figures/reports/export/xlsx/{address}").data.startswith(b"PK")
        assert client.get(f"/figures/reports/export/pdf/{address}").data.startswith(b"%PDF")


def test_a_kind_that_the_procedure_does_not_define_is_told_so(five):
    answer = five.client("高总").get("/figures/reports/?procedure=P03&kind=管理费收费单", follow_redirects=True)
    assert "没有报表“管理费收费单”" in text_of(answer)


def test_of_two_procedures_the_one_that_defines_reports_is_shown(office):
    with office.session() as session:
        procedures.put_in_force(session, shipped()["P03"], actor=SYSTEM, now=office.now)
    client = office.client("王敏")
    page = text_of(client.get("/figures/reports/"))
    assert "投诉台账" in page
    assert TITLES["P03"] not in picked(page)[1], "there is nothing to pick"
    assert f'<span class="quiet">{TITLES["P03"]}</span>' in page, "whose they are"
    answer = client.get("/figures/reports/?procedure=P02", follow_redirects=True)
    assert "这个制度没有报表" in text_of(answer)
    assert client.get("/figures/reports/export/csv/?procedure=P02").status_code == 422


def test_where_no_procedure_defines_a_report_the_page_says_so(office):
    client = office.client("高总")
    assert "没有另外的报表" in text_of(client.get("/figures/reports/"))
    assert "/figures/reports/" not in text_of(client.get("/figures/month/"))


@pytest.mark.clause("P00b-7.17", "P00b-7.18", "P00a-8.3", "P00a-8.4")
def test_a_conclusion_and_the_measures_that_it_leads_to_stand_below_the_figures(five):
    client = five.client("王敏")
    page = text_of(client.get(f"/figures/month/?{then(five)}&procedure=P02"))
    conclude, measure = (
        unescape(re.search(rf'data-verb href="(/do/{verb}\?[^"]*)"', page)[1]) for verb in ("report", "add_measure")
    )
    form = text_of(client.get(conclude))
    assert f"月分析 {day(five, 3)[:7]} P02" in form
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    assert client.post(conclude, data={**hidden, "summary": "上门预约仍需改进"}).status_code == 302
    assert five.one(select(PeriodicReport)).summary == "上门预约仍需改进"
    due = day(five, -20)[:10]
    given = {"kind": "限期整改", "measure": "预约前一日电话确认", "owner_department": "客户服务中心", "due_on": due}
    source = unescape(re.search(r'name="source"[^>]*value="([^"]*)"', text_of(client.get(measure)))[1])
    five.do("add_measure", None, "王敏", **given, source=source)
    number = five.one(select(Measure)).measure_no
    page = text_of(client.get(f"/figures/month/?{then(five)}&procedure=P02"))
    assert "上门预约仍需改进" in page
    opened = re.search(rf'<a href="(/measures/details/[^"]*)">{number}</a>', page)[1]
    assert "预约前一日电话确认" in text_of(client.get(opened))
    others = text_of(five.client("吴磊").get(f"/figures/month/?{then(five)}&procedure=P02"))
    assert number not in others
    assert "上门预约仍需改进" not in others, "it may speak of cases that he does not see"
    assert number not in text_of(client.get("/figures/month/?period=2025-06&procedure=P02"))


def test_a_conclusion_is_read_by_the_department_that_wrote_it_and_by_who_sees_its_cases(five):
    password = five.staff("王敏").password_hash
    with five.session() as session:
        employ(session, "客服新人", "客户服务中心", "受理人", username="客服新人", password_hash=password)
        employ(session, "物业新人", "物业部", "受理人", username="物业新人", password_hash=password)
    five.do("report", None, "王敏", kind="月分析", period=day(five, 3)[:7], procedure="P02", summary="预约仍需改进")
    address = f"/figures/month/?{then(five)}&procedure=P02"
    read = {
        who: "预约仍需改进" in text_of(five.client(who).get(address))
        for who in ("王敏", "客服新人", "高总", "孙伟", "物业新人")
    }
    assert read == {"王敏": True, "客服新人": True, "高总": True, "孙伟": False, "物业新人": False}


def test_looking_at_a_figure_tells_nobody_though_reporting_it_would(five):
    password = five.staff("王敏").password_hash
    with five.session() as session:
        employ(session, "经理甲", "管理处", "管理处经理")
        head = employ(session, "物业头", "物业部", username="物业头", password_hash=password)
        head.department.head = head
    text_of(five.client("物业头").get(f"/figures/month/?{then(five)}&procedure=P00b"))
    assert five.count(Notice, Notice.event == "月分析") == 0
    assert five.count(Event, Event.verb == "report") == 0
    five.do("report", None, "物业头", kind="月分析", period=day(five, 3)[:7], procedure="P00b")
    assert five.count(Notice, Notice.event == "月分析") == 1
