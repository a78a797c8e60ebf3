"""What was not kept of past cases, because the document that judged them never asked for it."""

from collections.abc import Mapping

from rules.facts import ARGUMENT, CORE, WHEN_ASKED
from rules.judging import JUDGED
from rules.procedure import Procedure
from rules.table import Table


def unkept(asking: Procedure, by: Procedure) -> frozenset[str]:
    """The facts that one document asks where it judges, and that nobody kept when the other one judged."""
    return frozenset(name for name in _asked(asking) if not _is_kept(name, asking, by))


def without(tables: Mapping[str, Table], facts: frozenset[str]) -> Mapping[str, Table]:
    """The tables less the rows that ask one of these facts: what is not known is no reason for anything."""
    if not facts:
        return tables
    return {
        stage: Table(stage, table.hit, tuple(row for row in table.rows if not facts & row.when.keys()))
        for stage, table in tables.items()
    }


def _asked(document: Procedure) -> set[str]:
    rows = [rule.when for rule in document.rules if rule.stage in JUDGED]
    names = {name for when in (*rows, *(limit.when for limit in document.limits)) for name in when}
    return names | {name for limit in document.limits for name in (limit.trigger, limit.until_from) if name}


def _is_kept(name: str, asking: Procedure, by: Procedure) -> bool:
    bare = name.removeprefix(ARGUMENT)
    if bare in {row.key for row in asking.counts}:
        return bare in by.asked and _count(asking, bare) == _count(by, bare)
    if bare in asking.facts:
        return bare in CORE or (bare in by.facts and by.facts[bare].type == asking.facts[bare].type)
    return bare not in WHEN_ASKED or bare in by.asked


def _count(document: Procedure, key: str) -> object:
    """How a fact is counted, whatever it is called."""
    row = next((row for row in document.counts if row.key == key), None)
    return row.model_dump(exclude={"label", "help", "cites"}) if row else None
