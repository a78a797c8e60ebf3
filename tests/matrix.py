"""How many clauses of the requirements have a passing test, one line a procedure.

Runs the tests that carry a clause. A clause is shown when at least one test carries it, and every one that does passes.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LIST = HERE / "clauses.txt"
BESIDE = HERE.parent.parent / "shared" / "requirements" / "procedures"
CLAUSE = re.compile(r"^- \*\*(P[0-9]{2}[ab]?(?:-[0-9]{2})?-[0-9]+\.[0-9]+)\*\* \[(?:explicit|implied)", re.MULTILINE)
DEFAULTS = re.compile(r"[GF]-[0-9]{2}|T[0-9]{2}")


def known() -> list[str]:
    """Every clause, in order: from the requirements where they are beside the checkout, else from the list here."""
    return written() if BESIDE.is_dir() else LIST.read_text(encoding="utf-8").split()


def written() -> list[str]:
    """The clauses as the requirements base has them."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(BESIDE.glob("*.md")))
    return [clause for text in texts for clause in CLAUSE.findall(text)]


def procedure_of(clause: str) -> str:
    """``P04-01`` of ``P04-01-3.2``."""
    return clause.rpartition("-")[0]


class Recorder:
    """Collects, from every worker, which clauses a test carries and whether it passed."""

    def __init__(self) -> None:
        self.passed: set[str] = set()
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        clauses = {clause for name, clause in report.user_properties if name == "clause"}
        if report.failed:
            self.failed |= {str(clause) for clause in clauses}
        elif report.when == "call" and report.passed:
            self.passed |= {str(clause) for clause in clauses}


def table(clauses: list[str], shown: set[str], *, missing: bool) -> list[str]:
    """The lines to print: ``P02 69/91``, each followed by what is missing when that is asked for."""
    by_procedure: dict[str, list[str]] = defaultdict(list)
    for clause in clauses:
        by_procedure[procedure_of(clause)].append(clause)
    lines = []
    for procedure, own in sorted(by_procedure.items()):
        absent = [clause for clause in own if clause not in shown]
        lines.append(f"{procedure} {len(own) - len(absent)}/{len(own)}")
        if missing and absent:
            lines.append("  " + " ".join(absent))
    return [*lines, f"total {len(shown & set(clauses))}/{len(clauses)}"]


def main() -> int:
    """Run the tests, print the table; fails when a test of a clause failed."""
    parser = argparse.ArgumentParser(prog="make matrix")
    parser.add_argument("--missing", action="store_true", help="list the clauses without a passing test")
    parser.add_argument("pytest", nargs="*", help="further arguments for pytest")
    chosen = parser.parse_args()
    recorder = Recorder()
    arguments = ["-m", "clause", "-q", "--no-header", "--no-summary", "-n", "2", "--dist", "worksteal", *chosen.pytest]
    outcome = pytest.main(arguments, plugins=[recorder])
    print("\n".join(table(known(), recorder.passed - recorder.failed, missing=chosen.missing)))
    if recorder.failed:
        print("failing:", " ".join(sorted(recorder.failed)))
    return 0 if outcome in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) else int(outcome)


if __name__ == "__main__":
    sys.exit(main())
