"""Lint of time: settings that a limit never uses, words and facts that give no time, rows that are never asked."""

from collections.abc import Iterator

from rules.facts import FactType, lookup
from rules.faults import Finding, Place
from rules.lengths import BadLength, Length, parse_length
from rules.lint_cells import nearest
from rules.procedure import Procedure
from rules.time_rows import ExtensionRow, LimitRow
from rules.vocabulary import HalfMonth, Month, Unit

Findings = Iterator[Finding]
DAYS = (Unit.DAYS, Unit.WORKDAYS, Unit.MONTHS, Unit.HALF_MONTHS)
USED_BY: dict[str, tuple[Unit, ...]] = {
    "end": (*DAYS, Unit.NAMED),
    "count_start_day": DAYS,
    "rolling_hours": (Unit.WORKDAYS,),
    "month": (Unit.MONTHS,),
    "half_month": (Unit.HALF_MONTHS,),
    "carry_over": (Unit.MINUTES, Unit.HOURS),
}
"""Which units a setting says something about."""
USUAL = {"end": None, "month": Month.CALENDAR, "half_month": HalfMonth.FIFTEEN_DAYS}
TIMES = (FactType.INSTANT, FactType.DATE)


def lint_time(procedure: Procedure) -> Findings:
    """Everything about time that leads nowhere."""
    yield from _words(procedure)
    for limit in procedure.limits:
        yield from _settings(limit)
        yield from _sources(procedure, limit)
        yield from _rungs(limit)
    yield from _unreachable(procedure)


def _words(procedure: Procedure) -> Findings:
    for word, text in procedure.head.words.items():
        if _length(text) is None:
            yield Place("procedure", "", "words").has(f"“{word}”的“{text}”不是一段时间", "30分钟、24小时、3天、5工作日")


def _settings(limit: LimitRow) -> Findings:
    place = Place("limit", limit.name)
    for name, units in USED_BY.items():
        if getattr(limit, name) != USUAL.get(name, False) and limit.unit not in units:
            yield place.at(name).may(f"按{limit.unit}计的时限用不到它", "、".join(units))
    if limit.rolling_hours and limit.count_start_day:
        yield place.at("count_start_day").may("按小时滚动的时限用不到它", "二者只留一个")
    if limit.max_named and limit.unit is not Unit.NAMED and not limit.until_from:
        yield place.at("max_named").may("没有指定的时间,用不到它", "写 until_from,或改用指定时间")
    if not limit.pausable and limit.longest_pause != LimitRow.model_fields["longest_pause"].default:
        yield place.at("longest_pause").may("这个时限不会停", "pausable = true,或去掉它")


def _sources(procedure: Procedure, limit: LimitRow) -> Findings:
    place = Place("limit", limit.name)
    if limit.word and limit.word not in procedure.head.words:
        yield place.at("word").has(f"没有“{limit.word}”这个时间用语", nearest(limit.word, procedure.head.words))
    for cell, name in (("trigger", limit.trigger), ("until_from", limit.until_from)):
        fact = lookup(name, procedure.facts) if name else None
        if name and fact is None:
            known = [fact.name for fact in procedure.facts.values() if fact.type in TIMES]
            yield place.at(cell).has(f"没有“{name}”这个事实", nearest(name, ["received_at", "accepted_at", *known]))
        elif fact is not None and fact.type not in TIMES:
            yield place.at(cell).has(f"“{fact.label}”不是日期或时间", "类型为 date 或 instant 的登记项")


def _rungs(limit: LimitRow) -> Findings:
    """Rungs that stand before the limit begins, or that come more often than anybody can read."""
    place = Place("limit", limit.name, "ladder")
    whole = Length(limit.amount, limit.unit).natural if limit.amount else None
    for rung in limit.ladder:
        length = rung.offset.length.natural
        if rung.offset.before and length and whole and length >= whole:
            yield place.may(f"“{rung.id}”在时限开始之前", "短于时限的提前量,或百分比")
        if rung.also_to and not rung.also_from:
            yield place.may(f"“{rung.id}”的 also_to 没有说从第几次起", "also_from = 3")


def _unreachable(procedure: Procedure) -> Findings:
    """Extensions that an earlier row always decides."""
    rows = procedure.extensions
    for place, row in enumerate(rows):
        if any(_covers(earlier, row) for earlier in rows[:place]):
            yield Place("extension", row.id, "up_to").may("轮不到它:前面的行已经全部决定", "由短到长排列")


def _covers(earlier: ExtensionRow, row: ExtensionRow) -> bool:
    if earlier.times or (earlier.limits and not set(row.limits or ("",)) <= set(earlier.limits)):
        return False
    if not earlier.up_to:
        return True
    long, short = _length(earlier.up_to), _length(row.up_to)
    return long is not None and short is not None and long.unit is short.unit and short.number <= long.number


def _length(text: str) -> Length | None:
    try:
        return parse_length(text)
    except BadLength:
        return None
