"""Any edits of a document, taken back in turn, leave what was there; a document with comments means the same."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.editing import ADD, CHANGE, MOVE, REMOVE, Edit, EditFault, Plain, apply, key_of, sections
from rules.procedure import shipped
from workflow import tomltext

TEXT = """# 头
[procedure]
code = "P1"   # 代码
title = "一部制度"
severity = { "一级" = 4 }

[vocabulary]
channels = ["来电", "来访"]

# 第一张表
[[rule]]
id = "a"
stage = "grade"
when = { nature = "投诉" } # 只看性质
then = "一级"
because = "甲"
cites = ["1"]

[[rule]]
id = "b"
stage = "grade"
then = "一级"
because = "乙"
cites = ["1"]

# 第二张表
[[rule]]
id = "c"
stage = "route"
then = { department = "客服" }
because = "丙"
cites = ["1"]
"""
NAMES = st.sampled_from(["a", "b", "c", "d", "e"])
CELLS = st.sampled_from(["id", "because", "when", "when.nature", "when.argument.x", "then", "then.department", "cites"])
VALUES = st.one_of(
    st.none(), NAMES, st.booleans(), st.integers(-9, 9), st.lists(NAMES, max_size=3), st.just({"x": 1}), st.text()
)
ROWS = st.builds(
    lambda name, stage, then: {"id": name, "stage": stage, "then": then, "because": 'x\n"y"', "cites": ["1", "2"]},
    NAMES,
    st.sampled_from(["grade", "route", "warn"]),
    st.sampled_from(["一级", {"department": "甲"}]),
)
EDITS = st.one_of(
    st.builds(lambda r, c, v: Edit("rule", r, CHANGE, {"cell": c, "value": v}), NAMES, CELLS, VALUES),
    st.builds(lambda r, b: Edit("rule", "", ADD, {"row": r, "before": b}), ROWS, st.one_of(st.just(""), NAMES)),
    st.builds(lambda r: Edit("rule", r, REMOVE), NAMES),
    st.builds(lambda r, b: Edit("rule", r, MOVE, {"before": b}), NAMES, st.one_of(st.just(""), NAMES)),
    st.builds(lambda n, v: Edit("vocabulary", n, CHANGE, {"cell": "", "value": v}), st.just("channels"), VALUES),
    st.builds(lambda c, v: Edit("procedure", "", CHANGE, {"cell": c, "value": v}), st.just("severity.一级"), VALUES),
    st.builds(lambda n: Edit("stages", n, CHANGE, {"cell": "", "value": "first"}), NAMES),
)


def filled(document: dict[str, Any]) -> dict[str, Any]:
    """Without sections that hold nothing: they say no more than none."""
    return {name: section for name, section in document.items() if section}


@given(st.lists(EDITS, max_size=12))
@settings(max_examples=200)
def test_any_edits_are_taken_back_and_made_again(edits: list[Edit]) -> None:
    document = tomllib.loads(TEXT)
    states, back = [deepcopy(document)], []
    for edit in edits:
        try:
            back.append((apply(document, edit), edit))
        except EditFault:
            assert document == states[-1]
            continue
        states.append(deepcopy(document))
    for (inverse, _edit), state in zip(reversed(back), states[-2::-1], strict=True):
        apply(document, inverse)
        assert filled(document) == filled(state)
    for (_inverse, edit), state in zip(back, states[1:], strict=True):
        apply(document, edit)
        assert filled(document) == filled(state)


@given(st.lists(EDITS, max_size=6))
@settings(max_examples=100)
def test_a_document_with_comments_means_the_same_after_any_edits(edits: list[Edit]) -> None:
    plain, text, back = tomllib.loads(TEXT), TEXT, []
    for edit in edits:
        written = tomltext.read(text)
        try:
            apply(plain, edit)
        except EditFault:
            continue
        back.append(apply(written, edit, tomltext.Toml()))
        text = tomltext.write(written)
        assert filled(tomllib.loads(text)) == filled(plain)
        assert [line for line in TEXT.splitlines() if line.startswith("#")] == [
            line for line in text.splitlines() if line.startswith("#")
        ]
    for inverse in reversed(back):
        written = tomltext.read(text)
        apply(written, inverse, tomltext.Toml())
        text = tomltext.write(written)
    assert filled(tomllib.loads(text)) == tomllib.loads(TEXT)


@given(st.lists(EDITS, max_size=10))
@settings(max_examples=100)
def test_a_document_that_was_kept_is_edited_as_one_that_is_read(edits: list[Edit]) -> None:
    tomltext._kept.clear()
    text = TEXT
    for edit in edits:
        fresh = tomltext.read(text)
        try:
            back = apply(fresh, edit, tomltext.Toml())
        except EditFault:
            with pytest.raises(EditFault):
                tomltext.edited(text, edit)
            continue
        assert tomltext.edited(text, edit) == (tomltext.write(fresh), back)
        text = tomltext.write(fresh)


def written(*edits: Edit, text: str = TEXT) -> str:
    document = tomltext.read(text)
    for edit in edits:
        apply(document, edit, tomltext.Toml())
    return tomltext.write(document)


def test_a_row_that_is_removed_leaves_the_heading_of_the_next_table() -> None:
    assert '# 第二张表\n[[rule]]\nid = "c"' in written(Edit("rule", "b", REMOVE))


def test_the_last_row_of_a_table_goes_above_the_heading_of_the_next_one() -> None:
    row = {"id": "d", "stage": "grade", "when": {"nature": "抱怨"}, "then": "一级", "because": "丁", "cites": ["1"]}
    text = written(Edit("rule", "", ADD, {"row": row, "before": ""}))
    assert 'cites = ["1"]\n\n[[rule]]\nid = "d"' in text
    assert 'when = { nature = "抱怨" }\nthen = "一级"' in text
    assert 'cites = ["1"]\n\n# 第二张表' in text


def test_a_row_that_comes_back_is_written_as_it_was() -> None:
    document = tomltext.read(TEXT)
    back = apply(document, Edit("rule", "a", REMOVE), tomltext.Toml())
    assert "只看性质" not in tomltext.write(document)
    apply(document, back, tomltext.Toml())
    assert 'when = { nature = "投诉" } # 只看性质' in tomltext.write(document)


def test_a_long_list_is_broken_into_lines() -> None:
    text = written(Edit("vocabulary", "channels", CHANGE, {"cell": "", "value": ["市长公开电话"] * 20}))
    assert max(map(len, text.splitlines())) < 120
    assert tomllib.loads(text)["vocabulary"]["channels"] == ["市长公开电话"] * 20


def test_a_shipped_document_that_nobody_edited_is_written_as_it_was_read() -> None:
    for text in shipped().values():
        assert tomltext.write(tomltext.read(text)) == text


def test_every_part_that_a_shipped_document_has_can_be_edited() -> None:
    for text in shipped().values():
        assert set(tomllib.loads(text)) <= set(sections())


def test_a_row_is_known_by_its_own_name() -> None:
    assert key_of("assessment", {"no": "5", "sub": "b"}) == "5b"
    assert key_of("limit", {"name": "办理"}) == "办理"


@pytest.mark.parametrize(
    "edit",
    [
        Edit("nowhere", "a", CHANGE, {"cell": "id", "value": "x"}),
        Edit("rule", "a", "烧", {}),
        Edit("rule", "a", CHANGE, {}),
        Edit("rule", "", ADD, {"row": "text"}),
        Edit("rule", "", ADD, {"row": {"stage": "grade"}}),
        Edit("rule", "a", CHANGE, {"cell": "when", "value": {"nature": None}}),
        Edit("procedure", "", CHANGE, {"value": 1}),
    ],
)
def test_an_edit_that_says_nothing_is_refused_with_what_would_be_right(edit: Edit) -> None:
    document: dict[str, Any] = tomllib.loads(TEXT)
    with pytest.raises(EditFault) as caught:
        apply(document, edit, Plain())
    assert caught.value.cell and caught.value.wrong and caught.value.right
    assert document == tomllib.loads(TEXT)
