"""Many deeds of the machine in one transaction: what they all need is read once, what they write is written together.

A verb stays what it is: it asks for its case's rows and adds its own, one deed after the other. On the session of a
batch the rows were read beforehand, for all its cases at once, and nothing is sent before the end, so that a hundred
deeds cost a few statements a kind instead of sixty each. Who asks the database for something that a deed of the
batch may have written says so first (``sent``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import bindparam, event, func, inspect, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from models import Event, Notice

PLACE = "batch"
Thing = TypeVar("Thing")


class Together(Session):
    """A session that keeps what it is told until the end of a batch."""

    waiting = False

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Send what was changed, unless it waits for the end of the batch."""
        if not self.waiting:
            super().flush(objects)


@dataclass
class Batch:
    """What a batch knows of its cases without asking again."""

    cases: frozenset[int]
    tables: tuple[type[Any], ...] = ()
    rows: dict[type[Any], dict[int | None, list[Any]]] = field(default_factory=dict)
    chains: dict[int | None, tuple[int, str]] = field(default_factory=dict)
    """Case to the number and the hash of the last line of its history."""
    keys: set[str] = field(default_factory=set)
    """The keys of the notices that the batch sends."""
    known: dict[Any, Any] = field(default_factory=dict)
    """Whatever is the same for all deeds: documents, calendars, departments by name."""
    kept: list[Any] = field(default_factory=list)
    """Rows that lead nowhere but into the session, which forgets what nobody holds."""

    def of_case(self, table: type[Any], case: int | None) -> list[Any] | None:
        """The case's rows of that kind, oldest first; None where the batch does not know them."""
        if case not in self.cases or table not in self.rows:
            return None
        return self.rows[table][case]


def of(session: Session) -> Batch | None:
    """The batch that this session is in."""
    found: Batch | None = session.info.get(PLACE)
    return found


def once(session: Session, key: Any, look: Callable[[], Thing]) -> Thing:
    """What ``look`` finds; within a batch it looks once."""
    batch = of(session)
    if batch is None:
        return look()
    if key not in batch.known:
        batch.known[key] = look()
    found: Thing = batch.known[key]
    return found


def sent(session: Session, *tables: type[Any]) -> None:
    """Before the database is asked for rows of these kinds: send those that a deed of the batch has added."""
    if of(session) is not None and any(isinstance(thing, tables) for thing in session.new):
        Session.flush(session)


@contextmanager
def together(session: Together, cases: Iterable[int], tables: tuple[type[Any], ...]) -> Iterator[Batch]:
    """A batch on these cases. When the block ends well everything is sent; the door commits."""
    batch = Batch(frozenset(cases), tables)
    _read(session, batch)
    session.info[PLACE], session.autoflush, session.waiting = batch, False, True
    try:
        yield batch
        _drop_told(session, batch)
        _number(session)
        _write_changes(session)
    finally:
        session.waiting, session.autoflush = False, True
        session.info.pop(PLACE, None)
    session.flush()


def _read(session: Session, batch: Batch) -> None:
    """The rows of all cases, a statement a table, and where the history of each ends."""
    for table in batch.tables:
        found: dict[int | None, list[Any]] = defaultdict(list)
        for row in session.scalars(select(table).where(table.complaint_id.in_(batch.cases)).order_by(table.id)):
            found[row.complaint_id].append(row)
        batch.rows[table] = found
    last = (
        select(Event.complaint_id, func.max(Event.seq).label("seq"))
        .where(Event.complaint_id.in_(batch.cases))
        .group_by(Event.complaint_id)
        .subquery()
    )
    here = (Event.complaint_id == last.c.complaint_id) & (Event.seq == last.c.seq)
    for case, seq, mark in session.execute(select(Event.complaint_id, Event.seq, Event.hash).join(last, here)):
        batch.chains[case] = (seq or 0, mark)


@event.listens_for(Session, "transient_to_pending")
def _remember(session: Session, thing: Any) -> None:
    """What a deed adds belongs to its case at once."""
    batch = of(session)
    if batch is not None and type(thing) in batch.rows:
        batch.rows[type(thing)][thing.complaint_id].append(thing)


def _number(session: Session) -> None:
    """Keys for what is new, counted on from the last: SQLite, which has one writer, then takes each kind of row in one
    statement, and without them row by row."""
    if session.get_bind().dialect.name != "sqlite":
        return
    new: dict[type[Any], list[Any]] = defaultdict(list)
    for thing in session.new:
        new[type(thing)].append(thing)
    for table, things in new.items():
        last = session.scalar(select(func.max(table.id))) or 0
        for key, thing in enumerate(things, last + 1):
            thing.id = key


def _write_changes(session: Session) -> None:
    """The rows that were changed, a statement for those in which the same columns were; each is written only where it
    still is as it was read, as always."""
    alike: dict[tuple[Any, ...], list[tuple[Any, dict[str, Any]]]] = defaultdict(list)
    for thing in session.dirty:
        mapper = inspect(type(thing))
        old = inspect(thing).committed_state
        changed = {name: getattr(thing, name) for name in old if getattr(thing, name) != old[name]}
        if mapper.version_id_col is not None and all(name in mapper.column_attrs for name in changed):
            alike[type(thing), *sorted(changed)].append((thing, changed))
    for (table, *names), things in alike.items():
        if names:
            _update(session, table, names, things)


def _update(session: Session, table: type[Any], names: list[str], things: list[tuple[Any, dict[str, Any]]]) -> None:
    columns = {name: inspect(table).column_attrs[name].columns[0] for name in names}
    values = {column: bindparam(f"new_{name}", type_=column.type) for name, column in columns.items()}
    statement = (
        update(inspect(table).local_table)
        .where(table.id == bindparam("row"), table.version == bindparam("read"))
        .values({**values, table.version: table.version + 1})
    )
    rows = [
        {"row": thing.id, "read": thing.version, **{f"new_{name}": value for name, value in changed.items()}}
        for thing, changed in things
    ]
    if session.connection().execute(statement, rows).rowcount != len(rows):
        raise StaleDataError(f"{table.__name__}: somebody changed a row meanwhile")
    for thing, changed in things:
        for name, value in (*changed.items(), ("version", thing.version + 1)):
            set_committed_value(thing, name, value)


def _drop_told(session: Session, batch: Batch) -> None:
    """Nobody is told twice of one occasion: notices that were there before the batch are not sent again."""
    if not batch.keys:
        return
    there = set(session.scalars(select(Notice.key).where(Notice.key.in_(batch.keys))))
    for thing in list(session.new):
        if isinstance(thing, Notice) and thing.key in there:
            session.expunge(thing)
