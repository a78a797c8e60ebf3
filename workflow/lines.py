"""Rows that a person types, one a line: what a form sends becomes what a program would have given."""

from __future__ import annotations

import re
from typing import Any

BETWEEN = re.compile(r"\s*[|、,，;；\t]\s*")


def rows(given: Any, *names: str) -> Any:
    """``更换水龙头、2`` as ``{"name": "更换水龙头", "qty": "2"}`` for each line; what is no text stays as it is."""
    if not isinstance(given, str):
        return given
    parts = (BETWEEN.split(line.strip(), maxsplit=len(names) - 1) for line in given.splitlines() if line.strip())
    return [dict(zip(names, line, strict=False)) for line in parts]
