"""How a complaint of the estate group ends, and who takes each step on the way there."""

from __future__ import annotations

import pytest

from tests.support.group import (
    CENTRE,
    CLERK,
    COLLEAGUE,
    COUNSEL,
    COURSE,
    DESK,
    ENGINEER,
    LEADER,
    OFFICER,
    SELLER,
    VICE,
    Group,
    grumble,
)

HEAD = "客户服务部负责人"


@pytest.mark.clause("P03-6.1", "P03-7.14", "P03-14.1")
def test_only_the_service_department_visits(group: Group) -> None:
    group.reach("visit")
    for by in (ENGINEER, "项目部负责人", SELLER, LEADER, VICE):
        assert "客户服务部" in group.no("visit", by=by, result="满意") or not group.sees(by)
    group.act("visit", by=COLLEAGUE, way="电话", result="满意")
    assert group.the_case().state == "待确认"


@pytest.mark.clause("P03-7.14", "P03-14.1")
def test_nothing_is_visited_before_it_was_done_and_nothing_closed_before_it_was_visited(group: Group) -> None:
    group.analysed()
    for step, deed in COURSE.items():
        if step == "visit":
            break
        refused = group.no("visit", by=COLLEAGUE, result="满意")
        assert "不能回访" in refused or "还没有实施" in refused, step
        assert "请先回访验证" in group.no("close", by=COLLEAGUE, close_reason="解决"), step
        deed(group)
    assert "请先回访验证" in group.no("close", by=COLLEAGUE, close_reason="解决")
    group.act("visit", by=COLLEAGUE, result="满意")


@pytest.mark.clause("P03-7.6", "P03-7.14", "P03-14.1")
def test_nor_is_a_grumble_before_the_complainant_calls_it_solved(group: Group) -> None:
    grumble(group)
    assert "还没有处理完毕" in group.no("visit", by=COLLEAGUE, result="满意")
    group.act("record_acceptance", accepts="不接受")
    assert "还没有处理完毕" in group.no("visit", by=COLLEAGUE, result="基本满意")


@pytest.mark.parametrize("result", ["满意", "基本满意"])
@pytest.mark.clause("P03-14.1", "G-22")
def test_visited_and_content_it_is_closed(group: Group, result: str) -> None:
    group.reach("visit")
    assert "请先回访验证" in group.no("close", by=COLLEAGUE, close_reason="解决")
    group.act("visit", by=COLLEAGUE, way="电话", result=result)
    group.act("close", by=COLLEAGUE, close_reason="解决")
    assert group.the_case().state == "已结案"


@pytest.mark.clause("P03-14.1", "P03-14.2", "F-23")
def test_visited_and_not_content_it_is_done_once_more_and_visited_once_more(group: Group) -> None:
    group.reach("close")
    group.act("reopen", by=COLLEAGUE, reason="又松动")
    assert "请先回访验证" in group.no("close", by=COLLEAGUE, close_reason="解决"), (
        "the visit of the first round is over"
    )
    for step in ("site_visit", "investigate", "propose", "reply", "record_acceptance", "implement"):
        COURSE[step](group)
    group.act("visit", by=COLLEAGUE, way="电话", result="不满意")
    assert (group.the_case().state, group.the_case().round) == ("重新处理", 3)


@pytest.mark.clause("P03-14.1", "F-21", "G-22")
def test_whom_nobody_reaches_on_three_days_the_case_is_closed_without(group: Group) -> None:
    group.reach("visit")
    for day in ("14", "14", "15"):
        group.act("visit", by=COLLEAGUE, at=f"2026-05-{day} 10:00", way="电话", result="无法联系")
    late = {"by": COLLEAGUE, "close_reason": "无法联系", "summary": "三次未接"}
    assert "不同日期回访三次" in group.no("close", at="2026-05-15 11:00", **late)
    group.act("visit", by=COLLEAGUE, at="2026-05-18 10:00", way="电话", result="无法联系")
    group.act("close", at="2026-05-18 11:00", **late)
    assert group.the_case().state == "已结案"


@pytest.mark.clause("P03-14.1", "F-21")
def test_nor_is_it_lost_for_want_of_a_plan_when_the_complainant_cannot_be_reached_at_all(group: Group) -> None:
    group.come()
    for day in ("14", "15", "18"):
        group.act("visit", by=COLLEAGUE, at=f"2026-05-{day} 10:00", way="电话", result="无法联系")
    group.act("close", by=COLLEAGUE, at="2026-05-18 11:00", close_reason="无法联系", summary="停机")


@pytest.mark.clause("P03-14.2", "F-21")
def test_who_stays_dissatisfied_after_two_rounds_is_let_go_by_the_regional_leaders_alone(group: Group) -> None:
    group.reach("visit")
    end = {"close_reason": "两轮后仍不满意", "summary": "仍要求赔偿"}
    group.act("visit", by=COLLEAGUE, way="电话", result="不满意")
    assert "未满两轮" in group.no("close", by=LEADER, **end)
    for step in ("site_visit", "investigate", "propose", "reply", "record_acceptance", "implement"):
        COURSE[step](group)
    group.act("visit", by=COLLEAGUE, way="电话", result="不满意")
    assert "区域公司领导层" in group.no("close", by=COLLEAGUE, **end)
    assert "说明原因" in group.no("close", by=LEADER, close_reason="两轮后仍不满意")
    group.act("close", by=LEADER, **end)
    assert group.the_case().state == "已结案"


@pytest.mark.clause("P03-14.1", "F-21")
def test_a_case_that_is_not_ours_is_closed_by_the_head_once_it_is_explained(group: Group) -> None:
    group.analysed()
    end = {"close_reason": "非我方责任已解释", "summary": "业主自行改装,已当面说明"}
    assert "客户服务部负责人确认" in group.no("close", by=COLLEAGUE, **end)
    group.act("close", by=HEAD, **end)
    assert group.the_case().state == "已结案"


@pytest.mark.clause("P03-14.1", "F-21")
def test_who_does_not_want_to_judge_is_let_go_once_the_case_is_handled(group: Group) -> None:
    group.analysed()
    end = {"by": COLLEAGUE, "close_reason": "客户拒评", "summary": "不愿评价"}
    assert "还没有处理完毕" in group.no("close", **end)
    group.reach("visit")
    assert "不是匿名" in group.no("close", **{**end, "close_reason": "匿名无法回访"})
    group.act("close", **end)
    assert group.the_case().state == "已结案"


@pytest.mark.parametrize("step", ["reply", "record_acceptance", "implement"])
@pytest.mark.clause("P03-7.12", "F-21", "G-22")
def test_who_vanishes_while_a_plan_is_talked_about_is_let_go_after_three_days(group: Group, step: str) -> None:
    group.reach(step)
    for day in ("14", "15", "18"):
        group.act("visit", by=COLLEAGUE, at=f"2026-05-{day} 10:00", way="电话", result="无法联系")
    group.act("close", by=COLLEAGUE, at="2026-05-18 11:00", close_reason="无法联系", summary="停机")
    assert group.the_case().state == "已结案"


@pytest.mark.clause("P03-7.12", "F-21")
def test_who_accepts_no_plan_twice_is_let_go_by_the_regional_leaders(group: Group) -> None:
    group.reach("record_acceptance")
    for _ in range(2):
        group.act("record_acceptance", accepts="不接受")
        group.act("visit", by=COLLEAGUE, way="电话", result="不满意")
        for again in ("site_visit", "investigate", "propose", "reply"):
            COURSE[again](group)
    group.act("close", by=LEADER, close_reason="两轮后仍不满意", summary="两次方案都不接受")


LOCKED = (
    "update",
    "communicate",
    "attach",
    "dispatch",
    "form_team",
    "propose",
    "visit",
    "reopen",
    "close",
    "change_grade",
    "link",
)


@pytest.mark.clause("P03-15.1")
def test_an_archived_case_is_only_read(group: Group) -> None:
    group.reach("")
    assert group.the_case().state == "已归档"
    for verb in LOCKED:
        assert "已归档" in group.no(verb, by=CLERK, at="2026-05-14 10:00"), verb
    for by in (OFFICER, CLERK, HEAD, LEADER):
        assert set(group.offered(by)) <= {"file_item"}, "the library of the project goes on; the case does not"
    group.act("print", by=OFFICER, kind="客户投诉处理档案表")


SERVICE = {OFFICER, CLERK, COLLEAGUE, HEAD}
PROJECT = {ENGINEER, "项目部负责人"}
EVERYBODY = (*SERVICE, *PROJECT, SELLER, "销售部负责人", DESK, LEADER, COUNSEL, CENTRE, VICE)
WHO = {
    "dispatch": (SERVICE, "P03-6.1"),
    "form_team": (SERVICE, "P03-7.8"),
    "site_visit": (SERVICE | PROJECT, "P03-7.10"),
    "investigate": (SERVICE | PROJECT, "P03-7.10"),
    "propose": (SERVICE, "P03-7.10"),
    "review": (SERVICE | {"项目部负责人", COUNSEL}, "P03-11.2"),
    "submit": (SERVICE, "P03-7.11"),
    "approve": ({LEADER}, "P03-11.1"),
    "reject": ({LEADER}, "P03-11.4"),
    "reply": (SERVICE, "P03-7.10"),
    "record_acceptance": (SERVICE, "P03-7.12"),
    "implement": (SERVICE | PROJECT, "P03-7.13"),
    "visit": (SERVICE, "P03-14.1"),
    "close": (SERVICE | {LEADER}, "P03-14.1"),
    "archive": (SERVICE, "P03-15.1"),
    "change_grade": (SERVICE, "P03-18.5"),
    "coordinate": (SERVICE, "P03-9.4"),
    "attach": (SERVICE | PROJECT | {DESK, COUNSEL}, "P03-7.4"),
    "update": (SERVICE | {DESK}, "P03-7.3"),
    "pause": ({OFFICER, HEAD}, "F-37"),
    "transfer": ({HEAD}, "P03-6.1"),
    "void": (set(), "G-16"),
}


ALSO = {
    "form_team": ("form_team", "coordinate", "change_grade"),
    "approve": ("approve", "reject"),
    "implement": ("implement", "attach", "update", "pause", "transfer", "void"),
    "": (),
}
"""The steps that may be taken beside, where not the step itself alone is asked for."""


@pytest.mark.clause(*sorted({clause for _, clause in WHO.values()}))
def test_each_step_is_offered_to_those_who_take_it_and_to_nobody_else(group: Group) -> None:
    group.analysed(parties_count=3)
    asked = set()
    for step, deed in COURSE.items():
        for verb in ALSO.get(step, (step,)):
            offered = {name for name in EVERYBODY if group.sees(name) and verb in group.offered(name)}
            assert offered == WHO[verb][0], verb
            asked.add(verb)
        deed(group)
    assert asked == WHO.keys()
