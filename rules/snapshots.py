"""Facts as JSON keeps them, and back with their types: what a decision saw can be asked again years later."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from rules.facts import Facts

PLAIN = (bool, int, float, str)
INSTANT, DAY, TIME, LENGTH, NUMBER, TABLE = "instant", "date", "time", "length", "decimal", "table"


def write(facts: Facts) -> dict[str, Any]:
    """The facts in JSON's types; what is missing is left out."""
    return {name: _written(value) for name, value in facts.items() if value is not None}


def read(kept: Mapping[str, Any]) -> dict[str, object]:
    """The facts that were written."""
    return {name: value if type(value) in PLAIN else _read(value) for name, value in kept.items()}


def changes(before: Facts, after: Facts) -> dict[str, Any]:
    """What differs, in JSON's types; what is missing afterwards is None."""
    return {
        name: _written(after.get(name)) for name in {**before, **after} if not _same(before.get(name), after.get(name))
    }


def apply(before: Facts, changed: Mapping[str, Any]) -> dict[str, object]:
    """The facts with the changes that ``changes`` found."""
    return {**before, **read(changed)}


def _same(one: object, other: object) -> bool:
    """Equal and of the same type: True is not 1."""
    return one is other or (type(one) is type(other) and one == other)


def _written(value: object) -> Any:
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return str(value)
        case datetime():
            return {INSTANT: value.isoformat()}  # with its own offset: a rule may ask for the day
        case date():
            return {DAY: value.isoformat()}
        case time():
            return {TIME: value.isoformat()}
        case timedelta():
            return {LENGTH: [value.days, value.seconds, value.microseconds]}
        case Decimal():
            return {NUMBER: str(value)}
        case Mapping():
            return {TABLE: {str(key): _written(item) for key, item in value.items()}}
        case list() | tuple() | set() | frozenset():
            return [_written(item) for item in value]
        case _:
            return str(value)


def _read(kept: Any) -> object:
    if isinstance(kept, list):
        return kept if all(type(item) in PLAIN for item in kept) else [_read(item) for item in kept]
    if not isinstance(kept, Mapping):
        return kept
    ((kind, value),) = kept.items()
    return _READERS[kind](value)


_READERS: Mapping[str, Any] = {
    INSTANT: datetime.fromisoformat,
    DAY: date.fromisoformat,
    TIME: time.fromisoformat,
    LENGTH: lambda parts: timedelta(*parts),
    NUMBER: Decimal,
    TABLE: read,
}
