"""Tables: which row answers, with which reasons."""

import json
import pickle
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.asking import certain
from rules.table import Ambiguous, Decision, Hit, Row, Table, parse_test

ROWS = (
    Row("worst", {"media": parse_test(True), "impact": parse_test("重大")}, "一级", "曝光且重大", ("A-1",), priority=1),
    Row("leader", {"leader": parse_test(True)}, "二级", "向领导", ("A-2",), priority=9),
    Row("rest", {}, "三级", "其余", ("A-3",)),
)


def table(hit: Hit, rows: tuple[Row, ...] = ROWS) -> Table:
    return Table("grade", hit, rows)


def test_first_takes_the_first_row_that_holds():
    assert table(Hit.FIRST).decide({"media": True, "impact": "重大", "leader": True}).rule_id == "worst"


def test_priority_takes_the_highest_number_whatever_the_order():
    assert table(Hit.PRIORITY).decide({"media": True, "impact": "重大", "leader": True}).rule_id == "leader"


def test_collect_takes_every_row_that_holds_in_order():
    found = table(Hit.COLLECT).decide_all({"leader": True})
    assert [decision.rule_id for decision in found] == ["leader", "rest"]


def test_unique_refuses_two_rows():
    with pytest.raises(Ambiguous, match=r"leader.*rest"):
        table(Hit.UNIQUE).decide({"leader": True})


def test_a_table_in_which_nothing_holds_says_nothing():
    assert table(Hit.FIRST, ROWS[:2]).decide({}) is None


def test_the_row_without_conditions_is_the_default():
    assert table(Hit.FIRST).default.id == "rest"


def test_a_decision_keeps_what_it_saw_and_what_nearly_held():
    decision = table(Hit.FIRST).decide({"media": True, "impact": None, "leader": False})
    assert decision.outcome == "三级"
    assert {near.rule_id: near.fact for near in decision.near_misses} == {"worst": "impact", "leader": "leader"}
    assert decision.near_misses[0].wanted == "重大"


def test_a_row_that_misses_by_two_facts_is_no_near_miss():
    decision = table(Hit.FIRST).decide({"media": False, "impact": "无", "leader": True})
    assert decision.near_misses == ()


def test_a_decision_is_json_whatever_it_saw():
    row = Row("r", {"due": parse_test("given"), "names": parse_test("has 甲")}, {"text": "甲"})
    decision = Table("warn", Hit.COLLECT, (row,)).decide_all({"due": datetime(2026, 1, 1), "names": {"甲"}})[0]
    kept = json.loads(json.dumps(decision.made_by("P02", 3).as_json(), ensure_ascii=False))
    assert kept["seen"] == {"due": "2026-01-01 00:00:00", "names": ["甲"]}
    assert (kept["procedure"], kept["version"]) == ("P02", 3)


def test_first_says_which_rows_it_did_not_reach():
    assert table(Hit.FIRST).decide({"media": True, "impact": "重大"}).not_reached == ("leader", "rest")
    assert table(Hit.FIRST).decide({}).not_reached == ()


def test_priority_says_which_rows_it_did_not_reach_in_the_order_in_which_they_would_be_asked():
    assert table(Hit.PRIORITY).decide({"leader": True}).not_reached == ("worst", "rest")


def test_by_priority_only_what_would_have_gone_before_is_a_near_miss():
    decision = table(Hit.PRIORITY).decide({"media": True, "impact": "重大", "leader": False})
    assert (decision.rule_id, [near.rule_id for near in decision.near_misses]) == ("worst", ["leader"])
    decision = table(Hit.PRIORITY).decide({"media": True, "impact": "无", "leader": True})
    assert (decision.rule_id, decision.near_misses) == ("leader", ())


def test_unique_asks_every_row_so_that_a_later_one_may_be_a_near_miss():
    decision = table(Hit.UNIQUE, ROWS[:2]).decide({"media": True, "impact": "重大", "leader": False})
    assert decision.rule_id == "worst"
    assert [near.rule_id for near in decision.near_misses] == ["leader"]
    assert decision.not_reached == ()


def test_two_rows_of_a_unique_table_are_both_named():
    with pytest.raises(Ambiguous) as fault:
        table(Hit.UNIQUE).decide({"leader": True})
    assert (fault.value.stage, fault.value.rules) == ("grade", ("leader", "rest"))


DEFAULT = Row("otherwise", {}, "不分级", "没有别的", default=True)


@pytest.mark.parametrize("hit", [Hit.FIRST, Hit.PRIORITY, Hit.UNIQUE])
def test_the_default_row_holds_only_where_no_other_does_wherever_it_stands(hit):
    rows = (DEFAULT, *ROWS[:2])
    assert table(hit, rows).default is DEFAULT
    assert table(hit, rows).decide({"leader": True}).rule_id == "leader"
    assert table(hit, rows).decide({}).rule_id == "otherwise"


def test_where_every_row_counts_the_default_counts_only_alone():
    rows = (DEFAULT, *ROWS[:2])
    every = [
        [found.rule_id for found in table(Hit.COLLECT, rows).decide_all(facts)] for facts in ({"leader": True}, {})
    ]
    assert every == [["leader"], ["otherwise"]]


def test_what_was_not_reached_is_kept_in_json():
    kept = table(Hit.FIRST).decide({"media": True, "impact": "重大"}).as_json()
    assert kept["not_reached"] == ["leader", "rest"]


def test_a_table_can_be_sent_to_another_process():
    used = table(Hit.FIRST)
    used.decide({})
    assert pickle.loads(pickle.dumps(used)).decide({"leader": True}).rule_id == "leader"


CELLS = some.sampled_from(
    [
        *(
            "甲",
            "not 甲",
            ["甲", "乙"],
            "not 甲|乙",
            "missing",
            "given",
            "has 甲|乙",
            "not has 甲",
            True,
            False,
            3,
            0.5,
        ),
        *(
            ["甲", "missing"],
            [3, "乙"],
            ">= 3",
            "< 3",
            "[1..5)",
            "(0.5..3]",
            ">= 2小时",
            ">= 2026-10-01",
            "not missing",
        ),
    ]
)
VALUES = some.sampled_from(
    [
        *(
            None,
            "",
            " ",
            "甲",
            "乙",
            "丙",
            0,
            1,
            3,
            5,
            0.5,
            Decimal("0.5"),
            True,
            False,
            [],
            ["甲"],
            ["丙", "乙"],
            {"甲"},
        ),
        *((), timedelta(hours=2), date(2026, 10, 1), datetime(2026, 9, 30, 16, tzinfo=UTC), datetime(2026, 9, 1)),
    ]
)
CASES = some.fixed_dictionaries(dict.fromkeys("abcd", VALUES))
TABLES = some.builds(
    lambda hit, rows: Table(
        "s",
        hit,
        tuple(
            Row(f"r{place}", {name: parse_test(raw) for name, raw in when.items()}, place, priority=priority)
            for place, (when, priority) in enumerate(rows)
        ),
    ),
    some.sampled_from([Hit.FIRST, Hit.PRIORITY, Hit.UNIQUE]),
    some.lists(
        some.tuples(some.dictionaries(some.sampled_from("abcd"), CELLS, max_size=3), some.integers(0, 2)), max_size=5
    ),
)


@given(CELLS, VALUES)
def test_a_test_made_quick_answers_as_the_test_itself(raw, value):
    test = parse_test(raw)
    assert certain(test)(value) is (test.holds(value) is True)


def decided(used: Table, facts: dict) -> Decision | str | None:
    try:
        return used.decide(facts)
    except Ambiguous as fault:
        return str(fault)


@given(TABLES, CASES, some.permutations("abcd"))
def test_the_order_of_the_tests_in_a_row_never_changes_what_a_table_says(used, facts, order):
    turned = tuple(replace(row, when={name: row.when[name] for name in order if name in row.when}) for row in used.rows)
    assert decided(Table("s", used.hit, turned), facts) == decided(used, facts)


@given(TABLES, CASES)
def test_an_answer_is_a_row_that_holds_and_what_nearly_held_fails_on_its_one_fact(used, facts):
    try:
        answer = used.decide(facts)
    except Ambiguous as fault:
        holding = [row.id for row in used.rows if row.holds(facts)]
        assert len(holding) > 1
        assert set(fault.rules) <= set(holding)
        return
    holding = [row for row in used.asked if row.holds(facts)]
    assert (answer.rule_id if answer else None) == (holding[0].id if holding else None)
    rows = {row.id: row for row in used.rows}
    for near in answer.near_misses if answer else ():
        failing = [name for name, test in rows[near.rule_id].when.items() if not test.holds(facts.get(name))]
        assert failing == [near.fact]
