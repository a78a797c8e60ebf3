"""Who would do for the team that the grade demands: named in the form before anybody types."""

from __future__ import annotations

import pytest

from rules.procedure import shipped
from tests.support.cast import OPENING, House, employ, moment
from workflow import procedures, registry
from workflow.access import SYSTEM

PEOPLE = {
    "专管甲": ("客户服务部", "客服专管员(项目)"),
    "中心甲": ("集团客户服务中心", "员工"),
    "项目甲": ("项目部", "承办人"),
    "副总甲": ("区域公司", "主管副总裁"),
}
CALL = {
    "channel": "来函",
    "source_form": "书面",
    "kind": "业主",
    "name": "客户九",
    "phone": "13800000999",
    "project": "甲苑",
    "content": "外墙渗水",
    "demand": "整改",
}
AT = "2026-05-13 15:10"


@pytest.fixture
def estate(house: House) -> House:
    """The estate's procedure beside the other one, with one person of each kind."""
    procedures.put_in_force(house.session, shipped()["P03"], actor=SYSTEM, now=OPENING)
    for name, (place, role) in PEOPLE.items():
        employ(house.session, name, place, role)
    return house


def offered(house: House) -> dict[str, str]:
    """What the form holds before anybody types."""
    actor = house.actor("专管甲", AT)
    found = registry.arguments_for(house.session, "form_team", house.case, actor=actor, now=moment(AT))
    _verb, act, arguments = found
    return {argument.name: str(argument.default(act)) for argument in arguments if argument.default}


def registered(house: House, **more: object) -> None:
    house.case = house.do("register", by="专管甲", at="2026-05-13 15:00", **CALL, **more).thing
    house.do("communicate", by="专管甲", at="2026-05-13 15:02", kind="安抚", way="电话", text="已沟通")
    house.do("update", by="专管甲", at="2026-05-13 15:03", split="质量类", category="工程质量")


@pytest.mark.clause("P03-7.7")
def test_an_ordinary_quality_case_names_somebody_of_the_project(estate: House) -> None:
    registered(estate)
    assert offered(estate)["members"].splitlines() == ["项目甲、项目部"]


@pytest.mark.clause("P03-7.8", "P03-7.9", "P03-6.5")
def test_a_major_case_names_the_centre_and_the_vice_president_and_who_leads(estate: House) -> None:
    registered(estate, parties_count=10)
    form = offered(estate)
    assert form["members"].splitlines() == ["中心甲、集团客户服务中心", "副总甲、区域公司、主管副总裁"]
    assert form["leader"] == "专管甲"
    estate.do("form_team", by="专管甲", at=AT, leader=form["leader"], members=form["members"])


@pytest.mark.clause("P03-18.2")
def test_when_the_grade_rises_the_team_that_is_there_stays_and_who_is_missing_joins(estate: House) -> None:
    registered(estate)
    estate.do("form_team", by="专管甲", at="2026-05-13 15:05", leader="专管甲", members=["专管甲", "项目甲"])
    estate.do("update", by="专管甲", at="2026-05-13 15:06", parties_count=12)
    names = [line.partition("、")[0] for line in offered(estate)["members"].splitlines()]
    assert names == ["专管甲", "项目甲", "中心甲", "副总甲"]
