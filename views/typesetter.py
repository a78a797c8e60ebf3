"""One PDF by typst: a function, and a program of its own that reads its work from standard input.

It stands alone (no other module of ours is imported), so that a long report can be set in a process that ends with it.
"""

from __future__ import annotations

import json
import sys
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "print"


@lru_cache(maxsize=1)
def faces() -> typst.Fonts:
    """Noto Sans SC and Noto Serif SC, and no other: a form looks the same on every machine."""
    folder = pylopdf_fonts_zh_cn.serif_path().parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def typeset(template: str, data: str, timestamp: int, tagged: bool) -> bytes:
    """The PDF of a template filled with JSON. Each call has its own compiler: threads cannot share one.

    ``tagged`` keeps the structure for screen readers; in a table of thousands of rows that is most of the file.
    """
    made = typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=faces(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": data},
        timestamp=timestamp,
        pdf_tags=tagged,
    )
    return bytes(made)


if __name__ == "__main__":
    sys.stdout.buffer.write(typeset(**json.load(sys.stdin)))
