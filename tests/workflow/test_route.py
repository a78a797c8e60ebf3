"""去向: grumbles to the service centre, complaints to human resources, nobody investigates himself."""

from __future__ import annotations

import pytest

from models import Assignment, Handover
from tests.support.cast import House


@pytest.mark.clause("P02-6.1", "P02-9.1")
@pytest.mark.parametrize("channel", ["日常服务督查", "回访", "来电", "年度满意度调查", "来访", "其它"])
def test_a_grumble_is_investigated_by_the_service_centre(house: House, channel: str) -> None:
    assert str(house.registered(channel=channel, nature="抱怨").investigation_department) == "客户服务中心"


@pytest.mark.clause("P02-6.2", "P02-9.2")
@pytest.mark.parametrize("channel", ["公司领导转办", "市长公开电话", "市长信箱", "政府有关部门"])
def test_a_forwarded_complaint_is_investigated_by_human_resources(house: House, channel: str) -> None:
    assert str(house.registered(channel=channel, nature="投诉").investigation_department) == "人力资源行政部"


@pytest.mark.clause("P02-9.3", "P02-6.2")
@pytest.mark.parametrize("channel", ["来电", "来函", "来访", "日常服务督查", "其它"])
def test_an_ordinary_complaint_goes_to_human_resources_by_its_nature(house: House, channel: str) -> None:
    case = house.registered(channel=channel, compensation_sought="物质", demand="赔偿 200 元")
    assert (case.nature, str(case.investigation_department)) == ("投诉", "人力资源行政部")


@pytest.mark.clause("P02-9.2", "P02-9.3")
def test_human_resources_are_told_of_a_complaint_that_the_desk_took_down(house: House) -> None:
    house.complaint()
    assert len(house.notices("移交", to="人力资源行政部")) == 1


@pytest.mark.clause("P02-9.1")
def test_a_grumble_stays_where_it_was_taken_down_and_nobody_is_told(house: House) -> None:
    house.registered()
    assert house.notices("移交") == []


@pytest.mark.clause("P02-6.1")
def test_the_service_centre_does_not_investigate_itself(house: House) -> None:
    case = house.registered(complained_department="客户服务中心")
    assert (case.nature, str(case.investigation_department)) == ("抱怨", "人力资源行政部")


@pytest.mark.clause("P02-6.2")
def test_human_resources_do_not_investigate_themselves(house: House) -> None:
    case = house.complaint(complained_department="人力资源行政部")
    assert (case.nature, str(case.investigation_department)) == ("投诉", "客户服务中心")


@pytest.mark.clause("P02-9.5")
def test_a_grumble_that_becomes_a_claim_moves_to_human_resources(house: House) -> None:
    case = house.registered()
    house.do("update", nature="投诉", compensation_sought="物质", demand="赔偿 500 元")
    assert (case.nature, str(case.investigation_department)) == ("投诉", "人力资源行政部")
    assert len(house.notices("移交", to="人力资源行政部")) == 1


@pytest.mark.clause("P02-9.5")
def test_the_hand_over_is_kept_with_the_old_department_and_the_old_investigator(house: House) -> None:
    house.registered()
    house.ordered()
    house.do("update", nature="投诉", compensation_sought="物质", at="2026-05-14 09:00")
    hand_over = house.newest(Handover)
    assert (str(hand_over.from_department), str(hand_over.to_department), hand_over.from_person) == (
        "客户服务中心",
        "人力资源行政部",
        "客服甲",
    )
    change = house.events(verb="update")[-1].changes
    assert change["性质"] == ["抱怨", "投诉"]
    assert change["调查处理部门"] == ["客户服务中心", "人力资源行政部"]


@pytest.mark.clause("P02-9.5")
def test_the_old_stint_ends_when_the_new_one_begins(house: House) -> None:
    house.registered()
    house.do("update", nature="投诉", at="2026-05-14 09:00")
    first, second = (stint for stint in house.all(Assignment) if stint.kind == "调查")
    assert first.ended_at == second.started_at
    assert second.ended_at is None


@pytest.mark.clause("P02-9.5")
def test_after_the_move_the_old_investigator_may_no_longer_investigate(house: House) -> None:
    house.registered()
    house.do("update", nature="投诉")
    assert "人力资源行政部" in house.refused("investigate", by="客服乙", facts="属实", conclusion="属实")
    assert house.confirmed().conclusion == "属实"


@pytest.mark.clause("P02-9.5")
def test_a_change_that_leaves_the_route_as_it_is_hands_nothing_over(house: House) -> None:
    house.registered()
    house.do("update", demand="希望提前通知", channel="回访")
    assert house.newest(Handover) is None
