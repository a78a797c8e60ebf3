"""Whatever happens to a clock in whatever order: the ledger alone says everything, and what was late stays late."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from rules.clocks import BadLedger, Entry, EntryKind, Limit, Reading, read, status
from rules.vocabulary import ClockStatus, DayEnd, Unit
from rules.worktime import Calendar, Day, official
from tests.unit.rules.shared import at

NATIONAL_DAY = [date(2026, 10, day) for day in range(1, 8)]
AFTER_IT = [date(2026, 10, day) for day in (8, 9, 10, 12, 13, 14)]
CALENDARS: dict[int, Calendar] = {
    0: official(),
    1: official().with_days(dict.fromkeys(AFTER_IT, Day(False, "台风停工"))),
    2: official().with_days(dict.fromkeys(NATIONAL_DAY, Day(True, "加班"))),
    3: official().with_days(dict.fromkeys(AFTER_IT, Day(True, "半天班", ("09:00-12:00",)))),
    4: official().counting("每天"),
}
LIMITS = [
    Limit("办理", 2, Unit.DAYS),
    Limit("办理", 3, Unit.DAYS, roll=True),
    Limit("完成", 5, Unit.WORKDAYS),
    Limit("完成", 2, Unit.WORKDAYS, rolling_hours=True),
    Limit("完成", 1, Unit.WORKDAYS, count_start_day=True, end=DayEnd.END_OF_DAY),
    Limit("回复", 16, Unit.WORKING_HOURS),
    Limit("知会", 1, Unit.HOURS, from_open=True, carry_over=True),
    Limit("到场", 48, Unit.HOURS),
    Limit("一个月", 1, Unit.MONTHS, pausable=False),
    Limit("半月", 1, Unit.HALF_MONTHS),
]
WAITS = st.tuples(st.sampled_from([0, 0, 1, 5, 12, 24, 30, 50]), st.integers(0, 59))


class Clock(RuleBasedStateMachine):
    """One clock at which everybody pulls; after each line the reading is that of the whole ledger."""

    @initialize(limit=st.sampled_from(LIMITS), hours=st.integers(0, 320), version=st.sampled_from([None, 0, 1]))
    def it_starts(self, limit: Limit, hours: int, version: int | None) -> None:
        self.limit = limit
        self.now = at("2026-09-28 08:00") + timedelta(hours=hours)
        self.entries: list[Entry] = []
        self.promised: datetime | None = None
        self.seen_late: dict[tuple[int, bool], timedelta] = {}
        self.write("start", calendar=version)

    @property
    def reading(self) -> Reading:
        return read(self.entries, self.limit, CALENDARS)

    def write(self, kind: str, **more) -> None:
        """Write the line if it can follow; a line that cannot changes nothing."""
        line = Entry(EntryKind(kind), self.now, **more)
        try:
            read([*self.entries, line], self.limit, CALENDARS)
        except BadLedger as refusal:
            assert str(refusal)
        else:
            self.entries.append(line)

    def after(self, wait: tuple[int, int]) -> None:
        hours, minutes = wait
        self.now += timedelta(hours=hours, minutes=minutes, seconds=minutes % 3)

    @rule(wait=WAITS)
    def time_passes(self, wait: tuple[int, int]) -> None:
        self.after(wait)

    @rule(wait=WAITS, reason=st.sampled_from(["客户原因", "等待外部单位"]), days=st.none() | st.integers(1, 40))
    def it_stops_or_goes_on(self, wait: tuple[int, int], reason: str, days: int | None) -> None:
        self.after(wait)
        if self.reading.paused_at:
            self.write("resume")
        else:
            self.write("pause", reason=reason, until=self.now + timedelta(days=days) if days else None)

    @rule(wait=WAITS, hours=st.integers(-50, 200), asked=st.sampled_from([0, 1, 20, 60]))
    def more_time_is_granted(self, wait: tuple[int, int], hours: int, asked: int) -> None:
        self.after(wait)
        until = self.now + timedelta(hours=hours)
        self.write("extend", until=until, asked_at=self.now - timedelta(hours=asked), by="高总")

    @rule(wait=WAITS, version=st.sampled_from(sorted(CALENDARS)))
    def the_calendar_changes(self, wait: tuple[int, int], version: int) -> None:
        self.after(wait)
        self.write("calendar", calendar=version)

    @rule(amount=st.none() | st.integers(0, 5), running=st.sampled_from([False, False, False, True]))
    def it_begins_again(self, amount: int | None, running: bool) -> None:
        if running or self.reading.ended_at:
            self.write("reopen", amount=amount)

    @rule(wait=WAITS, how=st.sampled_from(["meet", "meet", "transfer", "cancel", "", "", ""]))
    def it_ends(self, wait: tuple[int, int], how: str) -> None:
        self.after(wait)
        if how:
            self.write(how, reason="撤诉", to="工程维修部" if how == "transfer" else "")

    @rule(kind=st.sampled_from(["start", "pause", "resume", "transfer", "meet", "cancel"]))
    def somebody_writes_what_makes_no_sense(self, kind: str) -> None:
        if self.reading.ended_at or kind == "start":
            self.write(kind)

    # what always holds ------------------------------------------------------------------------------------------------

    @invariant()
    def the_ledger_alone_says_everything(self) -> None:
        stored = [Entry.of(str(line.kind), line.at, line.until, line.reason, line.data()) for line in self.entries]
        limit = Limit.from_json(self.limit.name, self.limit.as_json())
        assert read(stored, limit, CALENDARS) == self.reading

    @invariant()
    def nothing_is_due_before_it_began_nor_promised_anew(self) -> None:
        reading = self.reading
        assert reading.due_at is not None
        assert reading.started_at is not None
        self.promised = self.promised or reading.original_due_at
        assert reading.original_due_at == self.promised
        for cycle in reading.cycles:
            assert cycle.due_at >= cycle.started_at
            assert cycle.promised_at >= cycle.started_at
            assert cycle.without_extension <= cycle.due_at
            assert timedelta() <= cycle.paused(self.now) <= max(self.now - cycle.started_at, timedelta())
            assert cycle.used(self.now, CALENDARS[0]) >= timedelta()
        assert [cycle.number for cycle in reading.cycles] == list(range(1, reading.cycle + 1))

    @invariant()
    def what_was_late_stays_late_by_no_less(self) -> None:
        """Only an extension that was asked for in time takes lateness away, and never from what was promised."""
        reading = self.reading
        for extended in (True, False):
            found = {late.cycle: late for late in reading.late(self.now, extended=extended)}
            for (number, kind), by in self.seen_late.items():
                if kind is not extended:
                    continue
                if number not in found:
                    assert extended
                    assert self._granted_afterwards(reading, number)
                else:
                    assert found[number].by >= by or (extended and self._granted_afterwards(reading, number))
            for number, late in found.items():
                assert late.by > timedelta()
                self.seen_late[number, extended] = late.by

    def _granted_afterwards(self, reading: Reading, number: int) -> bool:
        cycle = reading.cycles[number - 1]
        return cycle.without_extension < cycle.due_at

    @invariant()
    def the_status_agrees_with_the_lateness(self) -> None:
        reading = self.reading
        late = {found.cycle for found in reading.late(self.now)}
        stands = status(reading, self.now)
        if stands in (ClockStatus.OVERDUE, ClockStatus.MET_LATE):
            assert reading.cycle in late
        if stands in (ClockStatus.RUNNING, ClockStatus.PAUSED, ClockStatus.MET):
            assert reading.cycle not in late

    @invariant()
    def a_finished_cycle_is_never_told_otherwise(self) -> None:
        reading = self.reading
        ended = list(reading.cycles[:-1])
        for cycle in ended:
            assert cycle.ended_at is not None
        before = getattr(self, "ended", [])
        assert ended[: len(before)] == before
        self.ended = ended


def test_the_laws_hold_for_every_order_of_deeds():
    run_state_machine_as_test(Clock, settings=settings(max_examples=150, stateful_step_count=40))
