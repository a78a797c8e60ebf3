"""A procedure that nobody knew of: its own grades, words, form and ladder, and a case led through it.

Nothing but the document below says how a library answers its readers; every step is one of the common verbs.
"""

from __future__ import annotations

import pytest

from models import FormDocument
from rules.lint import lint
from rules.procedure import parse
from tests.support.cast import House, employ, shanghai, under

LIBRARY = """
[procedure]
code = "LIB"
title = "读者意见办理办法"
intervals = ["08:30-12:00", "13:30-17:00"]
grades = ["红牌", "黄牌", "绿牌"]
roles = ["值班员", "馆员", "馆长", "部门负责人"]
everybody = "馆员"
departments = [{ name = "读者服务部" }, { name = "典藏部" }]

[procedure.severity]
"红牌" = 4
"黄牌" = 2
"绿牌" = 1

[procedure.number_prefixes]
complaint = "DZ"

[vocabulary]
channels = ["意见簿", "窗口"]
natures = ["意见"]
categories = [{ name = "藏书" }, { name = "环境" }]
close_reasons = ["已答复"]
communication_kinds = ["解释"]

[[field]]
key = "rare_book"
label = "涉及善本"
type = "bool"

[[rule]]
id = "nature"
stage = "nature"
then = "意见"
because = "读者说的都是意见"
cites = ["第二条"]

[[rule]]
id = "grade-rare"
stage = "grade"
when = { rare_book = true }
then = "黄牌"
because = "涉及善本"
cites = ["第三条"]

[[rule]]
id = "grade-stays-red"
stage = "grade"
when = { grade = "红牌" }
then = "红牌"
because = "已经是红牌"
cites = ["第三条"]

[[rule]]
id = "grade-usual"
stage = "grade"
then = "绿牌"
because = "其余的意见"
cites = ["第三条"]

[[rule]]
id = "route"
stage = "route"
then = { department = "读者服务部" }
because = "意见归读者服务部"
cites = ["第四条"]

[[rule]]
id = "dispatch-books"
stage = "dispatch"
when = { category = "藏书" }
then = { department = "典藏部" }
because = "藏书归典藏部"
cites = ["第四条"]

[[rule]]
id = "letter-first"
stage = "require"
when = { verb = "close", documents = "not has 答复函" }
then = "请先写答复函"
because = "每条意见都要书面答复"
cites = ["第六条"]

[[rule]]
id = "tell-the-director"
stage = "notify"
when = { event = "升级" }
then = { to = ["role:馆长"], event = "红牌", text = "{case_no} 升为红牌" }
because = "红牌由馆长知道"
cites = ["第七条"]

[[limit]]
name = "答复"
amount = 2
unit = "工作日"
starts = "register"
met = "fill_document:答复函"
overdue_to = ["调查部门负责人"]
because = "两个工作日内答复"
cites = ["第五条"]
ladder = [
    { id = "soon", at = "-30分钟", do = "提醒", to = ["调查部门"] },
    { id = "late", at = "+0", do = "超期" },
    { id = "press", at = "+1工作日", do = "催办", to = ["调查部门"], every = "1工作日", times = 2 },
    { id = "red", at = "+3工作日", do = "定级", grade = "红牌", to = ["role:馆长"] },
]

[[form]]
kind = "答复函"
title = "读者意见答复函"
prefix = "DF"
who = ["馆员@读者服务部"]
field = [
    { key = "answer", label = "答复内容", type = "long", required = true },
    { key = "thanks", label = "致谢", type = "bool" },
]
signatures = [{ label = "馆长", by = "馆长" }]

[[report]]
kind = "意见簿"
column = [{ label = "编号", source = "case_no" }, { label = "牌", source = "grade" }]

[[indicator]]
name = "答复及时率"
numerator = "kept:答复"
denominator = "promised:答复"
target = 0.9

[[step]]
verb = "register"
to = "已受理"
who = ["值班员"]

[[step]]
verb = "update"
who = ["值班员"]

[[step]]
verb = "dispatch"
who = ["馆员@读者服务部"]

[[step]]
verb = "fill_document"

[[step]]
verb = "print"

[[step]]
verb = "report"

[[step]]
verb = "close"
who = ["馆员@读者服务部"]
"""
READER = {"channel": "意见簿", "name": "读者一", "phone": "13800000900", "content": "善本室太暗", "category": "藏书"}
MONDAY = "2026-06-08 16:50"


@pytest.fixture
def library(house: House) -> House:
    """The library alone: a clerk at the desk, a colleague without any role, a director."""
    under(house.session, LIBRARY)
    for name, roles in (("小周", ["值班员"]), ("小吴", []), ("郑馆长", ["馆长"])):
        employ(house.session, name, "读者服务部", *roles)
    house.case = house.do("register", by="小周", at=MONDAY, **READER, rare_book=True).thing
    return house


@pytest.mark.clause("F-12", "F-33")
def test_the_document_has_no_fault() -> None:
    assert [str(finding) for finding in lint(parse(LIBRARY))] == []


def test_its_own_words_grade_number_and_send_the_case(library: House) -> None:
    case = library.the_case()
    assert (case.nature, case.grade, str(case.investigation_department)) == ("意见", "黄牌", "读者服务部")
    assert case.case_no.startswith("DZ-20260608-")
    library.do("dispatch", by="小吴", at="2026-06-09 09:00")
    assert str(case.handling_department) == "典藏部"


def test_its_limit_counts_by_its_own_working_hours(library: House) -> None:
    assert library.due("答复") == "2026-06-10 17:00:00"


def test_its_ladder_is_climbed_rung_by_rung(library: House) -> None:
    told = []
    for at in ("2026-06-10 16:29", "2026-06-10 16:30", "2026-06-10 17:01", "2026-06-11 17:00", "2026-06-12 17:00"):
        before = len(library.notices())
        library.sweep(at)
        told.append([notice.event for notice in library.notices()[before:]])
    assert told == [[], ["临期"], ["超期"], ["催办"], ["催办"]]
    assert library.the_case().grade == "黄牌"
    library.sweep("2026-06-15 17:00")
    assert library.the_case().grade == "红牌"
    assert [notice.event for notice in library.notices(to="馆长")] != []
    before = len(library.notices())
    library.sweep("2026-06-30 17:00")
    assert len(library.notices()) == before


def test_its_form_is_numbered_asked_for_met_and_printed(library: House) -> None:
    assert "请先写答复函" in library.refused("close", by="小吴", at="2026-06-09 10:00", close_reason="已答复")
    blank = library.refused("fill_document", by="小吴", at="2026-06-09 10:00", kind="答复函", fields={"thanks": True})
    assert "答复内容" in blank
    fields = {"answer": "已加装读书灯", "thanks": True}
    letter = library.do("fill_document", by="小吴", at="2026-06-09 10:00", kind="答复函", fields=fields).result
    assert letter.no.startswith("DF-20260609-")
    assert shanghai(library.clock("答复").done_at) == "2026-06-09 10:00:00"
    sheets = library.do("print", by="小吴", at="2026-06-09 10:01", kind="答复函").result
    assert "已加装读书灯" in sheets[0].text
    library.do("close", by="小吴", at="2026-06-09 10:05", close_reason="已答复")
    assert library.the_case().state == "已结案"


def test_only_whom_it_names_may_write_its_form(library: House) -> None:
    asked = {"kind": "答复函", "fields": {"answer": "好"}}
    assert library.refused("fill_document", by="抄表班长甲", at="2026-06-09 10:00", **asked)
    assert library.newest(FormDocument) is None


def test_its_register_and_its_rate_are_its_own(library: House) -> None:
    fields = {"answer": "已加装读书灯"}
    library.do("fill_document", by="小吴", at="2026-06-09 10:00", kind="答复函", fields=fields)
    register = library.do("report", by="小周", at="2026-07-01 09:00", kind="意见簿", period="2026-06").result
    assert register.rows == ((library.the_case().case_no, "黄牌"),)
    figures = library.do("report", by="小周", at="2026-07-01 09:00", kind="月分析", period="2026-06").result
    assert [(kpi.name, kpi.value, kpi.met) for kpi in figures.kpis] == [("答复及时率", "100.00%", True)]
