"""定期事项: what each procedure owes every month, reminded once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from jobs.runner import Item, Job
from workflow import obligations


def find(session: Session, now: datetime) -> Iterable[Item]:
    """The obligations that are missing and have had no reminder."""
    return [Item("|".join(key), 0) for key in obligations.missing(session, now)]


def do(session: Session, item: Item, now: datetime) -> None:
    """Remind of one; the key of its duty is unique, so a second scheduler is refused by the database."""
    code, duty, period = item.table.split("|")
    obligations.remind_of(session, code, duty, period, now)


JOB = Job("duties", "定期事项提醒", find, do)
