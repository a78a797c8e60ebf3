"""DOOR: the clock and the commits of everything that runs without a browser.

A job is two functions: ``find`` says what is due, ``do`` handles one item by a verb. The runner does the rest: one
transaction an item, a row for the run, and what fails is parked with its reason while the others go on. A job with much
to do finds it in pages and handles a page in one transaction (``do_page``); a page that fails is taken item by item.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from models.jobrun import JobRun, ParkedItem
from workflow.batches import Together, undisturbed

log = logging.getLogger(__name__)
AnySession = TypeVar("AnySession", bound=Session)

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
def unit_of_work(session_factory: sessionmaker[AnySession], *, writes: bool = True) -> Iterator[AnySession]:
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
class Handled:
    """What became of a page: the items that are done, and those that want a transaction of their own."""

    done: Sequence[Item]
    alone: Sequence[Item] = ()


DoPage = Callable[[Together, Sequence[Item], datetime], Handled]


@dataclass(frozen=True)
class Job:
    """A wake-up. ``do`` returns False when another scheduler had claimed the item first.

    A job with ``do_page`` finds its items in pages: ``find`` is told the last item of the page before.
    """

    name: str
    label: str
    find: Callable[..., Iterable[Item]]
    do: Callable[[Session, Item, datetime], bool | None]
    do_page: DoPage | None = None
    in_steps: Callable[[sessionmaker[Session], Item, datetime], bool] | None = None
    """Instead of ``do`` for an item that takes long: it opens short transactions of its own, one after the other."""
    often: bool = False
    """Looks every few seconds: it runs, and leaves a row, only when there is something to do."""


@dataclass
class Tally:
    """What a run did so far."""

    done: int = 0
    parked: int = 0
    late: timedelta = timedelta(0)
    seen: set[tuple[str, int]] = field(default_factory=set)
    faults: set[str] = field(default_factory=set)
    """What went wrong so far, each once."""

    def count(self, item: Item, now: datetime) -> None:
        """One more is done, so late."""
        self.done += 1
        self.late = max(self.late, now - (item.due_at or now))

    def is_new(self, fault: str) -> bool:
        """Whether this is the first time that it went wrong so: where it did is logged once."""
        known = fault in self.faults
        self.faults.add(fault)
        return not known


def run_job(session_factory: sessionmaker[Session], job: Job, now: datetime) -> JobRun:
    """Handle everything that is due at ``now`` and return the finished row of the run.

    The row is written before the first item, so that a run that was killed stays visible as one without an end.
    """
    with unit_of_work(session_factory) as session:
        run = JobRun(name=job.name, started_at=utc_now(), as_of=now, host=socket.gethostname()[:100])
        session.add(run)
    tally, error = Tally(), ""
    try:
        if job.do_page is None:
            _each(session_factory, job, now, tally)
        else:
            _in_pages(session_factory, job, job.do_page, now, tally)
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


def nothing_to_do(session_factory: sessionmaker[Session], job: Job, now: datetime) -> bool:
    """Whether a look finds nothing."""
    return not _due(session_factory, job, now, Tally())


def _each(session_factory: sessionmaker[Session], job: Job, now: datetime, tally: Tally) -> None:
    """Item by item, until a look finds none that this run has not met."""
    while items := _due(session_factory, job, now, tally):
        for item in items:
            _handle(session_factory, job, item, now, tally)
            sleep(GIVE_WAY)


def _in_pages(session_factory: sessionmaker[Session], job: Job, do_page: DoPage, now: datetime, tally: Tally) -> None:
    """Page after page to the end, again and again until nothing was left to do: only one page is in memory.

    A page is one transaction; when it fails its items have one each, so that one broken item stops no other.
    """
    touched = -1
    while tally.done + tally.parked > touched:
        touched, last = tally.done + tally.parked, None
        while items := _page(session_factory, job, now, last):
            try:
                handled = _do_page(session_factory, job, do_page, items, now)
            except Exception as fault:
                said = _describe(fault)
                log.exception(
                    "job %s takes a page item by item: %s", job.name, said, exc_info=tally.is_new(said) or None
                )
                handled = Handled((), items)
            for item in handled.done:
                tally.count(item, now)
            for item in handled.alone:
                _handle(session_factory, job, item, now, tally)
            last = items[-1]
            sleep(GIVE_WAY)


def _page(session_factory: sessionmaker[Session], job: Job, now: datetime, last: Item | None) -> list[Item]:
    with unit_of_work(session_factory, writes=False) as session:
        return list(job.find(session, now, last))


def _do_page(
    session_factory: sessionmaker[Session], job: Job, do_page: DoPage, items: list[Item], now: datetime
) -> Handled:
    with undisturbed(), unit_of_work(_together(session_factory)) as session:
        handled = do_page(session, items, now)
        keys = [item.id for item in handled.done]
        session.execute(
            delete(ParkedItem).where(
                ParkedItem.job == job.name, ParkedItem.table == items[0].table, ParkedItem.item_id.in_(keys)
            )
        )
    return handled


def _together(session_factory: sessionmaker[Session]) -> sessionmaker[Together]:
    """The same database, by sessions that keep what they are told until the end of a page."""
    return sessionmaker(session_factory.kw["bind"], class_=Together, expire_on_commit=False)


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
    if job.do_page is None:
        tally.seen.add((item.table, item.id))
    try:
        mine = job.in_steps is None or job.in_steps(session_factory, item, now)
        with unit_of_work(session_factory) as session:
            if job.in_steps is None:
                mine = job.do(session, item, now) is not False
            _unpark(session, job, item)
    except Exception as fault:
        said = _describe(fault)
        log.exception(
            "job %s parked %s %s: %s", job.name, item.table, item.id, said, exc_info=tally.is_new(said) or None
        )
        # two schedulers may fail on the same item at once: one row of it is enough
        with suppress(IntegrityError), unit_of_work(session_factory) as session:
            _park(session, job, item, now, said)
        tally.parked += 1
        return
    if mine:
        tally.count(item, now)


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
