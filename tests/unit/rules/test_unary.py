"""Unary tests: the grammar of a cell, and SQL's three values."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.facts import Fact, FactType, lookup
from rules.quantities import SHANGHAI
from rules.table import Hit, Row, Table, parse_test
from rules.unary import AnyOf, Given, Has, Is, Not, Range, TestFault, either, every, negation

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
        (">= NaN", "不是数字"),
        ("> --5", "不是数字"),
        (float("nan"), "不是数字"),
        ("[3..3)", "没有任何值"),
        ('""', "空条件"),
        (["甲", ""], "空条件"),
    ],
)
def test_a_cell_that_is_no_test_is_refused_with_what_would_be_right(raw, wrong):
    with pytest.raises(TestFault) as fault:
        parse_test(raw)
    assert wrong in fault.value.wrong
    assert fault.value.right


@pytest.mark.parametrize(
    "raw",
    [
        *("抱怨", "甲|乙", "not 抱怨", "not 甲|乙", "has 甲|乙", "not has 甲", "missing|< 3", "(not 甲|乙)|missing"),
        *(">= 10", "< 3", "[3..10)", "given", "missing", "not given", "(has 甲)|missing", '"given"|"甲|乙"'),
        *(">= 2小时", "[1天..3天)", "< 1天12小时", "[2026-10-01..2026-10-07]", ">= 2026-10-01 08:30"),
    ],
)
def test_a_test_prints_as_it_is_written(raw):
    assert str(parse_test(raw)) == raw


COUNT = Fact("round", "处理轮次", FactType.NUMBER, unit="天")
DAY = Fact("bought_on", "购买日期", FactType.DATE)
INSTANT = Fact("due_at", "截止时间", FactType.INSTANT)
LENGTH = Fact("waited", "等待时长", FactType.DURATION)
FLAG = Fact("anonymous", "匿名", FactType.FLAG)
CHOICE = Fact("nature", "性质", FactType.CHOICE, values=("抱怨", "投诉"))
LIST = Fact("flags", "标记", FactType.LIST)
DEPARTMENT = Fact("handling_department", "承办部门", FactType.DEPARTMENT)
PERSON = Fact("handler", "承办人", FactType.PERSON)
TEXT = Fact("place", "发生地点")
FACTS = (COUNT, DAY, INSTANT, LENGTH, FLAG, CHOICE, LIST, DEPARTMENT, PERSON, TEXT)


@pytest.mark.parametrize(
    ("fact", "raw", "value", "answer"),
    [
        (COUNT, "3", 3, True),
        (COUNT, "3天", 3, True),
        (COUNT, ">= 3 天", 2, False),
        (COUNT, "≥ 3", 3, True),
        (COUNT, [1, "[3..5)"], 4, True),
        (DAY, "2026-10-01", date(2026, 10, 1), True),
        (DAY, "< 2026-10-01", date(2026, 9, 30), True),
        (INSTANT, "2026-10-01", datetime(2026, 9, 30, 16, tzinfo=UTC), True),
        (INSTANT, "2026-10-01", datetime(2026, 9, 30, 15, 59, tzinfo=UTC), False),
        (INSTANT, "<= 2026-10-01", datetime(2026, 10, 1, 15, 59, tzinfo=UTC), True),
        (INSTANT, ">= 2026-10-01 08:00", datetime(2026, 10, 1, tzinfo=UTC), True),
        (INSTANT, "> 2026-10-01 08:00", datetime(2026, 10, 1, tzinfo=UTC), False),
        (LENGTH, "2小时", timedelta(hours=2), True),
        (LENGTH, ">= 30分钟", timedelta(minutes=29), False),
        (LENGTH, "[1天..3天)", timedelta(days=2, hours=23), True),
        (LENGTH, "[1天..3天)", timedelta(days=3), False),
        (LENGTH, "> 1天12小时", timedelta(hours=37), True),
        (LENGTH, ">= 2小时", None, None),
        (FLAG, "是", True, True),
        (FLAG, ["否", "missing"], None, True),
        (LIST, "not has 甲|乙", ["丙"], True),
        (CHOICE, "not 抱怨", "投诉", True),
        (TEXT, "3", "3", True),
    ],
)
def test_a_cell_is_read_in_the_type_of_its_fact(fact, raw, value, answer):
    assert parse_test(raw, fact).holds(value) is answer


@pytest.mark.parametrize(
    ("fact", "raw", "wrong", "right"),
    [
        (COUNT, "三", "“处理轮次”是数字,以天计,“三”不是", '不加引号的数字,或 ">= 10"'),
        (COUNT, ">= 3小时", "“处理轮次”是数字,以天计,“3小时”不是", '不加引号的数字,或 ">= 10"'),
        (COUNT, True, "“处理轮次”是数字,以天计,“True”不是", '不加引号的数字,或 ">= 10"'),
        (DAY, "十月一日", "“购买日期”是日期,“十月一日”不是", '"2026-10-01",或 ">= 2026-10-01"'),
        (DAY, ">= 2026-10-01 08:00", "“购买日期”是日期,“2026-10-01 08:00”不是", '"2026-10-01",或 ">= 2026-10-01"'),
        (INSTANT, "> 3", "“截止时间”是时间,“3”不是", '"2026-10-01 08:00",或 ">= 2026-10-01"'),
        (LENGTH, "> 3", "“等待时长”是时长,“3”不是", '"2小时"、">= 30分钟" 或 "[1天..3天)"'),
        (LENGTH, 3, "“等待时长”是时长,“3”不是", '"2小时"、">= 30分钟" 或 "[1天..3天)"'),
        (FLAG, "也许", "“匿名”只有是与否,“也许”不是", "true 或 false"),
        (FLAG, "> 1", "“匿名”不能比较大小", "用等于或列表"),
        (CHOICE, ">= 3", "“性质”不能比较大小", "用等于或列表"),
        (CHOICE, 3, "“性质”是文字", '"3"'),
        (DEPARTMENT, "has 工程部", "“承办部门”不是列表", "用等于、列表或区间"),
        (PERSON, "[1..3]", "“承办人”不能比较大小", "用等于或列表"),
        (LIST, "需通报", "“标记”是列表", '"has 需通报"'),
        (LIST, "> 3", "“标记”不能比较大小", "用等于或列表"),
    ],
)
def test_a_cell_that_does_not_fit_its_fact_is_refused_with_what_would_be_right(fact, raw, wrong, right):
    with pytest.raises(TestFault) as fault:
        parse_test(raw, fact)
    assert (fault.value.wrong, fault.value.right) == (wrong, right)


def test_an_argument_that_is_no_fact_may_be_of_any_type():
    argument = lookup("argument.something", {})
    assert parse_test("> 365", argument).holds(400) is True
    assert parse_test("has 甲", argument).holds(["甲"]) is True
    assert parse_test("当天", argument).holds("当天") is True


def test_an_argument_whose_type_is_known_is_read_in_it():
    argument = lookup("argument.limit_days", {})
    assert parse_test("> 365天", argument).holds(400) is True
    with pytest.raises(TestFault, match="“办理天数”是数字,以天计"):
        parse_test("> 一年", argument)


TEXTS = some.text(alphabet='甲乙not has given|"()[].>=3 ', min_size=1, max_size=12).filter(str.strip)
NUMBERS = some.integers(-1000, 1000) | some.decimals(-100, 100, places=2, allow_nan=False)
INSTANTS = some.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda found: found.replace(tzinfo=SHANGHAI))
DATES = some.dates(date(1990, 1, 1), date(2100, 1, 1))
DURATIONS = some.integers(0, 10**7).map(lambda seconds: timedelta(seconds=seconds))
QUANTITIES = {
    FactType.NUMBER: NUMBERS,
    FactType.DATE: DATES,
    FactType.INSTANT: INSTANTS | DATES,
    FactType.DURATION: DURATIONS,
}
TYPED_VALUES = {**QUANTITIES, FactType.FLAG: some.booleans()}


def cells_of(fact: Fact) -> some.SearchStrategy:
    """Tests that fit the type of a fact."""
    values = TYPED_VALUES.get(fact.type, TEXTS.map(str.strip))
    single = some.builds(Given, some.booleans())
    if fact.type is FactType.LIST:
        single |= some.builds(Has, some.lists(TEXTS.map(str.strip), min_size=1, max_size=3).map(tuple))
    else:
        single |= some.builds(Is, values)
    if fact.type in QUANTITIES:
        single |= some.builds(Range, low=values, low_in=some.booleans(), high_in=some.just(True))
        single |= some.builds(Range, high=values, low_in=some.just(True), high_in=some.booleans())
    several = some.lists(single | single.map(Not), min_size=2, max_size=3).map(tuple).map(AnyOf)
    return single | several | single.map(Not) | several.map(Not)


@given(some.sampled_from(FACTS).flatmap(lambda fact: some.tuples(some.just(fact), cells_of(fact))))
def test_what_a_test_prints_is_read_as_the_same_test(drawn):
    fact, test = drawn
    assert parse_test(str(test), fact) == test


@given(TEXTS | some.lists(TEXTS, min_size=1, max_size=3))
def test_what_is_read_from_a_cell_is_read_again_from_its_print(raw):
    try:
        test = parse_test(raw)
    except TestFault:
        return
    assert parse_test(str(test)) == test


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
