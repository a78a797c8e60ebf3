"""重放: past cases judged by another version, batch by batch, until they are through or somebody stops it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from time import sleep

from sqlalchemy.orm import Session, sessionmaker

from jobs.runner import GIVE_WAY, Item, Job, unit_of_work, utc_now
from workflow import replay

EVERY_SECONDS = 2
"""How long somebody who asks for a replay waits at most until it begins."""


def find(session: Session, now: datetime) -> Iterable[Item]:
    """The replays that wait or were interrupted, the oldest first: one look at an index."""
    return [Item("replay", key) for key in replay.waiting(session)]


def do(session: Session, item: Item, now: datetime) -> bool:
    """One batch within the transaction of the caller."""
    return replay.advance(session, item.id, now)


def in_steps(session_factory: sessionmaker[Session], item: Item, now: datetime) -> bool:
    """All batches that are left: each is worked out by reading, and written in a transaction of milliseconds, so that
    people who save do not wait for it. False when another worker has it."""
    while True:
        with unit_of_work(session_factory, writes=False) as session:
            step = replay.look(session, item.id)
        if step is None:
            return False
        with unit_of_work(session_factory) as session:
            more = replay.keep(session, step, utc_now())
        if not more:
            return step.found is not None
        sleep(GIVE_WAY)


JOB = Job("replays", "重放制度", find, do, in_steps=in_steps, often=True)
