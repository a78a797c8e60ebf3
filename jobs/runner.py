"""DOOR: the clock and the commits of everything that runs without a browser.

A job is two functions: ``find`` says what is due, ``do`` handles one item by a verb. The runner does the rest: one
transaction an item, a row for the run, and what fails is parked with its reason while the others go on.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import sleep
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from models.jobrun import JobRun, ParkedItem

log = logging.getLogger(__name__)

GIVE_WAY = 0.003
"""Seconds between two items in which a person who saves can go first: SQLite has one writer at a time."""
RETRY_FIRST = timedelta(minutes=5)
RETRY_LAST = timedelta(days=1)


def utc_now() -> datetime:
    """The instant at which a command or a scheduled run starts; from here on it is handed down as ``now``."""
    return datetime.now(UTC)


def instant(text: str) -> datetime:
    """An instant as it is typed (ISO); without a zone it is Shanghai's. ``ValueError`` when it is none."""
    typed = datetime.fromisoformat(text)
    return (typed if typed.tzinfo else typed.replace(tzinfo=ZoneInfo("Asia/Shanghai"))).astimezone(UTC)


def sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions for jobs and commands on this engine; rows stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def unit_of_work(session_factory: sessionmaker[Session], *, writes: bool = True) -> Iterator[Session]:
    """One transaction: committed when the block ends, rolled back when it raises.

    A writer says so at once, because SQLite loses a read-modify-write whose transaction began as a reader.
    """
    with session_factory() as session:
        if writes:
            session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


@dataclass(frozen=True)
class Item:
    """One thing that is due: the row it stands for, and since when."""

    table: str
    id: int
    due_at: datetime | None = None


@dataclass(frozen=True)
class Job:
    """A wake-up. ``do`` returns False when another scheduler had claimed the item first."""

    name: str
    label: str
    find: Callable[[Session, datetime], Iterable[Item]]
    do: Callable[[Session, Item, datetime], bool | None]


@dataclass
class Tally:
    """What a run did so far."""

    done: int = 0
    parked: int = 0
    late: timedelta = timedelta(0)
    seen: set[tuple[str, int]] = field(default_factory=set)


def run_job(session_factory: sessionmaker[Session], job: Job, now: datetime) -> JobRun:
    """Handle everything that is due at ``now`` and return the finished row of the run.

    The row is written before the first item, so that a run that was killed stays visible as one without an end.
    """
    with unit_of_work(session_factory) as session:
        run = JobRun(name=job.name, started_at=utc_now(), as_of=now, host=socket.gethostname()[:100])
        session.add(run)
    tally, error = Tally(), ""
    try:
        while items := _due(session_factory, job, now, tally):
            for item in items:
                _handle(session_factory, job, item, now, tally)
                sleep(GIVE_WAY)
    except Exception as fault:
        log.exception("job %s stopped", job.name)
        error = _describe(fault)
    with unit_of_work(session_factory) as session:
        run = session.merge(run)
        run.finished_at = utc_now()
        run.done, run.parked = tally.done, tally.parked
        run.latest_by_seconds = int(tally.late.total_seconds())
        run.error = error
    return run


def line(run: JobRun) -> str:
    """A run in one line, as the command prints it."""
    text = f"{run.name} {run.as_of:%Y-%m-%dT%H:%M:%SZ} 完成 {run.done} 搁置 {run.parked}"
    return f"{text} 最迟 {run.latest_by_seconds} 秒" + (f" 错误 {run.error}" if run.error else "")


def _due(session_factory: sessionmaker[Session], job: Job, now: datetime, tally: Tally) -> list[Item]:
    """What is due and was neither handled in this run nor parked until later."""
    with unit_of_work(session_factory, writes=False) as session:
        waiting = select(ParkedItem).where(ParkedItem.job == job.name, ParkedItem.retry_at > now)
        skip = {(parked.table, parked.item_id) for parked in session.scalars(waiting)} | tally.seen
        return [item for item in job.find(session, now) if (item.table, item.id) not in skip]


def _handle(session_factory: sessionmaker[Session], job: Job, item: Item, now: datetime, tally: Tally) -> None:
    """One item, one transaction; a failure is parked in a transaction of its own."""
    tally.seen.add((item.table, item.id))
    try:
        with unit_of_work(session_factory) as session:
            mine = job.do(session, item, now) is not False
            _unpark(session, job, item)
    except Exception as fault:
        log.exception("job %s parked %s %s", job.name, item.table, item.id)
        # two schedulers may fail on the same item at once: one row of it is enough
        with suppress(IntegrityError), unit_of_work(session_factory) as session:
            _park(session, job, item, now, _describe(fault))
        tally.parked += 1
        return
    if mine:
        tally.done += 1
        tally.late = max(tally.late, now - (item.due_at or now))


def _parked(session: Session, job: Job, item: Item) -> ParkedItem | None:
    return session.scalar(
        select(ParkedItem).where(
            ParkedItem.job == job.name, ParkedItem.table == item.table, ParkedItem.item_id == item.id
        )
    )


def _unpark(session: Session, job: Job, item: Item) -> None:
    if row := _parked(session, job, item):
        session.delete(row)


def _park(session: Session, job: Job, item: Item, now: datetime, error: str) -> None:
    """Remember the failure; each further one doubles the wait, up to a day."""
    row = _parked(session, job, item)
    if row is None:
        row = ParkedItem(job=job.name, table=item.table, item_id=item.id, attempts=0, first_at=now)
        session.add(row)
    row.attempts += 1
    row.retry_at = now + min(RETRY_FIRST * 2 ** min(row.attempts - 1, 10), RETRY_LAST)
    row.error = error


def _describe(fault: Exception) -> str:
    """The kind of failure and its message, without the statement's parameters (they hold personal data)."""
    cause = getattr(fault, "orig", None) or fault
    return f"{type(fault).__name__}: {cause}"[:2000]
