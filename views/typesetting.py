"""PDFs, set by typst from the templates under ``templates/print``.

What people wrote reaches the typesetter as JSON in ``sys_inputs`` and is only ever placed as text: ``#import`` in a
complaint is eight characters on paper. Nothing is fetched, no file is written; the faces come from a pinned package.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from views import typesetter
from workflow.errors import Refused

LONG = 100_000
"""Characters of JSON from which on a document is set in a process of its own."""
LONGEST = 60
_one_at_a_time = threading.Lock()
"""A long document takes half a gigabyte while it is set; whoever comes second waits."""
# Signs and pictures that the faces lack; those between, such as ☎ and ✓, they have.
PICTURES = re.compile(
    "[\u2604\u2607\u2608\u260a-\u260d\u2610-\u2615\u2618-\u261b\u2620-\u262e\u2630-\u263f\u2643-\u265f\u2670\u2671"
    "\u267e-\u269f\u26a1-\u26bc\u26bf-\u2701\u2703-\u2712\u2714-\u2719\u271b-\u273c\u273e\u2740-\u2755\u2757-\u2775"
    "\u2794-\u27a0\u27a2-\u27bf\U0001f000-\U0001f0ff\U0001f252-\U0001faff]"
)
# Marks that would turn the order of the line round, and the joints of pictures.
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]")
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def pdf(template: str, data: Mapping[str, Any], now: datetime) -> bytes:
    """The PDF of a template filled with the data.

    What is long is set by a process of its own: typst keeps what it made for its next ten runs, some 200 KB for each
    row of a table, and a ledger of a year would stay with the web server.
    """
    text = json.dumps(printable(data))
    given: dict[str, Any] = {
        "template": template,
        "data": text,
        "timestamp": int(now.timestamp()),
        "tagged": len(text) < LONG,
    }
    return typesetter.typeset(**given) if len(text) < LONG else _apart(given)


def _apart(given: Mapping[str, Any]) -> bytes:
    """The same in a process of its own, which inherits no secrets and ends in a minute at the latest."""
    program = [sys.executable, "-I", typesetter.__file__]
    try:
        with _one_at_a_time:
            done = subprocess.run(  # noqa: S603 (our own program, nothing of a request on its command line)
                program, input=json.dumps(given).encode(), capture_output=True, check=True, timeout=LONGEST, env={}
            )
    except subprocess.TimeoutExpired:
        raise Refused("内容太多，一分钟内排不完，请缩短期间或改用 XLSX") from None
    return done.stdout


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
