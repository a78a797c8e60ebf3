"""One edit of a procedure document, and the edit that takes it back.

Works on any nested mapping: on what ``tomllib`` reads, and on a document that keeps its comments. How such a document
writes a value, a row or a section is the business of its ``Writer``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, MutableMapping, MutableSequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, get_args

from rules.document import Part
from rules.procedure import Procedure

CHANGE, ADD, REMOVE, MOVE = "改", "增", "删", "移"
KINDS = (CHANGE, ADD, REMOVE, MOVE)
ONE_TABLE = "procedure"
"""The section whose cells are its own; the other tables have a row for each of their names."""
ORDERED_BY = {"rule": "stage"}
"""Sections whose rows stand in groups: "last" means last of the row's own group."""

REPEATED = ("limit",)
"""Sections in which several rows may have one name: a limit is longer or shorter as its tests hold."""

Document = MutableMapping[str, Any]
Rows = MutableSequence[Any]


class EditFault(ValueError):
    """An edit that cannot be made: the cell, what is wrong, what would be right."""

    def __init__(self, cell: str, wrong: str, right: str) -> None:
        self.cell, self.wrong, self.right = cell, wrong, right
        super().__init__(f"{cell}:{wrong}(应为:{right})")


@dataclass(frozen=True)
class Edit:
    """What is done to which row. ``value`` is as the editor sends it: a cell and its value, a row and its place."""

    section: str
    row: str
    kind: str
    value: Mapping[str, Any] = field(default_factory=dict)


class Taken(NamedTuple):
    """A row that was taken out: how it was written, and whether it belonged to the row above it."""

    row: Any
    text: str = ""
    follows: bool = False


class Writer(Protocol):
    """How a document holds what is put into it."""

    def fill(self, table: Document, name: str, raw: Any) -> None: ...
    def table(self, document: Document, section: str) -> Document: ...
    def rows(self, document: Document, section: str) -> Rows: ...
    def row(self, row: Mapping[str, Any], text: str) -> Any: ...
    def take(self, rows: Rows, index: int) -> Taken: ...
    def put(self, rows: Rows, index: int, row: Any, *, follows: bool) -> None: ...
    def tidy(self, table: Document, name: str) -> None: ...
    def drop(self, document: Document, section: str) -> None: ...


class Plain:
    """A document of plain dicts and lists."""

    def fill(self, table: Document, name: str, raw: Any) -> None:
        table[name] = deepcopy(raw)

    def table(self, document: Document, section: str) -> Document:
        return document.setdefault(section, {})

    def rows(self, document: Document, section: str) -> Rows:
        return document.setdefault(section, [])

    def row(self, row: Mapping[str, Any], text: str) -> Any:
        return deepcopy(dict(row))

    def take(self, rows: Rows, index: int) -> Taken:
        return Taken(rows.pop(index))

    def put(self, rows: Rows, index: int, row: Any, *, follows: bool) -> None:
        rows.insert(index, row)

    def tidy(self, table: Document, name: str) -> None:
        """Nothing has a shape here that an edit could spoil."""

    def drop(self, document: Document, section: str) -> None:
        del document[section]


@lru_cache(maxsize=1)
def sections() -> Mapping[str, tuple[str, ...]]:
    """Each section of a document that can be edited, and the columns that name a row; none for a table."""
    found: dict[str, tuple[str, ...]] = {}
    for name, info in Procedure.model_fields.items():
        if name == "version":
            continue
        part = next((kind for kind in get_args(info.annotation) if _is_part(kind)), None)
        found[info.alias or name] = _key_columns(part) if part else ()
    return found


def _is_part(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Part)


def _key_columns(part: type[Part]) -> tuple[str, ...]:
    if "no" in part.model_fields:
        return ("no", "sub")
    usual = ("id", "key", "name", "verb", "kind", "reason", *part.model_fields)
    return (next(name for name in usual if name in part.model_fields),)


def key_of(section: str, row: Mapping[str, Any]) -> str:
    """The name that a row of that section has."""
    return "".join(str(row.get(column, "")) for column in sections()[section])


def keys(section: str, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The names by which the rows are known: the second of one name is ``name#2``."""
    found: list[str] = []
    times: Counter[str] = Counter()
    for row in rows:
        name = key_of(section, row)
        times[name] += 1
        found.append(name if times[name] == 1 else f"{name}#{times[name]}")
    return found


def apply(document: Document, edit: Edit, writer: Writer | None = None) -> Edit:
    """Carry out the edit on the document and return the edit that takes it back. Raises EditFault, changing nothing."""
    writer = writer or Plain()
    if edit.section not in sections():
        raise EditFault("section", f"没有“{edit.section}”这一部分", "、".join(sections()))
    if edit.kind not in KINDS:
        raise EditFault("kind", f"没有“{edit.kind}”这种修改", "、".join(KINDS))
    if not sections()[edit.section]:
        return _in_table(document, edit, writer)
    return {CHANGE: _change, ADD: _add, REMOVE: _remove, MOVE: _move}[edit.kind](document, edit, writer)


# ---------------------------------------------------------------------------------------------------------------------
# tables: [procedure], [vocabulary], [stages], [sanctions]


def _in_table(document: Document, edit: Edit, writer: Writer) -> Edit:
    if edit.kind != CHANGE:
        raise EditFault("kind", f"“{edit.section}”里没有可以{edit.kind}的行", CHANGE)
    cell = str(edit.value.get("cell") or "")
    path = cell if edit.section == ONE_TABLE else ".".join(filter(None, (edit.row, cell)))
    if not path:
        raise EditFault("cell", "没有说改哪一格", "一个名称")
    table = writer.table(document, edit.section)
    there, old = _set(table, path, edit.value.get("value"), writer)
    back = there if edit.section == ONE_TABLE else there.partition(".")[2]
    return Edit(edit.section, edit.row, CHANGE, {"cell": back, "value": old})


# ---------------------------------------------------------------------------------------------------------------------
# rows: [[rule]], [[limit]] …


def _change(document: Document, edit: Edit, writer: Writer) -> Edit:
    cell = str(edit.value.get("cell") or "")
    if not cell:
        raise EditFault("cell", "没有说改哪一格", "这一行的一列")
    rows = _rows(document, edit.section)
    index = _index(rows, edit.section, edit.row)
    row = rows[index]
    value = edit.value.get("value")
    if cell in sections()[edit.section]:
        renamed = key_of(edit.section, {**row, cell: "" if value is None else value})
        if renamed != key_of(edit.section, row):
            _free(rows, edit.section, renamed, cell)
    there, old = _set(row, cell, value, writer)
    return Edit(edit.section, keys(edit.section, rows)[index], CHANGE, {"cell": there, "value": old})


def _add(document: Document, edit: Edit, writer: Writer) -> Edit:
    given = edit.value.get("row")
    if not isinstance(given, Mapping):
        raise EditFault("row", "没有给出要加的行", "{ 列 = 值, … }")
    _storable(given, "row")
    key = key_of(edit.section, given)
    if not key:
        raise EditFault(sections()[edit.section][0], "这一行没有名称", "一个没有用过的名称")
    rows = _rows(document, edit.section)
    _free(rows, edit.section, key, sections()[edit.section][0])
    place, follows = _place(rows, edit, given)
    row = writer.row(given, str(edit.value.get("text") or ""))
    rows = writer.rows(document, edit.section)
    writer.put(rows, place, row, follows=follows)
    return Edit(edit.section, keys(edit.section, rows)[place], REMOVE, {})


def _remove(document: Document, edit: Edit, writer: Writer) -> Edit:
    rows = _rows(document, edit.section)
    index = _index(rows, edit.section, edit.row)
    back = {"row": bare(rows[index]), "before": _after(rows, edit.section, index), "at": index}
    taken = writer.take(rows, index)
    if not rows:
        writer.drop(document, edit.section)
    return Edit(edit.section, edit.row, ADD, {**back, "text": taken.text, "follows": taken.follows})


def _move(document: Document, edit: Edit, writer: Writer) -> Edit:
    rows = _rows(document, edit.section)
    index = _index(rows, edit.section, edit.row)
    if edit.value.get("before") == edit.row:
        raise EditFault("before", "一行不能排在它自己前面", "另一行的名称")
    before = _after(rows, edit.section, index)
    others = [row for number, row in enumerate(rows) if number != index]
    place, follows = _place(others, edit, rows[index])
    taken = writer.take(rows, index)
    writer.put(rows, place, taken.row, follows=follows)
    known_as = keys(edit.section, rows)[place]
    return Edit(edit.section, known_as, MOVE, {"before": before, "at": index, "follows": taken.follows})


def _after(rows: Rows, section: str, index: int) -> str:
    """The name of the row below; empty for the last one."""
    return keys(section, rows)[index + 1] if index + 1 < len(rows) else ""


def _rows(document: Document, section: str) -> Rows:
    found = document.get(section, [])
    if not isinstance(found, MutableSequence):
        raise EditFault(section, "不是一行一行的", f"[[{section}]]")
    return found


def _index(rows: Rows, section: str, key: str) -> int:
    known = keys(section, rows)
    if key in known:
        return known.index(key)
    raise EditFault("row", f"没有“{key}”这一行", "还在的一行;也许刚被别人改了名或删了")


def _free(rows: Rows, section: str, key: str, cell: str) -> None:
    if section not in REPEATED and any(key_of(section, row) == key for row in rows):
        raise EditFault(cell, f"已有“{key}”这一行", "一个没有用过的名称")


def _place(rows: Rows, edit: Edit, row: Mapping[str, Any]) -> tuple[int, bool]:
    """Where a row goes among the others, and whether it belongs to the row above it rather than to the one below."""
    at, before = edit.value.get("at"), str(edit.value.get("before") or "")
    if isinstance(at, int) and 0 <= at <= len(rows):
        return at, bool(edit.value.get("follows"))
    group = ORDERED_BY.get(edit.section)
    if before:
        index = _index(rows, edit.section, before)
        if group and rows[index].get(group) != row.get(group):
            raise EditFault("before", f"“{before}”不在同一个环节", "同一环节的一行")
        return index, False
    if group is None:
        return len(rows), True
    last = [index for index, other in enumerate(rows) if other.get(group) == row.get(group)]
    return (last[-1] + 1 if last else len(rows)), True


# ---------------------------------------------------------------------------------------------------------------------
# cells


def _set(table: Document, path: str, value: Any, writer: Writer) -> tuple[str, Any]:
    """Put the value where the path leads (``when.impact``: the first dot counts); return which cell has changed and
    what stood there, or None."""
    name, _, rest = path.partition(".")
    if value is not None:
        _storable(value, path)
    inner = table.get(name)
    if not rest or (inner is None and value is None):
        return name, _put(table, name, value, writer)
    if inner is None:
        return name, _put(table, name, {rest: value}, writer)
    if not isinstance(inner, MutableMapping):
        raise EditFault(path, f"“{name}”不是表", f"{name} = {{ … }}")
    old = _put(inner, rest, value, writer)
    writer.tidy(table, name)
    return path, old


def _put(table: Document, name: str, value: Any, writer: Writer) -> Any:
    old = bare(table[name]) if name in table else None
    if value is not None:
        writer.fill(table, name, value)
    elif name in table:
        del table[name]
    return old


def bare(value: Any) -> Any:
    """The value without whatever its document keeps about it."""
    if hasattr(value, "unwrap"):
        return value.unwrap()
    if isinstance(value, Mapping):
        return {str(name): bare(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [bare(inner) for inner in value]
    return value


def _storable(value: Any, cell: str) -> None:
    """A document has no word for "nothing" within a value."""
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    for item in inner:
        if item is None:
            raise EditFault(cell, "里面有空值", "删去空着的项")
        _storable(item, cell)
