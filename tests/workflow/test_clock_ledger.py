"""Whatever people and machine do in whatever order: every stored due time follows from the clock's own ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from jobs import proof
from models import Clock, Event
from tests.support import cast, databases
from tests.support.cast import House, moment
from tests.support.databases import Database
from workflow.errors import Refused

START = moment("2026-09-28 09:00")
HOURS = st.integers(min_value=0, max_value=60)


class Pulling(RuleBasedStateMachine):
    """A case of one order, one settlement and one measure, at whose clocks everybody pulls."""

    database: ClassVar[Database]

    @initialize()
    def opened(self) -> None:
        self.evening = cast.one_evening(self.database.engine)
        self.house = House(self.evening.__enter__())
        self.now: datetime = START
        self.late: set[int] = set()
        self.promised: dict[int, datetime] = {}
        self.house.registered(at=self.at)
        self.house.ordered(limit_days=2, at=self.at)
        self.house.signed(at=self.at)

    @property
    def at(self) -> str:
        return self.now.strftime("%Y-%m-%d %H:%M:%S")

    def attempt(self, verb: str, by: str, **given: Any) -> None:
        """Do it if it may be done now; time moves either way."""
        try:
            self.house.do(verb, by=by, at=self.at, **given)
        except Refused as refusal:
            assert str(refusal)

    @rule(hours=HOURS)
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours, seconds=hours % 7)

    @rule()
    def the_sweep_looks(self) -> None:
        self.house.sweep(self.at)
        before = len(self.house.events())
        self.house.sweep(self.at)
        assert len(self.house.events()) == before

    @rule(reason=st.sampled_from(["客户原因", "等待外部单位", "不可抗力"]))
    def paused(self, reason: str) -> None:
        self.attempt("pause", "客服甲", reason=reason)

    @rule()
    def resumed(self) -> None:
        self.attempt("resume", "客服甲")

    @rule(hours=st.integers(min_value=-20, max_value=90))
    def more_time_is_asked_for(self, hours: int) -> None:
        wanted = (self.now + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S")
        self.attempt("request_extension", "客户营业部负责人", name="办理", due_at=wanted, reason="等待配件")

    @rule(decision=st.sampled_from(["同意", "同意", "驳回"]))
    def it_is_decided(self, decision: str) -> None:
        self.attempt("decide_extension", "客户服务中心负责人", decision=decision)

    @rule()
    def answered(self) -> None:
        self.attempt("submit_correction", "客户营业部负责人", **cast.ANSWER)

    @rule(result=st.sampled_from(["通过", "未通过"]), days=st.integers(min_value=0, max_value=4))
    def checked(self, result: str, days: int) -> None:
        self.attempt("check_effect", "客服甲", result=result, effect_note="见照片", limit_days=days)

    @rule(result=st.sampled_from(["满意", "不满意", "无法联系"]))
    def visited(self, result: str) -> None:
        self.attempt("visit", "客服甲", result=result)

    @rule()
    def the_works_are_accepted(self) -> None:
        self.attempt("start_clock", "客服甲", name="工程结算", trigger_at=self.at)

    @rule()
    def the_bill_is_settled(self) -> None:
        self.attempt("communicate", "客服甲", kind="工程结算", way="电话", text="已结算")

    @rule(days=st.integers(min_value=0, max_value=5))
    def a_measure_is_set(self, days: int) -> None:
        due_on = (self.now + timedelta(days=days)).strftime("%Y-%m-%d")
        given = {"kind": "预防措施", "measure": "培训", "owner_department": "客户营业部", "due_on": due_on}
        self.attempt("add_measure", "客服甲", **given)

    @rule()
    def the_measure_is_carried_out(self) -> None:
        self.attempt("implement_measure", "客户营业部负责人", result="已培训")

    @rule(days=st.integers(min_value=0, max_value=20), what=st.sampled_from(["休息", "上班", "按国家日历"]))
    def the_calendar_changes(self, days: int, what: str) -> None:
        day = (START + timedelta(days=days)).strftime("%Y-%m-%d")
        self.attempt("set_calendar", "系统管理员", case=None, day=day, what=what)

    @rule(to=st.sampled_from(["人力资源行政部", "客户服务中心"]))
    def it_is_handed_on(self, to: str) -> None:
        self.attempt("transfer", "客户服务中心负责人", to_dept=to, reason="由其调查")

    @rule(verb=st.sampled_from(["withdraw", "close"]))
    def ended(self, verb: str) -> None:
        given = {"withdraw": {"reason": "客户撤回"}, "close": {"close_reason": "解决"}}[verb]
        self.attempt(verb, "客服甲", **given)

    @invariant()
    def what_is_stored_follows_from_what_was_recorded(self) -> None:
        assert list(proof.differences(self.house.session)) == []

    @invariant()
    def the_first_promise_stays(self) -> None:
        for clock in self.house.all(Clock):
            assert clock.original_due_at == self.promised.setdefault(clock.id, clock.original_due_at)

    @invariant()
    def nothing_that_ended_wakes_anybody(self) -> None:
        for clock in self.house.all(Clock):
            assert not clock.ended_at or clock.wake_at is None

    @invariant()
    def what_was_done_late_stays_late(self) -> None:
        for clock in self.house.all(Clock):
            if clock.done_at and clock.done_at > clock.due_at:
                self.late.add(clock.id)
            assert clock.id not in self.late or clock.ever_late

    @invariant()
    def the_case_is_overdue_exactly_while_a_flagged_clock_runs(self) -> None:
        case = self.house.the_case()
        flagged = [
            clock
            for clock in self.house.all(Clock)
            if clock.flagged_at and not clock.ended_at and clock.measure_id is None
        ]
        assert (case.overdue, "超期" in case.flags) == (bool(flagged), bool(flagged))

    @invariant()
    def every_event_has_its_number(self) -> None:
        events = self.house.all(Event)
        assert [event.seq for event in events] == list(range(1, len(events) + 1))

    def teardown(self) -> None:
        if hasattr(self, "evening"):
            self.evening.__exit__(None, None, None)


@pytest.mark.slow
@pytest.mark.clause("G-10", "G-11", "G-12", "G-20")
@pytest.mark.parametrize(("kind", "examples"), [(databases.SQLITE, 15), (databases.POSTGRESQL, 5)])
def test_every_clock_equals_its_ledger_after_any_sequence(kind: str, examples: int) -> None:
    quick = settings(
        max_examples=examples,
        stateful_step_count=22,
        suppress_health_check=list(HealthCheck),
    )
    with databases.fresh(kind, cast.open_house) as database:
        run_state_machine_as_test(type("Pulling", (Pulling,), {"database": database}), settings=quick)
