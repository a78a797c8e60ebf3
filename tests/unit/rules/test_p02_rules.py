"""P02's tables: presets, nature, grade, route, warnings, duties, notices, proposals, approvals."""

from itertools import product

import pytest

from rules import engine
from tests.unit.rules.shared import p02

EXPOSED = ("mainstream_media", "important_period", "industry_inspection")
REPORTED = ("to_leader", "to_government", "other_media")


def decided(stage: str, **facts):
    decision = engine.decide(
        p02(), stage, {name.replace("argument_", "argument."): value for name, value in facts.items()}
    )
    return decision.outcome if decision else None


def collected(stage: str, **facts) -> list:
    found = engine.collect(
        p02(), stage, {name.replace("argument_", "argument."): value for name, value in facts.items()}
    )
    return [decision.outcome for decision in found]


def said(stage: str, **facts) -> str:
    return ";".join(engine.text_of(outcome) for outcome in collected(stage, **facts))


@pytest.mark.clause("P02-5.6", "P02-2.3")
@pytest.mark.parametrize(
    ("channel", "preset"),
    [
        ("公司领导转办", [{"to_leader": True}]),
        ("市长公开电话", [{"to_government": True}]),
        ("市长信箱", [{"to_government": True}]),
        ("政府有关部门", [{"to_government": True}]),
        ("公共媒体", []),
        ("来电", []),
    ],
)
def test_the_channel_presets_the_facts_of_grading(channel, preset):
    assert collected("preset", channel=channel) == preset


@pytest.mark.clause("P02-4.1", "P02-4.2", "P02-2.3", "F-14")
@pytest.mark.parametrize(
    ("channel", "sought", "nature"),
    [
        ("来电", "无", "抱怨"),
        ("来电", "物质", "投诉"),
        ("来电", "精神", "投诉"),
        ("回访", "物质+精神", "投诉"),
        ("日常服务督查", "无", "抱怨"),
        ("年度满意度调查", "无", "抱怨"),
        ("公司领导转办", "无", "投诉"),
        ("市长公开电话", None, "投诉"),
        ("市长信箱", "无", "投诉"),
        ("政府有关部门", None, "投诉"),
        ("来函", "无", "投诉"),
        ("公共媒体", None, "投诉"),
        ("来电", None, None),
    ],
)
def test_compensation_or_the_channel_makes_it_a_complaint(channel, sought, nature):
    assert decided("nature", verb="register", channel=channel, compensation_sought=sought) == nature


@pytest.mark.clause("P02-3.3", "F-14")
def test_what_a_person_says_of_the_nature_goes_before_the_rules():
    assert decided("nature", channel="来电", compensation_sought="物质", argument_nature="抱怨") == "抱怨"
    assert decided("nature", channel="来电", compensation_sought="无", argument_nature="投诉") == "投诉"


def test_a_change_of_other_facts_leaves_the_nature_alone():
    assert decided("nature", verb="update", nature="抱怨", compensation_sought="物质") == "抱怨"
    assert (
        decided("nature", verb="update", nature="投诉", compensation_sought="无", argument_compensation_sought="无")
        == "投诉"
    )


@pytest.mark.clause("P02-9.5")
def test_a_claim_made_later_turns_a_grumble_into_a_complaint():
    facts = {"verb": "update", "nature": "抱怨", "compensation_sought": "物质", "argument_compensation_sought": "物质"}
    assert decided("nature", **facts) == "投诉"


@pytest.mark.clause("P02-1.2")
def test_a_case_whose_nature_nobody_can_tell_is_refused():
    assert "性质" in said("require", verb="register", channel="来电")


@pytest.mark.clause("P02-5.1", "P02-5.2", "P02-5.3", "P02-5.4", "P02-3.4", "F-13")
@pytest.mark.parametrize("impact", ["无", "一定不良", "重大不良"])
@pytest.mark.parametrize("exposed", [None, *EXPOSED])
@pytest.mark.parametrize("reported", [None, *REPORTED])
def test_the_grade_is_the_highest_that_the_facts_reach(impact, exposed, reported):
    facts = {name: name in (exposed, reported) for name in (*EXPOSED, *REPORTED)}
    if exposed and impact == "重大不良":
        grade = "一级投诉"
    elif (exposed or reported) and impact != "无":
        grade = "二级投诉"
    else:
        grade = "三级投诉"
    assert decided("grade", nature="投诉", impact=impact, **facts) == grade


@pytest.mark.clause("F-13", "P02-5.6")
@pytest.mark.parametrize(("names", "grade"), [(EXPOSED, "一级投诉"), (REPORTED, "二级投诉")])
def test_until_the_impact_is_judged_the_grade_is_provisional_by_channel(names, grade):
    for name, impact in product(names, (None, "")):
        outcome = decided("grade", nature="投诉", impact=impact, **{name: True})
        assert outcome == {"grade": grade, "provisional": True}


@pytest.mark.clause("P02-3.4", "P02-5.3")
def test_without_any_exposure_the_grade_does_not_wait_for_the_impact():
    assert decided("grade", nature="投诉", impact=None, to_leader=False) == "三级投诉"


@pytest.mark.clause("P02-5.4", "P02-4.1")
def test_a_grumble_has_no_grade_whatever_the_facts():
    facts = dict.fromkeys((*EXPOSED, *REPORTED), True)
    assert decided("grade", nature="抱怨", impact="重大不良", **facts) is None


@pytest.mark.clause("P02-5.4", "P02-5.5", "G-13")
def test_the_order_of_the_facts_never_changes_the_grade():
    facts = {"to_government": True, "mainstream_media": True, "impact": "重大不良", "nature": "投诉"}
    assert decided("grade", **facts) == decided("grade", **dict(reversed(facts.items()))) == "一级投诉"


@pytest.mark.clause("P02-5.5")
def test_every_grade_says_which_clause_it_comes_from():
    decision = engine.decide(p02(), "grade", {"nature": "投诉", "mainstream_media": True, "impact": "重大不良"})
    assert {"P02-5.1", "F-13"} <= set(decision.cites)
    assert decision.because
    assert (decision.procedure, decision.version) == ("P02", 1)


@pytest.mark.clause("P02-6.1", "P02-6.2", "P02-9.1", "P02-9.2", "P02-9.3", "P02-2.4", "F-15")
@pytest.mark.parametrize(
    ("nature", "channel", "department"),
    [
        *(
            ("抱怨", channel, "客户服务中心")
            for channel in ("来电", "回访", "日常服务督查", "年度满意度调查", "其它", "来访")
        ),
        *(
            ("投诉", channel, "人力资源行政部")
            for channel in ("公司领导转办", "市长公开电话", "市长信箱", "政府有关部门")
        ),
        *(("投诉", channel, "人力资源行政部") for channel in ("来电", "来函", "来访", "公共媒体", "日常服务督查")),
    ],
)
def test_grumbles_go_to_the_service_centre_and_complaints_to_the_staff_department(nature, channel, department):
    assert decided("route", nature=nature, channel=channel, responsible_department="客户营业部") == {
        "department": department
    }


@pytest.mark.clause("G-15")
@pytest.mark.parametrize(
    ("nature", "own", "department"),
    [("抱怨", "客户服务中心", "人力资源行政部"), ("投诉", "人力资源行政部", "客户服务中心")],
)
def test_no_department_investigates_itself(nature, own, department):
    assert decided("route", nature=nature, channel="来电", responsible_department=own) == {"department": department}


@pytest.mark.clause("P02-2.1", "P02-2.2")
def test_each_nature_has_its_own_sources():
    sources = p02().vocabulary.channels_by_nature
    assert {"来访", "来人", "来电", "回访", "日常服务督查", "其它"} <= set(sources["抱怨"])
    assert "来函" not in sources["抱怨"]
    assert {"来函", "来电", "来访", "公司领导转办", "其它组织转达", "公共媒体", "日常服务督查", "其它"} <= set(
        sources["投诉"]
    )
    assert set(sources["抱怨"]) | set(sources["投诉"]) == set(p02().vocabulary.channels)


@pytest.mark.clause("P02-2.5", "F-43")
def test_the_form_knows_three_ways_and_everything_else_is_other():
    ways = p02().vocabulary.report_ways
    assert {ways.get(channel, "其它") for channel in ("市长信箱", "公司领导转办", "年度满意度调查")} == {"其它"}
    assert (ways["来人"], ways["来访"], ways["来电"], ways["回访"]) == ("来访", "来访", "来电", "回访")


@pytest.mark.clause("P02-9.4", "P02-6.3")
def test_a_crew_answers_through_the_department_it_belongs_to():
    assert p02().parent_of("抄表班") == "客户营业部"


@pytest.mark.clause("P02-18.6", "P02-3.3")
@pytest.mark.parametrize("sought", ["物质", "精神", "物质+精神"])
def test_a_grumble_that_seeks_compensation_is_warned_of(sought):
    assert "投诉定义" in said("warn", verb="register", nature="抱怨", compensation_sought=sought)
    assert said("warn", verb="register", nature="投诉", compensation_sought=sought) == ""


@pytest.mark.clause("P02-18.5")
def test_a_due_day_off_is_warned_of_by_its_name():
    outcome = collected("warn", verb="issue_order", due_on_rest_day=True)[0]
    assert engine.fill(outcome, {"rest_day": "国庆节"}) == "截止日是休息日(国庆节),时限不顺延"
    assert said("warn", verb="issue_order", due_on_rest_day=False) == ""


@pytest.mark.clause("P02-6.5", "G-15")
def test_handling_ones_own_fault_is_warned_of():
    assert "责任人" in said("warn", verb="issue_order", handler_is_responsible=True)


@pytest.mark.clause("P02-18.4")
def test_a_grade_that_differs_from_the_facts_is_warned_of():
    assert "与事实不符" in said("warn", verb="change_grade", nature="投诉", grade_differs=True)


@pytest.mark.clause("F-17")
def test_more_than_a_hundred_points_are_warned_of():
    assert "100" in said("warn", verb="propose_assessment", argument_points=120)
    assert said("warn", verb="propose_assessment", argument_points=100) == ""


@pytest.mark.clause("F-13", "P02-5.6")
def test_whoever_judges_the_impact_is_asked_to_while_the_grade_hangs_on_it():
    facts = {"verb": "register", "nature": "投诉", "impact": None}
    duty = collected("duty", **facts, provisional_grade=True)[0]
    assert (duty["title"], duty["to"], duty["met_by"]) == ("确认影响", "department:人力资源行政部", "field:impact")
    assert collected("duty", **facts, provisional_grade=False) == []


@pytest.mark.clause("P02-7.10", "P02-7.11", "P02-13.3")
@pytest.mark.parametrize(("founded", "titles"), [("属实", 2), ("部分属实", 2), ("不属实", 0), ("待定", 0)])
def test_a_confirmed_case_owes_a_meeting_and_a_written_reflection(founded, titles):
    duties = collected("duty", verb="investigate", founded=founded, responsible_person="维修员甲")
    assert [duty["title"] for duty in duties] == ["例会通报", "书面认识"][:titles]


@pytest.mark.clause("P02-7.11")
def test_a_reflection_is_owed_only_where_somebody_is_responsible():
    assert [duty["title"] for duty in collected("duty", verb="investigate", founded="属实")] == ["例会通报"]


@pytest.mark.clause("P02-6.4", "P02-10.2", "P02-17.9")
@pytest.mark.parametrize(
    ("facts", "standard"),
    [
        ({"verb": "investigate", "founded": "属实"}, "16"),
        ({"event": "超期", "clock": "办理"}, "17"),
        ({"verb": "check_effect", "measures_none": True}, "18"),
    ],
)
def test_items_of_the_head_are_proposed(facts, standard):
    assert collected("assess", **facts) == [{"standard": standard, "subject_kind": "部门负责人"}]


@pytest.mark.clause("P02-6.4")
def test_nothing_is_proposed_for_an_unfounded_case():
    assert collected("assess", verb="investigate", founded="不属实") == []


@pytest.mark.clause("P02-13.4", "P02-10.1", "P02-10.2")
@pytest.mark.parametrize(
    ("facts", "to"),
    [
        ({"verb": "issue_order"}, ["承办部门负责人"]),
        ({"verb": "submit_correction"}, ["调查处理人"]),
        ({"event": "超期", "clock": "办理"}, ["承办部门负责人", "调查处理人"]),
        ({"event": "催办"}, ["承办部门负责人"]),
        ({"event": "升级"}, ["department:人力资源行政部", "role:公司领导"]),
    ],
)
def test_each_event_tells_each_recipient_once(facts, to):
    told = [name for outcome in collected("notify", **facts) for name in outcome["to"]]
    assert told == to


@pytest.mark.clause("P02-11.3", "P02-11.4")
@pytest.mark.parametrize(
    ("nature", "approver"),
    [("抱怨", {"role": "部门负责人", "department": "人力资源行政部"}), ("投诉", {"role": "公司领导"})],
)
def test_sanctions_are_approved_by_nature(nature, approver):
    assert decided("approval", object="处分", nature=nature) == approver


@pytest.mark.clause("P02-8.6", "P02-13.2", "G-21")
def test_the_monthly_circular_is_owed_by_the_service_centre():
    duty = p02().duties[0]
    assert (duty.kind, duty.to, duty.at) == ("月度服务质量检查通报", "department:客户服务中心", "first_workday 09:00")


@pytest.mark.clause("F-12")
def test_the_neutral_severity_of_each_grade():
    assert p02().head.severity == {"一级投诉": 4, "二级投诉": 3, "三级投诉": 2, "抱怨": 1}
