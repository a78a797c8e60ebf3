"""A rule's whole life in a real browser: written by a lead, tried on old cases, agreed to, in force, taken back.

Background work runs as in the product: the scheduler takes the replay up by itself.
"""

from __future__ import annotations

import re
import tomllib

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from jobs import scheduler
from models import Complaint, ProcedureVersion, db

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEAD, BOSS, CLERK = "工程维修部负责人", "公司领导", "客服甲"
WHY = "要求赔偿的投诉去年三次拖成舆情"


@pytest.fixture
def awake(database, settings):
    """The product's own scheduler beside the server."""
    waking = scheduler.start(database.sessions, settings)
    yield
    waking.shutdown(wait=True)


def called_in(clerk, content):
    """A call about money, taken down at the desk."""
    clerk.open("/do/register")
    form = clerk.page.locator("form.paper")
    clerk.fill(
        form, name="客户一", phone="13800000401", address="三号楼二单元", channel="来电", content=content,
        demand="赔偿 200 元", compensation_sought="物质", complained_department="工程维修部",
    )  # fmt: skip
    clerk.finish()


def newest(staffed, table, column):
    with staffed.app_context():
        return db.session.scalar(select(column).order_by(table.id.desc()))


def case(staffed, key):
    """Number, grade and version of a case as they are stored."""
    with staffed.app_context():
        found = db.session.get(Complaint, key)
        return found.case_no, found.grade, found.procedure_version


def added_rule(staffed, draft):
    """The id of the rule that the draft has and the shipped text has not."""
    with staffed.app_context():
        texts = db.session.execute(select(ProcedureVersion.id, ProcedureVersion.text)).all()
    ids = {key: {rule["id"] for rule in tomllib.loads(text)["rule"]} for key, text in texts}
    (added,) = ids[draft] - ids[min(ids)]
    return added


def adds_a_row(lead):
    """With the column of a fact that no rule of the sheet has asked yet."""
    page = lead.page
    page.locator(".facts-drop summary").click()
    page.locator(".facts-drop input[type=search]").fill("寻求补偿")
    page.locator(".facts-drop li a", has_text="寻求补偿").first.click()
    expect(page.locator(".tabulator-col-title", has_text="寻求补偿")).to_be_attached()
    expect(page.locator("[data-table]")).to_have_attribute("aria-busy", "false")
    page.locator("[data-add]").click()
    sheet = page.locator("#sheet[open]")
    sheet.wait_for()
    for label, value in (("性质", "投诉"), ("寻求补偿", "物质")):
        asked = sheet.locator(".asked", has=page.locator(".label", has_text=label)).first
        asked.locator(f'input[value="{value}"]').check()
        expect(asked.locator('input[value="is"]')).to_be_checked()
    asked = sheet.locator(".asked", has=page.locator(".label", has_text="级别")).last
    asked.locator('input[value="二级投诉"]').check()
    for label, text in (("因为", "要求物质赔偿的从严"), ("依据", "P02-5.2")):
        asked = sheet.locator(".asked", has=page.locator(".label", has_text=label)).first
        asked.locator("textarea, input[type=text]").first.fill(text)
    sheet.locator("button.main").click()
    sheet.wait_for(state="detached")
    expect(page.locator("[data-table]")).to_have_attribute("aria-busy", "false")


def agreed(staffed, reviewer, opinion):
    """The request that waits first, opened from the list of versions and agreed to."""
    reviewer.open("/procedures/")
    reviewer.page.locator(".waits a.button.main").first.click()
    reviewer.reached(r"/procedures/review/")
    reviewer.do("review_procedure", opinion=opinion)
    expect(reviewer.page.locator(".head .round")).to_have_text("同意")


def test_a_lead_writes_a_rule_tries_it_has_it_agreed_to_and_new_cases_alone_follow_it(staffed, awake, person):
    clerk, lead, boss = person(CLERK), person(LEAD), person(BOSS)
    called_in(clerk, "抄表员踩坏花盆要求赔偿")
    old = newest(staffed, Complaint, Complaint.id)
    assert case(staffed, old)[1:] == ("三级投诉", 1)

    # the lead drafts from the version in force, adds a row, and reads what it says and how many it would have met
    lead.page.get_by_role("link", name="制度", exact=True).first.click()
    lead.do("draft_procedure")
    draft = newest(staffed, ProcedureVersion, ProcedureVersion.id)
    lead.open(f"/drafts/{draft}/?sheet=grade")
    lead.page.locator(".tabulator-row").first.wait_for()
    adds_a_row(lead)
    rule = added_rule(staffed, draft)
    expect(lead.page.locator("[data-sentence]")).to_have_text(
        "当 性质 是 投诉 且 寻求补偿 是 物质 时，定为 二级投诉，依据 P02-5.2。"
    )
    expect(lead.page.locator("[data-matching]")).to_have_text("最近十二个月有 1 件符合")

    # the replay goes by itself; its number opens its list
    lead.page.locator("#page .buttons").get_by_role("link", name="重放", exact=True).click()
    lead.press()
    lead.page.get_by_role("link", name="1 件级别会升高").click()
    expect(lead.page.locator("table.replayed tbody tr")).to_have_count(1)
    for told in ("定为 三级投诉", "定为 二级投诉", rule):
        expect(lead.page.locator("table.replayed")).to_contain_text(told)
    lead.shot("rule-replayed")
    assert case(staffed, old)[1:] == ("三级投诉", 1), "a replay writes nothing"

    # submitted with a reason; the one who wrote it cannot agree to it, another person can
    lead.open(f"/procedures/details/?id={draft}")
    sheet = lead.begin("submit_procedure")
    assert "会附上这份草稿的重放" in sheet.inner_text()
    lead.fill(sheet, reason=WHY)
    lead.finish()
    lead.open("/procedures/")
    lead.page.get_by_role("link", name="看审核页").click()
    request = lead.reached(r"/procedures/review/\?id=(\d+)")[1]
    assert "须由另一个人审核" in lead.reads()
    assert lead.page.locator('a[href*="/do/review_procedure"]').count() == 0
    lead.open(f"/do/review_procedure?activation={request}&decision=同意")
    lead.press()
    expect(lead.page.locator("[data-summary]")).to_contain_text("起草、修改或提交的人不能审核它")
    boss.open(f"/procedures/review/?id={request}")
    for told in (WHY, "1 件级别会升高", "当 性质 是 投诉 且 寻求补偿 是 物质 时", "因为：要求物质赔偿的从严"):
        assert told in boss.reads()
    boss.shot("rule-review")
    agreed(staffed, boss, "同意")

    # the next case is judged by it, the older open one is not; its page says by which rule of which version
    called_in(clerk, "维修后地板划痕要求赔偿")
    new = newest(staffed, Complaint, Complaint.id)
    assert case(staffed, new)[1:] == ("二级投诉", 2) and case(staffed, old)[1:] == ("三级投诉", 1)
    clerk.open(f"/complaints/details/?id={new}")
    story = clerk.page.locator(".because", has_text="定为 二级投诉").first
    expect(story).to_contain_text("要求物质赔偿的从严")
    expect(story).to_contain_text(re.compile(rf"规则\s*{rule}，第 2 版"))
    clerk.shot("rule-explained")

    # whoever asks what the rule has done finds that case and no other
    clerk.open(f"/decisions/?rule={rule}")
    assert case(staffed, new)[0] in clerk.reads() and case(staffed, old)[0] not in clerk.reads()

    # the older case is moved as an act of its own, after its effect was seen
    boss.open(f"/procedures/migrate/?id={draft}")
    row = boss.page.locator("tbody tr", has_text=case(staffed, old)[0])
    expect(row).to_contain_text(re.compile(r"三级投诉\s*→\s*二级投诉"))
    assert case(staffed, old)[1:] == ("三级投诉", 1), "showing the effect moves nothing"
    boss.shot("rule-migrate")
    row.locator("input[name=rowid]").check()
    boss.page.fill("#a-reason", "同一客户,按新规定从严")
    boss.page.get_by_role("button", name="转移选中的").click()
    boss.page.get_by_text("已转移 1 件").wait_for()
    assert case(staffed, old)[1:] == ("二级投诉", 2)
    clerk.open(f"/complaints/details/?id={old}")
    assert "按新规定从严" in clerk.reads()

    # back to the first version: again one asks and another agrees, and the next case is judged as before
    lead.open("/procedures/")
    lead.page.locator("tr[data-row]", has_text="曾用").get_by_role("link").first.click()
    lead.reached(r"/procedures/details/")
    lead.do("activate", reason="试行期满")
    agreed(staffed, boss, "恢复")
    called_in(clerk, "阀门漏水要求赔偿")
    latest = newest(staffed, Complaint, Complaint.id)
    assert case(staffed, latest)[1:] == ("三级投诉", 1) and case(staffed, new)[1:] == ("二级投诉", 2)
