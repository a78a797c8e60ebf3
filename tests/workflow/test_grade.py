"""级别: by exposure and impact, the worst that holds; it rises with the facts, and nobody grades a grumble."""

from __future__ import annotations

import pytest

from tests.support.cast import House

EXPOSURES = ["mainstream_media", "important_period", "industry_inspection"]
ADDRESSEES = ["to_leader", "to_government", "other_media"]


@pytest.mark.clause("P02-3.4", "P02-5.3")
def test_a_complaint_to_which_no_fact_applies_is_of_the_third_grade(house: House) -> None:
    facts = dict.fromkeys([*EXPOSURES, *ADDRESSEES], False)
    assert house.complaint(by="人事甲", impact="无", **facts).grade == "三级投诉"


@pytest.mark.clause("P02-3.4")
def test_every_fact_of_the_grade_is_asked_for_at_registration(house: House) -> None:
    asked = house.form("register")
    assert {*EXPOSURES, *ADDRESSEES} <= asked.keys()
    assert asked["impact"] == ["无", "一定不良", "重大不良"]


@pytest.mark.clause("P02-5.1")
@pytest.mark.parametrize("exposure", EXPOSURES)
def test_exposure_with_major_impact_is_the_first_grade(house: House, exposure: str) -> None:
    case = house.complaint(by="人事甲", impact="重大不良", **{exposure: True})
    assert (case.grade, case.grade_provisional) == ("一级投诉", False)


@pytest.mark.clause("P02-5.1")
@pytest.mark.parametrize("exposure", EXPOSURES)
def test_exposure_with_some_impact_stays_below_the_first_grade(house: House, exposure: str) -> None:
    assert house.complaint(by="人事甲", impact="一定不良", **{exposure: True}).grade == "二级投诉"


@pytest.mark.clause("P02-5.1")
def test_major_impact_without_exposure_is_not_the_first_grade(house: House) -> None:
    assert house.complaint(by="人事甲", impact="重大不良").grade == "三级投诉"


@pytest.mark.clause("P02-5.2")
def test_a_complaint_to_the_market_authority_with_some_impact_is_the_second_grade(house: House) -> None:
    case = house.registered(by="人事甲", channel="政府有关部门", forwarder="市场监管局", impact="一定不良")
    assert case.grade == "二级投诉"


@pytest.mark.clause("P02-5.2")
@pytest.mark.parametrize("addressee", ADDRESSEES)
def test_leaders_government_and_other_media_weigh_the_same(house: House, addressee: str) -> None:
    assert house.complaint(by="人事甲", impact="一定不良", **{addressee: True}).grade == "二级投诉"
    assert house.complaint(by="人事甲", impact="无", **{addressee: True}).grade == "三级投诉"


@pytest.mark.clause("P02-5.3")
def test_an_ordinary_call_for_money_is_the_third_grade(house: House) -> None:
    assert house.complaint(by="人事甲", channel="来电", impact="无").grade == "三级投诉"


@pytest.mark.clause("P02-5.4")
def test_the_worst_grade_that_holds_counts(house: House) -> None:
    case = house.registered(by="人事甲", channel="政府有关部门", mainstream_media=True, impact="重大不良")
    assert case.grade == "一级投诉"


@pytest.mark.clause("P02-5.4")
def test_a_grumble_has_no_grade_whatever_its_facts(house: House) -> None:
    case = house.registered(by="人事甲", nature="抱怨", mainstream_media=True, impact="重大不良")
    assert (case.nature, case.grade) == ("抱怨", None)


@pytest.mark.clause("P02-5.5")
def test_later_exposure_raises_the_grade_and_the_history_keeps_both(house: House) -> None:
    case = house.complaint(at="2026-09-22 10:00")
    house.do("update", by="人事甲", at="2026-09-28 09:00", mainstream_media=True, impact="重大不良")
    assert case.grade == "一级投诉"
    assert house.events(verb="update")[-1].changes["级别"] == ["三级投诉", "一级投诉"]


@pytest.mark.clause("P02-5.5")
def test_milder_facts_do_not_lower_a_settled_grade_by_themselves(house: House) -> None:
    house.registered(by="人事甲", channel="市长信箱", impact="一定不良")
    done = house.do("update", by="人事甲", impact="无")
    assert done.thing.grade == "二级投诉"
    assert any("不自动降低" in warning for warning in done.warnings)


@pytest.mark.clause("P02-5.6")
@pytest.mark.parametrize(("impact", "grade"), [("一定不良", "二级投诉"), ("无", "三级投诉")])
def test_the_mayors_letterbox_is_a_complaint_to_government_graded_by_its_impact(
    house: House, impact: str, grade: str
) -> None:
    case = house.registered(by="人事甲", channel="市长信箱", impact=impact)
    assert (case.fields["to_government"], case.grade) == (True, grade)


@pytest.mark.clause("P02-5.6")
@pytest.mark.parametrize(
    ("channel", "fact"),
    [
        ("公司领导转办", "to_leader"),
        ("市长公开电话", "to_government"),
        ("市长信箱", "to_government"),
        ("政府有关部门", "to_government"),
    ],
)
def test_the_source_presets_the_fact_that_it_tells(house: House, channel: str, fact: str) -> None:
    assert house.registered(channel=channel).fields == {fact: True}


@pytest.mark.clause("P02-5.6")
def test_what_a_person_says_is_not_overwritten_by_a_preset(house: House) -> None:
    assert house.registered(channel="公司领导转办", to_leader=False).fields["to_leader"] is False


@pytest.mark.clause("P02-5.6")
def test_for_public_media_somebody_must_say_which_kind(house: House) -> None:
    with pytest.raises(Exception, match="主流媒体还是其他媒体"):
        house.registered(channel="公共媒体")
    assert house.registered(channel="公共媒体", mainstream_media=True).grade == "一级投诉"
    assert house.registered(channel="公共媒体", other_media=True).grade == "二级投诉"


@pytest.mark.clause("P02-5.6")
def test_the_impact_is_judged_by_human_resources_alone(house: House) -> None:
    with pytest.raises(Exception, match="社会影响须由人力资源行政部认定"):
        house.registered(channel="市长信箱", impact="一定不良")
    house.registered(channel="市长信箱")
    assert "人力资源行政部认定" in house.refused("update", by="客服甲", impact="一定不良")


@pytest.mark.clause("P02-5.6")
def test_until_the_impact_is_judged_the_grade_is_provisional_and_human_resources_owe_the_judgement(
    house: House,
) -> None:
    case = house.registered(channel="市长信箱")
    assert (case.grade, case.grade_provisional, house.duties()) == ("二级投诉", True, ["确认影响"])
    house.do("update", by="人事甲", impact="无")
    assert (case.grade, case.grade_provisional, house.duties()) == ("三级投诉", False, [])
