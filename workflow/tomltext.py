"""A procedure document as TOML that keeps its comments while it is edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Comment, InlineTable, Item, Table, Whitespace

from rules.editing import CHANGE, Document, Edit, Rows, Taken, apply

WIDEST = 118
"""A list that would make a longer line is broken; a Chinese character is as wide as two others."""


def read(text: str) -> tomlkit.TOMLDocument:
    """The document with everything that its author wrote beside it."""
    return tomlkit.parse(text)


def write(document: tomlkit.TOMLDocument) -> str:
    """The text of the document; what was not edited is what was read."""
    return tomlkit.dumps(document)


KEPT = 8
_kept: dict[str, tomlkit.TOMLDocument] = {}
"""Documents as they were left by a change of a cell, by their text: reading one anew takes longer than all the rest."""


def edited(text: str, edit: Edit) -> tuple[str, Edit]:
    """The text after the edit, and the edit that takes it back. Raises EditFault.

    Whoever changes a document has it for himself meanwhile. Only a changed cell leaves the document just as its text
    would be read; what adds, removes or moves rows leaves other blanks, and is read anew.
    """
    document = _kept.pop(text, None)
    if document is None:
        document = read(text)
    known = edit.section in document
    back = apply(document, edit, Toml())
    after = write(document)
    if edit.kind == CHANGE and known:
        for oldest in list(_kept)[: len(_kept) + 1 - KEPT]:  # a copy: others may be at it
            _kept.pop(oldest, None)
        _kept[after] = document
    return after, back


class Toml:
    """Writes values as a person would: tables and lists inline, each row a block with one empty line after it."""

    def __init__(self) -> None:
        self._loose: list[Comment] = []

    def value(self, raw: Any) -> Item:
        return tomlkit.value(_broken(raw) if isinstance(raw, list | tuple) else _line(raw))

    def fill(self, table: Document, name: str, raw: Any) -> None:
        """A new value goes below the row's last one, above comments that introduce the next row."""
        comments = _cut_comments(table) if isinstance(table, Table) and name not in table else []
        table[name] = self.value(raw)
        if comments:
            table.value.body.extend(comments)  # type: ignore[attr-defined]

    def table(self, document: Document, section: str) -> Document:
        if section not in document:
            document[section] = tomlkit.table()
        return document[section]

    def rows(self, document: Document, section: str) -> Rows:
        if section not in document:
            document[section] = tomlkit.aot()
        return document[section]

    def row(self, row: Mapping[str, Any], text: str) -> Table:
        """The row as it was once written, when that text still says the same; else written anew."""
        if text:
            try:
                written = tomlkit.parse(text)
            except TOMLKitError:
                written = tomlkit.document()
            if written.unwrap() == dict(row):
                return Table(written, tomlkit.table().trivia, is_aot_element=True)
        table = tomlkit.table()
        for name, inner in row.items():
            table[str(name)] = self.value(inner)
        return table

    def take(self, rows: Rows, index: int) -> Taken:
        """Comments below a row introduce the next one: they stay where they are."""
        row = rows[index]
        comments = [*_cut_comments(row), *_cut_heading(row)]
        del rows[index]
        if comments and index:
            rows[index - 1].value.body.extend(comments)
        elif comments and rows:
            rows[0].value.body[:0] = [item for item in comments if isinstance(item[1], Comment)]
        else:
            self._loose = [item for _none, item in comments if isinstance(item, Comment)]
        return Taken(row, row.as_string(), bool(comments))

    def put(self, rows: Rows, index: int, row: Any, *, follows: bool) -> None:
        above = rows[index - 1] if index else None
        comments = _cut_comments(above) if follows and above is not None else []
        _end_with_empty_line(row)
        if above is not None:
            _end_with_empty_line(above)
        rows.insert(index, row)
        if comments:
            rows[index].value.body.extend(comments)

    def drop(self, document: Document, section: str) -> None:
        """Without its last row a section is gone; what was said below it is said at the end."""
        del document[section]
        for comment in self._loose:
            document.add(comment)  # type: ignore[attr-defined]

    def tidy(self, table: Document, name: str) -> None:
        if isinstance(table[name], InlineTable):
            table[name] = self.value(table[name].unwrap())


def _line(raw: Any) -> str:
    """The value on one line."""
    if isinstance(raw, Mapping):
        inner = ", ".join(f"{tomlkit.key(str(name)).as_string()} = {_line(value)}" for name, value in raw.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(raw, list | tuple):
        return f"[{', '.join(map(_line, raw))}]"
    return tomlkit.item(raw).as_string()


def _broken(raw: list[Any] | tuple[Any, ...]) -> str:
    """The list on one line if it is short; else a table a line, or as many words a line as there is room for."""
    if _width(_line(raw)) <= WIDEST - 20:
        return _line(raw)
    lines = [""]
    for item in map(_line, raw):
        if lines[-1] and (item.startswith("{") or _width(lines[-1] + item) > WIDEST - 6):
            lines.append("")
        lines[-1] += f" {item}," if lines[-1] else f"{item},"
    return "[\n" + "".join(f"    {line}\n" for line in lines) + "]"


def _width(text: str) -> int:
    return sum(2 if character > "\u2e7f" else 1 for character in text)


def _cut_comments(row: Any) -> list[tuple[Any, Any]]:
    """Cut off and return what stands below the row's last value, from its first comment on."""
    body = row.value.body
    end = len(body)
    while end and body[end - 1][0] is None and isinstance(body[end - 1][1], Comment | Whitespace):
        end -= 1
    first = next((n for n in range(end, len(body)) if isinstance(body[n][1], Comment)), len(body))
    cut = body[first:]
    del body[first:]
    return cut


def _cut_heading(row: Any) -> list[tuple[Any, Any]]:
    """Cut off and return comments above the row's first value: those of a row that stood above it and is gone."""
    body = row.value.body
    first = next((n for n, (key, _item) in enumerate(body) if key is not None), len(body))
    cut = [item for item in body[:first] if isinstance(item[1], Comment)]
    if cut:
        del body[:first]
    return cut


def _end_with_empty_line(row: Any) -> None:
    text = row.as_string()
    if not text.endswith("\n"):
        row.value.body.append((None, Whitespace("\n")))
    if not text.endswith("\n\n"):
        row.value.body.append((None, Whitespace("\n")))
