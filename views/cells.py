"""One cell of the editor: how it reads, what its form offers, and what was picked, typed or pasted as a value.

Whatever a cell reads as can be typed or pasted back: ``≥ 10 人``, ``主流媒体 或 行风评议``, ``没有填写``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from rules.facts import CORE, Fact, FactType
from rules.unary import TestFault, parse_test
from views import sheetwords
from views.rulewords import COMPARED, PLAIN, test_words, with_unit
from views.said import said
from views.sheets import Column, Kind
from workflow.registry import VERBS

ORDERED = (FactType.NUMBER, FactType.DATE, FactType.INSTANT, FactType.DURATION)
BETWEEN = re.compile(r"[、,，;；|\n]+")
MET_BY = {"document": "有了%(what)s", "field": "填了%(what)s", "circulate": "通报了：%(what)s"}
SIGNS = {"≥": ">=", "≤": "<="}
RANGE = re.compile(r"^([\[(])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])])$")


class CellFault(ValueError):
    """What was typed is no value of this cell; ``right`` says what would be."""

    def __init__(self, wrong: str, right: str) -> None:
        super().__init__(wrong)
        self.wrong, self.right = wrong, right


@dataclass(frozen=True)
class Picks:
    """A cell as its form shows it: which way of asking, which values, which ends; ``text`` is it in words."""

    op: str = ""
    values: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    text: str = ""


# ---------------------------------------------------------------------------------------------------------------------
# how it reads


def words(column: Column, raw: Any) -> str:
    """The cell in the language of the request; nothing when nothing stands there."""
    if raw is None:
        return ""
    if column.kind is Kind.TEST:
        return _with_unit(column.fact, raw)
    if column.kind is Kind.ROWS:
        return _first_of([_name_of(item) for item in raw])
    if isinstance(raw, Mapping):
        return _first_of([f"{term(str(name))} {words(column.of or column, value)}" for name, value in raw.items()])
    if isinstance(raw, list | tuple):
        return _("、").join(term_in(column, str(item)) for item in raw)
    if isinstance(raw, bool):
        return str(_("是") if raw else _("否"))
    return term_in(column, str(raw))


def term_in(column: Column, value: str) -> str:
    """A value in the words of its column: the name of a fact by its label."""
    name = column.cell.rpartition(".")[2]
    if value in column.terms:
        return str(said(column.terms[value]))
    head, _colon, fact = value.partition(":")
    if head == "field" and fact in column.terms:
        return str(_(MET_BY[head], what=said(column.terms[fact])))
    own = sheetwords.OWN_CHOICES.get((name, value))
    return str(_(own)) if own else term(value)


def term(value: str) -> str:
    """A value of the document in words: a verb by its label, a term of the schema, a department without its prefix."""
    head, _colon, kind = value.partition(":")
    if kind and head in VERBS:
        return str(_("%(what)s（%(kind)s）", what=_(VERBS[head].label), kind=said(kind)))
    if kind and head in MET_BY:
        return str(_(MET_BY[head], what=said(CORE[kind].label if head == "field" and kind in CORE else kind)))
    if value in sheetwords.CHOICES:
        return str(_(sheetwords.CHOICES[value]))
    if value in VERBS:
        return str(_(VERBS[value].label))
    for prefix in ("department:", "role:"):
        if value.startswith(prefix):
            return str(said(value.removeprefix(prefix)))
    return str(said(value))


def _with_unit(fact: Fact | None, raw: Any) -> str:
    compared = isinstance(raw, str) and (raw[:1] in "<>≥≤" or bool(RANGE.match(raw.strip())))
    return with_unit(test_words(raw), said(fact.unit)) if compared and fact and fact.unit else test_words(raw)


def _name_of(item: Any) -> str:
    if not isinstance(item, Mapping):
        return str(said(str(item)))
    named = next((item[name] for name in ("label", "name", "kind", "do", "id", "key") if item.get(name)), "")
    return term(str(named))


def _first_of(names: list[str], most: int = 4) -> str:
    shown = _("、").join(names[:most])
    return shown if len(names) <= most else str(_("%(some)s 等 %(n)s 项", some=shown, n=len(names)))


# ---------------------------------------------------------------------------------------------------------------------
# its form


def ways(column: Column) -> tuple[tuple[str, str], ...]:
    """How a test may ask: each way with its word."""
    kind = column.fact.type if column.fact else FactType.TEXT
    if kind is FactType.FLAG:
        own = [("yes", _("是")), ("no", _("否"))]
    elif kind is FactType.LIST:
        own = [("has", _("含有其中之一")), ("lacks", _("一个也没有"))]
    elif kind in ORDERED:
        own = [("is", _("等于")), *((sign, word) for sign, word in COMPARED.items()), ("between", _("从…到…"))]
    else:
        own = [("is", _("是其中之一")), ("not", _("都不是"))]
    return (("", str(_("不问"))), *own, ("given", str(_("已经填写"))), ("missing", str(_("没有填写"))))


def text_of(column: Column, raw: Any) -> str:
    """What is typed to get this very value: its words, or as the document writes it where words would not do."""
    shown = words(column, raw)
    if raw is None or raw == shown or column.kind in (Kind.ROWS, Kind.NAMES):
        return shown
    if column.kind is Kind.LIST and isinstance(raw, list) and shown == _("、").join(raw):
        return shown
    try:
        if same(column, typed(column, shown), raw):
            return shown
    except CellFault:
        pass
    if column.kind is Kind.TEST:
        return str(parse_test(raw))
    return "、".join(map(str, raw)) if isinstance(raw, list | tuple) else str(raw)


def same(column: Column, one: Any, other: Any) -> bool:
    """Whether two values of a cell are the same; a list of one may be written without its brackets."""
    if one == other or [one] == other or one == [other]:
        return True
    if one is None or other is None:
        return one in (None, "", [], {}) and other in (None, "", [], {})
    return column.kind is Kind.TEST and parse_test(one, column.fact) == parse_test(other, column.fact)


def picks(column: Column, raw: Any) -> Picks:
    """What the form of this cell shows for that value."""
    text = text_of(column, raw)
    if column.kind is not Kind.TEST:
        listed = raw if isinstance(raw, list | tuple) else () if raw is None else (raw,)
        flag = {True: "yes", False: "no"}.get(raw, "") if isinstance(raw, bool) else ""
        return Picks(flag, tuple(str(item) for item in listed), text=text)
    if raw is None:
        return Picks(text=text)
    found = _picked_test(raw, column.fact)
    op, known = found.op, {way for way, _word in ways(column)}
    whole = [item for item in found.values if _split(column, item) == [item]]
    listed_too = set(found.values) <= set(column.choices or whole)
    return (
        Picks(op, found.values, found.low, found.high, text) if op in known and listed_too else Picks("text", text=text)
    )


def _picked_test(raw: Any, fact: Fact | None) -> Picks:
    match raw:
        case bool():
            return Picks("yes" if raw else "no")
        case list() | tuple():
            simple = all(isinstance(item, str) and _plain(item) for item in raw)
            return Picks("is", tuple(raw)) if simple else Picks("text")
        case str():
            return _picked_text(raw.strip(), fact)
        case _:
            return Picks("is", (str(raw),), low=str(raw))


def _plain(text: str) -> bool:
    """Whether a text in a cell is the value itself."""
    return text not in PLAIN and not text.startswith(("not ", "has ")) and text[:1] not in "<>≥≤[(" and "|" not in text


def _picked_text(text: str, fact: Fact | None) -> Picks:
    if text in PLAIN:
        return Picks(text)
    first, _space, rest = text.partition(" ")
    if first in COMPARED:
        return Picks(first, low=rest.strip())
    if match := RANGE.match(text):
        shut = match[1] == "[" and match[4] == "]"
        return Picks("between", low=match[2], high=match[3]) if shut else Picks("text")
    if first == "has":
        return Picks("has", tuple(rest.split("|")))
    if first == "not":
        return (
            Picks("lacks", tuple(rest[4:].split("|")))
            if rest.startswith("has ")
            else Picks("not", tuple(rest.split("|")))
        )
    ordered = fact is not None and fact.type in ORDERED
    return Picks("is", tuple(text.split("|")), low=text if ordered else "")


# ---------------------------------------------------------------------------------------------------------------------
# what was picked or typed


def picked(column: Column, form: Any, prefix: str = "") -> Any:
    """The value that a form says; None clears the cell. Raises CellFault."""
    op, text = form.get(f"{prefix}op", ""), form.get(f"{prefix}text", "")
    values = [item for item in form.getlist(f"{prefix}value") if item]
    if column.kind is Kind.TEST:
        return typed(column, text) if op == "text" else _test_of(column, op, values, form, prefix)
    if column.kind is Kind.FLAG:
        return {"yes": True, "no": False}.get(op)
    if column.kind is Kind.LIST:
        return [*values, *_split(column, text)] or None
    if column.kind is Kind.CHOICE:
        return typed(column, text) if text.strip() else (values[0] if values else None)
    return typed(column, text)


def _test_of(column: Column, op: str, values: list[str], form: Any, prefix: str) -> Any:
    low, high = (form.get(prefix + end, "").strip() for end in ("low", "high"))
    ordered = column.fact is not None and column.fact.type in ORDERED
    if op in ("", "given", "missing"):
        raw: Any = op or None
    elif op in ("yes", "no"):
        raw = op == "yes"
    elif op in COMPARED:
        raw = f"{op} {_needed(low)}"
    elif op == "between":
        raw = f"[{_needed(low)}..{_needed(high)}]"
    elif ordered:
        raw = _number(_needed(low)) if column.fact and column.fact.type is FactType.NUMBER else low
    else:
        raw = _listed(op, [item for value in values for item in _split(column, value)])
    return _checked(column, raw)


def _needed(text: str) -> str:
    if not text:
        raise CellFault(_("没有填值"), _("填上要比较的值"))
    return text


def _listed(op: str, values: list[str]) -> Any:
    if not values:
        raise CellFault(_("一个值也没有选"), _("至少选一个，或者选“不问”"))
    if op == "is":
        return values[0] if len(values) == 1 else values
    start = {"not": "not ", "has": "has ", "lacks": "not has "}.get(op)
    if start is None:
        raise CellFault(_("不认识这种条件"), _("从列出的里面选一种"))
    return start + "|".join(values)


def typed(column: Column, text: str) -> Any:
    """The value of a text typed or pasted into the cell, as the document writes it or as the cell reads."""
    text = text.strip()
    if not text:
        return None
    if column.kind is Kind.TEST:
        return _checked(column, _test_from(column, text))
    if column.kind is Kind.FLAG:
        return _flag(text)
    if column.kind is Kind.NUMBER:
        return _number(text)
    if column.kind is Kind.LIST:
        return _split(column, text) or None
    if column.kind in (Kind.ROWS, Kind.NAMES):
        raise CellFault(_("这里是一张小表，不能直接写"), _("打开它，一行一行地改"))
    value = value_of(column, text)
    if column.kind is Kind.CHOICE and not column.free and value not in column.choices:
        raise CellFault(
            _("“%(what)s”不在可选的里面", what=text[:40]), _first_of([term(item) for item in column.choices], 8)
        )
    return value


def value_of(column: Column, text: str) -> str:
    """The value that is shown as that text; else the text itself."""
    text = text.strip()
    if text in column.choices:
        return text
    return next((value for value in (*column.choices, *column.terms) if term_in(column, value) == text), text)


def _split(column: Column, text: str) -> list[str]:
    if (known := value_of(column, text)) in column.choices:
        return [known]  # a value of its own may hold what parts others
    parts = BETWEEN.split(text.strip())
    if _("、").strip() == ",":
        parts = [piece for part in parts for piece in part.split(", ")]
    return [value_of(column, part) for part in parts if part.strip()]


def _flag(text: str) -> bool:
    known = {str(_("是")): True, str(_("否")): False, "是": True, "否": False, "true": True, "false": False}
    if text.lower() not in known and text not in known:
        raise CellFault(_("“%(what)s”不是“是”或“否”", what=text[:40]), _("是，或者否"))
    return known.get(text, known.get(text.lower(), False))


def _number(text: str) -> int | float:
    try:
        return int(text) if re.fullmatch(r"[+-]?\d{1,15}", text) else float(text)
    except ValueError:
        raise CellFault(_("“%(what)s”不是数字", what=text[:40]), _("一个数字，如 10")) from None


# ---------------------------------------------------------------------------------------------------------------------
# tests in words


def _test_from(column: Column, text: str) -> Any:
    """A test from its words: the inverse of ``test_words``."""
    either, wider = str(_(" 或 ")), str(_("，或 "))
    if wider in text:
        return [_test_from(column, part) for part in text.split(wider)]
    if (inner := _inside(text, str(_("不是 %(what)s", what="\0")))) is not None:
        test = _test_from(column, inner)
        return "not " + "|".join(test) if _texts(test) else f"not {test}"
    if (inner := _inside(text, str(_("含有 %(what)s", what="\0")))) is not None:
        return "has " + "|".join(value_of(column, part) for part in inner.split(either))
    parts = text.split(either) if either in text else text.split(" 或 ")
    tests = [_one_test(column, part.strip()) for part in parts]
    return tests if len(tests) > 1 else tests[0]


def _texts(test: Any) -> bool:
    return isinstance(test, list) and all(isinstance(item, str) for item in test)


def _inside(text: str, pattern: str) -> str | None:
    """What stands in the pattern's blank; None when the text does not follow it."""
    before, _blank, after = pattern.partition("\0")
    if text.startswith(before) and text.endswith(after) and len(text) > len(before) + len(after):
        return text[len(before) : len(text) - len(after) or None]
    return None


def _one_test(column: Column, text: str) -> Any:
    fact = column.fact
    for code, word in PLAIN.items():
        if text in (code, word, str(_(word))):
            return code
    if fact and fact.type is FactType.FLAG and text in (str(_("是")), str(_("否")), "是", "否", "true", "false"):
        return _flag(text)
    bare = text.replace(f" {said(fact.unit)}", "", 1).strip() if fact and fact.unit else text
    for shown, sign in SIGNS.items():
        if bare.startswith(shown):
            return f"{sign} {bare.removeprefix(shown).strip()}"
    if (between := _interval(bare)) is not None:
        return between
    if fact and fact.type is FactType.NUMBER and re.fullmatch(r"[+-]?\d+(\.\d+)?", bare):
        return _number(bare)
    return value_of(column, text)


def _interval(text: str) -> str | None:
    """`3 至 10（不含 10）` as `[3..10)`."""
    text, _paren, without = text.partition(str(_("（不含 %(what)s）", what="\0")).partition("\0")[0])
    low, _dots, high = text.partition(str(_("%(low)s 至 %(high)s", low="", high="")))
    if not low.strip() or not high.strip():
        return None
    low, high = low.strip(), high.strip()
    ends = {part.strip().rstrip(")" + chr(0xFF09)) for part in BETWEEN.split(without)}
    return f"{'(' if low in ends else '['}{low}..{high}{')' if high in ends else ']'}"


def _checked(column: Column, raw: Any) -> Any:
    """The test, when it can be asked of this fact."""
    if raw is not None:
        try:
            parse_test(raw, column.fact)
        except TestFault as fault:
            raise CellFault(str(said(fault.wrong)), str(said(fault.right))) from None
    return raw
