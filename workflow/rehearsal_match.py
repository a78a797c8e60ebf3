"""How an expectation of a rehearsal is held against what was seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

SUBSTRINGS = {"refused", "warns", "history", "output", "lacks"}
"""Keys whose strings are found as parts; everything else is compared whole."""


@dataclass(frozen=True)
class Mismatch:
    """What was expected where, and what was there."""

    key: str
    expected: Any
    seen: Any

    def __str__(self) -> str:
        return f"{self.key}: 期望 {self.expected!r},实际 {str(self.seen)[:400]!r}"


def compare(expect: Mapping[str, Any], seen: Mapping[str, Any]) -> list[Mismatch]:
    """Everything that does not hold; ``not`` holds when nothing named in it is found."""
    found: list[Mismatch] = []
    for key, wanted in expect.items():
        if key == "not":
            found += [Mismatch(f"not.{name}", part, seen.get(name)) for name, part in _forbidden(wanted, seen)]
        elif not _holds(key, wanted, seen):
            found += _detail(key, wanted, seen)
    return found


def _detail(key: str, wanted: Any, seen: Mapping[str, Any]) -> list[Mismatch]:
    """The narrowest part that fails, for the reader."""
    actual = seen.get(key)
    if key in ("case",) and isinstance(wanted, Mapping) and isinstance(actual, Mapping):
        return [
            Mismatch(f"{key}.{name}", value, actual.get(name))
            for name, value in wanted.items()
            if not matches(value, actual.get(name))
        ]
    return [Mismatch(key, wanted, actual)]


def _forbidden(wanted: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, part in wanted.items():
        for each in _alone(part):
            if _holds(name, each, seen):
                yield name, each


def _alone(part: Any) -> list[Any]:
    """Every string, list entry and value of a part, each in the place where it was named."""
    if isinstance(part, list):
        return [[each] for each in part]
    if isinstance(part, Mapping):
        return [{name: each} for name, value in part.items() for each in _alone(value)] or [part]
    return [part]


def _holds(key: str, wanted: Any, seen: Mapping[str, Any]) -> bool:
    actual = seen.get("output" if key == "lacks" else key)
    if key in SUBSTRINGS:
        texts = actual if isinstance(actual, list) else [actual or ""]
        present = [any(_part(option, text) for text in texts for option in part.split("|")) for part in wanted]
        return not any(present) if key == "lacks" else all(present)
    if key == "duties":
        return all(any(_part(option, duty) for duty in actual or () for option in each.split("|")) for each in wanted)
    if key in ("notices", "assessments", "links"):
        return all(any(_row(each, row) for row in actual or ()) for each in wanted)
    if key == "options":
        return all(list((actual or {}).get(name) or ()) == list(values) for name, values in wanted.items())
    if key == "table":
        return _table(wanted, actual)
    if key == "distinct":
        return all((actual or {}).get(name) is True for name in wanted)
    return matches(wanted, actual)


def _row(wanted: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    return all(
        _part(value, row.get(name)) if name == "event" else matches(value, row.get(name))
        for name, value in wanted.items()
    )


def _part(option: str, text: Any) -> bool:
    return any(each in str(text or "") for each in str(option).split("|"))


def _table(wanted: Mapping[str, Any], actual: Any) -> bool:
    if not actual or list(actual["columns"]) != list(wanted["columns"]):
        return False
    rows = [dict(zip(actual["columns"], row, strict=True)) for row in actual["rows"]]
    return len(rows) == len(wanted.get("rows", rows)) and all(
        all(matches(value, row.get(name)) for name, value in line.items())
        for line, row in zip(wanted.get("rows", []), rows, strict=False)
    )


def matches(wanted: Any, actual: Any) -> bool:
    """Whole values: mappings on the keys that they name, lists as all found, ``a|b`` as alternatives."""
    if isinstance(wanted, Mapping):
        return isinstance(actual, Mapping) and all(matches(value, actual.get(name)) for name, value in wanted.items())
    if isinstance(wanted, list):
        have = actual if isinstance(actual, list | tuple) else [actual]
        return all(any(matches(each, item) for item in have) for each in wanted)
    if wanted is None:
        return actual in (None, "", [])
    if isinstance(wanted, bool) or isinstance(actual, bool):
        return wanted is actual
    if isinstance(wanted, int | float):
        return _number(actual) == float(wanted)
    return any(_same(option, actual) for option in str(wanted).split("|"))


def _same(option: str, actual: Any) -> bool:
    """Equal but for white space; of two words joined by a slash in a value list either is the value."""
    one, other = "".join(option.split()), "".join(str(actual if actual is not None else "").split())
    return one == other or one in other.split("/")


def _number(actual: Any) -> float | None:
    try:
        return float(actual)
    except (TypeError, ValueError):
        return None
