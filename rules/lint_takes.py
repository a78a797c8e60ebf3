"""Lint of what a document takes: only what is known while a case is registered can decide who takes it."""

from collections.abc import Iterator

from rules.faults import Finding, Place
from rules.known import fact_of
from rules.lint_cells import nearest
from rules.procedure import Procedure


def lint_takes(procedure: Procedure) -> Iterator[Finding]:
    """Facts that a case has only later; rows below one that takes everything."""
    everything = ""
    for row in procedure.takes:
        place = Place("take", row.id)
        if everything:
            yield place.may(f"“{everything}”受理一切,这一行用不到", f"给“{everything}”写条件,或删去这一行")
        for name in row.when:
            fact = fact_of(procedure, name)
            if fact is not None and name not in procedure.known_at_registering:
                known = procedure.known_at_registering
                yield place.at(f"when.{name}").has(f"登记时还不知道“{fact.label}”", nearest(name, known))
        everything = everything or ("" if row.when else row.id)
