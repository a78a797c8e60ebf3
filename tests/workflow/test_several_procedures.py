"""Several procedures in force at once: intake chooses, and every case is judged by its own to the end."""

from __future__ import annotations

from datetime import datetime

import pytest

from jobs import first_start
from rules.procedure import shipped
from tests.support.cast import OPENING, House, employ
from workflow import procedures
from workflow.access import SYSTEM

NOW = datetime.fromisoformat("2026-05-13T15:10:00+08:00")
COMPLAINT = {
    "channel": "柜台",
    "kind": "委托方",
    "name": "客户九",
    "phone": "13800000999",
    "content": "结算单与合同不一致",
    "demand": "改正",
    "category": "费用",
}


@pytest.fixture
def two(house: House) -> House:
    """A second procedure for the service project, and its desk."""
    procedures.put_in_force(house.session, shipped()["P01"], actor=SYSTEM, now=OPENING)
    employ(house.session, "项目客服甲", "客服部", "受理人")
    return house


def test_with_one_procedure_nobody_is_asked_which(house: House) -> None:
    assert "procedure" not in house.form("register")


def test_with_one_procedure_naming_it_is_no_fault_and_naming_another_is(house: House) -> None:
    assert house.registered(procedure="P02").procedure_code == "P02"
    for other in ("P01", "P99"):
        assert "procedure" in house.refused("register", procedure=other, **COMPLAINT)


def test_who_may_use_one_of_several_may_name_it_and_no_other(house: House) -> None:
    step = 'verb = "register"\n'
    narrow = shipped()["P01"].replace(f"{step}cites", f'{step}who = ["部门负责人@客服部"]\ncites')
    procedures.put_in_force(house.session, narrow, actor=SYSTEM, now=OPENING)
    assert "procedure" not in house.form("register", by="客服甲")
    assert house.registered(by="客服甲", procedure="P02").procedure_code == "P02"
    assert house.refused("register", by="客服甲", procedure="P01", **COMPLAINT)


def test_with_one_procedure_a_report_may_name_it_too(house: House) -> None:
    given = {"kind": "月分析", "period": "2026-05"}
    assert house.do("report", by="客服甲", case=None, **given, procedure="P02").result
    assert "procedure" in house.refused("report", by="客服甲", case=None, **given, procedure="P01")


def test_intake_offers_those_in_force_and_begins_with_the_one_of_the_department(two: House) -> None:
    assert two.form("register", by="项目客服甲")["procedure"] == ["P01", "P02"]
    assert two.do("register", by="项目客服甲", **COMPLAINT).thing.procedure_code == "P01"
    assert two.registered(by="客服甲").procedure_code == "P02"


def test_the_procedure_that_is_named_wins_over_the_department(two: House) -> None:
    case = two.do("register", by="客服甲", procedure="P01", **COMPLAINT).thing
    assert (case.procedure_code, case.fields["service_project"]) == ("P01", "留守儿童关爱服务项目")
    assert "与儿童关系" not in str(two.form("register", by="客服甲"))
    assert "relation_to_child" in two.form("register", by="客服甲", procedure="P01")


@pytest.mark.parametrize("code", ["P99", "", 7, ["P01"]])
def test_a_procedure_that_is_not_in_force_is_refused_or_taken_for_none(two: House, code: object) -> None:
    if code == "":
        assert two.registered(procedure=code).procedure_code == "P02"
    else:
        assert two.refused("register", procedure=code, **COMPLAINT)


def test_a_case_is_judged_by_its_own_procedure_whoever_acts(two: House) -> None:
    case = two.do("register", by="项目客服甲", **COMPLAINT).thing
    two.case = case
    offered = two.offered("项目客服甲")
    assert "dispatch" in offered
    assert "issue_order" not in offered
    two.registered(by="客服甲")
    assert "issue_order" in two.offered("客服甲")


def test_a_report_is_of_one_procedure(two: House) -> None:
    two.do("register", by="项目客服甲", **COMPLAINT)
    two.registered(by="客服甲")
    for by, procedure, number in (("公司领导", "P01", 1), ("公司领导", "P02", 1)):
        made = two.do("report", by=by, kind="月分析", period="2026-05", procedure=procedure).result
        assert dict(made.totals)["cases"] == number
    kinds = two.form("report", by="公司领导", procedure="P01")["kind"]
    assert "商机清单" in kinds
    assert "商机清单" not in two.form("report", by="公司领导", procedure="P02")["kind"]


def test_an_administrator_adopts_a_shipped_procedure_as_a_draft(house: House) -> None:
    draft = house.do("adopt_procedure", by="系统管理员", code="P01").result
    assert (draft.code, draft.state, draft.text) == ("P01", "草稿", shipped()["P01"])
    assert procedures.codes_in_force(house.session, NOW) == ["P02"]


def test_nobody_else_adopts_one(house: House) -> None:
    assert "系统管理员" in house.refused("adopt_procedure", by="客服甲", code="P01")


def test_the_first_start_puts_those_in_force_that_the_setting_names() -> None:
    with pytest.raises(first_start.UnknownProcedure, match="P99"):
        first_start.check(["P01", "P99"])
    assert first_start.check(["P01"]) == ["P01"]
    assert first_start.check([]) == ["P02"]


def test_only_the_procedures_by_which_the_person_may_register_are_offered(two: House) -> None:
    procedures.put_in_force(two.session, shipped()["P00b"], actor=SYSTEM, now=OPENING)
    employ(two.session, "工程甲", "工程部", "员工")
    assert two.form("register", by="客服甲")["procedure"] == ["P00b", "P01", "P02"]
    assert "procedure" not in two.form("register", by="工程甲")
    assert two.refused("register", by="工程甲", procedure="P02", **COMPLAINT)
