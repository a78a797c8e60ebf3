"""Numbers: one series a prefix and day, counted in the database, never used twice (G-14)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import NumberSeries
from workflow.act import Act
from workflow.arguments import SHANGHAI


def next_number(act: Act, thing: str, *, monthly: bool = False) -> str:
    """The next number of a kind of thing, such as TS-20261010-0001, in the prefix that the procedure gives it.

    A monthly one leaves out the day, and counts from the first to the last of the month.
    """
    prefix = act.procedure.head.number_prefixes.get(thing) or thing.upper()[:2]
    day = act.now.astimezone(SHANGHAI).date()
    if monthly:
        return f"{prefix}-{day:%Y%m}-{_count(act.session, prefix, day.replace(day=1)):04d}"
    return f"{prefix}-{day:%Y%m%d}-{_count(act.session, prefix, day):04d}"


def _count(session: Session, prefix: str, day: date) -> int:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(NumberSeries).values(prefix=prefix, day=day, last=1)
    statement = statement.on_conflict_do_update(index_elements=["prefix", "day"], set_={"last": NumberSeries.last + 1})
    session.execute(statement)
    return session.execute(
        select(NumberSeries.last).where(NumberSeries.prefix == prefix, NumberSeries.day == day)
    ).scalar_one()
