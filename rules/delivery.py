"""When a notice of a limit may reach people: at once within the delivery window, else at its next opening.

The window is apart from the due instant: what fell due at night is late from that instant on, and told in the morning.
"""

import re
from datetime import datetime, time

from rules.hours import MICROSECOND, Hours, parse_hours
from rules.worktime import ONE_DAY, Calendar

WINDOW = r"^((工作日|每天)? ?([01]\d|2[0-3]):[0-5]\d-([01]\d:[0-5]\d|2[0-3]:[0-5]\d|24:00))?$"
WORKDAYS = "工作日"
MOST_DAYS = 400


def deliver_at(instant: datetime, window: str, calendar: Calendar) -> datetime:
    """The instant itself within the window, else when it next opens. No window means at any time."""
    if not window:
        return instant
    hours, workdays = _parsed(window)
    local = calendar.local(instant)
    day, moment = local.date(), (local - local.replace(hour=0, minute=0, second=0, microsecond=0)) // MICROSECOND
    for _ in range(MOST_DAYS):
        opens = hours.opens(moment) if not workdays or calendar.is_workday(day) else None
        if opens == moment and day == local.date():
            return instant
        if opens is not None:
            return calendar.at(day, opens * MICROSECOND)
        day, moment = day + ONE_DAY, 0
    return instant


def digest_at(instant: datetime, clock: str, window: str, calendar: Calendar) -> datetime:
    """When the gathered notices of the day go out: at that time of day, on a day on which the window opens at all."""
    workdays = window.startswith(WORKDAYS)
    day, moment = calendar.local(instant).date(), time.fromisoformat(clock)
    if calendar.at(day, moment) < instant:
        day += ONE_DAY
    while workdays and not calendar.is_workday(day):
        day += ONE_DAY
    return calendar.at(day, moment)


def _parsed(window: str) -> tuple[Hours, bool]:
    clock = re.sub(r"^(工作日|每天)? ?", "", window)
    return parse_hours((clock,)), window.startswith(WORKDAYS)
