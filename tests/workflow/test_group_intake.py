"""What the estate group takes down, how it is analysed, and to whom the task goes."""

from __future__ import annotations

from typing import Any

import pytest

from models import Coordination
from tests.support.cast import shanghai
from tests.support.group import (
    CALL,
    CENTRE,
    CLERK,
    COUNSEL,
    DESK,
    ENGINEER,
    GIVEN,
    OFFICER,
    SELLER,
    Group,
)

HEAD = "客户服务部负责人"


@pytest.mark.parametrize("by", [SELLER, ENGINEER, DESK, COUNSEL, CENTRE, CLERK])
@pytest.mark.clause("P03-1.1", "P03-1.3", "P03-2.1", "P03-6.6", "P03-7.1", "P03-9.1")
def test_whoever_takes_a_complaint_it_is_the_officers_of_the_project(group: Group, by: str) -> None:
    case = group.come(by=by)
    assert (str(case.investigation_department), str(case.investigator)) == ("客户服务部", OFFICER)
    assert (case.nature, case.state) == ("投诉", "已受理")
    assert [notice.recipient for notice in group.notices("新投诉")] == [OFFICER]
    (duty,) = [duty for duty in group.duties() if duty == "知会"]
    assert (duty, group.due("知会")) == ("知会", f"{shanghai(case.received_at)[:11]}11:01:00")


@pytest.mark.clause("P03-6.6", "P03-9.1")
def test_a_project_without_an_officer_is_left_to_the_department(group: Group) -> None:
    case = group.come(project="丙苑")
    assert (str(case.investigation_department), case.investigator) == ("客户服务部", None)
    assert [notice.recipient for notice in group.notices("新投诉")] == ["客户服务部"]


@pytest.mark.clause("P03-2.1", "P03-7.1", "P03-8.1")
def test_the_duty_to_inform_and_its_hour_end_when_the_officer_is_told(group: Group) -> None:
    group.come()
    group.act("communicate", by=DESK, kind="安抚", way="电话", person="投诉人", text="请稍候")
    assert "知会" in group.duties(), "talking to the complainant is not informing the officer"
    group.act("communicate", by=DESK, kind="知会", way="电话", person=OFFICER, text="2-1102 栏杆松动")
    assert "知会" not in group.duties()
    assert group.clock("知会").done_at is not None


@pytest.mark.parametrize("missing", ["source_form", "project", "content"])
@pytest.mark.clause("P03-2.2", "P03-3.1", "P03-3.2")
def test_without_what_has_to_be_known_nothing_is_taken_down(group: Group, missing: str) -> None:
    refusal = group.refusal("register", by=DESK, at=group.now(), **{**_call(), missing: ""})
    assert [finding.field for finding in refusal.findings] == [missing]


def _call() -> dict[str, Any]:
    return dict(CALL)


@pytest.mark.clause("P03-1.3", "P03-1.4", "P03-2.1", "P03-2.2", "P03-4.1")
def test_the_form_offers_what_the_procedure_names(group: Group) -> None:
    form = group.form("register", by=SELLER)
    assert form["cause_kind"] == ["失职", "失误", "失度", "失控", "其他"]
    assert form["kind"] == ["业主", "意向客户", "其他接触对象"]
    assert form["source_form"] == ["口头", "书面"]
    assert form["channel"] == ["来电", "来函", "来访", "网络留言", "电子邮件"]
    assert form["split"] == ["抱怨类", "质量类"]
    assert form["lawsuit"] == form["media_exposure"] == ["无", "可能", "已发生"]
    assert form["needs_other_company"] == ["否", "协助", "经验支持"]
    assert form["unresolved_by"] == ["我方", "未定", "客户", "第三方"]


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2026-05-13 08:59:59", False),
        ("2026-05-13 09:00", True),
        ("2026-05-13 17:59:59", True),
        ("2026-05-13 18:00", False),
        ("2026-05-16 20:00", False),
        ("2026-05-09 12:40", True),
    ],
)
@pytest.mark.clause("P03-3.2", "P03-7.2", "P03-8.1", "P03-8.2", "P03-18.3", "G-04", "F-02", "F-10")
def test_what_comes_in_out_of_hours_is_taken_down_with_when_the_customer_hears_or_why_he_was_not_told(
    group: Group, at: str, inside: bool
) -> None:
    if not inside:
        assert "反馈时间" in group.no("register", by=DESK, at=at, **_call())
        assert group.come(at=at, promised_feedback_reason="来电中断").fields["in_working_time"] is False
    case = group.come(at=at, **({} if inside else {"promised_feedback_at": "2026-05-18 12:00"}))
    assert case.fields["in_working_time"] is inside


@pytest.mark.clause("P03-7.2", "P03-18.3")
def test_the_hour_in_which_it_came_counts_and_not_the_one_in_which_it_is_taken_down(group: Group) -> None:
    saturday = {"received_at": "2026-05-16 20:00"}
    assert "反馈时间" in group.no("register", by=DESK, at="2026-05-18 09:10", **{**_call(), **saturday})
    group.come(at="2026-05-18 09:10", promised_feedback_at="2026-05-18 12:00", **saturday)
    assert group.due("知会") == "2026-05-18 10:00:00"


@pytest.mark.clause("P03-7.3")
def test_nobody_classifies_before_he_has_talked_with_the_complainant(group: Group) -> None:
    assert "先与投诉人沟通" in group.no("register", by=DESK, **{**_call(), "split": "质量类"})
    group.come()
    group.act("communicate", by=DESK, kind="知会", way="电话", person=OFFICER, text="告知")
    assert "先与投诉人沟通" in group.no("update", by=OFFICER, split="质量类")
    group.analysed()
    assert group.the_case().fields["split"] == "质量类"


@pytest.mark.parametrize("kind", ["安抚", "解释", "进度", "补充信息", "方案沟通", "处理完毕回复"])
@pytest.mark.clause("P03-7.3")
def test_any_talk_with_the_complainant_will_do(group: Group, kind: str) -> None:
    group.come()
    group.act("communicate", by=OFFICER, kind=kind, way="电话", person="投诉人", text="核对")
    group.act("update", by=OFFICER, split="质量类")


@pytest.mark.parametrize("verb", GIVEN)
@pytest.mark.clause("P03-4.1")
def test_nothing_is_done_before_it_is_known_whether_it_is_grumbling_or_quality(group: Group, verb: str) -> None:
    group.come(category="工程质量")
    assert "抱怨类或质量类" in group.no(verb, **GIVEN[verb])


@pytest.mark.parametrize("verb", ["dispatch", "form_team", "propose"])
@pytest.mark.clause("P03-4.1", "P03-7.3")
def test_nor_before_its_kind_is_known(group: Group, verb: str) -> None:
    group.come()
    group.act("communicate", by=OFFICER, kind="安抚", way="电话", text="核对")
    group.act("update", by=OFFICER, split="质量类")
    assert "请先选择类别" in group.no(verb, **GIVEN[verb])


@pytest.mark.parametrize(
    ("channel", "enough"),
    [
        ("来电", "录音"),
        ("来电", "记录"),
        ("来函", "来函"),
        ("电子邮件", "截图"),
        ("来访", "记录"),
        ("来访", "视频"),
        ("来访", "录音"),
        ("网络留言", "截图"),
        ("网络留言", "记录"),
    ],
)
@pytest.mark.clause("P03-3.3", "P03-7.4")
def test_a_plan_without_the_material_that_the_channel_leaves_behind_is_warned_of(
    group: Group, channel: str, enough: str
) -> None:
    group.come(channel=channel)
    group.act("attach", by=OFFICER, kind="现场照片", file="栏杆.jpg")
    group.reach("propose")
    warned = group.act("propose", plan="更换").warnings
    assert [text for text in warned if "以备取证" in text] != []
    group.act("attach", by=OFFICER, kind=enough, file="材料.pdf")
    assert [text for text in group.act("propose", plan="更换锚固件").warnings if "以备取证" in text] == []


@pytest.mark.parametrize(
    ("split", "category", "department"),
    [
        pytest.param("质量类", "工程质量", "项目部", marks=pytest.mark.clause("P03-4.2", "P03-6.2", "P03-9.2")),
        pytest.param("质量类", "规划设计", "项目部", marks=pytest.mark.clause("P03-4.3", "P03-9.2")),
        pytest.param("质量类", "销售管理", "销售部", marks=pytest.mark.clause("P03-4.4", "P03-9.2")),
        pytest.param("质量类", "物业管理", "物业公司", marks=pytest.mark.clause("P03-4.5", "P03-9.3", "P03-6.1")),
        pytest.param("质量类", "维修服务", "项目部", marks=pytest.mark.clause("P03-4.6", "P03-9.2")),
        pytest.param("抱怨类", "工程质量", "项目部", marks=pytest.mark.clause("P03-9.2")),
        pytest.param("抱怨类", "规划设计", "项目部", marks=pytest.mark.clause("P03-9.2")),
        pytest.param("抱怨类", "维修服务", "项目部", marks=pytest.mark.clause("P03-9.2")),
        pytest.param("质量类", "客户服务", "项目部", marks=pytest.mark.clause("P03-9.2")),
        pytest.param("抱怨类", "员工工作及服务", "客户服务部", marks=pytest.mark.clause("P03-1.2", "P03-9.2")),
        pytest.param("抱怨类", "客户服务", "客户服务部", marks=pytest.mark.clause("P03-1.2", "P03-9.2")),
        pytest.param("抱怨类", "外部环境", "客户服务部", marks=pytest.mark.clause("P03-1.2", "P03-9.4")),
        pytest.param("抱怨类", "非管辖公共配套", "客户服务部", marks=pytest.mark.clause("P03-1.2", "P03-9.4")),
    ],
)
@pytest.mark.clause("P03-6.3")
def test_the_task_goes_to_the_department_of_its_kind_whose_head_answers_for_it(
    group: Group, split: str, category: str, department: str
) -> None:
    group.analysed(split, category)
    case = group.act("dispatch", by=OFFICER).thing
    assert (str(case.handling_department), str(case.responsible_department)) == (department, department)
    assert case.responsible_person == f"{department}负责人"


@pytest.mark.clause("P03-6.3")
def test_a_responsible_department_that_is_written_down_brings_its_head(group: Group) -> None:
    group.analysed(responsible_department="销售部")
    assert group.the_case().responsible_person == "销售部负责人"


@pytest.mark.parametrize("category", ["外部环境", "非管辖公共配套"])
@pytest.mark.clause("P03-9.4")
def test_what_lies_outside_is_explained_and_the_other_unit_is_asked(group: Group, category: str) -> None:
    group.analysed("抱怨类", category)
    warned = group.act("dispatch", by=OFFICER).warnings
    assert "请向投诉人说明不在管辖内的情况,并记录外部协调" in warned
    assert "对外联系并向投诉人说明" in group.duties()
    assert "coordinate" in group.offered(OFFICER)
    group.act("coordinate", by=OFFICER, unit="公交公司", explanation_to_customer="站点由公交公司设置,已代为反映")
    assert "对外联系并向投诉人说明" not in group.duties()
    assert [row.unit for row in group.all(Coordination)] == ["公交公司"]


@pytest.mark.clause("P03-9.4")
def test_what_lies_inside_asks_nobody_outside(group: Group) -> None:
    group.analysed()
    assert [text for text in group.act("dispatch", by=OFFICER).warnings if "管辖" in text] == []
    assert "对外联系并向投诉人说明" not in group.duties()
