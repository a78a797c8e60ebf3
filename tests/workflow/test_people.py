"""Who stands in for whom, whose role is narrower, and who keeps away from his own case (G-15)."""

from __future__ import annotations

import pytest

from models import Complaint
from tests.support.cast import House, moment
from workflow import notices, procedures
from workflow.access import SYSTEM
from workflow.act import Act

WEEK = {"starts_at": "2026-05-11 00:00", "ends_at": "2026-05-18 00:00"}


def stands_in(house: House, other: str, person: str, by: str | None = None, **period: str) -> None:
    house.do("substitute", by=by or person, staff=person, substitute=other, **{**WEEK, **period})


def test_a_substitute_may_do_what_the_person_may(house: House) -> None:
    order = house.ordered()
    assert house.refused("sign_order", by="维修班长甲", handler="抄表班长甲")
    stands_in(house, "维修班长甲", "客户营业部负责人")
    assert "sign_order" in house.offered("维修班长甲")
    done = house.do("sign_order", by="维修班长甲", handler="抄表班长甲")
    assert str(order.head_signed_by) == "维修班长甲"
    assert (str(done.event.actor), done.event.on_behalf_of) == ("维修班长甲", "客户营业部负责人")


@pytest.mark.parametrize(
    ("at", "sees"),
    [
        ("2026-05-10 23:59:59", False),
        ("2026-05-11 00:00", True),
        ("2026-05-17 23:59:59", True),
        ("2026-05-18 00:00", False),
    ],
)
def test_he_may_only_within_the_period(house: House, at: str, sees: bool) -> None:
    house.registered(at="2026-05-08 09:00")
    stands_in(house, "维修班长甲", "客户营业部负责人")
    assert house.sees("维修班长甲", at=at) is sees
    assert bool(house.actor("维修班长甲", at).substituting) is sees


def test_after_the_period_he_is_refused_again(house: House) -> None:
    house.ordered()
    stands_in(house, "维修班长甲", "客户营业部负责人")
    assert house.refused("sign_order", by="维修班长甲", at="2026-05-18 00:00", handler="抄表班长甲")


def test_the_person_himself_goes_on_as_before(house: House) -> None:
    house.ordered()
    stands_in(house, "维修班长甲", "客户营业部负责人")
    house.do("sign_order", by="客户营业部负责人", handler="抄表班长甲")


def test_hats_are_lent_once_and_not_lent_on(house: House) -> None:
    """Who stands in for a substitute has the substitute's own hats, not those that were lent to him."""
    house.registered()
    stands_in(house, "维修班长甲", "客户营业部负责人")
    stands_in(house, "维修员甲", "维修班长甲")
    assert not house.sees("维修员甲")


def test_nobody_arranges_for_another_but_the_administrator(house: House) -> None:
    assert "自己" in house.refused(
        "substitute", by="维修班长甲", staff="客户营业部负责人", substitute="维修班长甲", **WEEK
    )
    stands_in(house, "维修班长甲", "客户营业部负责人", by="系统管理员")
    assert house.actor("维修班长甲").substituting == ("客户营业部负责人",)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"substitute": "客户营业部负责人"}, "本人"),
        ({"substitute": "维修班长甲", "ends_at": "2026-05-11 00:00"}, "结束时间"),
        ({"substitute": "无此人"}, "没有"),
    ],
)
def test_a_substitution_that_makes_no_sense_is_refused(house: House, given: dict[str, str], named: str) -> None:
    assert named in house.refused("substitute", by="客户营业部负责人", **{**WEEK, **given})


@pytest.mark.clause("G-15")
def test_a_substitute_who_is_the_accused_does_not_see_the_case_all_the_same(house: House) -> None:
    house.registered(complained_department="抄表班", complained_person="抄表班长甲")
    stands_in(house, "抄表班长甲", "客户营业部负责人")
    assert not house.sees("抄表班长甲")


@pytest.mark.clause("G-15")
def test_whoever_stands_in_for_the_proposer_does_not_consent_in_his_place(house: House) -> None:
    """The proposer lends his hats to the approver: the approver still decides with his own."""
    house.registered()
    house.confirmed()
    house.do("propose_assessment", standard_no="16", subject_kind="部门负责人")
    stands_in(house, "客服甲", "人力资源行政部负责人")
    assert "提出人不能审批" in house.refused("decide_assessment", by="客服甲", decision="同意")


@pytest.mark.clause("G-15")
@pytest.mark.parametrize("verb", ["investigate", "check_effect", "visit", "close", "propose_assessment"])
def test_the_responsible_person_does_nothing_about_his_own_case(house: House, verb: str) -> None:
    given = {
        "investigate": {"facts": "无事", "conclusion": "不属实"},
        "check_effect": {"result": "通过"},
        "visit": {"result": "满意"},
        "close": {"close_reason": "解决"},
        "propose_assessment": {"standard_no": "14"},
    }[verb]
    house.registered()
    house.answered()
    house.confirmed(responsible_party="客服乙")
    assert house.refused(verb, by="客服乙", **given)
    assert not house.sees("客服乙")


@pytest.mark.clause("G-15", "P02-9.1")
def test_a_department_does_not_investigate_itself(house: House) -> None:
    assert str(house.registered(complained_department="客户服务中心").investigation_department) == "人力资源行政部"
    assert str(house.complaint(complained_department="人力资源行政部").investigation_department) == "客户服务中心"


@pytest.mark.clause("G-15", "P02-6.5")
def test_a_handler_who_is_responsible_is_only_warned_of(house: House) -> None:
    house.registered(complained_person="抄表员甲")
    house.ordered()
    by = "客户营业部负责人"
    done = house.do("sign_order", by=by, handler="抄表员甲")
    assert any("自己处理自己" in warning for warning in done.warnings)
    assert str(house.order().handler) == "抄表员甲"


def test_a_narrowed_role_may_only_do_what_is_left_to_it(house: House) -> None:
    house.do("narrow_role", by="系统管理员", name="调查处理人", verbs=["investigate", "visit"])
    house.registered(by="客服甲")
    assert "issue_order" not in house.offered("客服甲")
    assert house.refused("issue_order", by="客服甲", limit_kind="当天")
    house.do("investigate", by="客服甲", facts="属实", conclusion="属实")


def test_a_narrowed_role_leaves_other_roles_alone(house: House) -> None:
    house.do("narrow_role", by="系统管理员", name="调查处理人", verbs=["investigate"])
    house.registered()
    house.do("issue_order", by="客户服务中心负责人", limit_kind="当天")
    assert house.order().state == "已开具"


def test_a_role_narrowed_to_nothing_in_particular_is_whole_again(house: House) -> None:
    house.do("narrow_role", by="系统管理员", name="调查处理人", verbs=["investigate"])
    house.do("narrow_role", by="系统管理员", name="调查处理人", verbs=[])
    house.registered()
    assert "issue_order" in house.offered("客服甲")


def test_a_role_that_sees_only_its_own_cases_sees_no_other_of_the_department(house: House) -> None:
    for role in ("受理人", "调查处理人"):
        house.do("narrow_role", by="系统管理员", name=role, sees="本人")
    house.registered(by="客服甲")
    assert (house.sees("客服甲"), house.sees("客服乙"), house.sees("客户服务中心负责人")) == (True, False, True)


def test_only_the_administrator_narrows_roles(house: House) -> None:
    assert house.refused("narrow_role", by="公司领导", name="受理人", verbs=["register"])


@pytest.mark.parametrize("by", ["维修员甲", "抄表员甲", "工程维修部负责人"])
def test_a_bystander_neither_sees_nor_does_anything(house: House, by: str) -> None:
    case: Complaint = house.registered()
    assert not house.sees(by)
    assert "没有这件投诉" in house.refused("communicate", by=by, kind="解释", way="电话", text="解释")
    assert house.events(case, verb="communicate", outcome="完成") == []


def test_somebody_who_left_the_head_s_office_no_longer_signs(house: House) -> None:
    house.ordered()
    department = house.department("客户营业部")
    house.do(
        "save_department", by="系统管理员", id=str(department.id), name="客户营业部", head="抄表班长甲", active=True
    )
    assert house.refused("sign_order", by="客户营业部负责人", handler="抄表班长甲")
    house.do("sign_order", by="抄表班长甲", handler="抄表班长甲")


@pytest.mark.parametrize(
    ("name", "left", "told"),
    [
        ("调查处理人", ["客服甲"], "客户服务中心"),
        ("承办人", ["抄表班长甲"], "客户营业部负责人"),
        ("承办人", ["抄表班长甲", "客户营业部负责人"], "客户营业部"),
        ("责任人", ["抄表员甲"], "客户营业部负责人"),
        ("承办部门负责人", ["客户营业部负责人"], "客户营业部"),
    ],
)
def test_what_somebody_who_left_would_be_told_is_told_whoever_comes_after(
    house: House, name: str, left: list[str], told: str
) -> None:
    case = house.registered()
    case.investigator, case.investigation_department = house.person("客服甲"), house.department("客户服务中心")
    case.handler, case.handling_department = house.person("抄表班长甲"), house.department("客户营业部")
    case.complained_staff, case.complained_department = house.person("抄表员甲"), house.department("客户营业部")
    for one in left:
        house.person(one).active = False
    now = moment("2026-05-13 16:00")
    act = Act(house.session, "update", case, SYSTEM, now, procedures.of(house.session, case, now))
    assert list(map(str, notices.recipients(act, [name]))) == [told]


def test_somebody_who_stands_in_for_many_still_acts(house: House) -> None:
    """His name is long, theirs are longer, and the history has one line for them all."""
    for name in ("客户营业部负责人", "工程维修部负责人", "安全技术部负责人"):
        house.person(name).name = name * 4
        stands_in(house, "客服甲", name * 4, by="系统管理员")
    house.registered()
    assert house.events()[-1].on_behalf_of.startswith("客户营业部负责人")


def test_projects_are_written_one_a_line_each_once(house: House) -> None:
    person = house.do("save_staff", by="系统管理员", name="管家", projects="东苑\n西苑\n\n东苑").result
    assert person.projects == ["东苑", "西苑"]
    house.do("save_staff", by="系统管理员", id=str(person.id), name="管家", projects=None)
    assert person.projects == []
