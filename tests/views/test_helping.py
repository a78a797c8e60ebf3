"""协办 on the pages: before whoever may help, with what is asked; on the case, with what came of it."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest

from rules.procedure import shipped
from tests.support.cast import employ
from tests.support.statements import counted
from tests.views.conftest import PASSWORD
from workflow import organisation, passwords, procedures
from workflow.access import SYSTEM
from workflow.arguments import find_person

PEOPLE = {
    "接待甲": ("客服部", "受理人", []),
    "会计甲": ("财务部", "承办人", []),
    "会计头": ("财务部", None, []),
    "辅导师甲": ("教研部", None, ["心理辅导"]),
    "项目甲": ("项目部", "承办人", []),
}
COMPLAINT = {
    "procedure": "P01",
    "channel": "柜台",
    "kind": "监护人",
    "name": "客户九",
    "phone": "13800000999",
    "content": "辅导后孩子情绪更差",
    "category": "心理辅导",
}


def text(html):
    """What is read of it."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def asked(office, name):
    """What stands on the desk of this person under what he is asked to help with."""
    return office.client(name).get("/").get_data(as_text=True).partition("请您协办的")[2].partition("</section>")[0]


def stints(office, case, name="接待甲"):
    """The block of the departments on the page of the case."""
    page = office.client(name).get(f"/complaints/details/?id={case}").get_data(as_text=True)
    return text(page.partition("各部门用时")[2].partition("</section>")[0])


@pytest.fixture
def project(office):
    """The service project, with people who can sign in; the head of 财务部 is 会计头."""
    with office.session() as session:
        procedures.put_in_force(session, shipped()["P01"], actor=SYSTEM, now=office.now)
        for name, (place, role, skills) in PEOPLE.items():
            person = employ(session, name, place, *([role] if role else []), skills=skills)
            person.username, person.password_hash = name, passwords.HASHER.hash(PASSWORD)
        organisation.ensure_department(session, "财务部").head = find_person(session, "会计头")
    return office


@pytest.fixture
def case(project):
    """A case with which 财务部 is asked to help."""
    key = project.do("register", None, "接待甲", **COMPLAINT)
    project.do("add_codepartment", key, "接待甲", to_dept="财务部", note="核对收费")
    return key


@pytest.mark.clause("P01-7.9")
def test_what_a_department_is_asked_for_stands_before_its_head_and_whoever_works_there(project, case):
    for name in ("会计甲", "会计头"):
        found = asked(project, name)
        assert "待接" in found and "核对收费" in found
        assert f'data-verb href="/do/sign_help/{case}?url=/"' in found
    assert asked(project, "项目甲") == asked(project, "接待甲") == ""


@pytest.mark.clause("P01-7.9", "P01-6.5")
def test_who_is_named_is_asked_himself_with_his_head_and_nobody_else(project, case):
    project.do("sign_help", case, "会计头", to_person="会计甲")
    assert "协办中" in asked(project, "会计甲") and f"/do/finish_help/{case}" in asked(project, "会计甲")
    assert "会计甲" in asked(project, "会计头")
    project.do("add_codepartment", case, "接待甲", to_person="辅导师甲", note="评估方案")
    assert "评估方案" in asked(project, "辅导师甲")


def test_what_is_done_is_asked_no_more_and_the_number_in_the_bar_falls(project, case):
    def badge():
        found = re.search(
            r'class="word"[^>]*>[^<]*<span class="count">(\d+)<', client.get("/me/").get_data(as_text=True)
        )
        return int(found[1]) if found else 0

    client = project.client("会计甲")
    assert badge() == 1
    project.do("finish_help", case, "会计甲", result="没有多收")
    assert (badge(), asked(project, "会计甲")) == (0, "")


def test_more_help_asks_no_more_statements(project, case):
    client = project.client("会计甲")
    client.get("/")
    with counted(project.app) as few:
        client.get("/")
    for _ in range(3):
        key = project.do("register", None, "接待甲", **COMPLAINT)
        soon = f"{project.today + timedelta(days=2)} 12:00"
        project.do("add_codepartment", key, "接待甲", to_dept="财务部", expected_finish_at=soon)
    with counted(project.app) as many:
        client.get("/")
    assert len(many) <= len(few), (len(few), len(many))


@pytest.mark.clause("P01-7.9", "P01-8.1")
def test_the_time_that_was_named_for_the_help_stands_beside_it(project, case):
    soon = f"{project.today + timedelta(days=2)} 12:00"
    project.do("add_codepartment", case, "接待甲", to_dept="项目部", expected_finish_at=soon)
    assert re.search(r"还有 \d+ 天", text(asked(project, "项目甲")))
    assert "还有" not in text(asked(project, "会计甲"))


@pytest.mark.clause("P01-7.9")
def test_the_page_of_the_case_says_of_each_help_how_it_stands_and_what_came_of_it(project, case):
    project.do("add_codepartment", case, "接待甲", to_person="辅导师甲", note="评估方案")
    project.do("finish_help", case, "会计甲", result="没有多收")
    project.do("return_help", case, "辅导师甲", reason="不在本市")
    found = stints(project, case)
    assert re.search(r"财务部 协办 · 会计甲 已完成 .*协办事项： 核对收费 结果： 没有多收", found), found
    assert re.search(r"教研部 协办 · 辅导师甲 已退回 .*协办事项： 评估方案 理由： 不在本市", found), found


def test_the_api_tells_the_same(project, case):
    project.do("finish_help", case, "会计甲", result="没有多收")
    found = project.client("接待甲").get(f"/api/complaints/{project.find(case).case_no}").get_json()
    help_of = {one["department"]: one["help"] for one in found["stints"]}
    assert help_of["财务部"] == {"state": "已完成", "person": "会计甲", "asked": "核对收费", "result": "没有多收"}
    assert help_of["客服部"] is None


@pytest.mark.clause("P01-6.5")
def test_the_form_offers_whoever_knows_the_kind_of_case_with_what_he_knows(project, case):
    page = project.client("接待甲").get(f"/do/add_codepartment/{case}").get_data(as_text=True)
    (first,) = json.loads(unescape(re.search(r'data-first="([^"]*)"', page)[1]))
    assert (first["name"], first["more"]) == ("辅导师甲", "教研部 · 心理辅导")


def test_a_department_that_is_asked_to_help_is_refused_what_is_not_its_own(project, case):
    project.do("add_codepartment", case, "接待甲", to_person="辅导师甲", note="评估方案")
    client = project.client("会计甲")
    answer = client.post(f"/do/finish_help/{case}", data={"department": "教研部", "result": "替他写"})
    assert answer.status_code == 422
    assert project.client("项目甲").post(f"/do/finish_help/{case}", data={"result": "替他写"}).status_code == 403
    assert stints(project, case).count("待接") == 2


def test_what_somebody_knows_stands_on_his_page(project):
    key = project.staff("辅导师甲").id
    assert "心理辅导" in text(project.client("管理员").get(f"/staff/details/?id={key}").get_data(as_text=True))


def test_the_desk_and_the_case_are_said_in_english(project, case):
    client = project.client("会计甲")
    client.post("/language", data={"language": "en", "url": "/"})
    assert "You are asked to help" in client.get("/").get_data(as_text=True)
    page = text(client.get(f"/complaints/details/?id={case}").get_data(as_text=True))
    assert "Not taken on yet" in page
