"""A measure that comes from the monthly analysis, not from a case: on its page everybody finds what is his to do."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from models import Measure, Staff
from views import periods
from views.formats import local


@pytest.fixture
def measure(office):
    """Proposed by the desk's investigator, owed by 工程维修部; its key."""
    day = (local(office.now) + timedelta(days=20)).date().isoformat()
    given = {"source": "2026-05 月分析", "kind": "限期整改", "measure": "每周巡检公共照明", "due_on": day}
    office.do("add_measure", None, "王敏", owner_department="工程维修部", **given)
    return office.one(select(Measure.id))


def offered(office, who, key):
    """The verbs that the page offers this person, or nothing where there is no page for him."""
    answer = office.client(who).get(f"/measures/details/?id={key}")
    text = answer.get_data(as_text=True)
    names = ("approve_measure", "implement_measure", "verify_measure")
    return [name for name in names if f"/do/{name}?" in text] if answer.status_code == 200 else None


def test_who_owes_it_reports_it_done_and_another_than_he_verifies_it_from_its_own_page(office, measure):
    number = office.one(select(Measure.measure_no))
    assert offered(office, "王敏", measure) == []
    assert offered(office, "吴磊", measure) == ["implement_measure"]
    lead = office.client("吴磊")
    page = f"/measures/details/?id={measure}"
    address = f"/do/implement_measure?measure_no={number}&url={page}"
    assert lead.post(address, data={"measure_no": number, "result": "已巡检四次"}).status_code == 302
    assert offered(office, "吴磊", measure) == []
    assert offered(office, "王敏", measure) == ["verify_measure"]
    sent = {"measure_no": number, "result": "有效"}
    assert office.client("王敏").post(f"/do/verify_measure?measure_no={number}", data=sent).status_code == 302
    assert office.one(select(Measure.state)) == "关闭"
    assert offered(office, "王敏", measure) == []


def test_its_page_and_its_line_say_where_it_comes_from_who_owes_it_and_until_when(office, measure):
    client = office.client("吴磊")
    for text in (client.get(f"/measures/details/?id={measure}"), client.get("/measures/")):
        for word in ("2026-05 月分析", "工程维修部", "每周巡检公共照明", "实施中"):
            assert word in text.get_data(as_text=True)


def test_the_head_of_who_proposed_it_approves_it_and_not_the_proposer(office, measure):
    with office.session() as session:
        head = Staff(
            name="主管",
            username="主管",
            department=session.scalar(select(Staff).where(Staff.name == "王敏")).department,
        )
        session.add(head)
        session.flush()
        head.department.head = head
        head.password_hash = session.scalar(select(Staff.password_hash).where(Staff.name == "王敏"))
    assert "approve_measure" in offered(office, "主管", measure)
    assert "approve_measure" not in offered(office, "王敏", measure)


def test_whom_it_does_not_concern_does_not_find_it_and_a_leader_reads_it(office, measure):
    assert offered(office, "孙伟", measure) is None
    assert offered(office, "周杰", measure) is None
    assert offered(office, "高总", measure) == []


def test_only_of_whoever_owes_it_it_is_accepted(office, measure):
    number = office.one(select(Measure.measure_no))
    sent = {"measure_no": number, "result": "已做"}
    assert office.client("孙伟").post(f"/do/implement_measure?measure_no={number}", data=sent).status_code in (403, 422)
    assert office.one(select(Measure.state)) == "实施中"


@pytest.mark.parametrize("number", ["\x00", "GJ-无", "x" * 300])
def test_a_number_of_no_measure_is_refused(office, measure, number):
    sent = {"measure_no": number, "result": "已做"}
    assert office.client("吴磊").post("/do/implement_measure", data=sent).status_code in (400, 403, 422)


def test_the_report_that_it_comes_from_lists_it_for_those_who_may_open_it(office, measure):
    with office.session() as session:
        session.get(Measure, measure).source = "月分析 2026-05"
    for who, listed in (("王敏", True), ("吴磊", True), ("高总", True), ("孙伟", False)):
        answer = office.client(who).get("/figures/month/?period=2026-05")
        assert answer.status_code == 200
        assert ("每周巡检公共照明" in answer.get_data(as_text=True)) is listed, who


@pytest.fixture
def of_figure(office):
    """Proposed on the page of the cases that one figure of the month counts: the keys of those, and its own key."""
    keys = [office.case("客户营业部", content=f"第{number}次未按约抄表") for number in "一二"]
    other = office.case("工程维修部", content="水表渗漏")
    client = office.client("王敏")
    month = periods.containing(office.now, "month")
    listed = client.get("/figures/month/cases/", query_string={"of": "承办部门/客户营业部", "period": month})
    text = unescape(listed.get_data(as_text=True))
    address = unescape(re.search(r'data-verb href="(/do/add_measure\?[^"]*)"', text)[1])
    form = client.get(address).get_data(as_text=True)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    figure = {name: hidden[name] for name in ("report", "period", "counted")}
    assert figure == {"report": "月分析", "period": month, "counted": "承办部门/客户营业部"}
    due = (local(office.now) + timedelta(days=20)).date().isoformat()
    given = {"source": f"月分析 {month}", "kind": "预防措施", "measure": "抄表前一日短信提醒", "due_on": due}
    office.do("add_measure", None, "王敏", owner_department="工程维修部", **given, **figure)
    return keys, other, office.one(select(Measure.id))


def cases_of(client, key):
    """The number of the measure's cases as its page and its line say it, and those that its list shows."""
    number = re.compile(rf'<a href="/measures/cases/\?id={key}">(\d+) 件</a>')
    pages = [client.get(path).get_data(as_text=True) for path in (f"/measures/details/?id={key}", "/measures/")]
    listed = client.get(f"/measures/cases/?id={key}").get_data(as_text=True)
    found = [int(one) for one in re.findall(r"/complaints/details/\?id=(\d+)", listed)]
    return [number.search(page)[1] for page in pages], found


@pytest.mark.clause("P00a-7.12")
def test_a_measure_from_a_figure_leads_to_the_cases_that_were_counted(office, of_figure):
    keys, _other, measure = of_figure
    office.case("客户营业部", content="后来的一件")
    assert cases_of(office.client("王敏"), measure) == (["2", "2"], keys)
    text = office.client("王敏").get("/measures/export/csv/").get_data(as_text=True)
    assert "2 件" in text
    assert "/measures/cases/" not in text


def test_who_owes_it_reads_how_many_and_of_the_list_only_what_is_in_his_scope(office, of_figure):
    _keys, other, measure = of_figure
    lead = office.client("吴磊")
    assert str(other) in re.findall(r"/complaints/details/\?id=(\d+)", lead.get("/complaints/").get_data(as_text=True))
    assert cases_of(lead, measure) == (["2", "2"], [])
    assert "未按约抄表" not in lead.get(f"/measures/cases/?id={measure}").get_data(as_text=True)


def test_the_cases_of_a_measure_open_for_nobody_who_may_not_open_it(office, of_figure):
    assert office.client("孙伟").get(f"/measures/cases/?id={of_figure[2]}").status_code == 404


def test_a_measure_that_names_its_source_in_words_has_no_list_of_cases(office, measure):
    assert office.client("王敏").get(f"/measures/cases/?id={measure}").status_code == 404
    assert "/measures/cases/" not in office.client("王敏").get("/measures/").get_data(as_text=True)


def test_who_may_propose_no_measure_is_offered_none_beside_the_counted_cases(office, of_figure):
    month = periods.containing(office.now, "month")
    address = {"of": "承办部门/客户营业部", "period": month}
    page = office.client("高总").get("/figures/month/cases/", query_string=address)
    assert page.status_code == 200
    assert "/do/add_measure" not in page.get_data(as_text=True)
