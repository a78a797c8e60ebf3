"""A case's clocks as lines of its page: how much is gone, what is left, until when, and how that was counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy.orm import object_session

from models import Clock, Complaint
from rules import clocks as ledger
from rules.clocks import Reading
from rules.vocabulary import ClockStatus
from views.formats import local, span
from workflow import procedures, timekeeping
from workflow.calendars import States

TONES = {
    ClockStatus.RUNNING: "open",
    ClockStatus.MET: "done",
    ClockStatus.OVERDUE: "late",
    ClockStatus.MET_LATE: "late",
    ClockStatus.CANCELLED: "void",
    ClockStatus.PAUSED: "paused",
    ClockStatus.TRANSFERRED: "done",
}


@dataclass(frozen=True)
class Words:
    """A sentence with the tone that colours it."""

    text: str
    tone: str


@dataclass(frozen=True)
class ClockLine:
    """One clock as people read it."""

    name: str
    share: int
    """How much of the time is gone, in hundredths."""
    words: Words
    due_at: datetime
    original_due_at: datetime
    provisional: bool
    steps: tuple[str, ...]
    cycle: int
    department: str = ""
    """Whose stint it belongs to, where each has a clock of its own."""
    runs: bool = True


def reading_of(clock: Clock) -> Reading:
    """What is stored of the clock, as the rules read it."""
    return Reading(
        due_at=clock.due_at,
        original_due_at=clock.original_due_at,
        started_at=clock.started_at,
        paused_at=clock.paused_at,
        done_at=clock.done_at,
        cancelled=clock.cancelled_at is not None,
        transferred_at=clock.transferred_at,
    )


def line_of(clock: Clock, now: datetime) -> ClockLine:
    """The line of a clock at this moment."""
    return ClockLine(
        clock.name,
        _share(clock, now),
        words_of(clock, now),
        clock.due_at,
        clock.original_due_at,
        clock.provisional,
        steps_of(clock, now),
        clock.cycle,
        str(clock.assignment.department) if clock.assignment else "",
        clock.ended_at is None,
    )


def steps_of(clock: Clock, now: datetime) -> tuple[str, ...]:
    """How the due instant came about, told by the ledger."""
    session = object_session(clock)
    if session is None:
        return ()
    return timekeeping.read(clock, States(session, procedures.of_clock(session, clock, now))).steps


def lines_of(clocks: Iterable[Clock], now: datetime) -> list[ClockLine]:
    """Running ones first, the soonest due at the top; what is over stands below."""
    ordered = sorted(clocks, key=lambda clock: (clock.ended_at is not None, clock.due_at))
    return [line_of(clock, now) for clock in ordered]


def _share(clock: Clock, now: datetime) -> int:
    until = clock.ended_at or clock.paused_at or now
    whole = (clock.due_at - clock.started_at).total_seconds()
    gone = (until - clock.started_at).total_seconds()
    return 100 if whole <= 0 else max(0, min(100, round(100 * gone / whole)))


def words_of(clock: Clock, now: datetime) -> Words:
    """What is left, by how much it was or is late, or how it ended."""
    reading = reading_of(clock)
    match status := ledger.status(reading, now):
        case ClockStatus.OVERDUE:
            return Words(late_words(ledger.days_overdue(reading, now)), "late")
        case ClockStatus.MET_LATE:
            days = ledger.days_overdue(reading, now)
            return Words(str(_("办完，%(late)s", late=late_words(days))), "late")
        case ClockStatus.RUNNING:
            left = clock.due_at - now
            tone = "soon" if local(clock.due_at).date() == local(now).date() else "open"
            return Words(str(_("还有 %(span)s", span=span(left))), tone)
        case _:
            return Words(str(_(str(status))), TONES[status])


def late_words(days: int) -> str:
    """超期 3 天."""
    return str(ngettext("超期 %(num)d 天", "超期 %(num)d 天", days))


def to_steps(case: int, shown: Any) -> Markup:
    """A due instant of a list, or the word about it: one click leads to how it was counted."""
    return Markup('<a class="due" href="{}">{}</a>').format(url_for("complaints.time", id=case), shown)


def due_words(case: Complaint, now: datetime) -> Words | None:
    """How late a case is, in a word, for lists: 超期 2 天, 今日到期, or nothing when there is time."""
    if case.due_at is None or case.closed_at is not None:
        return Words(str(_("曾超期")), "void") if case.was_overdue else None
    if now > case.due_at:
        days = max((local(now).date() - local(case.due_at).date()).days, 1)
        return Words(late_words(days), "late")
    if local(case.due_at).date() == local(now).date():
        return Words(str(_("今日到期")), "soon")
    return None
