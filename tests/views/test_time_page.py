"""The time of a case: one click from its page to the line of time over all its clocks, to the steps and the stints."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from models import CorrectiveAction, Measure, Proposal, SupervisionOrder
from tests.support.plan import TIMED
from workflow import procedures
from workflow.access import SYSTEM


def text_of(answer) -> str:
    """What a person reads of a page."""
    body = re.sub(r"(?s)<(style|script).*?</\1>", "", answer.get_data(as_text=True))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def line_of(office, case: int, name: str = "王敏") -> str:
    return text_of(office.client(name).get(f"/complaints/time/?id={case}"))


def test_the_page_of_a_case_leads_to_its_time_line_and_tells_the_steps_itself(office):
    case = office.ordered()
    page = office.client("王敏").get(f"/complaints/details/?id={case}").get_data(as_text=True)
    assert f'href="/complaints/time/?id={case}"' in page
    assert "怎么算的？" in page
    assert "起算" in page


def test_the_line_has_what_happened_above_now_and_below_it_what_will_and_whom_it_tells(office):
    case = office.ordered()
    before, _now, after = line_of(office, case).partition("以下是没有变化时将发生的。")
    assert "起算 3自然日" in before
    assert "超期 → 孙伟、王敏" in after
    assert "催办 以后每 24小时 一次 → 孙伟" in after


def test_the_steps_of_what_runs_stand_open_on_the_line(office):
    case = office.ordered()
    page = office.client("王敏").get(f"/complaints/time/?id={case}").get_data(as_text=True)
    assert re.search(r"<details open>\s*<summary>怎么算的？</summary>\s*<ol class=\"steps\"><li>", page)


def test_a_case_that_was_given_up_has_its_due_instant_struck_and_nothing_to_come(office):
    case = office.ordered()
    office.do("withdraw", case, "王敏", reason="客户撤回")
    page = office.client("王敏").get(f"/complaints/time/?id={case}").get_data(as_text=True)
    assert "<s>截止</s>" in page
    assert "以后没有安排了。" in page


def test_a_case_without_limits_says_how_they_come(office):
    assert "本件没有时限" in line_of(office, office.case())


def test_whoever_does_not_see_the_case_does_not_see_its_time(office):
    case = office.ordered()
    assert office.client("吴磊").get(f"/complaints/time/?id={case}").status_code == 404
    assert office.client().get(f"/complaints/time/?id={case}").status_code == 302


def test_the_line_is_said_in_english(office):
    case = office.ordered()
    client = office.client("王敏")
    client.post("/language", data={"language": "en", "url": "/"})
    page = text_of(client.get(f"/complaints/time/?id={case}"))
    assert "Below is what will happen if nothing changes." in page
    assert "Overdue" in page
    assert "then every 24 hours" in page


@pytest.mark.clause("G-16")
def test_the_api_tells_the_same_line_with_the_steps_and_the_stints(office):
    case = office.ordered()
    found = office.client("王敏").get(f"/api/complaints/{office.find(case).case_no}").get_json()
    (clock,) = found["clocks"]
    assert clock["steps"][0].endswith("起算,3自然日")
    assert [(one["what"], one["coming"]) for one in found["timeline"]] == [
        ("起算", False),
        ("临期提醒", True),
        ("截止", True),
        ("超期", True),
        ("催办", True),
    ]
    assert [(one["kind"], one["department"]) for one in found["stints"]] == [
        ("调查", "客户服务中心"),
        ("承办", "客户营业部"),
    ]
    together = sum(one["natural_seconds"] for one in found["stints"])
    assert 0 <= found["time"]["natural_seconds"] - together <= len(found["stints"])  # of each the broken second


def test_both_pages_sum_the_time_of_the_departments(office):
    case = office.ordered()
    office.now += timedelta(hours=30)
    for path in ("details", "time"):
        page = text_of(office.client("王敏").get(f"/complaints/{path}/?id={case}"))
        assert "各部门用时" in page
        assert "合计" in page


@pytest.mark.parametrize("path", ["/", "/complaints/", "/orders/"])
def test_a_due_instant_in_a_list_leads_to_its_steps_in_one_click(office, path):
    case = office.ordered()
    office.do("sign_order", case, "孙伟", handler="周杰")
    page = office.client("孙伟").get(path).get_data(as_text=True)
    assert f'<a class="due" href="/complaints/time/?id={case}">' in page


def test_a_list_has_no_link_where_nothing_is_due(office):
    office.case()
    assert 'class="due"' not in office.client("王敏").get("/complaints/").get_data(as_text=True)


ANSWER = {"problem_summary": "未上门", "handling_status": "已致歉", "corrective_measures": "提前确认"}


def test_the_order_its_answer_and_a_measure_stand_with_the_steps_of_their_limit(office):
    case = office.ordered()
    office.do("sign_order", case, "孙伟", handler="周杰")
    office.do("submit_correction", case, "孙伟", **ANSWER)
    due = f"{office.today + timedelta(days=9)}"
    given = {"kind": "预防措施", "measure": "培训", "owner_department": "客户营业部", "due_on": due}
    office.do("add_measure", case, "王敏", **given)
    for path, table, step in (
        ("orders", SupervisionOrder, "起算,3自然日"),
        ("corrections", CorrectiveAction, "起算,3自然日"),
        ("measures", Measure, "起算,指定时间"),
    ):
        key = office.one(select(table.id))
        page = office.client("王敏").get(f"/{path}/details/?id={key}").get_data(as_text=True)
        told = re.search(r'(?s)<ol class="steps">(.*?)</ol>', page)
        assert told, path
        assert step.replace(",", "") in told.group(1).replace(",", "").replace("，", "")


def test_a_plan_stands_with_the_limits_that_its_deeds_keep(office):
    with office.session() as session:
        procedures.put_in_force(session, TIMED, actor=SYSTEM, now=office.now)
    given = {"name": "李梅", "phone": "13812345678", "channel": "来电", "content": "漏水"}
    case = office.do("register", None, "王敏", procedure="PLAN", complained_department="工程部", **given)
    office.do("propose", case, None, kind="维修", cause_explanation="老化", plan="更换")
    key = office.one(select(Proposal.id))
    page = office.client("王敏").get(f"/plans/details/?id={key}").get_data(as_text=True)
    assert re.search(r'(?s)<strong class="name">调查期.*?<ol class="steps">.*?起算.*?</ol>', page)
