"""Quantities as a cell writes them: numbers, days, instants and lengths of time, read, written and compared."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeGuard
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)
LENGTHS: dict[str, timedelta] = {
    "天": timedelta(days=1),
    "小时": timedelta(hours=1),
    "分钟": timedelta(minutes=1),
    "秒": SECOND,
}
_NUMBER = re.compile(r"^[+-]?(\d{1,30}(\.\d{1,30})?|\.\d{1,30})$", re.ASCII)
_LENGTH = re.compile(r"^(\d{1,6}天)?(\d{1,6}小时)?(\d{1,6}分钟)?(\d{1,6}秒)?$", re.ASCII)
_ONE_LENGTH = re.compile(r"(\d+)(天|小时|分钟|秒)", re.ASCII)
_IN_ENGLISH = re.compile(r"(?<=\d)(d(?:ays?)?|h(?:ours?)?|min(?:utes?)?|s(?:econds?)?)(?=\d|$)", re.ASCII)
_ENGLISH = {"d": "天", "h": "小时", "m": "分钟", "s": "秒"}


def number(text: str) -> int | Decimal | None:
    """`10`, `-3`, `0.5`; None when the text is no number."""
    text = plain(text)
    if not _NUMBER.match(text):
        return None
    return int(text) if "." not in text else Decimal(text)


def length(text: str) -> timedelta | None:
    """`2小时`, `1天12小时`, `2 h 30 min`, `2 hours`; None when the text is no length of time."""
    text = _IN_ENGLISH.sub(lambda found: _ENGLISH[found[1][0]], plain(text).replace(" ", ""))
    if not text or not _LENGTH.match(text):
        return None
    return sum((int(count) * LENGTHS[word] for count, word in _ONE_LENGTH.findall(text)), timedelta())


def moment(text: str) -> date | datetime | None:
    """`2026-10-01` is a day, `2026-10-01 08:00` an instant of Shanghai; None when the text is neither."""
    text = plain(text)
    try:
        if re.match(r"^\d{4}-\d\d-\d\d$", text, re.ASCII):
            return date.fromisoformat(text)
        if not re.match(r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d", text, re.ASCII):
            return None
        return in_shanghai(datetime.fromisoformat(text))
    except ValueError:
        return None


def plain(text: str) -> str:
    """The text with the full-width digits and signs of a Chinese keyboard made narrow."""
    return unicodedata.normalize("NFKC", text).strip()


def in_shanghai(instant: datetime) -> datetime:
    """An instant that names its zone; one that names none was said in Shanghai."""
    return instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)


def written(value: object) -> str:
    """A quantity as a cell writes it, so that reading it gives the same again."""
    if isinstance(value, timedelta):
        return _written_length(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        local = in_shanghai(value).astimezone(SHANGHAI).replace(tzinfo=None)
        exact = "auto" if local.second or local.microsecond else "minutes"
        return local.isoformat(sep=" ", timespec=exact)
    return str(value)


def _written_length(value: timedelta) -> str:
    parts, left = [], value
    for word, unit in LENGTHS.items():
        count, left = divmod(left, unit)
        if count:
            parts.append(f"{count}{word}")
    return "".join(parts) or "0秒"


def compare(value: object, bound: object) -> int | None:
    """-1, 0 or 1; None when the two cannot be ordered (a text against a number).

    Against a day, an instant counts as the day on which it falls in Shanghai.
    """
    if isinstance(value, datetime):
        value = in_shanghai(value)
        if isinstance(bound, date) and not isinstance(bound, datetime):
            value = value.astimezone(SHANGHAI).date()
    if isinstance(bound, datetime):
        bound = in_shanghai(bound)
    if is_number(value) and is_number(bound):
        value, bound = _exact(value), _exact(bound)
    elif type(value) is not type(bound):
        return None
    try:
        return int(value > bound) - int(value < bound)  # type: ignore[operator]
    except (TypeError, ArithmeticError):
        return None


def _exact(value: object) -> object:
    """Floats as they are written: 0.1 is a tenth."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def is_number(value: object) -> TypeGuard[int | float | Decimal]:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def day_start(day: date) -> datetime:
    """The first instant of a day in Shanghai, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)
