"""判定: what a rule decided, found by rule, outcome, month, near misses and changes by hand, within one's own scope."""

import re
from datetime import timedelta

import pytest

from models import CaseDecision, db
from tests.support.statements import counted


@pytest.fixture
def judged(office):
    """Two complaints and a grumble: one graded by hand, one forwarded by the leadership."""
    plain = office.case(compensation_sought="物质", content="第一件")
    forwarded = office.case(channel="公司领导转办", forwarder="总经办", to_leader=True, content="第二件")
    office.do("update", forwarded, "刘洋", impact="无")
    office.do("change_grade", plain, "刘洋", grade="二级投诉", reason="影响较大")
    grumble = office.case(content="第三件")
    return plain, forwarded, grumble


def rows(office, address, name="高总"):
    """The rows of a list: its cells without mark-up."""
    page = office.client(name).get(f"/decisions/{address}").get_data(as_text=True)
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in body.split("</tr>")[:-1]]


def no(office, key):
    return office.find(key).case_no


def test_the_list_shows_what_the_cases_are_as_sentences_newest_first(office, judged):
    found = rows(office, "")
    assert no(office, judged[2]) in found[0]
    assert any("定为 三级投诉，因为 够不上一级、二级的其余投诉" in row for row in found)
    assert not any("通知" in row or "没有一条规则成立" in row for row in found)


def test_all_cases_that_a_rule_sent_to_a_department_in_a_month_are_one_address(office, judged):
    month = f"{office.now:%Y-%m}"
    address = f"?rule=route-forwarded-complaint&outcome=人力资源行政部&at={month}-01..{month}-30"
    found = rows(office, address)
    assert len(found) == 2  # registered, and asked again when the impact was known
    assert all(no(office, judged[1]) in row for row in found)
    assert rows(office, f"{address}&code=P02&version=2") == []
    assert rows(office, f"?rule=route-forwarded-complaint&at=..{office.today - timedelta(days=40)}") == []


def test_an_outcome_is_the_whole_name_and_not_a_part_of_another(office, judged):
    assert rows(office, "?outcome=人力资源") == []
    assert len(rows(office, "?outcome=客户服务中心")) == 1


def test_what_a_rule_nearly_decided_is_found_by_that_rule(office, judged):
    found = rows(office, "?near=grade-2-leader")
    assert found
    assert all(no(office, judged[1]) in row for row in found)


def test_what_somebody_overturned_is_found_and_only_that(office, judged):
    found = rows(office, "?by_hand=是")
    assert len(found) == 1
    assert no(office, judged[0]) in found[0]
    assert "grade-3" in found[0]
    assert len(rows(office, "?by_hand=否&kind=全部")) == office.count(CaseDecision) - 1


def test_a_transfer_overturns_the_route_and_going_along_with_the_rules_overturns_nothing(office, judged):
    office.do("transfer", judged[2], "王敏", to_dept="工程维修部", reason="由对方统一调查")
    assert len(rows(office, "?by_hand=是&stage=去向")) == 1
    office.do("change_grade", judged[0], "刘洋", grade="三级投诉", reason="核实后影响不大")
    assert len(rows(office, "?by_hand=是&stage=等级")) == 1


def test_cases_on_which_no_row_held_and_the_other_stages_are_asked_for_by_name(office, judged):
    assert all("没有一条规则成立" in row for row in rows(office, "?kind=没有规则成立"))
    assert any("拟考核" in row or "要办" in row for row in rows(office, "?stage=谁还欠什么"))
    assert len(rows(office, "?kind=全部")) == office.count(CaseDecision)


def test_words_are_looked_for_in_outcome_rule_number_and_content(office, judged):
    for word in ("三级", "grade-3", no(office, judged[0]), "第一件"):
        assert any(no(office, judged[0]) in row for row in rows(office, f"?search={word}")), word
    assert rows(office, "?search=没有这样的词") == []


def test_a_person_finds_only_decisions_on_the_cases_that_he_sees(office, judged):
    """孙伟 heads the department above the crew that is complained about; 吴磊 has nothing to do with it."""
    assert rows(office, "", "孙伟")
    assert rows(office, "", "吴磊") == []
    key = office.one(db.select(CaseDecision.id).limit(1))
    assert office.client("吴磊").get(f"/decisions/details/?id={key}").status_code == 404


def test_one_decision_says_who_overturned_it_what_it_saw_and_what_else_the_rule_decided(office, judged):
    query = db.select(CaseDecision.id).where(
        CaseDecision.complaint_id == judged[0], CaseDecision.verb == "change_grade"
    )
    key = office.one(query.where(CaseDecision.stage == "grade", CaseDecision.verb == "change_grade"))
    page = re.sub(r"\s+", " ", office.client("高总").get(f"/decisions/details/?id={key}").get_data(as_text=True))
    text = re.sub(r"<[^>]+>", "", page)
    assert "手工改为 二级投诉（规则定的是 三级投诉），由 刘洋，理由：影响较大" in text
    assert "看到的事实" in text
    assert 'href="/decisions/?rule=grade-3&amp;code=P02"' in page


def test_the_file_has_the_sentence_the_rule_and_the_rules_that_nearly_applied(office, judged):
    text = office.client("高总").get("/decisions/export/csv/?near=grade-2-leader").get_data(as_text=True)
    assert "定为 三级投诉，因为 够不上一级、二级的其余投诉" in text
    assert "grade-2-leader、grade-2-leader-provisional" in text


def test_each_rule_says_how_often_it_decided_in_a_year_and_leads_there(office, judged):
    client = office.client("高总")
    page = client.get("/procedures/details/?id=1").get_data(as_text=True)
    row = page.partition('id="r-grade-3"')[2].partition("</tr>")[0]
    number, address = re.search(r"(\d+) 次", row)[1], re.search(r'href="(/decisions/[^"]+)"', row)[1]
    assert len(rows(office, address.replace("&amp;", "&").removeprefix("/decisions/"))) == int(number)
    assert "一年没有用到" in page.partition('id="r-grade-1-media"')[2].partition("</tr>")[0]


def test_refusals_leave_no_decision_so_their_rules_are_not_called_unused(office):
    page = office.client("高总").get("/procedures/details/?id=1").get_data(as_text=True)
    assert "一年没有用到" not in page.partition('id="r-need-name"')[2].partition("</tr>")[0]


def test_the_page_of_a_version_counts_the_uses_of_all_its_rules_in_one_question(office, judged):
    client = office.client("高总")
    with counted(office.app, lambda statement: "case_decision" in statement) as asked:
        client.get("/procedures/details/?id=1")
    assert len(asked) == 1
