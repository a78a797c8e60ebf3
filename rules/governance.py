"""Who has to agree to a pause or an extension, and how far it may go; the rows of the document, asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rules.lengths import natural_length, parse_length
from rules.limits import Limit, due, of_length
from rules.readings import Cycle, Reading
from rules.time_rows import ExtensionRow, PauseRow
from rules.worktime import Calendar

TOO_LONG, TOO_OFTEN = "太长", "次数已满"


@dataclass(frozen=True)
class Level:
    """What an extension needs: the row that decides it, or why none may. Neither: the usual decision."""

    row: ExtensionRow | None = None
    fault: str = ""
    latest: datetime | None = None
    """Up to when an extension could be granted at all, where that is why none may."""


def pause_terms(rows: Iterable[PauseRow], reason: str) -> PauseRow:
    """What standing still for this reason needs; a reason without row needs nothing more than to be said (G-12)."""
    return next((row for row in rows if row.reason == reason), PauseRow(reason=reason))


def pauses(row: PauseRow, limit: Limit) -> bool:
    """Whether the limit stops for that reason."""
    return limit.pausable and (not row.limits or limit.name in row.limits)


def pause_until(row: PauseRow, limit: Limit, at: datetime) -> datetime:
    """When a pause that begins at that instant ends by itself: after the shorter of what row and limit allow."""
    return at + min(natural_length(row.longest), limit.longest_pause)


def extension_level(
    rows: Iterable[ExtensionRow],
    limit: Limit,
    reading: Reading,
    wanted: datetime,
    granted: int,
    calendar: Calendar,
) -> Level:
    """Which row decides an extension to that instant, when so many were granted before.

    Measured is all that lies beyond what was promised, so that many small extensions need what one large one needs.
    """
    own = [row for row in rows if not row.limits or limit.name in row.limits]
    if not own or not reading.cycles:
        return Level()
    cycle = reading.cycles[-1]
    latest = [allowed_until(row, limit, cycle, calendar) for row in own]
    reaching = [row for row, until in zip(own, latest, strict=True) if until is None or wanted <= until]
    if not reaching:
        return Level(None, TOO_LONG, max(until for until in latest if until is not None))
    found = next((row for row in reaching if not row.times or granted < row.times), None)
    return Level(found) if found else Level(None, TOO_OFTEN)


def allowed_until(row: ExtensionRow, limit: Limit, cycle: Cycle, calendar: Calendar) -> datetime | None:
    """Up to when a row may extend the cycle; None for any instant."""
    promised = cycle.without_extension
    if not row.up_to:
        return None
    if row.up_to.endswith("%"):
        share = int(row.up_to.removesuffix("%")) / 100
        if limit.counts_working_time:
            return calendar.add_working(promised, cycle.used(promised, calendar, working=True) * share).at
        return promised + cycle.used(promised, calendar) * share
    return due(of_length(limit.name, parse_length(row.up_to)), promised, calendar).at
