"""调查: what was found, whose fault it is, and what follows from it."""

from __future__ import annotations

import pytest

from models import Assessment, Investigation
from tests.support.cast import House, shanghai


@pytest.mark.clause("P02-7.4")
def test_the_record_that_the_order_opened_is_filled(house: House) -> None:
    case = house.registered()
    house.ordered(at="2026-05-13 16:00")
    house.confirmed(at="2026-05-14 11:00", method="询问", cause="未排班", responsible_party="抄表员甲")
    (record,) = house.all(Investigation)
    assert (record.conclusion, record.method, record.cause) == ("属实", "询问", "未排班")
    assert (shanghai(record.started_at), shanghai(record.finished_at)) == ("2026-05-13 16:00:00", "2026-05-14 11:00:00")
    assert (case.founded, case.responsible_person) == ("属实", "抄表员甲")


@pytest.mark.clause("P02-7.4")
def test_an_investigation_may_begin_before_the_order(house: House) -> None:
    case = house.registered()
    house.confirmed()
    assert case.state == "处理中"


@pytest.mark.clause("P02-7.4")
def test_a_second_investigation_is_a_second_record(house: House) -> None:
    house.registered()
    house.confirmed(conclusion="待定")
    house.confirmed(conclusion="部分属实", at="2026-05-14 09:00")
    assert [record.conclusion for record in house.all(Investigation)] == ["待定", "部分属实"]
    assert house.the_case().founded == "部分属实"


@pytest.mark.clause("P02-6.4")
@pytest.mark.parametrize("conclusion", ["属实", "部分属实"])
def test_a_founded_case_proposes_item_sixteen_for_the_head(house: House, conclusion: str) -> None:
    house.registered()
    house.confirmed(conclusion=conclusion)
    (draft,) = house.all(Assessment)
    assert (draft.standard_no, draft.subject_kind, draft.subject) == ("16", "部门负责人", "客户营业部负责人")
    assert (draft.points_min, draft.state) == (5, "草稿")


@pytest.mark.clause("P02-6.4")
@pytest.mark.parametrize("conclusion", ["不属实", "待定"])
def test_an_unfounded_case_proposes_nothing(house: House, conclusion: str) -> None:
    house.registered()
    house.confirmed(conclusion=conclusion)
    assert house.all(Assessment) == []


@pytest.mark.clause("P02-6.4")
def test_confirming_twice_proposes_once(house: House) -> None:
    house.registered()
    house.confirmed()
    house.confirmed(at="2026-05-14 09:00")
    assert len(house.all(Assessment)) == 1


def test_the_person_found_responsible_is_known_by_name_or_as_staff(house: House) -> None:
    case = house.registered()
    house.confirmed(responsible_party="抄表员甲")
    assert str(case.responsible_staff) == "抄表员甲"
    house.confirmed(responsible_party="外包工某")
    assert (case.responsible_person, case.responsible_staff) == ("外包工某", None)


@pytest.mark.parametrize("missing", ["facts", "conclusion"])
def test_facts_and_conclusion_are_asked_for(house: House, missing: str) -> None:
    house.registered()
    given = {"facts": "下午才到", "conclusion": "属实"}
    given.pop(missing)
    assert missing in [finding.field for finding in house.refusal("investigate", **given).findings]
    assert house.the_case().founded == "待定"


@pytest.mark.parametrize("by", ["人事甲", "客户营业部负责人", "抄表班长甲", "公司领导", "系统管理员"])
def test_only_the_department_that_has_the_case_investigates(house: House, by: str) -> None:
    house.registered()
    house.refused("investigate", by=by, facts="属实", conclusion="属实")
    assert house.all(Investigation) == []


def test_the_accused_does_not_investigate_himself(house: House) -> None:
    house.registered(complained_department="用户工程部", complained_person="客服乙")
    assert house.refused("investigate", by="客服乙", facts="没有的事", conclusion="不属实")
    assert house.the_case().founded == "待定"
