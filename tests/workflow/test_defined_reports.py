"""Reports that a procedure defines: registers of its own columns, figures with a conclusion, duties of the year."""

from __future__ import annotations

import pytest

from models import Duty, Notice
from rules.lint import lint
from rules.procedure import parse
from tests.support.cast import House
from tests.support.plan import PLANS

MAY = {"kind": "设施登记表", "period": "2026-05"}
LEADER = "公司领导"


@pytest.fixture
def busy(service: House) -> House:
    """Two calls in May, one of them about the facilities, and one in June."""
    for at, category, content in (
        ("2026-05-13 09:00", "设施", "水管漏水"),
        ("2026-05-14 09:00", "态度", "态度生硬"),
        ("2026-06-01 00:00", "设施", "六月的事"),
    ):
        given = {"category": category, "content": content, "complained_department": "工程部"}
        service.registered(by="服务甲", at=at, without="compensation_sought", **given)
    return service


def test_a_register_lists_the_cases_of_the_period_for_which_its_tests_hold(busy: House) -> None:
    report = busy.do("report", by="服务甲", at="2026-06-02 09:00", **MAY).result
    assert report.columns == ("序号", "内容", "部门", "涉及人数")
    assert report.rows == (("1", "水管漏水", "工程部", "1"),)


def test_a_register_shows_only_the_cases_that_the_person_may_see(busy: House) -> None:
    assert busy.do("report", by="客服甲", at="2026-06-02 09:00", **MAY).result.rows == ()


def test_figures_that_need_a_conclusion_are_not_made_without_one(busy: House) -> None:
    asked = {"kind": "半年评估", "period": "2026-H1"}
    assert "结论" in busy.refused("report", by=LEADER, at="2026-07-01 09:00", **asked)
    made = busy.do("report", by=LEADER, at="2026-07-01 09:00", **asked, summary="加强巡检").result
    assert (made.kind, made.totals["cases"]) == ("半年评估", 3)


def _reminders(house: House) -> list[str]:
    return [notice.text for notice in house.session.query(Notice).filter(Notice.event == "定期事项")]


def test_a_duty_of_the_year_is_reminded_of_once_on_its_day_when_it_was_done_too_seldom(busy: House) -> None:
    asked = {"kind": "半年评估", "period": "2026-H1", "summary": "加强巡检"}
    busy.do("report", by=LEADER, at="2026-07-01 09:00", **asked)
    busy.sweep("2026-12-01 08:59")
    assert _reminders(busy) == []
    busy.sweep("2026-12-01 09:00")
    busy.sweep("2026-12-02 09:00")
    assert _reminders(busy) == ["本年度仅完成1次评估,应≥2次"]
    assert [duty.period for duty in busy.session.query(Duty).filter(Duty.title == "评估")] == ["2026"]


def test_a_duty_that_was_done_often_enough_is_not_reminded_of(busy: House) -> None:
    for period in ("2026-H1", "2026-Q3"):
        asked = {"kind": "半年评估", "period": period, "summary": "加强巡检"}
        busy.do("report", by=LEADER, at="2026-11-01 09:00", **asked)
    busy.sweep("2026-12-01 09:00")
    assert _reminders(busy) == []


def test_a_column_that_shows_no_fact_is_found(busy: House) -> None:
    wrong = parse(PLANS.replace('source = "content"', 'source = "contents"'))
    assert [str(finding) for finding in lint(wrong)] == [
        "report(设施登记表) column:没有“contents”这个事实(应为:content?)"
    ]


def test_a_duty_of_the_year_needs_a_day_of_the_year() -> None:
    with pytest.raises(ValueError, match="at 不合 period"):
        parse(PLANS.replace('at = "12-01 09:00"', 'at = "first_workday 09:00"'))
