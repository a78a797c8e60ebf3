"""``python -m bench --n 100000``: measure all works, print a table, write ``bench/results.json``."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench import timing
from bench.databases import postgresql_fault, stocks
from bench.timing import Result
from bench.works import WORKS

RESULTS = Path(__file__).with_name("results.json")
HEAD = f"{'work':24} {'n':>9}  {'database':10} {'ours ms':>11} {'limit ms':>11} {'ratio':>9}  note"


def measured(kinds: Iterable[str], n: int, only: str = "") -> Iterator[Result]:
    """Every work on every database, one after the other."""
    now = datetime.now(UTC).replace(microsecond=0)
    for kind in kinds:
        with stocks(kind, n, now) as (large, small):
            for work in WORKS:
                if only in work.__module__:
                    yield from work(large, small)


def line(result: Result) -> str:
    """A result as a row of the table."""
    return (
        f"{result.work:24} {result.n:>9,}  {result.database:10} {result.ours_ms:>11.3f} {result.limit_ms:>11.3f} "
        f"{result.ratio:>9.2f}  {result.note}"
    )


def main(arguments: list[str] | None = None) -> None:
    """Read the command line, measure, print, write."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--n", type=int, default=100_000, help="open cases; a quarter as many closed ones are added")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="one database only")
    parser.add_argument("--only", default="", help="one group of works: tables, sweep, replay …")
    parser.add_argument("--rounds", type=int, default=timing.most_rounds, help="at most so many rounds of each work")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the results go")
    given = parser.parse_args(arguments)
    kinds = [given.database] if given.database else ["sqlite", "postgresql"]
    if "postgresql" in kinds and (fault := postgresql_fault()):
        print(f"Without PostgreSQL: {fault}")
        kinds.remove("postgresql")
    timing.most_rounds = given.rounds
    print(HEAD)
    results = []
    for result in measured(kinds, given.n, given.only):
        print(line(result), flush=True)
        results.append(result.as_json())
    print(f"Medians; both sides in turn. {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}.")
    print("PostgreSQL runs without waiting for a disk, SQLite with synchronous=FULL.")
    given.out.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
