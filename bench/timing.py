"""Both sides timed in turn in one run: load that comes and goes meets both alike, and medians leave out its peaks."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

most_rounds = 100
"""At most so many rounds each, where somebody wants it fast (``--rounds``)."""

Side = Callable[[int], object]
"""One side of a comparison; it is told the number of the round."""


@dataclass(frozen=True)
class Result:
    """One measured work: what we took, what the limit took, and how to read it."""

    work: str
    n: int
    database: str
    ours_ms: float
    limit_ms: float
    ratio: float
    note: str

    def as_json(self) -> dict[str, object]:
        """The result as ``bench/results.json`` holds it."""
        return asdict(self)


@dataclass(frozen=True)
class Times:
    """The rounds of both sides in milliseconds."""

    ours: list[float]
    limit: list[float]

    def result(self, work: str, n: int, database: str, note: str) -> Result:
        """Medians and their ratio; the note ends with how far the rounds were apart."""
        ours, limit = statistics.median(self.ours), statistics.median(self.limit)
        noise = f"{len(self.ours)} rounds, ours {min(self.ours):.1f}-{max(self.ours):.1f} ms"
        return Result(work, n, database, round(ours, 3), round(limit, 3), round(ours / limit, 2), f"{note}; {noise}")


def in_turn(ours: Side, limit: Side, rounds: int, *, warm: bool = True) -> Times:
    """Time ours, the limit, ours, the limit …; a first pair is run before and not counted, unless each counts."""
    if warm:
        ours(-1)
        limit(-1)
    times = Times([], [])
    for number in range(min(rounds, most_rounds)):
        for side, kept in ((ours, times.ours), (limit, times.limit)):
            gc.collect()
            start = time.perf_counter()
            side(number)
            kept.append((time.perf_counter() - start) * 1000)
    return times
