"""The values of a procedure's own fields: as JSON keeps them, and as a rule sees them."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from rules.facts import FactType
from rules.quantities import SHANGHAI, in_shanghai, is_number

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", re.ASCII)
TEXTS = frozenset({FactType.TEXT, FactType.CHOICE, FactType.DEPARTMENT, FactType.PERSON})


def kept(value: object) -> object:
    """A value in JSON's types. Days and instants are texts that sort as they follow each other (Shanghai, seconds)."""
    if isinstance(value, datetime):
        return in_shanghai(value).astimezone(SHANGHAI).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list | tuple):
        return [kept(item) for item in value]
    return getattr(value, "name", value)


def seen(value: object, kind: FactType) -> object:
    """What a rule sees of a kept value; what is not of the fact's type is missing."""
    if kind in TEXTS:
        return value if isinstance(value, str) and value else None
    if kind is FactType.NUMBER:
        return value if is_number(value) else None
    if kind is FactType.FLAG:
        return value if isinstance(value, bool) else None
    if kind is FactType.LIST:
        return value if isinstance(value, list) else None
    if kind is FactType.DURATION:
        return timedelta(seconds=float(str(value))) if is_number(value) else None
    return _moment(value, kind)


def _moment(value: object, kind: FactType) -> date | datetime | None:
    if not isinstance(value, str):
        return None
    try:
        if kind is FactType.DATE:
            return date.fromisoformat(value) if DAY.fullmatch(value) else None
        return datetime.fromisoformat(value) if INSTANT.fullmatch(value) else None
    except ValueError:
        return None
