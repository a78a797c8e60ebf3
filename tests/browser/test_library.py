"""An officer files a brochure, a case of that project cites it, a new edition comes: each is seen at once."""

from __future__ import annotations

from datetime import datetime

import pytest
from playwright.sync_api import expect

from models import Staff
from tests.browser.conftest import A_PDF, furnishing
from tests.support.cast import House, employ
from workflow.arguments import SHANGHAI

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OFFICER = "专管员甲"


@pytest.fixture
def estate(staffed):
    """The estate's procedure in force as well, its officer, and a complaint of his project; the key of that case."""
    with furnishing(staffed, "P03") as session:
        place = employ(session, OFFICER, "客户服务部", "客服专管员(项目)", projects=["甲苑"]).department
        place.head = Staff(name="客户服务部负责人", department=place)
        session.flush()
        call = {"channel": "来访", "source_form": "口头", "name": "客户一", "phone": "13800000501", "project": "甲苑"}
        said = {"content": "阳台栏杆与销售手册不符", "category": "销售管理", "procedure": "P03"}
        at = datetime.now(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        promised = {"promised_feedback_reason": "现场已答复"}
        return House(session).do("register", by=OFFICER, at=at, **call, **said, **promised).thing.id


def test_a_brochure_is_filed_cited_and_replaced(estate, person):
    officer = person(OFFICER)
    officer.open("/library/")
    expect(officer.page.locator(".empty h2")).to_be_visible()
    sheet = officer.begin("file_item")
    officer.fill(
        sheet, kind="楼盘销售信息资料", title="甲苑销售手册", edition="第1版", project="甲苑", filed_on="2026-01-10",
        text="面向 2025 年认购客户;交付标准见第 3 页。", tags="栏杆",
    )  # fmt: skip
    files = [{"name": name, "mimeType": "application/pdf", "buffer": A_PDF} for name in ("手册.pdf", "附图.pdf")]
    sheet.locator("input[type=file]").set_input_files(files)
    officer.finish()

    officer.open(f"/complaints/details/?id={estate}")
    officer.do("cite_item", item="1", note="第3页 栏杆用料")
    cited = officer.page.locator("#facts li", has_text="甲苑销售手册 第1版")
    expect(cited).to_be_visible()
    cited.get_by_role("link", name="甲苑销售手册 第1版").click()
    with officer.page.expect_download() as kept:
        officer.page.get_by_role("link", name="附图.pdf").click()
    assert kept.value.suggested_filename == "附图.pdf"

    sheet = officer.begin("replace_item")
    officer.fill(sheet, edition="第2版", files="手册二.pdf")
    officer.finish()
    expect(officer.page.locator("p.note")).to_contain_text("第2版")
    officer.open("/library/")
    expect(officer.page.locator("tr[data-row]")).to_have_count(1)
    expect(officer.page.locator("tr[data-row]")).to_contain_text("第2版")
    officer.open(f"/complaints/details/?id={estate}")
    expect(officer.page.locator("#facts li", has_text="甲苑销售手册 第1版")).to_contain_text("已有新版")
