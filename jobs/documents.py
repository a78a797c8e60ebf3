"""Procedure documents looked over, shipped or given: one line a finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rules.faults import Finding, ProcedureFault, Severity
from rules.lint import lint
from rules.procedure import parse, shipped


def look_over(paths: Sequence[Path]) -> Iterator[tuple[str, Finding]]:
    """Name of the document and finding, for the given documents, else for all that are shipped."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in paths} or shipped()
    for name, text in texts.items():
        try:
            found = lint(parse(text))
        except ProcedureFault as fault:
            found = list(fault.findings)
        for finding in found:
            yield name, finding


def is_fault(finding: Finding) -> bool:
    """Whether the document cannot be put in force with it; a hint only asks for a second look."""
    return finding.severity == Severity.ERROR
