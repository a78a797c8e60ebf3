"""The plaza's template: a department that helps has the case in its lists."""

from __future__ import annotations

import pytest

from rules.procedure import shipped
from tests.support.cast import OPENING, House, employ
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
