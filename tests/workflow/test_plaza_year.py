"""What the plaza learns from its complaints: what comes most often, measures, trainings, two evaluations a year."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from models import Measure, PeriodicReport, Staff, Training
from rules.procedure import shipped
from tests.support.cast import OPENING, House
from workflow import procedures
from workflow.access import SYSTEM
from workflow.rehearsal_bulk import make_cases

HEAD = "客服部负责人"
JUNE = {"received_at": "2026-06-08 10:00", "closed_at": "2026-06-10 10:00", "outcome": "按期办结"}
GIVEN = {"channel": "来电", "kind": "消费者", "content": "统计用", "name": "客户", "phone": "13800000109"}


@pytest.fixture
def plaza(house: House) -> House:
    """The template beside the other procedure, with the head of its desk."""
    procedures.put_in_force(house.session, shipped()["P00a"], actor=SYSTEM, now=OPENING)
    house.department("客服部").head = Staff(name=HEAD, department=house.department("客服部"))
    house.session.flush()
    return house


def cases(house: House, count: int, category: str, **more: Any) -> None:
    make_cases(house.session, "P00a", [{"count": count, "with": {**GIVEN, "category": category}, **JUNE, **more}], {})


def report(house: House, kind: str, period: str, at: str = "2026-07-01 09:00", **more: Any) -> Any:
    return house.do("report", by=HEAD, at=at, kind=kind, period=period, procedure="P00a", **more).result


@pytest.mark.clause("P00a-7.11", "P00a-7.12")
def test_what_comes_most_often_stands_first_and_a_measure_keeps_its_cases(plaza: House) -> None:
    for count, category in ((2, "服务态度"), (7, "环境设施"), (3, "商品质量")):
        cases(plaza, count, category)
    month = report(plaza, "月分析", "2026-06")
    ranked = [(row[1], row[2]) for row in month.rows if row[0] == "类别"]
    assert ranked == [("环境设施", "7"), ("商品质量", "3"), ("服务态度", "2")]
    given = {"kind": "预防措施", "measure": "每周巡检", "owner_department": "工程部", "due_on": "2026-09-30"}
    figure = {"report": "月分析", "period": "2026-06", "counted": "类别/环境设施", "procedure": "P00a"}
    done = plaza.do("add_measure", by=HEAD, at="2026-07-01 09:10", source="月分析 2026-06", **given, **figure)
    measure: Measure = done.result
    assert measure.counted["cases"] == list(month.behind["类别/环境设施"])
    assert len(measure.counted["cases"]) == 7


@pytest.mark.clause("P00a-7.13")
def test_a_training_of_twelve_is_on_record_for_each_of_them(plaza: House) -> None:
    people = [f"店员{number}" for number in range(1, 13)]
    plaza.session.add_all(Staff(name=name, department=plaza.department("客服部")) for name in people)
    plaza.session.flush()
    course = {"topic": "投诉沟通", "kind": "投诉处理", "on": "2026-05-11", "valid_until": "2027-05-10"}
    training: Training = plaza.do("train", by=HEAD, at="2026-05-11 17:00", **course, attendees=people).result
    assert [str(one) for one in training.attendance] == people
    assert {str(plaza.person(name).training_valid_until) for name in people} == {"2027-05-10"}


@pytest.mark.clause("P00a-13.2", "P00a-8.4")
def test_the_evaluation_of_half_a_year_has_totals_rates_and_what_comes_most_often(plaza: House) -> None:
    cases(plaza, 3, "环境设施")
    cases(plaza, 1, "服务态度", outcome="在办", closed_at=None)
    given = {"kind": "年度评估", "period": "2026-H1", "procedure": "P00a"}
    assert "结论" in plaza.refused("report", by=HEAD, at="2026-07-01 09:00", **given)
    made = report(plaza, "年度评估", "2026-H1", summary="设施类最多,每周巡检")
    kpis = {kpi.name: (kpi.numerator, kpi.denominator, kpi.value, kpi.met) for kpi in made.kpis}
    assert kpis["投诉解决率"] == (3, 4, "75.00%", False)
    assert "环境设施\t3" in made.text
    assert plaza.session.scalars(select(PeriodicReport.summary)).one() == "设施类最多,每周巡检"


@pytest.mark.clause("P00a-8.3")
@pytest.mark.parametrize(("done", "told"), [(0, "仅完成0次"), (1, "仅完成1次"), (2, "")])
def test_in_december_who_has_not_evaluated_twice_is_told(plaza: House, done: int, told: str) -> None:
    for period in ("2026-H1", "2026-H2")[:done]:
        report(plaza, "年度评估", period, at="2026-11-02 09:00", summary="调整巡检")
    plaza.case = None
    assert plaza.sweep("2026-12-01 08:59") == []
    texts = [notice.text for done in plaza.sweep("2026-12-01 09:00") for notice in done.notices]
    assert [told in text and "应≥2次" in text for text in texts if "服务质量评估" in text] == ([True] if told else [])
    assert not [notice for done in plaza.sweep("2026-12-01 09:05") for notice in done.notices]


@pytest.mark.clause("P00a-7.11", "G-19", "G-21")
@pytest.mark.parametrize("made", [False, True])
def test_what_the_month_showed_is_asked_for_on_the_first_workday(plaza: House, made: bool) -> None:
    if made:
        report(plaza, "月分析", "2026-05", at="2026-05-31 09:00", summary="设施类最多")
    plaza.case = None
    assert plaza.sweep("2026-06-01 08:59") == []
    texts = [notice.text for done in plaza.sweep("2026-06-01 09:00") for notice in done.notices]
    assert sum("投诉处理月分析" in text for text in texts) == (0 if made else 1)


@pytest.mark.clause("P00a-16.1", "P00a-14.2")
def test_a_case_closed_while_the_customer_stays_dissatisfied_is_not_solved(plaza: House) -> None:
    cases(plaza, 9, "环境设施", visit_result="满意")
    cases(plaza, 1, "环境设施", visit_result="不满意")
    month = {kpi.name: (kpi.value, kpi.met) for kpi in report(plaza, "月分析", "2026-06").kpis}
    assert (month["投诉解决率"], month["满意率"]) == (("90.00%", False), ("90.00%", None))


@pytest.mark.clause("P00a-16.1")
@pytest.mark.parametrize(("solved", "of", "shown", "met"), [(190, 200, "95.00%", True), (189, 199, "94.97%", False)])
def test_the_target_is_reached_at_ninety_five_exactly(
    plaza: House, solved: int, of: int, shown: str, met: bool
) -> None:
    cases(plaza, solved, "环境设施")
    cases(plaza, of - solved, "环境设施", outcome="在办", closed_at=None)
    (rate,) = [kpi for kpi in report(plaza, "月分析", "2026-06").kpis if kpi.name == "投诉解决率"]
    assert (rate.numerator, rate.denominator, rate.value, rate.met) == (solved, of, shown, met)


@pytest.mark.clause("P00a-12.1", "P00a-7.10")
def test_the_record_has_one_line_a_case_and_keeps_those_that_are_archived(plaza: House) -> None:
    cases(plaza, 2, "环境设施", visit_result="满意")
    made = report(plaza, "投诉记录", "2026-06")
    columns = ("序号", "投诉编号", "接到时间", "渠道", "客户", "类别", "内容", "责任部门", "处理方案", "满意度", "状态")
    assert made.columns == columns
    assert [(row[5], row[9]) for row in made.rows] == [("环境设施", "满意")] * 2
