"""Pauses and extensions as the rows govern them; ladders of one's own; a clock for each stint (G-12, G-15)."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import tomli_w

from jobs import proof
from models import Clock, ClockRung, ExtensionRequest, PauseRequest
from rules.procedure import shipped
from tests.support.cast import House, moment, shanghai
from workflow import procedures
from workflow.access import SYSTEM

ROWS: dict[str, Any] = {
    "pause": [
        {"reason": "等待外部单位", "by": "部门负责人@调查部门", "longest": "10天", "tell": True, "cites": ["G-12"]},
        {"reason": "不可抗力", "evidence": True, "cites": ["G-12"]},
    ],
    "extension": [
        {"id": "short", "up_to": "3天", "by": "部门负责人@调查部门", "times": 2, "cites": ["G-12"]},
        {"id": "long", "up_to": "10天", "by": "公司领导", "times": 2, "cites": ["G-12"]},
    ],
}
BEFORE = "2026-06-08 08:00"
WANT = {"reason": "等待配件", "name": "办理"}
HEAD, BOSS, ASKER = "客户服务中心负责人", "公司领导", "客户营业部负责人"


def governed(house: House, **more: Any) -> None:
    """The house works by P02 with these rows; an order is due at the end of 2026-06-11."""
    document = tomllib.loads(shipped()["P02"])
    document |= ROWS
    document["step"] = [row for row in document["step"] if row["verb"] != "decide_extension"]
    document["step"].append({"verb": "decide_pause", "cites": ["G-12"]})
    who = ["部门负责人@调查部门", "公司领导"]
    document["step"].append({"verb": "decide_extension", "who": who, "cites": ["G-12"]})
    for name, value in more.items():
        document[name] = value(document[name])
    procedures.put_in_force(house.session, tomli_w.dumps(document), actor=SYSTEM, now=moment(BEFORE))
    house.registered(at="2026-06-08 09:00")
    house.ordered(limit_days=3, at="2026-06-08 09:00")
    house.signed(at="2026-06-08 09:00")


def sound(house: House) -> bool:
    """Whether everything that is stored follows from what was recorded."""
    return list(proof.differences(house.session)) == []


@pytest.mark.clause("G-12", "G-15")
def test_a_pause_that_needs_consent_stops_the_clock_from_when_it_was_asked_for(house: House) -> None:
    governed(house)
    house.do("pause", at="2026-06-09 12:00", reason="等待外部单位")
    assert (house.the_case().state != "挂起", house.clock().paused_at) == (True, None)
    assert [notice.recipient for notice in house.notices("挂起待审")] == [HEAD]
    assert "须由" in house.refused("decide_pause", by=ASKER, at="2026-06-12 09:00", decision="同意")
    house.sweep("2026-06-12 00:05")
    assert house.clock().flagged_at is not None
    house.do("decide_pause", by=HEAD, at="2026-06-12 09:00", decision="同意")
    clock = house.clock()
    assert (shanghai(clock.paused_at), clock.flagged_at, clock.ever_late) == ("2026-06-09 12:00:00", None, False)
    assert house.the_case().state == "挂起"
    assert "告知投诉人暂停办理" in house.duties()
    assert sound(house)
    house.sweep("2026-06-19 12:00")
    assert (house.due(), house.the_case().state) == ("2026-06-21 23:59:59", "处理中")
    assert sound(house)


@pytest.mark.clause("G-12")
def test_a_refused_pause_stops_nothing(house: House) -> None:
    governed(house)
    house.do("pause", at="2026-06-09 12:00", reason="等待外部单位")
    assert "decide_pause" in house.offered(HEAD, at="2026-06-09 13:00")
    house.do("decide_pause", by=HEAD, at="2026-06-09 13:00", decision="驳回", opinion="不必等")
    assert (house.clock().paused_at, house.newest(PauseRequest).decision) == (None, "驳回")
    assert "decide_pause" not in house.offered(HEAD, at="2026-06-09 14:00")


@pytest.mark.clause("G-12", "G-15")
def test_whoever_may_agree_does_not_agree_to_his_own_pause(house: House) -> None:
    governed(house)
    house.do("pause", by=HEAD, at="2026-06-09 12:00", reason="等待外部单位")
    assert (house.clock().paused_at, house.newest(PauseRequest).decision) == (None, "待审")
    assert "decide_pause" not in house.offered(HEAD, at="2026-06-09 13:00")
    assert "自己" in house.refused("decide_pause", by=HEAD, at="2026-06-09 13:00", decision="同意")


@pytest.mark.clause("G-12")
def test_a_pause_that_needs_evidence_is_refused_without(house: House) -> None:
    governed(house)
    assert "证明" in house.refused("pause", at="2026-06-09 12:00", reason="不可抗力")
    house.do("pause", at="2026-06-09 12:00", reason="不可抗力", evidence="停电通知.pdf")
    assert house.the_case().state == "挂起"


@pytest.mark.clause("G-12", "G-15")
def test_who_decides_an_extension_hangs_on_its_length(house: House) -> None:
    governed(house)
    house.do("request_extension", by=ASKER, at="2026-06-10 09:00", due_at="2026-06-18 18:00", **WANT)
    assert [notice.recipient for notice in house.notices("延期待审")] == [BOSS]
    assert "公司领导" in house.refused("decide_extension", by=HEAD, at="2026-06-10 10:00", decision="同意")
    house.do("decide_extension", by=BOSS, at="2026-06-10 11:00", decision="同意")
    clock = house.clock()
    assert (house.due(), shanghai(clock.unextended_due_at)) == ("2026-06-18 18:00:00", "2026-06-11 23:59:59")
    assert sound(house)


@pytest.mark.clause("G-12")
def test_the_complainant_is_told_of_an_extension(house: House) -> None:
    governed(house)
    house.do("request_extension", by=ASKER, at="2026-06-10 09:00", due_at="2026-06-13 18:00", **WANT)
    house.do("decide_extension", by=HEAD, at="2026-06-10 11:00", decision="同意")
    assert any("告知投诉人延期" in title for title in house.duties())
    house.do("communicate", at="2026-06-10 11:30", kind="解释", way="电话", text="他来电话问", direction="来")
    assert house.newest(ExtensionRequest).told_at is None
    house.do("communicate", at="2026-06-10 12:00", kind="解释", way="电话", text="延期三天")
    assert shanghai(house.newest(ExtensionRequest).told_at) == "2026-06-10 12:00:00"
    assert not any("告知投诉人延期" in title for title in house.duties())


@pytest.mark.clause("G-12")
def test_there_is_a_longest_extension_and_a_last_one(house: House) -> None:
    governed(house)
    assert "最多延至" in house.refused(
        "request_extension", by=ASKER, at="2026-06-09 09:00", due_at="2026-07-30 18:00", **WANT
    )
    for until in ("2026-06-12 18:00", "2026-06-13 18:00"):
        house.do("request_extension", by=ASKER, at="2026-06-10 09:00", due_at=until, **WANT)
        house.do("decide_extension", by=HEAD, at="2026-06-10 11:00", decision="同意")
    assert "不能再延" in house.refused(
        "request_extension", by=ASKER, at="2026-06-10 12:00", due_at="2026-06-14 18:00", **WANT
    )


LADDER = [
    {"id": "half", "at": "-50%", "do": "提醒", "to": ["承办人"], "text": "{case_no} 时间过半"},
    {"id": "late", "at": "+0", "do": "超期"},
    {"id": "boss", "at": "+24小时", "do": "升级", "to": ["role:公司领导"]},
    {"id": "grade", "at": "+48小时", "do": "定级", "grade": "二级投诉", "to": ["department:人力资源行政部"]},
    {"id": "daily", "at": "+0", "do": "催办", "every": "24小时", "times": 2, "to": ["承办部门负责人"]},
]


def with_ladder(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """办理 with a ladder of its own."""
    return [{**row, "ladder": LADDER} if row["name"] == "办理" else row for row in rows]


@pytest.mark.clause("G-10", "G-20", "P02-8.3")
def test_each_rung_is_climbed_once_by_whom_and_when_the_document_says(house: House) -> None:
    governed(house, limit=with_ladder)
    house.sweep("2026-06-10 09:00")
    (half,) = house.notices("临期")
    assert half.text.endswith("时间过半")
    for at in ("2026-06-12 00:05", "2026-06-13 00:05", "2026-06-14 00:05", "2026-06-15 00:05"):
        house.sweep(at)
        house.sweep(at)
    rungs = [(rung.rung, rung.nth) for rung in house.session.query(ClockRung).order_by(ClockRung.id)]
    assert sorted(rungs) == [("boss", 1), ("daily", 1), ("daily", 2), ("grade", 1), ("half", 1), ("late", 1)]
    assert BOSS in [notice.recipient for notice in house.notices("升级")]
    assert house.the_case().grade == "二级投诉"
    assert sound(house)


@pytest.mark.clause("G-10")
def test_what_comes_after_an_outage_says_how_late_it_is(house: House) -> None:
    governed(house, limit=with_ladder)
    house.sweep("2026-06-14 06:00")
    assert "升级补发,延迟 1 天 6 小时" in house.story()


def window(head: dict[str, Any]) -> dict[str, Any]:
    return {**head, "delivery": "08:00-20:00"}


@pytest.mark.clause("G-10")
def test_what_falls_due_at_night_is_late_at_once_and_told_in_the_morning(house: House) -> None:
    governed(house, procedure=window)
    house.sweep("2026-06-12 00:05")
    assert {shanghai(notice.deliver_at) for notice in house.notices("超期")} == {"2026-06-12 08:00:00"}
    assert house.clock().flagged_at is not None


def per_stint(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each investigating department has five workdays of its own."""
    return [*rows, {"name": "调查", "amount": 5, "unit": "工作日", "per": "调查", "met": "judge", "cites": ["P02-7.4"]}]


@pytest.mark.clause("P02-9.5")
def test_a_second_department_does_not_inherit_a_clock_that_has_run_out(house: House) -> None:
    governed(house, limit=per_stint)
    assert house.due("调查") == "2026-06-15 18:00:00"
    house.sweep("2026-06-16 09:00")
    house.do("transfer", at="2026-06-16 10:00", to_dept="人力资源行政部", reason="本部门责任", by=HEAD)
    first, second = [clock for clock in house.all(Clock) if clock.name == "调查"]
    assert (str(first.assignment.department), first.ever_late, first.transferred_at is not None) == (
        "客户服务中心", True, True,
    )  # fmt: skip
    assert (str(second.assignment.department), shanghai(second.due_at), second.ever_late) == (
        "人力资源行政部", "2026-06-24 18:00:00", False,
    )  # fmt: skip
    assert sound(house)


@pytest.mark.clause("G-12")
def test_what_may_not_be_granted_any_more_can_still_be_refused(house: House) -> None:
    governed(house)
    house.do("request_extension", by=ASKER, at="2026-06-10 09:00", due_at="2026-06-13 18:00", **WANT)
    house.newest(ExtensionRequest).due_wanted = moment("2026-09-30 18:00")  # as after a change of the calendar
    house.do("decide_extension", by=HEAD, at="2026-06-10 11:00", decision="驳回", opinion="太长")
    assert (house.newest(ExtensionRequest).decision, house.due()) == ("驳回", "2026-06-11 23:59:59")


@pytest.mark.clause("G-12")
def test_a_second_round_has_extensions_of_its_own(house: House) -> None:
    governed(house)
    for until in ("2026-06-12 18:00", "2026-06-13 18:00"):
        house.do("request_extension", by=ASKER, at="2026-06-10 09:00", due_at=until, **WANT)
        house.do("decide_extension", by=HEAD, at="2026-06-10 11:00", decision="同意")
    house.answered(at="2026-06-12 09:00")
    house.do("check_effect", at="2026-06-12 10:00", result="未通过", effect_note="未附照片", limit_days=3)
    asked = house.do("request_extension", by=ASKER, at="2026-06-12 11:00", due_at="2026-06-16 18:00", **WANT)
    assert asked.result.decision == "待审"
