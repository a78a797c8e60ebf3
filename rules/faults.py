"""What is wrong with a document, where, and what would be right: for the person who edits it, in Chinese."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    ERROR = "错误"
    WARNING = "提示"


@dataclass(frozen=True)
class Finding:
    """One fault: the row and cell, what is wrong there, what would be right.

    `section`, `row` (its key) and `cell` say where an editor shows it; each is empty where there is none.
    """

    where: str
    wrong: str
    right: str = ""
    severity: Severity = Severity.ERROR
    section: str = ""
    row: str = ""
    cell: str = ""

    def __str__(self) -> str:
        """One line, whatever the cell holds."""
        text = f"{self.where}:{self.wrong}" + (f"(应为:{self.right})" if self.right else "")
        return " ".join(text.splitlines())


@dataclass(frozen=True)
class Place:
    """A row and cell of a document, such as rule, grade-1, when.impact; `str()` says it as in `where`."""

    section: str
    row: str = ""
    cell: str = ""

    def __str__(self) -> str:
        row = f"({self.row})" if self.row else ""
        return f"{self.section}{row} {self.cell.replace('.', ' ', 1)}".rstrip()

    def at(self, cell: str) -> "Place":
        return replace(self, cell=cell)

    def has(self, wrong: str, right: str = "", severity: Severity = Severity.ERROR) -> Finding:
        """The finding that something is wrong here."""
        return Finding(str(self), wrong, right, severity, self.section, self.row, self.cell)

    def may(self, wrong: str, right: str = "") -> Finding:
        """The finding that something here is doubtful."""
        return self.has(wrong, right, Severity.WARNING)


class ProcedureFault(ValueError):
    """A document that cannot be carried out; `findings` lists every fault, not only the first."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


# pydantic's error types -> (what is wrong, what would be right); {} are its context values
_WORDS: Mapping[str, tuple[str, str]] = {
    "missing": ("缺少这一项", "补上"),
    "extra_forbidden": ("没有这一项", "删去,或改成本段认识的名字"),
    "enum": ("不认识的值“{input}”", "{expected}"),
    "literal_error": ("不认识的值“{input}”", "{expected}"),
    "string_type": ("“{input}”不是文字", "用引号括起来的文字"),
    "int_type": ("“{input}”不是整数", "整数"),
    "int_parsing": ("“{input}”不是整数", "整数"),
    "bool_type": ("“{input}”不是 true 或 false", "true 或 false"),
    "greater_than_equal": ("“{input}”太小", "不小于 {ge}"),
    "greater_than": ("“{input}”太小", "大于 {gt}"),
    "less_than_equal": ("“{input}”太大", "不大于 {le}"),
    "too_short": ("太少", "至少 {min_length} 个"),
    "string_too_short": ("没有填", "至少 {min_length} 个字"),
    "string_pattern_mismatch": ("“{input}”写法不对", "{pattern}"),
    "tuple_type": ("“{input}”不是列表", "[…, …]"),
    "list_type": ("“{input}”不是列表", "[…, …]"),
    "dict_type": ("“{input}”不是表", "{{ 名字 = 值 }}"),
    "model_type": ("“{input}”不是表", "{{ 名字 = 值 }}"),
}


def from_schema(errors: Iterable[Mapping[str, Any]], document: Mapping[str, Any]) -> list[Finding]:
    """Findings for the errors of the schema library, each with the row it is about."""
    return [_finding(error, document) for error in errors]


def _finding(error: Mapping[str, Any], document: Mapping[str, Any]) -> Finding:
    where, spot = place(error["loc"], document), spot_of(error["loc"], document)
    values = {**error.get("ctx", {}), "input": _short(error.get("input"))}
    if error["type"] == "value_error":
        wrong, _, right = str(values.get("error", "")).partition("|")
        return Finding(where, wrong, right, Severity.ERROR, spot.section, spot.row, spot.cell)
    wrong, right = _WORDS.get(error["type"], ("“{input}”不合要求", error["msg"].replace("{", "{{").replace("}", "}}")))
    wrong, right = wrong.format(**values), right.format(**values)
    return Finding(where, wrong, right, Severity.ERROR, spot.section, spot.row, spot.cell)


def spot_of(loc: Sequence[int | str], document: Mapping[str, Any]) -> Place:
    """The section, the row's key and the cell of a place in a document."""
    section, *rest = loc or ("",)
    if not rest:
        return Place(str(section))
    if isinstance(rest[0], int):
        row = _step(_step(document, section), rest[0])
        return Place(str(section), row_key(row), ".".join(map(str, rest[1:])))
    if section == "procedure":
        return Place("procedure", "", str(rest[0]))
    return Place(str(section), str(rest[0]), ".".join(map(str, rest[1:])))


def row_key(row: object) -> str:
    """The key of a row of a document: its id, name, verb, kind, key, number or reason."""
    if not isinstance(row, Mapping):
        return ""
    if row.get("no"):
        return f"{row['no']}{row.get('sub', '')}"
    return next((str(row[key]) for key in ("id", "name", "verb", "kind", "key", "reason") if row.get(key)), "")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def place(loc: Sequence[int | str], document: Mapping[str, Any]) -> str:
    """`rule 第3行(grade-1)的 then`: the section, the row by number and name, the cell."""
    parts: list[str] = []
    here: Any = document
    for step in loc:
        here = _step(here, step)
        if isinstance(step, int):
            parts.append(f"第{step + 1}行" + row_name(here))
        else:
            parts.append(str(step))
    return " ".join(parts)


def _step(here: Any, step: int | str) -> Any:
    try:
        return here[step]
    except (KeyError, IndexError, TypeError):
        return None


def row_name(row: object) -> str:
    """The name by which an editor knows a row, in brackets; nothing when it has none."""
    if isinstance(row, Mapping):
        for key in ("id", "name", "verb", "kind", "key", "no", "title"):
            if row.get(key):
                return f"({row[key]})"
    return ""
