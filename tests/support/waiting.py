"""Waiting for what happens in another process or thread: until it is there, however slow the machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")
PATIENCE = 300
"""Seconds after which something hangs: many times what the slowest of these tests takes on a busy machine."""


def until(there: Callable[[], Answer], *, every: float = 0.02) -> Answer:
    """The first answer that is true; a test in which none comes fails with the last one."""
    end = time.monotonic() + PATIENCE
    while not (answer := there()):
        assert time.monotonic() < end, f"nothing came within {PATIENCE} seconds; the last answer was {answer!r}"
        time.sleep(every)
    return answer
