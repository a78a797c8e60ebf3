"""What a document may say of an indicator: whether open cases that are not due yet stay in its denominator (F-19)."""

from __future__ import annotations

import pytest

from rules.document import IndicatorRow
from workflow.month import _kpi

FOUND = {"cases": 40, "cases_due": 38, "in_time": 37, "in_time_with:投诉处理单": 36, "closed": 39}


@pytest.mark.clause("F-19", "P00b-16.1")
@pytest.mark.parametrize(("left_out", "value", "denominator"), [(False, "92.50%", 40), (True, "97.37%", 38)])
def test_cases_not_due_yet_stay_in_the_denominator_unless_the_document_leaves_them_out(left_out, value, denominator):
    row = IndicatorRow(name="及时率", numerator="in_time", denominator="cases", exclude_not_due=left_out)
    found = _kpi(row, FOUND)
    assert (found.value, found.numerator, found.denominator) == (value, 37, denominator)


@pytest.mark.clause("F-19")
@pytest.mark.parametrize("left_out", [False, True])
def test_the_other_way_to_reckon_stands_beside_it(left_out):
    row = IndicatorRow(name="及时率", numerator="in_time", denominator="cases", exclude_not_due=left_out)
    (other,) = _kpi(row, FOUND).otherwise
    assert (other.name, other.value) == (("计入未到期", "92.50%") if left_out else ("不计未到期", "97.37%"))


def test_only_the_count_of_all_cases_has_cases_that_are_not_due():
    row = IndicatorRow(name="结案率", numerator="closed", denominator="closed", exclude_not_due=True)
    assert _kpi(row, FOUND).denominator == 39


def test_whether_it_is_met_is_judged_by_the_denominator_that_the_document_chose():
    given = {"name": "及时率", "numerator": "in_time", "denominator": "cases", "target": 0.95}
    assert [_kpi(IndicatorRow(**given, exclude_not_due=out), FOUND).met for out in (False, True)] == [False, True]
