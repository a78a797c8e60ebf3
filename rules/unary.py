"""Unary tests: what the cell of a decision table means, typed by the fact that it is about."""

import json
import math
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from rules.facts import ARGUMENT, Fact, FactType
from rules.quantities import compare, is_number, length, moment, number, plain
from rules.questions import (
    COMPARISON,
    GIVEN,
    INTERVAL,
    MISSING,
    AnyOf,
    Given,
    Has,
    Is,
    Not,
    Range,
    Test,
    TestFault,
    blank,
    either,
    every,
    negation,
    quoted,
    same,
)

__all__ = [
    "AnyOf", "Given", "Has", "Is", "Not", "Range", "Test", "TestFault",
    "blank", "compare", "either", "every", "negation", "parse_test", "quoted", "same",
]  # fmt: skip

ORDERED = (FactType.NUMBER, FactType.DATE, FactType.INSTANT, FactType.DURATION)
_GRAMMAR = '一个值、列表、"not 值"、"has 值"、">= 10"、"[3..10)"、"given" 或 "missing"'
_FLAGS = {"是": True, "否": False, "true": True, "false": False}
_RIGHT = {
    FactType.NUMBER: '不加引号的数字,或 ">= 10"',
    FactType.DATE: '"2026-10-01",或 ">= 2026-10-01"',
    FactType.INSTANT: '"2026-10-01 08:00",或 ">= 2026-10-01"',
    FactType.DURATION: '"2小时"、">= 30分钟" 或 "[1天..3天)"',
    FactType.FLAG: "true 或 false",
}
_WHAT = {
    FactType.NUMBER: "是数字",
    FactType.DATE: "是日期",
    FactType.INSTANT: "是时间",
    FactType.DURATION: "是时长",
    FactType.FLAG: "只有是与否",
}


def parse_test(raw: object, fact: Fact | None = None) -> Test:
    """The test that a cell of a document means; with a fact, in that fact's type.

    Raises TestFault, which says what is wrong and what would be right.
    """
    fact = None if fact is None or _of_any_type(fact) else fact
    if isinstance(raw, list | tuple):
        if not raw:
            raise TestFault("空列表,永远不会成立", "至少写一个值")
        return _any_of([parse_test(item, fact) for item in raw])
    if isinstance(raw, str):
        return _text(raw.strip(), fact)
    if not isinstance(raw, bool | int | float | Decimal | date | timedelta):
        raise TestFault(f"“{raw}”不是条件", _GRAMMAR)
    if is_number(raw) and not math.isfinite(raw):
        raise TestFault(f"“{raw}”不是数字", '10,或 ">= 10"')
    return Is(_value(raw, fact))


def _of_any_type(fact: Fact) -> bool:
    """An argument that is no fact of the case may be of any type."""
    return fact.name.startswith(ARGUMENT) and fact.type is FactType.TEXT


def _any_of(tests: list[Test]) -> Test:
    flat = [inner for test in tests for inner in (test.tests if isinstance(test, AnyOf) else (test,))]
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


def _text(text: str, fact: Fact | None) -> Test:
    if text.startswith("not "):
        return Not(_text(text[4:].strip(), fact))
    if text.startswith("has "):
        return Has(tuple(_item(word, fact) for word in _words(text[4:])))
    words = list(_words(text)) if text else []
    if len(words) > 1:
        return _any_of([_text(word, fact) for word in words])
    return _single(text, fact)


def _single(text: str, fact: Fact | None) -> Test:
    if not text:
        raise TestFault("空条件", '没有值用 "missing"')
    if text in (GIVEN, MISSING):
        return Given(text == GIVEN)
    if text.startswith(("(not ", "(has ")) and text.endswith(")"):
        return _text(text[1:-1].strip(), fact)
    if match := COMPARISON.match(text):
        return _comparison(plain(match[1]), _bound(match[2], fact))
    if match := INTERVAL.match(text):
        return _interval(match.groups(), text, fact)
    return Is(_value(_unquoted(text), fact))


def _unquoted(text: str) -> str:
    """The text between quotation marks; without them the text itself."""
    if not text.startswith('"'):
        return text
    try:
        inner = json.loads(text, strict=False)
    except ValueError:
        return text
    if blank(inner):
        raise TestFault("空条件", '没有值用 "missing"')
    return str(inner)


def _words(text: str) -> Iterator[str]:
    """The parts between the bars that stand neither in quotation marks nor in brackets of their own."""
    whole, text = text, text.strip()
    while True:
        end = _end(text)
        word, rest = text[:end].strip(), text[end:]
        if not word:
            raise TestFault(f"“{whole}”里有空的值", "值之间用 | 分开")
        yield word
        if not rest:
            return
        text = rest[1:].lstrip()


def _end(text: str) -> int:
    """Where the first part ends: at a bar, or at the end."""
    start = 0
    if text.startswith('"'):
        start = _past_quotation(text, 0)
    elif text.startswith(("(not ", "(has ")):
        start = _past_brackets(text)
    bar = text.find("|", start)
    return len(text) if bar < 0 else bar


def _past_quotation(text: str, start: int) -> int:
    """Just behind the closing quotation mark, when a part ends there; else the start."""
    try:
        _inner, end = json.JSONDecoder(strict=False).raw_decode(text, start)
    except ValueError:
        return start
    return end if text[end:].lstrip()[:1] in ("", "|", ")") else start


def _past_brackets(text: str) -> int:
    depth, place = 0, 0
    while place < len(text):
        if text[place] == '"' and text[place - 1] in "| (":
            place = max(_past_quotation(text, place), place + 1)
            continue
        depth += (text[place] == "(") - (text[place] == ")")
        place += 1
        if depth == 0:
            return place
    return 0


def _item(word: str, fact: Fact | None) -> str:
    if fact is not None and fact.type is not FactType.LIST:
        raise TestFault(f"“{fact.label}”不是列表", "用等于、列表或区间")
    return _unquoted(word)


def _comparison(sign: str, limit: object) -> Range:
    sign = {"≥": ">=", "≤": "<="}.get(sign, sign)
    if sign.startswith(">"):
        return Range(low=limit, low_in=sign == ">=")
    return Range(high=limit, high_in=sign == "<=")


def _interval(parts: tuple[str, ...], text: str, fact: Fact | None) -> Range:
    opening, closing = parts[0], parts[3]
    low, high = _bound(parts[1], fact), _bound(parts[2], fact)
    order = compare(low, high)
    if order is None:
        raise TestFault(f"区间“{text}”两端不是同一种量", "两端都写数字,或都写日期")
    if order > 0:
        raise TestFault(f"区间“{text}”下限大于上限", f"{opening}{parts[2]}..{parts[1]}{closing}")
    if order == 0 and opening + closing != "[]":
        raise TestFault(f"区间“{text}”里没有任何值", f"[{parts[1]}..{parts[2]}]")
    return Range(low, high, opening == "[", closing == "]")


def _bound(text: str, fact: Fact | None) -> object:
    """What a comparison compares with: a number, a day, an instant or a length of time."""
    if fact is None:
        for read in (number, length, moment):
            if (found := read(text)) is not None:
                return found
        raise TestFault(f"“{text.strip()}”不是数字、日期或时长", '">= 10"、">= 2026-01-01" 或 ">= 2小时"')
    if fact.type not in ORDERED:
        raise TestFault(f"“{fact.label}”不能比较大小", "用等于或列表")
    return _value(text.strip(), fact)


def _value(raw: object, fact: Fact | None) -> object:
    """The value in the type of its fact; as it is when nothing is known of the fact."""
    if fact is None:
        return raw
    if fact.type is FactType.LIST:
        raise TestFault(f"“{fact.label}”是列表", f'"has {raw}"')
    if fact.type not in _WHAT:
        if isinstance(raw, str):
            return raw
        raise TestFault(f"“{fact.label}”是文字", f'"{raw}"')
    value = _read(raw, fact)
    if value is None:
        unit = f",以{fact.unit}计" if fact.unit else ""
        raise TestFault(f"“{fact.label}”{_WHAT[fact.type]}{unit},“{raw}”不是", _RIGHT[fact.type])
    return value


def _read(raw: object, fact: Fact) -> object:
    """The value that was meant; None when it is none of that type."""
    match fact.type:
        case FactType.FLAG:
            return _FLAGS.get(raw.lower()) if isinstance(raw, str) else raw if isinstance(raw, bool) else None
        case FactType.NUMBER:
            if isinstance(raw, str):
                return number(plain(raw).removesuffix(fact.unit) if fact.unit else raw)
            return raw if is_number(raw) else None
        case FactType.DURATION:
            return length(raw) if isinstance(raw, str) else raw if isinstance(raw, timedelta) else None
    found = moment(raw) if isinstance(raw, str) else raw if isinstance(raw, date) else None
    return None if fact.type is FactType.DATE and isinstance(found, datetime) else found
