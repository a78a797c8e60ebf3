"""调查报告, 通报 and who is told what (block 13)."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select

from models import Circular, Duty, FormDocument, Notice
from tests.support.cast import House, shanghai

MEETING = {"kind": "部门例会通报", "period": "2026-05", "text": "重申按约上门"}
MONTHLY = {"kind": "月度服务质量检查通报", "period": "2026-09", "praise": "营业厅", "criticism": "抄表班"}


def told(house: House, event: str) -> Counter[str]:
    return Counter(notice.recipient for notice in house.notices(event))


@pytest.mark.clause("P02-13.1", "P02-7.9")
def test_hr_writes_the_report_and_reporting_it_dates_it(house: House) -> None:
    house.complaint(flags=["需通报"])
    fields = {"text": "经查属实", "reported_to": "公司领导", "reported_at": "2026-05-20 10:00"}
    house.do("fill_document", by="人事甲", at="2026-05-20 10:00", kind="调查报告", fields=fields)
    report = house.newest(FormDocument)
    assert (report.kind, report.state) == ("调查报告", "已报公司")
    assert report.fields["reported_at"] == "2026-05-20 10:00"


@pytest.mark.clause("P02-13.1")
def test_a_report_that_is_only_written_is_not_yet_reported(house: House) -> None:
    house.complaint(flags=["需通报"])
    house.do("fill_document", by="人事甲", kind="调查报告", fields={"text": "经查属实"})
    assert house.newest(FormDocument).state == "已填"


@pytest.mark.clause("P02-13.1", "P02-7.9")
@pytest.mark.parametrize("by", ["客服甲", "客户服务中心负责人", "客户营业部负责人", "公司领导"])
def test_nobody_outside_hr_writes_the_report(house: House, by: str) -> None:
    house.complaint(flags=["需通报"])
    text = house.refused("fill_document", by=by, kind="调查报告", fields={"text": "经查属实"})
    assert "人力资源行政部" in text or "调查报告" in text
    assert house.all(FormDocument) == []


@pytest.mark.clause("P02-13.1", "P02-7.9")
def test_the_report_without_text_is_refused(house: House) -> None:
    house.complaint(flags=["需通报"])
    assert "调查情况" in house.refused("fill_document", by="人事甲", kind="调查报告", fields={})


@pytest.mark.clause("P02-7.9", "P02-18.2")
def test_a_case_to_be_circulated_is_not_closed_without_the_report(house: House) -> None:
    case = house.complaint(flags=["需通报"])
    house.visited()
    assert "调查报告" in house.refused("close", by="人事甲", close_reason="解决")
    house.do("fill_document", by="人事甲", kind="调查报告", fields={"text": "经查属实"})
    house.do("close", by="人事甲", close_reason="解决")
    assert case.state == "已结案"


@pytest.mark.clause("P02-13.2", "P02-7.13")
def test_the_monthly_circular_reaches_every_department_named_once(house: House) -> None:
    departments = ["客户营业部", "工程维修部"]
    done = house.do("circulate", at="2026-10-08 15:00", departments=departments, **MONTHLY)
    assert Counter(notice.recipient for notice in done.notices) == Counter(departments)
    circular = done.result
    assert (circular.praise, circular.criticism, circular.period) == ("营业厅", "抄表班", "2026-09")
    assert shanghai(circular.published_at) == "2026-10-08 15:00:00"


@pytest.mark.clause("P02-13.2", "P02-7.13")
@pytest.mark.parametrize("by", ["人事甲", "工程维修部负责人"])
def test_the_monthly_circular_is_the_service_centre_s(house: House, by: str) -> None:
    assert "客户服务中心" in house.refused("circulate", by=by, **MONTHLY)
    assert house.session.scalars(select(Circular)).all() == []


@pytest.mark.clause("P02-13.2")
@pytest.mark.parametrize("wrong", [{"period": "2026-13"}, {"period": ""}, {"praise": "", "criticism": ""}])
def test_a_circular_needs_its_month_and_something_to_say(house: House, wrong: dict[str, str]) -> None:
    assert house.refused("circulate", **{**MONTHLY, **wrong})


@pytest.mark.clause("P02-8.6", "P02-13.2", "G-21")
def test_a_missing_monthly_circular_is_reminded_of_once_on_the_first_workday_at_nine(house: House) -> None:
    def reminded(at: str) -> int:
        before = house.session.scalars(select(Notice.id)).all()
        house.sweep(at)
        return len(house.session.scalars(select(Notice.id)).all()) - len(before)

    house.do("circulate", at="2026-09-09 09:00", **{**MONTHLY, "period": "2026-08"})
    assert reminded("2026-10-01 09:00") == 0
    assert reminded("2026-10-08 08:59:59") == 0
    assert reminded("2026-10-08 09:00") == 1
    assert reminded("2026-10-08 09:05") == 0
    assert reminded("2026-10-09 09:00") == 0


@pytest.mark.clause("P02-8.6", "G-21")
def test_the_reminder_is_a_duty_of_the_service_centre_that_the_circular_meets(house: House) -> None:
    house.sweep("2026-10-08 09:00")
    owed = [duty for duty in house.session.scalars(select(Duty)) if duty.period == "2026-09"]
    assert [(duty.title, duty.owner, duty.done_at) for duty in owed] == [("月度服务质量检查通报", "客户服务中心", None)]
    house.do("circulate", at="2026-10-08 15:00", **MONTHLY)
    house.session.refresh(owed[0])
    assert shanghai(owed[0].done_at) == "2026-10-08 15:00:00"


@pytest.mark.clause("P02-8.6", "G-21")
def test_a_published_circular_is_not_reminded_of(house: House) -> None:
    house.do("circulate", at="2026-09-30 15:00", **MONTHLY)
    house.sweep("2026-10-08 09:00")
    assert [d for d in house.session.scalars(select(Duty)) if d.period == "2026-09" and d.done_at is None] == []


@pytest.mark.clause("P02-13.3", "P02-7.10")
def test_the_department_s_meeting_is_owed_until_date_and_minutes_are_kept(house: House) -> None:
    house.ordered()
    house.confirmed()
    assert "例会通报" in house.duties()
    done = house.do("circulate", by="客户营业部负责人", case=house.case, held_on="2026-05-18 09:00", **MEETING)
    assert "例会通报" not in house.duties()
    circular = house.newest(Circular)
    assert (shanghai(circular.held_on), circular.text) == ("2026-05-18 09:00:00", "重申按约上门")
    assert "例会通报已完成" in done.event.text


@pytest.mark.clause("P02-13.3", "P02-7.10")
def test_the_department_s_meeting_is_recorded_by_its_head(house: House) -> None:
    house.ordered()
    house.confirmed()
    assert "负责人" in house.refused("circulate", by="客服甲", case=house.case, **MEETING)
    assert "例会通报" in house.duties()


@pytest.mark.clause("P02-13.3")
def test_minutes_of_a_meeting_are_about_a_case(house: House) -> None:
    assert "指明投诉" in house.refused("circulate", by="客户营业部负责人", **MEETING)


@pytest.mark.clause("P02-13.4", "P02-7.3")
def test_an_order_is_told_to_the_head_of_the_handling_department_once(house: House) -> None:
    house.ordered()
    assert told(house, "督办处理单") == Counter(["客户营业部负责人"])


@pytest.mark.clause("P02-13.4", "P02-7.5")
def test_the_returned_record_is_told_to_the_investigator_once(house: House) -> None:
    house.answered()
    assert told(house, "情况表") == Counter(["客服甲"])


@pytest.mark.clause("P02-13.4", "G-10")
def test_an_overdue_order_is_told_to_both_sides_once(house: House) -> None:
    house.ordered(limit_kind="当天", limit_days=None, at="2026-07-22 09:00")
    for at in ("2026-07-23 00:00", "2026-07-23 00:00", "2026-07-23 00:05", "2026-07-23 23:55"):
        house.sweep(at)
    assert told(house, "超期") == Counter(["客户营业部负责人", "客服甲"])
    assert told(house, "催办") == Counter(["客户营业部负责人"])


@pytest.mark.clause("P02-13.4")
def test_whoever_is_both_is_told_once(house: House) -> None:
    """The head of the handling department, asked to investigate too, gets one notice that it is late."""
    house.department("客户营业部").head = house.person("客服甲")
    house.ordered(limit_kind="当天", limit_days=None, at="2026-07-22 09:00")
    house.sweep("2026-07-23 00:05")
    assert told(house, "超期") == Counter(["客服甲"])


@pytest.mark.clause("P02-13.4")
def test_a_department_without_head_is_told_itself(house: House) -> None:
    house.department("客户营业部").head = None
    house.ordered()
    assert told(house, "督办处理单") == Counter(["客户营业部"])


@pytest.mark.clause("P02-13.4", "P02-7.6")
def test_a_record_sent_back_is_told_to_the_head_once(house: House) -> None:
    house.answered()
    house.do("check_effect", result="未通过", effect_note="未附照片")
    assert told(house, "退回整改") == Counter(["客户营业部负责人"])
