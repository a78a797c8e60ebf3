"""A service project: seats, who was asked first, minors' data, experts, and what a report must not say."""

from __future__ import annotations

import pytest

from models import Assessment, Assignment
from rules.procedure import shipped
from tests.support.cast import OPENING, House, employ
from workflow import organisation, procedures
from workflow.access import SYSTEM

COMPLAINT = {
    "procedure": "P01",
    "channel": "客服热线",
    "kind": "监护人",
    "name": "客户九",
    "phone": "13800000999",
    "content": "户外活动无人清点人数",
    "demand": "改进",
    "category": "活动安全",
}
PEOPLE = {"接待甲": ("客服部", "受理人"), "组长甲": ("客服部", "客服组长"), "项目甲": ("项目部", "承办人")}


@pytest.fixture
def project(house: House) -> House:
    """The service project's procedure beside the other one, with a desk, its head and somebody of the project."""
    procedures.put_in_force(house.session, shipped()["P01"], actor=SYSTEM, now=OPENING)
    for name, (place, role) in PEOPLE.items():
        employ(house.session, name, place, role, skills=["心理辅导"] if name == "项目甲" else [])
    return house


def registered(house: House, **more: object) -> None:
    house.case = house.do("register", by="接待甲", **{**COMPLAINT, **more}).thing


@pytest.mark.clause("P01-18.3", "P01-9.1")
def test_an_empty_cell_of_the_matrix_falls_back_to_the_office_with_a_warning(project: House) -> None:
    registered(project)
    done = project.do("dispatch", by="接待甲")
    assert str(project.the_case().handler) == "组长甲"
    assert done.warnings == ("客户价值普通、问题类型活动安全没有设专席,由客服组长处理",)


@pytest.mark.clause("P01-18.3")
def test_a_seat_that_nobody_fills_leaves_the_case_to_its_department(project: House) -> None:
    project.person("组长甲").active = False
    registered(project)
    assert "没有人担任“客服组长”,留给部门" in project.do("dispatch", by="接待甲").warnings
    assert project.the_case().handler is None


@pytest.mark.clause("P01-6.3")
def test_who_was_asked_first_stays_and_cannot_be_changed(project: House) -> None:
    registered(project)
    assert project.the_case().fields["first_asked_owner"] == "接待甲"
    assert "不变" in project.refused("update", by="接待甲", first_asked_owner="组长甲")


@pytest.mark.clause("P01-1.3")
def test_outside_the_team_a_minor_is_masked_and_the_look_is_kept(project: House) -> None:
    registered(project, is_minor=True)
    seen = project.do("view", by="项目甲")
    assert "客**" in seen.result
    assert "13800000999" not in seen.result
    assert seen.event is not None
    assert seen.event.outcome == "查看"
    listed = project.do("report", by="项目甲", kind="案件列表")
    assert "138****0999" in listed.result.text
    assert listed.event is not None
    assert "含保密 1 件" in listed.event.text


@pytest.mark.clause("P01-18.4")
@pytest.mark.parametrize("right", [False, True])
def test_a_file_has_a_minors_data_only_with_the_right_to_export_them(project: House, right: bool) -> None:
    registered(project, is_minor=True)
    if right:
        organisation.give_role(project.session, project.person("接待甲"), "导出敏感信息", None)
    made = project.do("report", by="接待甲", kind="案件列表", procedure="P01", export=True, reason="上报").result
    assert (project.the_case().id in made.clear) is right


def test_opening_the_list_of_one_procedure_opens_no_other(project: House) -> None:
    registered(project)
    assert project.sees("项目甲")
    project.registered(by="客服甲")
    assert not project.sees("项目甲")


@pytest.mark.clause("P01-6.5")
def test_experts_are_listed_by_what_they_know(project: House) -> None:
    assert project.do("report", by="接待甲", kind="专家名单").result.rows == (("心理辅导", "项目甲", "项目部"),)


@pytest.mark.clause("P01-12.1", "P01-15.1")
def test_what_is_kept_of_a_complaint_is_printed_from_the_case_itself(project: House) -> None:
    registered(project)
    (sheet,) = project.do("print", by="接待甲", kind="留档").result
    kept = ("投诉人:客户九", "联系方式:13800000999", "渠道:客服热线", "问题类型:活动安全", "内容:户外活动无人清点人数")
    assert (sheet.title, sheet.number) == ("投诉留档", project.the_case().case_no)
    assert set(kept) <= set(sheet.text.splitlines())


@pytest.mark.clause("P01-1.5", "P01-18.2")
def test_few_complaints_are_never_shown_as_good(project: House) -> None:
    text = project.do("report", by="接待甲", kind="月分析", period="2026-03").result.text
    assert "投诉量少未必客户感知好" in text
    assert "满意率\t—" in text


@pytest.mark.clause("P01-16.1")
def test_no_indicator_has_a_target_until_somebody_sets_one(project: House) -> None:
    kpis = project.do("report", by="接待甲", kind="月分析", period="2026-03").result.kpis
    assert [kpi.name for kpi in kpis if kpi.target is not None] == []


@pytest.mark.clause("P01-17.1")
def test_no_consequence_is_drafted_by_itself_however_late_the_case_is(project: House) -> None:
    registered(project)
    project.do("dispatch", by="接待甲")
    project.sweep("2026-12-01 09:00")
    assert project.all(Assessment) == []


@pytest.mark.clause("P01-17.1")
def test_what_follows_is_written_by_hand_and_decided_by_the_top_manager(project: House) -> None:
    project.department("客服部").head = project.person("组长甲")
    employ(project.session, "总经理", "投诉管理部门", "最高管理者")
    registered(project)
    written = {"standard_no": "活动安全", "subject_kind": "责任人", "subject": "项目甲", "sanction": "口头提醒"}
    assert "处分或扣分" in project.refused("propose_assessment", by="组长甲", **{**written, "sanction": ""})
    (proposed,) = project.do("propose_assessment", by="组长甲", **written).result
    assert (proposed.standard_no, proposed.sanction, proposed.approver_role) == ("活动安全", "口头提醒", "最高管理者")
    assert "口头提醒,报最高管理者" in project.story()
    assert project.refused("decide_assessment", by="组长甲", decision="同意")
    project.do("decide_assessment", by="总经理", decision="同意")
    assert proposed.state == "同意"


@pytest.mark.clause("P01-17.1")
def test_what_is_written_by_hand_is_kept_as_long_as_its_question_allows(project: House) -> None:
    project.department("客服部").head = project.person("组长甲")
    registered(project)
    written = {"standard_no": "项" * 60, "subject_kind": "责任人", "subject": "项目甲", "sanction": "罚" * 60}
    (proposed,) = project.do("propose_assessment", by="组长甲", **written).result
    project.session.refresh(proposed)
    assert (proposed.standard_no, proposed.sanction) == (written["standard_no"], written["sanction"])
    for name in ("standard_no", "sanction"):
        assert "最多60个字" in project.refused("propose_assessment", by="组长甲", **{**written, name: "长" * 61})


@pytest.mark.clause("P01-7.9")
def test_each_department_that_helps_has_a_task_of_its_own_and_is_told(project: House) -> None:
    registered(project)
    for name, task in (("财务部", "核对收费"), ("教研部", "评估方案"), ("项目部", "补做活动")):
        project.do("add_codepartment", by="接待甲", to_dept=name, note=task)
    helping = [stint for stint in project.all(Assignment) if stint.kind == "协办"]
    assert [(str(stint.department), stint.reason, stint.ended_at) for stint in helping] == [
        ("财务部", "核对收费", None),
        ("教研部", "评估方案", None),
        ("项目部", "补做活动", None),
    ]
    assert len(project.notices("协办")) == 3
