"""派单: to whom the rules send it or somebody names; signed for, handed back, helped with."""

from __future__ import annotations

import pytest

from models import Assignment
from tests.support.cast import House

BOSS = "工程部负责人"


@pytest.fixture
def sent(service: House) -> House:
    """A call about the facilities, the engineers with a head."""
    place = service.department("工程部")
    place.head = _person(service, BOSS, place)
    service.registered(by="服务甲", without="compensation_sought", complained_department=None, category="设施")
    return service


def _person(house: House, name: str, place: object) -> object:
    from models import Staff

    person = Staff(name=name, department=place)
    house.session.add(person)
    house.session.flush()
    return person


def test_without_a_target_it_goes_where_the_rules_send_it(sent: House) -> None:
    done = sent.do("dispatch", by="服务甲")
    assert (str(sent.the_case().handling_department), sent.the_case().state) == ("工程部", "待接单")
    assert [decision.rule_id for decision in done.decisions if decision.stage == "dispatch"] == ["dispatch-facilities"]
    assert [notice.event for notice in sent.notices(to=BOSS)] == ["派单"]


def test_a_named_department_goes_before_the_rules(sent: House) -> None:
    sent.do("dispatch", by="服务甲", to_dept="服务部")
    assert str(sent.the_case().handling_department) == "服务部"


def test_where_no_rule_speaks_somebody_must_name_it(sent: House) -> None:
    sent.registered(by="服务甲", without="compensation_sought", complained_department=None, category="态度")
    assert "请指明" in sent.refused("dispatch", by="服务甲")


def test_a_time_that_has_passed_is_no_time_to_finish_by(sent: House) -> None:
    assert "晚于现在" in sent.refused("dispatch", by="服务甲", expected_finish_at="2020-01-01 09:00")


def test_the_department_signs_for_it_once_and_names_who_handles_it(sent: House) -> None:
    sent.do("dispatch", by="服务甲")
    stint = sent.do("sign_for", by=BOSS, at="2026-05-13 16:00").result
    assert (str(stint.person), str(sent.the_case().handler), sent.the_case().state) == (BOSS, BOSS, "处理中")
    assert "sign_for" not in sent.offered(BOSS)


def test_what_is_handed_back_can_be_sent_elsewhere_and_both_stints_stay(sent: House) -> None:
    sent.do("dispatch", by="服务甲")
    assert "退单理由" in sent.refused("return_dispatch", by=BOSS)
    sent.do("return_dispatch", by=BOSS, at="2026-05-13 16:00", reason="不属于工程部", to_dept="服务部")
    assert (sent.the_case().handling_department, sent.the_case().state) == (None, "已分级")
    assert any("建议派给服务部" in notice.text for notice in sent.notices("退单", to="服务甲"))
    sent.do("dispatch", by="服务甲", at="2026-05-13 17:00", to_dept="服务部")
    stints = [stint for stint in sent.all(Assignment) if stint.kind == "承办"]
    assert [(str(stint.department), stint.returned) for stint in stints] == [("工程部", True), ("服务部", False)]


def test_helpers_see_the_case_and_are_not_asked_twice(sent: House) -> None:
    assert not sent.sees(BOSS)
    sent.do("add_codepartment", by="服务甲", to_dept="工程部", note="看看水管")
    assert sent.sees(BOSS)
    assert "已经在协办" in sent.refused("add_codepartment", by="服务甲", to_dept="工程部")


def test_two_helpers_stand_side_by_side(sent: House) -> None:
    for name in ("工程部", "服务部"):
        sent.do("add_codepartment", by="服务甲", to_dept=name)
    assert [str(stint.department) for stint in sent.all(Assignment) if stint.kind == "协办"] == ["工程部", "服务部"]


def test_the_grade_chosen_at_intake_is_seen_by_the_rules_and_stays(sent: House) -> None:
    sent.registered(by="服务甲", without="compensation_sought", complained_department=None, grade="要件")
    sent.do("update", by="服务甲", place="一楼")
    assert sent.the_case().grade == "要件"


def test_a_grade_that_the_procedure_does_not_have_is_refused(sent: House) -> None:
    assert "级别" in sent.refused("register", by="服务甲", name="客户一", content="漏水", grade="特级")


def test_the_kind_of_complainant_is_kept(sent: House) -> None:
    case = sent.registered(by="服务甲", without="compensation_sought", complained_department=None, kind="商户")
    assert case.complainant.kind == "商户"


def test_whether_it_is_founded_is_said_in_the_procedure_s_own_words(sent: House) -> None:
    assert sent.form("judge", by="服务甲")["founded"] == ["成立", "不成立", "待定"]


def test_what_was_signed_for_is_not_signed_for_again(sent: House) -> None:
    sent.do("dispatch", by="服务甲")
    sent.do("sign_for", by=BOSS)
    assert sent.refused("sign_for", by=BOSS, handler=BOSS)
    assert "sign_for" not in sent.offered(BOSS)
