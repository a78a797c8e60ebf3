"""A page in English speaks no Chinese but for what people and the history have written down in it."""

import re
from decimal import Decimal
from time import process_time

import pytest
from flask_babel import force_locale

from rules.facts import ARGUMENT
from rules.procedure import parse, shipped
from tests.support import stories
from tests.support.msgids import CHINESE
from tests.views.conftest import furnished
from views import rulewords
from views.formats import money
from views.regulations import limit_line
from views.said import said
from views.told import told

NAMES = {
    "王敏": "Wang Min",
    "刘洋": "Liu Yang",
    "孙伟": "Sun Wei",
    "周杰": "Zhou Jie",
    "吴磊": "Wu Lei",
    "高总": "Gao",
    "管理员": "Ada",
}
WRITTEN = re.compile(
    r'(?s)<ol class="story">.*?</ol>|<input[^>]*>|<textarea.*?</textarea>|\svalue="[^"]*"|\shref="[^"]*"'
    r"|<button[^>]*>中文</button>|“(?:未提供|无)”"
)
"""The history, what forms send, and what is to be typed as it stands."""
CALL = {
    "name": "Li Mei",
    "address": "1 River Road",
    "content": "The meter reader did not come at the agreed time",
    "demand": "Keep appointments",
}


@pytest.fixture
def english(office):
    """A case with its order, and a browser that has chosen English."""
    key = office.ordered(**CALL)

    def browser(name):
        client = office.client(name)
        client.post("/language", data={"language": "en", "url": "/"})
        return client

    return key, browser


def names_in_latin_letters(engine):
    furnished(engine, NAMES)


@pytest.fixture
def furnishing():
    return names_in_latin_letters


def chinese_in(answer):
    """What is left of Chinese on a page, each piece with what follows it."""
    text = re.sub(WRITTEN, "", answer.get_data(as_text=True))
    return [text[found.start() : found.start() + 40] for found in CHINESE.finditer(text)]


def test_the_page_before_signing_in_is_in_english_once_it_was_chosen(office):
    client = office.client()
    client.post("/language", data={"language": "en", "url": "/login"})
    page = client.get("/login")
    assert "Sign in" in page.get_data(as_text=True)
    assert chinese_in(page) == []


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/complaints/",
        "/complaints/?open=超期&nature=抱怨",
        "/complaints/details/?id={key}",
        "/do/register",
        "/do/issue_order/{key}",
        "/do/communicate/{key}",
        "/orders/",
        "/corrections/",
        "/notices/",
        "/duties/",
        "/figures/ledger",
        "/figures/month",
        "/figures/standards",
        "/standards",
        "/procedures/",
        "/procedures/details/?id=1",
        "/procedures/compare/?id=1",
        "/decisions/",
        "/decisions/?kind=全部&near=grade-3",
        "/decisions/details/?id=1",
        "/me/",
        "/nowhere",
    ],
)
def test_every_page_of_the_work_is_in_english(english, address):
    key, browser = english
    page = browser("Wang Min").get(address.format(key=key), follow_redirects=True)
    assert 'lang="en"' in page.get_data(as_text=True)
    assert chinese_in(page) == []


@pytest.mark.parametrize(
    "address", ["/staff/", "/departments/", "/roles/", "/roles/details/?id=1", "/jobruns/", "/calendar/"]
)
def test_every_page_of_the_settings_is_in_english(english, address):
    _key, browser = english
    assert chinese_in(browser("Ada").get(address)) == []


@pytest.mark.parametrize(
    "address",
    ["/procedures/details/?id=2", "/procedures/compare/?id=2", "/procedures/review/?id=2", "/procedures/import/", "/"],
)
def test_every_page_of_a_version_that_waits_is_in_english(office, english, address):
    _key, browser = english
    office.do("draft_procedure", None, "Sun Wei", code="P02")
    edit = {"section": "rule", "row": "grade-3", "kind": "改", "value": {"cell": "because", "value": "The rest"}}
    office.do("edit_procedure", None, "Sun Wei", draft=2, **edit)
    office.do("submit_procedure", None, "Sun Wei", draft=2, reason="Clearer", unreplayed="Words only")
    assert chinese_in(browser("Gao").get(address)) == []


def test_the_page_on_which_cases_are_moved_is_in_english(english):
    _key, browser = english
    assert chinese_in(browser("Gao").get("/procedures/migrate/?id=1")) == []


def test_a_refusal_is_in_english_with_everything_that_was_filled_into_it(english):
    key, browser = english
    page = browser("Wang Min").post(f"/do/communicate/{key}", data={"kind": "安抚", "text": ""})
    assert "Enter: Content" in page.get_data(as_text=True)
    assert chinese_in(page) == []


def test_who_may_do_what_is_said_in_english(english):
    key, browser = english
    page = browser("Wang Min").get(f"/do/void/{key}")
    assert page.status_code == 403
    assert "Only for: System administrator" in page.get_data(as_text=True)


def test_the_steps_by_which_a_clock_was_counted_are_said_in_english(english):
    key, browser = english
    page = browser("Wang Min").get(f"/complaints/details/?id={key}").get_data(as_text=True)
    steps = re.search(r'(?s)<ol class="steps">(.*?)</ol>', page).group(1)
    assert "3 calendar days" in steps
    assert "Counted from" in steps


TOLD = {
    "审批截止 2026-10-12 23:59:59": "Approval: Due 2026-10-12 23:59:59",
    "审批按期完成": "Approval: Done in time",
    "审批恢复,截止 2026-10-12 23:59:59": "Approval: Resume, Due 2026-10-12 23:59:59",
    "电话回访:满意,满意": "Return visit (Phone): Satisfied, 满意",
    "挂起同意": "Pause: Approved",
    "挂起同意 同意": "Pause: Approved 同意",
    "安抚(电话):请稍等": "Reassurance (Phone): 请稍等",
    "TS-20261010-0007 来电:水龙头漏水": "TS-20261010-0007 Phone call: 水龙头漏水",
    "原因:客户原因": "Reason: 客户原因",
    "升级": "Escalated",
    "说好截止": "说好截止",
    "客户出差 下月再说": "客户出差 下月再说",
    "说好(下周):请稍等": "说好(下周):请稍等",
}


@pytest.mark.parametrize("part", TOLD)
def test_what_a_verb_wrote_into_the_history_is_in_english_and_what_people_wrote_stays(app, part):
    with app.test_request_context(), force_locale("en"):
        assert told(part) == TOLD[part]
    with app.test_request_context():
        assert told(part) == part


def test_every_sentence_of_a_verb_is_read_back_in_english(app):
    written = [sentence for _file, sentence in stories.of_verbs() if CHINESE.search(sentence)]
    assert len(written) > 50, "found by their calls"
    filled = [re.sub(r"\{(\d)\}", r"\1", sentence) for sentence in written]
    with app.test_request_context(), force_locale("en"):
        assert [line for line in filled if CHINESE.search(told(line))] == []


@pytest.mark.parametrize("code", sorted(shipped()))
def test_every_time_limit_and_every_question_about_a_deed_of_a_shipped_document_is_in_english(app, code):
    document = parse(shipped()[code])
    asked = {name for rule in document.rules for name in rule.when if name.startswith(ARGUMENT)}
    with app.test_request_context(), force_locale("en"):
        lines = [" ".join(limit_line(document, row)) for row in document.limits]
        labels = [rulewords.fact_label(document, name) for name in asked]
    assert not [text for text in (*lines, *labels) if CHINESE.search(text)]
    assert not [text for text in lines if re.search(r"\b1 \w*( \w+)?s\b", text)], "one of it has no plural"
    assert not [text for text in labels if "_" in text], "the name of an argument is no word"


def test_who_may_is_said_in_english_where_a_role_has_brackets_in_its_name(app):
    with app.test_request_context(), force_locale("en"):
        who = said("客户服务部的部门负责人或客服专管员(项目)")
    assert who == "Department head or Service officer (project) (Customer service department)"


def test_a_test_of_a_length_of_time_and_an_amount_of_money_are_in_english(app):
    with app.test_request_context(), force_locale("en"):
        assert rulewords.test_words(">= 2小时") == "≥ 2 hours"
        assert rulewords.test_words("[1天..36小时)") == "1 day to 1 day 12 hours (without 1 day 12 hours)"
        assert money(Decimal("80")) == "80.00 yuan"


def test_chinese_stays_the_language_of_the_house(office):
    page = office.client("Wang Min").get("/").get_data(as_text=True)
    assert 'lang="zh-CN"' in page
    assert "待办" in page


@pytest.mark.parametrize(
    ("stored", "english"),
    [
        (
            "人力资源行政部的调查处理人或部门负责人、系统管理员",
            "Investigator or Department head (HR and Administration), System administrator",
        ),
        ("办理已超期 3 天,请尽快办结", "Handling: 3 days overdue, please finish soon"),
        (
            "这一步是Wang Min改的,请由Wang Min撤销或重做",
            "This step was made by Wang Min; let Wang Min undo or redo it",
        ),
        ("客户服务部的客服专管员(项目)", "Service officer (project) (Customer service department)"),
        ("登记人本人(Wang Min)", "The person who registered it (Wang Min)"),
        ("15个工作日", "15 working days"),
        ("1天12小时", "1 day 12 hours"),
        ("8 人", "8 people"),
        ("1个自然小时", "1 hour"),
        ("1个半月", "1 half-month"),
        ("2个半月", "2 half-months"),
        ("老王的儿子、儿媳", "老王的儿子、儿媳"),
        ("as typed", "as typed"),
    ],
)
def test_a_stored_sentence_is_said_by_the_one_it_was_made_from_and_other_words_stay(app, stored, english):
    with app.test_request_context(), force_locale("en"):
        assert said(stored) == english


@pytest.mark.parametrize("piece", ["”的“", "第 ", "(应为:", "负责人(", "的"])
def test_what_somebody_has_written_at_length_stays_as_it_is_and_takes_no_time(office, piece):
    long = "甲" + piece * (20_000 // len(piece))
    with office.app.test_request_context(), force_locale("en"):
        begun = process_time()
        assert said(long) == long
        assert process_time() - begun < 5  # a pattern that tries every way takes minutes
