"""A row asked of the database and the same row asked of each case: always the same answer, yes, no and unknown."""

import os
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from models import Complaint
from models.queries import conditions
from models.queries.conditions import FactColumn
from models.queries.fact_columns import columns
from rules.facts import FactType
from rules.quantities import SHANGHAI
from rules.table import Row, TestFault
from rules.unary import AnyOf, Given, Has, Is, Not, Range, parse_test
from tests.support.many_cases import DAYS, INSTANTS, NUMBERS, WORDS, document

EXAMPLES = int(os.environ.get("CONDITIONS_EXAMPLES", "100"))
COLUMNS = columns(document())
TEXT = some.one_of(some.sampled_from([word for word in WORDS if word]), some.text(max_size=6))
NUMBER = some.one_of(
    some.sampled_from([number for number in NUMBERS if number is not None]),
    some.integers(-5, 12),
    some.integers(),
    some.decimals(-12, 12, places=3),
    some.decimals(allow_nan=False, allow_infinity=False),
    some.floats(-12, 12),
)
DAY = some.one_of(some.sampled_from(DAYS), some.dates(date(2025, 12, 1), date(2027, 1, 31)), some.just(date.max))
INSTANT = some.one_of(
    some.sampled_from(INSTANTS),
    some.datetimes(datetime(2025, 12, 1), datetime(2027, 1, 31), timezones=some.just(SHANGHAI)),
    some.sampled_from(INSTANTS).map(lambda moment: moment + timedelta(microseconds=1)),
    some.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),
)
LENGTH = some.timedeltas(timedelta(0), timedelta(days=3))
QUANTITY = some.one_of(NUMBER, DAY, INSTANT, LENGTH)
ANY = some.one_of(TEXT, QUANTITY, some.booleans())
OF_TYPE = {
    FactType.NUMBER: NUMBER,
    FactType.FLAG: some.booleans(),
    FactType.DATE: DAY,
    FactType.INSTANT: some.one_of(INSTANT, DAY),
    FactType.DURATION: LENGTH,
}
ORDERED = (FactType.NUMBER, FactType.DATE, FactType.INSTANT, FactType.DURATION)


def ranges(values):
    """Intervals with both ends, or one; open or closed; a wrong way round is empty."""
    ends = some.one_of(some.none(), values)
    return some.builds(Range, ends, ends, some.booleans(), some.booleans())


def cells_of(kind):
    """Tests of a fact of that type: mostly fitting ones, now and then some that fit no such fact."""
    fitting = OF_TYPE.get(kind, TEXT)
    words = some.lists(TEXT, min_size=1, max_size=3).map(tuple)
    leaves = [fitting.map(Is), some.booleans().map(Given), words.map(Has), ANY.map(Is)]
    leaves.append(ranges(fitting if kind in ORDERED else QUANTITY))
    return some.recursive(
        some.one_of(leaves),
        lambda inner: some.one_of(inner.map(Not), some.lists(inner, min_size=1, max_size=3).map(tuple).map(AnyOf)),
        max_leaves=4,
    )


ROWS = some.lists(some.sampled_from(sorted(COLUMNS)), min_size=0, max_size=4, unique=True).flatmap(
    lambda names: some.fixed_dictionaries({name: cells_of(COLUMNS[name].type) for name in names})
)


def answers(pool, row):
    """Case to True, False or None, as the database says."""
    seen = columns(pool.procedure)
    certain = dict.fromkeys(pool.facts)
    certain |= dict.fromkeys(pool.session.scalars(select(Complaint.id).where(conditions.where_not(row, seen))), False)
    return certain | dict.fromkeys(pool.session.scalars(select(Complaint.id).where(conditions.where(row, seen))), True)


@settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ROWS)
def test_a_row_means_the_same_to_a_rule_and_to_a_query(pool, when):
    row = Row("r", when, "甲")
    assert answers(pool, row) == {key: row.holds(facts) for key, facts in pool.facts.items()}


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(some.data())
def test_each_fact_at_each_value_that_some_case_has(pool, data):
    """The boundaries: cells made of the very values that are stored."""
    name = data.draw(some.sampled_from(sorted(COLUMNS)))
    stored = sorted({value for facts in pool.facts.values() for value in listed(facts.get(name))}, key=str)
    value = data.draw(some.sampled_from([*stored, "没有这样的值"]))
    tests = [Is(value), Not(Is(value)), Has((str(value),)), Not(Has((str(value),)))]
    if COLUMNS[name].type in ORDERED:
        tests += [Range(value), Range(high=value), Range(value, value, False, True), Not(Range(value))]
    row = Row("r", {name: data.draw(some.sampled_from(tests))}, "甲")
    assert answers(pool, row) == {key: row.holds(facts) for key, facts in pool.facts.items()}


def listed(value):
    if isinstance(value, list):
        return [item for item in value if isinstance(item, str)]
    return [] if value is None else [value]


CELLS = [
    *("甲", "not 甲", ["甲", "乙"], "甲|乙", "given", "missing", "not missing", "has 甲|乙", "not has 甲", "是"),
    *("3", ">= 3", "[1..10)", "(0.1..10.5]", "> 0.1", True, False, [False, "missing"], 3, 3.0, 0.1, Decimal("0.25")),
    *("2026-05-13", ">= 2026-05-13", "[2026-01-31..2026-02-28]", "not >= 2026-06-01"),
    *("< 2026-05-13 16:00", "2026-05-13 00:00"),
]


@pytest.mark.parametrize("name", sorted(document().facts))
def test_cells_as_a_document_writes_them(pool, name):
    for raw in CELLS:
        try:
            test = parse_test(raw, pool.procedure.facts[name])
        except TestFault:
            test = parse_test(raw)
        row = Row("r", {name: test}, "甲")
        assert answers(pool, row) == {key: row.holds(facts) for key, facts in pool.facts.items()}, raw


def test_a_row_without_tests_holds_for_every_case(pool):
    assert set(answers(pool, Row("r", {}, "甲")).values()) == {True}


@pytest.mark.parametrize("text", ["\x00", "\ud800", ""])
def test_nothing_equals_what_cannot_be_stored(pool, text):
    for test in (Is(text), Has((text,))):
        assert True not in answers(pool, Row("r", {"content": test, "a_list": test}, "甲")).values()


def test_a_length_of_time_is_compared_as_seconds(pool):
    column = FactColumn(FactType.DURATION, Complaint.parties_count)
    found = conditions.where(
        Row("r", {"wait": Range(timedelta(seconds=3), timedelta(seconds=9))}, "甲"), {"wait": column}
    )
    expected = {key for key, facts in pool.facts.items() if 3 <= facts["parties_count"] <= 9}
    assert set(pool.session.scalars(select(Complaint.id).where(found))) == expected
