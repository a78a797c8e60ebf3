"""制度: the list of versions, the life of one, what may be done with it, and the second pair of eyes."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import ProcedureActivation, ProcedureVersion, Staff
from rules.procedure import shipped
from workflow import organisation

NEW_WORDS = "够不上一级、二级的一律为三级"


def plain(answer):
    """What a page says, without its mark-up."""
    text = answer.get_data(as_text=True).partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def newest(office, table=ProcedureVersion):
    return office.one(select(table.id).order_by(table.id.desc()).limit(1))


@pytest.fixture
def draft(office):
    """A draft of the next version, one word changed by 孙伟."""
    office.do("draft_procedure", None, "孙伟", code="P02")
    key = newest(office)
    value = {"cell": "because", "value": NEW_WORDS}
    office.do("edit_procedure", None, "孙伟", draft=key, section="rule", row="grade-3", kind="改", value=value)
    return key


@pytest.fixture
def asked(office, draft):
    """The same, waiting for a second person."""
    office.do("submit_procedure", None, "孙伟", draft=draft, reason="说得更明白,不改判法", unreplayed="只改了字")
    return newest(office, ProcedureActivation)


def page_of(office, key, name="孙伟"):
    return plain(office.client(name).get(f"/procedures/details/?id={key}"))


def test_a_list_says_of_each_version_whether_it_is_in_force_waits_or_is_a_draft(office, asked):
    office.do("draft_procedure", None, "吴磊", code="P02")
    found = plain(office.client("孙伟").get("/procedures/"))
    rules = "客户服务质量问题管理规定"
    assert re.search(rf"P02 第 3 版 {rules} 草稿 .*P02 第 2 版 {rules} 待审 .*P02 第 1 版 {rules} 在用", found)
    assert "等着审核的 P02 第 2 版 孙伟：说得更明白，不改判法" in found


def test_a_version_for_later_is_to_come_and_says_when(office, draft):
    later = office.now + timedelta(days=9)
    given = {"reason": "下月起", "unreplayed": "只改了字", "from_at": later.isoformat()}
    office.do("submit_procedure", None, "孙伟", draft=draft, **given)
    office.do("review_procedure", None, "高总", activation=newest(office, ProcedureActivation), decision="同意")
    client = office.client("王敏")
    assert "P02 第 2 版 客户服务质量问题管理规定 将生效" in plain(client.get("/procedures/?standing=将生效"))
    assert "P02 第 1 版 客户服务质量问题管理规定 在用" in plain(client.get("/procedures/?standing=在用"))
    assert "不再生效 改用第 2 版" in page_of(office, 1)


def test_a_draft_is_shown_to_those_who_look_after_the_procedure_and_to_nobody_else(office, draft):
    for name in ("孙伟", "吴磊", "高总", "管理员"):
        assert office.client(name).get(f"/procedures/details/?id={draft}").status_code == 200, name
    clerk = office.client("王敏")
    for address in ("details/", "toml/"):
        assert clerk.get(f"/procedures/{address}?id={draft}").status_code == 404
    assert "草稿 孙伟" not in plain(clerk.get("/procedures/"))


def test_an_auditor_reads_drafts_and_reviews_and_is_offered_nothing(office, asked, draft):
    with office.session() as session:
        person = session.scalar(select(Staff).where(Staff.name == "周杰"))
        organisation.give_role(session, person, "审计", None)
    auditor = office.client("周杰")
    for address in (f"details/?id={draft}", f"compare/?id={draft}", f"review/?id={asked}"):
        answer = auditor.get(f"/procedures/{address}")
        assert answer.status_code == 200 and "/do/" not in answer.get_data(as_text=True).partition("<main")[2], address
    assert auditor.get(f"/do/review_procedure?activation={asked}").status_code == 403


def test_the_life_of_a_version_names_who_drafted_edited_asked_agreed_and_from_when_it_holds(office, asked, draft):
    office.do("review_procedure", None, "高总", activation=asked, decision="同意", opinion="写得清楚")
    life = page_of(office, draft).partition("这一版的经过")[2].partition("规则 ")[0]
    for words in ("起草 孙伟 依据第 1 版", "修改 孙伟 共 1 处", "提交审核 孙伟", "审核同意 高总 写得清楚", "生效"):
        assert words in life, words


def test_each_person_is_offered_what_he_may_do_with_a_version(office, draft):
    def offered(name, key):
        page = office.client(name).get(f"/procedures/details/?id={key}").get_data(as_text=True)
        return re.findall(r"/do/(\w+)\?", page.partition('class="buttons verbs"')[2].partition("</div>\n  </div>")[0])

    assert offered("王敏", 1) == []
    assert offered("孙伟", 1) == ["draft_procedure", "retire_procedure"]
    assert offered("孙伟", draft) == ["submit_procedure", "give_up_draft"]
    assert offered("高总", draft) == []
    assert "/procedures/migrate/" in office.client("高总").get("/procedures/details/?id=1").get_data(as_text=True)


def test_a_sheet_says_which_version_it_is_about_and_asks_no_numbers(office, draft):
    client = office.client("孙伟")
    begun = client.get("/do/draft_procedure?code=P02&based_on=1")
    assert "P02 客户服务质量问题管理规定 第 1 版" in plain(begun)
    assert 'type="hidden" name="based_on" value="1"' in begun.get_data(as_text=True)
    sent = plain(client.get(f"/do/submit_procedure?draft={draft}"))
    assert "第 2 版 这份草稿还没有重放：先重放，或者写明不重放的原因。" in sent


def test_a_draft_that_was_begun_opens_in_the_editor(office):
    answer = office.client("孙伟").post(
        "/do/draft_procedure?code=P02&based_on=1", data={"code": "P02", "based_on": "1"}
    )
    assert answer.location.startswith(f"/drafts/{newest(office)}")


def test_the_text_of_a_version_comes_as_a_file_as_it_was_written(office):
    answer = office.client("王敏").get("/procedures/toml/?id=1")
    assert answer.get_data(as_text=True) == shipped()["P02"]
    assert "P02-v1.toml" in answer.headers["Content-Disposition"]


def test_a_file_is_brought_in_as_a_draft_with_its_comments(office):
    text = "# 我们自己的说明\n" + shipped()["P02"].replace("够不上一级、二级的其余投诉", NEW_WORDS)
    client = office.client("孙伟")
    answer = client.post("/procedures/import/", data={"file": (io.BytesIO(text.encode()), "P02.toml"), "form_id": "a"})
    assert answer.status_code == 302
    assert client.get(f"/procedures/toml/?id={newest(office)}").get_data(as_text=True).startswith("# 我们自己的说明")
    again = client.post("/procedures/import/", data={"text": text, "form_id": "a"})
    assert again.status_code == 422
    assert office.count(ProcedureVersion) == 2


def test_a_faulty_text_is_refused_with_what_is_wrong_and_stays_in_the_form(office):
    text = shipped()["P02"].replace('stage = "grade"', 'stage = "gradus"', 1)
    answer = office.client("孙伟").post("/procedures/import/", data={"text": text})
    assert answer.status_code == 422
    assert "没有“gradus”这个环节" in plain(answer)
    assert "gradus" in answer.get_data(as_text=True).partition("<textarea")[2]
    assert office.count(ProcedureVersion) == 1


@pytest.mark.parametrize("sent", [b"\xff\xfe\x00", b"", b"x" * 500_000, b"[procedure]\n"])
def test_what_is_no_document_is_answered_in_words(office, sent):
    answer = office.client("孙伟").post("/procedures/import/", data={"file": (io.BytesIO(sent), "x.toml")})
    assert answer.status_code == 422
    assert office.count(ProcedureVersion) == 1


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"#" * 400_001, "文件太大:一部制度最多 400 KB"),
        ("# 长\n".encode("gbk"), "文件不是 UTF-8 编码的文字"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_so(office, sent, told):
    answer = office.client("孙伟").post("/procedures/import/", data={"file": (io.BytesIO(sent), "x.toml")})
    page = plain(answer)
    assert (answer.status_code, told in page.replace("：", ":").replace("，", ",")) == (422, True)
    assert "请填写" not in page


def test_a_pasted_text_that_is_too_long_is_told_so_and_not_cut(office):
    answer = office.client("孙伟").post("/procedures/import/", data={"text": shipped()["P02"] + "# a\n" * 100_000})
    assert (answer.status_code, "最多400000个字" in plain(answer).replace(" ", "")) == (422, True)


def test_who_looks_after_no_procedure_brings_nothing_in(office):
    client = office.client("王敏")
    assert client.get("/procedures/import/").status_code == 403
    assert client.post("/procedures/import/", data={"text": shipped()["P02"]}).status_code == 403


def test_a_review_waits_on_the_desk_of_those_who_may_decide_it_until_it_is_decided(office, asked):
    def desk(name):
        return "等着审核的制度 P02 第 2 版" in plain(office.client(name).get("/"))

    assert [name for name in ("高总", "吴磊", "孙伟", "王敏", "管理员") if desk(name)] == ["高总", "吴磊"]
    office.do("review_procedure", None, "高总", activation=asked, decision="同意")
    assert not desk("吴磊")


def test_the_review_page_says_why_who_and_why_there_is_no_replay(office, asked):
    found = plain(office.client("高总").get(f"/procedures/review/?id={asked}"))
    for words in (
        "理由 说得更明白，不改判法",
        "提交 孙伟",
        "生效 同意之时",
        "谁改的 孙伟（1 处）",
        "没有重放：只改了字",
    ):
        assert words in found, words


def test_who_edited_sees_why_he_may_not_review_and_gets_no_buttons(office, asked):
    page = office.client("孙伟").get(f"/procedures/review/?id={asked}")
    assert "您起草、修改或提交过它，须由另一个人审核。" in plain(page)
    assert "review_procedure" not in page.get_data(as_text=True)


def test_a_second_person_agrees_from_the_review_page_and_the_version_is_in_force(office, asked, draft):
    client = office.client("高总")
    page = client.get(f"/procedures/review/?id={asked}").get_data(as_text=True)
    address = re.search(r'href="(/do/review_procedure\?[^"]+)"', page)[1].replace("&amp;", "&")
    assert "P02 第 2 版 说得更明白，不改判法" in plain(client.get(address))
    answer = client.post(address, data={"activation": str(asked), "decision": "同意", "opinion": "好"})
    assert answer.location == f"/procedures/review/?id={asked}"
    assert "同意 高总" in plain(client.get(answer.location))
    assert "P02 第 2 版 客户服务质量问题管理规定 在用" in plain(client.get("/procedures/"))


def test_a_refusal_needs_an_opinion_and_sends_the_draft_back(office, asked, draft):
    client = office.client("高总")
    refused = client.post("/do/review_procedure", data={"activation": str(asked), "decision": "驳回"})
    assert "驳回须写明意见" in plain(refused)
    given = {"activation": str(asked), "decision": "驳回", "opinion": "请先重放"}
    assert client.post("/do/review_procedure", data=given).status_code == 302
    assert "审核驳回 高总 请先重放" in page_of(office, draft)


def test_requests_and_reviews_are_nobodys_business_but_the_stewards(office, asked):
    assert office.client("王敏").get(f"/procedures/review/?id={asked}").status_code == 404
    assert "等着审核的" not in plain(office.client("王敏").get("/procedures/"))


def test_an_older_version_is_asked_for_again_and_reviewed_like_any_other(office, asked, draft):
    office.do("review_procedure", None, "高总", activation=asked, decision="同意")
    page = office.client("孙伟").get("/procedures/details/?id=1").get_data(as_text=True)
    assert "/do/activate?code=P02&amp;number=1" in page
    office.do("activate", None, "孙伟", code="P02", number=1, reason="新版有误")
    request = newest(office, ProcedureActivation)
    assert "新版有误" in plain(office.client("高总").get(f"/procedures/review/?id={request}"))
    office.do("review_procedure", None, "高总", activation=request, decision="同意")
    assert "P02 第 1 版 客户服务质量问题管理规定 在用" in plain(office.client("高总").get("/procedures/?standing=在用"))


def test_a_request_to_take_out_of_force_has_a_review_page_without_a_version(office):
    text = shipped()["P02"].replace('code = "P02"', 'code = "X1"', 1)
    office.do("import_procedure", None, "管理员", text=text)
    office.do("submit_procedure", None, "管理员", draft=newest(office), reason="新的", unreplayed="没有旧案")
    office.do("review_procedure", None, "高总", activation=newest(office, ProcedureActivation), decision="同意")
    office.do("retire_procedure", None, "孙伟", code="X1", reason="并入另一部制度")
    found = plain(office.client("高总").get(f"/procedures/review/?id={newest(office, ProcedureActivation)}"))
    assert "审核 停用 X1" in found
    assert "并入另一部制度" in found
