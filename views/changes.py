"""What is different between two versions, as a reader wants it: rows as sentences, cells from what to what."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from models import ProcedureVersion
from rules.differences import Difference, differences, words
from rules.document import RuleRow
from rules.editing import ADD, CHANGE, MOVE, REMOVE
from rules.outcomes import STAGES
from rules.procedure import Procedure
from rules.rungs import Rung
from views import cells, rowwords, rulewords, sheets, sheetwords
from views.said import said
from views.typography import laid_out
from workflow import procedures

WORDS = {ADD: "增加了", REMOVE: "删去了", CHANGE: "修改了", MOVE: "移动了"}


@dataclass(frozen=True)
class Cell:
    """One cell: what stood there and what stands there now; of a list what came and what went."""

    label: str
    before: str
    after: str
    listed: bool = False
    """Whether it says what went out of a list and what came into it."""


@dataclass
class Row:
    """One row with everything that happened to it."""

    key: str
    name: str
    kind: str
    before: str = ""
    after: str = ""
    """The whole row as a sentence, where it is new, gone, or a rule."""
    cells: list[Cell] = field(default_factory=list)
    moved: str = ""
    anchor: str = ""

    @property
    def look(self) -> str:
        """How the row is set."""
        return {ADD: "came", REMOVE: "went", CHANGE: "altered", MOVE: "moved"}[self.kind]

    @property
    def word(self) -> str:
        """增加了, 删去了, 修改了 or 移动了."""
        return str(_(WORDS[self.kind]))


@dataclass(frozen=True)
class Group:
    """The rows of one stage or section that differ."""

    key: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Side:
    """One of the two versions: its document, and the same as it is written."""

    document: Procedure
    raw: Mapping[str, Any]

    def rule(self, key: str) -> RuleRow | None:
        """The rule of that id."""
        return next((rule for rule in self.document.rules if rule.id == key), None)


def side(version: ProcedureVersion) -> Side:
    """A version as one side of a comparison."""
    return Side(procedures.compiled(version.text, version.number), tomllib.loads(version.text))


def between(old: ProcedureVersion, new: ProcedureVersion) -> list[Group]:
    """What the new version has otherwise than the old one, stage by stage, then section by section."""
    then, now = side(old), side(new)
    found: dict[str, dict[str, Row]] = {}
    for one in differences(then.document, now.document):
        group = _group_of(then, now, one)
        rows = found.setdefault(group, {})
        row = rows.get(one.row) or rows.setdefault(one.row, _row(then, now, group, one))
        _note(row, then, now, group, one)
    order = [*STAGES, *sheetwords.SECTIONS]
    groups = sorted(found.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))
    return [Group(key, _title(key), tuple(rows.values())) for key, rows in groups]


def count(groups: Iterable[Group]) -> int:
    """How many rows differ."""
    return sum(len(group.rows) for group in groups)


def _group_of(then: Side, now: Side, one: Difference) -> str:
    if one.section != "rule":
        return one.section
    rule = now.rule(one.row) or then.rule(one.row)
    return rule.stage if rule else one.section


def _title(key: str) -> str:
    return str(_(rulewords.STAGE_WORDS.get(key) or sheetwords.SECTIONS.get(key, key)))


def _row(then: Side, now: Side, group: str, one: Difference) -> Row:
    """The row before anything is noted on it."""
    found = Row(one.row, _name(one), one.kind, anchor=f"r-{one.row}" if one.section == "rule" else "")
    if one.section == "rule":
        old, new = then.rule(one.row), now.rule(one.row)
        whole = one.kind in (ADD, REMOVE)
        found.before = _rule_words(then, old, whole) if old else ""
        found.after = _rule_words(now, new, whole) if new else ""
    elif one.kind == ADD:
        found.after = _read(now, one) + _whole(now, group, one.after)
    elif one.kind == REMOVE:
        found.before = _read(then, one) + _whole(then, group, one.before)
    return found


def _read(where: Side, one: Difference) -> str:
    """A row that is no rule as it is read aloud, where it is; its cells stand behind it, none left out."""
    if one.section not in rowwords.SAYS:
        return ""
    row = rowwords.rows_of(where.document, where.raw, one.section).get(one.row)
    return rowwords.sentence(where.document, one.section, row)


def _rule_words(where: Side, rule: RuleRow, whole: bool) -> str:
    """A rule as a sentence; whole: with the reason that the cases will be given, which no cell of its own shows."""
    told = rulewords.sentence(where.document, rule)
    why = laid_out(said(rule.because))
    return str(_("%(told)s因为：%(why)s", told=told, why=why)) if whole and rule.because else told


def _name(one: Difference) -> str:
    if one.section == "vocabulary":
        return str(_(sheetwords.column("vocabulary", one.row)))
    if one.section == "stages":
        return str(_(rulewords.STAGE_WORDS.get(one.row, one.row)))
    return str(cells.term(one.row))


def _note(row: Row, then: Side, now: Side, group: str, one: Difference) -> None:
    """Add one difference to its row."""
    if one.kind == CHANGE:
        row.cells.append(_cell(then, now, group, one))
    elif one.kind == MOVE:
        row.moved = _place(one)


def _place(one: Difference) -> str:
    """Where a row stands now."""
    return str(_("移到 %(what)s 之前", what=cells.term(str(one.after))) if one.after else _("移到最后"))


def _cell(then: Side, now: Side, group: str, one: Difference) -> Cell:
    """A cell in words; of two lists only what came and what went."""
    label = _label(then, now, group, one)
    if not one.cell.startswith("when.") and _listed(one.before) and _listed(one.after):
        come, gone = words(one)
        if gone or come:
            without, more = _items(then, group, one, gone), _items(now, group, one, come)
            return Cell(
                label,
                str(_("去掉 %(what)s", what=without)) if without else "",
                str(_("加上 %(what)s", what=more)) if more else "",
                listed=True,
            )
    if isinstance(one.before, Mapping) and isinstance(one.after, Mapping):
        gone_too = {name: value for name, value in one.before.items() if one.after.get(name) != value}
        come_too = {name: value for name, value in one.after.items() if one.before.get(name) != value}
        return Cell(label, _words(then, group, one, gone_too or None), _words(now, group, one, come_too or None))
    return Cell(label, _words(then, group, one, one.before), _words(now, group, one, one.after))


def _listed(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _items(where: Side, group: str, one: Difference, items: list[Any]) -> str:
    return _("、").join(_words(where, group, one, [item]) for item in items)


def _label(then: Side, now: Side, group: str, one: Difference) -> str:
    if not one.cell:
        return str(_(sheetwords.COLUMNS["value"])) if one.section in ("stages", "sanctions") else ""
    column = _column(now, group, one) or _column(then, group, one)
    return str(_(column.label) if column else _(sheetwords.column(one.section, one.cell)))


def _column(where: Side, group: str, one: Difference) -> sheets.Column | None:
    key = group if one.section == "rule" else sheets.key_of(one.section)
    sheet = sheets.sheet(where.document, where.raw, key)
    if sheet is None:
        return None
    if one.section in sheets.RECORDS:
        return sheet.column("value", one.cell or one.row)
    return sheet.column(one.cell or "value", one.row)


def _words(where: Side, group: str, one: Difference, value: Any) -> str:
    """A value in the words of the side on which it stands; where nothing is written, what that means."""
    if value is None and (column := _column(where, group, one)) and column.default not in (None, "", (), {}):
        value = column.default
    if value in (None, "", [], ()):
        return ""
    if one.section == "rule" and one.cell == "then":
        return str(laid_out(rulewords.outcome_words(where.document, value)))
    if one.section == "rule" and one.cell.startswith("when."):
        return str(rulewords.test_words(value))
    if one.section == "limit" and one.cell == "ladder":
        rungs = (rowwords.sentence(where.document, "ladder", Rung.model_validate(item)) for item in value)
        return str(laid_out(" ".join(rungs)))
    column = _column(where, group, one)
    return str(laid_out(cells.words(column, value) if column else said(str(value))))


def _whole(where: Side, group: str, row: Any) -> str:
    """A row of another section as a sentence: each cell that says something."""
    sheet = sheets.sheet(where.document, where.raw, sheets.key_of(group))
    if sheet is None or not isinstance(row, Mapping):
        return str(said(str(row)))
    named = ((column, sheets.value_at(row, column.cell)) for column in sheet.columns)
    told = [
        f"{_(column.label)} {cells.words(column, value)}"
        for column, value in named
        if value not in (None, "", [], (), {}, column.default)
    ]
    return str(laid_out(_("；").join(told)))
