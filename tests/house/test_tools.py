"""What `make check` asks of the tools is asked by the tests too, so that one closing line speaks for everything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.source import ROOT

BIN = Path(sys.executable).parent
TOOLS = {
    "ruff": ("ruff", "check", "--quiet", "."),
    "types": ("mypy", "--no-error-summary"),
    "imports": ("lint-imports", "--no-logo"),
    "templates": ("djlint", "--lint", "--quiet", "templates"),
    "procedures": ("flask", "--app", "app", "procedures", "check"),
}


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_finds_nothing(name, tmp_path):
    program, *words = TOOLS[name]
    environ = {**os.environ, "DUBAN_INSTANCE": str(tmp_path), "NO_COLOR": "1"}
    done = subprocess.run(
        [BIN / program, *words], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=1200, check=False
    )
    assert done.returncode == 0, f"{program} {' '.join(words)}\n{done.stdout[-6000:]}{done.stderr[-2000:]}"
