"""Cells, outcomes and whole rows of a decision table in words."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from rules.document import RuleRow
from rules.procedure import parse, shipped
from views import rulewords

DOCUMENT = parse(shipped()["P02"])


@pytest.fixture
def words() -> object:
    """A request in Chinese, without a database behind it."""
    from flask_babel import Babel

    app = Flask("words")
    Babel(app, default_locale="zh_CN")
    with app.test_request_context():
        yield rulewords


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (True, "是"),
        (["主流媒体", "行风评议"], "主流媒体 或 行风评议"),
        (">= 10", "≥ 10"),
        ("[3..10]", "3 至 10"),
        ("[3..10)", "3 至 10（不含 10）"),
        ("(3..10)", "3 至 10（不含 3、10）"),
        ("not 投诉|抱怨", "不是 投诉 或 抱怨"),
        ("has 需通报", "含有 需通报"),
        ("missing", "没有填写"),
        ("not missing", "不是 没有填写"),
        ("(not 投诉|抱怨)|missing", "不是 投诉 或 抱怨，或 没有填写"),
        (">=2小时", "≥ 2小时"),
        ("[1天..3天)", "1天 至 3天（不含 3天）"),
        ("<= 2026-10-01", "≤ 2026-10-01"),
        (date(2026, 10, 1), "2026-10-01"),
        ('"missing"', "missing"),
    ],
)
def test_a_cell_reads_as_language(words, raw, said):
    assert words.test_words(raw) == said


def _rule(**more):
    given = {"id": "r", "stage": "grade", "then": "一级投诉", "because": "因为", "cites": ["P02-5.1"], **more}
    return RuleRow.model_validate(given)


def test_a_row_reads_as_one_sentence(words):
    rule = _rule(when={"nature": "投诉", "mainstream_media": True, "impact": ["一定不良", "重大不良"]})
    assert words.sentence(DOCUMENT, rule) == (
        "当 性质 是 投诉 且 主流媒体曝光 且 社会影响 是 一定不良 或 重大不良 时，定为 一级投诉，依据 P02-5.1。"
    )


def test_a_comparison_carries_its_unit_and_a_lack_is_said(words):
    rule = _rule(when={"parties_count": ">= 10", "impact": "missing", "to_leader": False})
    assert words.sentence(DOCUMENT, rule).startswith(
        "当 涉及人数 ≥ 10 人 且 社会影响没有填写 且 不是向公司领导投诉 时，"
    )


def test_a_row_without_tests_is_said_to_be_for_the_rest(words):
    rule = _rule(stage="route", then={"department": "客户服务中心"})
    assert words.sentence(DOCUMENT, rule) == "其余情形，由 客户服务中心 调查处理，依据 P02-5.1。"


def test_every_rule_of_the_shipped_documents_has_a_sentence(words):
    for text in shipped().values():
        document = parse(text)
        for rule in document.rules:
            assert "，依据 " in words.sentence(document, rule), rule.id


@pytest.mark.clause("P01-6.3", "P01-9.1")
def test_what_is_taken_over_and_who_has_the_seat_are_named(words):
    project = parse(shipped()["P01"])
    taken, seat = (
        next(row for row in project.rules if row.id == name) for name in ("preset-first-asked", "dispatch-fallback")
    )
    assert words.conclusion(project, taken.stage, taken.then) == "先填上 首问责任人 受理人"
    assert words.conclusion(project, seat.stage, seat.then) == "派给 客服部 客服组长 承办"
