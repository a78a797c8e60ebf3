"""Unary tests: the grammar of a cell, and SQL's three values."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.table import Hit, Row, Table, parse_test
from rules.unary import TestFault, either, every, negation

TRUTHS = some.sampled_from([True, False, None])


@pytest.mark.parametrize(
    ("raw", "value", "answer"),
    [
        ("抱怨", "抱怨", True),
        ("抱怨", "投诉", False),
        ("抱怨", None, None),
        (["来电", "来访"], "来访", True),
        (["来电", "来访"], "来函", False),
        (["来电", "来访"], None, None),
        ([False, "missing"], None, True),
        ([False, "missing"], False, True),
        ([False, "missing"], True, False),
        ("not 抱怨", "投诉", True),
        ("not 抱怨", None, None),
        ("not 无法联系|不满意", "满意", True),
        ("not 无法联系|不满意", "不满意", False),
        ("has 需通报", ["需通报", "超期"], True),
        ("has 需通报", [], False),
        ("has 需通报", None, None),
        ("has 甲|乙", ["乙"], True),
        ("not has 调查报告", [], True),
        ("not has 调查报告", ["调查报告"], False),
        ("not has 调查报告", None, None),
        (">= 10", 10, True),
        ("> 10", 10, False),
        ("< 1", 0, True),
        ("<= 1", Decimal("1.0"), True),
        (">= 10", None, None),
        (">= 10", "十", False),
        ("[3..10)", 3, True),
        ("[3..10)", 10, False),
        ("(3..10]", 3, False),
        ("(3..10]", 10, True),
        (">= 2026-10-01", date(2026, 10, 1), True),
        ("[2026-10-01..2026-10-07]", datetime(2026, 10, 7, 23, 0), True),
        ("given", "甲", True),
        ("given", "", False),
        ("given", [], False),
        ("given", False, True),
        ("given", 0, True),
        ("missing", None, True),
        ("missing", "  ", True),
        ("missing", "甲", False),
        (True, True, True),
        (True, 1, False),
        (1, True, False),
        (3, 3.0, True),
        (True, None, None),
    ],
)
def test_a_cell_answers_yes_no_or_unknown(raw, value, answer):
    assert parse_test(raw).holds(value) is answer


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        ([], "空列表"),
        ("", "空条件"),
        (">= 十", "不是数字"),
        ("[10..3]", "下限大于上限"),
        ("[3..2026-01-01]", "不是同一种量"),
        ("has 甲||乙", "空的值"),
        ({"a": 1}, "不是条件"),
        (None, "不是条件"),
    ],
)
def test_a_cell_that_is_no_test_is_refused_with_what_would_be_right(raw, wrong):
    with pytest.raises(TestFault) as fault:
        parse_test(raw)
    assert wrong in fault.value.wrong
    assert fault.value.right


@pytest.mark.parametrize(
    "raw", ["抱怨", "not 抱怨", "has 甲|乙", "not has 甲", ">= 10", "< 3", "[3..10)", "given", "missing"]
)
def test_a_test_prints_as_it_is_written(raw):
    assert str(parse_test(raw)) == raw


@given(some.lists(TRUTHS))
def test_and_is_the_negation_of_or_over_negations(answers):
    assert every(answers) is negation(either(negation(answer) for answer in answers))


@given(some.lists(TRUTHS), some.randoms(use_true_random=False))
def test_the_order_of_answers_never_matters(answers, random):
    shuffled = answers[:]
    random.shuffle(shuffled)
    assert every(shuffled) is every(answers)
    assert either(shuffled) is either(answers)


@given(some.text(max_size=20))
def test_any_text_is_a_test_or_a_fault_and_an_unknown_fact_never_makes_it_fail(text):
    try:
        test = parse_test(text)
    except TestFault:
        return
    assert test.holds(None) in (True, False, None)
    assert test.holds(text) in (True, False, None)


CELLS = some.sampled_from(["甲", "not 甲", ["甲", "乙"], ">= 3", "[1..5)", "given", "missing", "has 甲", True, 4])
VALUES = some.sampled_from([None, "", "甲", "乙", 1, 3, 4, 5, True, False, ["甲"], []])


@given(
    some.dictionaries(some.sampled_from("abcdef"), some.tuples(CELLS, VALUES), max_size=6), some.permutations("abcdef")
)
def test_permuting_the_tests_of_a_row_never_changes_its_answer(cells, order):
    facts = {name: value for name, (_, value) in cells.items()}
    tests = {name: parse_test(raw) for name, (raw, _) in cells.items()}
    permuted = {name: tests[name] for name in order if name in tests}
    assert Row("r", permuted, "甲").holds(facts) is Row("r", tests, "甲").holds(facts)


@given(some.dictionaries(some.sampled_from("abc"), some.tuples(CELLS, VALUES), min_size=1))
def test_a_row_that_is_not_certain_does_not_decide(cells):
    row = Row("r", {name: parse_test(raw) for name, (raw, _) in cells.items()}, "甲")
    facts = {name: value for name, (_, value) in cells.items()}
    decided = Table("s", Hit.FIRST, (row,)).decide(facts)
    assert (decided is not None) is (row.holds(facts) is True)
