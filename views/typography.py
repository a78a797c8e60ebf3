"""Chinese sentences as they are set on screen: full-width signs between Chinese words, instants in the house's form.

What is stored stays as it was written; only the page sets it.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any

from flask import g
from flask_babel import get_locale

from views.formats import SHANGHAI, WEEKDAYS

SIGN = re.compile(
    "(?<=[\u4e00-\u9fff\u3001-\u3011\uff08\uff09\u201c\u201d])[,;:?!]|[,;:?!](?=[\u4e00-\u9fff\uff08\uff09\u201c\u201d])|;(?=\\S)"
)
BRACKETS = re.compile("\\(([^()]*[\u4e00-\u9fff][^()]*)\\)|(?<=[\u4e00-\u9fff])\\(([^()]*)\\)")
CHINESE = re.compile("[\u4e00-\u9fff]")
STOPPED = re.compile("\u3002(?=\uff1b)")
"""A full stop that a sentence brought along, before the sign that goes on."""
INSTANT = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d:\d\d)(?::\d\d)?(?!:?\d)")


def laid_out(text: Any) -> Any:
    """The Chinese text as a page sets it; other languages and what is no text stay as they are."""
    if type(text) is not str or str(get_locale()) == "en" or not CHINESE.search(text):
        return text
    now = g.get("now")
    return _set(text, now.astimezone(SHANGHAI).year if now else 0)


def _wide(sign: str) -> str:
    """The full-width form of an ASCII sign."""
    return chr(ord(sign) + 0xFEE0)


@lru_cache(maxsize=4096)
def _set(text: str, this_year: int) -> str:
    text = BRACKETS.sub(lambda found: _wide("(") + (found[1] or found[2] or "") + _wide(")"), text)
    text = INSTANT.sub(lambda found: _instant(found, this_year), text)
    return STOPPED.sub("", SIGN.sub(lambda found: _wide(found[0]), text))


def _instant(found: re.Match[str], this_year: int) -> str:
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return found[0]
    shown = f"{day:%m-%d}" if day.year == this_year else day.isoformat()
    return f"{shown} {WEEKDAYS['zh'][day.weekday()]} {found[4]}"
