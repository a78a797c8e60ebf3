"""A cell of the editor: what it reads as can be typed back, and what is picked is what the document holds."""

from __future__ import annotations

import tomllib

import pytest
from flask import Flask, g
from flask_babel import Babel, refresh
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from rules.facts import Fact, FactType
from rules.procedure import parse, shipped
from rules.unary import parse_test
from tests.support import source
from views import cells, sheets
from views.sheets import Column, Kind

APP = Flask("cells", root_path=str(source.ROOT))
Babel(APP, default_locale="zh_CN", locale_selector=lambda: g.get("spoken"))


@pytest.fixture(autouse=True)
def _request():
    with APP.test_request_context():
        yield


def test_column(kind: FactType, *values: str, unit: str = "") -> Column:
    return Column("when.f", "F", Kind.TEST, values, True, fact=Fact("f", "F", kind, unit, values))


test_column.__test__ = False
GRADE = test_column(FactType.CHOICE, "一级投诉", "二级投诉", "三级投诉")
PEOPLE = test_column(FactType.NUMBER, unit="人")
LENGTH = test_column(FactType.DURATION)
FLAGS = test_column(FactType.LIST, "需通报", "群体")
YES = test_column(FactType.FLAG)


def of_shipped(*kinds):
    """Every cell of these kinds of every document that travels with the product."""
    for code, text in shipped().items():
        document, raw = parse(text), tomllib.loads(text)
        for key, _word in sheets.names(document):
            sheet = sheets.sheet(document, raw, key)
            for line in sheet.lines:
                for column in sheet.columns:
                    column = sheet.column(column.cell, line.key)
                    value = sheets.value_at(line.values, column.cell)
                    if value is not None and column.kind in kinds and not (sheet.fixed and column.cell == "name"):
                        yield f"{code} {line.key} {column.cell}", column, value


def test_every_test_of_the_shipped_documents_can_be_typed_as_it_reads():
    wrong = [
        f"{where}: {value!r} reads {cells.words(column, value)!r}, typed {again!r}"
        for where, column, value in of_shipped(Kind.TEST)
        if parse_test(again := cells.typed(column, cells.words(column, value)), column.fact)
        != parse_test(value, column.fact)
    ]
    assert wrong == []


def test_every_test_of_the_shipped_documents_comes_back_unchanged_from_its_form():
    wrong = []
    for where, column, value in of_shipped(Kind.TEST):
        shown = cells.picks(column, value)
        sent = MultiDict([("op", shown.op), ("text", shown.text), ("low", shown.low), ("high", shown.high)])
        sent.setlist("value", list(shown.values))
        again = cells.picked(column, sent)
        if parse_test(again, column.fact) != parse_test(value, column.fact):
            wrong.append(f"{where}: {value!r} became {again!r}")
    assert wrong == []


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
def test_what_a_form_shows_to_be_typed_is_the_very_value_whatever_language_it_is_read_in(language):
    g.spoken = language
    refresh()
    wrong = [
        f"{where}: {value!r} typed as {text!r} became {cells.typed(column, text)!r}"
        for where, column, value in of_shipped(Kind.TEST, Kind.TEXT, Kind.LONG, Kind.LIST, Kind.NUMBER)
        if not cells.same(column, cells.typed(column, text := cells.text_of(column, value)), value)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("raw", [">= 2小时", "[1天..3天)", "1天12小时", "not 90分钟", "< 59秒"])
def test_a_length_of_time_is_typed_as_it_is_read_in_either_language(language, raw):
    g.spoken = language
    refresh()
    again = cells.typed(LENGTH, cells.words(LENGTH, raw))
    assert parse_test(again, LENGTH.fact) == parse_test(raw, LENGTH.fact)


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        (PEOPLE, "≥ 10 人", ">= 10"),
        (PEOPLE, "10", 10),
        (PEOPLE, "3 至 10（不含 10）", "[3..10)"),
        (PEOPLE, ">= 10", ">= 10"),
        (GRADE, "一级投诉 或 二级投诉", ["一级投诉", "二级投诉"]),
        (GRADE, "不是 一级投诉 或 二级投诉", "not 一级投诉|二级投诉"),
        (GRADE, "没有填写", "missing"),
        (FLAGS, "含有 需通报 或 群体", "has 需通报|群体"),
        (FLAGS, "不是 含有 需通报", "not has 需通报"),
        (YES, "是", True),
        (YES, "没有填写 或 否", ["missing", False]),
        (GRADE, "没有填写，或 不是 一级投诉", ["missing", "not 一级投诉"]),
        (GRADE, "不是 一级投诉，或 没有填写", ["not 一级投诉", "missing"]),
        (GRADE, "", None),
    ],
)
def test_a_test_is_typed_in_the_words_in_which_it_is_read(column, text, value):
    assert cells.typed(column, text) == value


@pytest.mark.parametrize(
    ("column", "sent", "value"),
    [
        (GRADE, {"op": "is", "value": ["一级投诉"]}, "一级投诉"),
        (GRADE, {"op": "is", "value": ["一级投诉", "二级投诉"]}, ["一级投诉", "二级投诉"]),
        (GRADE, {"op": "not", "value": ["一级投诉", "二级投诉"]}, "not 一级投诉|二级投诉"),
        (GRADE, {"op": ""}, None),
        (GRADE, {"op": "missing"}, "missing"),
        (PEOPLE, {"op": ">=", "low": "10"}, ">= 10"),
        (PEOPLE, {"op": "between", "low": "3", "high": "10"}, "[3..10]"),
        (PEOPLE, {"op": "is", "low": "3"}, 3),
        (FLAGS, {"op": "lacks", "value": ["群体"]}, "not has 群体"),
        (YES, {"op": "no"}, False),
        (PEOPLE, {"op": "text", "text": "≤ 4 人"}, "<= 4"),
    ],
)
def test_what_is_picked_is_what_the_document_holds(column, sent, value):
    assert cells.picked(column, MultiDict(sent)) == value


@pytest.mark.parametrize(
    ("column", "sent"),
    [
        (GRADE, {"op": "is"}),
        (PEOPLE, {"op": ">=", "low": ""}),
        (PEOPLE, {"op": ">=", "low": "很多"}),
        (PEOPLE, {"op": "between", "low": "9", "high": "3"}),
        (GRADE, {"op": "drop table", "value": ["一级投诉"]}),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_would_be_right(column, sent):
    with pytest.raises(cells.CellFault) as fault:
        cells.picked(column, MultiDict(sent))
    assert fault.value.wrong and fault.value.right


@given(st.sets(st.sampled_from(GRADE.choices), min_size=1), st.sampled_from(["is", "not"]))
def test_any_choice_reads_back_to_itself(values, op):
    with APP.test_request_context():
        raw = cells.picked(GRADE, MultiDict([("op", op), *(("value", value) for value in sorted(values))]))
        assert parse_test(cells.typed(GRADE, cells.words(GRADE, raw)), GRADE.fact) == parse_test(raw, GRADE.fact)
        assert set(cells.picks(GRADE, raw).values) == values


@given(st.integers(-9999, 9999), st.integers(-9999, 9999), st.sampled_from("[("), st.sampled_from("])"))
def test_any_range_reads_back_to_itself(one, other, first, last):
    with APP.test_request_context():
        raw = f"{first}{min(one, other)}..{max(one, other) + 1}{last}"
        assert cells.typed(PEOPLE, cells.words(PEOPLE, raw)) == raw


def test_a_list_is_typed_with_any_separator():
    column = Column("cites", "依据", Kind.LIST)
    assert cells.typed(column, "P02-5.1、P02-5.2, F-13；G-01") == ["P02-5.1", "P02-5.2", "F-13", "G-01"]


def test_a_choice_that_is_not_offered_is_refused_with_the_offer():
    with pytest.raises(cells.CellFault) as fault:
        cells.typed(Column("unit", "单位", Kind.CHOICE, ("分钟", "工作日")), "星期")
    assert fault.value.right == "分钟、工作日"
