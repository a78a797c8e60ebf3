"""抱怨 or 投诉: whoever wants compensation complains, whoever wants improvement grumbles."""

from __future__ import annotations

import pytest

from tests.support.cast import House


@pytest.mark.clause("P02-4.1", "P02-5.4")
def test_who_dislikes_waiting_and_asks_only_for_improvement_grumbles_and_gets_no_grade(house: House) -> None:
    case = house.registered(content="排队太久", demand="希望加开窗口", compensation_sought="无")
    assert (case.nature, case.grade) == ("抱怨", None)


@pytest.mark.clause("P02-4.2")
def test_who_demands_an_apology_and_money_complains_and_gets_a_grade(house: House) -> None:
    case = house.registered(demand="道歉并赔偿 200 元", compensation_sought="物质+精神")
    assert (case.nature, case.grade) == ("投诉", "三级投诉")


@pytest.mark.clause("P02-4.2")
@pytest.mark.parametrize("sought", ["物质", "精神", "物质+精神"])
def test_any_compensation_makes_a_complaint(house: House, sought: str) -> None:
    assert house.registered(compensation_sought=sought).nature == "投诉"


@pytest.mark.clause("P02-3.3")
def test_calling_a_claim_for_money_a_grumble_is_warned_of_and_kept(house: House) -> None:
    done = house.do("register", **_claim())
    assert done.thing.nature == "抱怨"
    assert any("符合投诉定义" in warning for warning in done.warnings)
    assert any("符合投诉定义" in warning for warning in done.event.warnings)


@pytest.mark.clause("P02-3.3")
def test_a_grumble_that_claims_nothing_is_not_warned_of(house: House) -> None:
    assert house.do("register", **{**_claim(), "compensation_sought": "无"}).warnings == ()


def _claim() -> dict[str, str]:
    from tests.support.cast import CALL

    return {**CALL, "compensation_sought": "物质", "nature": "抱怨"}


def test_turning_a_preset_complaint_into_a_grumble_needs_a_reason(house: House) -> None:
    with pytest.raises(Exception, match="须说明原因"):
        house.registered(channel="来函", nature="抱怨")
    assert house.registered(channel="来函", nature="抱怨", reason="客户只提建议").nature == "抱怨"


def test_making_a_complaint_a_grumble_later_needs_a_reason_too(house: House) -> None:
    house.complaint()
    assert "须说明原因" in house.refused("update", by="人事甲", nature="抱怨")
    done = house.do("update", by="人事甲", nature="抱怨", reason="客户撤回索赔")
    assert (done.thing.nature, done.thing.grade) == ("抱怨", None)


def test_a_word_on_the_phone_number_leaves_the_nature_alone(house: House) -> None:
    house.complaint()
    assert house.do("update", phone="13800000499").thing.nature == "投诉"
