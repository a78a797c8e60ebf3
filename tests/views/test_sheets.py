"""The sheets of the editor show every section, every column and every stage that a document may have."""

from __future__ import annotations

import tomllib
from copy import deepcopy

import pytest
from flask import Flask
from flask_babel import Babel

from rules import editing
from rules.document import Part
from rules.outcomes import SHAPES, STAGES, misshapen
from rules.procedure import Procedure, build, parse, shipped
from views import cells, sheetedits, sheetoffers, sheets, sheetwords
from views.sheets import Kind

APP = Flask("sheets")
Babel(APP, default_locale="zh_CN")
TEXT = shipped()["P02"]
DOCUMENT = parse(TEXT)


@pytest.fixture(autouse=True)
def _request():
    with APP.test_request_context():
        yield


@pytest.fixture
def raw():
    return tomllib.loads(TEXT)


def parts_of(model, path=""):
    """Every class of rows within a class, with the path to it."""
    for name, info in model.model_fields.items():
        cell = f"{path}{info.alias or name}"
        column = sheets._typed(info.annotation, sheets.Column(cell, ""))
        bare = sheets._bare(info.annotation)
        if column.part is not None:
            yield cell, column.part
            yield from parts_of(column.part, f"{cell}.")
        elif isinstance(bare, type) and issubclass(bare, Part):
            yield from parts_of(bare, f"{cell}.")


def test_every_section_of_the_schema_has_a_sheet_and_a_word():
    keys = {key for key, _word in sheets.names(DOCUMENT)}
    sections = {info.alias or name for name, info in Procedure.model_fields.items()} - {"version", "rule"}
    assert {sheets.key_of(section) for section in sections} | set(STAGES) == keys
    assert set(sheets.models()) <= set(sheetwords.SECTIONS)


@pytest.mark.parametrize("section", [name for name, part in sheets.models().items() if part])
def test_every_column_of_a_section_is_shown_under_a_chinese_word(section):
    part = sheets.models()[section]
    shown = {column.cell: column.label for column in sheets.columns_of(DOCUMENT, section, part)}
    plain = {info.alias or name for name, info in part.model_fields.items()} - {"when"}
    assert plain <= {cell.partition(".")[0] for cell in shown}
    assert [cell for cell, label in shown.items() if label == cell] == [], "views/sheetwords.py names the columns"


@pytest.mark.parametrize("section", [name for name, part in sheets.models().items() if part])
def test_every_list_within_a_cell_is_a_sheet_with_words_too(section):
    for cell, part in parts_of(sheets.models()[section]):
        columns = sheets.columns_of(DOCUMENT, cell, part)
        fields = {info.alias or name for name, info in part.model_fields.items()} - {"when"}
        assert fields <= {column.cell.partition(".")[0] for column in columns}, cell
        assert [column.cell for column in columns if column.label == column.cell] == [], cell


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_shows_each_part_that_its_outcome_may_have(stage):
    columns = sheets.outcome_columns(DOCUMENT, stage, [{"then": {"to_leader": True}}])
    shape = SHAPES.get(stage)
    if shape is None:
        assert [column.cell for column in columns] == ["then"]
        return
    parts = {*shape.needed, *shape.may, *filter(None, [shape.text])} or {"to_leader"}
    assert {column.cell for column in columns} == {f"then.{part}" for part in parts}
    assert [column.label for column in columns if column.label == column.cell.removeprefix("then.")] == []


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage in SHAPES])
def test_an_outcome_put_together_from_its_columns_is_what_the_stage_takes(stage):
    samples = {Kind.FLAG: True, Kind.LIST: ["承办人"]}
    then = None
    for column in sheets.outcome_columns(DOCUMENT, stage, [{"then": {"to_leader": True}}]):
        then = sheetedits.composed(stage, then, column.cell.removeprefix("then."), samples.get(column.kind, "甲"))
    assert misshapen(stage, then) is None, then


def test_an_outcome_of_one_text_stays_a_text():
    assert sheetedits.composed("grade", "一级投诉", "grade", "二级投诉") == "二级投诉"
    assert sheetedits.composed("grade", "一级投诉", "provisional", True) == {"grade": "一级投诉", "provisional": True}
    assert sheetedits.composed("grade", {"grade": "一级投诉", "provisional": True}, "provisional", False) == "一级投诉"


def every_sheet(document, raw):
    """Every sheet of a document, with those within its cells."""
    for key, _word in sheets.names(document):
        outer = sheets.sheet(document, raw, key)
        yield outer
        for line in outer.lines:
            for column in (*outer.columns, *line.columns.values()):
                own = outer.column(column.cell, line.key)
                if own and own.kind in (Kind.ROWS, Kind.NAMES) and sheets.value_at(line.values, own.cell):
                    yield sheets.sheet(document, raw, sheets.inner_key(outer, line, own))


@pytest.mark.parametrize("code", shipped())
def test_every_value_of_the_shipped_documents_is_in_a_cell_of_some_sheet(code):
    document, raw = parse(shipped()[code]), tomllib.loads(shipped()[code])
    shown = sum(
        len(str(sheets.value_at(line.values, (line.columns.get(column.cell) or column).cell)))
        for sheet in every_sheet(document, raw)
        for line in sheet.lines
        for column in sheet.columns
    )
    assert shown > len(shipped()[code]) / 4
    for sheet in every_sheet(document, raw):
        for line in sheet.lines:
            named = {column.cell.partition(".")[0] for column in sheet.columns} | {"stage", "when"}
            assert set(line.values) <= named | {"then"}, (sheet.key, line.key)


@pytest.mark.parametrize("code", shipped())
def test_every_cell_reads_as_something(code):
    document, raw = parse(shipped()[code]), tomllib.loads(shipped()[code])
    for sheet in every_sheet(document, raw):
        for line in sheet.lines:
            for column in sheet.columns:
                own = sheet.column(column.cell, line.key) or column
                value = sheets.value_at(line.values, own.cell)
                assert value in (None, [], "", {}) or cells.words(own, value), (sheet.key, line.key, own.cell)


def applied(raw, edit):
    """The document after an edit, checked by the schema; the edit that takes it back must restore it."""
    after = deepcopy(raw)
    back = editing.apply(after, editing.Edit(edit["section"], edit["row"], edit["kind"], edit["value"]))
    build(after)
    again = deepcopy(after)
    editing.apply(again, back)
    assert {part: rows for part, rows in again.items() if rows} == raw
    return after


def test_a_changed_cell_of_any_kind_of_sheet_lands_where_it_stands_in_the_document(raw):
    def change(key, row, cell, value):
        sheet = sheets.sheet(DOCUMENT, raw, key)
        return applied(raw, sheetedits.change(sheet, row, cell, value))

    grade = next(
        rule for rule in change("grade", "grade-3", "then.provisional", True)["rule"] if rule["id"] == "grade-3"
    )
    assert grade["then"] == {"grade": "三级投诉", "provisional": True}
    grade = next(
        rule for rule in change("grade", "grade-3", "when.impact", "missing")["rule"] if rule["id"] == "grade-3"
    )
    assert grade["when"] == {"nature": "投诉", "impact": "missing"}
    assert change("procedure", "title", "value", "新的规定")["procedure"]["title"] == "新的规定"
    assert change("vocabulary", "flags", "value", ["需通报", "群体"])["vocabulary"]["flags"] == ["需通报", "群体"]
    assert change("stages", "grade", "value", "priority")["stages"] == {"grade": "priority"}
    assert change("sanctions", "三级投诉", "value", ["警告"])["sanctions"]["三级投诉"] == ["警告"]
    assert change("limit", "办理", "remind.at_least", "1小时")["limit"][0]["remind"]["at_least"] == "1小时"
    assert change("procedure/severity", "抱怨", "value", 2)["procedure"]["severity"]["抱怨"] == 2
    form = next(
        form for form in change("form/调查记录/field", "1", "label", "谁调查")["form"] if form["kind"] == "调查记录"
    )
    assert form["field"][0] == {"key": "investigator", "label": "谁调查", "type": "person"}


def test_rows_are_added_moved_and_taken_away_in_lists_within_cells_too(raw):
    sheet = sheets.sheet(DOCUMENT, raw, "assessment/1/subjects")
    after = applied(raw, sheetedits.add(sheet, {"kind": "部门负责人", "points": 5}))
    assert after["assessment"][0]["subjects"] == [{"kind": "责任人", "points": 10}, {"kind": "部门负责人", "points": 5}]
    sheet = sheets.sheet(DOCUMENT, raw, "procedure/departments")
    after = applied(raw, sheetedits.move(sheet, "3", "1"))
    assert [row["name"] for row in after["procedure"]["departments"][:2]] == ["人力资源行政部", "公司领导"]
    sheet = sheets.sheet(DOCUMENT, raw, "procedure/words")
    assert "尽快" not in applied(raw, sheetedits.remove(sheet, "尽快"))["procedure"]["words"]
    sheet = sheets.sheet(DOCUMENT, raw, "vocabulary/report_ways")
    assert (
        applied(raw, sheetedits.add(sheet, {"key": "来函", "value": "来电"}))["vocabulary"]["report_ways"]["来函"]
        == "来电"
    )


def test_a_copy_of_a_row_gets_a_free_name_and_stands_where_it_is_put(raw):
    sheet = sheets.sheet(DOCUMENT, raw, "grade")
    copy = sheetedits.duplicate(sheet, "grade-1-media")
    assert copy["id"] == "grade-1-media-2"
    after = applied(raw, sheetedits.add(sheet, copy, before="grade-1-period"))
    ids = [rule["id"] for rule in after["rule"] if rule["stage"] == "grade"]
    assert ids[:3] == ["grade-1-media", "grade-1-media-2", "grade-1-period"]
    assert sheetedits.free_name("grade-3", {"grade-3", "grade-2"}) == "grade-4"


def test_a_row_steps_up_and_down_until_it_stands_at_the_end(raw):
    sheet = sheets.sheet(DOCUMENT, raw, "route")
    keys = [line.key for line in sheet.lines]
    assert sheetedits.step(sheet, keys[1], down=False) == keys[0]
    assert sheetedits.step(sheet, keys[0], down=True) == keys[2]
    assert sheetedits.step(sheet, keys[-2], down=True) == ""
    assert sheetedits.step(sheet, keys[0], down=False) is None
    assert sheetedits.step(sheet, keys[-1], down=True) is None


def test_a_column_for_a_fact_that_no_row_asks_is_there_when_it_is_wanted(raw):
    sheet = sheets.sheet(DOCUMENT, raw, "grade", more=("parties_count",))
    column = sheet.column("when.parties_count")
    assert column is not None and column.fact.unit == "人"
    assert "parties_count" not in sheet.offered and "channel" in sheet.offered


@pytest.mark.parametrize("key", ["", "nothing", "rule", "form/没有/field", "form/调查记录/kind", "grade/x", "../etc"])
def test_a_sheet_that_does_not_exist_is_none(raw, key):
    assert sheets.sheet(DOCUMENT, raw, key) is None


NAMING = ("amount_from", "trigger", "until_from")


@pytest.mark.parametrize("code", shipped())
def test_a_cell_that_names_a_fact_reads_as_the_fact_is_called(code):
    document, raw = parse(shipped()[code]), tomllib.loads(shipped()[code])
    found = 0
    for key, _label in sheets.names(document):
        sheet = sheets.sheet(document, raw, key)
        for line in sheet.lines if sheet else ():
            for column in sheet.columns:
                value = sheets.value_at(line.values, column.cell)
                if isinstance(value, str) and value.removeprefix("field:") in column.terms:
                    words, found = cells.words(column, value), found + 1
                    assert not any(part in words for part in ("_", ":")), (key, line.key, column.cell, words)
                    assert cells.typed(column, cells.text_of(column, value)) == value
    assert found
    assert all(row[name] in sheetoffers.labels(document) for row in raw["limit"] for name in NAMING if row.get(name))


def test_a_field_of_ones_own_is_offered_by_its_label():
    spare = '[[field]]\nkey = "spare"\nlabel = "备用天数"\ntype = "number"\n\n[[field]]'
    document = parse(TEXT.replace("[[field]]", spare, 1))
    column = sheets.sheet(document, tomllib.loads(TEXT), "limit").column("amount_from")
    assert cells.term_in(column, "spare") == "备用天数"
    assert [cells.term_in(column, name) for name in ("limit_days", "due_on")] == ["办理天数", "完成日期"]


def test_what_a_document_takes_may_only_ask_what_is_known_while_a_case_is_registered() -> None:
    sheet = sheets.sheet(DOCUMENT, {"take": [{"id": "a", "when": {"channel": "来电"}, "because": "试"}]}, "take")
    assert sheet is not None
    assert sheet.label == "受理哪些件"
    assert {"complainant_kind", "complained_department", "mainstream_media"} <= set(sheet.offered)
    assert not {"grade", "state", "channel"} & set(sheet.offered)
