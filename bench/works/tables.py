"""``decide_table``: a case of 25 facts through a table of 50 rows of 5 tests; ``lint``: a whole document looked over.

No database takes part: the limit is the time that is promised.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from bench.stock import ROUNDS, Stock
from bench.timing import Result, Times, in_turn
from rules import lint_tables
from rules.facts import Fact, FactType
from rules.lint import lint
from rules.procedure import parse, shipped
from rules.table import Hit, Row, Table
from rules.unary import parse_test

ROWS, TESTS, FACTS = 50, 5, 25
PROMISED_MS = {"decide_table": 0.3, "lint": 500.0}
KINDS = (
    (FactType.CHOICE, ["甲", "not 甲", ["乙", "丙"], "missing"], ["甲", "乙", "丙", None]),
    (FactType.NUMBER, ["< 3", ">= 3", "[1..5]", 4], [0, 2, 4, None]),
    (FactType.LIST, ["has 甲", "not has 乙", "given"], [["甲"], ["乙", "丙"], [], None]),
    (FactType.DATE, ["< 2026-01-01", ">= 2026-06-01"], [date(2025, 12, 1), date(2026, 7, 1), None]),
    (FactType.FLAG, [True, False, [False, "missing"]], [True, False, None]),
)


def measure(large: Stock, _small: Stock) -> Iterator[Result]:
    """Measured once, with the first database."""
    if large.kind != "sqlite":
        return
    choice = random.Random(3)
    table, cases = _table(choice), _cases(choice, 1_000 if large.n >= 1_000 else 50)

    def judge(_round: int) -> None:
        for case in cases:
            table.decide(case)

    times = in_turn(judge, lambda _round: None, ROUNDS)
    each = [value / len(cases) for value in times.ours]
    note = f"a case of {FACTS} facts through {ROWS} rows of {TESTS} tests; limit: what is promised"
    yield _promised(each, "decide_table", ROWS, note)
    text = shipped()["P02"]

    def look_over(_round: int) -> None:
        lint_tables.judged.cache_clear()
        lint(parse(text))

    times = in_turn(look_over, lambda _round: None, ROUNDS)
    yield _promised(times.ours, "lint", 1, "P02 read and looked over, nothing remembered; limit: what is promised")


def _promised(ours: list[float], work: str, n: int, note: str) -> Result:
    return Times(ours, [PROMISED_MS[work]] * len(ours)).result(work, n, "none", note)


def _table(choice: random.Random) -> Table:
    facts = [Fact(f"f{place}", f"事项{place}", KINDS[place % len(KINDS)][0]) for place in range(FACTS)]
    rows = []
    for number in range(ROWS):
        places = choice.sample(range(FACTS), TESTS)
        when = {f"f{place}": parse_test(choice.choice(KINDS[place % len(KINDS)][1]), facts[place]) for place in places}
        rows.append(Row(f"r{number}", when, number))
    return Table("bench", Hit.FIRST, (*rows, Row("rest", {}, None)))


def _cases(choice: random.Random, number: int) -> list[dict[str, object]]:
    return [
        {f"f{place}": choice.choice(KINDS[place % len(KINDS)][2]) for place in range(FACTS)} for _case in range(number)
    ]
