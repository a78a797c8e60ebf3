"""Ratios: compared unrounded, shown with two decimals, and nothing made of nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.indicators import COUNTS, Ratio
from tests.unit.rules.shared import p02


@pytest.mark.clause("G-17", "P02-16.1")
@pytest.mark.parametrize(
    ("numerator", "denominator", "text"),
    [
        (189, 199, "94.97%"),
        (24, 25, "96.00%"),
        (29, 31, "93.55%"),
        (27, 31, "87.10%"),
        (0, 0, "—"),
        (1, 800, "0.13%"),
        (5, None, "5"),
    ],
)
def test_a_ratio_shows_two_decimals_half_up(numerator, denominator, text):
    assert Ratio(numerator, denominator).text == text


@pytest.mark.clause("G-17")
@pytest.mark.parametrize(
    ("numerator", "denominator", "met"),
    [(189, 199, False), (19, 20, True), (94996, 100000, False), (0, 0, None), (5, None, None)],
)
def test_the_unrounded_quotient_is_compared_with_the_target(numerator, denominator, met):
    assert Ratio(numerator, denominator).met(0.95) is met


def test_without_a_target_nothing_is_met_or_missed():
    assert Ratio(1, 2).met(None) is None


@pytest.mark.clause("P02-16.1")
def test_p02_measures_orders_in_time_visits_satisfaction_and_counts():
    assert [row.name for row in p02().indicators] == ["督办单按期办结率", "回访率", "满意率", "抱怨件数", "投诉件数"]
    assert all(name in COUNTS for row in p02().indicators for name in (row.numerator, row.denominator) if name)


@given(some.integers(0, 10**6), some.integers(1, 10**6))
def test_a_whole_is_always_shown_as_such(part, whole):
    assert Ratio(whole, whole).text == "100.00%"
    assert Ratio(part, whole).met(0) is True
