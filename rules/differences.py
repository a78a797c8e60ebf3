"""What changed between two versions of a procedure, as somebody who reads both would say it.

A cell that is written out and means what its absence means is no difference.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.editing import ADD, CHANGE, MOVE, ONE_TABLE, ORDERED_BY, REMOVE, keys, sections
from rules.procedure import Procedure

Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One row added, removed or moved, or one cell changed. Values are as a document has them; None for nothing.

    Of a row that was moved ``before`` and ``after`` name the row that it stood and stands in front of, empty for last.
    """

    section: str
    row: str
    kind: str
    cell: str = ""
    before: Any = None
    after: Any = None


def differences(old: Procedure, new: Procedure) -> list[Difference]:
    """Everything that was changed on the way from one document to the other, in the order of the new one."""
    before, after = _raw(old), _raw(new)
    found: list[Difference] = []
    for section, columns in sections().items():
        if columns:
            found += _in_rows(section, before.get(section, ()), after.get(section, ()))
        else:
            found += _in_table(section, before.get(section, {}), after.get(section, {}))
    return found


def words(difference: Difference) -> tuple[list[Any], list[Any]]:
    """Of a list that was changed: what was added to it, and what was removed from it."""
    before, after = difference.before or [], difference.after or []
    return [word for word in after if word not in before], [word for word in before if word not in after]


def _raw(document: Procedure) -> Raw:
    return document.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"version"})


def _in_table(section: str, before: Raw, after: Raw) -> Iterator[Difference]:
    if section == ONE_TABLE:
        for cell, old, new in _cells(before, after):
            yield Difference(section, "", CHANGE, cell, old, new)
        return
    for name in dict.fromkeys((*after, *before)):
        if before.get(name) != after.get(name):
            yield Difference(section, name, CHANGE, "", before.get(name), after.get(name))


def _cells(before: Raw, after: Raw) -> Iterator[tuple[str, Any, Any]]:
    """Each cell that differs; a cell that holds a table by the names within it."""
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, Mapping | None) and isinstance(new, Mapping | None):
            old, new = old or {}, new or {}
            for inner in dict.fromkeys((*new, *old)):
                if old.get(inner) != new.get(inner):
                    yield f"{name}.{inner}", old.get(inner), new.get(inner)
        else:
            yield name, old, new


def _in_rows(section: str, before: Sequence[Raw], after: Sequence[Raw]) -> Iterator[Difference]:
    old = dict(zip(keys(section, before), before, strict=True))
    new = dict(zip(keys(section, after), after, strict=True))
    renamed = _renamed(section, old, new)
    old = {renamed.get(name, name): row for name, row in old.items()}
    moved = _moved(section, old, new)
    for name, row in new.items():
        if name not in old:
            yield Difference(section, name, ADD, after=row)
            continue
        if name in moved:
            yield Difference(section, name, MOVE, "", *moved[name])
        for cell, was, now in _cells(old[name], row):
            yield Difference(section, name, CHANGE, cell, was, now)
    for name, row in old.items():
        if name not in new:
            yield Difference(section, name, REMOVE, before=row)


def _renamed(section: str, old: Mapping[str, Raw], new: Mapping[str, Raw]) -> dict[str, str]:
    """Rows that are gone, to rows that are new and say the same under another name."""
    gone = {name: _nameless(section, row) for name, row in old.items() if name not in new}
    come = {name: _nameless(section, row) for name, row in new.items() if name not in old}
    found: dict[str, str] = {}
    for name, row in gone.items():
        match = next((other for other, same in come.items() if same == row and other not in found.values()), None)
        if match is not None:
            found[name] = match
    return found


def _nameless(section: str, row: Raw) -> Raw:
    return {name: value for name, value in row.items() if name not in sections()[section]}


def _moved(section: str, old: Mapping[str, Raw], new: Mapping[str, Raw]) -> dict[str, tuple[str, str]]:
    """The fewest rows whose moving explains the new order, each with the row below it then and now."""
    column = ORDERED_BY.get(section)
    found: dict[str, tuple[str, str]] = {}
    for group in dict.fromkeys(row.get(column) if column else None for row in new.values()):
        then = [name for name, row in old.items() if not column or row.get(column) == group]
        now = [name for name, row in new.items() if not column or row.get(column) == group]
        common = [name for name in now if name in set(then)]
        stay = _longest_rising([then.index(name) for name in common])
        for place, name in enumerate(common):
            if place not in stay:
                found[name] = (_below(then, name), _below(now, name))
    return found


def _below(names: Sequence[str], name: str) -> str:
    place = names.index(name) + 1
    return names[place] if place < len(names) else ""


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The places of a longest rising run of the numbers, with gaps."""
    tails: list[int] = []
    places: list[int] = []
    came_from: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_left(tails, number)
        tails[length:], places[length:] = [number, *tails[length + 1 :]], [place, *places[length + 1 :]]
        came_from.append(places[length - 1] if length else -1)
    found: set[int] = set()
    place = places[-1] if places else -1
    while place >= 0:
        found.add(place)
        place = came_from[place]
    return found
