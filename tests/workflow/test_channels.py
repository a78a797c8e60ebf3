"""来源: which sources a grumble and a complaint have, and what a source settles by itself."""

from __future__ import annotations

import pytest

from tests.support.cast import House


@pytest.mark.clause("P02-2.1")
def test_a_grumble_comes_by_visit_call_return_visit_inspection_survey_or_otherwise(house: House) -> None:
    offered = house.form("register", nature="抱怨")["channel"]
    assert set(offered) == {"来人", "来访", "来电", "回访", "日常服务督查", "年度满意度调查", "其它"}


@pytest.mark.clause("P02-2.2")
def test_a_complaint_comes_by_the_seven_sources_those_of_the_administration_or_otherwise(house: House) -> None:
    offered = set(house.form("register", nature="投诉")["channel"])
    seven = {"来函", "来电", "来访", "公司领导转办", "其它组织转达", "公共媒体", "日常服务督查"}
    administration = {"市长公开电话", "市长信箱", "政府有关部门", "来人"}
    assert offered == seven | administration | {"其它"}


@pytest.mark.clause("P02-2.1", "P02-2.2")
def test_while_the_nature_is_open_every_source_is_offered(house: House) -> None:
    offered = house.form("register")["channel"]
    assert {"回访", "市长信箱", "来函", "年度满意度调查"} <= set(offered)


@pytest.mark.clause("P02-2.1")
def test_a_source_already_chosen_stays_on_the_form_when_the_nature_is_changed_against_its_preset(house: House) -> None:
    assert "来函" in house.form("register", nature="抱怨", channel="来函")["channel"]


@pytest.mark.clause("P02-2.3")
@pytest.mark.parametrize("channel", ["公司领导转办", "市长公开电话", "市长信箱", "政府有关部门"])
def test_what_comes_through_leaders_or_government_is_a_complaint_for_human_resources(
    house: House, channel: str
) -> None:
    case = house.registered(channel=channel)
    assert (case.nature, str(case.investigation_department)) == ("投诉", "人力资源行政部")


@pytest.mark.clause("P02-2.4")
@pytest.mark.parametrize("channel", ["日常服务督查", "回访", "来电", "年度满意度调查"])
def test_grumbles_from_checks_visits_calls_and_the_survey_go_to_the_service_centre(house: House, channel: str) -> None:
    case = house.registered(channel=channel)
    assert (case.nature, str(case.investigation_department)) == ("抱怨", "客户服务中心")


@pytest.mark.clause("P02-2.5")
def test_the_order_calls_the_mayors_letterbox_other_and_says_which(house: House) -> None:
    house.registered(channel="市长信箱")
    order = house.ordered()
    assert (order.report_way, order.other_text) == ("其它", "市长信箱")


@pytest.mark.clause("P02-2.5")
@pytest.mark.parametrize(("channel", "way"), [("来访", "来访"), ("来人", "来访"), ("来电", "来电"), ("回访", "回访")])
def test_the_ways_that_the_paper_has_a_box_for_need_no_words(house: House, channel: str, way: str) -> None:
    house.registered(channel=channel)
    order = house.ordered()
    assert (order.report_way, order.other_text) == (way, "")
