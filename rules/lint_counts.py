"""Lint of counts: what two cases are alike in must be something that each of them has stored."""

from collections.abc import Iterator

from rules.facts import ARGUMENT, CORE, OF_A_DEED, FactType
from rules.faults import Finding, Place
from rules.known import fact_names, fact_of
from rules.lint_cells import nearest
from rules.procedure import Procedure

Findings = Iterator[Finding]


def lint_counts(procedure: Procedure) -> Findings:
    """Names that another fact has already, and facts that no query can see."""
    fields = {field.key for field in procedure.fields}
    for count in procedure.counts:
        place = Place("count", count.key)
        if count.key in CORE or count.key in fields:
            yield place.at("key").has(f"已有叫“{count.key}”的事实", "换一个名称")
        for name in count.same:
            yield from _stored(procedure, place.at("same"), name)
            fact = fact_of(procedure, name)
            if fact is not None and fact.type is FactType.LIST:
                yield place.at("same").has(f"“{fact.label}”是列表,不能说两件相同", "用只有一个值的事实")
        for name in count.when:
            yield from _stored(procedure, place.at(f"when.{name}"), name)


def _stored(procedure: Procedure, place: Place, name: str) -> Findings:
    counts = {count.key for count in procedure.counts}
    known = fact_names(procedure) - OF_A_DEED - counts
    if name in OF_A_DEED or name in counts or name.startswith(ARGUMENT):
        yield place.has(f"“{name}”不是存下来的事实,数不了", nearest(name, known))
    elif name not in known and place.cell == "same":
        yield place.has(f"没有“{name}”这个事实", nearest(name, known))
