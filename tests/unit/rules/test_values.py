"""A field's value survives being kept as JSON, and is missing where it is not of its type."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.facts import FactType
from rules.quantities import SHANGHAI
from rules.values import kept, seen

INSTANTS = some.datetimes(datetime(1992, 1, 1), datetime(2090, 1, 1), timezones=some.sampled_from([UTC, SHANGHAI])).map(
    lambda moment: moment.replace(microsecond=0)
)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("重大不良", FactType.CHOICE),
        (12, FactType.NUMBER),
        (0.1, FactType.NUMBER),
        (False, FactType.FLAG),
        (["甲", "乙"], FactType.LIST),
        (date(2026, 5, 13), FactType.DATE),
        (timedelta(hours=36), FactType.DURATION),
    ],
)
def test_a_value_is_seen_as_it_was_given(value, kind):
    assert seen(json.loads(json.dumps(kept(value))), kind) == value


@given(INSTANTS)
def test_an_instant_is_seen_as_it_was_given_to_the_second(moment):
    assert seen(json.loads(json.dumps(kept(moment))), FactType.INSTANT) == moment


@given(INSTANTS, INSTANTS)
def test_kept_instants_sort_as_they_follow_each_other(one, other):
    assert (kept(one) < kept(other)) == (one < other)


@pytest.mark.parametrize("kind", [kind for kind in FactType if kind is not FactType.TEXT])
def test_what_is_of_no_such_type_is_missing(kind):
    values = ["", None, {"a": 1}, "没有", 7, True, ["甲"], "2026-02-31", "2026-05-13 15:10", "2026-05-13"]
    right = {
        FactType.NUMBER: [7],
        FactType.FLAG: [True],
        FactType.LIST: [["甲"]],
        FactType.DATE: [date(2026, 5, 13)],
        FactType.INSTANT: [],
        FactType.DURATION: [timedelta(seconds=7)],
    }.get(kind, [value for value in values if isinstance(value, str) and value])
    assert [found for found in (seen(value, kind) for value in values) if found is not None] == right


def test_an_amount_of_money_is_kept_as_a_number():
    assert kept(Decimal("80.50")) == 80.5
    assert kept(Decimal("80.00")) == 80
