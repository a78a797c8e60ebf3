"""The month's figures: ratios to two decimals, counts, and the groups behind them (block 16)."""

from __future__ import annotations

import pytest

from models import PeriodicReport
from tests.support.cast import House
from workflow.month import MONTHLY
from workflow.rehearsal_bulk import make_cases
from workflow.report_shapes import Kpi, Report

ORDER = {"channel": "来电", "nature": "抱怨", "compensation_sought": "无", "handling_department": "工程维修部"}


def past(house: House, count: int, outcome: str, **row: object) -> None:
    """So many cases of May, ended on the third day."""
    given = {"received_at": "2026-05-06 09:00", "closed_at": "2026-05-08 09:00", **row}
    make_cases(
        house.session, "P02", [{"count": count, "outcome": outcome, "with": {"name": "客户", **ORDER}, **given}], {}
    )


def month(house: House, by: str = "审计员", at: str = "2026-06-01 09:00") -> Report:
    return house.do("report", by=by, at=at, kind=MONTHLY, period="2026-05").result


def kpis(house: House) -> dict[str, Kpi]:
    return {kpi.name: kpi for kpi in month(house).kpis}


@pytest.mark.clause("P02-16.1", "G-17")
def test_twenty_four_of_twenty_five_orders_in_time_are_ninety_six_percent(house: House) -> None:
    past(house, 24, "按期办结")
    past(house, 1, "超期办结")
    found = kpis(house)["督办单按期办结率"]
    assert (found.value, found.numerator, found.denominator) == ("96.00%", 24, 25)


@pytest.mark.clause("P02-16.1", "G-17")
@pytest.mark.parametrize(
    ("good", "bad", "shown"), [(1, 2, "33.33%"), (2, 1, "66.67%"), (7, 1, "87.50%"), (0, 3, "0.00%")]
)
def test_a_ratio_is_rounded_half_up_to_two_decimals(house: House, good: int, bad: int, shown: str) -> None:
    past(house, good, "按期办结")
    past(house, bad, "超期办结")
    assert kpis(house)["督办单按期办结率"].value == shown


@pytest.mark.clause("P02-16.1", "G-17")
def test_an_empty_month_has_a_dash_and_neither_met_nor_missed(house: House) -> None:
    found = kpis(house)
    assert [found[name].value for name in ("督办单按期办结率", "回访率", "满意率")] == ["—"] * 3
    assert {found[name].met for name in ("督办单按期办结率", "回访率", "满意率")} == {None}
    assert (found["抱怨件数"].value, found["投诉件数"].value) == ("0", "0")


@pytest.mark.clause("P02-16.1", "P02-14.1", "G-22")
def test_satisfied_and_fairly_satisfied_count_as_satisfied(house: House) -> None:
    for result in ("满意", "基本满意", "不满意", "无法联系"):
        past(house, 1, "按期办结", visit_result=result)
    past(house, 1, "按期办结")
    found = kpis(house)
    assert (found["回访率"].value, found["满意率"].value) == ("80.00%", "50.00%")


@pytest.mark.clause("P02-16.1")
def test_grumbles_and_complaints_are_counted_by_department_and_grade(house: House) -> None:
    house.registered()
    house.registered(name="客户二", complained_department="工程维修部")
    house.complaint(name="客户三")
    rows = {(row[0], row[1]): row[2:5] for row in month(house).rows}
    assert rows["承办部门", "客户营业部"] == ("2", "1", "1")
    assert rows["承办部门", "工程维修部"] == ("1", "1", "0")
    assert rows["级别", "抱怨"] == ("2", "2", "0")
    assert rows["级别", "三级投诉"] == ("1", "0", "1")
    assert (kpis(house)["抱怨件数"].value, kpis(house)["投诉件数"].value) == ("2", "1")


@pytest.mark.clause("P02-16.1", "G-11")
def test_an_order_answered_late_is_late_though_no_sweep_ever_saw_it(house: House) -> None:
    house.ordered(limit_kind="当天", limit_days=None)
    house.answered(at="2026-05-14 00:00")
    assert kpis(house)["督办单按期办结率"].value == "0.00%"


@pytest.mark.clause("P02-16.1", "G-18")
def test_void_and_withdrawn_cases_do_not_count(house: House) -> None:
    house.ordered()
    house.registered(name="客户二")
    house.do("void", by="系统管理员", reason="重复登记")
    house.registered(name="客户三")
    house.do("withdraw", reason="客户撤回")
    assert kpis(house)["抱怨件数"].value == "1"


@pytest.mark.clause("P02-16.1")
def test_the_figures_are_of_the_cases_that_the_reader_may_know_of(house: House) -> None:
    house.registered()
    own = {kpi.name: kpi.value for kpi in month(house, by="工程维修部负责人").kpis}
    assert own["抱怨件数"] == "0"


@pytest.mark.clause("P02-16.1", "G-16")
def test_figures_with_a_conclusion_are_kept_as_they_were(house: House) -> None:
    past(house, 24, "按期办结")
    past(house, 1, "超期办结")
    house.do("report", by="客服甲", at="2026-06-01 09:00", kind=MONTHLY, period="2026-05", summary="总体平稳")
    kept = house.session.query(PeriodicReport).one()
    assert (kept.period, kept.summary, kept.kpis["督办单按期办结率"]["value"]) == ("2026-05", "总体平稳", "96.00%")
