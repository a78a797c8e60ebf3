"""PDFs, set by typst from the templates under ``templates/print``.

What people wrote reaches the typesetter as JSON in ``sys_inputs`` and is only ever placed as text: ``#import`` in a
complaint is eight characters on paper. Nothing is fetched, no file is written; the faces come from a pinned package.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "print"
# Signs and pictures that the faces lack; those between, such as ☎ and ✓, they have.
PICTURES = re.compile(
    "[\u2604\u2607\u2608\u260a-\u260d\u2610-\u2615\u2618-\u261b\u2620-\u262e\u2630-\u263f\u2643-\u265f\u2670\u2671"
    "\u267e-\u269f\u26a1-\u26bc\u26bf-\u2701\u2703-\u2712\u2714-\u2719\u271b-\u273c\u273e\u2740-\u2755\u2757-\u2775"
    "\u2794-\u27a0\u27a2-\u27bf\U0001f000-\U0001f0ff\U0001f252-\U0001faff]"
)
# Marks that would turn the order of the line round, and the joints of pictures.
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]")
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@lru_cache(maxsize=1)
def faces() -> typst.Fonts:
    """Noto Sans SC and Noto Serif SC, and no other: a form looks the same on every machine."""
    folder = pylopdf_fonts_zh_cn.serif_path().parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def pdf(template: str, data: Mapping[str, Any], now: datetime) -> bytes:
    """The PDF of a template filled with the data. Each call has its own compiler: threads cannot share one."""
    made = typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=faces(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(printable(data))},
        timestamp=int(now.timestamp()),
    )
    return bytes(made)


def printable(value: Any) -> Any:
    """The data with every text as ink can show it."""
    match value:
        case str():
            return ink(value)
        case Mapping():
            return {key: printable(item) for key, item in value.items()}
        case list() | tuple():
            return [printable(item) for item in value]
        case _:
            return value


def ink(text: str) -> str:
    """The text without what cannot be seen; a picture that the faces do not have is printed by its name."""
    text = UNSEEN.sub("", CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")))
    return PICTURES.sub(lambda found: f"〔{unicodedata.name(found.group(), '?').lower()}〕", text)
