"""The month as a diary: stories that wait for their hour, deeds done by verbs, and the sweep at its minutes."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from jobs.runner import unit_of_work
from models import Clock, Complaint, Staff
from workflow import access, obligations, verbs, wakeups
from workflow.access import SYSTEM, Actor
from workflow.act import Done
from workflow.errors import Refused
from workflow.registry import perform, refused

Story = Iterator[datetime]
"""Yields the instant at which it goes on; between two instants it does deeds."""
EVERY = timedelta(minutes=5)
KNOWN = verbs.VERBS  # importing the module is what makes every verb known


class Diary:
    """Runs stories in the order of time up to now; each step of a story is one transaction."""

    def __init__(self, sessions: sessionmaker[Session], files: Path, now: datetime) -> None:
        self.sessions, self.files, self.now = sessions, files, now
        self.at = now
        self.session: Session
        self.staff: dict[str, int] = {}
        self.refusals: list[str] = []
        self._waiting: list[tuple[datetime, int, Story]] = []
        self._told = 0
        self._swept = datetime(2000, 1, 1, tzinfo=UTC)

    def add(self, story: Story) -> None:
        """Take a story up; its first instant is asked at once."""
        first = next(story, None)
        if first is not None:
            self._wait(first, story)

    def _wait(self, until: datetime, story: Story) -> None:
        self._told += 1
        heapq.heappush(self._waiting, (until.replace(microsecond=0), self._told, story))

    def run(self) -> None:
        """Everything that happens until now; what would happen later has not happened."""
        while self._waiting and self._waiting[0][0] <= self.now:
            until, _number, story = heapq.heappop(self._waiting)
            self._sweep(until)
            following = self._step(until, story)
            if following is not None:
                self._wait(following, story)
        self._sweep(self.now)

    def _step(self, at: datetime, story: Story) -> datetime | None:
        """One step of a story; a deed that the verbs refuse is rolled back and ends it."""
        try:
            with unit_of_work(self.sessions) as self.session:
                self.at = at.astimezone(UTC)
                return next(story, None)
        except Refused as refusal:
            self.refusals.append(f"{at} {refusal}")
            return None

    def _sweep(self, until: datetime) -> None:
        """What the scheduler does on its minutes until then."""
        while True:
            with unit_of_work(self.sessions) as session:
                first = session.scalar(select(func.min(Clock.wake_at)))
                if first is None or (tick := max(_next_tick(first), self._swept + EVERY)) > until:
                    return
                for clock in wakeups.due(session, tick):
                    wakeups.wake(session, clock, tick)
                self._swept = tick

    def remind(self) -> None:
        """What the procedure owes each month, reminded by the machine."""
        obligations.remind_all(self.session, self.at)

    def actor(self, name: str) -> Actor:
        """The person as he is at this moment."""
        return access.actor_of(self.session, self.session.get_one(Staff, self.staff[name]), self.at)

    def do(self, verb: str, who: str, case: int | None = None, **arguments: Any) -> Done:
        """One deed of one person."""
        complaint = self.session.get(Complaint, case) if case else None
        actor = self.actor(who) if who else SYSTEM
        return perform(self.session, verb, complaint, arguments=arguments, actor=actor, now=self.at)

    def in_vain(self, verb: str, who: str, case: int, **arguments: Any) -> None:
        """A deed that the procedure does not allow yet: nothing changes, and the refusal stays in the history."""
        complaint, actor = self.session.get(Complaint, case), self.actor(who)
        try:
            with self.session.begin_nested():
                perform(self.session, verb, complaint, arguments=arguments, actor=actor, now=self.at)
        except Refused as refusal:
            refused(self.session, verb, complaint, refusal, actor=actor, now=self.at)


def _next_tick(moment: datetime) -> datetime:
    """The sweep's next minute at or after the moment."""
    start = moment.replace(minute=0, second=0, microsecond=0)
    steps = -(-(moment - start) // EVERY)
    return start + steps * EVERY
