"""回访: after 附件2 the investigating department asks the customer whether it is solved."""

from __future__ import annotations

import pytest

from models import Visit
from tests.support.cast import House, shanghai


@pytest.mark.clause("P02-7.7")
def test_before_the_record_nobody_visits(house: House) -> None:
    house.registered()
    house.signed()
    assert "尚未收到情况表" in house.refused("visit", result="满意")
    assert house.all(Visit) == []


@pytest.mark.clause("P02-7.7")
def test_once_the_record_is_there_the_customer_is_asked(house: House) -> None:
    case = house.registered()
    house.answered()
    made = house.do("visit", at="2026-05-16 10:00", result="满意", way="电话", comment="态度有改进").result
    assert (made.result, str(case.satisfaction), shanghai(made.at)) == ("满意", "满意", "2026-05-16 10:00:00")
    assert "态度有改进" in house.story()


@pytest.mark.clause("P02-7.7")
def test_after_it_was_sent_back_the_visit_waits_for_the_new_record(house: House) -> None:
    house.registered()
    house.answered()
    house.do("check_effect", result="未通过", effect_note="重做")
    assert "退回整改" in house.refused("visit", result="满意")


@pytest.mark.clause("P02-7.7")
@pytest.mark.parametrize("by", ["客户营业部负责人", "抄表班长甲", "人事甲", "公司领导"])
def test_only_the_department_that_investigates_visits(house: House, by: str) -> None:
    house.registered()
    house.effective()
    house.refused("visit", by=by, result="满意")
    assert house.all(Visit) == []


@pytest.mark.clause("P02-7.8")
def test_the_visited_case_has_its_whole_row_in_the_ledger(house: House) -> None:
    house.registered(at="2026-05-13 15:10", complained_person="抄表员甲")
    house.ordered(limit_days=3)
    house.visited("基本满意", at="2026-05-14 10:00")
    house.do("close", close_reason="解决", at="2026-05-15 10:00")
    report = house.do("report", kind="服务质量问题处理管理台账", period="2026-05").result
    assert report.rows == (
        (
            "1",
            "客服甲",
            "2026-05-13 15:10",
            "客户一",
            "13800000401",
            "一号楼",
            "约定上午抄表,下午才到",
            "客户营业部、抄表员甲",
            "客户营业部",
            "3 日内",
            "已结案(解决)",
            "基本满意",
            "",
        ),
    )


@pytest.mark.clause("P02-7.8")
def test_the_ledger_tells_the_result_and_the_satisfaction_as_soon_as_the_visit_is_saved(house: House) -> None:
    house.registered()
    house.visited("满意")
    row = house.do("report", kind="服务质量问题处理管理台账", period="2026-05").result.rows[0]
    assert row[10:12] == ("待确认", "满意")


def test_a_dissatisfied_customer_opens_another_round(house: House) -> None:
    case = house.registered()
    house.visited("不满意")
    assert (case.state, case.round, house.order().state) == ("重新处理", 2, "退回整改")


def test_whoever_cannot_be_reached_is_tried_again(house: House) -> None:
    house.registered()
    house.visited("无法联系")
    house.do("visit", at="2026-05-14 09:00", result="满意")
    assert [(v.attempt, v.result) for v in house.all(Visit)] == [(1, "无法联系"), (2, "满意")]
