"""A procedure whose people are called otherwise: the document says who is who, no step has to."""

from __future__ import annotations

import pytest

from models import Role
from rules import lint, procedure
from tests.support.cast import OPENING, House, employ
from tests.support.plan import PLANS
from workflow import procedures
from workflow.access import SYSTEM

CALLED = {"受理人": "前台", "调查处理人": "调解员", "承办人": "班长", "公司领导": "馆长", "审计": "监察"}
LINE = "called = { " + ", ".join(f'"{usual}" = ["{own}"]' for usual, own in CALLED.items()) + " }\n"
ROLES = 'roles = ["前台", "调解员", "班长", "馆长", "监察", "部门负责人", "系统管理员", "员工"]'
OLD = 'roles = ["受理人", "调查处理人", "承办人", "部门负责人", "公司领导", "系统管理员", "员工"]'
OWN = PLANS.replace(OLD, LINE + ROLES).replace('role = "公司领导"', 'role = "馆长"').replace('"PLAN"', '"OWN"')
PEOPLE = {
    "前台甲": ("服务部", "前台"),
    "调解甲": ("服务部", "调解员"),
    "班长甲": ("工程部", "班长"),
    "馆长甲": ("馆部", "馆长"),
    "监察甲": (None, "监察"),
}


@pytest.fixture
def library(house: House) -> House:
    """The procedure in force, and somebody for each of its roles; nobody holds a usual one."""
    procedures.put_in_force(house.session, OWN, actor=SYSTEM, now=OPENING)
    for name, (place, role) in PEOPLE.items():
        employ(house.session, name, place, role)
    house.registered(by="前台甲", without="compensation_sought", complained_department="工程部")
    return house


def test_the_document_has_no_fault(library: House) -> None:
    assert lint.errors(procedure.parse(OWN)) == []


def test_who_does_what_follows_without_a_word_at_any_step(library: House) -> None:
    library.do("dispatch", by="调解甲", to_dept="工程部", to_person="班长甲")
    library.do("sign_for", by="班长甲")
    assert "班长" in library.refused("return_dispatch", by="监察甲", reason="不归我们")
    assert "受理人" not in library.refused("withdraw", by="班长甲", reason="不告了")
    library.do("withdraw", by="前台甲", reason="不告了")
    assert library.the_case().state == "已撤诉"


def test_who_sees_how_much_follows_too(library: House) -> None:
    sees = {role.name: role.sees for role in library.session.query(Role).where(Role.name.in_(CALLED.values()))}
    assert sees == {"前台": "部门", "调解员": "部门", "班长": "部门", "馆长": "全部", "监察": "全部"}
    assert [library.sees(name) for name in ("馆长甲", "监察甲", "班长甲")] == [True, True, True]


def test_who_works_on_the_case_reads_whose_it_is_and_who_watches_does_not(library: House) -> None:
    full = {name: "13800000401" in library.do("view", by=name).result for name in PEOPLE}
    assert full == {"前台甲": True, "调解甲": True, "班长甲": True, "馆长甲": False, "监察甲": False}


def test_those_who_agree_to_a_version_are_called_so_too(library: House) -> None:
    head = procedure.parse(OWN).head
    assert head.bearers(head.reviewers) == ("部门负责人", "馆长")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('called = { "店员" = ["前台"] }', "店员"),
        ('called = { "受理人" = ["门卫"] }', "门卫"),
        ('called = { "受理人" = [] }', ""),
    ],
)
def test_a_name_that_leads_nowhere_is_a_fault_at_its_cell(line: str, fault: str) -> None:
    found = lint.errors(procedure.parse(OWN.replace(LINE, f"{line}\n")))
    assert any(finding.cell == "called" and fault in str(finding) for finding in found)
