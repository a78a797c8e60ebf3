"""The fixed cast, the house they work in, and the few sentences with which a test tells what happened.

    house.registered(content="抄表员未按约上门")            # 客服甲 takes the call; the case is house.case from now on
    house.ordered(limit_days=3, at="2026-09-30 10:00")      # registered when need be, then the order is issued
    house.answered()                                        # signed by the head, then 情况表
    assert "人力资源行政部" in house.refused("close", by="客服甲", close_reason="解决")

Every moment is said (``at``, Shanghai); nobody reads the clock. ``by`` names who acts; ``by=None`` is the system.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models import (
    Clock,
    Complaint,
    Department,
    Duty,
    Event,
    Investigation,
    Notice,
    ProcedureActivation,
    Staff,
    SupervisionOrder,
)
from rules.procedure import shipped
from tests.support import databases
from workflow import access, obligations, offers, organisation, procedures, registry, verbs, wakeups
from workflow.access import SYSTEM, Actor
from workflow.act import Done
from workflow.arguments import SHANGHAI
from workflow.errors import Refused

assert verbs.VERBS  # importing the module is what makes every verb known

OPENING = datetime(2026, 1, 1, tzinfo=SHANGHAI)
HEADS = ("客户服务中心", "人力资源行政部", "客户营业部", "工程维修部", "安全技术部", "用户工程部")
STAFF = {
    "客服甲": ("客户服务中心", ["受理人", "调查处理人"]),
    "客服乙": ("客户服务中心", ["受理人", "调查处理人"]),
    "人事甲": ("人力资源行政部", ["调查处理人"]),
    "人事乙": ("人力资源行政部", ["调查处理人"]),
    "抄表班长甲": ("抄表班", ["承办人"]),
    "抄表员甲": ("抄表班", []),
    "维修班长甲": ("工程维修部", ["承办人"]),
    "维修员甲": ("工程维修部", []),
    "公司领导": ("公司领导", ["公司领导"]),
    "审计员": (None, ["审计"]),
    "系统管理员": (None, ["系统管理员"]),
}
CALL = {
    "channel": "来电",
    "content": "约定上午抄表,下午才到",
    "name": "客户一",
    "phone": "13800000401",
    "address": "一号楼",
    "demand": "按约定时间上门",
    "compensation_sought": "无",
    "complained_department": "客户营业部",
}
ORDER = {"limit_kind": "N日内", "limit_days": 3}
ANSWER = {
    "problem_summary": "未按约上门",
    "handling_status": "已当面致歉并抄表",
    "corrective_measures": "上门前一日电话确认",
}
MORNING = "2026-05-13 15:10"


def moment(text: str) -> datetime:
    """The instant of the Shanghai clock."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def open_house(engine: Engine) -> None:
    """Tables, P02 in force, departments with heads, and the cast: what the template of these databases holds."""
    databases.tables(engine)
    with Session(engine) as session:
        furnish(session)
        session.commit()


def furnish(session: Session) -> None:
    """P02 in force since the first of January, its departments with heads, and the cast."""
    procedures.put_in_force(session, shipped()["P02"], actor=SYSTEM, now=OPENING)
    for name in HEADS:
        department = organisation.ensure_department(session, name)
        department.head = Staff(name=f"{name}负责人", department=department)
    for name, (place, roles) in STAFF.items():
        employ(session, name, place, *roles)
    session.flush()


def employ(session: Session, name: str, place: str | None, *roles: str, **more: Any) -> Staff:
    """Somebody new of that department, which is founded when there is none, with these roles in it."""
    department = organisation.ensure_department(session, place) if place else None
    person = Staff(name=name, department=department, **more)
    session.add(person)
    session.flush()
    for role in roles:
        organisation.give_role(session, person, role, department)
    return person


def retire(session: Session, *codes: str, at: datetime = OPENING) -> None:
    """From that instant on these procedures take no case any more."""
    over = {"decision": procedures.AGREED, "asked_at": at, "decided_at": at, "from_at": at}
    session.add_all(ProcedureActivation(code=code, number=None, **over) for code in codes)
    session.flush()


def under(session: Session, text: str) -> None:
    """This procedure alone in force, since the house was opened."""
    retire(session, "P02")
    procedures.put_in_force(session, text, actor=SYSTEM, now=OPENING)


def without_takes(code: str) -> str:
    """The shipped document without its own word on which cases it takes, for a test that brings rows of its own."""
    return re.sub(r"(?ms)^\[\[take\]\]\n.*?(?=^\[|^#)", "", shipped()[code])


@contextmanager
def one_evening(engine: Engine) -> Iterator[Session]:
    """A session whose work, committed or not, is gone when the test ends: the furnished house serves the next one."""
    with engine.connect() as connection, connection.begin() as outer:
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        outer.rollback()


class House:
    """The people at work on one database. What it returns are the rows themselves."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.case: Complaint | None = None

    def person(self, name: str) -> Staff:
        """The member of staff of that name."""
        return self.session.scalars(select(Staff).where(Staff.name == name)).one()

    def department(self, name: str) -> Department:
        """The department of that name."""
        return self.session.scalars(select(Department).where(Department.name == name)).one()

    def actor(self, name: str | None, at: str = MORNING) -> Actor:
        """The person with the hats of that moment; nobody is the system."""
        return access.actor_of(self.session, self.person(name), moment(at)) if name else SYSTEM

    def do(
        self, verb: str, by: str | None = "客服甲", at: str = MORNING, case: Complaint | None = None, **arguments: Any
    ) -> Done:
        """Carry the verb out, on the last registered case when none is named; Refused leaves nothing changed."""
        definition = registry.VERBS[verb]
        thing = case or (self.case if definition.needs_case else None)
        actor, now = self.actor(by, at), moment(at)
        try:
            with self.session.begin_nested():
                return registry.perform(self.session, verb, thing, arguments=arguments, actor=actor, now=now)
        except Refused as refusal:
            self.session.expire_all()
            registry.refused(self.session, verb, thing, refusal, actor=actor, now=now)
            raise

    def refused(
        self, verb: str, by: str | None = "客服甲", at: str = MORNING, case: Complaint | None = None, **arguments: Any
    ) -> str:
        """What the verb answers when it refuses, as the person reads it; a verb that does not refuse fails the test."""
        return str(self.refusal(verb, by=by, at=at, case=case, **arguments))

    def refusal(
        self, verb: str, by: str | None = "客服甲", at: str = MORNING, case: Complaint | None = None, **arguments: Any
    ) -> Refused:
        """The same with its findings: fields and rules."""
        try:
            self.do(verb, by=by, at=at, case=case, **arguments)
        except Refused as refusal:
            return refusal
        raise AssertionError(f"{verb} was not refused")

    def registered(self, by: str = "客服甲", at: str = MORNING, without: str = "", **overrides: Any) -> Complaint:
        """A call taken down: CALL with what the test says otherwise, less the argument it wants left out."""
        given = {name: value for name, value in {**CALL, **overrides}.items() if name != without}
        self.case = self.do("register", by=by, at=at, **given).thing
        return self.case

    def complaint(self, **overrides: Any) -> Complaint:
        """A 投诉 of the third grade: the customer wants money."""
        return self.registered(**{"compensation_sought": "物质", "demand": "赔偿 200 元", **overrides})

    def investigator(self, case: Complaint | None = None) -> str:
        """Who investigates this case in this house."""
        department = (case or self.the_case()).investigation_department
        return "人事甲" if str(department) == "人力资源行政部" else "客服甲"

    def ordered(self, case: Complaint | None = None, at: str = MORNING, **overrides: Any) -> SupervisionOrder:
        """The order issued by whoever investigates, on a case registered for it when there is none."""
        case = case or self.case or self.registered(at=at)
        given = {**ORDER, **overrides}
        by = given.pop("by", None) or self.investigator(case)
        return self.do("issue_order", by=by, at=at, case=case, **given).result

    def signed(self, case: Complaint | None = None, at: str = MORNING, handler: str = "抄表班长甲") -> SupervisionOrder:
        """The order signed by the head of the handling department, who names the handler."""
        if self.order(case) is None:
            self.ordered(case, at=at)
        by = str(self.the_case(case).handling_department.head)
        return self.do("sign_order", by=by, at=at, case=case, handler=handler).result

    def answered(self, case: Complaint | None = None, at: str = MORNING, **overrides: Any) -> Any:
        """情况表 handed in by the head; the order is issued and signed before when it was not."""
        order = self.order(case)
        if order is None or order.state == "已开具":
            self.signed(case, at=at)
        by = overrides.pop("by", None) or str(self.the_case(case).handling_department.head)
        return self.do("submit_correction", by=by, at=at, case=case, **{**ANSWER, **overrides}).result

    def confirmed(self, case: Complaint | None = None, at: str = MORNING, **overrides: Any) -> Investigation:
        """The investigation finds it founded."""
        given = {"facts": "属实:下午才到", "conclusion": "属实", **overrides}
        by = given.pop("by", None) or self.investigator(case)
        return self.do("investigate", by=by, at=at, case=case, **given).result

    def effective(self, case: Complaint | None = None, at: str = MORNING) -> Any:
        """The effect confirmed; 情况表 handed in before when there was none."""
        if self.order(case) is None or self.order(case).state != "已反馈":
            self.answered(case, at=at)
        return self.do("check_effect", by=self.investigator(case), at=at, case=case, result="通过").result

    def visited(self, result: str = "满意", case: Complaint | None = None, at: str = MORNING, **overrides: Any) -> Any:
        """The customer visited after a confirmed effect."""
        if self.order(case) is None or self.order(case).state not in ("效果确认通过", "已反馈"):
            self.effective(case, at=at)
        by = overrides.pop("by", None) or self.investigator(case)
        return self.do("visit", by=by, at=at, case=case, result=result, **overrides).result

    def closed(self, case: Complaint | None = None, at: str = MORNING, reason: str = "解决") -> Complaint:
        """The whole way: order, 情况表, effect, visit, closed."""
        self.visited(case=case, at=at)
        return self.do("close", by=self.investigator(case), at=at, case=case, close_reason=reason).thing

    def sweep(self, at: str) -> list[Done]:
        """Everything that a wake-up would do at this moment, until nothing is left."""
        now, done = moment(at), []
        while found := wakeups.due(self.session, now):
            done += [each for each in (wakeups.wake(self.session, clock, now) for clock in found) if each]
        return done + obligations.remind_all(self.session, now)

    def the_case(self, case: Complaint | None = None) -> Complaint:
        """The case that is meant: the one named, or the one registered last."""
        found = case or self.case
        assert found is not None, "no case was registered"
        return found

    def order(self, case: Complaint | None = None) -> SupervisionOrder | None:
        """The newest supervision order of the case."""
        return self.newest(SupervisionOrder, case) if case or self.case else None

    def newest(self, table: Any, case: Complaint | None = None) -> Any:
        """The newest row of that kind of the case, or nothing."""
        rows = self.all(table, case)
        return rows[-1] if rows else None

    def all(self, table: Any, case: Complaint | None = None) -> list[Any]:
        """The case's rows of that kind, oldest first."""
        query = select(table).where(table.complaint_id == self.the_case(case).id).order_by(table.id)
        return list(self.session.scalars(query))

    def events(self, case: Complaint | None = None, **having: Any) -> list[Event]:
        """The case's history, oldest first, as far as it has these values: ``events(verb="update")``."""
        return [e for e in self.all(Event, case) if all(getattr(e, name) == value for name, value in having.items())]

    def story(self, case: Complaint | None = None) -> str:
        """The case's history as one text."""
        return "\n".join(event.text for event in self.events(case))

    def notices(self, event: str | None = None, to: str | None = None, case: Complaint | None = None) -> list[Notice]:
        """The notices about the case, of that event, to that recipient."""
        found = self.all(Notice, case)
        return [n for n in found if event in (None, n.event) and to in (None, n.recipient)]

    def duties(self, case: Complaint | None = None) -> list[str]:
        """The titles of what is still owed on the case."""
        return [duty.title for duty in self.all(Duty, case) if duty.done_at is None]

    def clock(self, name: str = "办理", case: Complaint | None = None) -> Clock:
        """The newest clock of that name."""
        return [clock for clock in self.all(Clock, case) if clock.name == name][-1]

    def due(self, name: str = "办理", case: Complaint | None = None) -> str:
        """When that clock is due, as the Shanghai clock shows it."""
        return shanghai(self.clock(name, case).due_at)

    def offered(self, by: str, case: Complaint | None = None, at: str = MORNING) -> list[str]:
        """The verbs that the person's buttons show on this case."""
        found = offers.offers(self.session, self.the_case(case), self.actor(by, at), moment(at))
        return [offer.verb for offer in found]

    def hindered(self, by: str, case: Complaint | None = None, at: str = MORNING) -> dict[str, list[str]]:
        """The verbs that are this person's but not yet possible, each with what the procedure asks for first."""
        _free, found = offers.weighed(self.session, self.the_case(case), self.actor(by, at), moment(at))
        return {one.verb: list(map(str, one.findings)) for one in found}

    def sees(self, by: str, case: Complaint | None = None, at: str = MORNING) -> bool:
        """Whether the case is in that person's lists."""
        return access.may_see(self.session, self.actor(by, at), self.the_case(case))

    def form(
        self, verb: str, by: str = "客服甲", at: str = MORNING, case: Complaint | None = None, **typed: Any
    ) -> dict[str, list[str]]:
        """What the verb's form asks for at this point: argument name to the options that it offers."""
        case = case or (self.case if registry.VERBS[verb].needs_case else None)
        _, act, asked = registry.arguments_for(
            self.session, verb, case, actor=self.actor(by, at), now=moment(at), given=typed
        )
        return {argument.name: argument.choices(act) for argument in asked}


def shanghai(instant: datetime | None) -> str:
    """An instant as the Shanghai clock shows it; nothing is a dash."""
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if instant else "—"
