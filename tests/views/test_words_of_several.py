"""Filters offer the words of every procedure that there are rows of, each once, under the procedure that says it."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from models import Complaint
from rules.procedure import shipped
from tests.support.cast import retire
from tests.support.statements import counted
from tests.views.conftest import OTHERS, Office
from tests.views.test_figures_of_several import TITLES, text_of
from workflow import procedures
from workflow.access import SYSTEM


def group_of(page, key):
    """Heading to the terms of one filter of the sheet, as the page shows them."""
    parts = page.replace("（", "(").replace("）", ")").split('<div role="group"')
    found = next((part for part in parts if f'name="{key}"' in part and "checkbox" in part), "")
    groups, heading = {}, ""
    for of, value in re.findall(r'<span class="of">([^<]*)</span>|name="' + key + r'" value="([^"]*)"', found):
        heading = of or heading
        if value:
            groups.setdefault(heading, []).append(value)
    return groups


@pytest.mark.parametrize("path", ["/complaints/", "/visits/", "/assessments/"])
def test_every_grade_of_every_procedure_can_be_asked_for_once(five, path):
    groups = group_of(text_of(five.client("高总").get(path)), "grade")
    terms = [term for found in groups.values() for term in found]
    wanted = {grade for code in (*OTHERS, "P02") for grade in procedures.compiled(shipped()[code], 1).grades}
    assert set(terms) == wanted
    assert len(terms) == len(set(terms))
    assert groups["各制度通用"] == ["一般"]
    assert groups[TITLES["P02"]] == ["一级投诉", "二级投诉", "三级投诉"]
    assert groups[TITLES["P03"]] == ["重大", "热点", "重要"]


def test_one_procedure_needs_no_headings(office: Office):
    groups = group_of(text_of(office.client("高总").get("/complaints/")), "grade")
    assert groups == {"": ["一级投诉", "二级投诉", "三级投诉"]}


def test_cases_can_be_narrowed_to_a_procedure_and_the_word_is_its_title(five):
    client = five.client("高总")
    page = text_of(client.get("/complaints/?procedure=P03"))
    assert "属于P03的事" in page
    assert "属于P01的事" not in page
    assert TITLES["P03"] in page
    assert group_of(page, "procedure") == {"": list(TITLES)}
    book = client.get("/complaints/export/csv/?procedure=P03").data.decode("utf-8-sig")
    assert ("属于P03的事" in book, "属于P01的事" in book) == (True, False)


def test_with_one_procedure_there_is_no_such_filter(office: Office):
    assert group_of(text_of(office.client("高总").get("/complaints/")), "procedure") == {}


def test_a_filter_keeps_the_words_of_retired_procedures_and_of_older_versions(five):
    with five.session() as session:
        text = shipped()["P03"].replace("热点", "火点")
        procedures.put_in_force(session, text, actor=SYSTEM, now=five.now)
        retire(session, "P00b", at=five.now)
    client = five.client("高总")
    groups = group_of(text_of(client.get("/complaints/")), "grade")
    assert {"热点", "火点"} <= set(groups[TITLES["P03"]])
    assert "严重" in groups[TITLES["P00b"]]
    assert client.get("/complaints/?grade=热点").status_code == 200
    assert "没有这样的值" not in text_of(client.get("/complaints/?grade=严重"))


def test_every_word_of_a_row_that_is_shown_is_offered(five):
    with five.session() as session:
        rows = session.execute(select(Complaint.nature, Complaint.grade, Complaint.channel)).all()
    page = text_of(five.client("高总").get("/complaints/"))
    for place, key in enumerate(("nature", "grade", "channel")):
        offered = {term for terms in group_of(page, key).values() for term in terms}
        assert {row[place] for row in rows if row[place]} <= offered


def test_the_words_of_the_documents_are_read_once_in_a_process(five):
    client = five.client("高总")
    client.get("/complaints/")
    with counted(five.app, lambda statement: "procedure_version.text" in statement) as read:
        client.get("/complaints/")
    assert len(read) <= len(TITLES)


def test_the_standards_of_each_procedure_that_has_some_can_be_picked(office: Office):
    client = office.client("高总")
    assert 'class="picker"' not in text_of(client.get("/standards/"))
    with office.session() as session:
        text = (
            shipped()["P02"]
            .replace('code = "P02"', 'code = "P02B"')
            .replace('title = "客户服务质量问题管理规定"', 'title = "分公司规定"')
        )
        procedures.put_in_force(session, text, actor=SYSTEM, now=office.now)
    page = text_of(client.get("/standards/?procedure=P02B"))
    assert "分公司规定" in page
    assert 'href="/standards/?procedure=P02"' in page
    assert all("procedure=P02B" in link for link in re.findall(r'href="(/standards/\?category[^"]*)"', unescape(page)))
