"""Sentences that were written down with names and times already in them, in the language of the request.

Notices, the steps of a clock and the cells of a report are stored in Chinese. A reader of English gets them by the
catalogue's sentences with blanks: the sentence that fits says it, and what stood in its blanks is said the same way.
What no sentence fits stays as it was written.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from flask_babel import get_locale, get_translations

from rules.vocabulary import Unit

CHINESE = re.compile("[\u3001-\u3011\u4e00-\u9fff\uff01-\uff1f]")
BLANK = re.compile(r"\{(\w+)\}")
AMOUNT = re.compile(r"(\d+) ?个?(\D+)")
PLACED = re.compile("(?P<place>.+?)的(?P<role>.+)")
NAMED = re.compile(r"(?P<role>[^()或]+)\((?P<names>.+)\)")
SPANS = ("秒", "分钟", "小时", "天")
"""How documents count time; named here for the catalogue."""
LENGTH = re.compile(rf"(\d+)({'|'.join(SPANS)})")
"""A part of a length of time: of 1天12小时 the day and the hours."""
UNITS = frozenset((*SPANS, *Unit))
"""What time is counted in: of one of it English says no plural."""
BETWEEN = ("\n", ";", "；", "/", "、", "或", ":")
"""Where a text falls into parts that are said one by one, the widest first."""

LONGEST = 500
"""A line that is longer is somebody's own text and stays as it was written: to look for sentences in it takes long."""
LONGEST_NAME = 100
"""The same of somebody's title with his place, or a place with names: those stand within one another."""

Sentence = tuple[re.Pattern[str], str]


def said(text: Any) -> Any:
    """The text in the language of the request, as far as the catalogue knows its sentences; what is no text stays."""
    if type(text) is not str or str(get_locale()) != "en" or not CHINESE.search(text):
        return text
    return english(text, get_translations())


@lru_cache(maxsize=8192)
def english(text: str, catalogue: Any) -> str:
    """The text by this catalogue, whoever reads."""
    found = catalogue.gettext(text)
    if found != text or not CHINESE.search(text):
        return str(found)
    if len(text) > LONGEST:
        return _by_lines(text, catalogue) or text
    return _by_lines(text, catalogue) or _by_sentence(text, catalogue) or _by_parts(text, catalogue) or text


def _by_lines(text: str, catalogue: Any) -> str:
    return _split(text, BETWEEN[:3], catalogue)


def _by_sentence(text: str, catalogue: Any) -> str:
    for fits, sentence in _sentences(catalogue):
        if match := fits.fullmatch(text):
            return sentence.format(**{name: english(value, catalogue) for name, value in _named(match).items()})
    if match := AMOUNT.fullmatch(text):
        return f"{match[1]} {_unit(match[1], match[2], catalogue)}"
    if (parts := LENGTH.findall(text)) and "".join(map("".join, parts)) == text:
        return " ".join(f"{count} {_unit(count, unit, catalogue)}" for count, unit in parts)
    return ""


def _unit(amount: str, unit: str, catalogue: Any) -> str:
    word = english(unit, catalogue)
    if unit not in UNITS:
        return word
    return word.removesuffix("s").lower() + ("s" if amount != "1" else "")


def _by_parts(text: str, catalogue: Any) -> str:
    named = len(text) <= LONGEST_NAME
    if named and (match := PLACED.fullmatch(text)) and (role := str(catalogue.gettext(match["role"]))) != match["role"]:
        return f"{role} ({english(match['place'], catalogue)})"
    if named and (match := NAMED.fullmatch(text)):
        return f"{english(match['role'], catalogue)} ({english(match['names'], catalogue)})"
    if found := _split(text, BETWEEN[3:5], catalogue):
        return found
    if named and (match := PLACED.fullmatch(text)) and not CHINESE.search(role := english(match["role"], catalogue)):
        return f"{role} ({english(match['place'], catalogue)})"
    return _split(text, BETWEEN[5:], catalogue)


def _split(text: str, signs: tuple[str, ...], catalogue: Any) -> str:
    for sign in signs:
        if sign in text.strip(sign):
            between = {"\n": "\n", ":": ": ", "/": " / ", "或": " or ", "、": ", "}.get(sign, "; ")
            parts = text.split(sign)
            found = [english(part, catalogue) for part in parts]
            if found != parts or not any(CHINESE.search(part) for part in parts):
                return between.join(found)
    return ""


@lru_cache(maxsize=4)
def _sentences(catalogue: Any) -> list[Sentence]:
    """The catalogue's sentences with blanks, the longest first."""
    found = [
        (key, sentence)
        for key, sentence in getattr(catalogue, "_catalog", {}).items()
        if isinstance(key, str) and BLANK.search(key) and CHINESE.search(BLANK.sub("", key)) and "\x04" not in key
    ]
    found.sort(key=lambda pair: -len(BLANK.sub("", pair[0])))
    return [(pattern(key), BLANK.sub(r"{b\1}", sentence)) for key, sentence in found]


def pattern(key: str) -> re.Pattern[str]:
    """The sentence with a group for each blank; a blank that comes again holds the same."""
    parts, seen = BLANK.split(key), set()
    for index, part in enumerate(parts):
        if index % 2:
            parts[index] = f"(?P=b{part})" if part in seen else f"(?P<b{part}>.*?)"
            seen.add(part)
        else:
            parts[index] = re.escape(part)
    return re.compile("".join(parts), re.DOTALL)


def _named(match: re.Match[str]) -> dict[str, str]:
    return {name: value or "" for name, value in match.groupdict().items()}
