"""Who may do what, when; and the reason when not."""

from dataclasses import replace

import pytest

from rules.lifecycle import ANYBODY, NEUTRAL, Hat, Step, may, onward, permit, step_for
from rules.vocabulary import VERBS, State
from tests.unit.rules.shared import (
    ADMINISTRATOR,
    CREW,
    HEAD,
    HR,
    HR_HEAD,
    INVESTIGATOR,
    LEADER,
    RELATIONS,
    p02,
)


def permission(verb: str, *hats: Hat, state: str | None = "处理中", person: int | None = 1, order: str | None = None):
    return permit(step_for(p02(), verb), state=state, hats=hats, relations=RELATIONS, person=person, order_state=order)


def test_every_verb_of_the_vocabulary_has_a_neutral_step():
    assert set(NEUTRAL) == set(VERBS)


@pytest.mark.parametrize(
    ("verb", "hat"),
    [
        ("register", INVESTIGATOR),
        ("issue_order", INVESTIGATOR),
        ("sign_order", HEAD),
        ("submit_correction", HEAD),
        ("submit_correction", CREW),
        ("check_effect", INVESTIGATOR),
        ("visit", INVESTIGATOR),
        ("decide_assessment", HR_HEAD),
        ("decide_assessment", LEADER),
        ("close", LEADER),
        ("void", ADMINISTRATOR),
        ("void", Hat("管理员")),
        ("add_measure", INVESTIGATOR),
    ],
)
def test_whoever_is_entitled_may(verb, hat):
    assert permission(verb, hat).ok


@pytest.mark.clause("P02-11.1", "P02-11.2", "G-15", "P02-11.3", "P02-11.4", "P02-7.6")
@pytest.mark.parametrize(
    ("verb", "hat", "reason"),
    [
        ("sign_order", CREW, "须由工程维修部的部门负责人办理"),
        ("sign_order", INVESTIGATOR, "须由工程维修部的部门负责人办理"),
        ("check_effect", HEAD, "须由客户服务中心的调查处理人或部门负责人办理"),
        ("propose_assessment", HR, "须由客户服务中心的调查处理人或部门负责人办理"),
        ("decide_assessment", INVESTIGATOR, "须由人力资源行政部的部门负责人、公司领导办理"),
        ("void", INVESTIGATOR, "须由系统管理员办理"),
    ],
)
def test_whoever_is_not_is_told_who_may(verb, hat, reason):
    answer = permission(verb, hat)
    assert (answer.ok, answer.reason) == (False, reason)


def test_the_reason_can_be_translated():
    answer = permission("void", CREW)
    assert (answer.text, answer.values) == ("须由{who}办理", {"who": "系统管理员"})


@pytest.mark.clause("P02-15.1")
@pytest.mark.parametrize(
    "verb", ["update", "issue_order", "investigate", "visit", "close", "change_grade", "communicate"]
)
@pytest.mark.parametrize("state", ["已结案", "已归档"])
def test_a_closed_case_is_read_only(verb, state):
    answer = permission(verb, INVESTIGATOR, LEADER, state=state)
    assert not answer.ok
    assert answer.reason.startswith(f"{state},不能")


@pytest.mark.clause("P02-15.1")
def test_only_a_closed_case_is_archived():
    assert permission("archive", INVESTIGATOR, state="已结案").ok
    assert permission("archive", INVESTIGATOR, state="待回访").reason == "案件待回访,不能归档"


def test_an_order_is_signed_once():
    assert permission("sign_order", HEAD, order="已开具").ok
    assert permission("sign_order", HEAD, order="已签收").reason == "督办处理单已签收,不能签收督办处理单"


def test_a_verb_that_the_procedure_leaves_out_is_off():
    assert step_for(p02(), "form_team") is None
    assert permission("form_team", INVESTIGATOR).reason == "本制度不办理这一项"


@pytest.mark.parametrize(
    ("verb", "hats", "ok"),
    [
        ("register", (Hat("审计"),), False),
        ("fill_document", (Hat("审计"),), False),
        ("view", (Hat("审计"),), True),
        ("report", (Hat("审计"),), True),
        ("register", (Hat("审计"), Hat("员工")), True),
        ("register", (), True),
        ("register", (ADMINISTRATOR,), True),
    ],
)
def test_who_is_there_to_read_alone_is_not_everybody(verb, hats, ok):
    step = replace(NEUTRAL[verb], who=(ANYBODY,))
    answer = permit(step, state=None, hats=hats, relations=RELATIONS, person=1)
    assert (answer.ok, answer.reason) == (ok, "" if ok else "审计只看,不办理")


def test_the_system_may_only_what_names_it():
    assert permission("urge", person=None).ok
    assert permission("sweep", person=None, state=None).ok
    assert not permission("close", person=None).ok


@pytest.mark.clause("P02-7.11")
def test_a_person_named_by_the_case_may_for_himself():
    who = p02().form("书面认识").who
    assert may(who, hats=(), relations=RELATIONS, person=11).ok
    refusal = may(who, hats=(), relations=RELATIONS, person=12)
    assert refusal.reason == "须由责任人本人(维修员甲)、工程维修部的部门负责人办理"


@pytest.mark.clause("P02-7.9", "P02-13.1")
def test_the_investigation_report_is_written_by_the_staff_department():
    who = p02().form("调查报告").who
    assert may(who, hats=(HR,), relations=RELATIONS, person=1).ok
    assert "人力资源行政部" in may(who, hats=(INVESTIGATOR,), relations=RELATIONS, person=1).reason


def test_an_order_not_yet_given_to_anybody_still_has_a_readable_reason():
    answer = permit(step_for(p02(), "sign_order"), state="已受理", hats=(CREW,), relations={}, person=1)
    assert answer.reason == "须由承办部门的部门负责人办理"


@pytest.mark.parametrize(
    ("verb", "state", "outcome", "target"),
    [
        ("register", "已登记", None, State.ACCEPTED),
        ("accept", "已受理", None, None),
        ("issue_order", "已受理", None, State.HANDLING),
        ("investigate", "已受理", None, State.HANDLING),
        ("investigate", "待回访", None, None),
        ("submit_correction", "处理中", None, State.REPORTED_BACK),
        ("check_effect", "已反馈", "通过", State.AWAITING_VISIT),
        ("check_effect", "已反馈", "未通过", State.HANDLING),
        ("visit", "待回访", "基本满意", State.AWAITING_CONFIRMATION),
        ("visit", "待回访", "不满意", State.REDOING),
        ("visit", "待回访", "无法联系", None),
        ("close", "待确认", None, State.CLOSED),
        ("archive", "已结案", None, State.ARCHIVED),
        ("void", "已结案", None, State.VOID),
        ("update", "处理中", None, None),
    ],
)
@pytest.mark.clause("P02-7.1", "P02-7.4", "P02-7.6", "P02-10.3")
def test_where_a_step_leads(verb, state, outcome, target):
    assert step_for(p02(), verb).target(state, outcome) is target


@pytest.mark.parametrize(
    ("verb", "state", "on"),
    [
        ("issue_order", "已受理", True),
        ("submit_correction", "处理中", True),
        ("check_effect", "已反馈", True),
        ("communicate", "处理中", False),
        ("withdraw", "处理中", False),
        ("pause", "处理中", False),
        ("void", "已归档", False),
        ("decline", "已登记", False),
    ],
)
def test_a_step_leads_on_when_it_takes_the_case_to_a_later_state(verb, state, on):
    assert (onward(step_for(p02(), verb), state) is not None) is on


def test_out_of_the_course_every_step_back_onto_it_leads_on():
    assert onward(NEUTRAL["dispatch"], "重新处理") is not None
    assert onward(None, "处理中") is None


def test_of_several_outcomes_the_nearest_says_how_far_a_step_leads():
    step = Step(
        "visit", "回访", to_when={"满意": State.CLOSED, "基本满意": State.AWAITING_VISIT, "不满意": State.REDOING}
    )
    nearer = Step("check_effect", "效果确认", to=State.AWAITING_VISIT)
    assert onward(step, "处理中") == onward(nearer, "处理中")
    assert onward(step, "待回访") > onward(nearer, "处理中")
