"""Which button stands first on the page of a case: at each stage of a usual one what its procedure does next."""

from __future__ import annotations

from typing import Any

import pytest

from models import Staff
from rules.procedure import shipped
from tests.support import plaza as square
from tests.support.cast import MORNING, House, employ, moment, under
from tests.support.group import CLERK, COUNSEL, COURSE, DESK, ENGINEER, LEADER, OFFICER, Group
from views import nextstep
from workflow import offers, procedures

CALL = {"channel": "来电", "kind": "消费者", "name": "客户一", "phone": "13800000101", "content": "约定的事没有做到"}
FOUND = {"method": "查阅资料", "facts": "记录一致", "conclusion": "属实", "cause": "没有补做"}
JUDGED = {"founded": "成立", "responsible_department": "客服部"}
PLAN = {"kind": "改进服务", "cause_explanation": "没有补做", "plan": "本月补做"}
DONE = {"implementer": "前台甲", "result": "已补做"}
TOLD = {"way": "电话", "cause": "没有补做", "result": "已补做"}
CALLED = {"way": "电话", "result": "满意"}
Steps = tuple[tuple[str, str, dict[str, Any]], ...]


def first(house: House, by: str, at: str = MORNING) -> str:
    """The button that stands first for this person now."""
    case, now = house.the_case(), moment(at)
    free, hindered = offers.weighed(house.session, case, house.actor(by, at), now)
    return nextstep.by_nearness(free, hindered, case, procedures.of(house.session, case, now))[0].verb


def walk(house: House, steps: Steps) -> None:
    """Take the steps; each stands first before it is taken."""
    for verb, by, given in steps:
        assert first(house, by) == verb, house.the_case().state
        house.do(verb, by=by, at=MORNING, **given)


@pytest.fixture
def desk(house: House) -> House:
    """A house with a desk of two under their head; its procedure is still to be said."""
    for name in ("前台甲", "前台乙"):
        employ(house.session, name, "客服部", "受理人", "调查处理人")
    house.department("客服部").head = Staff(name="客服部负责人", department=house.department("客服部"))
    house.session.flush()
    return house


def test_at_the_plazas_template(desk: House) -> None:
    under(desk.session, shipped()["P00a"])
    desk.case = desk.do("register", by="前台甲", **CALL, category="商品质量").thing
    steps: Steps = (
        ("dispatch", "前台甲", {"to_dept": "客服部"}),
        ("judge", "前台甲", JUDGED),
        ("propose", "前台甲", PLAN),
        ("reply", "前台甲", {"way": "电话", "text": "本月补做"}),
        ("record_acceptance", "前台甲", {"accepts": "接受"}),
        ("implement", "前台甲", DONE),
        ("feedback", "前台甲", TOLD),
        ("visit", "前台甲", CALLED),
        ("close", "前台甲", {"close_reason": "解决"}),
        ("archive", "前台甲", {}),
    )
    walk(desk, steps)


@pytest.mark.parametrize("founded", ["成立", "不成立"])
def test_in_the_service_project(desk: House, founded: str) -> None:
    under(desk.session, shipped()["P01"])
    given = {**CALL, "channel": "柜台", "kind": "监护人", "category": "服务次数"}
    desk.case = desk.do("register", by="前台甲", **given).thing
    judged = {**JUDGED, "founded": founded, "reason": "查无此事"}
    plan: Steps = (
        ("propose", "前台甲", PLAN),
        ("reply", "前台甲", {"way": "电话", "text": "本月补做"}),
        ("record_acceptance", "前台甲", {"accepts": "接受"}),
        ("implement", "前台甲", DONE),
    )
    walk(desk, (("accept", "前台甲", {}), ("dispatch", "前台甲", {"to_dept": "客服部", "to_person": "前台甲"})))
    walk(desk, (("investigate", "前台甲", FOUND), ("judge", "前台甲", judged), *(plan if founded == "成立" else ())))
    walk(desk, (("feedback", "前台甲", TOLD), ("visit", "前台乙", CALLED)))
    walk(desk, (("close", "前台甲", {"close_reason": "解决", "summary": "当周补做"}), ("archive", "前台甲", {})))


def test_of_a_complaint_at_the_plaza(plaza: House) -> None:
    noise = {**square.CALL, "nature": "投诉", "category": "公共环境/装修噪音·异味·粉尘", "content": "钻孔"}
    plaza.case = plaza.do("register", by="前台甲", **noise).thing
    steps: Steps = (
        ("dispatch", "前台甲", {"to_dept": "工程部"}),
        ("sign_for", "工程甲", {}),
        ("implement", "工程甲", {"result": "已改时段"}),
        ("confirm", "前台甲", {"signed": True, "result": "满意"}),
        ("close", "前台甲", {"close_reason": "解决"}),
        ("archive", "前台甲", {}),
    )
    walk(plaza, steps)


@pytest.mark.parametrize("more", [{}, {"parties_count": 3}], ids=["一般", "热点"])
def test_in_the_estate_group(group: Group, more: dict[str, Any]) -> None:
    group.come(**more)
    now = group.now()
    assert (first(group, DESK, now), first(group, OFFICER, now)) == ("communicate", "update")
    group.analysed(**more)
    by = dict.fromkeys(COURSE, CLERK) | {"dispatch": OFFICER, "site_visit": ENGINEER, "approve": LEADER}
    by |= {"review": "项目部负责人", "implement": ENGINEER}
    for step, deed in COURSE.items():
        if step and (group.weighty or step not in ("submit", "approve")):
            assert first(group, by[step], group.now()) == step, group.the_case().state
        deed(group)


def test_who_gives_an_opinion_on_a_plan_finds_that_first(group: Group) -> None:
    group.analysed(parties_count=3, needs_legal=True)
    group.reach("review")
    assert (first(group, COUNSEL, group.now()), first(group, CLERK, group.now())) == ("review", "review")


@pytest.mark.parametrize("by", [CLERK, "客户服务部负责人", OFFICER])
def test_what_a_case_may_only_exceptionally_be_taken_to_does_not_stand_first(group: Group, by: str) -> None:
    group.analysed()
    assert first(group, by, group.now()) == "dispatch"
    group.act("dispatch", by=OFFICER)
    assert first(group, by, group.now()) == "form_team"


def test_of_a_case_that_is_paused_to_go_on(group: Group) -> None:
    group.reach("form_team")
    group.act("pause", by=OFFICER, reason="客户原因")
    assert first(group, OFFICER, group.now()) == "resume"


def test_at_the_utility(house: House) -> None:
    house.registered()
    assert first(house, "客服甲") == "issue_order"
    house.ordered()
    assert first(house, "客户营业部负责人") == "sign_order"
    house.signed()
    assert first(house, "客户营业部负责人") == "submit_correction"
    for step, verb in ((house.answered, "check_effect"), (house.effective, "visit"), (house.visited, "close")):
        step()
        assert first(house, "客服甲") == verb
    house.do("close", by="客服甲", close_reason="解决")
    assert first(house, "客服甲") == "archive"
