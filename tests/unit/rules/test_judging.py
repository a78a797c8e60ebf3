"""How a case is judged: each stage sees what the ones before it made, and what a person said stays."""

import pytest

from rules import judging
from tests.unit.rules.shared import p02


def judged(anew=True, with_nature=True, led_to=None, **facts):
    return judging.judge(p02(), facts, anew=anew, with_nature=with_nature, led_to=led_to)


def test_each_stage_sees_what_the_stages_before_it_made():
    made = judged(channel="公司领导转办", impact="一定不良")
    assert made.presets == {"to_leader": True}
    assert (made.nature, made.grading.grade, made.destination) == ("投诉", "二级投诉", "人力资源行政部")
    assert [question.stage for question in made.questions] == ["preset", "nature", "grade", "route"]
    assert [question.facts.get("nature") for question in made.questions] == [None, None, "投诉", "投诉"]
    assert made.facts["severity"] == 3


def test_a_preset_does_not_replace_what_a_person_said():
    assert judged(channel="公司领导转办", **{"argument.to_leader": False}).presets == {}
    assert judged(anew=False, channel="公司领导转办", to_leader=False).presets == {}
    assert judged(anew=True, channel="公司领导转办", to_leader=False).presets == {"to_leader": True}


def test_a_stage_that_decides_nothing_is_a_question_without_answer():
    made = judged(compensation_sought="无", channel="来电")
    assert (made.nature, made.grading.grade) == ("抱怨", None)
    assert next(question for question in made.questions if question.stage == "grade").answers == ()


def test_a_grade_does_not_fall_by_itself():
    made = judged(anew=False, with_nature=False, nature="投诉", grade="一级投诉")
    assert (made.grading.stays, made.grading.grade, made.grading.by_rules) == ("不降", "一级投诉", "三级投诉")
    assert made.facts["grade"] == "一级投诉"


def test_a_provisional_grade_falls_by_itself():
    made = judged(anew=False, with_nature=False, nature="投诉", grade="一级投诉", provisional_grade=True)
    assert (made.grading.stays, made.grading.grade, made.grading.raised) == ("", "三级投诉", False)


@pytest.mark.parametrize(
    ("by_hand", "becomes", "still_by_hand"), [("一级投诉", "一级投诉", True), ("三级投诉", "二级投诉", False)]
)
def test_a_grade_by_hand_stays_until_the_facts_demand_a_worse_one(by_hand, becomes, still_by_hand):
    facts = {"nature": "投诉", "to_leader": True, "impact": "一定不良", "grade": by_hand, "grade_by_hand": True}
    made = judged(anew=False, with_nature=False, **facts)
    assert (made.facts["grade"], made.facts["grade_by_hand"]) == (becomes, still_by_hand)


def test_a_case_stays_where_it_is_while_the_facts_lead_there_as_before():
    facts = {"nature": "投诉", "investigation_department": "安全技术部"}
    stays = judged(anew=False, with_nature=False, led_to="人力资源行政部", **facts)
    moves = judged(anew=False, with_nature=False, led_to="客户服务中心", **facts)
    assert (stays.moves, stays.facts["investigation_department"]) == (False, "安全技术部")
    assert (moves.moves, moves.facts["investigation_department"]) == (True, "人力资源行政部")


def test_a_grade_chosen_by_a_person_keeps_what_the_rules_said_beside_it():
    made = judging.regrade(p02(), {"nature": "投诉", "grade": "三级投诉"}, "二级投诉")
    assert (made.grading.grade, made.grading.by_rules, made.grading.raised) == ("二级投诉", "三级投诉", True)
    assert made.facts["grade_by_hand"] is True


def test_judging_leaves_the_facts_that_it_is_given_as_they_are():
    facts = {"channel": "公司领导转办"}
    judging.judge(p02(), facts, anew=True)
    assert facts == {"channel": "公司领导转办"}
