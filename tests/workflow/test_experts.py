"""专家: whoever knows what the case is about is offered first when help is asked for, and what he says is kept."""

from __future__ import annotations

import pytest

from models import Assignment
from rules.procedure import shipped
from tests.support.cast import OPENING, House, employ, under
from workflow import experts, procedures
from workflow.access import SYSTEM

KNOWN = {
    "辅导师甲": ("教研部", ["心理辅导", "家庭教育"]),
    "律师甲": ("投诉管理部门", ["法律"]),
    "安全员甲": ("项目部", ["活动安全"]),
}
COMPLAINT = {
    "procedure": "P01",
    "channel": "柜台",
    "kind": "监护人",
    "name": "客户九",
    "phone": "13800000999",
    "content": "辅导后孩子情绪更差",
}


@pytest.fixture
def project(house: House) -> House:
    """The service project, its desk, and three people who know something."""
    procedures.put_in_force(house.session, shipped()["P01"], actor=SYSTEM, now=OPENING)
    employ(house.session, "接待甲", "客服部", "受理人")
    for name, (place, skills) in KNOWN.items():
        employ(house.session, name, place, skills=skills)
    return house


def offered(house: House, **more: object) -> list[str]:
    """Who is offered when help is asked for on a new case."""
    house.case = house.do("register", by="接待甲", **{**COMPLAINT, **more}).thing
    return house.form("add_codepartment", by="接待甲")["to_person"]


@pytest.mark.clause("P01-6.5")
@pytest.mark.parametrize(("category", "who"), [("心理辅导", ["辅导师甲"]), ("活动安全", ["安全员甲"]), ("费用", [])])
def test_who_knows_the_kind_of_case_is_offered(project: House, category: str, who: list[str]) -> None:
    assert offered(project, category=category) == who


def test_nobody_is_offered_who_left_or_whom_the_case_accuses(project: House) -> None:
    employ(project.session, "辅导师乙", "教研部", skills=["心理辅导"])
    project.person("辅导师甲").active = False
    assert offered(project, category="心理辅导") == ["辅导师乙"]
    project.the_case().complained_staff = project.person("辅导师乙")
    assert project.form("add_codepartment", by="接待甲")["to_person"] == []


def test_each_part_of_the_category_the_nature_and_the_flags_are_what_a_case_is_about(house: House) -> None:
    case = house.complaint(category="上门服务/抄表业务")
    case.flags = ["重复"]
    assert experts.matters(case) == {"上门服务", "抄表业务", "投诉", "重复"}


@pytest.mark.clause("P01-6.5")
def test_who_is_asked_helps_for_his_department_and_his_opinion_is_kept(project: House) -> None:
    offered(project, category="心理辅导")
    project.do("add_codepartment", by="接待甲", to_person="辅导师甲", note="请评估辅导方案")
    project.do("finish_help", by="辅导师甲", result="应先做家庭访谈")
    (stint,) = [one for one in project.all(Assignment) if one.kind == "协办"]
    assert (str(stint.department), str(stint.help_state), stint.result) == ("教研部", "已完成", "应先做家庭访谈")


CRACK = {
    "name": "业主甲",
    "phone": "13800000001",
    "channel": "来电",
    "content": "客厅墙面开裂",
    "project": "甲苑",
    "source_form": "口头",
    "category": "工程质量",
}


@pytest.mark.clause("P03-12.3")
def test_the_opinion_of_an_expert_is_on_the_list_of_what_a_case_has_come_to(house: House) -> None:
    under(house.session, shipped()["P03"])
    employ(house.session, "专管员甲", "客户服务部", "客服专管员(项目)", projects=["甲苑"])
    employ(house.session, "结构师甲", "项目部", skills=["工程质量"])
    house.case = house.do("register", by="专管员甲", **CRACK).thing
    assert house.form("add_codepartment", by="专管员甲")["to_person"] == ["结构师甲"]
    house.do("add_codepartment", by="专管员甲", to_person="结构师甲", note="裂缝是否影响安全")
    house.do("finish_help", by="结构师甲", result="收缩裂缝,不影响结构安全")
    (sheet,) = house.do("print", by="专管员甲", kind="输出物").result
    told = next(entry.value for entry in sheet.rows if entry.label == "专业意见")
    assert "结构师甲 裂缝是否影响安全 已完成 收缩裂缝,不影响结构安全" in told


def test_what_somebody_knows_is_kept_with_the_person(house: House) -> None:
    known = house.person("客服甲")
    given = {"id": str(known.id), "name": "客服甲", "skills": "心理辅导\n法律\n法律"}
    assert house.do("save_staff", by="系统管理员", **given).result.skills == ["心理辅导", "法律"]
