"""What the editor shows of a draft: its sheets, the rows of one with their sentences, and what is doubtful in them."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from flask import current_app, g, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from models import ProcedureEdit, ProcedureVersion, db
from rules import editing
from rules.document import RuleRow
from rules.faults import Finding, Severity
from rules.lint import lint
from rules.outcomes import STAGES
from rules.procedure import Procedure
from views import cells, formats, rowwords, sheets
from views.assets import STATIC, asset
from views.rulewords import fact_label, sentence
from views.said import said
from views.sheets import Column, Kind, Line, Sheet, value_at
from views.typography import laid_out
from workflow import drafts, procedures

GRID = ("vendor/tabulator_esm.min.mjs", "vendor/tabulator_simple.min.css")
"""The files of others without which a sheet is a plain table."""
NEWEST = 5
TYPED = (Kind.TEXT, Kind.LONG, Kind.LIST, Kind.NUMBER)
"""Cells that are typed where they stand; the others have a form that knows the value."""


@dataclass(frozen=True)
class Desk:
    """One draft with one of its sheets open."""

    version: ProcedureVersion
    sheet: Sheet
    more: tuple[str, ...] = ()

    @property
    def document(self) -> Procedure:
        return document_of(self.version)

    @cached_property
    def rules(self) -> Mapping[str, RuleRow]:
        return {rule.id: rule for rule in self.document.rules}

    @cached_property
    def since(self) -> int:
        """The newest edit that this page has seen."""
        return drafts.last_edit(db.session(), self.version)

    @property
    def saved(self) -> str:
        """When it saved itself last, as a clock shows it."""
        return clock_of(self.version.edited_at) if self.version.edited_at else ""

    def address(self, **more: Any) -> str:
        """The address of this sheet, at a row."""
        given = {"sheet": self.sheet.key, "facts": ",".join(self.more) or None, **more}
        return url_for("editor.draft", draft=self.version.id, **given)

    @cached_property
    def place(self) -> str:
        """The start of the addresses of this sheet's cells and rows, from the page itself."""
        return urlencode({"sheet": self.sheet.key, **({"facts": ",".join(self.more)} if self.more else {})})

    def door(self, what: str, row: str, cell: str = "") -> str:
        """The address of a cell's or a row's form, from the page itself; a large sheet has thousands."""
        return f"{what}?{self.place}&row={quote(row)}" + (f"&cell={quote(cell)}" if cell else "")

    def sentence(self, line: Line) -> str:
        """The row read aloud; nothing where a row is no sentence."""
        if self.sheet.stage:
            rule = self.rules.get(line.key)
            return sentence(self.document, rule) if rule else ""
        kind = self.sheet.inside[1] if self.sheet.inside else self.sheet.section
        return rowwords.sentence(self.document, kind, self.meant.get(line.key)) if kind in rowwords.SAYS else ""

    @cached_property
    def meant(self) -> Mapping[str, Any]:
        """The rows of a sheet of rows as the document means them, by their names."""
        rows = rowwords.rows_of(self.document, raw_of(self.version), self.sheet.section)
        if not self.sheet.inside:
            return rows
        inner = getattr(rows.get(self.sheet.inside[0]), self.sheet.inside[1], ())
        return dict(zip((line.key for line in self.sheet.lines), inner, strict=False))

    def findings(self, line: Line) -> list[Finding]:
        """What is doubtful in a row."""
        if self.sheet.inside:
            return []
        return [found for found in found_in(self.version) if _is_about(found, self.sheet.section, line.key)]

    def whole(self) -> list[Finding]:
        """What is doubtful in the sheet as a whole: a gap between its rules, a fault in none of its rows."""
        if self.sheet.stage:
            place = ("stages", self.sheet.stage)
            return [found for found in found_in(self.version) if (found.section, found.row) == place]
        keys = {line.key for line in self.sheet.lines}
        return [
            found
            for found in found_in(self.version)
            if found.section == self.sheet.section and found.row not in keys and not self.sheet.inside
        ]

    def as_json(self) -> dict[str, Any]:
        """What the grid shows."""
        session = db.session()
        return {
            "sheet": self.sheet.key,
            "columns": [self._column(column) for column in self.sheet.columns],
            "rows": [self.row(line) for line in self.sheet.lines],
            "fixed": self.sheet.fixed,
            "ordered": self.sheet.ordered and not self.sheet.fixed,
            "since": self.since,
            "looked": is_looked_over(self.version),
            "saved": str(_("已保存 %(time)s", time=self.saved)) if self.saved else "",
            "undo": drafts.can_undo(session, self.version),
            "redo": drafts.can_redo(session, self.version),
            "whole": [finding_words(found) for found in self.whole()],
        }

    def _column(self, column: Column) -> dict[str, Any]:
        must = column.must and not column.cell.startswith("when.")
        return {"cell": column.cell, "label": str(said(column.label)), "kind": str(column.kind), "must": must}

    def row(self, line: Line) -> dict[str, Any]:
        """One row: its cells in words, what stands there by default, its sentence, what is doubtful."""
        found, shown, usual, own, inner, texts = self.findings(line), {}, {}, {}, {}, {}
        for column in self.sheet.columns:
            cell = self.sheet.column(column.cell, line.key) or column
            value = value_at(line.values, cell.cell)
            words = cells.words(cell, value)
            shown[column.cell] = laid_out(words) if cell.kind is Kind.LONG else words
            if cell.kind in TYPED and (text := cells.text_of(cell, value)) != shown[column.cell]:
                texts[column.cell] = text
            if value is None and cell.default not in (None, (), "", {}):
                usual[column.cell] = cells.words(cell, cell.default)
            if cell is not column:
                own[column.cell] = str(cell.kind)
            if cell.kind in (Kind.ROWS, Kind.NAMES):
                inner[column.cell] = self.inner(line, cell)
        return {
            "key": line.key,
            "cells": shown,
            "texts": texts,
            "usual": usual,
            "kinds": own,
            "inner": inner,
            "sentence": self.sentence(line),
            "findings": [finding_words(one) for one in found],
        }

    def inner(self, line: Line, column: Column) -> str:
        """The address of the sheet within a cell."""
        return url_for("editor.draft", draft=self.version.id, sheet=sheets.inner_key(self.sheet, line, column))


@lru_cache(maxsize=16)
def _raw(text: str) -> Mapping[str, Any]:
    return tomllib.loads(text)


def document_of(version: ProcedureVersion) -> Procedure:
    return procedures.compiled(version.text, version.number)


def raw_of(version: ProcedureVersion) -> Mapping[str, Any]:
    """The document as it is written."""
    return _raw(version.text)


_looked_over: dict[tuple[str, int], tuple[Finding, ...]] = {}
"""What was found in the texts that were looked over last; a process keeps a few."""
KEPT = 32
LARGE = 90
"""A table of so many rules takes seconds to look over; it is asked for after the page has opened."""


def look_over(version: ProcedureVersion) -> tuple[Finding, ...]:
    """Everything that is doubtful in the draft; looked for once for each text."""
    key = (version.text, version.number)
    if key not in _looked_over:
        while len(_looked_over) >= KEPT:
            _looked_over.pop(next(iter(_looked_over)), None)
        _looked_over[key] = tuple(lint(document_of(version)))
    return _looked_over[key]


def is_looked_over(version: ProcedureVersion) -> bool:
    """Whether what is doubtful is known, or soon found."""
    stages = Counter(rule.stage for rule in document_of(version).rules)
    return (version.text, version.number) in _looked_over or max(stages.values(), default=0) < LARGE


def found_in(version: ProcedureVersion) -> tuple[Finding, ...]:
    """What is known to be doubtful in the draft."""
    return look_over(version) if is_looked_over(version) else ()


def desk(version: ProcedureVersion, key: str, more: tuple[str, ...] = ()) -> Desk | None:
    """The draft with that sheet open; nothing when it has none such."""
    found = sheets.sheet(document_of(version), raw_of(version), key, more)
    return Desk(version, found, more) if found else None


def _is_about(found: Finding, section: str, key: str) -> bool:
    return found.section == section and found.row == key


def finding_words(found: Finding) -> dict[str, str]:
    """A finding as it stands beside its row."""
    text = str(said(found.wrong))
    right = str(_("（应为：%(right)s）", right=said(found.right))) if found.right else ""
    tone = "wrong" if found.severity is Severity.ERROR else "doubt"
    return {"text": text + right, "tone": tone, "cell": found.cell}


def clock_of(moment: datetime) -> str:
    """15:02 of today; with the day before it otherwise."""
    local = formats.local(moment)
    if local.date() == formats.local(g.now).date():
        return local.strftime("%H:%M")
    return formats.short_instant(moment)


@dataclass(frozen=True)
class Tab:
    """A sheet in the list of sheets."""

    label: str
    address: str
    count: int
    current: bool
    doubts: int


def tabs(desk: Desk) -> tuple[list[Tab], list[Tab], list[Tab]]:
    """The stages that have rows, the other sections, and the stages that are still empty."""
    raw, current = raw_of(desk.version), desk.sheet.key.partition("/")[0]
    rules = raw.get("rule", ())
    judged: list[Tab] = []
    others: list[Tab] = []
    empty: list[Tab] = []
    for key, label in sheets.names(desk.document):
        stage = key in STAGES
        section = key.removesuffix("-list")
        rows = [rule for rule in rules if rule.get("stage") == key] if stage else raw.get(section, ())
        names = {str(rule.get("id")) for rule in rows} if stage else None
        doubts = sum(1 for found in found_in(desk.version) if _in_sheet(found, section, names))
        address = url_for("editor.draft", draft=desk.version.id, sheet=key)
        counted = 0 if section in (*sheets.RECORDS, "stages") and not stage else len(rows)
        tab = Tab(label, address, counted, key == current, doubts)
        (others if not stage else judged if rows or key == current else empty).append(tab)
    return judged, others, empty


def _in_sheet(found: Finding, section: str, names: set[str] | None) -> bool:
    """Whether a finding belongs to that section, or to one of those rules."""
    if names is None:
        return found.section == section
    return (found.section == "rule" and found.row in names) or (found.section == "stages" and found.row == section)


def offered_facts(desk: Desk) -> list[tuple[str, str, str]]:
    """Facts that a column may be added for: name, label, and the address that adds it."""
    document, found = desk.document, []
    for name in desk.sheet.offered:
        address = desk.address(facts=",".join((*desk.more, name)))
        found.append((name, fact_label(document, name), address))
    return found


def news(version: ProcedureVersion, since: int, mine: int | None) -> list[str]:
    """What others have changed after that edit, newest first: 孙伟 15:02 改了 grade-1。"""
    query = select(ProcedureEdit).where(
        ProcedureEdit.draft_id == version.id, ProcedureEdit.id > since, ProcedureEdit.by_id.is_distinct_from(mine)
    )
    done = {editing.CHANGE: _("改了"), editing.ADD: _("加了"), editing.REMOVE: _("删了"), editing.MOVE: _("移了")}
    return [
        str(
            _(
                "%(who)s %(time)s %(did)s %(row)s",
                who=edit.by.name if edit.by else _("系统"),
                time=clock_of(edit.at),
                did=done.get(edit.kind, edit.kind),
                row=edit.row or edit.section,
            )
        )
        for edit in db.session.scalars(query.order_by(ProcedureEdit.id.desc()).limit(NEWEST))
    ]


def grid_files() -> tuple[str, str] | None:
    """The addresses of the grid's script and style; nothing when they were not fetched at installation."""
    if not all((STATIC / name).is_file() for name in GRID):
        return None
    return asset(GRID[0]), asset(GRID[1])


def has(endpoint: str) -> bool:
    """Whether the panel has that page."""
    return endpoint in current_app.view_functions
