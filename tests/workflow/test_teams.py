"""处理小组 and 现场查看: who works together, whether that is enough for the grade, and what was seen on the spot."""

from __future__ import annotations

import pytest

from models import SiteVisit, Staff, TeamMember
from tests.support.cast import House


@pytest.fixture
def weighty(service: House) -> House:
    """A weighty case, and an engineer whom nobody has given any role."""
    service.session.add(Staff(name="工程甲", department=service.department("工程部")))
    service.session.flush()
    service.registered(by="服务甲", without="compensation_sought", complained_department="工程部", weighty=True)
    return service


def _team(house: House, *names: str, by: str = "服务甲", at: str = "2026-05-13 15:10") -> list[TeamMember]:
    return house.do("form_team", by=by, at=at, leader=names[0], members=[{"person": name} for name in names]).result


def test_a_team_that_lacks_whom_the_grade_demands_is_refused_and_nobody_is_in_it(weighty: House) -> None:
    asked = {"leader": "服务甲", "members": ["服务甲", "服务乙"]}
    assert "工程部参加" in weighty.refused("form_team", by="服务甲", **asked)
    assert weighty.all(TeamMember) == []


def test_a_complete_team_is_kept_with_its_leader_and_told(weighty: House) -> None:
    team = _team(weighty, "服务甲", "工程甲")
    assert [(str(member), member.leader, str(member.department)) for member in team] == [
        ("服务甲", True, "服务部"),
        ("工程甲", False, "工程部"),
    ]
    assert [notice.event for notice in weighty.notices(to="工程甲")] == ["处理小组"]
    assert weighty.notices("处理小组", to="服务甲") == [], "whoever formed it knows of it"


def test_members_may_be_typed_one_a_line(weighty: House) -> None:
    team = weighty.do("form_team", by="服务甲", leader="服务甲", members="服务甲\n工程甲、工程部、现场").result
    assert [(str(member), str(member.department), member.role) for member in team] == [
        ("服务甲", "服务部", "受理人"),
        ("工程甲", "工程部", "现场"),
    ]


@pytest.mark.parametrize(
    ("line", "said"), [("工程甲、服务部", "工程甲不在服务部"), ("工程甲、工程部、公司领导", "工程甲没有担任公司领导")]
)
def test_nobody_is_made_more_than_he_is_to_complete_a_team(weighty: House, line: str, said: str) -> None:
    assert said in weighty.refused("form_team", by="服务甲", leader="服务甲", members=f"服务甲\n工程甲\n{line}")


def test_a_new_team_replaces_the_old_one_which_stays_on_record(weighty: House) -> None:
    _team(weighty, "服务甲", "工程甲")
    _team(weighty, "服务乙", "工程甲", at="2026-05-14 09:00")
    assert sorted(str(member) for member in weighty.all(TeamMember) if member.until is None) == ["工程甲", "服务乙"]
    assert len(weighty.all(TeamMember)) == 4
    assert len(weighty.notices("处理小组", to="工程甲")) == 1


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([{"person": "无此人"}], "没有“无此人”这个人"),
        ([{"person": "服务甲", "department": "无此部"}], "没有“无此部”这个部门"),
        (7, "应为名单"),
        ("服务甲、服务部\n无此人", "没有“无此人”这个人"),
        ([None], "没有“None”这个人"),
    ],
)
def test_members_that_cannot_be_are_named(weighty: House, members: object, said: str) -> None:
    assert said in weighty.refused("form_team", by="服务甲", leader="服务甲", members=members)


def test_whoever_works_in_the_department_forms_the_team_without_any_role(weighty: House) -> None:
    weighty.session.add(Staff(name="服务丙", department=weighty.department("服务部")))
    weighty.session.flush()
    assert len(_team(weighty, "服务丙", "工程甲", by="服务丙")) == 2
    assert "服务部的员工" in weighty.refused("form_team", by="工程甲", leader="工程甲", members=["工程甲"])


def test_without_having_been_there_there_is_no_plan(weighty: House) -> None:
    assert "现场" in weighty.refused("propose", by="服务甲", plan="更换")
    weighty.do("site_visit", by="工程甲", arrived_at="2026-05-13 15:00", people=["工程甲", "房东"], findings="老化")
    weighty.do("propose", by="服务甲", plan="更换")
    assert weighty.newest(SiteVisit).people == ["工程甲", "房东"]


def test_nobody_arrives_in_the_future_or_leaves_before_he_came(weighty: House) -> None:
    given = {"findings": "老化"}
    assert "晚于现在" in weighty.refused("site_visit", by="服务甲", arrived_at="2026-05-13 15:11", **given)
    left = {"arrived_at": "2026-05-13 15:00", "left_at": "2026-05-13 14:59"}
    assert "离场时间" in weighty.refused("site_visit", by="服务甲", **left, **given)
