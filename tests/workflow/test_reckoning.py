"""例会通报 and 书面认识: what the department and the responsible person owe once a case is founded."""

from __future__ import annotations

import pytest

from models import Circular, Duty, FormDocument
from tests.support.cast import House, shanghai

HEAD = "客户营业部负责人"
MEETING = {"kind": "部门例会通报", "period": "2026-05", "text": "例会纪要:通报本件", "held_on": "2026-05-18 08:30"}
REFLECTION = {"kind": "书面认识", "fields": {"text": "今后提前电话确认", "file": "书面认识.pdf"}}


def _founded(house: House) -> None:
    house.registered(complained_person="抄表员甲")
    house.signed()
    house.confirmed()


def _duty(house: House, title: str) -> Duty:
    (found,) = (duty for duty in house.all(Duty) if duty.title == title)
    return found


@pytest.mark.clause("P02-7.10")
def test_the_circular_at_the_meeting_is_owed_until_it_is_recorded(house: House) -> None:
    _founded(house)
    assert "例会通报" in house.duties()
    assert _duty(house, "例会通报").owner == HEAD
    house.do("circulate", by=HEAD, at="2026-05-18 10:00", case=house.case, **MEETING)
    assert "例会通报" not in house.duties()


@pytest.mark.clause("P02-7.10")
def test_the_day_of_the_meeting_and_its_minutes_are_kept(house: House) -> None:
    _founded(house)
    house.do("circulate", by=HEAD, at="2026-05-18 10:00", case=house.case, **MEETING)
    kept = house.newest(Circular)
    assert (shanghai(kept.held_on), kept.text) == ("2026-05-18 08:30:00", "例会纪要:通报本件")
    assert shanghai(_duty(house, "例会通报").done_at) == "2026-05-18 10:00:00"


@pytest.mark.clause("P02-7.10")
def test_a_circular_without_minutes_is_refused_and_the_duty_stays(house: House) -> None:
    _founded(house)
    assert "请填写通报内容" in house.refused(
        "circulate", by=HEAD, case=house.case, kind="部门例会通报", period="2026-05"
    )
    assert "例会通报" in house.duties()


@pytest.mark.clause("P02-7.10")
@pytest.mark.parametrize("by", ["客服甲", "工程维修部负责人", "抄表班长甲"])
def test_only_the_head_of_the_department_records_its_meeting(house: House, by: str) -> None:
    _founded(house)
    house.refused("circulate", by=by, case=house.case, **MEETING)
    assert "例会通报" in house.duties()


@pytest.mark.clause("P02-7.10")
@pytest.mark.parametrize("by", ["客户服务中心负责人", "人力资源行政部负责人"])
def test_the_head_of_another_department_does_not_record_it_either(house: House, by: str) -> None:
    house.registered(complained_person="抄表员甲")
    house.signed()
    house.confirmed()
    house.refused("circulate", by=by, case=house.case, **MEETING)
    assert "例会通报" in house.duties()


@pytest.mark.clause("P02-7.10", "P02-7.11")
def test_an_unfounded_case_makes_nobody_owe_anything(house: House) -> None:
    house.registered(complained_person="抄表员甲")
    house.signed()
    house.confirmed(conclusion="不属实")
    assert house.duties() == []


@pytest.mark.clause("P02-7.11")
def test_the_responsible_person_owes_a_written_reflection(house: House) -> None:
    _founded(house)
    assert _duty(house, "书面认识").owner == "抄表员甲"
    house.do("fill_document", by="抄表员甲", at="2026-05-19 09:00", **REFLECTION)
    assert "书面认识" not in house.duties()


@pytest.mark.clause("P02-7.11")
def test_without_the_attachment_the_duty_stays_open(house: House) -> None:
    _founded(house)
    refusal = house.refusal("fill_document", by="抄表员甲", kind="书面认识", fields={"text": "今后提前电话确认"})
    assert [finding.field for finding in refusal.findings] == ["fields.file"]
    assert "书面认识" in house.duties()


@pytest.mark.clause("P02-7.11")
@pytest.mark.parametrize("by", ["维修员甲", "客服甲", "工程维修部负责人"])
def test_nobody_writes_it_for_him(house: House, by: str) -> None:
    _founded(house)
    house.refused("fill_document", by=by, **REFLECTION)
    assert house.all(FormDocument) == []


@pytest.mark.clause("P02-7.11")
def test_a_founded_case_without_a_responsible_person_asks_nobody_for_one(house: House) -> None:
    house.registered()
    house.signed()
    house.confirmed()
    assert house.duties() == ["例会通报"]
