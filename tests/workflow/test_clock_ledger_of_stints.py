"""Whatever is done in whatever order where each stint and each version of a plan has limits of its own: the ledger says
everything, what was late stays late, and a second run has a target of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from jobs import proof
from models import Assignment, Clock
from rules.clocks import Entry, EntryKind, counted, due
from tests.support import cast, databases
from tests.support.cast import House, moment, shanghai
from tests.support.databases import Database
from tests.support.plan import TIMED, move_in
from workflow import offers, timekeeping
from workflow.calendars import States
from workflow.errors import Refused
from workflow.procedures import of_clock

START = moment("2026-09-28 09:00")
LEADER = "公司领导"
PEOPLE = ["服务甲", LEADER, "客户营业部负责人", "工程维修部负责人", "客户服务中心负责人"]
PLACES = st.sampled_from(["工程维修部", "客户营业部"])
RUNNING = st.sampled_from(["", "", "处置", "审批", "调查期"])
DEEDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "dispatch": {"to_dept": PLACES},
    "sign_for": {},
    "return_dispatch": {"reason": st.just("非本部门")},
    "transfer": {"to_dept": PLACES, "reason": st.just("由其调查")},
    "record_acceptance": {"accepts": st.sampled_from(["接受", "不接受"])},
    "implement": {"action": st.just("维修"), "result": st.just("已更换")},
    "visit": {"result": st.sampled_from(["满意", "不满意", "不满意"])},
    "pause": {"reason": st.sampled_from(["客户原因", "不可抗力"]), "name": RUNNING},
    "resume": {},
    "request_extension": {"due_at": st.integers(1, 120), "reason": st.just("等待配件")},
    "decide_extension": {"decision": st.sampled_from(["同意", "同意", "驳回"])},
}
"""What may be done, with what is answered to each question; an hour stands for so long from now."""


def open_house(engine: Engine) -> None:
    """The house under limits of several kinds."""
    cast.open_house(engine)
    with Session(engine) as session:
        move_in(session, TIMED)
        session.commit()


class Pulling(RuleBasedStateMachine):
    """A case with promises of its own, of each stint and of each version of its plan, at which everybody pulls."""

    database: ClassVar[Database]

    @initialize()
    def opened(self) -> None:
        self.evening = cast.one_evening(self.database.engine)
        self.house = House(self.evening.__enter__())
        self.now: datetime = START
        self.seen: dict[tuple[str, int], Any] = {}
        given = {"without": "compensation_sought", "complained_department": "工程部", "weighty": True}
        self.house.registered(by="服务甲", at=self.at, **given)
        self.house.do("site_visit", by="服务甲", at=self.at, arrived_at=self.at, findings="老化")
        self.house.do("dispatch", by="服务甲", at=self.at, to_dept="工程维修部")

    @property
    def at(self) -> str:
        return self.now.strftime("%Y-%m-%d %H:%M:%S")

    def offered(self, by: str) -> list[str]:
        """What this person may do now."""
        session, actor = self.house.session, self.house.actor(by, self.at)
        found = offers.offers(session, self.house.the_case(), actor, self.now)
        return sorted(offer.verb for offer in found if offer.verb in DEEDS)

    def done(self, data: st.DataObject, hours: int) -> None:
        """Something that may be done now, by somebody who may."""
        self.now += timedelta(hours=hours, minutes=7, seconds=hours % 7)
        for by in data.draw(st.permutations(PEOPLE)):
            if offered := self.offered(by):
                verb = data.draw(st.sampled_from(offered))
                given = {name: data.draw(values) for name, values in DEEDS[verb].items()}
                return self.attempt(verb, by, given)
        return None

    def attempt(self, verb: str, by: str, given: dict[str, Any]) -> bool:
        """Whether it was done."""
        if verb == "request_extension":
            given |= self.more_time(given["due_at"])
        try:
            self.house.do(verb, by=by, at=self.at, **{name: value for name, value in given.items() if value})
        except Refused as refusal:
            assert str(refusal)
            return False
        return True

    def more_time(self, hours: int) -> dict[str, str]:
        """For the clock that is due next, so many hours beyond."""
        running = [clock for clock in self.clocks() if not clock.ended_at and clock.due_at > self.now]
        clock = min(running or self.clocks(), key=lambda one: one.due_at)
        return {"name": clock.name, "due_at": shanghai(clock.due_at + timedelta(hours=hours))}

    # what people and machine do

    @rule(data=st.data(), many=st.integers(2, 6))
    def they_work_quickly(self, data: st.DataObject, many: int) -> None:
        for _ in range(many):
            self.done(data, data.draw(st.sampled_from([0, 0, 1, 6])))

    @rule(data=st.data(), many=st.integers(1, 4))
    def they_work_slowly(self, data: st.DataObject, many: int) -> None:
        for _ in range(many):
            self.done(data, data.draw(st.sampled_from([0, 20, 50, 170])))
        self.house.sweep(self.at)

    @rule(verb=st.sampled_from(["approve", "reject", "approve"]), hours=st.sampled_from([1, 8, 60]), told=st.booleans())
    def a_plan_is_submitted_and_decided_on(self, verb: str, hours: int, told: bool) -> None:
        self.attempt("propose", "服务甲", {"kind": "维修", "cause_explanation": "老化", "plan": "更换整段水管"})
        self.attempt("review", "服务甲", {"party": "责任部门", "opinion": "可行"})
        self.attempt("submit", "服务甲", {})
        self.now += timedelta(hours=hours)
        if self.attempt(verb, LEADER, {"opinion": "已阅"}) and told:
            self.now += timedelta(hours=hours)
            self.attempt("reply", "服务甲", {"way": "电话", "text": "更换整段水管"})

    @rule(hours=st.sampled_from([0, 12, 30, 60]))
    def the_sweep_looks(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.house.sweep(self.at)
        before = len(self.house.events())
        self.house.sweep(self.at)
        assert len(self.house.events()) == before

    @rule(days=st.integers(0, 12), what=st.sampled_from(["休息", "上班"]))
    def the_calendar_changes(self, days: int, what: str) -> None:
        day = (self.now + timedelta(days=days)).strftime("%Y-%m-%d")
        self.house.do("set_calendar", by="系统管理员", at=self.at, day=day, what=what)

    @precondition(lambda self: self.house.the_case().round > 1 or len(self.seen) > 20)
    @rule(verb=st.sampled_from(["withdraw", "close"]))
    def it_ends(self, verb: str) -> None:
        self.attempt(verb, "服务甲", {"withdraw": {"reason": "客户撤回"}, "close": {"close_reason": "解决"}}[verb])

    # what holds whatever was done

    @invariant()
    def what_is_stored_follows_from_what_was_recorded(self) -> None:
        assert list(proof.differences(self.house.session)) == []

    @invariant()
    def no_evidence_vanishes(self) -> None:
        """Lines, rungs, cycles that ended and their lateness are what they were when they were first seen."""
        for clock in self.clocks():
            reading = self.read(clock)
            for line in clock.entries:
                self.stays("line", line.id, (line.kind, line.at, line.until, line.reason, str(line.data)))
            for rung in clock.rungs:
                self.stays("rung", rung.id, (rung.cycle, rung.rung, rung.nth, rung.fired_at, str(rung.told)))
            for cycle in reading.cycles:
                if cycle.ended_at:
                    late = [one for one in reading.late(self.now) if one.cycle == cycle.number]
                    self.stays("cycle", clock.id * 100 + cycle.number, (cycle, late))

    @invariant()
    def what_was_done_late_stays_late(self) -> None:
        for clock in self.clocks():
            over = [one for one in self.read(clock).late(self.now) if not one.ongoing]
            assert clock.ever_late or not [one for one in over if self.was_met(clock, one.cycle)]

    @invariant()
    def each_run_has_the_target_that_its_limit_gives_it(self) -> None:
        for clock in self.clocks():
            begins = [entry for entry in self.lines(clock) if entry.kind in (EntryKind.START, EntryKind.REOPEN)]
            cycles = self.read(clock).cycles
            assert len(begins) == len(cycles) == clock.cycle
            for entry, cycle in zip(begins, cycles, strict=True):
                limit, states = counted(timekeeping.limit_of(clock), entry), self.states(clock)
                expected = due(limit, entry.at, states[entry.calendar or 0], entry.until)
                assert (cycle.started_at, cycle.promised_at) == (entry.at, expected.at)

    @invariant()
    def a_stint_answers_for_itself_alone(self) -> None:
        """Its clocks begin with it or came along from the stint of the same department before it."""
        for clock in self.clocks():
            if clock.assignment is not None:
                first = self.first_of(clock.assignment)
                assert clock.started_at >= first.started_at
                assert not clock.assignment.ended_at or clock.ended_at or clock.assignment.returned

    @invariant()
    def nothing_that_ended_wakes_anybody(self) -> None:
        assert not [clock for clock in self.clocks() if clock.ended_at and clock.wake_at]

    def clocks(self) -> list[Clock]:
        return self.house.all(Clock)

    def lines(self, clock: Clock) -> list[Entry]:
        return timekeeping.entries_of(clock)

    def states(self, clock: Clock) -> States:
        return States(self.house.session, of_clock(self.house.session, clock, self.now))

    def read(self, clock: Clock) -> Any:
        return timekeeping.read(clock, self.states(clock))

    def was_met(self, clock: Clock, number: int) -> bool:
        cycle = self.read(clock).cycles[number - 1]
        return cycle.ending is EntryKind.MEET

    def stays(self, what: str, key: int, value: Any) -> None:
        assert self.seen.setdefault((what, key), value) == value

    def first_of(self, stint: Assignment) -> Assignment:
        """The first of the stints of this department that follow one another without a break."""
        for before in reversed(self.house.all(Assignment)):
            same = (before.kind, before.department_id) == (stint.kind, stint.department_id)
            if same and before.id < stint.id and before.ended_at == stint.started_at:
                return self.first_of(before)
        return stint

    def teardown(self) -> None:
        if hasattr(self, "evening"):
            self.evening.__exit__(None, None, None)


@pytest.mark.slow
@pytest.mark.clause("G-10", "G-11", "G-12", "G-20")
@pytest.mark.parametrize(("kind", "examples"), [(databases.SQLITE, 7), (databases.POSTGRESQL, 2)])
def test_every_stint_and_every_version_equals_its_ledger_after_any_sequence(kind: str, examples: int) -> None:
    quick = settings(max_examples=examples, stateful_step_count=12, suppress_health_check=list(HealthCheck))
    with databases.fresh(kind, open_house) as database:
        run_state_machine_as_test(type("Pulling", (Pulling,), {"database": database}), settings=quick)
