"""What a document takes where several are in force: its rows, what lint says of them, and what they may ask."""

import pytest

from rules.faults import ProcedureFault
from rules.lint import lint
from rules.procedure import Procedure
from tests.unit.rules.shared import changed

FIELDS = [{"key": "project", "label": "项目", "type": "choice", "values": ["甲园", "乙园"]}]


def taking(*rows: dict) -> Procedure:
    """A small document with these rows."""
    usual = {"because": "本制度管它"}
    return changed(field=FIELDS, take=[{**usual, **row} for row in rows])


def test_the_first_row_whose_tests_all_hold_takes_the_case_and_says_why() -> None:
    document = taking(
        {"id": "a", "when": {"project": "甲园", "channel": "来电"}, "because": "甲园的来电归它"},
        {"id": "b", "when": {"project": "甲园|乙园"}},
    )
    both = document.intake.decide({"project": "甲园", "channel": "来电"})
    assert both is not None
    assert (both.rule_id, both.because, both.outcome) == ("a", "甲园的来电归它", document.title)
    other = document.intake.decide({"project": "乙园", "channel": "来电"})
    assert other is not None
    assert other.rule_id == "b"
    assert [(near.rule_id, near.fact) for near in other.near_misses] == [("a", "project")]


@pytest.mark.parametrize("facts", [{}, {"project": None}, {"project": "丙园"}])
def test_what_is_not_known_takes_nothing(facts: dict) -> None:
    assert taking({"id": "a", "when": {"project": "甲园"}}).intake.decide(facts) is None


def test_a_row_without_tests_takes_everything_and_no_row_takes_nothing() -> None:
    assert taking({"id": "a"}).intake.decide({}) is not None
    assert taking().intake.decide({"project": "甲园"}) is None


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"id": "a", "when": {"projekt": "甲园"}}], "错误 take(a) when projekt:没有“projekt”这个事实"),
        ([{"id": "a", "when": {"project": "丙园"}}], "错误 take(a) when project:“项目”没有“丙园”这个值"),
        ([{"id": "a", "when": {"complained_department": "客服部"}}], "没有“客服部”这个部门"),
        ([{"id": "a", "when": {"grade": "一级"}}], "错误 take(a) when grade:登记时还不知道“级别”"),
        ([{"id": "a", "when": {"verb": "register"}}], "登记时还不知道“动作”"),
        ([{"id": "a"}, {"id": "a", "when": {"project": "甲园"}}], "错误 take(a) id:出现了 2 次"),
        ([{"id": "a"}, {"id": "b", "when": {"project": "甲园"}}], "提示 take(b):“a”受理一切,这一行用不到"),
    ],
)
def test_lint_says_what_is_wrong_with_a_row(rows: list[dict], words: str) -> None:
    found = [f"{one.severity} {one}" for one in lint(taking(*rows)) if one.section == "take"]
    assert any(words in text for text in found), found


def test_a_cell_that_is_no_test_is_found_when_the_document_is_read() -> None:
    with pytest.raises(ProcedureFault, match="take 第1行"):
        taking({"id": "a", "when": {"parties_count": {"a": 1}}})
