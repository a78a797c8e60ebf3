"""The difference between two versions as a reader says it: this row added, this cell changed, and nothing besides."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.differences import Difference, differences, words
from rules.editing import Edit, apply, keys
from rules.procedure import build, shipped

P02 = tomllib.loads(shipped()["P02"])
NEW = {
    "id": "grade-2-crowd",
    "stage": "grade",
    "when": {"nature": "投诉", "parties_count": ">= 3"},
    "then": "二级投诉",
    "because": "三人以上",
    "cites": ["P02-5.2"],
}


def after(*edits: tuple[str, str, str, dict[str, Any]]) -> list[Difference]:
    document = deepcopy(P02)
    for section, row, kind, value in edits:
        apply(document, Edit(section, row, kind, value))
    return differences(build(P02), build(document))


def test_a_document_does_not_differ_from_itself() -> None:
    assert after() == []


def test_a_row_was_added() -> None:
    found = after(("rule", "", "增", {"row": NEW, "before": "grade-3"}))
    assert found == [Difference("rule", "grade-2-crowd", "增", after=NEW)]


def test_a_row_was_removed() -> None:
    row = next(row for row in P02["rule"] if row["id"] == "grade-3")
    assert after(("rule", "grade-3", "删", {})) == [Difference("rule", "grade-3", "删", before=row)]


def test_one_row_was_moved_and_the_others_only_made_room() -> None:
    found = after(("rule", "grade-3", "移", {"before": "grade-1-media"}))
    assert found == [Difference("rule", "grade-3", "移", "", "", "grade-1-media")]


def test_a_row_was_renamed() -> None:
    found = after(("rule", "grade-3", "改", {"cell": "id", "value": "grade-rest"}))
    assert found == [Difference("rule", "grade-rest", "改", "id", "grade-3", "grade-rest")]


@pytest.mark.parametrize(
    ("section", "row", "cell", "value", "before"),
    [
        ("rule", "grade-3", "when.impact", ["无"], None),
        ("rule", "grade-3", "when.nature", None, "投诉"),
        ("rule", "grade-3", "then", {"grade": "三级投诉", "provisional": True}, "三级投诉"),
        ("rule", "route-grumble", "then.department", "人力资源行政部", "客户服务中心"),
        ("rule", "grade-3", "cites", ["P02-5.3"], ["P02-5.3", "P02-3.4", "F-13"]),
        ("limit", "工程结算", "amount", 10, 15),
        ("limit", "工程结算", "remind.share", 0.5, None),
        ("field", "impact", "help", None, "由人力资源行政部认定"),
        ("step", "close", "confirm", "确定?", "结案后不能再修改,确定结案?"),
        ("procedure", "", "title", "新规定", "客户服务质量问题管理规定"),
        ("procedure", "", "severity.抱怨", 2, 1),
        ("procedure", "", "editors", ["受理人"], None),
        ("vocabulary", "flags", "", ["需通报", "媒体"], ["需通报"]),
        ("stages", "grade", "", "unique", None),
        ("sanctions", "一级投诉", "", ["记大过"], ["记大过", "解除劳动合同"]),
    ],
)
def test_a_cell_was_changed(section: str, row: str, cell: str, value: Any, before: Any) -> None:
    found = after((section, row, "改", {"cell": cell, "value": value}))
    assert found == [Difference(section, row, "改", cell, before, value)]


def test_writing_out_what_holds_anyway_is_no_difference() -> None:
    assert after(("rule", "grade-3", "改", {"cell": "priority", "value": 0})) == []
    assert after(("procedure", "", "改", {"cell": "editors", "value": ["部门负责人"]})) == []


def test_words_were_added_to_a_list_and_removed_from_it() -> None:
    found = after(("vocabulary", "visit_ways", "改", {"cell": "", "value": ["电话", "面谈", "视频"]}))
    assert words(found[0]) == (["视频"], ["书面", "短信", "微信"])


def test_many_changes_are_told_in_the_order_of_the_document() -> None:
    found = after(
        ("duty", "monthly-circular", "删", {}),
        ("rule", "grade-3", "改", {"cell": "because", "value": "其余"}),
        ("rule", "", "增", {"row": NEW, "before": "grade-3"}),
        ("vocabulary", "flags", "改", {"cell": "", "value": []}),
    )
    assert [(one.section, one.row, one.kind, one.cell) for one in found] == [
        ("vocabulary", "flags", "改", ""),
        ("rule", "grade-2-crowd", "增", ""),
        ("rule", "grade-3", "改", "because"),
        ("duty", "monthly-circular", "删", ""),
    ]


@given(st.permutations([row["id"] for row in P02["rule"] if row["stage"] == "route"]))
@settings(max_examples=60)
def test_the_rows_that_moved_explain_the_new_order(order: list[str]) -> None:
    document = deepcopy(P02)
    rows = {row["id"]: row for row in document["rule"]}
    document["rule"] = [row for row in document["rule"] if row["stage"] != "route"] + [rows[name] for name in order]
    found = differences(build(P02), build(document))
    assert {one.kind for one in found} <= {"移"}
    again = deepcopy(P02)
    # from the last one up, so that the row below already stands where it shall
    for one in sorted(found, key=lambda one: -order.index(one.row)):
        apply(again, Edit("rule", one.row, "移", {"before": one.after}))
    assert [name for name in keys("rule", again["rule"]) if name in order] == order
