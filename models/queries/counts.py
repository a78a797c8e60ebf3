"""Facts that count other cases (``[[count]]``), each one expression: asked of one case in a deed, of all in a query."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, distinct, func, select
from sqlalchemy.orm import aliased

from models.complaint import Complainant, Complaint
from models.queries import conditions, fact_columns, shanghai
from models.queries.conditions import Columns, Condition, FactColumn
from rules.count_rows import CountRow
from rules.facts import FactType
from rules.procedure import Procedure, compiled
from rules.values import TEXTS

VOID = "已作废"
_BEGINS: dict[str, Callable[[Any, int], ColumnElement[Any]]] = {
    "天": shanghai.days_before,
    "个自然月": shanghai.months_before,
    "当月": lambda instant, _count: shanghai.month_begins(instant),
}


class Same:
    """A document as a key: it is the same as itself."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure

    def __hash__(self) -> int:
        return id(self.procedure)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.procedure is self.procedure


def columns(procedure: Procedure) -> Mapping[str, FactColumn]:
    """Every fact of a stored case, its counts of other cases among them; described once for a document."""
    return _described(Same(procedure))


@lru_cache(maxsize=32)
def _described(same: Same) -> Mapping[str, FactColumn]:
    procedure, of = same.procedure, Complaint
    seen = fact_columns.columns(procedure, of)
    rows = {row.key: row for row in procedure.counts if {*row.same, *row.when} <= seen.keys()}
    return {
        **seen,
        **{key: FactColumn(FactType.NUMBER, _count(procedure, row, of), slow=True) for key, row in rows.items()},
    }


def _count(procedure: Procedure, row: CountRow, of: Any) -> ColumnElement[Any]:
    if row.reach == "此前":
        begins = _begins(row, of.received_at)
        return _counted(procedure, row, of, lambda other: getattr(other, row.since).between(begins, of.received_at))
    return _fullest(procedure, row, of)


def _begins(row: CountRow, instant: Any) -> ColumnElement[Any]:
    """When a period that lasts until the day of the instant has begun at the earliest."""
    number, unit = row.period
    return _BEGINS[unit](instant, number)


def _fullest(procedure: Procedure, row: CountRow, of: Any) -> ColumnElement[Any]:
    """The most that any period of that length counts in which the case lies: one that ends with a case like it."""
    last = aliased(Complaint)
    begins = _begins(row, last.received_at)
    within = _counted(procedure, row, of, lambda other: other.received_at.between(begins, last.received_at), last)
    ends = (
        select(func.max(within))
        .select_from(last)
        .where(_alike(procedure, row, of, last), last.received_at >= of.received_at, begins <= of.received_at)
    )
    return func.coalesce(ends.correlate(of).scalar_subquery(), 0)


def _counted(
    procedure: Procedure, row: CountRow, of: Any, within: Callable[[Any], Condition], *outer: Any
) -> ColumnElement[Any]:
    other = aliased(Complaint)
    counted: Select[Any] = select(func.count()).select_from(other)
    if row.distinct:
        person = aliased(Complainant)
        counted = select(func.count(distinct(_somebody(person)))).select_from(other)
        counted = counted.join(person, person.id == other.complainant_id)
    conditions_ = [_alike(procedure, row, of, other), within(other), *_chosen(procedure, row, other)]
    if not row.itself:
        conditions_.append(other.id != of.id)
    return counted.where(*conditions_).correlate(of, *outer).scalar_subquery()


def _somebody(person: Any) -> ColumnElement[Any]:
    """A caller is who has this name and this phone; without a phone each entry is somebody else."""
    return case((person.phone != "", person.phone + "|" + person.name), else_=cast(person.id, String))


def alike(procedure: Procedure, row: CountRow, case: Complaint) -> Select[Any]:
    """The ids of the other cases, void ones left out, that are the same in what the count compares, newest first."""
    of, other = aliased(Complaint), aliased(Complaint)
    query = select(other.id).join(of, _alike(procedure, row, of, other)).where(of.id == case.id, other.id != case.id)
    return query.where(*_chosen(procedure, row, other)).order_by(other.received_at.desc(), other.id.desc())


def linked(procedure: Procedure, row: CountRow, case: Complaint) -> Select[Any]:
    """The ids of those of them that lie in the period of this case, the newest first."""
    begins = select(_begins(row, Complaint.received_at)).where(Complaint.id == case.id).scalar_subquery()
    found = alike(procedure, row, case).subquery()
    query = select(Complaint.id).join(found, found.c.id == Complaint.id)
    instant = getattr(Complaint, row.since)
    return query.where(instant >= begins, instant <= case.received_at).order_by(instant.desc(), Complaint.id.desc())


def _chosen(procedure: Procedure, row: CountRow, other: Any) -> list[Condition]:
    found = [other.state != VOID]
    if row.cases != "全部":
        found.append(other.closed_at.is_(None) if row.cases == "未结" else other.closed_at.is_not(None))
    if row.when:
        tests = compiled(row.when, procedure.facts)
        found.append(conditions.holds(tests, fact_columns.columns(procedure, other)))
    return found


def _alike(procedure: Procedure, row: CountRow, of: Any, other: Any) -> Condition:
    """The same in every fact that is named; what is missing is the same as nothing."""
    mine, others = fact_columns.columns(procedure, of), fact_columns.columns(procedure, other)
    personal = [name for name in row.same if name in fact_columns.OF_PERSON]
    # written so that no index on the procedure is chosen: it has nearly all cases, where few are alike
    found = [other.procedure_code + "" == of.procedure_code]
    found += [_same(name, mine, others) for name in row.same if name not in personal]
    if personal:
        found.append(_same_person(personal, of, other))
    return and_(*found)


def _same(name: str, mine: Columns, others: Columns) -> Condition:
    one, other = mine[name], others[name]
    if one.key is not None and other.key is not None:
        return one.key == other.key
    if one.type in TEXTS:
        return and_(one.value == other.value, one.value != "")
    return one.value == other.value


def _same_person(names: list[str], of: Any, other: Any) -> Condition:
    """A caller with the same data; asked by way of the callers, who have an index."""
    mine, theirs = aliased(Complainant), aliased(Complainant)
    alike = [getattr(mine, name) == getattr(theirs, name) for name in names]
    alike += [getattr(mine, name) != "" for name in names if name != "anonymous"]
    known = select(theirs.id).select_from(theirs).join(mine, and_(*alike)).where(mine.id == of.complainant_id)
    return other.complainant_id.in_(known.correlate(of))
