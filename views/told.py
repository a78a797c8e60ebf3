"""What a deed wrote into the history, in the language of the request: by the sentences with which the verbs write.

The catalogue has them with blanks, in a context of their own, and its English says what stands in each: ``{1}`` is a
term that we know, ``{1!r}`` a name, which is said where we know it, and ``{1!s}`` what somebody wrote, which stays as
it is. A part of an event that none of the sentences fits stays as it is too.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from typing import Any

from flask_babel import get_locale, get_translations

from views.said import BLANK, CHINESE, LONGEST, Sentence, english, pattern

CONTEXT = "story\x04"
LAST = re.compile(r"\\ \((\?P<b\w+>\.\*\?)\)$")
"""A last blank that may be empty: the line was written without the space before it."""
STATUS = re.compile("(.{1,30}?)(按期完成|超期完成)")
"""How a clock ended, behind its name."""


class _Filled:
    """What stood in a blank."""

    def __init__(self, value: str | None, catalogue: Any) -> None:
        self.value, self.catalogue = value or "", catalogue

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return english(self.value, self.catalogue) if self.value else ""

    def __format__(self, _spec: str) -> str:
        said = repr(self)
        if not said or CHINESE.search(said):
            raise _UnknownTerm(self.value)
        return said


class _UnknownTerm(ValueError):
    """What stands where a term of ours would stand is none."""


def told(part: str) -> str:
    """One part of what a deed wrote, as far as it comes from a sentence of a verb; else as it was written."""
    if str(get_locale()) != "en" or len(part) > LONGEST or not CHINESE.search(part):
        return part
    return _told(part, get_translations())


@lru_cache(maxsize=8192)
def _told(part: str, catalogue: Any) -> str:
    if match := STATUS.fullmatch(part):
        return ": ".join(english(word, catalogue) for word in match.groups())
    for fits, sentence in _sentences(catalogue):
        if match := fits.fullmatch(part):
            with suppress(_UnknownTerm):
                blanks = {name: _Filled(value, catalogue) for name, value in match.groupdict().items()}
                return sentence.format(**blanks).rstrip()
    return part


@lru_cache(maxsize=4)
def _sentences(catalogue: Any) -> list[Sentence]:
    """The sentences of the verbs, those that have most words of their own first."""
    found = [
        (key.removeprefix(CONTEXT), said)
        for key, said in getattr(catalogue, "_catalog", {}).items()
        if isinstance(key, str) and key.startswith(CONTEXT)
    ]
    found.sort(key=lambda pair: (-len(CHINESE.findall(pair[0])), -len(BLANK.sub("", pair[0]))))
    return [(_open(key), re.sub(r"\{(\w+)", r"{b\1", said)) for key, said in found]


def _open(key: str) -> re.Pattern[str]:
    return re.compile(LAST.sub(r"(?:\\ (\1))?", pattern(key).pattern), re.DOTALL)
