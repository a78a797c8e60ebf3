"""Lengths of time as a document writes them: `30分钟`, `24小时`, `2工作小时`, `3天`, `5个工作日`, `1个月`, `-20%`."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from rules.vocabulary import Unit

LENGTH = re.compile(r"(\d{1,5})\s*个?(分钟|自然小时|小时|工作小时|天|日|自然日|工作日|月|自然月|半月)", re.ASCII)
OFFSET = re.compile(r"([+-])\s*(?:(\d{1,3}(?:\.\d+)?)\s*%|(\d.*))", re.ASCII)
UNITS = {
    "分钟": Unit.MINUTES,
    "小时": Unit.HOURS,
    "自然小时": Unit.HOURS,
    "工作小时": Unit.WORKING_HOURS,
    "天": Unit.DAYS,
    "日": Unit.DAYS,
    "自然日": Unit.DAYS,
    "工作日": Unit.WORKDAYS,
    "月": Unit.MONTHS,
    "自然月": Unit.MONTHS,
    "半月": Unit.HALF_MONTHS,
}
NATURAL = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1), Unit.DAYS: timedelta(days=1)}
LENGTH_HINT = "30分钟、24小时、3天、5工作日"
OFFSET_HINT = "-20%、-30分钟、-2工作日、+0、+24小时、+3工作日"


class BadLength(ValueError):
    """A text that is no length of time; what is wrong and what would be right stand on either side of a `|`."""


@dataclass(frozen=True)
class Length:
    """So many of a unit."""

    number: int
    unit: Unit

    @property
    def natural(self) -> timedelta | None:
        """The length when it runs day and night; None when it counts working time or months."""
        one = NATURAL.get(self.unit)
        return self.number * one if one else None


@dataclass(frozen=True)
class Offset:
    """How far from the due instant: a share of the limit before it, or a length before or after."""

    before: bool
    share: float | None = None
    length: Length = Length(0, Unit.MINUTES)


def parse_length(text: str) -> Length:
    """The length that a text means. Raises BadLength."""
    found = LENGTH.fullmatch(text.strip())
    if not found:
        raise BadLength(f"“{text}”不是一段时间|{LENGTH_HINT}")
    return Length(int(found[1]), UNITS[found[2]])


def natural_length(text: str) -> timedelta:
    """A length that runs day and night. Raises BadLength."""
    found = parse_length(text).natural
    if found is None:
        raise BadLength(f"“{text}”不是自然时间|30分钟、24小时、3天")
    return found


@lru_cache(maxsize=512)
def parse_offset(text: str) -> Offset:
    """The place of a rung before or after the due instant. Raises BadLength."""
    found = OFFSET.fullmatch(text.strip())
    if not found:
        raise BadLength(f"“{text}”不是截止前后的时间|{OFFSET_HINT}")
    before = found[1] == "-"
    if found[2]:
        share = float(found[2]) / 100
        if not before or share > 1:
            raise BadLength(f"“{text}”:百分比只能写截止之前,至多 100%|-20%")
        return Offset(before, share)
    length = Length(0, Unit.MINUTES) if found[3] == "0" else parse_length(found[3])
    if length.unit in (Unit.MONTHS, Unit.HALF_MONTHS):
        raise BadLength(f"“{text}”:不以月计|{OFFSET_HINT}")
    return Offset(before, None, length)
