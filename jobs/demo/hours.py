"""When people do things: office hours on workdays, the hotline's longer day, nothing at night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from rules.worktime import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
OPENS, CLOSES = time(8, 30), time(17, 40)
HOTLINE = {7: 1, 8: 6, 9: 11, 10: 12, 11: 9, 12: 4, 13: 5, 14: 9, 15: 10, 16: 9, 17: 6, 18: 4, 19: 3, 20: 2, 21: 1}
"""How many of a hundred calls come in each hour."""
WEEKEND = 0.45


class Hours:
    """Moments drawn with one source of chance."""

    def __init__(self, chance: Random, calendar: Calendar) -> None:
        self.chance, self.calendar = chance, calendar

    def office(self, moment: datetime) -> datetime:
        """The moment itself in office hours, else soon after the office opens next."""
        local = moment.astimezone(ZONE)
        if self.calendar.is_workday(local.date()) and OPENS <= local.time() <= CLOSES:
            return moment
        day = local.date() + timedelta(days=local.time() > CLOSES)
        while not self.calendar.is_workday(day):
            day += timedelta(days=1)
        opened = datetime.combine(day, OPENS, ZONE).astimezone(UTC)
        return opened + timedelta(seconds=self.chance.randint(60, 6600))

    def after(self, moment: datetime, low: float, high: float) -> datetime:
        """Some hours later, in office hours."""
        return self.office(moment + timedelta(seconds=round(self.chance.uniform(low, high) * 3600)))

    def before(self, moment: datetime, due: datetime) -> datetime:
        """Well before the due instant: in office hours where that can be, else in overtime."""
        span = (due - moment).total_seconds()
        found = self.office(moment + timedelta(seconds=round(span * self.chance.uniform(0.2, 0.8))))
        return found if found < due else moment + timedelta(seconds=round(span * self.chance.uniform(0.3, 0.9)))

    def calls(self, first: datetime, last: datetime, count: int) -> list[datetime]:
        """When that many complaints arrive between two instants, as people call."""
        days = list(_days(first.astimezone(ZONE).date(), last.astimezone(ZONE).date()))
        weights = [1.0 if self.calendar.is_workday(day) else WEEKEND for day in days]
        found: list[datetime] = []
        while len(found) < count:
            day, hour = self.chance.choices(days, weights)[0], self.chance.choices([*HOTLINE], [*HOTLINE.values()])[0]
            clock = time(hour, self.chance.randrange(60), self.chance.randrange(60))
            moment = datetime.combine(day, clock, ZONE).astimezone(UTC)
            if first <= moment < last:
                found.append(moment)
        return sorted(found)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)
