"""When a limit begins and ends by what was done to a case: the deeds of its document, in their order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from rules.facts import Facts
from rules.quantities import SHANGHAI
from rules.time_rows import LimitRow

BY_HAND = "start_clock"


@dataclass(frozen=True)
class Deed:
    """Something that was done: when, and under which names limits speak of it (``verb``, ``verb:kind``)."""

    at: datetime
    marks: frozenset[str]


@dataclass(frozen=True)
class Run:
    """One run of a limit: from which instant, until which named one, and how it ended."""

    started_at: datetime
    until: date | None = None
    met_at: datetime | None = None
    cancelled_at: datetime | None = None


def starts_itself(limit: LimitRow) -> bool:
    """Whether the document alone says how long it is: not where the deed, or the stint, brings that along."""
    return (limit.amount is not None or bool(limit.until_from)) and not limit.per


def counts_from(limit: LimitRow, facts: Facts, now: datetime) -> datetime:
    """The instant that it counts from; the deed's own where none is named or known."""
    found = facts.get(limit.trigger) if limit.trigger else None
    if isinstance(found, datetime):
        return found
    return datetime.combine(found, time(0), SHANGHAI) if isinstance(found, date) else now


def named_day(limit: LimitRow, facts: Facts) -> date | None:
    """The day or instant that the case names instead of the amount."""
    named = facts.get(limit.until_from) if limit.until_from else None
    return named if isinstance(named, date) else None


def first_run(limit: LimitRow, begins: Iterable[tuple[Deed, Facts]], deeds: Sequence[Deed]) -> Run | None:
    """The first run of a limit, if it begins at all.

    ``begins`` are the deeds that may start it and after which its tests hold, with what was known then.
    """
    begun = next(iter(begins), None)
    if begun is None:
        return None
    (start, facts), met = begun, set(limit.met_by)
    later = deeds[deeds.index(start) + 1 :]
    ending = next((deed for deed in later if deed.marks & {*met, *limit.cancelled_by}), None)
    was_met = ending is not None and bool(ending.marks & met)
    return Run(
        counts_from(limit, facts, start.at),
        named_day(limit, facts),
        ending.at if ending and was_met else None,
        ending.at if ending and not was_met else None,
    )
