"""A replay on screen: its sentence, the lists behind each number, progress, stop, files; within each person's scope."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models import Event, ProcedureVersion, Replay
from tests.support.drafts import stricter
from tests.views.conftest import Office
from workflow import replay


@pytest.fixture
def draft(office: Office) -> int:
    """A draft by which whoever wants money is graded higher."""
    with office.session() as session:
        return stricter(session, title="草稿", now=office.now)


def asked(office: Office, draft: int, by: str = "管理员") -> int:
    """A replay that waits; its key."""
    answer = office.client(by).post("/replays/start/", data={"draft": draft})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return int(re.findall(r"/replays/(\d+)/", answer.headers["Location"])[0])


def carried_out(office: Office, draft: int) -> int:
    """A replay that is through; its key."""
    key = asked(office, draft)
    with office.session() as session:
        while replay.advance(session, key, office.now + timedelta(seconds=10), 1):
            pass
    return key


def money(office: Office, department: str = "抄表班", **more: Any) -> int:
    return office.case(department, **{"compensation_sought": "物质", **more})


def text(office: Office, address: str, by: str = "管理员") -> str:
    answer = office.client(by).get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.get_data(as_text=True)


def test_the_sentence_counts_and_each_number_opens_its_list(office: Office, draft: int) -> None:
    money(office)
    office.case()
    key = carried_out(office, draft)
    page = text(office, f"/replays/{key}/")
    assert "起受理的 2 件中" in page
    assert re.search(rf'<a href="/replays/{key}/cases/\?kind=[^"]+">1 件级别会升高</a>', page)


def test_old_and_new_decision_stand_side_by_side_with_rule_and_reason(office: Office, draft: int) -> None:
    case = money(office)
    key = carried_out(office, draft)
    page = text(office, f"/replays/{key}/cases/?kind=级别升高")
    for word in ("三级投诉", "grade-3", "二级投诉", "grade-money", "要钱的从严", office.find(case).case_no):
        assert word in page, word


def test_nothing_otherwise_is_said_in_words(office: Office, draft: int) -> None:
    office.case()
    assert "没有一件会不同" in text(office, f"/replays/{carried_out(office, draft)}/")


def test_a_number_that_is_none_opens_a_page_that_says_none(office: Office, draft: int) -> None:
    office.case()
    page = text(office, f"/replays/{carried_out(office, draft)}/cases/?kind=级别升高")
    assert "一件也没有" in page
    assert "没有您能看到的件" not in page


def test_a_period_without_cases_says_so(office: Office, draft: int) -> None:
    assert "这段时间没有受理的投诉" in text(office, f"/replays/{carried_out(office, draft)}/")


def test_while_it_runs_it_says_how_far_it_is_and_can_be_stopped(office: Office, draft: int) -> None:
    money(office)
    money(office)
    key = asked(office, draft)
    assert "正在等后台开始" in text(office, f"/replays/{key}/")
    with office.session() as session:
        assert replay.advance(session, key, office.now, 1)
    page, watched = text(office, f"/replays/{key}/"), office.client("管理员").get(f"/replays/{key}/progress/").json
    assert "已重放 1 / 2 件，还要约" in page
    assert (watched["done"], watched["total"], watched["running"]) == (1, 2, True)
    assert office.client("管理员").post(f"/replays/{key}/stop/").status_code == 302
    assert "停在 1 / 2 件" in text(office, f"/replays/{key}/")
    assert office.client("管理员").get(f"/replays/{key}/progress/").json["running"] is False


def test_what_went_wrong_is_said(office: Office, draft: int) -> None:
    key = asked(office, draft)
    with office.session() as session:
        row = session.get(Replay, key)
        row.state, row.error = "失败", "这个版本在重放途中改过,请重新重放"
    assert "重放没有做完" in text(office, f"/replays/{key}/")


def test_cases_out_of_reach_are_counted_and_not_listed(office: Office, draft: int) -> None:
    ours, theirs = money(office, "抄表班"), money(office, "工程维修部")
    key = carried_out(office, draft)
    page = text(office, f"/replays/{key}/cases/?kind=级别升高", by="孙伟")
    assert "2 件级别会升高" in page
    assert office.find(ours).case_no in page
    assert office.find(theirs).case_no not in page
    assert "另有 1 件不在您的范围内" in page
    file = text(office, f"/replays/{key}/export/csv/?kind=级别升高", by="孙伟")
    assert (office.find(ours).case_no in file, office.find(theirs).case_no in file) == (True, False)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_is_taken_along_as_a_file_and_that_is_recorded(office: Office, draft: int, kind: str) -> None:
    case = money(office)
    key = carried_out(office, draft)
    answer = office.client("管理员").get(f"/replays/{key}/export/{kind}/?kind=级别升高")
    data = answer.get_data()
    if kind == "xlsx":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            data = b"".join(book.read(name) for name in book.namelist())
    found = data.decode()
    assert all(word in found for word in (office.find(case).case_no, "grade-3", "grade-money", "要钱的从严"))
    assert "重放" in office.one(select(Event).where(Event.verb == "export")).text


def test_a_draft_with_a_fault_is_refused_with_the_fault_and_the_form_stays(office: Office, draft: int) -> None:
    with office.session() as session:
        row = session.get(ProcedureVersion, draft)
        row.text = row.text.replace('then = "三级投诉"', 'then = { gread = "三级投诉" }')
    answer = office.client("管理员").post("/replays/start/", data={"draft": draft, "since": "2026-01-01"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "还不能重放" in page, 'value="2026-01-01"' in page) == (200, True, True)


def test_the_form_offers_the_last_twelve_months_and_the_version_it_came_from(office: Office, draft: int) -> None:
    page = text(office, f"/replays/start/?draft={draft}")
    assert re.search(rf'<option value="{draft}" selected>', page)
    assert re.search(r'name="since" type="date" value="20\d\d-\d\d-\d\d"', page)


def test_the_list_of_replays_is_empty_with_a_word_and_then_tells_each_result(office: Office, draft: int) -> None:
    assert "还没有重放过" in text(office, "/replays/")
    money(office)
    carried_out(office, draft)
    assert "1 件级别会升高" in text(office, "/replays/")


@pytest.mark.parametrize(
    ("name", "code"), [("王敏", 403), ("周杰", 403), ("孙伟", 200), ("高总", 200), ("管理员", 200)]
)
def test_the_pages_open_for_those_who_write_and_review(office: Office, draft: int, name: str, code: int) -> None:
    key = carried_out(office, draft)
    client = office.client(name)
    for address in ("/replays/", "/replays/start/", f"/replays/{key}/", f"/replays/{key}/progress/"):
        assert client.get(address).status_code == code, address
    assert client.get(f"/replays/{key}/cases/?kind=级别升高").status_code == code


def test_who_may_not_start_or_stop_a_replay_cannot_by_its_address(office: Office, draft: int) -> None:
    key = asked(office, draft)
    client = office.client("王敏")
    assert client.post("/replays/start/", data={"draft": draft}).status_code == 403
    assert client.post(f"/replays/{key}/stop/").status_code == 403
    assert office.one(select(Replay)).state == "排队"


@pytest.mark.parametrize(
    "address", ["/replays/99999/", "/replays/99999/cases/?kind=级别升高", "/replays/99999/progress/", "/replays/x/"]
)
def test_what_is_not_there_is_not_found(office: Office, address: str) -> None:
    assert office.client("管理员").get(address).status_code == 404


def test_a_kind_that_does_not_exist_is_not_found(office: Office, draft: int) -> None:
    key = carried_out(office, draft)
    for address in (f"/replays/{key}/cases/?kind=x", f"/replays/{key}/cases/", f"/replays/{key}/export/csv/?kind=x",
                    f"/replays/{key}/export/exe/"):  # fmt: skip
        assert office.client("管理员").get(address).status_code == 404, address


MONEY = 'compensation_sought = "物质" }\nthen = "二级投诉"'


def redrafted(office: Office, draft: int, old: str, new: str) -> None:
    with office.session() as session:
        row = session.get_one(ProcedureVersion, draft)
        assert old in row.text
        row.text = row.text.replace(old, new, 1)
        row.sha256 = hashlib.sha256(row.text.encode()).hexdigest()


def test_what_could_tell_of_one_person_is_read_by_who_asked_and_by_who_sees_everything(
    office: Office, draft: int
) -> None:
    redrafted(office, draft, MONEY, MONEY.replace('compensation_sought = "物质"', 'name = "张三"'))
    key = asked(office, draft, by="孙伟")
    assert "所以只数要求重放的人看得到的投诉" in text(office, f"/replays/{key}/", by="孙伟")
    money(office, name="张三")
    with office.session() as session:
        while replay.advance(session, key, office.now + timedelta(seconds=10), 1):
            pass
        assert session.get_one(Replay, key).telling is True
    for name, code in (("孙伟", 200), ("高总", 200), ("管理员", 200), ("吴磊", 404)):
        for address in (f"/replays/{key}/", f"/replays/{key}/cases/?kind=级别升高", f"/replays/{key}/progress/"):
            assert office.client(name).get(address).status_code == code, (name, address)
    assert "张三" not in text(office, "/replays/", by="吴磊")


FIELD = '[[field]]\nkey = "deposit"\nlabel = "押金"\ntype = "number"\n\n[[field]]'


def test_facts_that_only_the_draft_asks_are_named_with_their_cases(office: Office, draft: int) -> None:
    redrafted(office, draft, "[[field]]", FIELD)
    redrafted(office, draft, MONEY, MONEY.replace('compensation_sought = "物质"', 'deposit = "missing"'))
    money(office)
    money(office)
    page = text(office, f"/replays/{carried_out(office, draft)}/")
    assert "没有一件会不同" in page
    assert "有 2 件当时没有记下“押金”：问到它的规则对这些件不算数，它们也不因此算作不同。" in page


def test_a_limit_that_cannot_be_counted_for_past_cases_is_named(office: Office, draft: int) -> None:
    limit = '[[limit]]\nname = "复查"\namount = 3\nunit = "工作日"\nstarts = "start_clock"\nmet = "close"\n\n[[limit]]'
    redrafted(office, draft, "[[limit]]", limit)
    money(office)
    assert "没有重算的时限：复查。" in text(office, f"/replays/{carried_out(office, draft)}/")
