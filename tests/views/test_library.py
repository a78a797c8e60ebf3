"""资料库 in the panel: everybody looks things up; which case taught or cites one is told to who sees that case."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import func, select

from models import Complaint, KnowledgeFile, KnowledgeItem
from rules.procedure import shipped
from tests.support.statements import counted
from tests.views.conftest import PASSWORD
from workflow import organisation, passwords, procedures
from workflow.access import SYSTEM

OFFICER, OTHER = "专管员甲", "孙伟"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
BROCHURE = {"kind": "楼盘销售信息资料", "title": "甲苑销售手册", "edition": "第1版", "project": "甲苑"}
CALL = {
    "channel": "来访", "source_form": "口头", "name": "客户一", "phone": "13800000501", "project": "甲苑",
    "content": "栏杆与手册不符", "promised_feedback_reason": "现场已答复", "procedure": "P03",
}  # fmt: skip


@pytest.fixture
def estate(office):
    """The office under the estate's procedure as well, with the officer of a project."""
    with office.session() as session:
        procedures.put_in_force(session, shipped()["P03"], actor=SYSTEM, now=office.now)
        given = {"name": OFFICER, "username": OFFICER, "department": "客户服务部", "roles": ["客服专管员(项目)"]}
        person = organisation.save_staff(session, arguments=given, actor=SYSTEM, now=office.now).result
        person.password_hash = passwords.HASHER.hash(PASSWORD)
        person.projects = ["甲苑"]
    return office


def filed(estate, **other):
    """An item of the library, by the verb; its key."""
    estate.do("file_item", None, OFFICER, **{**BROCHURE, "text": "交付标准见第3页", **other})
    return newest(estate)


def newest(estate):
    return estate.one(select(func.max(KnowledgeItem.id)))


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def upload(client, **given):
    files = [(BytesIO(PDF), name) for name in ("手册.pdf", "附图.pdf")]
    return client.post("/do/file_item", data={**BROCHURE, "files": files, **given}, content_type="multipart/form-data")


def test_several_files_are_filed_at_once_and_come_back_only_as_downloads(estate):
    officer = estate.client(OFFICER)
    assert upload(officer, tags="栏杆\r\n交付标准").status_code == 302
    item = estate.one(select(KnowledgeItem))
    assert (item.title, item.tags) == ("甲苑销售手册", ["栏杆", "交付标准"])
    assert "手册.pdf" in read(estate.client(OTHER), f"/library/details/?id={item.id}")
    key = estate.one(select(KnowledgeFile.id).where(KnowledgeFile.file_name == "附图.pdf"))
    with estate.client(OTHER).get(f"/library/download/?id={key}") as answer:
        assert (answer.status_code, answer.data) == (200, PDF)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "content"), [("手册.html", b"<script>"), ("手册.pdf", b"MZ program"), ("空.pdf", b"")]
)
def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_filed(estate, name, content):
    answer = upload(estate.client(OFFICER), files=[(BytesIO(content), name)])
    assert answer.status_code == 422
    assert estate.count(KnowledgeItem) == 0


def test_a_program_cannot_give_content_that_somebody_else_has_stored(estate):
    given = {**BROCHURE, "files": [{"file_name": "手册.pdf", "sha256": "ab" * 32}]}
    answer = estate.client(OFFICER).post("/api/do/file_item", json=given)
    assert answer.status_code == 400
    assert estate.count(KnowledgeItem) == 0


@pytest.mark.parametrize("key", ["0", "-1", "1,2", "abc", "9" * 30, ""])
def test_a_file_that_is_none_is_not_found(estate, key):
    assert estate.client(OTHER).get(f"/library/download/?id={key}").status_code == 404


def test_the_list_shows_the_newest_editions_and_their_page_leads_to_the_older_ones(estate):
    first = filed(estate)
    estate.do("replace_item", None, OFFICER, item=str(first), edition="第2版", text="改为玻璃")
    second = newest(estate)
    page = read(estate.client(OTHER), "/library/")
    assert "第2版" in page
    assert "第1版" not in page
    assert f'href="/library/details/?id={first}"' in read(estate.client(OTHER), f"/library/details/?id={second}")
    assert "已有新版：甲苑销售手册 第2版" in read(estate.client(OTHER), f"/library/details/?id={first}")


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ("kind=楼盘资料", {"栏杆图"}),
        ("project=甲苑", {"甲苑手册", "栏杆图"}),
        ("tag=栏杆", {"栏杆图"}),
        ("search=栏杆", {"栏杆图", "甲苑手册"}),
        ("search=甲苑+栏杆", {"栏杆图", "甲苑手册"}),
        ("search=%25", set()),
        ("use=已撤下", {"通用标准"}),
    ],
)
def test_it_is_narrowed_by_kind_project_tag_and_words(estate, narrowed, found):
    filed(estate, title="甲苑手册", text="栏杆见第3页")
    filed(estate, title="栏杆图", kind="楼盘资料", tags=["栏杆"], text="节点")
    estate.do("withdraw_item", None, None, item=str(filed(estate, title="通用标准", project="")), reason="过期")
    page = read(estate.client(OTHER), f"/library/?{narrowed}")
    rows = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert {title for title in ("甲苑手册", "栏杆图", "通用标准") if title in rows} == found


def test_which_case_taught_or_cites_it_is_told_to_who_sees_that_case(estate):
    case = estate.do("register", None, OFFICER, **CALL)
    item = filed(estate)
    estate.do("cite_item", case, OFFICER, item=str(item), note="第3页")
    with estate.session() as session:
        session.get(Complaint, case).state = "已结案"
    estate.do("file_item", case, OFFICER, kind="经验总结", title="先查合同", text="附件二")
    number = estate.find(case).case_no
    for key in (item, newest(estate)):
        assert number in read(estate.client(OFFICER), f"/library/details/?id={key}")
        page = read(estate.client(OTHER), f"/library/details/?id={key}")
        assert number not in page
        assert "第3页</td>" not in page


def test_the_page_of_the_case_names_what_it_cites_and_offers_to_cite_and_to_take_back(estate):
    case, item = estate.do("register", None, OFFICER, **CALL), filed(estate)
    page = read(estate.client(OFFICER), f"/complaints/details/?id={case}")
    assert f"/do/cite_item/{case}" in page
    estate.do("cite_item", case, OFFICER, item=str(item))
    page = read(estate.client(OFFICER), f"/complaints/details/?id={case}")
    assert f'<a href="/library/details/?id={item}">甲苑销售手册 第1版</a>' in page
    assert f"/do/uncite_item/{case}?citation=" in page


def test_the_forms_say_which_edition_they_are_about(estate):
    key = filed(estate)
    page = read(estate.client(OFFICER), f"/do/replace_item?item={key}")
    assert '<p class="about">甲苑销售手册 第1版</p>' in page
    assert "交付标准见第3页</textarea>" in page


def test_who_may_not_file_is_offered_nothing(estate):
    key = filed(estate)
    assert "/do/file_item" not in read(estate.client(OTHER), "/library/")
    assert "/do/replace_item" not in read(estate.client(OTHER), f"/library/details/?id={key}")


def test_the_room_is_offered_where_a_procedure_files_and_where_something_is_kept(office):
    assert 'href="/library/"' not in read(office.client(OTHER), "/complaints/")
    assert office.client(OTHER).get("/library/").status_code == 200


def test_the_room_stands_in_the_navigation_of_those_who_file(estate):
    assert 'href="/library/"' in read(estate.client(OFFICER), "/complaints/")


def test_more_items_ask_no_more_statements(estate):
    client, asked = estate.client(OFFICER), []
    for title in ("一", "二", "三", "四"):
        filed(estate, title=title)
        if title != "三":
            client.get("/library/")
            with counted(estate.app) as statements:
                client.get("/library/")
            asked.append(len(statements))
    assert asked[1] == asked[2]


def test_more_editions_ask_no_more_statements(estate):
    client, key, asked = estate.client(OFFICER), filed(estate), []
    for number in range(2, 6):
        estate.do("replace_item", None, OFFICER, item=str(key), edition=f"第{number}版", text=f"第{number}页")
        key = newest(estate)
        client.get(f"/library/details/?id={key}")
        with counted(estate.app) as statements:
            client.get(f"/library/details/?id={key}")
        asked.append(len(statements))
    assert asked[0] == asked[-1], asked


def test_it_speaks_english(estate):
    case, key, client = estate.do("register", None, OFFICER, **CALL), filed(estate), estate.client(OFFICER)
    estate.do("cite_item", case, OFFICER, item=str(filed(estate, title="栏杆图")))
    client.post("/language", data={"language": "en", "url": "/"})
    told = {
        "/library/": ("Library", "Filed on", "Tags", "File in the library"),
        f"/library/details/?id={key}": ("Editions", "Complaints that cite it", "File a new edition"),
        f"/do/cite_item/{case}": ("(filed ", "e.g. page 3, delivery standard"),
        f"/complaints/details/?id={case}": ("Library items cited", "栏杆图 第1版 (filed "),
    }
    pages = {path: read(client, path) for path in told}
    assert [(path, word) for path, words in told.items() for word in words if word not in pages[path]] == []


@pytest.mark.parametrize("search", ["%00", "%ED%A0%80", "%25_%5C", '"%5D', "x" * 3000])
def test_no_search_makes_the_list_fail(estate, search):
    filed(estate, tags=["栏杆"])
    assert estate.client(OTHER).get(f"/library/?search={search}&tag={search}").status_code in (200, 400)
