"""Rows that a person types, one a line: what a form sends becomes what a program would have given."""

from __future__ import annotations

import re
from typing import Any

BETWEEN = re.compile(r"\s*[|、,，;；\t]\s*")


def rows(given: Any, *names: str) -> Any:
    """``张三、工程部、水电`` as ``{"person": "张三", …}`` for each line; what is no text stays as it is."""
    if not isinstance(given, str):
        return given
    parts = (BETWEEN.split(line, maxsplit=len(names) - 1) for line in typed(given))
    return [dict(zip(names, part, strict=False)) for part in parts]


def typed(given: str) -> list[str]:
    """The lines in which something stands."""
    return [line.strip() for line in given.splitlines() if line.strip()]


def last(line: str) -> tuple[str, str]:
    """What stands before the last mark, and what behind it: ``灯管、灯座、2`` as ``灯管、灯座`` and ``2``."""
    marks = list(BETWEEN.finditer(line))
    return (line[: marks[-1].start()], line[marks[-1].end() :]) if marks else (line, "")
