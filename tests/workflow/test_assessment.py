"""附件4 at work: the least points, the sanctions each grade allows, and only what was found true (blocks 17 and 18)."""

from __future__ import annotations

from typing import Any

import pytest

from models import Assessment
from tests.support.cast import House

TEN = ["1", "2", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"]
L = {
    "一级投诉": ["记大过", "解除劳动合同"],
    "二级投诉": ["警告", "记过", "记大过"],
    "三级投诉": ["通报批评", "警告", "记过"],
}
ALL = ["通报批评", "警告", "记过", "记大过", "解除劳动合同"]
FACTS: dict[str, dict[str, Any]] = {
    "一级投诉": {"mainstream_media": True, "impact": "重大不良"},
    "二级投诉": {"to_government": True, "impact": "一定不良"},
    "三级投诉": {},
}
SEVERITY = ["警告", "记过", "记大过", "解除劳动合同"]


def grumble(house: House, **overrides: Any) -> None:
    """A grumble found true, somebody to blame."""
    house.registered(complained_person="抄表员甲", **overrides)
    house.confirmed(responsible_party="抄表员甲")


def complaint(house: House, grade: str) -> None:
    """A 投诉 of that grade, found true."""
    house.complaint(complained_person="抄表员甲")
    if FACTS[grade]:
        house.do("update", by="人事甲", **FACTS[grade])
    assert house.the_case().grade == grade
    house.confirmed(responsible_party="抄表员甲")


def propose(house: House, **given: Any) -> list[Assessment]:
    return house.do("propose_assessment", by=house.investigator(), **given).result


def refusal(house: House, **given: Any) -> str:
    before = len(house.all(Assessment))
    text = house.refused("propose_assessment", by=house.investigator(), **given)
    assert len(house.all(Assessment)) == before
    return text


@pytest.mark.clause("P02-17.1", "P02-18.3", "F-17")
@pytest.mark.parametrize("number", TEN)
def test_each_of_these_items_costs_at_least_ten_points(house: House, number: str) -> None:
    grumble(house)
    given = {"standard_no": number, "subject_kind": "责任人"}
    assert "10 分" in refusal(house, points=9, **given)
    (proposal,) = propose(house, points=10, **given)
    assert (proposal.points, proposal.points_min, proposal.subject, proposal.sanction) == (10, 10, "抄表员甲", "")


@pytest.mark.clause("P02-17.1", "F-16")
def test_two_breaches_cost_at_least_twenty(house: House) -> None:
    grumble(house)
    given = {"standard_no": "14", "subject_kind": "责任人", "occurrences": 2}
    assert "20 分" in refusal(house, points=19, **given)
    assert propose(house, points=20, **given)[0].points_min == 20


@pytest.mark.clause("P02-17.1")
def test_without_a_number_the_least_is_proposed(house: House) -> None:
    grumble(house)
    assert propose(house, standard_no="14", subject_kind="责任人", occurrences=3)[0].points == 30


@pytest.mark.clause("P02-17.1")
@pytest.mark.parametrize(("occurrences", "points"), [(0, 10), (-1, 10), (1, -5), ("两", 10), (1, "十")])
def test_breaches_and_points_are_whole_numbers(house: House, occurrences: Any, points: Any) -> None:
    grumble(house)
    assert refusal(house, standard_no="14", subject_kind="责任人", occurrences=occurrences, points=points)


@pytest.mark.clause("P02-17.1", "F-17")
def test_more_than_a_hundred_points_is_only_warned_of(house: House) -> None:
    grumble(house)
    done = house.do("propose_assessment", standard_no="14", subject_kind="责任人", points=101)
    assert any("100" in warning for warning in done.warnings)
    assert done.result[0].points == 101
    assert done.event.warnings == list(done.warnings)


@pytest.mark.clause("P02-17.2", "P02-18.3")
def test_the_attitude_costs_at_least_twenty_a_breach(house: House) -> None:
    grumble(house)
    given = {"standard_no": "3", "subject_kind": "责任人"}
    assert "20 分" in refusal(house, points=15, **given)
    assert propose(house, points=20, **given)[0].points == 20
    assert "40 分" in refusal(house, points=39, occurrences=2, **given)


@pytest.mark.clause("P02-17.3")
def test_item_4_is_judged_by_severity_on_a_grumble(house: House) -> None:
    grumble(house)
    given = {"standard_no": "4", "subject_kind": "责任人"}
    assert "处分" in refusal(house, points=10, **given)
    (proposal,) = propose(house, sanction="记过", **given)
    assert (proposal.sanction, proposal.points_min, proposal.sanctions) == ("记过", None, SEVERITY)


@pytest.mark.clause("P02-17.3")
@pytest.mark.parametrize("grade", L)
def test_item_4_offers_the_same_sanctions_whatever_the_grade(house: House, grade: str) -> None:
    complaint(house, grade)
    offered = house.form("propose_assessment", by="人事甲", standard_no="4", subject_kind="责任人")
    assert offered["sanction"] == SEVERITY
    assert "通报批评" in refusal(house, standard_no="4", subject_kind="责任人", sanction="通报批评")
    assert propose(house, standard_no="4", subject_kind="责任人", sanction="解除劳动合同")


@pytest.mark.clause("P02-17.4", "P02-17.5", "P02-17.6", "P02-18.3")
@pytest.mark.parametrize("grade", L)
def test_each_grade_allows_its_own_sanctions_and_no_other(house: House, grade: str) -> None:
    complaint(house, grade)
    given = {"standard_no": "14", "subject_kind": "责任人"}
    assert house.form("propose_assessment", by="人事甲", **given)["sanction"] == L[grade]
    for sanction in ALL:
        if sanction in L[grade]:
            assert propose(house, sanction=sanction, **given)[0].sanction == sanction
        else:
            assert "、".join(L[grade]) in refusal(house, sanction=sanction, **given)


@pytest.mark.clause("P02-17.4")
def test_a_warning_is_too_little_for_the_first_grade(house: House) -> None:
    complaint(house, "一级投诉")
    assert "记大过" in refusal(house, standard_no="3", subject_kind="责任人", sanction="警告")
    assert propose(house, standard_no="3", subject_kind="责任人", sanction="记大过")


@pytest.mark.clause("P02-17.5")
def test_the_second_grade_allows_neither_a_circular_nor_a_dismissal(house: House) -> None:
    complaint(house, "二级投诉")
    for sanction in ("通报批评", "解除劳动合同"):
        assert sanction in refusal(house, standard_no="14", subject_kind="责任人", sanction=sanction)
    assert propose(house, standard_no="14", subject_kind="责任人", sanction="记过")


@pytest.mark.clause("P02-17.6")
def test_the_third_grade_allows_no_major_demerit(house: House) -> None:
    complaint(house, "三级投诉")
    assert "记大过" in refusal(house, standard_no="14", subject_kind="责任人", sanction="记大过")
    assert propose(house, standard_no="14", subject_kind="责任人", sanction="通报批评")


@pytest.mark.clause("P02-17.4", "P02-18.3")
def test_a_complaint_is_not_settled_with_points_alone(house: House) -> None:
    complaint(house, "三级投诉")
    assert "处分" in refusal(house, standard_no="14", subject_kind="责任人", points=10)


@pytest.mark.clause("P02-17.7", "P02-6.4")
def test_item_16_is_the_head_s_and_costs_five(house: House) -> None:
    grumble(house)
    assert "部门负责人" in refusal(house, standard_no="16", subject_kind="责任人", points=5)
    assert "5 分" in refusal(house, standard_no="16", subject_kind="部门负责人", points=4)
    (proposal,) = propose(house, standard_no="16", subject_kind="部门负责人", points=5)
    assert (proposal.points, proposal.subject) == (5, "客户营业部负责人")


@pytest.mark.clause("P02-17.7", "P02-6.4", "F-16")
def test_item_16_is_drafted_once_the_case_is_found_true_and_waits_for_a_person(house: House) -> None:
    grumble(house)
    (draft,) = house.all(Assessment)
    assert (draft.standard_no, draft.state, draft.points, draft.proposer) == ("16", "草稿", 5, None)
    (proposal,) = propose(house, standard_no="16", subject_kind="部门负责人")
    assert proposal.id == draft.id
    assert (proposal.state, str(proposal.proposer)) == ("已报", "客服甲")


@pytest.mark.clause("P02-17.8", "P02-18.3")
def test_item_17_is_the_head_s_and_costs_ten(house: House) -> None:
    grumble(house)
    assert "10 分" in refusal(house, standard_no="17", subject_kind="部门负责人", points=5)
    assert "部门负责人" in refusal(house, standard_no="17", subject_kind="责任人", points=10)
    assert propose(house, standard_no="17", subject_kind="部门负责人", points=10)[0].points == 10


@pytest.mark.clause("P02-17.9")
@pytest.mark.parametrize("measures", ["无", "没有", "无。", "暂无"])
def test_item_18_is_drafted_when_no_measure_was_set(house: House, measures: str) -> None:
    house.registered()
    house.answered(corrective_measures=measures)
    done = house.do("check_effect", result="通过")
    (draft,) = [row for row in house.all(Assessment) if row.standard_no == "18"]
    assert (draft.state, draft.subject_kind, draft.points_min) == ("草稿", "部门负责人", 10)
    assert any("第18项" in warning for warning in done.warnings)


@pytest.mark.clause("P02-17.9", "P02-18.3")
def test_item_18_costs_the_head_ten_and_is_not_drafted_where_there_is_a_measure(house: House) -> None:
    grumble(house)
    house.effective()
    assert [row.standard_no for row in house.all(Assessment)] == ["16"]
    assert "10 分" in refusal(house, standard_no="18", subject_kind="部门负责人", points=9)
    assert propose(house, standard_no="18", subject_kind="部门负责人", points=10)[0].points == 10


@pytest.mark.clause("P02-17.10")
def test_what_no_item_names_costs_the_person_ten_and_his_head_five(house: House) -> None:
    grumble(house)
    rows = propose(house, standard_no="其他")
    assert [(row.subject_kind, row.points, row.subject) for row in rows] == [
        ("责任人", 10, "抄表员甲"),
        ("部门负责人", 5, "客户营业部负责人"),
    ]


@pytest.mark.clause("P02-17.10", "P02-18.3")
def test_the_least_of_the_fallback_binds_for_each_of_the_two(house: House) -> None:
    grumble(house)
    assert "10 分" in refusal(house, standard_no="其他", subject_kind="责任人", points=9)
    assert "5 分" in refusal(house, standard_no="其他", subject_kind="部门负责人", points=4)
    assert "20 分" in refusal(house, standard_no="其他", subject_kind="责任人", occurrences=2, points=19)


@pytest.mark.clause("P02-17.11")
@pytest.mark.parametrize("grade", L)
def test_the_fallback_of_a_complaint_goes_by_its_grade(house: House, grade: str) -> None:
    complaint(house, grade)
    assert house.form("propose_assessment", by="人事甲", standard_no="其他")["sanction"] == L[grade]
    rows = propose(house, standard_no="其他", sanction=L[grade][0])
    assert {row.sanction for row in rows} == {L[grade][0]}


@pytest.mark.clause("P02-17.12")
def test_nothing_is_assessed_before_the_investigation(house: House) -> None:
    house.registered()
    assert "调查核实" in refusal(house, standard_no="14", subject_kind="责任人", points=10)


@pytest.mark.clause("P02-17.12")
@pytest.mark.parametrize("conclusion", ["不属实", "待定"])
def test_nothing_is_assessed_that_was_not_found_true(house: House, conclusion: str) -> None:
    house.registered()
    house.confirmed(conclusion=conclusion)
    assert house.all(Assessment) == []
    assert "调查" in refusal(house, standard_no="14", subject_kind="责任人", points=10)


@pytest.mark.clause("P02-17.12")
def test_partly_true_is_true_enough(house: House) -> None:
    house.registered()
    house.confirmed(conclusion="部分属实")
    assert propose(house, standard_no="14", subject_kind="责任人", points=10)


@pytest.mark.clause("P02-17.12")
def test_a_provisional_grade_gives_no_sanction_yet(house: House) -> None:
    case = house.complaint(channel="市长信箱")
    assert (case.grade, case.grade_provisional) == ("二级投诉", True)
    house.confirmed()
    assert "暂定" in refusal(house, standard_no="14", subject_kind="责任人", sanction="记过")


@pytest.mark.clause("P02-18.3", "P02-17.1")
@pytest.mark.parametrize("number", [*TEN, "3", "16", "17", "18", "其他"])
def test_a_grumble_takes_points_and_no_sanction_but_for_item_4(house: House, number: str) -> None:
    grumble(house)
    text = refusal(house, standard_no=number, sanction="警告", points=50)
    assert "只扣绩效分" in text


@pytest.mark.clause("P02-18.3", "P02-12.4")
@pytest.mark.parametrize("number", ["0", "19", "5a", "-1", "第一项", ""])
def test_an_item_that_is_not_in_the_list_is_refused(house: House, number: str) -> None:
    grumble(house)
    assert "考核项目" in refusal(house, standard_no=number, subject_kind="责任人", points=10)


@pytest.mark.clause("P02-17.1")
@pytest.mark.parametrize("month", ["2026-13", "2026", "上月"])
def test_the_month_of_the_deduction_is_a_month(house: House, month: str) -> None:
    grumble(house)
    assert "绩效月份" in refusal(house, standard_no="14", subject_kind="责任人", month=month)


@pytest.mark.clause("P02-17.1")
def test_the_month_of_the_deduction_is_this_one_unless_said(house: House) -> None:
    grumble(house)
    assert propose(house, standard_no="14", subject_kind="责任人")[0].month == "2026-05"


@pytest.mark.clause("P02-17.7", "P02-9.4")
def test_the_head_who_answers_for_a_crew_is_the_department_s(house: House) -> None:
    grumble(house, complained_department="抄表班")
    (draft,) = house.all(Assessment)
    assert (draft.subject, str(draft.subject_staff)) == ("客户营业部负责人", "客户营业部负责人")
    assert str(draft.subject_department) == "客户营业部"
