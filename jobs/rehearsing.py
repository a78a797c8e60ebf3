"""A rehearsal as it is printed: a table for people, JSON lines for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from workflow.rehearsal import Step


def table(path: Path, steps: Sequence[Step]) -> Iterator[str]:
    """One line a step, followed by whatever was expected and not seen."""
    yield f"{path.name}: {sum(step.holds for step in steps)}/{len(steps)}"
    for step in steps:
        outcome = "完成" if step.ok else f"拒绝:{step.message}"
        yield f"  {'=' if step.holds else '≠'} {step.number:>3} {step.at} {step.who} {step.verb} {step.label} {outcome}"
        yield from (f"        {mismatch}" for mismatch in step.mismatches)


def observations(path: Path, steps: Sequence[Step]) -> Iterator[str]:
    """The full observation of each step."""
    for step in steps:
        seen = {"file": path.name, **step.as_json()}
        yield json.dumps(seen, ensure_ascii=False, default=str)
