"""A procedure document as sheets: one for each stage of its rules, one for each section, one for each list within.

Everything is derived from the schema (rules/document.py, rules/outcomes.py): a section, a column or a part of an
outcome that is added there is shown here. A sheet is named by its key: ``grade`` (a stage), ``limit`` (a section),
``form/信息传递单/field`` (the list in a cell of a row).
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin
from urllib.parse import quote, unquote

from pydantic.fields import FieldInfo

from rules import editing, known
from rules.document import Part, RuleRow
from rules.facts import Fact, lookup
from rules.outcomes import SHAPES, STAGES
from rules.procedure import Procedure
from rules.table import Hit
from views import sheetoffers, sheetwords

Raw = Mapping[str, Any]
Parts = type[Part]
RECORDS = ("procedure", "vocabulary")
"""Sections whose rows are their own columns, one value each."""
LONG = {"because", "help", "requirement", "text", "confirm", "title", "then"}


class Kind(StrEnum):
    """How a cell is shown and edited."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"
    LIST = "list"
    TEST = "test"
    ROWS = "rows"
    """A list with columns of its own: a sheet of its own."""
    NAMES = "names"
    """Values by name: a sheet of two columns."""


@dataclass(frozen=True)
class Column:
    """What a cell may hold, and the word over it."""

    cell: str
    label: str
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    free: bool = False
    """Whether something else than the choices may be typed."""
    must: bool = False
    default: Any = None
    fact: Fact | None = None
    part: Parts | None = None
    of: Column | None = None
    """What each value of ``NAMES`` is."""
    terms: Mapping[str, str] = field(default_factory=dict, compare=False)
    """What its values are called in this document: facts by their labels."""


@dataclass(frozen=True)
class Line:
    """A row: its name, and the raw values of its cells. ``columns`` are its own where rows differ."""

    key: str
    values: Raw
    columns: Mapping[str, Column] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """Columns and rows of one part of a document."""

    key: str
    section: str
    label: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    fixed: bool = False
    """Whether its rows are given: nothing to add, delete or move."""
    ordered: bool = True
    stage: str = ""
    offered: tuple[str, ...] = ()
    """Facts that a column may be added for."""
    inside: tuple[str, ...] = ()
    """Row and cell of the list that this sheet is."""

    def line(self, key: str) -> Line | None:
        return next((line for line in self.lines if line.key == key), None)

    def column(self, cell: str, key: str = "") -> Column | None:
        line = self.line(key)
        if line is not None and cell in line.columns:
            return line.columns[cell]
        return next((column for column in self.columns if column.cell == cell), None)


def value_at(row: Raw, cell: str) -> Any:
    """The value of a cell; None when nothing stands there."""
    name, _, rest = cell.partition(".")
    inner = row.get(name)
    if not rest:
        return inner
    if name == "then" and not isinstance(inner, Mapping):
        shape = SHAPES.get(str(row.get("stage")))
        return inner if shape and shape.text == rest else None
    return inner.get(rest) if isinstance(inner, Mapping) else None


# ---------------------------------------------------------------------------------------------------------------------
# columns


@lru_cache(maxsize=1)
def models() -> Mapping[str, Parts | None]:
    """The class of the rows (or of the one row) of each section; none for a mapping without one."""
    found: dict[str, Parts | None] = {}
    for name, info in Procedure.model_fields.items():
        if name != "version":
            kinds = (info.annotation, *get_args(info.annotation))
            found[info.alias or name] = next((kind for kind in kinds if _is_part(kind)), None)
    return found


def _is_part(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Part)


def columns_of(document: Procedure, section: str, part: Parts) -> tuple[Column, ...]:
    """The columns of a class of rows; a part of its own (remind) gives a column for each of its settings."""
    found: list[Column] = []
    for name, info in part.model_fields.items():
        cell = info.alias or name
        bare = _bare(info.annotation)
        if _is_part(bare):
            inner = columns_of(document, section, bare)
            found += [_named(section, replace(column, cell=f"{cell}.{column.cell}", must=False)) for column in inner]
        elif cell != "when":
            found.append(_column(document, section, cell, info))
    return tuple(found)


def _named(section: str, column: Column) -> Column:
    return replace(column, label=sheetwords.column(section, column.cell))


def _column(document: Procedure, section: str, cell: str, info: FieldInfo) -> Column:
    column = _typed(info.annotation, Column(cell, sheetwords.column(section, cell)))
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    column = replace(column, must=info.is_required(), default=default)
    if cell in LONG and column.kind is Kind.TEXT:
        column = replace(column, kind=Kind.LONG)
    return _offered(document, column, section)


def _offered(document: Procedure, column: Column, section: str) -> Column:
    """The column with what the document offers there."""
    name = column.cell.rpartition(".")[2]
    offer = sheetoffers.OFFERS.get(f"{section}.{name}") or sheetoffers.OFFERS.get(name)
    if column.choices or offer is None or column.kind not in (Kind.TEXT, Kind.LIST):
        return column
    kind = Kind.LIST if column.kind is Kind.LIST else Kind.CHOICE
    terms = sheetoffers.labels(document) if name in sheetoffers.OF_FACTS else {}
    return replace(column, kind=kind, choices=offer(document), terms=terms, free=name in sheetoffers.FREE)


def _bare(annotation: Any) -> Any:
    """The annotation without its `| None`."""
    if get_origin(annotation) in (Union, types.UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
        literals = [value for kind in kinds if get_origin(kind) is Literal for value in get_args(kind)]
        if literals and len(literals) >= len(kinds):
            return Literal[tuple(literals)]
        return next((kind for kind in kinds if get_origin(kind) is tuple), kinds[0])
    return annotation


def _typed(annotation: Any, column: Column) -> Column:
    kind, inner = _bare(annotation), get_args(_bare(annotation))
    if kind is bool:
        return replace(column, kind=Kind.FLAG)
    if kind in (int, float):
        return replace(column, kind=Kind.NUMBER)
    if get_origin(kind) is Literal:
        return replace(column, kind=Kind.CHOICE, choices=tuple(map(str, inner)))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return replace(column, kind=Kind.CHOICE, choices=tuple(map(str, kind)))
    if get_origin(kind) is tuple:
        if _is_part(inner[0]):
            return replace(column, kind=Kind.ROWS, part=inner[0])
        return replace(column, kind=Kind.LIST, choices=_typed(inner[0], column).choices)
    if inner and len(inner) == 2:
        return replace(column, kind=Kind.NAMES, of=_typed(inner[1], Column("value", sheetwords.COLUMNS["value"])))
    return column


def fact_column(document: Procedure, name: str, label: str) -> Column:
    """A column of tests of one fact, with the values that it may have here."""
    fact = known.fact_of(document, name) or Fact(name, name)
    return Column(f"when.{name}", label, Kind.TEST, sheetoffers.values_of(document, name), True, fact=fact)


def outcome_columns(document: Procedure, stage: str, rules: Iterable[Raw]) -> tuple[Column, ...]:
    """What the rows of a stage decide: a column for each part that the stage's outcome may have."""
    shape = SHAPES.get(stage)
    if shape is None:
        return (Column("then", sheetwords.OWN["rule", "then"], Kind.LONG, must=True),)
    if shape.open:
        named = dict.fromkeys(key for rule in rules for key in rule.get("then", {}))
        return tuple(_set_column(document, name) for name in named)
    found = []
    for name in dict.fromkeys((*shape.needed, *shape.may, *filter(None, (shape.text,)))):
        kind = Kind.LIST if name in shape.lists or name == "also" else Kind.LONG if name in LONG else Kind.TEXT
        kind = Kind.FLAG if name in ("provisional", "once") else kind
        column = Column(f"then.{name}", sheetwords.OUTCOMES.get(name, name), kind)
        must = name in (*shape.needed, *(() if shape.needed else (shape.text,)))
        found.append(replace(_offered(document, column, "then"), must=must))
    return tuple(found)


def _set_column(document: Procedure, name: str) -> Column:
    """A field that a rule fills in beforehand."""
    fact = lookup(name, document.facts) or Fact(name, name)
    kind = {"flag": Kind.FLAG, "number": Kind.NUMBER}.get(str(fact.type), Kind.TEXT)
    choices = sheetoffers.values_of(document, name)
    kind = Kind.CHOICE if choices and kind is Kind.TEXT else kind
    return Column(f"then.{name}", fact.label, kind, choices, free=True, fact=fact)


# ---------------------------------------------------------------------------------------------------------------------
# sheets


def names(document: Procedure) -> list[tuple[str, str]]:
    """Key and word of every sheet, in order: the stages, then the other sections."""
    from views.rulewords import STAGE_WORDS

    others = [(key_of(section), sheetwords.SECTIONS.get(section, section)) for section in models() if section != "rule"]
    return [*((stage, STAGE_WORDS[stage]) for stage in STAGES), *others]


def sheet(document: Procedure, raw: Raw, key: str, more: Iterable[str] = ()) -> Sheet | None:
    """The sheet of that key, with columns for ``more`` facts; None when the document has none such."""
    head, *inside = [unquote(part) for part in key.split("/")]
    if inside:
        return _within(document, raw, head, inside, more)
    if head in STAGES:
        return _stage(document, raw, head, more)
    section = head.removesuffix("-list")
    if section not in models() or section == "rule":
        return None
    if section in RECORDS:
        return _record(document, raw, section)
    part = models()[section]
    return _names_by(document, raw, section) if part is None else _rows(document, raw, section, part, more)


def _stage(document: Procedure, raw: Raw, stage: str, more: Iterable[str]) -> Sheet:
    from views.rulewords import STAGE_WORDS

    named = zip(editing.keys("rule", raw.get("rule", ())), raw.get("rule", ()), strict=True)
    lines = tuple(Line(name, rule) for name, rule in named if rule.get("stage") == stage)
    rules = [line.values for line in lines]
    tests = _test_columns(document, rules, more)
    own = {column.cell: column for column in columns_of(document, "rule", RuleRow)}
    last = ("because", "cites", *(("priority",) if document.hit(stage) is Hit.PRIORITY else ()), "default", "id")
    columns = (*tests, *outcome_columns(document, stage, rules), *(own[name] for name in last))
    offered = tuple(name for name in (*sheetoffers.fact_names(document), "verb", "event"))
    return Sheet(stage, "rule", STAGE_WORDS[stage], columns, lines, stage=stage, offered=_unused(offered, tests))


def _test_columns(document: Procedure, rows: Iterable[Raw], more: Iterable[str]) -> tuple[Column, ...]:
    from views.rulewords import fact_label

    used = dict.fromkeys(name for row in rows for name in row.get("when", {}))
    wanted = dict.fromkeys((*used, *(name for name in more if lookup(name, document.facts))))
    return tuple(fact_column(document, name, fact_label(document, name)) for name in wanted)


def _unused(offered: Iterable[str], tests: Iterable[Column]) -> tuple[str, ...]:
    shown = {column.cell for column in tests}
    return tuple(name for name in dict.fromkeys(offered) if f"when.{name}" not in shown)


def _rows(document: Procedure, raw: Raw, section: str, part: Parts, more: Iterable[str]) -> Sheet:
    rows = raw.get(section, ())
    columns, offered = _with_tests(document, columns_of(document, section, part), part, rows, more)
    lines = tuple(Line(name, row) for name, row in zip(editing.keys(section, rows), rows, strict=True))
    label = sheetwords.SECTIONS.get(section, section)
    return Sheet(key_of(section), section, label, columns, lines, offered=offered)


def _with_tests(
    document: Procedure, columns: tuple[Column, ...], part: Parts, rows: Iterable[Raw], more: Iterable[str]
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """The columns with those of the facts that the rows ask, after the first; and the facts that could be added."""
    if "when" not in part.model_fields:
        return columns, ()
    tests = _test_columns(document, rows, more)
    return (columns[0], *tests, *columns[1:]), _unused(sheetoffers.fact_names(document, part), tests)


def key_of(section: str) -> str:
    """The key of a section's sheet; a stage of the same name has the plain one."""
    return f"{section}-list" if section in STAGES else section


def _record(document: Procedure, raw: Raw, section: str) -> Sheet:
    part = models()[section]
    table, lines = raw.get(section, {}), []
    for column in columns_of(document, section, part) if part else ():
        own = {"value": replace(column, cell="value")}
        lines.append(Line(column.cell, {"name": column.label, "value": value_at(table, column.cell)}, own))
    columns = (Column("name", "名称"), Column("value", sheetwords.COLUMNS["value"], Kind.LONG))
    return Sheet(section, section, sheetwords.SECTIONS[section], columns, tuple(lines), fixed=True, ordered=False)


def _names_by(document: Procedure, raw: Raw, section: str) -> Sheet:
    """`[stages]` and `[sanctions]`: a value for each of the names that the document has."""
    from views.rulewords import STAGE_WORDS

    table = raw.get(section, {})
    value = Column("value", sheetwords.COLUMNS["value"], Kind.LIST)
    if section == "stages":
        value = Column("value", sheetwords.COLUMNS["value"], Kind.CHOICE, tuple(map(str, Hit)))
        rows = [(stage, STAGE_WORDS[stage], STAGES[stage]) for stage in STAGES]
    else:
        rows = [(name, name, "") for name in dict.fromkeys((*document.grades, *table))]
    lines = tuple(
        Line(key, {"name": word, "value": table.get(key)}, {"value": replace(value, default=usual or None)})
        for key, word, usual in rows
    )
    columns = (Column("name", "名称"), value)
    return Sheet(section, section, sheetwords.SECTIONS[section], columns, lines, fixed=True, ordered=False)


def _within(document: Procedure, raw: Raw, head: str, inside: list[str], more: Iterable[str]) -> Sheet | None:
    """The list that stands in a cell: of a row (form/信息传递单/field), or of the only row (procedure/departments)."""
    outer = sheet(document, raw, head)
    row, cell = (inside[0], "value") if head in RECORDS else (inside[0], inside[1] if len(inside) > 1 else "")
    line = outer.line(row) if outer else None
    column = outer.column(cell, row) if outer else None
    if outer is None or line is None or column is None or column.kind not in (Kind.ROWS, Kind.NAMES):
        return None
    key = "/".join(quote(part, safe="") for part in (head, *inside))
    own = row if head in RECORDS else cell
    label = column.label if head in RECORDS else f"{row}：{column.label}"
    value = value_at(line.values, cell)
    if column.part is None:
        both = (Column("key", sheetwords.COLUMNS["name"], must=True), column.of or Column("value", ""))
        named = value if isinstance(value, Mapping) else {}
        lines = tuple(Line(name, {"key": name, "value": item}) for name, item in named.items())
        return Sheet(key, outer.section, label, both, lines, ordered=False, inside=(row, own))
    rows = value if isinstance(value, list | tuple) else ()
    columns, offered = _with_tests(document, columns_of(document, own, column.part), column.part, rows, more)
    lines = tuple(Line(str(number), item) for number, item in enumerate(rows, start=1))
    return Sheet(key, outer.section, label, columns, lines, offered=offered, inside=(row, own))


def inner_key(outer: Sheet, line: Line, column: Column) -> str:
    """The key of the sheet that a cell of rows or names is."""
    parts = (outer.key, line.key) if outer.section in RECORDS else (outer.key, line.key, column.cell)
    return "/".join(quote(part, safe="") for part in parts)
