"""Grumbling that is not settled, and the team that each grade demands, in the estate group."""

from __future__ import annotations

import pytest

from models import FormDocument, TeamMember
from tests.support.group import (
    CENTRE,
    CLERK,
    COLLEAGUE,
    COURSE,
    ENGINEER,
    FULL,
    GIVEN,
    OFFICER,
    SELLER,
    VICE,
    Group,
    grumble,
)

HEAD = "客户服务部负责人"


@pytest.mark.clause("P03-7.5", "P03-12.4")
def test_the_task_of_a_grumble_goes_out_on_a_numbered_sheet(group: Group) -> None:
    grumble(group)
    assert [paper.no for paper in group.all(FormDocument)] == ["联系单-202605-0001"]
    assert [notice.recipient for notice in group.notices("派单")] == ["销售部负责人"]


@pytest.mark.clause("P03-7.6")
def test_a_grumble_that_the_complainant_calls_solved_is_solved_and_waits_for_its_visit(group: Group) -> None:
    grumble(group)
    group.act("record_acceptance", accepts="接受")
    assert group.the_case().state == "待回访"
    assert group.events(verb="record_acceptance")[0].text.count("升级") == 0
    group.act("visit", by=COLLEAGUE, result="满意")
    group.act("close", by=COLLEAGUE, close_reason="解释接受")


@pytest.mark.parametrize(
    ("facts", "said", "enough"),
    [
        pytest.param({}, "项目部", [OFFICER, ENGINEER], marks=pytest.mark.clause("P03-7.7")),
        pytest.param({"needs_legal": True}, "客户服务部", [CLERK, SELLER], marks=pytest.mark.clause("P03-7.8")),
        pytest.param({"parties_count": 3}, "客户服务部", [CLERK, SELLER], marks=pytest.mark.clause("P03-7.8")),
        pytest.param({"parties_count": 10}, "主管副总裁", [CLERK, CENTRE, VICE], marks=pytest.mark.clause("P03-7.9")),
    ],
)
@pytest.mark.clause("P03-7.6", "P03-10.1")
def test_one_that_is_not_goes_to_the_team_of_its_grade(
    group: Group, facts: dict[str, object], said: str, enough: list[str]
) -> None:
    grumble(group, **facts)
    group.act("record_acceptance", accepts="不接受")
    assert "升级:抱怨未认可,按级别转入处理小组" in group.story()
    assert group.the_case().state == "处理中"
    short = [{"person": SELLER}]
    assert said in group.no("form_team", leader=SELLER, members=short)
    group.team(*enough, leader=enough[0])


@pytest.mark.clause("P03-7.6", "P03-7.7", "P03-7.10")
def test_the_plan_of_a_grumble_that_was_not_solved_is_made_by_a_team(group: Group) -> None:
    grumble(group)
    group.act("record_acceptance", accepts="不接受")
    group.there(by=OFFICER)
    group.act("investigate", **GIVEN["investigate"])
    assert "项目部成员" in group.no("propose", plan="补足差额")
    group.team(OFFICER, ENGINEER, leader=OFFICER)
    group.act("propose", plan="补足差额")


@pytest.mark.clause("P03-7.12")
def test_quality_is_not_settled_by_word_of_mouth(group: Group) -> None:
    group.reach("form_team")
    assert "先制定方案" in group.no("record_acceptance", accepts="接受")


GRADES: dict[str, dict[str, object]] = {
    "重要": {"needs_legal": True},
    "热点": {"parties_count": 3},
    "重大": {"parties_count": 10},
}


@pytest.mark.clause("P03-7.7", "P03-18.2")
def test_an_ordinary_quality_case_needs_somebody_of_the_project(group: Group) -> None:
    group.reach("form_team")
    assert "项目部成员" in group.no("form_team", leader=OFFICER, members=[{"person": OFFICER}, {"person": SELLER}])
    group.team(OFFICER, ENGINEER, leader=OFFICER)


@pytest.mark.parametrize("grade", GRADES)
@pytest.mark.clause("P03-7.8", "P03-18.2")
def test_a_weightier_one_is_led_by_the_service_department(group: Group, grade: str) -> None:
    group.reach("form_team", **GRADES[grade])
    members = [{"person": name} for name in FULL]
    assert f"{grade}投诉的处理小组须由客户服务部的人员任组长" in group.no("form_team", leader=ENGINEER, members=members)
    group.team(*FULL)


@pytest.mark.parametrize(("without", "said"), [(CENTRE, "集团客户服务中心"), (VICE, "主管副总裁")])
@pytest.mark.clause("P03-6.5", "P03-7.9", "P03-18.2")
def test_a_major_one_needs_the_centre_and_the_vice_president(group: Group, without: str, said: str) -> None:
    group.reach("form_team", **GRADES["重大"])
    members = [{"person": name} for name in FULL if name != without]
    assert f"重大投诉的处理小组须有{said}参加" in group.no("form_team", leader=CLERK, members=members)
    group.team(*FULL)


@pytest.mark.parametrize(
    "line", [f"{SELLER}、客户服务部", f"{SELLER}、销售部、主管副总裁", f"{SELLER}、集团客户服务中心"]
)
@pytest.mark.clause("P03-7.8", "P03-7.9", "P03-18.2")
def test_nobody_is_written_down_as_what_he_is_not(group: Group, line: str) -> None:
    group.reach("form_team", **GRADES["重大"])
    members = "\n".join([*FULL, line])
    assert SELLER in group.no("form_team", leader=CLERK, members=members)
    assert group.all(TeamMember) == []


@pytest.mark.parametrize("verb", ["propose", "submit", "reply", "implement"])
@pytest.mark.clause("P03-18.2")
def test_a_grade_that_rises_stops_the_next_step_until_the_team_is_complete(group: Group, verb: str) -> None:
    group.analysed(parties_count=3)
    group.act("dispatch", by=OFFICER)
    group.team(CLERK, ENGINEER)
    for step in ("site_visit", "investigate", "propose", "review", "submit", "approve", "reply", "record_acceptance"):
        if step == verb:
            break
        COURSE[step](group)
    group.act("update", by=OFFICER, parties_count=10)
    given = {"propose": {"plan": "更换"}, "reply": {"way": "电话", "text": "更换"}, "implement": {"result": "已换"}}
    refusal = group.no(verb, **given.get(verb, {}))
    assert "集团客户服务中心参加" in refusal
    assert "主管副总裁参加" in refusal
    group.team(*FULL)
    group.act(verb, **given.get(verb, {}))
