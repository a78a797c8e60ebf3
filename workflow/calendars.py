"""The work calendar that a procedure counts by: official years, and the days that the organisation entered."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CalendarDay
from rules.procedure import Procedure
from rules.worktime import Calendar, Day, official


def calendar_of(session: Session, procedure: Procedure) -> Calendar:
    """The calendar of this procedure now."""
    own = {row.day: Day(row.is_workday, row.name) for row in session.scalars(select(CalendarDay))}
    return official().with_days(own).with_intervals(procedure.head.intervals)
