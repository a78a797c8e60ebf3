"""Cases that are alike count for each other; what follows from that, and from limits that only measure."""

from __future__ import annotations

import pytest

from models import Approval, ComplaintLink, FormDocument
from tests.support.cast import House, moment
from tests.support.estate import ESTATES
from workflow import procedures
from workflow.access import SYSTEM
from workflow.likeness import likeness

HALL = {"estate": "东苑", "issue": "门禁断电", "without": "compensation_sought"}


def _call(house: House, name: str, at: str = "2026-05-13 15:10", **more: object):
    return house.registered(by="管家东", at=at, name=name, phone=f"138{name}", **{**HALL, **more})


def test_the_case_goes_to_whoever_looks_after_its_estate(estates: House) -> None:
    assert str(_call(estates, "甲").handler) == "管家东"
    assert str(_call(estates, "乙", estate="西苑").handler) == "管家西"


def test_where_nobody_looks_after_the_estate_the_department_keeps_it_and_says_so(estates: House) -> None:
    case = _call(estates, "甲", estate="南苑")
    assert case.handler is None
    assert any("没有" in text for text in estates.events(case)[0].warnings)


def test_another_estate_is_another_person(estates: House) -> None:
    case = _call(estates, "甲")
    estates.do("update", by="管家东", estate="西苑")
    assert str(case.handler) == "管家西"


def test_a_case_is_graded_again_by_its_own_version_though_a_newer_one_would_not_raise_it(estates: House) -> None:
    first = _call(estates, "甲")
    changed = ESTATES.replace('others = ">= 2"', 'others = ">= 9"')
    procedures.put_in_force(estates.session, changed, actor=SYSTEM, now=moment("2026-05-14 00:00"))
    second = _call(estates, "乙", at="2026-05-20 10:00")
    assert second.procedure_version == first.procedure_version + 1
    assert (first.grade, second.grade) == ("中等", "下等")
    assert len(estates.events(first, verb="grade_again")) == 1


def test_a_case_is_not_graded_again_because_a_newer_version_would_raise_it(estates: House) -> None:
    strict = ESTATES.replace('others = ">= 2"', 'others = ">= 9"')
    procedures.put_in_force(estates.session, strict, actor=SYSTEM, now=moment("2026-05-12 00:00"))
    first = _call(estates, "甲")
    procedures.put_in_force(estates.session, ESTATES, actor=SYSTEM, now=moment("2026-05-14 00:00"))
    _call(estates, "乙", at="2026-05-20 10:00")
    assert first.grade == "下等"
    assert estates.events(first, verb="grade_again") == []


def test_the_second_person_raises_the_first_ones_case_too_and_its_history_says_why(estates: House) -> None:
    first = _call(estates, "甲")
    assert first.grade == "下等"
    second = _call(estates, "乙", at="2026-05-20 10:00")
    assert (first.grade, second.grade) == ("中等", "中等")
    (told,) = estates.events(first, verb="grade_again")
    assert second.case_no in told.text
    assert "下等 → 中等" in told.text


def test_a_case_is_graded_again_once_and_not_for_every_later_change(estates: House) -> None:
    first, second = _call(estates, "甲"), _call(estates, "乙")
    estates.do("update", by="管家东", case=second, demand="快")
    _call(estates, "丙")
    assert len(estates.events(first, verb="grade_again")) == 1


def test_the_same_person_or_another_month_or_another_issue_does_not_count(estates: House) -> None:
    first = _call(estates, "甲")
    _call(estates, "甲")
    _call(estates, "乙", issue="灯不亮")
    _call(estates, "丙", at="2026-06-15 10:00")
    assert first.grade == "下等"


def test_a_closed_case_keeps_its_grade(estates: House) -> None:
    first = _call(estates, "甲")
    estates.do("close", by="管家东", case=first, close_reason="解决")
    assert _call(estates, "乙").grade == "中等"
    assert first.grade == "下等"


def test_who_comes_again_after_the_end_is_linked_and_graded(estates: House) -> None:
    first = _call(estates, "甲")
    estates.do("close", by="管家东", at="2026-05-14 10:00", case=first, close_reason="解决")
    again = _call(estates, "甲", at="2026-05-22 09:00")
    (link,) = estates.all(ComplaintLink, again)
    assert (link.kind, link.other_id) == ("二次投诉", first.id)
    assert (again.fields["again"], again.grade) == (True, "中等")


def test_the_days_are_counted_from_the_end_not_from_the_call(estates: House) -> None:
    first = _call(estates, "甲", at="2026-05-01 10:00", promised_feedback_at="2026-05-06 09:00")
    estates.do("close", by="管家东", at="2026-05-20 10:00", case=first, close_reason="解决")
    assert _call(estates, "甲", at="2026-05-29 10:00").fields.get("again") is True
    assert _call(estates, "甲", at="2026-06-08 10:00").fields.get("again") is None


def test_the_rate_of_those_who_come_again_counts_links(estates: House) -> None:
    first = _call(estates, "甲")
    estates.do("close", by="管家东", at="2026-05-14 10:00", case=first, close_reason="解决")
    _call(estates, "甲", at="2026-05-18 09:00")
    made = estates.do("report", by="管家东", kind="月分析", period="2026-05").result
    (rate,) = made.kpis
    assert (rate.value, rate.numerator, rate.denominator) == ("50.00%", 1, 2)


def test_a_cross_table_counts_each_pair_and_sums_both_ways(estates: House) -> None:
    _call(estates, "甲", category="设施")
    _call(estates, "乙", category="态度", issue="骂人")
    made = estates.do("report", by="管家东", kind="分布", period="2026-05").result
    assert made.columns == ("类别", "上等", "中等", "下等", "合计")
    assert made.rows == (
        ("态度", "0", "0", "1", "1"),
        ("设施", "0", "0", "1", "1"),
        ("合计", "0", "0", "2", "2"),
    )


def test_what_reads_alike_is_pointed_at_when_it_is_taken_down(estates: House) -> None:
    first = _call(estates, "甲", content="单元门禁夜间断电打不开", issue=None)
    second = _call(estates, "乙", content="门禁夜间断电,单元门打不开", issue=None)
    other = _call(estates, "丙", content="保洁态度不好", issue=None)
    assert [first.case_no in text for text in estates.events(second)[0].warnings] == [True]
    assert estates.events(other)[0].warnings == []


def test_to_say_that_two_are_the_same_issue_counts_them_together(estates: House) -> None:
    first, second = _call(estates, "甲"), _call(estates, "乙", issue=None)
    assert second.grade == "下等"
    estates.do("link", by="管家东", case=second, kind="同一问题", other=first.case_no)
    assert second.fields["issue"] == "门禁断电"
    assert (first.grade, second.grade) == ("中等", "中等")


def test_a_link_can_be_taken_back_from_either_side_with_a_reason(estates: House) -> None:
    first, second = _call(estates, "甲"), _call(estates, "乙")
    estates.do("link", by="管家东", case=second, kind="合并", other=first.case_no)
    assert "请填写" in estates.refused("unlink", by="管家东", case=first, other=second.case_no)
    estates.do("unlink", by="管家东", case=first, other=second.case_no, reason="不是一回事")
    assert estates.all(ComplaintLink, second) == []
    assert "取消合并" in estates.story(first)


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [("门禁断电", "门禁断电", 1.0), ("门禁断电", "电断禁门", 0.0), ("", "门禁", 0.0), ("门禁断电", "门禁,断电!", 1.0)],
)
def test_two_texts_are_as_alike_as_their_pairs_of_characters(one: str, other: str, score: float) -> None:
    assert likeness(one, other) == pytest.approx(score)
    assert likeness(other, one) == pytest.approx(score)


def test_a_limit_that_only_measures_grades_without_making_the_case_overdue(estates: House) -> None:
    case = _call(estates, "甲")
    estates.sweep("2026-05-17 00:00")
    assert (case.grade, case.overdue, case.was_overdue, case.flags) == ("上等", False, False, [])


def test_a_pause_leaves_limits_running_that_nothing_stops(estates: House) -> None:
    case = _call(estates, "甲")
    due = estates.due("三天")
    estates.do("pause", by="管家东", reason="客户原因")
    assert (case.state, estates.due("三天")) == ("挂起", due)
    estates.sweep("2026-05-17 00:00")
    assert case.grade == "上等"


def test_a_lower_grade_waits_for_the_director(estates: House) -> None:
    case, other = _call(estates, "甲"), _call(estates, "乙")
    estates.do("update", by="管家东", case=other, issue="灯不亮")
    estates.do("change_grade", by="管家东", case=case, grade="下等", reason="记错了")
    assert case.grade == "中等"
    assert [str(notice.recipient) for notice in estates.notices("降级待审批", case=case)] == ["主任"]
    estates.do("approve", by="主任甲", case=case, object="降级", opinion="同意")
    assert case.grade == "下等"
    assert estates.newest(Approval, case).wanted == "下等"


def test_a_refused_lowering_changes_nothing(estates: House) -> None:
    case, other = _call(estates, "甲"), _call(estates, "乙")
    estates.do("update", by="管家东", case=other, issue="灯不亮")
    estates.do("change_grade", by="管家东", case=case, grade="下等", reason="记错了")
    assert "已有一份" in estates.refused("change_grade", by="管家东", case=case, grade="下等", reason="再问")
    estates.do("reject", by="主任甲", case=case, opinion="不同意")
    assert case.grade == "中等"


def test_nobody_lowers_a_grade_whose_condition_holds_not_even_with_consent_given_too_late(estates: House) -> None:
    case, other = _call(estates, "甲"), _call(estates, "乙")
    assert "不能降" in estates.refused("change_grade", by="管家东", case=case, grade="下等", reason="轻")
    estates.do("update", by="管家东", case=other, issue="灯不亮")
    estates.do("change_grade", by="管家东", case=case, grade="下等", reason="记错了")
    _call(estates, "丙")
    assert "已不能降" in estates.refused("approve", by="主任甲", case=case)
    assert case.grade == "中等"


def test_the_head_of_the_department_answers_for_what_is_sent_to_it(estates: House) -> None:
    case = _call(estates, "甲")
    estates.do("dispatch", by="管家东", to_dept="工程部")
    assert (str(case.responsible_department), case.responsible_person) == ("工程部", "工程头")
    assert estates.sees("工程头", case)


def test_a_task_goes_by_a_paper_numbered_by_the_month(estates: House) -> None:
    _call(estates, "甲")
    estates.do("dispatch", by="管家东", at="2026-05-13 16:00", to_dept="工程部", kind="派单纸")
    _call(estates, "乙", at="2026-05-20 10:00")
    estates.do("dispatch", by="管家东", at="2026-05-20 11:00", to_dept="工程部", kind="派单纸")
    assert [paper.no for paper in estates.session.query(FormDocument).order_by(FormDocument.id)] == [
        "派单-202605-0001",
        "派单-202605-0002",
    ]


def test_the_customers_word_is_taken_without_a_plan(estates: House) -> None:
    content = _call(estates, "甲")
    estates.do("record_acceptance", by="管家东", accepts="接受")
    discontent = _call(estates, "乙", issue="灯不亮")
    done = estates.do("record_acceptance", by="管家东", accepts="不接受")
    assert (content.state, discontent.state) == ("待回访", "处理中")
    assert "升级:没有认可" in done.event.text


def test_what_was_talked_and_attached_is_known_to_the_rules(estates: House) -> None:
    case = _call(estates, "甲")
    estates.do("communicate", by="管家东", kind="知会", way="电话", text="有一件")
    assert estates.duties(case) == []
    assert "请先沟通" in estates.refused("update", by="管家东", category="设施")
    estates.do("communicate", by="管家东", kind="安抚", way="电话", text="别急")
    assert estates.do("update", by="管家东", category="设施").warnings == ("还没有录音",)
    estates.do("attach", by="管家东", kind="录音", file="来电.wav")
    assert estates.do("update", by="管家东", demand="快").warnings == ()


def test_another_talk_does_not_meet_the_duty_to_inform(estates: House) -> None:
    case = _call(estates, "甲")
    estates.do("communicate", by="管家东", kind="安抚", way="电话", text="别急")
    assert estates.duties(case) == ["知会"]


@pytest.mark.parametrize(("at", "asked"), [("2026-05-13 08:59", True), ("2026-05-13 09:00", False)])
def test_outside_working_time_a_promise_is_asked_for(estates: House, at: str, asked: bool) -> None:
    if asked:
        given = {"name": "甲", "phone": "1", "channel": "来电", "content": "门禁", **HALL}
        given.pop("without")
        assert "反馈时间" in estates.refused("register", by="管家东", at=at, **given)
    else:
        assert _call(estates, "甲", at=at).case_no


def test_a_paper_lists_the_records_of_the_case(estates: House) -> None:
    _call(estates, "甲")
    estates.do("communicate", by="管家东", kind="安抚", way="电话", text="别急,马上看")
    (sheet,) = estates.do("print", by="管家东", kind="档案").result
    assert "安抚 电话" in sheet.text
    assert "马上看" in sheet.text
