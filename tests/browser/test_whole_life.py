"""One complaint's whole life under P02, in a real browser, from the telephone to the locked ledger row."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from models import Assessment, Complaint, CorrectiveAction, Event, FormDocument, SupervisionOrder, Visit, db
from workflow.arguments import SHANGHAI

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def only(app: Flask, table, column):
    """The value of a column of the only (newest) row of a table."""
    with app.app_context():
        return db.session.scalars(select(column).order_by(table.id.desc())).first()


@pytest.mark.clause("P02-1.1", "P02-7.1", "P02-7.2", "P02-7.3", "P02-7.4", "P02-7.5", "P02-7.6", "P02-7.7", "P02-7.8")
@pytest.mark.clause("P02-7.11", "P02-11.1", "P02-11.2", "P02-11.3", "P02-15.1")
def test_four_people_take_a_complaint_from_the_call_to_the_archive(staffed, person):
    clerk = person("客服甲")
    clerk.shot("desk-empty")
    clerk.page.keyboard.press("c")
    clerk.page.locator("form.paper").wait_for()
    clerk.shot("register")
    clerk.fill(
        clerk.page.locator("form.paper"), name="客户一", phone="13800000401", address="三号楼二单元", channel="来电",
        content="改管维修完成后现场遗留废料未清理", demand="清理现场并改进", compensation_sought="无",
        complained_department="工程维修部", complained_person="维修员甲",
    )  # fmt: skip
    clerk.finish()
    number = only(staffed, Complaint, Complaint.case_no)
    case = only(staffed, Complaint, Complaint.id)
    assert re.fullmatch(r"TS-\d{8}-0001", number)
    clerk.open(f"/complaints/details/?id={case}")
    assert "抱怨" in clerk.reads() and "客户服务中心" in clerk.reads()

    clerk.do("communicate", kind="安抚", way="电话", text="致歉并说明处理安排")
    sheet = clerk.begin("issue_order")
    clerk.fill(sheet, limit_kind="N日内", limit_days="2")
    clerk.shot("issue-order")
    clerk.finish()
    assert only(staffed, SupervisionOrder, SupervisionOrder.state) == "已开具"
    clerk.shot("case-ordered")

    lead = person("工程维修部负责人")
    lead.shot("lead-desk")
    assert number in lead.reads() or "改管维修" in lead.reads()
    lead.open(f"/complaints/details/?id={case}")
    lead.do("sign_order", handler="维修班长甲")
    assert only(staffed, SupervisionOrder, SupervisionOrder.state) == "已签收"

    clerk.open(f"/complaints/details/?id={case}")
    clerk.do("investigate", method="现场", facts="楼道堆放拆除的旧管", conclusion="属实", cause="完工后未清场",
             responsible_party="维修员甲")  # fmt: skip

    lead.open(f"/complaints/details/?id={case}")
    sheet = lead.begin("submit_correction")
    lead.fill(sheet, problem_summary="改管后废料未清理", handling_status="当日清运完毕并向客户致歉",
              corrective_measures="完工清场拍照后方可销单")  # fmt: skip
    lead.shot("submit-correction")
    lead.finish()
    assert only(staffed, CorrectiveAction, CorrectiveAction.effect_check) == "待检查"

    clerk.open(f"/complaints/details/?id={case}")
    clerk.do("check_effect", result="通过")
    clerk.do("visit", result="满意", way="电话")
    assert only(staffed, Visit, Visit.result) == "满意"
    clerk.do("propose_assessment", standard_no="12", subject_kind="责任人", subject="维修员甲", points="10")

    officer = person("人力资源行政部负责人")
    officer.open(f"/complaints/details/?id={case}")
    officer.do("decide_assessment", standard_no="12", decision="同意")
    assert only(staffed, Assessment, Assessment.state) == "同意"

    accused = person("维修员甲")
    accused.shot("accused-desk")
    accused.open(f"/complaints/details/?id={case}")
    assert "13800000401" not in accused.reads() and "遗留废料" not in accused.reads()
    accused.open(f"/do/fill_document/{case}?kind=书面认识")
    accused.fill(accused.page.locator("form.paper"), fields__text="完工后未按要求清场,今后逐项自查",
                 fields__file="书面认识.pdf")  # fmt: skip
    accused.finish()
    assert only(staffed, FormDocument, FormDocument.kind) == "书面认识"

    clerk.open(f"/complaints/details/?id={case}")
    clerk.do("close", close_reason="解决")
    clerk.shot("case-closed")
    clerk.do("archive")
    assert only(staffed, Complaint, Complaint.state) == "已归档"
    assert "修改" not in [link.inner_text() for link in clerk.page.locator("a[data-verb]").all()]

    month = only(staffed, Complaint, Complaint.accepted_at).astimezone(SHANGHAI).strftime("%Y-%m")
    clerk.open(f"/figures/ledger/?period={month}")
    assert "客户满意度(回访)" in clerk.reads().replace("（", "(").replace("）", ")")
    clerk.shot("ledger")
    with staffed.app_context():
        told = list(
            db.session.scalars(
                select(Event.verb).where(Event.complaint_id == case, Event.outcome == "完成").order_by(Event.seq)
            )
        )
    assert told == [
        *("register", "communicate", "issue_order", "sign_order", "investigate", "submit_correction", "check_effect"),
        *("visit", "propose_assessment", "decide_assessment", "fill_document", "close", "archive"),
    ]
