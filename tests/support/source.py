"""The project's own source, read as text or as a syntax tree, for the laws of the house."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("rules", "models", "workflow", "views", "jobs")
GENERATED = "models/migrations/versions/"


@lru_cache(maxsize=1)
def files() -> tuple[str, ...]:
    """Every file that belongs to the project, by its path from the root: what git has or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return tuple(sorted(path for path in set(listed.stdout.splitlines()) if (ROOT / path).is_file()))


def text(path: str) -> str:
    """A file's text."""
    return (ROOT / path).read_text(encoding="utf-8")


def product() -> list[str]:
    """The Python files of the product itself, without tests, benchmarks and migration steps."""
    own = [path for path in files() if path.endswith(".py") and path.partition("/")[0] in ROOMS]
    return [path for path in own if not path.startswith(GENERATED)] + ["app.py", "config.py"]


@cache
def tree(path: str) -> ast.Module:
    """A file as a syntax tree."""
    return ast.parse(text(path), path)


def attributes(path: str) -> Iterator[tuple[int, str]]:
    """Each dotted name that a file uses, with its line: ``(12, "datetime.now")``."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            yield node.lineno, ast.unparse(node)
