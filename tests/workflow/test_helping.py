"""协办: each department that helps has a task of its own with a state, and nobody else's is touched."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from models import Assignment, Clock, Staff
from models.assignment import HELPING
from rules.procedure import shipped
from tests.support.cast import OPENING, House, employ, moment, shanghai
from workflow import procedures
from workflow.access import SYSTEM
from workflow.errors import Refused

PEOPLE = {
    "接待甲": ("客服部", "受理人"),
    "主管甲": ("客服部", "部门负责人"),
    "会计甲": ("财务部", "承办人"),
    "教研甲": ("教研部", "承办人"),
    "教研乙": ("教研部", "项目服务人员"),
    "项目甲": ("项目部", "承办人"),
}
COMPLAINT = {
    "procedure": "P01",
    "channel": "客服热线",
    "kind": "监护人",
    "name": "客户九",
    "phone": "13800000999",
    "content": "多收了一次费用",
    "category": "费用",
}
LATER = "2026-05-13 17:30"


@pytest.fixture
def helped(house: House) -> House:
    """A case of the service project with which 财务部 and 教研部 are asked to help."""
    procedures.put_in_force(house.session, shipped()["P01"], actor=SYSTEM, now=OPENING)
    for name, (place, role) in PEOPLE.items():
        employ(house.session, name, place, role)
    house.department("财务部").head = _head(house, "财务部")
    house.case = house.do("register", by="接待甲", **COMPLAINT).thing
    house.do("add_codepartment", by="接待甲", to_dept="财务部", note="核对收费")
    house.do("add_codepartment", by="接待甲", to_dept="教研部", to_person="教研乙", note="评估方案")
    return house


def _head(house: House, place: str) -> Staff:
    return employ(house.session, f"{place}负责人", place)


def states(house: House) -> dict[str, str]:
    """Department to how its help stands."""
    return {str(stint.department): str(stint.help_state) for stint in helps(house)}


def helps(house: House) -> list[Assignment]:
    return [stint for stint in house.all(Assignment) if stint.kind == HELPING]


@pytest.mark.clause("P01-7.9", "P00a-6.2")
def test_each_department_goes_through_its_own_states(helped: House) -> None:
    assert states(helped) == {"财务部": "待接", "教研部": "待接"}
    helped.do("sign_help", by="会计甲")
    assert states(helped) == {"财务部": "协办中", "教研部": "待接"}
    helped.do("finish_help", by="会计甲", at=LATER, result="确实多收 30 元")
    helped.do("return_help", by="教研乙", at=LATER, reason="不属教研")
    assert states(helped) == {"财务部": "已完成", "教研部": "已退回"}
    assert [(stint.result, str(stint.person)) for stint in helps(helped)] == [
        ("确实多收 30 元", "会计甲"),
        ("不属教研", "教研乙"),
    ]


def test_what_comes_of_the_help_has_to_be_said(helped: House) -> None:
    assert "协办结果" in helped.refused("finish_help", by="会计甲")
    assert "退回理由" in helped.refused("return_help", by="会计甲")
    assert "取消理由" in helped.refused("cancel_help", by="接待甲", department="财务部")


def test_help_that_is_finished_without_being_taken_on_first_was_taken_on_then(helped: House) -> None:
    stint = helped.do("finish_help", by="财务部负责人", at=LATER, result="没有多收").result
    assert (str(stint.person), stint.accepted_at) == ("财务部负责人", stint.ended_at)


def test_it_is_taken_on_once_and_in_the_name_of_whoever_is_named(helped: House) -> None:
    stint = helped.do("sign_help", by="财务部负责人", to_person="会计甲").result
    assert (str(stint.person), str(stint.department)) == ("会计甲", "财务部")
    assert "已经接受协办" in helped.refused("sign_help", by="财务部负责人")
    assert "sign_help" not in helped.offered("财务部负责人")


def test_whoever_is_named_may_help_though_he_holds_no_office_there(helped: House) -> None:
    offered = helped.offered("教研乙")
    assert {"sign_help", "finish_help", "return_help"} <= set(offered)
    assert "cancel_help" not in offered


@pytest.mark.parametrize("verb", ["sign_help", "finish_help", "return_help"])
def test_a_department_answers_for_its_own_help_alone(helped: House, verb: str) -> None:
    said: dict[str, Any] = {"finish_help": {"result": "好了"}, "return_help": {"reason": "不归我们"}}.get(verb, {})
    assert "教研部" in helped.refused(verb, by="会计甲", department="教研部", **said)
    assert helped.refused(verb, by="项目甲", **said)
    assert helped.refused(verb, by="接待甲", **said)
    assert states(helped) == {"财务部": "待接", "教研部": "待接"}


def test_whoever_asked_says_whose_help_is_needed_no_longer(helped: House) -> None:
    assert helped.form("cancel_help", by="接待甲")["department"] == ["财务部", "教研部"]
    helped.do("cancel_help", by="接待甲", department="教研部", reason="费用已查清")
    assert states(helped) == {"财务部": "待接", "教研部": "已取消"}
    assert [notice.text for notice in helped.notices("取消协办", to="教研乙")] == [
        f"{helped.the_case().case_no} 不再请教研部协办:费用已查清"
    ]


def test_where_one_helps_alone_nobody_is_asked_whose_help_it_is(helped: House) -> None:
    assert "department" not in helped.form("finish_help", by="会计甲")
    helped.do("finish_help", by="会计甲", department="财务部", result="已核对")
    assert states(helped)["财务部"] == "已完成"


def test_whoever_asked_is_told_what_became_of_it(helped: House) -> None:
    helped.do("dispatch", by="接待甲", to_dept="项目部", to_person="项目甲")
    helped.do("sign_help", by="会计甲")
    helped.do("finish_help", by="会计甲", at=LATER, result="确实多收 30 元")
    for event in ("接受协办", "完成协办"):
        assert [notice.recipient for notice in helped.notices(event)] == ["客服部", "项目甲"]
    assert helped.notices("完成协办")[0].text.endswith("财务部已完成协办:确实多收 30 元")


def test_what_has_ended_does_not_end_again(helped: House) -> None:
    helped.do("finish_help", by="会计甲", result="已核对")
    assert helped.refused("return_help", by="会计甲", reason="不归我们")
    assert "财务部" in helped.refused("cancel_help", by="接待甲", department="财务部", reason="不用了")
    assert states(helped)["财务部"] == "已完成"


def test_a_department_that_has_helped_may_be_asked_again_and_both_stay(helped: House) -> None:
    helped.do("finish_help", by="会计甲", result="已核对")
    helped.do("add_codepartment", by="接待甲", to_dept="财务部", note="再核对上月的")
    assert [str(stint.help_state) for stint in helps(helped)] == ["已完成", "待接", "待接"]


def test_to_ask_for_help_either_a_department_or_a_person_is_named(helped: House) -> None:
    assert "协办部门" in helped.refused("add_codepartment", by="接待甲", note="谁来帮一下")
    stint = helped.do("add_codepartment", by="接待甲", to_person="项目甲").result
    assert (str(stint.department), str(stint.person)) == ("项目部", "项目甲")


def test_whoever_the_case_accuses_is_not_asked_to_help(helped: House) -> None:
    helped.the_case().complained_staff = helped.person("项目甲")
    assert "回避" in helped.refused("add_codepartment", by="接待甲", to_person="项目甲")


def test_whoever_the_case_accuses_is_not_named_by_his_department(helped: House) -> None:
    helped.the_case().complained_staff = helped.person("会计甲")
    assert "回避" in helped.refused("sign_help", by="财务部负责人", to_person="会计甲")
    assert states(helped)["财务部"] == "待接"


@pytest.mark.parametrize("left", [False, True])
def test_a_head_who_left_or_whom_the_case_accuses_is_told_nothing_and_his_department_is(
    helped: House, left: bool
) -> None:
    if left:
        helped.person("财务部负责人").active = False
    else:
        helped.the_case().complained_staff = helped.person("财务部负责人")
    helped.do("cancel_help", by="接待甲", department="财务部", reason="重新请")
    helped.do("add_codepartment", by="接待甲", to_dept="财务部", note="再核对")
    helped.do("dispatch", by="接待甲", to_dept="财务部")
    told = [helped.notices(event)[-1].recipient for event in ("取消协办", "协办", "派单")]
    assert told == ["财务部"] * 3


@pytest.mark.parametrize("left", [False, True])
def test_whoever_helps_and_is_accused_or_leaves_is_told_no_more(helped: House, left: bool) -> None:
    if left:
        helped.person("教研乙").active = False
    else:
        helped.the_case().complained_staff = helped.person("教研乙")
    helped.do("cancel_help", by="接待甲", department="教研部", reason="另请他人")
    assert [notice.recipient for notice in helped.notices("取消协办")] == ["教研部"]


@pytest.mark.clause("P01-7.9")
def test_whoever_closes_the_case_while_somebody_helps_is_warned_and_the_help_stands_undone(helped: House) -> None:
    helped.do("finish_help", by="会计甲", result="已核对")
    assert closed(helped) == ("教研部还在协办",)
    assert states(helped) == {"财务部": "已完成", "教研部": "未完成"}
    assert not {"sign_help", "finish_help", "cancel_help"} & {*helped.offered("教研乙"), *helped.offered("接待甲")}


def test_nobody_is_warned_when_all_have_helped(helped: House) -> None:
    helped.do("finish_help", by="会计甲", result="已核对")
    helped.do("cancel_help", by="接待甲", reason="费用已查清")
    assert closed(helped) == ()


def closed(house: House) -> tuple[str, ...]:
    """What the desk is warned of when it closes the case, which turned out to be a misunderstanding."""
    house.do("investigate", by="接待甲", method="查阅资料", facts="收费单", conclusion="不属实", cause="误会")
    house.do("judge", by="接待甲", founded="不成立", reason="没有多收")
    house.do("feedback", by="接待甲", way="电话", result="没有多收")
    house.do("visit", by="接待甲", way="电话", result="满意")
    return house.do("close", by="接待甲", close_reason="解释接受", summary="收费前先说明").warnings


@pytest.mark.clause("P01-7.9", "P01-8.1")
def test_a_wished_time_is_counted_for_each_help_by_itself_and_kept_by_finishing_it(helped: House) -> None:
    helped.do("add_codepartment", by="接待甲", to_dept="项目部", expected_finish_at="2026-05-14 12:00")
    helped.do("add_codepartment", by="接待甲", to_dept="投诉管理部门", expected_finish_at="2026-05-15 12:00")
    first, second = [clock for clock in helped.all(Clock) if clock.name == "协办"]
    assert (shanghai(first.due_at), shanghai(second.due_at)) == ("2026-05-14 12:00:00", "2026-05-15 12:00:00")
    helped.do("finish_help", by="项目甲", at="2026-05-13 18:00", result="已补做")
    assert (first.done_at is None, second.done_at is None, second.ended_at) == (False, True, None)
    helped.do("cancel_help", by="接待甲", department="投诉管理部门", reason="不用了")
    assert second.cancelled_at is not None


@pytest.mark.clause("P01-7.9")
def test_help_that_is_late_is_told_to_who_helps_and_does_not_make_the_case_late(helped: House) -> None:
    helped.do("dispatch", by="接待甲", to_dept="项目部", to_person="项目甲")
    helped.do("communicate", by="接待甲", kind="处理完毕回复", way="电话", text="已说明")
    helped.do("add_codepartment", by="接待甲", to_person="项目甲", expected_finish_at="2026-05-14 12:00")
    helped.sweep("2026-05-14 12:05")
    assert next(notice.recipient for notice in helped.notices("超期")) == "项目甲"
    assert not helped.the_case().overdue


def test_a_time_that_has_passed_is_no_time_to_help_by(helped: House) -> None:
    asked = {"to_dept": "项目部", "expected_finish_at": "2020-01-01 09:00"}
    assert "晚于现在" in helped.refused("add_codepartment", by="接待甲", **asked)


def test_where_no_limit_counts_help_nobody_is_asked_for_a_time(service: House) -> None:
    service.registered(by="服务甲", without="compensation_sought", complained_department=None, category="设施")
    assert "expected_finish_at" not in service.form("add_codepartment", by="服务甲")


DEEDS = st.sampled_from(["add_codepartment", "sign_help", "finish_help", "return_help", "cancel_help"])
PLACES = st.sampled_from(["财务部", "教研部", "项目部"])
SAID = {"finish_help": "result", "return_help": "reason", "cancel_help": "reason"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(st.tuples(DEEDS, PLACES, st.sampled_from([*PEOPLE])), min_size=5, max_size=25))
def test_whatever_is_done_no_department_helps_twice_at_a_time_and_each_help_ends_once(
    helped: House, deeds: list[tuple[str, str, str]]
) -> None:
    ended: dict[int, tuple[Any, ...]] = {}
    with helped.session.begin_nested() as evening:
        for number, (verb, place, by) in enumerate(deeds):
            given_to = {"to_dept" if verb == "add_codepartment" else "department": place}
            given_to |= {SAID[verb]: f"说明{number}"} if verb in SAID else {}
            before = [stint.ended_at for stint in helps(helped)]
            try:
                helped.do(verb, by=by, at=f"2026-05-14 10:{number:02}", **given_to)
            except Refused:
                assert [stint.ended_at for stint in helps(helped)] == before
            still = [stint.department_id for stint in helps(helped) if stint.ended_at is None]
            assert len(still) == len(set(still))
            for stint in helps(helped):
                if stint.ended_at is not None:
                    now = (stint.ended_at, stint.help_state, stint.result)
                    assert ended.setdefault(stint.id, now) == now
                    assert stint.result and not (stint.returned and stint.cancelled)
        evening.rollback()
    helped.session.expire_all()


def test_the_database_itself_keeps_a_department_from_helping_twice(helped: House) -> None:
    twice = Assignment(
        complaint_id=helped.the_case().id,
        kind=HELPING,
        department_id=helped.department("财务部").id,
        started_at=moment(LATER),
    )
    with pytest.raises(IntegrityError), helped.session.begin_nested():
        helped.session.add(twice)
        helped.session.flush()


@pytest.mark.clause("P01-6.5", "P01-7.9")
def test_what_came_of_the_help_stands_on_the_page_and_on_the_paper(helped: House) -> None:
    helped.do("finish_help", by="教研乙", result="按年级分组更合适")
    assert "按年级分组更合适" in helped.do("view", by="接待甲").result
    (sheet,) = helped.do("print", by="接待甲", kind="留档").result
    told = next(entry.value for entry in sheet.rows if entry.label == "协办情况")
    assert told.splitlines()[0] == "财务部 核对收费 待接"
    assert told.splitlines()[1].startswith("教研部 教研乙 评估方案 已完成 按年级分组更合适")
