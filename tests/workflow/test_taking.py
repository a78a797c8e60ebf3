"""Several procedures in force: the one whose rows take the case registers it, and the history says why."""

from __future__ import annotations

from datetime import datetime

import pytest

from models import Event
from rules.procedure import shipped
from tests.support.cast import OPENING, House, employ, without_takes
from workflow import procedures, taking
from workflow.access import SYSTEM

FEES = """
[[take]]
id = "fees"
because = "费用的投诉归服务项目"
when = { category = "费用" }

[[take]]
id = "trustees"
because = "委托方的投诉归服务项目"
when = { complainant_kind = "委托方" }
"""
METERS = """
[[take]]
id = "meters"
because = "抄表归总部"
when = { complained_department = "抄表班" }
"""
CASE = {
    "name": "客户九",
    "phone": "13800000999",
    "address": "江滨路",
    "content": "结算单与合同不一致",
    "demand": "改正",
    "compensation_sought": "无",
}
NOW = datetime.fromisoformat("2026-05-13T15:10:00+08:00")
METER = {"complained_department": "抄表班"}


@pytest.fixture
def two(house: House) -> House:
    """P01 takes fees and what comes from trustees, P02 what is said of those who read meters."""
    session = house.session
    procedures.put_in_force(session, without_takes("P01") + FEES, actor=SYSTEM, now=OPENING)
    procedures.put_in_force(session, without_takes("P02") + METERS, actor=SYSTEM, now=OPENING)
    employ(session, "项目客服甲", "客服部", "受理人")
    return house


def told(done) -> str:
    event = done.event
    assert isinstance(event, Event)
    return event.text


def test_the_procedure_whose_row_holds_registers_whoever_does_it(two: House) -> None:
    done = two.do("register", by="客服甲", **CASE, channel="柜台", category="费用")
    assert done.thing.procedure_code == "P01"
    assert "办理,因为费用的投诉归服务项目" in told(done)
    assert [one["rule_id"] for one in done.event.decisions if one["stage"] == "take"] == ["fees"]
    assert not done.warnings


def test_the_kind_of_complainant_may_decide(two: House) -> None:
    done = two.do("register", by="客服甲", **CASE, channel="柜台", kind="委托方", category="服务质量")
    assert done.thing.procedure_code == "P01"
    assert "因为委托方的投诉归服务项目" in told(done)


def test_where_no_row_holds_it_is_that_of_the_department(two: House) -> None:
    assert two.registered(by="客服甲", channel="来访").procedure_code == "P02"
    done = two.do("register", by="项目客服甲", **CASE, channel="柜台", category="服务质量")
    assert done.thing.procedure_code == "P01"
    assert "因为登记的部门用它" in told(done)


def test_a_named_procedure_wins_with_a_warning_that_names_the_other(two: House) -> None:
    done = two.do("register", by="客服甲", procedure="P01", **CASE, channel="柜台", category="服务质量", **METER)
    assert done.thing.procedure_code == "P01"
    assert "因为登记时选定" in told(done)
    assert any("按内容,这件由《" in text and "抄表归总部" in text for text in done.warnings)


def test_of_two_that_take_it_the_first_is_used_and_the_warning_names_both(two: House) -> None:
    done = two.do("register", by="客服甲", **CASE, channel="柜台", kind="委托方", category="费用", **METER)
    assert done.thing.procedure_code == "P01"
    both = [text for text in done.warnings if "都受理这样的件" in text]
    assert len(both) == 1
    assert both[0].startswith(f"{procedures.titles(two.session, NOW)['P01']}、")


def test_naming_one_of_two_that_take_it_needs_no_warning(two: House) -> None:
    done = two.do("register", by="客服甲", procedure="P02", **CASE, channel="来电", kind="委托方", **METER)
    assert done.thing.procedure_code == "P02"
    assert not [text for text in done.warnings if "受理" in text or "按内容" in text]


def test_a_value_that_a_document_does_not_know_does_not_hold_there(two: House) -> None:
    assert two.registered(by="客服甲", kind="居民用户").procedure_code == "P02"


@pytest.mark.parametrize("rubbish", [7, ["费用"], {"a": 1}, "费用\x00", "费" * 5000])
def test_rubbish_leads_nowhere_and_is_refused_as_ever(two: House, rubbish: object) -> None:
    assert two.refused("register", by="客服甲", **CASE, channel="柜台", category=rubbish)


def test_with_one_procedure_nothing_is_said(house: House) -> None:
    procedures.put_in_force(house.session, without_takes("P02") + METERS, actor=SYSTEM, now=OPENING)
    done = house.do("register", by="客服甲", **CASE, channel="来电", **METER)
    assert "办理,因为" not in told(done)


def test_who_may_not_register_by_that_of_his_department_does_it_by_the_other(two: House) -> None:
    """The crew of the plaza stands in the plaza's document, and also in one that lets nobody of it register."""
    session = two.session
    procedures.put_in_force(session, shipped()["P00b"], actor=SYSTEM, now=OPENING)
    shut = """
[procedure]
code = "A01"
title = "内部规定"
roles = ["值班长"]
departments = [{ name = "工程部" }]

[[step]]
verb = "register"
who = ["值班长"]
"""
    procedures.put_in_force(session, shut, actor=SYSTEM, now=OPENING)
    employ(session, "工程甲", "工程部", "员工")
    actor = two.actor("工程甲")
    assert procedures.for_departments(session, actor.departments(), NOW).code == "A01"
    assert taking.chosen(session, {}, actor, NOW).code == "P00b"
    assert "procedure" not in two.form("register", by="工程甲")
