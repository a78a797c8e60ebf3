"""The page of a case: what hangs on it line by line, a history that is read and not scrolled, few statements."""

import re

from flask import g
from sqlalchemy import select

from models import Assessment, Complaint, Staff
from tests.support.statements import counted
from views import story
from workflow import history
from workflow.access import SYSTEM


def page(office, key, name="王敏"):
    """The page of a case as it is sent."""
    return office.client(name).get(f"/complaints/details/?id={key}").get_data(as_text=True)


def text(html):
    """What is read of it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def papers(html):
    """The lines of what hangs on the case."""
    return text(html.partition('id="papers"')[2].partition("</section>")[0])


def test_orders_and_measures_stand_line_by_line_with_number_state_and_day(office):
    key = office.ordered()
    office.do(
        "add_measure", key, "王敏", kind="纠正措施", measure="上门前一日电话确认", owner_department="客户营业部",
        due_on=f"{office.today}",
    )  # fmt: skip
    found = papers(page(office, key))
    assert re.search(r"督办处理单 DB-\d{8}-\d{4} · 客户营业部 · 已开具", found), found
    assert re.search(r"改进措施 \S+ · 客户营业部 · .*期限 .* 上门前一日电话确认", found), found


def test_a_record_with_a_page_of_its_own_leads_there_and_its_paper_to_the_print(office):
    found = page(office, office.ordered()).partition('id="papers"')[2]
    assert re.search(r'href="/orders/details/\?id=\d+">DB-', found)
    assert re.search(r'class="on-paper" href="/print/case/\d+\?kind=[^"]+&amp;number=DB-', found)


def test_attempts_that_were_refused_wait_behind_a_box_that_says_how_many(office):
    key = office.case()
    client = office.client("王敏")
    assert client.post(f"/do/communicate/{key}", data={"kind": "安抚", "text": ""}).status_code == 422
    found = page(office, key)
    assert found.count('class="was-refused"') == 1 and "也显示被拒绝的 1 次" in text(found)


def test_a_long_history_shows_its_newest_lines_and_keeps_the_others_folded(office):
    key = office.case()
    for number in range(22):
        office.do("communicate", key, "王敏", kind="进度", way="电话", text=f"第{number}次通话")
    newest, fold, older = page(office, key).partition('<details class="older">')
    assert fold and "第21次通话" in newest and "第0次通话" not in newest
    assert "更早的 8 条" in text(older) and "第0次通话" in older


def test_a_short_history_is_not_folded(office):
    assert 'class="older"' not in page(office, office.ordered())


def test_a_day_stands_once_before_its_times(office):
    story_part = page(office, office.ordered()).partition('id="story"')[2]
    assert story_part.count('class="day"') == 1 and story_part.count("<time") >= 2


def test_instants_and_days_of_the_procedures_own_fields_are_said_as_everywhere(office):
    with office.app.test_request_context("/"):
        g.now = office.now
        assert "07-14 周二 09:20" in str(story.as_read("instant", "2026-07-14T09:20:00+08:00"))
        assert "07-14 周二" in str(story.as_read("date", "2026-07-14"))
        assert story.as_read("date", "尽快") == "尽快"
        assert story.as_read("list", ["听", "问"]) == "听、问"


def test_more_lines_of_a_kind_ask_no_more_statements(office):
    key = office.ordered()

    def visit(number):
        office.do("communicate", key, "王敏", kind="进度", way="电话", text=f"第{number}次")
        for department in ("客户营业部", "工程维修部"):
            office.do(
                "add_measure", key, "王敏", kind="纠正措施", measure="电话确认", owner_department=department,
                due_on=f"{office.today}",
            )  # fmt: skip

    visit(1)
    client = office.client("王敏")
    address = f"/complaints/details/?id={key}"
    client.get(address)
    with counted(office.app) as few:
        client.get(address)
    for number in range(2, 6):
        visit(number)
    with counted(office.app) as many:
        client.get(address)
    assert len(many) <= len(few) + 1, (len(few), len(many))


def test_more_linked_cases_ask_no_more_statements(office):
    key, others = office.ordered(), [office.case(content=f"第{number}件") for number in range(5)]
    client, address = office.client("王敏"), f"/complaints/details/?id={key}"

    def link(other):
        office.do("link", key, "王敏", kind="同一问题", other=office.find(other).case_no)

    link(others[0])
    client.get(address)
    with counted(office.app) as few:
        client.get(address)
    for other in others[1:]:
        link(other)
    with counted(office.app) as many:
        found = client.get(address).get_data(as_text=True)
    assert all(office.find(other).case_no in found for other in others)
    assert len(many) <= len(few) + 1, (len(few), len(many))


def test_in_english_the_changes_of_a_deed_are_english_too(office):
    key = office.ordered()
    client = office.client("王敏")
    client.post(f"/do/communicate/{key}", data={"kind": "安抚", "text": ""})
    client.post("/language", data={"language": "en", "url": "/"})
    told = text(client.get(f"/complaints/details/?id={key}").get_data(as_text=True).partition('id="story"')[2])
    assert "State Accepted → In progress" in told
    assert "Record communication: refused" in told


def test_the_next_step_stands_first_and_a_form_to_fill_in_is_never_the_main_thing(office):
    found = page(office, office.case())
    first = re.search(r'class="button main[^"]*" data-verb href="[^"]*/do/(\w+)', found)
    assert first and first[1] == "issue_order"
    other = page(office, office.case(), "管理员")
    assert not re.search(r'class="button main[^"]*" data-verb href="[^"]*/do/fill_document', other)


def test_nobody_reads_on_the_page_of_the_case_what_is_proposed_about_himself(office):
    key = office.ordered()
    with office.session() as session:
        one = session.scalar(select(Staff).where(Staff.name == "周杰"))
        session.get(Complaint, key).handler_id = one.id
        about = {"subject": one.name, "subject_staff_id": one.id, "subject_kind": "责任人"}
        given = {"standard_no": "4", "month": "2026-11", "state": "已报", "proposed_at": office.now}
        session.add(Assessment(complaint_id=key, **about, **given))
        told = {"verb": "propose_assessment", "text": "提出处理意见;第 4 项 责任人 周杰 扣 5 分"}
        history.record(session, session.get(Complaint, key), **told, actor=SYSTEM, now=office.now)
    assert "第 4 项" in papers(page(office, key)) and "周杰 扣 5 分" in page(office, key)
    own, number = page(office, key, "周杰"), office.find(key).case_no
    assert "督办处理单" in papers(own) and "第 4 项" not in own
    answer = office.client("周杰").get(f"/api/complaints/{number}").get_json()
    assert answer["story"] and "第 4 项" not in str(answer["story"])


def not_yet(html):
    """What is said below the buttons of whatever is not possible yet."""
    return text(html.partition('class="not-yet"')[2].partition("</dl>")[0])


def test_what_is_not_yet_possible_stands_below_the_buttons_with_what_is_missing(office):
    assert "回访尚未收到情况表（附件2），不能回访" in not_yet(page(office, office.ordered()))


def test_an_english_reader_is_told_in_english_what_is_missing(office):
    key, client = office.ordered(), office.client("王敏")
    client.post("/language", data={"language": "en", "url": "/"})
    found = not_yet(client.get(f"/complaints/details/?id={key}").get_data(as_text=True))
    assert found and not re.search(r"[\u4e00-\u9fff]", found), found


def test_the_interface_tells_what_is_not_yet_possible_too(office):
    key = office.ordered()
    with office.session() as session:
        number = session.get(Complaint, key).case_no
    answer = office.client("王敏").get(f"/api/complaints/{number}").get_json()
    waiting = {one["verb"]: one["because"] for one in answer["not_yet"]}
    assert waiting["visit"] == ["尚未收到情况表(附件2),不能回访"]
