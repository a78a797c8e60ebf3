"""Many deeds of the machine in one transaction: what they all need is read once, what they write is written together.

A verb stays what it is: it asks for its case's rows and adds its own, one deed after the other. On the session of a
batch the rows of a kind are read once, for all its cases, and nothing is sent before the end, so that a hundred deeds
cost a few statements a kind instead of sixty each. What is only ever added (a line of history, a notice, a decision)
is no object of the session there but a plain record of its columns (``write``). Who asks the database for something
that a deed of the batch may have written says so first (``sent``).
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from types import SimpleNamespace
from typing import Any, TypeVar

from sqlalchemy import bindparam, event, func, insert, inspect, select, update
from sqlalchemy.orm import MANYTOONE, Mapper, Session
from sqlalchemy.orm.exc import StaleDataError

from models import Base, Event, Letter, Notice

PLACE = "batch"
ORDER = {table: place for place, table in enumerate(Base.metadata.sorted_tables)}
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
    """What a batch knows of its cases without asking again, and what it has to write in the end."""

    session: Session
    cases: frozenset[int]
    tables: frozenset[type[Any]]
    rows: dict[type[Any], dict[int | None, list[Any]]] = field(default_factory=dict)
    chains: dict[int | None, tuple[int, str]] = field(default_factory=dict)
    """Case to the number and the hash of the last line of its history."""
    lines: dict[type[Any], list[Any]] = field(default_factory=lambda: defaultdict(list))
    """What is to be inserted as it stands, by table."""
    keys: dict[type[Any], Iterator[int]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    """The keys of the notices that the batch sends."""
    known: dict[Any, Any] = field(default_factory=dict)
    """Whatever is the same for all deeds: documents, calendars, departments by name."""
    added: int = 0
    """How many rows of cases its deeds have added so far."""
    kept: list[Any] = field(default_factory=list)
    """Rows that lead nowhere but into the session, which forgets what nobody holds."""

    def of_case(self, table: type[Any], case: int | None) -> list[Any] | None:
        """The case's rows of that kind, oldest first; None where the batch does not know them."""
        if case not in self.cases or table not in self.tables:
            return None
        if table not in self.rows:
            self.rows[table] = self._read(table)
        return self.rows[table][case]

    def _read(self, table: type[Any]) -> dict[int | None, list[Any]]:
        """The rows of all cases, with those that wait to be sent."""
        found: dict[int | None, list[Any]] = defaultdict(list)
        rows = self.session.scalars(select(table).where(table.complaint_id.in_(self.cases)).order_by(table.id))
        new = (thing for thing in self.session.new if type(thing) is table)
        for row in (*rows, *new, *self.lines.get(table, ())):
            found[row.complaint_id].append(row)
        return found

    def remember(self, table: type[Any], row: Any) -> None:
        """What a deed adds belongs to its case at once."""
        if table in self.rows:
            self.rows[table][row.complaint_id].append(row)
            self.added += 1

    def key(self, table: type[Any]) -> int:
        """A key for a new row: counted on by the only writer there can be, or drawn from the sequence."""
        if table not in self.keys:
            self.keys[table] = _keys(self.session, table, at_once=max(10, len(self.cases)))
        return next(self.keys[table])


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
    batch = of(session)
    if batch is None:
        return
    if any(isinstance(thing, tables) for thing in session.new) or any(map(batch.lines.get, tables)):
        Session.flush(session)
        _write_lines(session, batch)
        batch.lines.clear()


def write(session: Session, table: type[Any], **values: Any) -> Any:
    """A new row of what is only ever added, with its values and the rows that it points to.

    Alone it is an object of the session; in a batch it is a plain record, which has its key at once.
    """
    batch = of(session)
    if batch is None:
        thing = table(**values)
        session.add(thing)
        return thing
    line = SimpleNamespace(**values, id=batch.key(table))
    batch.lines[table].append(line)
    batch.remember(table, line)
    return line


@contextmanager
def undisturbed() -> Iterator[None]:
    """Whatever is read and written here is needed to its end: looking for garbage among it would take up to half of the
    time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@contextmanager
def together(session: Together, cases: Iterable[int], tables: tuple[type[Any], ...]) -> Iterator[Batch]:
    """A batch on these cases. When the block ends well everything is sent; the door commits."""
    batch = Batch(session, frozenset(cases), frozenset(tables))
    batch.chains.update(_chains(session, batch.cases))
    session.info[PLACE], session.autoflush, session.waiting = batch, False, True
    try:
        yield batch
        changes = _changes(session)
        if changes is not None:
            _write_changes(session, changes)
            _write_new(session, batch)
            _write_lines(session, batch)
            session.expunge_all()  # what it still holds is written
    finally:
        session.waiting, session.autoflush = False, True
        session.info.pop(PLACE, None)
    if changes is None:
        session.flush()
        _write_lines(session, batch)


def _chains(session: Session, cases: Iterable[int]) -> Iterator[tuple[int | None, tuple[int, str]]]:
    """Where the history of each case ends."""
    last = (
        select(Event.complaint_id, func.max(Event.seq).label("seq"))
        .where(Event.complaint_id.in_(cases))
        .group_by(Event.complaint_id)
        .subquery()
    )
    here = (Event.complaint_id == last.c.complaint_id) & (Event.seq == last.c.seq)
    for case, seq, mark in session.execute(select(Event.complaint_id, Event.seq, Event.hash).join(last, here)):
        yield case, (seq or 0, mark)


@event.listens_for(Session, "transient_to_pending")
def _remember(session: Session, thing: Any) -> None:
    if (batch := of(session)) is not None:
        batch.remember(type(thing), thing)


def _write_new(session: Session, batch: Batch) -> None:
    """The objects that are new, a statement a table, those first that others point to."""
    new: dict[type[Any], list[Any]] = defaultdict(list)
    for thing in session.new:
        new[type(thing)].append(thing)
    for table in sorted(new, key=_order):
        for thing in new[table]:
            thing.id = batch.key(table)
        columns, pointers = _columns(inspect(table)), _pointers(inspect(table))
        rows = [_values(thing, columns, pointers) for thing in new[table]]
        session.connection().execute(insert(inspect(table).local_table), rows)


def _write_lines(session: Session, batch: Batch) -> None:
    """The plain records, in the same way; but nobody is told twice of one occasion, nor written to of it."""
    there = set(session.scalars(select(Notice.key).where(Notice.key.in_(batch.told)))) if batch.told else set()
    for table in sorted(batch.lines, key=_order):
        pointers = _pointers(inspect(table))
        lines = batch.lines[table]
        if table in (Notice, Letter):
            lines = [line for line in lines if (line if table is Notice else line.notice).key not in there]
        rows = [_record(line, pointers) for line in lines]
        if rows:
            session.connection().execute(insert(inspect(table).local_table), rows)


def _record(line: Any, pointers: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """Its columns, with the key of each row that it points to."""
    row = dict(vars(line))
    for name, column in pointers:
        if name in row:
            thing = row.pop(name)
            row[column] = thing.id if thing is not None else None
    return row


def _order(table: type[Any]) -> int:
    return ORDER[inspect(table).local_table]


def _keys(session: Session, table: type[Any], at_once: int) -> Iterator[int]:
    if session.get_bind().dialect.name == "sqlite":
        yield from count((session.scalar(select(func.max(table.id))) or 0) + 1)
    sequence = func.pg_get_serial_sequence(inspect(table).local_table.name, "id")
    while True:
        yield from session.scalars(select(func.nextval(sequence)).select_from(func.generate_series(1, at_once))).all()


@cache
def _columns(mapper: Mapper[Any]) -> tuple[tuple[str, str, Any], ...]:
    """Attribute, column and default of each value of a row."""
    found = [(attribute.key, attribute.columns[0]) for attribute in mapper.column_attrs]
    return tuple((key, column.name, column.default) for key, column in found if column.table is mapper.local_table)


@cache
def _pointers(mapper: Mapper[Any]) -> tuple[tuple[str, str], ...]:
    """Relationship and column of each row that this kind points to."""
    relations = [each for each in mapper.relationships if each.direction is MANYTOONE]
    return tuple((each.key, next(iter(each.local_columns)).name) for each in relations)


def _values(thing: Any, columns: tuple[tuple[str, str, Any], ...], pointers: tuple[tuple[str, str], ...]) -> Any:
    given = thing.__dict__
    row = {name: given[key] if key in given else _default(default) for key, name, default in columns}
    for key, name in pointers:
        if given.get(key) is not None:
            row[name] = given[key].id
    return row


def _default(default: Any) -> Any:
    if default is None:
        return None
    return default.arg({}) if default.is_callable else default.arg


def _changes(session: Session) -> list[tuple[Any, dict[str, Any]]] | None:
    """The rows that were changed and what of them; None where that is more than their own columns."""
    found = []
    for thing in session.dirty:
        mapper, old = inspect(type(thing)), inspect(thing).committed_state
        if any(mapper.relationships[name].direction is MANYTOONE for name in old if name in mapper.relationships):
            return None
        changed = {name: getattr(thing, name) for name in old if name in mapper.column_attrs}
        changed = {name: value for name, value in changed.items() if value != old[name]}
        if changed and mapper.version_id_col is None:
            return None
        found.append((thing, changed))
    return None if session.deleted else found


def _write_changes(session: Session, changes: Iterable[tuple[Any, dict[str, Any]]]) -> None:
    """A statement for those in which the same columns were changed; each is written only where it still is as it was
    read, as always."""
    alike: dict[tuple[Any, ...], list[tuple[Any, dict[str, Any]]]] = defaultdict(list)
    for thing, changed in changes:
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
