"""改进措施: what the service centre makes of a case, with an owner and a day, verified by somebody else."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models import Measure
from tests.support.cast import House

MEASURE = {
    "kind": "预防措施",
    "measure": "抄表前一日短信提醒",
    "owner_department": "客户营业部",
    "due_on": "2026-07-31",
}
OWNER = "客户营业部负责人"


def _added(house: House, at: str = "2026-06-10 09:00", **overrides: object) -> Measure:
    if house.case is None:
        house.registered(at="2026-06-01 09:00", category="上门服务/抄表业务")
        house.confirmed(at="2026-06-02 09:00")
    return house.do("add_measure", at=at, **{**MEASURE, **overrides}).result


@pytest.mark.clause("P02-7.12")
def test_a_preventive_measure_is_linked_to_the_case_with_owner_and_day(house: House) -> None:
    measure = _added(house)
    assert (measure.complaint_id, str(measure.owner_department)) == (house.the_case().id, "客户营业部")
    assert (str(measure.due_on), house.due("整改")) == ("2026-07-31", "2026-07-31 23:59:59")
    assert len(house.notices("改进措施", to=OWNER)) == 1


@pytest.mark.clause("P02-7.12")
def test_until_its_day_ends_it_is_open_and_from_midnight_overdue(house: House) -> None:
    measure = _added(house)
    house.sweep("2026-07-31 23:59:59")
    assert measure.state == "实施中"
    house.sweep("2026-08-01 00:00")
    assert measure.state == "超期"


@pytest.mark.clause("P02-7.12")
def test_done_in_time_it_never_becomes_overdue(house: House) -> None:
    measure = _added(house)
    house.do("implement_measure", by=OWNER, at="2026-07-31 23:59:59", result="已上线")
    house.sweep("2026-08-02 00:00")
    assert (measure.state, house.clock("整改").ever_late) == ("待验证", False)


@pytest.mark.clause("P02-7.12")
def test_the_service_centre_sets_measures_on_complaints_too(house: House) -> None:
    house.complaint(at="2026-06-01 09:00")
    assert _added(house).proposed_by_id == house.person("客服甲").id


def test_a_day_that_has_passed_is_refused_and_today_is_not(house: House) -> None:
    house.registered(at="2026-06-01 09:00")
    assert "不能早于今天" in house.refused("add_measure", at="2026-08-01 09:00", **MEASURE)
    assert _added(house, at="2026-07-31 23:00").state == "实施中"


@pytest.mark.parametrize("missing", MEASURE)
def test_kind_text_owner_and_day_are_asked_for(house: House, missing: str) -> None:
    house.registered()
    given = {name: value for name, value in MEASURE.items() if name != missing}
    assert [finding.field for finding in house.refusal("add_measure", **given).findings] == [missing]
    assert house.all(Measure) == []


def test_the_head_of_the_service_centre_approves_and_not_the_proposer(house: House) -> None:
    measure = _added(house)
    house.refused("approve_measure", by="客服甲", at="2026-06-11 09:00")
    house.do("approve_measure", by="客户服务中心负责人", at="2026-06-11 09:00", decision="同意")
    assert str(measure.approved_by) == "客户服务中心负责人"


def test_the_proposer_does_not_approve_his_own_measure_even_as_head(house: House) -> None:
    house.registered()
    house.do("add_measure", by="客户服务中心负责人", **MEASURE)
    assert "提出人不能" in house.refused("approve_measure", by="客户服务中心负责人", decision="同意")


def test_a_rejected_measure_is_closed_and_its_clock_with_it(house: House) -> None:
    measure = _added(house)
    house.do("approve_measure", by="客户服务中心负责人", at="2026-06-11 09:00", decision="驳回", opinion="太笼统")
    house.sweep("2026-08-02 00:00")
    assert (measure.state, house.clock("整改").flagged_at) == ("关闭", None)


def test_an_effective_measure_is_closed(house: House) -> None:
    measure = _added(house)
    house.do("implement_measure", by=OWNER, at="2026-07-01 09:00", result="已上线")
    house.do("verify_measure", at="2026-07-02 09:00", result="有效")
    assert (measure.state, measure.verification) == ("关闭", "有效")


def test_an_ineffective_measure_starts_again_with_another_day(house: House) -> None:
    measure = _added(house)
    house.do("implement_measure", by=OWNER, at="2026-07-01 09:00", result="已上线")
    assert "重新完成日期" in house.refused("verify_measure", at="2026-07-02 09:00", result="无效")
    house.do("verify_measure", at="2026-07-02 09:00", result="无效", due_on="2026-09-30")
    assert (measure.state, house.due("整改")) == ("实施中", "2026-09-30 23:59:59")


def test_it_is_not_verified_by_the_one_who_did_it(house: House) -> None:
    _added(house)
    house.do("implement_measure", by="客服甲", at="2026-07-01 09:00", result="已上线")
    assert "落实人不能验证" in house.refused("verify_measure", by="客服甲", at="2026-07-02 09:00", result="有效")
    assert house.do("verify_measure", by="客服乙", at="2026-07-02 09:00", result="有效").result.state == "关闭"


def test_before_it_is_done_there_is_nothing_to_verify(house: House) -> None:
    _added(house)
    assert house.refused("verify_measure", at="2026-06-11 09:00", result="有效")


@pytest.mark.parametrize("by", ["客户营业部负责人", "抄表班长甲", "公司领导", "审计员"])
def test_the_department_complained_about_does_not_set_measures_for_others(house: House, by: str) -> None:
    house.registered()
    house.refused("add_measure", by=by, **MEASURE)
    assert house.all(Measure) == []


def test_a_measure_outlives_its_case(house: House) -> None:
    house.registered(at="2026-06-01 09:00")
    house.closed(at="2026-06-02 09:00")
    measure = _added(house)
    house.sweep("2026-08-01 00:00")
    assert measure.state == "超期"


def test_the_owner_of_a_measure_reports_it_done_without_seeing_the_case(house):
    house.registered()
    house.do("add_measure", kind="预防措施", measure="每班抽查", owner_department="安全技术部", due_on="2026-06-30")
    done = house.do("implement_measure", by="安全技术部负责人", result="已抽查三次")
    assert done.result.state == "待验证"
    assert "不在您的范围" in house.refused("view", by="安全技术部负责人")


def test_the_person_who_owns_a_measure_reports_it_done_whatever_his_department(house):
    measure = _added(house, owner="维修班长甲")
    assert house.do("implement_measure", by="维修班长甲", at="2026-06-11 09:00", result="已上线").result is measure


def test_what_did_not_work_is_to_be_done_again_today_at_the_earliest(house):
    _added(house)
    house.do("implement_measure", by=OWNER, at="2026-07-01 09:00", result="已上线")
    again = {"at": "2026-07-02 09:00", "result": "无效"}
    assert "今天或以后" in house.refused("verify_measure", due_on="2026-07-01", **again)
    house.do("verify_measure", due_on="2026-07-02", **again)
    assert house.due("整改") == "2026-07-02 23:59:59"


def test_nobody_reports_anothers_measure_done(house):
    house.registered()
    house.do("add_measure", kind="预防措施", measure="每班抽查", owner_department="安全技术部", due_on="2026-06-30")
    assert "不在您的范围" in house.refused("implement_measure", by="用户工程部负责人", result="已抽查")


FROM_FIGURE = {
    **MEASURE,
    "source": "月分析 2026-06",
    "report": "月分析",
    "period": "2026-06",
    "counted": "类别/上门服务/抄表业务",
}


def _from_figure(house: House, **overrides: object) -> Measure:
    nobody = {"case": None, "at": "2026-06-20 09:00"}
    return house.do("add_measure", **nobody, **{**FROM_FIGURE, **overrides}).result


@pytest.mark.clause("P00a-7.12")
def test_a_measure_from_a_figure_keeps_the_cases_counted_then_and_no_later_ones(house: House) -> None:
    seven = [house.registered(at=f"2026-06-0{day} 09:00", category="上门服务/抄表业务").id for day in range(1, 8)]
    house.registered(at="2026-06-08 09:00", category="上门服务/安装维修业务")
    house.registered(at="2026-05-08 09:00", category="上门服务/抄表业务")
    house.case = None
    measure = _from_figure(house)
    house.registered(at="2026-06-21 09:00", category="上门服务/抄表业务")
    house.session.expire(measure)
    assert measure.counted == {"of": "类别/上门服务/抄表业务", "cases": seven}


@pytest.mark.parametrize("code", ["", "P02"])
def test_the_figure_is_that_of_the_procedure_that_is_named_else_of_ones_own(house: House, code: str) -> None:
    case = house.registered(at="2026-06-01 09:00", category="上门服务/抄表业务")
    house.case = None
    assert _from_figure(house, counted="cases", procedure=code).counted["cases"] == [case.id]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"counted": "类别/没有这一类"}, "counted"),
        ({"report": "服务质量问题处理管理台账"}, "counted"),
        ({"report": "没有这份报表"}, "counted"),
        ({"report": ""}, "counted"),
        ({"period": ""}, "period"),
        ({"period": "2026-13"}, "period"),
        ({"procedure": "P99"}, "procedure"),
        ({"procedure": "全部"}, "procedure"),
    ],
)
def test_a_figure_that_no_report_has_is_refused(house: House, wrong: dict[str, str], field: str) -> None:
    house.registered(at="2026-06-01 09:00", category="上门服务/抄表业务")
    house.case = None
    given = {**FROM_FIGURE, **wrong}
    assert [one.field for one in house.refusal("add_measure", at="2026-06-20 09:00", **given).findings] == [field]
    assert house.session.scalar(select(Measure.id)) is None


def test_a_measure_of_a_case_or_of_a_whole_report_keeps_no_count(house: House) -> None:
    assert _added(house, counted="cases", report="月分析", period="2026-06").counted == {}
    house.case = None
    assert _from_figure(house, counted="").counted == {}
