"""Our own files for the browser, by an address that changes with their content."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import url_for

STATIC = Path(__file__).resolve().parent.parent / "static"


@lru_cache(maxsize=256)
def _digest(path: Path, _changed: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of one of our files; it changes with the content, so browsers may keep it."""
    path = STATIC / name
    version = _digest(path, path.stat().st_mtime) if path.is_file() else "0"
    return url_for("static", filename=name, v=version)
