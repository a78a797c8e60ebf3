"""The product's commands in processes of their own, against a test's database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.databases import Database
from tests.support.source import ROOT
from tests.support.waiting import PATIENCE


def start(database: Database, instance: Path, *words: str, **environ: str) -> subprocess.Popen[str]:
    """A running ``flask --app app …``."""
    own = {"DATABASE_URL": database.url, "DUBAN_INSTANCE": str(instance), "PYTHONUNBUFFERED": "1", **environ}
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", *words],
        cwd=ROOT,
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(database: Database, instance: Path, *words: str, **environ: str) -> tuple[int, str]:
    """Exit code and everything that the command printed."""
    process = start(database, instance, *words, **environ)
    said, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, said
