"""Lint of single cells: facts that do not exist, types that do not fit, values outside their list, what never holds."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from rules.cells import Unknowable, cell, full
from rules.facts import Fact
from rules.faults import Finding, Place
from rules.known import fact_names, fact_of, is_closed, noun
from rules.procedure import Procedure
from rules.unary import AnyOf, Has, Is, Not, Test, TestFault, parse_test

Findings = Iterator[Finding]


def lint_cells(procedure: Procedure) -> Findings:
    """The tests of rules, counts, what is taken, limits and the rungs of their ladders, one by one."""
    for rule in procedure.rules:
        yield from _row(procedure, Place("rule", rule.id), "when", rule.when)
    for count in procedure.counts:
        yield from _row(procedure, Place("count", count.key), "when", count.when)
    for take in procedure.takes:
        yield from _row(procedure, Place("take", take.id), "when", take.when)
    for limit in procedure.limits:
        yield from _row(procedure, Place("limit", limit.name), "when", limit.when)
        for number, rung in enumerate(limit.ladder):
            yield from _row(procedure, Place("limit", limit.name), f"ladder.{number}.when", rung.when)


def _row(procedure: Procedure, place: Place, column: str, when: Mapping[str, Any]) -> Findings:
    for name, raw in when.items():
        yield from cell_findings(procedure, place.at(f"{column}.{name}"), name, raw)


def cell_findings(procedure: Procedure, place: Place, name: str, raw: object) -> Findings:
    """What is wrong with one cell of a table."""
    fact = fact_of(procedure, name)
    if fact is None:
        yield place.has(f"没有“{name}”这个事实", nearest(name, fact_names(procedure)))
        return
    try:
        test = parse_test(raw, fact)
    except TestFault as fault:
        yield place.has(fault.wrong, fault.right)
        return
    strange = list(_outside_the_list(place, test, fact))
    yield from strange
    if not strange and never_holds(test, fact):
        yield place.has(f"“{fact.label}”不可能是“{test}”,这一行永远不会成立", "改条件,或删去这一行")


def _outside_the_list(place: Place, test: Test, fact: Fact) -> Findings:
    what = noun(fact)
    if not fact.values and not what:
        return
    for value in _texts(test):
        if value not in fact.values:
            wrong = f"没有“{value}”{what}" if what else f"“{fact.label}”没有“{value}”这个值"
            yield place.has(wrong, nearest(value, fact.values))


def _texts(test: Test) -> Iterator[str]:
    """The texts that a test names."""
    match test:
        case AnyOf(tests):
            for inner in tests:
                yield from _texts(inner)
        case Not(inner):
            yield from _texts(inner)
        case Has(wanted):
            yield from wanted
        case Is(str() as wanted):
            yield wanted


def never_holds(test: Test, fact: Fact) -> bool:
    """Whether no value of the fact, nor its absence, passes the test."""
    try:
        return cell(test, full(fact, closed=is_closed(fact))).is_empty()
    except Unknowable:
        return False


def nearest(name: str, names: Iterable[str]) -> str:
    """The likeliest of the known names; a few of them when none is alike."""
    known = sorted(names)
    alike = get_close_matches(name, known, n=1, cutoff=0.5)
    if alike:
        return f"{alike[0]}?"
    return "、".join(known[:8]) + ("…" if len(known) > 8 else "")
