"""每日汇总 and 国家日历: what is said once a day: gathered notices, and official years that came with the product."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from jobs.runner import Item, Job
from workflow import calendar_days, digests


def find(session: Session, now: datetime) -> Iterable[Item]:
    """Everybody for whom gathered notices are to go out."""
    return [
        Item(f"{staff or ''}|{department or ''}|{role}", 0) for staff, department, role in digests.due(session, now)
    ]


def do(session: Session, item: Item, now: datetime) -> None:
    """Sum up for one."""
    staff, department, role = item.table.split("|", 2)
    digests.send_one(session, (int(staff) if staff else None, int(department) if department else None, role), now)


JOB = Job("digests", "每日汇总", find, do)


def find_years(session: Session, _now: datetime) -> Iterable[Item]:
    """The official years that nobody was told of."""
    return [Item("calendar", year) for year in calendar_days.unannounced(session)]


def do_year(session: Session, item: Item, now: datetime) -> None:
    """Tell the administrator of one."""
    calendar_days.announce(session, item.id, now)


YEARS = Job("calendar", "国家日历提醒", find_years, do_year)
