"""The plaza's template: a department that helps has the case in its lists."""

from __future__ import annotations

import pytest

from rules.procedure import shipped
from tests.support.cast import OPENING, House, employ, moment
from workflow import procedures
from workflow.access import SYSTEM

PEOPLE = {
    "前台甲": ("客服部", "调查处理人"),
    "维修工甲": ("工程部", "承办人"),
    "保安甲": ("保安队", "承办人"),
    "招商甲": ("招商部", "承办人"),
}
CALL = {"channel": "来电", "kind": "商户", "name": "客户九", "phone": "13800000999", "content": "吊顶漏水"}


@pytest.fixture
def plaza(house: House) -> House:
    """The template beside the other procedure, with somebody in each department; a case is registered."""
    procedures.put_in_force(house.session, shipped()["P00a"], actor=SYSTEM, now=OPENING)
    for name, (place, role) in PEOPLE.items():
        employ(house.session, name, place, role)
    house.case = house.do("register", by="前台甲", **CALL, demand="修好", category="环境设施").thing
    return house


@pytest.mark.clause("P00a-6.2")
def test_both_departments_that_help_have_the_case_in_their_lists_and_no_third(plaza: House) -> None:
    assert not any(plaza.sees(name) for name in ("维修工甲", "保安甲", "招商甲"))
    for name in ("工程部", "保安队"):
        plaza.do("add_codepartment", by="前台甲", to_dept=name)
    assert [plaza.sees(name) for name in ("维修工甲", "保安甲", "招商甲")] == [True, True, False]


@pytest.mark.clause("P00a-6.2")
def test_a_department_that_has_helped_still_sees_what_it_did_until_the_case_is_closed(plaza: House) -> None:
    for name in ("工程部", "保安队", "招商部"):
        plaza.do("add_codepartment", by="前台甲", to_dept=name)
    plaza.do("finish_help", by="维修工甲", result="冷凝水管破损")
    plaza.do("return_help", by="保安甲", reason="不归安保")
    plaza.do("cancel_help", by="前台甲", reason="不涉及商户合同")
    assert [plaza.sees(name) for name in ("维修工甲", "保安甲", "招商甲")] == [True, False, False]
    plaza.the_case().closed_at = moment("2026-05-14 10:00")
    plaza.session.flush()
    assert not plaza.sees("维修工甲")


def test_whoever_is_named_to_help_sees_the_case_wherever_he_works(plaza: House) -> None:
    plaza.do("add_codepartment", by="前台甲", to_dept="工程部", to_person="保安甲")
    assert [plaza.sees(name) for name in ("维修工甲", "保安甲", "招商甲")] == [True, True, False]


@pytest.mark.clause("P00a-6.2")
def test_who_only_helps_sees_the_complainant_masked(plaza: House) -> None:
    plaza.do("add_codepartment", by="前台甲", to_dept="工程部")
    seen = plaza.do("view", by="维修工甲").result
    assert "138****0999" in seen and "13800000999" not in seen
