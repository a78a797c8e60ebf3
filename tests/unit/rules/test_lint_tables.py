"""What lint reckons of a table is so: put to the table itself, case by case, on random tables."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from rules import boxes
from rules.faults import Severity
from rules.lint import lint
from rules.lint_tables import Judge, Sheet, judged, sheet_of
from rules.procedure import Procedure
from rules.table import Ambiguous
from tests.unit.rules.shared import changed, row

FIELDS = [
    {"key": "media", "label": "媒体曝光", "type": "bool"},
    {"key": "impact", "label": "社会影响", "type": "choice", "values": ["无", "一定不良", "重大不良"]},
    {"key": "paid", "label": "已付金额", "type": "number"},
    {"key": "bought_on", "label": "购买日期", "type": "date"},
    {"key": "hints", "label": "线索", "type": "list"},
    {"key": "place_text", "label": "地点", "type": "text"},
]
CELLS = {
    "media": [True, False, "missing", ["否", "missing"], "given"],
    "impact": ["无", "not 无", ["一定不良", "重大不良"], "missing", "given", ["重大不良", "missing"]],
    "paid": ["< 3", ">= 3", "[1..5]", "(2..3)", "missing", 3, "not [1..5]"],
    "bought_on": ["< 2026-01-02", ">= 2026-01-02", "2026-01-02", "missing"],
    "hints": ["has 甲", "not has 甲", "has 甲|乙", "missing", "given", "not has 乙"],
    "place_text": ["甲", "not 甲", "not 甲|乙", "given", "missing"],
    "round": ["< 2", ">= 2", "[1..3]", "2", "missing"],
}
VALUES = {
    "media": [True, False],
    "impact": ["无", "一定不良", "重大不良"],
    "paid": [0, 1, 2, 2.5, 3, 5, 6],
    "bought_on": [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)],
    "hints": [[], ["甲"], ["乙"], ["甲", "乙"], ["丙"]],
    "place_text": ["甲", "乙", "丙"],
    "round": [0, 1, 2, 3, 4],
}
WHEN = some.fixed_dictionaries({}, optional={name: some.sampled_from(cells) for name, cells in CELLS.items()})
CASES = some.fixed_dictionaries({name: some.sampled_from([None, *values]) for name, values in VALUES.items()})
ROWS = some.lists(some.tuples(WHEN, some.sampled_from(["一级", "二级"]), some.integers(0, 1)), min_size=1, max_size=6)


def document(rows: list, hit: str = "first") -> Procedure:
    rules = [
        row(id=f"r{place}", stage="grade", when=when, then=then, priority=priority)
        for place, (when, then, priority) in enumerate(rows)
    ]
    grades = {"grades": ["一级", "二级"], "severity": {"一级": 4, "二级": 3}}
    return changed(procedure=grades, field=FIELDS, stages={"grade": hit}, rule=rules)


def sheet(procedure: Procedure) -> Sheet:
    return sheet_of(procedure, "grade")


def chosen(procedure: Procedure, case: dict) -> str | None:
    answer = procedure.tables["grade"].decide(case)
    return answer.rule_id if answer else None


def shadowed(procedure: Procedure) -> set[str]:
    return {finding.row for finding in judged(sheet(procedure)) if "轮不到它" in finding.wrong}


@given(ROWS, some.sampled_from(["first", "priority"]), some.lists(CASES, max_size=20))
def test_a_row_that_is_reported_as_never_reached_is_never_chosen(rows, hit, cases):
    procedure = document(rows, hit)
    assert not shadowed(procedure) & {chosen(procedure, case) for case in cases}


@given(ROWS, some.sampled_from(["first", "priority"]))
def test_a_row_that_is_not_reported_has_a_case_that_it_decides(rows, hit):
    procedure = document(rows, hit)
    judge, hidden = Judge(sheet(procedure)), shadowed(procedure)
    for rule in procedure.tables["grade"].rows:
        case = judge.case_for(rule.id)
        if case is not None:
            assert chosen(procedure, case) == rule.id
        elif rule.when:
            assert rule.id in hidden or any(found.row == rule.id for found in lint(procedure))


@given(ROWS)
def test_the_example_of_a_gap_is_decided_by_no_row(rows):
    procedure = document(rows)
    case = Judge(sheet(procedure)).undecided()
    assume(case is not None)
    assert chosen(procedure, case) is None


@given(ROWS, some.lists(CASES, max_size=20))
def test_where_no_gap_is_left_every_case_about_which_the_table_is_is_decided(rows, cases):
    procedure = document(rows)
    assume(Judge(sheet(procedure)).undecided() is None)
    always = set.intersection(*(set(when) for when, _then, _priority in rows))
    for case in cases:
        if not always:
            assert chosen(procedure, case) is not None


@given(ROWS, some.lists(CASES, min_size=1, max_size=20))
def test_where_no_overlap_is_found_no_case_is_ambiguous(rows, cases):
    procedure = document(rows, "unique")
    found = [finding for finding in judged(sheet(procedure)) if "同时成立" in finding.wrong]
    assert all(finding.severity is Severity.ERROR for finding in found)
    for case in cases:
        try:
            chosen(procedure, case)
        except Ambiguous as fault:
            assert found
            assert fault.rules[1] in {finding.row for finding in found}


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (
            "MOST_STEPS",
            [
                "stages(grade):条件太多,算不清 r1、r2 会不会被前面的行全部挡住(应为:试算几件,或把行拆简单)",
                "stages(grade):条件太多,算不清有没有漏下的情形(应为:加一行默认行(default = true))",
            ],
        ),
        ("MOST_PIECES", ["stages(grade):条件太多,算不清各行是否互相挡住(应为:拆成几行简单的)"]),
    ],
)
def test_where_it_is_too_much_to_reckon_lint_says_so(monkeypatch, measure, words):
    monkeypatch.setattr(boxes, measure, 1)
    judged.cache_clear()
    rows = [({"media": True, "paid": "< 3"}, "一级", 0), ({"impact": "无"}, "一级", 0), ({"round": "2"}, "二级", 0)]
    found = [str(finding) for finding in judged(sheet(document(rows)))]
    judged.cache_clear()
    assert found == words


def test_the_example_of_a_gap_names_no_fact_that_does_not_matter():
    rows = [({"media": True, "impact": "无"}, "一级", 0), ({"media": True, "paid": "< 3"}, "一级", 0)]
    assert Judge(sheet(document(rows))).undecided() == {"media": None}


@pytest.mark.parametrize("hit", ["first", "unique", "priority", "collect"])
def test_the_same_table_is_judged_once(hit):
    rows = [({"media": True}, "一级", 0), ({"impact": "无"}, "二级", 0)]
    lint(document(rows, hit))
    before = judged.cache_info().hits
    lint(document(rows, hit))
    assert judged.cache_info().hits > before
