"""The history: one event a deed, chained, and no hand that may change it (G-16)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from models import CaseDecision, ClockEntry, Event, FactSnapshot
from models.decision import NearMiss
from tests.support.cast import House
from workflow import history
from workflow.history import broken_links

KEPT = ("near_miss", "case_decision", "fact_snapshot", "event")
"""What points at an event, and the events: whoever takes one out has to take out the rest first."""
TRIGGERS = {
    "sqlite": [f"DROP TRIGGER {table}_no_{verb}" for table in KEPT for verb in ("update", "delete")],
    "postgresql": [f"DROP TRIGGER {table}_append_only ON {table}" for table in KEPT],
}


def tampering(house: House, statement: Any) -> list[int]:
    """Where the chain breaks after somebody with the keys of the database has done that."""
    for trigger in TRIGGERS[house.session.get_bind().dialect.name]:
        house.session.execute(text(trigger.replace("TRIGGER", "TRIGGER IF EXISTS")))
    house.session.execute(statement.execution_options(synchronize_session=False))
    house.session.expire_all()
    return broken_links(house.session, house.the_case().id)


@pytest.mark.clause("G-16")
def test_each_deed_is_one_event_numbered_in_the_case_and_chained_to_the_one_before(house: House) -> None:
    house.registered()
    house.closed()
    events = house.events()
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[0].previous_hash == ""
    assert [event.previous_hash for event in events[1:]] == [event.hash for event in events[:-1]]
    assert broken_links(house.session, house.the_case().id) == []


@pytest.mark.clause("G-16")
@pytest.mark.parametrize(
    "change",
    [
        {"text": "无事"},
        {"reason": "另有原因"},
        {"verb": "update"},
        {"outcome": "拒绝"},
        {"changes": {"级别": ["三级投诉", "一级投诉"]}},
        {"warnings": ["当心"]},
        {"decisions": []},
        {"on_behalf_of": "他人"},
        {"actor_id": None},
        {"seq": 99},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_event_is_found(house: House, change: dict[str, Any]) -> None:
    house.registered()
    house.ordered()
    assert tampering(house, update(Event).where(Event.seq == 2).values(**change))


@pytest.mark.clause("G-16")
@pytest.mark.parametrize("seq", [1, 2])
def test_an_event_taken_out_is_found(house: House, seq: int) -> None:
    house.registered()
    house.signed()
    for table in (NearMiss, CaseDecision, FactSnapshot):
        tampering(house, delete(table))
    assert tampering(house, delete(Event).where(Event.seq == seq))


@pytest.mark.clause("G-16")
def test_a_changed_event_whose_hash_was_made_to_fit_breaks_the_next_link(house: House) -> None:
    house.registered()
    house.signed()
    forged = house.events()[0]
    made_up = Event(
        **{column.key: getattr(forged, column.key) for column in Event.__mapper__.column_attrs if column.key != "id"}
    )
    made_up.text = "无事"
    statement = update(Event).where(Event.seq == 1).values(text="无事", hash=history.digest(made_up))
    assert tampering(house, statement) == [2]


@pytest.mark.clause("G-16")
@pytest.mark.parametrize("table", [Event, ClockEntry])
@pytest.mark.parametrize("how", ["update", "delete"])
def test_the_database_itself_refuses_to_change_or_remove_history(house: House, table: Any, how: str) -> None:
    house.ordered()
    statement = delete(table) if how == "delete" else update(table).values(reason="改写")
    with pytest.raises(DatabaseError, match="append-only"), house.session.begin_nested():
        house.session.execute(statement.execution_options(synchronize_session=False))
    assert house.events()


@pytest.mark.clause("G-16")
@pytest.mark.parametrize(
    ("verb", "given", "label", "old", "new"),
    [
        ("update", {"nature": "投诉"}, "性质", "抱怨", "投诉"),
        ("update", {"compensation_sought": "物质"}, "级别", "—", "三级投诉"),
        ("update", {"demand": "赔偿"}, "客户诉求", "按约定时间上门", "赔偿"),
        ("update", {"nature": "投诉"}, "调查处理部门", "客户服务中心", "人力资源行政部"),
        ("issue_order", {"limit_kind": "当天"}, "承办部门", "—", "客户营业部"),
        ("issue_order", {"limit_kind": "当天"}, "状态", "已受理", "处理中"),
        ("issue_order", {"limit_kind": "当天", "handler": "抄表班长甲"}, "承办人", "—", "抄表班长甲"),
        ("investigate", {"facts": "属实", "conclusion": "属实"}, "调查结论", "待定", "属实"),
    ],
)
def test_an_event_keeps_old_and_new_who_and_when(
    house: House, verb: str, given: dict[str, Any], label: str, old: str, new: str
) -> None:
    house.registered()
    event = house.do(verb, at="2026-05-14 09:00", **given).event
    assert event.changes[label] == [old, new]
    assert (str(event.actor), event.at.isoformat()) == ("客服甲", "2026-05-14T09:00:00+08:00")
    assert f"{label} {old} → {new}" in event.text


@pytest.mark.clause("G-16")
def test_a_refused_deed_stays_with_its_reason_and_changes_nothing_else(house: House) -> None:
    case = house.registered()
    version = case.version
    said = house.refused("close", close_reason="解决")
    (event,) = house.events(outcome="拒绝")
    assert (event.verb, event.reason, str(event.actor)) == ("close", said, "客服甲")
    assert case.version == version
    assert broken_links(house.session, case.id) == []


@pytest.mark.clause("G-16")
def test_a_case_is_voided_with_a_reason_and_never_removed(house: House) -> None:
    case = house.registered()
    assert "原因" in house.refused("void", by="系统管理员")
    house.do("void", by="系统管理员", reason="重复登记")
    assert (case.state, case.close_reason) == ("已作废", "作废")
    assert house.events(verb="void", outcome="完成")[0].reason == "重复登记"


@pytest.mark.clause("G-16", "T31")
@pytest.mark.parametrize("by", ["客服甲", "客户服务中心负责人", "公司领导"])
def test_only_the_administrator_voids(house: House, by: str) -> None:
    house.registered()
    assert "系统管理员" in house.refused("void", by=by, reason="重复登记")


@pytest.mark.clause("G-16")
def test_decisions_are_kept_with_rule_version_and_the_facts_seen(house: House) -> None:
    house.complaint()
    decisions = {row["stage"]: row for row in house.events(verb="register")[0].decisions}
    assert decisions["nature"]["rule_id"] == "nature-compensation"
    assert decisions["grade"]["outcome"] == "三级投诉"
    assert decisions["route"]["version"] == 1
    assert decisions["route"]["seen"]["nature"] == "投诉"


@pytest.mark.clause("G-16")
def test_events_of_the_house_stand_outside_any_case(house: House) -> None:
    house.do("narrow_role", by="系统管理员", name="受理人", verbs=["register"])
    event = house.session.scalars(select(Event).where(Event.verb == "narrow_role")).one()
    assert (event.complaint_id, event.seq) == (None, None)
