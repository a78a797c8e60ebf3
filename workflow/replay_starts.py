"""The clocks that another version would have started on past cases: by what was done to them, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.queries import recorded
from rules import clocks as ledger
from rules.clocks import BadLedger, Entry, EntryKind, NoDueTime, TooFar
from rules.limits import named_instant
from rules.procedure import Procedure
from rules.questions import every
from rules.replaying import Course
from rules.starting import BY_HAND, Deed, Run, first_run, starts_itself
from rules.time_rows import LimitRow
from workflow import timekeeping
from workflow.calendars import States, newest
from workflow.replay_clocks import LATE, Shift, is_late

KINDS = ("communicate", "fill_document")
"""Deeds of which it is recorded in columns of what kind they were."""


@dataclass(frozen=True)
class Past:
    """A case as a replay has it: how it would have gone, and what of it was not kept."""

    course: Course
    unkept: frozenset[str] = frozenset()


def uncounted(old: Procedure, new: Procedure) -> list[str]:
    """The limits that are new and that no record tells the beginning of: what a replay has to leave out."""
    known = {limit.name for limit in old.limits}
    return [limit.name for limit in new.limits if limit.name not in known and not _is_recorded(limit)]


def started(
    session: Session, new: Procedure, old: Procedure, cases: Mapping[int, Past], names: Collection[str], now: datetime
) -> tuple[list[Shift], set[tuple[int, str]]]:
    """The clocks of these names that the case never had and would have been late with, and those that it had and would
    not have got (case and name)."""
    limits = [limit for limit in new.limits if limit.name in names and _is_recorded(limit) and limit.started_by]
    if not limits or not cases:
        return [], set()
    had, reader = recorded.clocked(session, cases, {limit.name for limit in limits}), _Reader(session, new, cases, now)
    shifts: list[Shift] = []
    dropped: set[tuple[int, str]] = set()
    for limit in limits:
        before = old.limit(limit.name)
        rewritten = before is None or (before.when, before.starts, before.per) != (limit.when, limit.starts, limit.per)
        for case, past in cases.items():
            has = (case, limit.name) in had
            if (has and not rewritten) or past.unkept & {*limit.when, limit.trigger, limit.until_from}:
                continue
            run = reader.run(limit, case, past.course)
            if run is None and has:
                dropped.add((case, limit.name))
            elif run is not None and not has and (shift := reader.shift(limit, case, run)):
                shifts.append(shift)
    return shifts, dropped


def _is_recorded(limit: LimitRow) -> bool:
    """Whether what was recorded tells when it begins and ends."""
    marks = (*limit.started_by, *limit.met_by, *limit.cancelled_by)
    told = all(":" not in mark or mark.partition(":")[0] in KINDS for mark in marks)
    return starts_itself(limit) and told and BY_HAND not in limit.started_by


class _Reader:
    """The records of a batch of cases, each read once."""

    def __init__(self, session: Session, new: Procedure, cases: Collection[int], now: datetime) -> None:
        self.new, self.now = new, now
        self.calendars, self.version = States(session, new), newest(session)
        self.deeds = _deeds(session, new, cases)
        self.closed = recorded.closings(session, cases)
        self.stops: dict[int, list[Any]] = defaultdict(list)
        for row in recorded.stops(session, cases):
            self.stops[row.complaint_id].append(row)
        self.tests = {limit.name: new.tests_of(limit.when) for limit in new.limits}

    def run(self, limit: LimitRow, case: int, course: Course) -> Run | None:
        """The first run that the limit would have had on the case."""
        deeds = self.deeds.get(case, [])
        begins = self._begins(limit, deeds, course)
        return first_run(limit, begins, deeds)

    def _begins(self, limit: LimitRow, deeds: Sequence[Deed], course: Course) -> Iterator[tuple[Deed, Any]]:
        starts, tests = set(limit.started_by), self.tests[limit.name]
        for deed in deeds:
            if deed.marks & starts:
                facts = course.facts_at(deed.at)
                if every(test.holds(facts.get(name)) for name, test in tests.items()):
                    yield deed, facts

    def shift(self, limit: LimitRow, case: int, run: Run) -> Shift | None:
        """That it would have been late; nothing where it would have been in time, or cannot be counted."""
        counted, calendar = limit.limit(), self.calendars[self.version]
        closed = self.closed.get(case)
        ends = [at for at in (run.met_at, run.cancelled_at, closed) if at is not None and at >= run.started_at]
        ended = min(ends, default=None)
        try:
            until = named_instant(run.until, calendar, counted, run.started_at) if run.until else None
            entries = [Entry(EntryKind.START, run.started_at, until, calendar=self.version)]
            entries += _between(self.stops[case], run.started_at, ended)
            reading = ledger.read(entries, counted, self.calendars)
        except (BadLedger, NoDueTime, TooFar):
            return None
        due = reading.due_at
        if due is None or not is_late(due, ended, reading.paused_at, self.now):
            return None
        seen = {"name": limit.name, "due_at": due.isoformat(), "late": True, "steps": list(reading.steps)}
        return Shift(case, LATE, limit.name, run.started_at, {}, seen)


def _between(lines: Iterable[Any], start: datetime, end: datetime | None) -> list[Entry]:
    """The pauses of the case while the clock would have run; all its clocks stood still together."""
    own = {(line.kind, line.at): line for line in lines if line.at >= start and (end is None or line.at < end)}
    return timekeeping.entries_from(own.values())


def _deeds(session: Session, new: Procedure, cases: Collection[int]) -> dict[int, list[Deed]]:
    """What was done to each case, oldest first."""
    asked = {mark.partition(":")[0] for limit in new.limits for mark in _marks(limit) if ":" in mark}
    found: dict[int, list[Deed]] = defaultdict(list)
    for row in recorded.deeds(session, cases):
        found[row.complaint_id].append(Deed(row.at, frozenset({row.verb})))
    if "communicate" in asked:
        for row in recorded.talks(session, cases):
            marks = {f"communicate:{row.kind}", f"communicate:{row.direction}"}
            found[row.complaint_id].append(Deed(row.at, frozenset(marks)))
    if "fill_document" in asked:
        for row in recorded.papers(session, cases):
            found[row.complaint_id].append(Deed(row.created_at, frozenset({f"fill_document:{row.kind}"})))
    for deeds in found.values():
        deeds.sort(key=lambda deed: deed.at)
    return found


def _marks(limit: LimitRow) -> tuple[str, ...]:
    return (*limit.started_by, *limit.met_by, *limit.cancelled_by)
