"""What a decision saw is kept in JSON and comes back as it was, whatever its type."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from rules import snapshots
from rules.vocabulary import State

ZONES = st.sampled_from([UTC, ZoneInfo("Asia/Shanghai")])
SINGLE = st.one_of(
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.datetimes(min_value=datetime(1992, 1, 1), timezones=ZONES),  # no summer time in Shanghai since
    st.dates(),
    st.timedeltas(),
    st.decimals(allow_nan=False, allow_infinity=False),
)
VALUES = st.recursive(SINGLE, lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)), max_leaves=6)
FACTS = st.dictionaries(st.text(min_size=1), st.one_of(st.none(), VALUES))


def through_json(facts):
    return snapshots.read(json.loads(json.dumps(snapshots.write(facts))))


def known(facts):
    return {name: value for name, value in facts.items() if value is not None}


@given(FACTS)
def test_facts_come_back_as_they_were(facts):
    back = through_json(facts)
    assert back == known(facts)
    assert {name: type(value) for name, value in back.items()} == {n: type(v) for n, v in known(facts).items()}


@given(FACTS, FACTS)
def test_what_changed_leads_from_the_one_to_the_other(before, after):
    changed = json.loads(json.dumps(snapshots.changes(before, after)))
    assert known(snapshots.apply(known(before), changed)) == known(after)


def test_an_instant_keeps_the_day_that_it_had_in_its_own_zone():
    late = datetime(2026, 5, 13, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert through_json({"due_at": late})["due_at"].date() == date(2026, 5, 13)


def test_true_and_one_are_a_change():
    assert snapshots.changes({"n": 1}, {"n": True}) == {"n": True}


def test_what_is_missing_is_not_kept_and_a_word_of_the_vocabulary_is_its_text():
    kept = snapshots.write({"grade": None, "state": State.SUSPENDED})
    assert (kept, type(kept["state"])) == ({"state": State.SUSPENDED.value}, str)


def test_each_type_has_one_way_to_be_written():
    day = date(2026, 5, 13)
    facts = {"a": day, "b": Decimal("12.50"), "c": timedelta(days=1, hours=2), "d": ["来电", day], "e": {"k": 1}}
    assert snapshots.write(facts) == {
        "a": {"date": "2026-05-13"},
        "b": {"decimal": "12.50"},
        "c": {"length": [1, 7200, 0]},
        "d": ["来电", {"date": "2026-05-13"}],
        "e": {"table": {"k": 1}},
    }
