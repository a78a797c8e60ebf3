"""Whatever is put into a verb's arguments: it is done, or it is refused in words. Nothing else ever comes out."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import StaticPool, create_engine, select
from sqlalchemy.orm import Session

from models import Complaint
from tests.support import cast
from tests.support.cast import House, moment
from workflow import procedures, registry
from workflow.act import Act
from workflow.errors import Refused

NOW = "2026-05-13 16:00"
HEADS = ["客户营业部负责人", "客户服务中心负责人", "人力资源行政部负责人"]
PEOPLE = [None, "客服甲", "人事甲", *HEADS, "公司领导", "系统管理员"]
HOSTILE = st.one_of(
    st.sampled_from(
        [
            *(None, True, False, 0, -1, 1, 10**12, 10**30, -(10**30), 3.7, float("nan"), float("inf"), 1e308),
            *("", " ", "\x00", "甲\x00乙", "\ud800", "甲" * 30_000, "0", "-1", "007", "999999999999999", "٣", "1e5"),
            *("2026-02-30", "9999-12-31", "0001-01-01", "2026-05-13T10:00:00+99:99", "2026-05-13T10:00:00-23:59"),
            *("{name}", "{0.__class__}", "%s", "' or 1=1 --", "../../etc/passwd", "🀄" * 300, "\u202e", "a\nb\r\nc"),
            *([], [[]], [None], {}, {"a": {"b": ["\x00"]}}, {"file_name": ["x"], "size": "x"}, [{"item": "\x00"}]),
            *({"\x00": 1}, {"text": "\ud800"}, {1: 2}, [1, "\x00", [2]], b"\x00\xff", {"text": float("nan")}),
        ]
    ),
    st.text(max_size=40),
    st.integers(),
    st.recursive(st.none() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3), max_leaves=5),
)


@cache
def crowded() -> House:
    """A house in memory with cases in every state of the way, shared by all examples; each of them is undone."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    cast.open_house(engine)
    house = House(Session(engine, expire_on_commit=False))
    for lead in (house.registered, house.complaint):
        for walk in (None, house.ordered, house.signed, house.answered, house.effective, house.visited, house.closed):
            lead(complained_person="抄表员甲")
            if walk is not None:
                walk()
    _wait_for_others(house)
    house.session.commit()
    return house


def _wait_for_others(house: House) -> None:
    """Cases on which somebody has asked for something that another has still to do."""
    house.registered()
    house.ordered()
    house.do("request_extension", by="客服甲", due_at="2026-06-30 10:00", reason="材料未到")
    house.registered()
    house.ordered()
    house.do("pause", reason="客户原因")
    house.registered(complained_person="抄表员甲")
    house.confirmed()
    house.do("propose_assessment", standard_no="14", points=10)
    for kind in ("预防措施", "纠正措施"):
        house.do("add_measure", kind=kind, measure="短信提醒", owner_department="客户营业部", due_on="2026-07-31")
    house.do("implement_measure", by="客户营业部负责人", result="已上线")


LIKELY = {
    "id": "1",
    "other": "TS-20260513-0001",
    "code": "P02",
    "duty": "monthly-circular",
    "measure_no": "",
    "assessment": "",
    "ends_at": "2026-06-01 10:00",
    "due_at": "2026-07-31 10:00",
    "standard_no": "14",
    "head_signed_by": "客户营业部负责人",
    "verbs": ["view"],
    "sanction": "",
    "points": 200,
    "starts_at": "2026-05-13 09:00",
    "staff": "",
    "number": "",
    "clock": 1,
    "notices": [str(number) for number in range(1, 40)],
}


LIKELY_OF_KIND = {
    "number": 20,
    "date": "2026-07-31",
    "instant": "2026-05-13 10:00",
    "flag": "是",
    "person": "抄表班长甲",
    "department": "客户营业部",
    "departments": ["客户营业部", "工程维修部"],
    "json": {"text": "写明", "file": "写明.pdf"},
    "file": "现场.jpg",
}


def plausible(act: Act, argument: Any) -> Any:
    """A value that the argument may well have."""
    if (act.verb, argument.name) == ("circulate", "kind"):
        return "投诉通报"
    if (act.verb, argument.name) == ("inspect", "items"):
        return "鞋套 | 合格"
    if argument.name in LIKELY:
        return LIKELY[argument.name]
    if argument.kind in ("choice", "multi"):
        return next(iter(_options(act, argument)), "甲")
    return LIKELY_OF_KIND.get(argument.kind, "2026-05" if argument.name in ("period", "month") else "写明")


def _options(act: Act, argument: Any) -> list[str]:
    try:
        return argument.choices(act)
    except Refused:
        return []


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("name", sorted(registry.VERBS))
def test_a_verb_is_done_or_refused_whatever_it_is_given(name: str, data: st.DataObject) -> None:
    case, by = data.draw(st.sampled_from(likely_scenes(name)) | st.sampled_from(scenes()))
    act = _act(name, case, by)
    given = {argument.name: plausible(act, argument) for argument in registry.VERBS[name].asks(act)}
    for spoiled in data.draw(st.sets(st.sampled_from([*sorted(given), "unasked"]), max_size=2)):
        given[spoiled] = data.draw(HOSTILE)
    _perform(act, given)


def _act(name: str, case_id: int, by: str | None) -> Act:
    house, now = crowded(), moment(NOW)
    case = house.session.get_one(Complaint, case_id)
    return Act(house.session, name, case, house.actor(by, NOW), now, procedures.of(house.session, case, now))


def _perform(act: Act, given: dict[str, Any]) -> bool:
    """Whether it was done; every trace of it is removed, and anything but a refusal in words goes through."""
    definition, thing = registry.VERBS[act.verb], act.case
    try:
        done = registry.perform(
            act.session,
            act.verb,
            thing if definition.needs_case else None,
            arguments=given,
            actor=act.actor,
            now=act.now,
        )
    except Refused as refusal:
        assert str(refusal).strip()
        act.session.rollback()
        registry.refused(act.session, act.verb, thing, refusal, actor=act.actor, now=act.now)
        return False
    else:
        assert definition.silent or done.event is not None
        return True
    finally:
        act.session.rollback()
        act.session.expire_all()


@cache
def scenes() -> list[tuple[int, str | None]]:
    """Every case with everybody who might try."""
    cases = list(crowded().session.scalars(select(Complaint.id).order_by(Complaint.id.desc())))
    return [(case, by) for case in cases for by in PEOPLE]


@cache
def likely_scenes(name: str) -> list[tuple[int, str | None]]:
    """One in which the verb is done when nothing is wrong with its arguments; any where there is none."""
    for case, by in scenes():
        act = _act(name, case, by)
        if _perform(act, {argument.name: plausible(act, argument) for argument in registry.VERBS[name].asks(act)}):
            return [(case, by)]
    return scenes()
