"""Tables: which row answers, with which reasons."""

import json
from datetime import datetime

import pytest

from rules.table import Ambiguous, Hit, Row, Table, parse_test

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
