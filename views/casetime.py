"""The time of a case as people read it: every clock on one line of time, and what each department's stint took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask_babel import gettext as _

from models import Assignment, Clock, ClockEntry, Complaint, db
from rules.readings import Spent
from rules.timeline import Mark, MarkKind
from rules.vocabulary import HelpState, RungDeed
from views.clocklines import Words, words_of
from views.formats import local, span
from views.said import said
from workflow import stints, timelines
from workflow.act import minute
from workflow.ladders import NOTABLY
from workflow.timelines import Told

TONES = {
    MarkKind.PAUSE: "paused",
    MarkKind.PAUSE_ENDS: "paused",
    MarkKind.MEET: "done",
    MarkKind.CANCEL: "void",
    MarkKind.TRANSFER: "void",
}
KEPT, GIVEN_UP, MOVED, WHEN_IT_GOES_ON = "已按期办完", "不再计时", "后来改了", "挂起中，恢复后顺延"


@dataclass(frozen=True)
class Moment:
    """One line of the time line."""

    at: datetime
    name: str
    of: str
    """Whose it is where a case has several of the name: the department's, the order's, the measure's."""
    cycle: int
    what: str
    detail: tuple[str, ...]
    whom: tuple[str, ...]
    tone: str
    coming: bool
    void: bool
    late: timedelta

    @property
    def how_late(self) -> str:
        """By how much it came too late, in words."""
        return span(self.late) if self.late else ""


@dataclass(frozen=True)
class Line:
    """The time line: what has been, the latest last, and what will be."""

    past: tuple[Moment, ...]
    coming: tuple[Moment, ...]

    @property
    def waits(self) -> bool:
        """Whether anything will be if nothing changes."""
        return any(not one.void for one in self.coming)


@dataclass(frozen=True)
class Promise:
    """A limit that was a stint's own."""

    name: str
    due_at: datetime
    words: Words
    was_late: bool
    """Whether it was late in an earlier round, whatever it is now."""


@dataclass(frozen=True)
class Help:
    """What a department was asked to help with, who does it, how it stands and what came of it."""

    state: HelpState
    person: str
    asked: str
    result: str


@dataclass(frozen=True)
class Stint:
    """How long a department had the case."""

    kind: str
    department: str
    since: datetime
    until: datetime | None
    returned: bool
    help: Help | None
    spent: Spent
    promises: tuple[Promise, ...]


def line_of(case: Complaint, now: datetime) -> Line:
    """Everything that happened to the clocks of the case and what will, in order."""
    found = [moment_of(told, now) for told in timelines.of_case(db.session(), case, now)]
    return Line(tuple(one for one in found if not one.coming), tuple(one for one in found if one.coming))


def moment_of(told: Told, now: datetime) -> Moment:
    """A mark in words."""
    clock, mark = told.clock, told.mark
    return Moment(
        mark.at,
        clock.name,
        str((clock.assignment and clock.assignment.department) or clock.order or clock.measure or ""),
        mark.cycle,
        _what(mark),
        tuple(part for part in _details(told) if part),
        told.whom or (),
        _tone(mark, now),
        mark.coming,
        mark.void or told.whom is None,
        mark.late if mark.rung is None or mark.late >= NOTABLY else timedelta(),
    )


def _what(mark: Mark) -> str:
    if mark.rung is not None and mark.rung.do is RungDeed.REMIND and mark.rung.offset.before:
        return "临期提醒"
    return str(mark.rung.do if mark.rung else mark.kind)


def _details(told: Told) -> Iterable[str]:
    """What else there is to say about it, as it was recorded."""
    mark, entry = told.mark, told.entry
    if mark.rung is not None:
        return _of_rung(told)
    if mark.kind is MarkKind.DUE:
        return [_of_due(told)]
    if entry is None:
        return []
    if mark.kind in (MarkKind.START, MarkKind.REOPEN):
        return [told.counts, entry.reason]
    return _of_entry(mark.kind, entry)


def _of_entry(kind: MarkKind, entry: ClockEntry) -> Iterable[str]:
    """Until when, to whom, why, and who did or agreed to it."""
    if kind is MarkKind.EXTEND and entry.until:
        yield _("延至 %(at)s", at=minute(entry.until))
    if kind is MarkKind.TRANSFER:
        yield entry.data.get("to", "")
    if entry.reason:
        yield f"原因 {entry.reason}"
    if by := entry.data.get("approver"):
        yield f"批准 {by}"
    elif entry.by:
        yield entry.by.name


def _of_rung(told: Told) -> Iterable[str]:
    rung = told.mark.rung
    if rung is None:
        return
    if told.mark.nth > 1:
        yield _("第 %(n)s 次", n=told.mark.nth)
    if rung.grade:
        yield rung.grade
    yield rung.text
    if told.mark.coming and rung.every:
        yield _("以后每 %(every)s 一次", every=said(rung.every))
    if told.whom is None:
        yield "按现在的情况不会做" if told.mark.coming else "条件不成立，没有起作用"
    elif not told.whom:
        yield "没有写明告知谁"


def _of_due(told: Told) -> str:
    clock, mark = told.clock, told.mark
    if mark.moved:
        return MOVED
    if mark.void:
        return KEPT if clock.done_at or mark.cycle < clock.cycle else GIVEN_UP
    return WHEN_IT_GOES_ON if mark.coming and clock.paused_at and not clock.ended_at else ""


def _tone(mark: Mark, now: datetime) -> str:
    if mark.kind is MarkKind.DUE:
        if mark.void:
            return "void"
        return "late" if mark.at <= now else "soon" if local(mark.at).date() == local(now).date() else "due"
    if mark.rung is not None and mark.rung.do is not RungDeed.REMIND:
        return "open" if mark.coming else "late"
    if mark.kind is MarkKind.MEET and mark.late:
        return "late"
    return TONES.get(mark.kind, "open")


def stints_of(case: Complaint, now: datetime) -> list[Stint]:
    """Each department's time with the case, its own limits, and how they were kept."""
    return [
        Stint(
            one.kind,
            one.department.name,
            one.since,
            one.until,
            one.returned and one.help is None,
            _help(one.help),
            one.spent,
            tuple(map(partial(_promise, now=now), one.clocks)),
        )
        for one in stints.stretches(db.session(), case, now)
    ]


def _help(stint: Assignment | None) -> Help | None:
    return Help(stint.help_state, str(stint.person or ""), stint.reason, stint.result) if stint else None


def _promise(clock: Clock, now: datetime) -> Promise:
    words = words_of(clock, now)
    return Promise(clock.name, clock.due_at, words, clock.ever_late and words.tone != "late")


def total(found: Iterable[Stint]) -> Spent:
    """All stints together; departments at work at the same time each count."""
    return sum((one.spent for one in found), Spent())


def as_json(case: Complaint, now: datetime) -> dict[str, Any]:
    """The same for programs."""
    line, found = line_of(case, now), stints_of(case, now)
    return {
        "timeline": [_moment_json(one) for one in (*line.past, *line.coming)],
        "stints": [_stint_json(one) for one in found],
        "time": _spent_json(total(found)),
    }


def _moment_json(one: Moment) -> dict[str, Any]:
    return {
        "at": one.at.isoformat(),
        "clock": one.name,
        "of": one.of,
        "cycle": one.cycle,
        "what": one.what,
        "detail": "，".join(one.detail),
        "to": one.whom,
        "coming": one.coming,
        "void": one.void,
        "late_seconds": int(one.late.total_seconds()),
    }


def _stint_json(one: Stint) -> dict[str, Any]:
    promises = [
        {
            "name": each.name,
            "due_at": each.due_at.isoformat(),
            "words": each.words.text,
            "late": each.was_late or each.words.tone == "late",
        }
        for each in one.promises
    ]
    return {
        "kind": one.kind,
        "department": one.department,
        "since": one.since.isoformat(),
        "until": one.until.isoformat() if one.until else None,
        "returned": one.returned,
        "help": asdict(one.help) if one.help else None,
        **_spent_json(one.spent),
        "promises": promises,
    }


def _spent_json(took: Spent) -> dict[str, int]:
    return {
        "working_seconds": int(took.working.total_seconds()),
        "natural_seconds": int(took.natural.total_seconds()),
        "paused_seconds": int(took.stood.total_seconds()),
    }
