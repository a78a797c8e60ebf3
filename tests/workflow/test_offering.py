"""What P02 brings when it is in force: the forms, the ledger and the standards are there to be used."""

from __future__ import annotations

import pytest

from tests.support.cast import House


@pytest.mark.clause("P02-1.1")
def test_orders_records_ledger_and_assessment_are_there_when_p02_is_in_force(house: House) -> None:
    case = house.registered()
    assert "issue_order" in house.offered("客服甲")
    house.signed()
    assert "submit_correction" in house.offered("客户营业部负责人")
    house.confirmed()
    assert "propose_assessment" in house.offered("客服甲")
    ledger = house.do("report", kind="服务质量问题处理管理台账", period="2026-05").result
    assert [row[3] for row in ledger.rows] == [case.complainant.name]


@pytest.mark.clause("P02-4.3")
def test_the_fourteenth_item_is_meter_reading_at_the_customers_home(house: House) -> None:
    rows = house.do("report", kind="服务质量问题考核标准").result.rows
    assert [row[1:3] for row in rows if row[0] == "14"] == [("上门服务", "抄表业务")]


@pytest.mark.clause("P02-4.3")
@pytest.mark.parametrize("category", ["服务礼仪和态度/服务态度", "窗口服务/服务办理", "上门服务/抄表业务", "其他"])
def test_the_service_areas_of_the_standards_are_the_categories_of_a_case(house: House, category: str) -> None:
    assert category in house.form("register")["category"]
    assert house.registered(category=category).category == category


@pytest.mark.clause("P02-4.3")
def test_proposing_an_item_writes_its_service_area_into_the_history(house: House) -> None:
    house.registered(complained_person="抄表员甲")
    house.confirmed()
    house.do("propose_assessment", standard_no="14", points=10)
    assert "上门服务/抄表业务" in house.events(verb="propose_assessment")[-1].text


@pytest.mark.clause("P02-8.5")
@pytest.mark.parametrize("item", ["6", "2"])
def test_a_call_answered_at_the_fifth_ring_is_a_breach_of_item_six_or_two(house: House, item: str) -> None:
    house.registered(content="响铃五声才接", category="热线服务/电话接听", complained_person="抄表员甲")
    house.confirmed(facts="第五声才接起")
    assert item in house.form("propose_assessment")["standard_no"]
    proposed = house.do("propose_assessment", standard_no=item).result
    assert [(row.standard_no, row.points) for row in proposed] == [(item, 10)]


@pytest.mark.clause("P02-8.5")
def test_three_rings_stand_in_the_standards_of_reception_and_of_the_hotline(house: House) -> None:
    rows = house.do("report", kind="服务质量问题考核标准").result.rows
    assert [row[0] for row in rows if "三声" in row[3]] == ["2", "6b"]


def test_what_is_not_yet_possible_is_named_with_what_is_missing_for_it(house: House) -> None:
    house.registered()
    house.signed()
    found = house.hindered("客服甲")
    assert "visit" not in house.offered("客服甲")
    assert "; ".join(found["visit"]) == house.refused("visit", by="客服甲", result="满意")


def test_what_is_not_this_persons_is_neither_offered_nor_explained(house: House) -> None:
    house.registered()
    house.signed()
    assert "visit" not in house.hindered("抄表员甲")


def test_a_verb_is_either_offered_or_hindered(house: House) -> None:
    house.registered()
    house.signed()
    assert not set(house.offered("客服甲")) & set(house.hindered("客服甲"))


def test_closing_that_no_reason_would_allow_names_what_the_usual_reason_waits_for(house: House) -> None:
    house.registered()
    house.signed()
    assert house.hindered("客服甲")["close"] == house.refused("close", by="客服甲", close_reason="解决").split(";")
