"""记录沟通: calming the customer, finding out what he wants, telling him what happens."""

from __future__ import annotations

import pytest

from models import Communication
from tests.support.cast import House, shanghai


@pytest.mark.clause("P02-7.2")
def test_calming_the_customer_stands_in_the_timeline(house: House) -> None:
    house.registered()
    talk = house.do("communicate", at="2026-05-13 15:30", kind="安抚", way="电话", text="致歉,说明处理安排").result
    assert (talk.kind, talk.person, shanghai(talk.at)) == ("安抚", "客户一", "2026-05-13 15:30:00")
    assert "安抚(电话):致歉,说明处理安排" in house.story()


@pytest.mark.clause("P02-7.2")
@pytest.mark.parametrize("kind", ["安抚", "解释", "方案沟通", "处理完毕回复"])
def test_what_a_talk_was_for_is_chosen_from_the_procedures_list(house: House, kind: str) -> None:
    house.registered()
    assert kind in house.form("communicate")["kind"]
    assert house.do("communicate", kind=kind, way="面谈", text="谈妥").result.kind == kind


@pytest.mark.parametrize("missing", ["kind", "way", "text"])
def test_what_it_was_how_and_what_was_said_are_asked_for(house: House, missing: str) -> None:
    house.registered()
    given = {"kind": "安抚", "way": "电话", "text": "致歉"}
    given.pop(missing)
    assert [finding.field for finding in house.refusal("communicate", **given).findings] == [missing]
    assert house.all(Communication) == []


def test_every_talk_is_kept(house: House) -> None:
    house.registered()
    for text in ("第一次", "第二次"):
        house.do("communicate", kind="进度", way="电话", text=text)
    assert [talk.text for talk in house.all(Communication)] == ["第一次", "第二次"]


def test_a_talk_moves_nothing(house: House) -> None:
    case = house.registered()
    house.do("communicate", kind="安抚", way="电话", text="致歉")
    assert case.state == "已受理"


def test_somebody_who_has_nothing_to_do_with_it_does_not_talk_to_the_customer(house: House) -> None:
    house.registered()
    house.refused("communicate", by="工程维修部负责人", kind="安抚", way="电话", text="致歉")
    house.refused("communicate", by="审计员", kind="安抚", way="电话", text="致歉")


def test_a_closed_case_takes_no_further_talk(house: House) -> None:
    house.registered()
    house.closed()
    assert "已结案" in house.refused("communicate", kind="感谢", way="电话", text="感谢")
