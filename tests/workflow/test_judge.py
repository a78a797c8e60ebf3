"""判定责任: responsibility said by itself."""

from __future__ import annotations

from models import Investigation
from tests.support.cast import House


def test_department_and_person_are_named_and_the_history_keeps_old_and_new(house: House) -> None:
    case = house.registered()
    house.do("judge", founded="属实", responsible_department="抄表班", responsible_person="抄表员甲", reason="有录音")
    assert (case.founded, str(case.responsible_department), case.responsible_person) == ("属实", "抄表班", "抄表员甲")
    event = house.events(verb="judge")[-1]
    assert event.changes["调查结论"] == ["待定", "属实"]
    assert event.reason == "有录音"


def test_judging_is_no_investigation(house: House) -> None:
    house.registered()
    house.do("judge", founded="属实")
    assert house.all(Investigation) == []


def test_it_needs_a_finding_from_the_list(house: House) -> None:
    house.registered()
    assert "是否属实" in house.refused("judge", responsible_person="抄表员甲")
    assert "可选:属实" in house.refused("judge", founded="大概")
    assert house.the_case().responsible_person == ""


def test_the_department_complained_about_does_not_judge(house: House) -> None:
    house.registered()
    house.refused("judge", by="客户营业部负责人", founded="不属实")
    assert house.the_case().founded == "待定"


def test_the_accused_does_not_judge_his_own_case(house: House) -> None:
    house.registered(complained_person="客服乙")
    assert house.refused("judge", by="客服乙", founded="不属实")
