"""Lint of what comes round to where it was: departments above one another, ladders that raise and raise again."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rules.facts import FactType
from rules.faults import Finding, Place
from rules.known import fact_of
from rules.procedure import Procedure
from rules.unary import Test, TestFault, parse_test
from rules.vocabulary import RungDeed

Findings = Iterator[Finding]
Edges = Mapping[str, set[str]]


def lint_loops(procedure: Procedure) -> Findings:
    """Everything that leads back to itself."""
    yield from _departments(procedure)
    yield from _ladders(procedure)
    yield from _escalations(procedure)


def _departments(procedure: Procedure) -> Findings:
    above = {row.name: {row.parent} for row in procedure.head.departments if row.parent}
    if round_ := loop(above):
        yield Place("procedure", "", "departments").has(f"上级部门绕成一圈:{_arrows(round_)}", "改其中一个的 parent")


def _ladders(procedure: Procedure) -> Findings:
    """Rungs that set a grade: one must not lead to the grade from which another leads back, nor repeat for ever."""
    for limit in procedure.limits:
        place = Place("limit", limit.name, "ladder")
        rungs = [rung for rung in limit.ladder if rung.do is RungDeed.REGRADE]
        steps = [(grade, rung.grade) for rung in rungs for grade in _grades(procedure, rung.when)]
        if round_ := loop(_edges(steps)):
            yield place.has(f"阶梯绕回原处:{_arrows(round_)}", "改其中一级的 grade 或 when")
        for rung in rungs:
            if rung.every and not rung.times:
                yield place.has(f"“{rung.id}”没完没了地定为{rung.grade}", "写 times,或去掉 every")


def _escalations(procedure: Procedure) -> Findings:
    """Rows of the stage escalate that raise one grade to another."""
    steps = []
    for rule in procedure.rules:
        to = rule.then.get("grade") if isinstance(rule.then, Mapping) else rule.then
        if rule.stage == "escalate" and isinstance(to, str) and to in procedure.grades:
            steps += [(grade, to) for grade in _grades(procedure, rule.when)]
    if round_ := loop(_edges(steps)):
        yield Place("stages", "escalate").has(f"升级绕回原处:{_arrows(round_)}", "改其中一行的结果或条件")


def _grades(procedure: Procedure, when: Mapping[str, Any]) -> list[str]:
    """The grades that a row names in its test of the grade."""
    fact = fact_of(procedure, "grade")
    if "grade" not in when or fact is None or fact.type is not FactType.CHOICE:
        return []
    try:
        test: Test = parse_test(when["grade"], fact)
    except TestFault:
        return []
    return [grade for grade in procedure.grades if test.holds(grade)]


def _edges(steps: Iterable[tuple[str, str]]) -> Edges:
    edges: dict[str, set[str]] = {}
    for from_, to in steps:
        edges.setdefault(from_, set()).add(to)
    return edges


def loop(edges: Edges) -> list[str]:
    """The first way that leads back to where it began, its first place again at the end; empty when there is none."""
    done: set[str] = set()
    for start in edges:
        found = _walk(start, edges, [], done)
        if found:
            return found
    return []


def _walk(place: str, edges: Edges, way: list[str], done: set[str]) -> list[str]:
    if place in way:
        return [*way[way.index(place) :], place]
    if place in done:
        return []
    for next_ in sorted(edges.get(place, ())):
        found = _walk(next_, edges, [*way, place], done)
        if found:
            return found
    done.add(place)
    return []


def _arrows(names: Iterable[str]) -> str:
    return "→".join(names)
