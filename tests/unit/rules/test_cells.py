"""Cells as sets: what is in a set is what the test holds for, and sets are reckoned with as they should be."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.cells import Cell, Unknowable, cell, full
from rules.facts import Fact, FactType
from rules.unary import AnyOf, Given, Has, Is, Not, Range, parse_test

COUNT = Fact("round", "处理轮次", FactType.NUMBER, whole=True)
AMOUNT = Fact("amount", "金额", FactType.NUMBER, unit="元")
DAY = Fact("bought_on", "购买日期", FactType.DATE)
INSTANT = Fact("due_at", "截止时间", FactType.INSTANT)
LENGTH = Fact("waited", "等待时长", FactType.DURATION)
FLAG = Fact("anonymous", "匿名", FactType.FLAG)
CHOICE = Fact("nature", "性质", FactType.CHOICE, values=("抱怨", "投诉", "建议"))
LIST = Fact("flags", "标记", FactType.LIST)
TEXT = Fact("place", "发生地点")

WORDS = some.sampled_from(["抱怨", "投诉", "建议"])
ITEMS = some.sampled_from(["甲", "乙", "丙"])
DAYS = some.dates(date(2026, 1, 1), date(2026, 1, 5))
MOMENTS = some.builds(
    lambda day, seconds: datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC) + timedelta(days=day, seconds=seconds),
    some.integers(0, 4),
    some.integers(0, 3),
)
VALUES = {
    COUNT: some.integers(0, 6),
    AMOUNT: some.integers(-2, 6) | some.sampled_from([Decimal("0.5"), Decimal("2.5"), Decimal("2.50001")]),
    DAY: DAYS,
    INSTANT: MOMENTS,
    LENGTH: some.integers(0, 6).map(lambda hours: timedelta(hours=hours)),
    FLAG: some.booleans(),
    CHOICE: WORDS,
    LIST: some.lists(ITEMS, unique=True),
    TEXT: some.sampled_from(["甲", "乙", "丙"]),
}
BOUNDS = {
    **VALUES,
    COUNT: some.integers(-1, 6) | some.sampled_from([Decimal("0.5"), Decimal("2.5")]),
    INSTANT: MOMENTS | DAYS,
}


def cells_of(fact: Fact) -> some.SearchStrategy:
    """Tests that fit a fact, also such as nobody would write."""
    values = BOUNDS[fact]
    single = some.builds(Given, some.booleans())
    if fact is LIST:
        single |= some.builds(Has, some.lists(ITEMS, min_size=1, max_size=2).map(tuple))
    else:
        single |= some.builds(Is, values)
    if fact.type in (FactType.NUMBER, FactType.DATE, FactType.INSTANT, FactType.DURATION):
        ends = some.none() | values
        single |= some.builds(Range, ends, ends, some.booleans(), some.booleans())
    return some.recursive(
        single,
        lambda inner: inner.map(Not) | some.lists(inner, min_size=1, max_size=3).map(tuple).map(AnyOf),
        max_leaves=4,
    )


FACTS = some.sampled_from(list(VALUES))
ONE = FACTS.flatmap(lambda fact: some.tuples(some.just(fact), cells_of(fact), some.none() | VALUES[fact]))
TWO = FACTS.flatmap(
    lambda fact: some.tuples(some.just(fact), cells_of(fact), cells_of(fact), some.none() | VALUES[fact])
)


@given(ONE)
def test_a_value_is_in_the_set_of_a_cell_exactly_when_its_test_holds(drawn):
    fact, test, value = drawn
    assert (value in cell(test, full(fact))) is (test.holds(value) is True)


@given(TWO)
def test_sets_meet_join_and_are_taken_away_value_by_value(drawn):
    fact, one_test, other_test, value = drawn
    one, other = cell(one_test, full(fact)), cell(other_test, full(fact))
    assert (value in one.meet(other)) is (value in one and value in other)
    assert (value in one.join(other)) is (value in one or value in other)
    assert (value in one.minus(other)) is (value in one and value not in other)
    assert (value in one.complement()) is (value not in one)


@given(ONE)
def test_a_set_that_is_not_empty_gives_a_sample_that_the_test_holds_for(drawn):
    fact, test, value = drawn
    found = cell(test, full(fact))
    if found.is_empty():
        assert test.holds(value) is not True
    else:
        assert test.holds(found.sample()) is True


@given(TWO)
def test_what_is_left_after_all_is_taken_away_is_empty(drawn):
    fact, one_test, other_test, _value = drawn
    one, other = cell(one_test, full(fact)), cell(other_test, full(fact))
    assert one.minus(one).is_empty()
    assert one.minus(other).meet(other).is_empty()
    assert one.join(one.complement()).is_full()


def of(raw: object, fact: Fact) -> Cell:
    return cell(parse_test(raw, fact), full(fact))


@pytest.mark.parametrize(
    ("raw", "fact"),
    [
        ("not 抱怨|投诉|建议", CHOICE),
        ("表扬", CHOICE),
        ("(2..3)", COUNT),
        ("< 0", COUNT),
        ("2.5", COUNT),
        ("not 是|否", FLAG),
    ],
)
def test_some_cells_can_never_hold(raw, fact):
    assert of(raw, fact).is_empty()


@pytest.mark.parametrize(
    ("raw", "fact", "value"),
    [
        (">= 3", COUNT, 3),
        ("(2..3)", AMOUNT, Decimal("2.5")),
        ("< 1", COUNT, 0),
        ("< -7", AMOUNT, -8),
        ("not 抱怨", CHOICE, "投诉"),
        ("not 其他", TEXT, "其他2"),
        ("has 甲|乙", LIST, ["甲"]),
        ("not has 甲", LIST, []),
        ("> 2026-10-01", DAY, date(2026, 10, 2)),
        ("> 2小时", LENGTH, timedelta(hours=2, microseconds=1)),
        ("missing", CHOICE, None),
        (["missing", "投诉"], CHOICE, "投诉"),
    ],
)
def test_the_sample_is_the_simplest_value(raw, fact, value):
    assert of(raw, fact).sample() == value


def test_of_an_open_list_more_than_the_known_values_may_come():
    assert "表扬" in cell(parse_test("not 抱怨", CHOICE), full(CHOICE, closed=False))


def test_what_is_never_missing_leaves_nothing_to_missing():
    assert cell(parse_test("missing", CHOICE), full(CHOICE, missing=False)).is_empty()


def test_a_cell_of_another_type_has_no_set():
    with pytest.raises(Unknowable):
        cell(parse_test("has 甲"), full(CHOICE))
