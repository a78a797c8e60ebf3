"""情况表 (附件2): what the department hands in, signed by its head, within the limit of the order."""

from __future__ import annotations

import pytest

from models import CorrectiveAction
from tests.support.cast import ANSWER, House, shanghai

HEAD = "客户营业部负责人"


@pytest.mark.clause("P02-7.5")
def test_without_the_record_the_case_cannot_be_closed(house: House) -> None:
    house.registered()
    house.signed()
    assert "尚未收到情况表" in house.refused("close", close_reason="解决")


@pytest.mark.clause("P02-7.5")
def test_with_all_required_fields_order_and_case_are_reported_back(house: House) -> None:
    case = house.registered()
    record = house.answered(at="2026-05-14 10:00")
    assert (house.order().state, case.state, record.effect_check) == ("已反馈", "已反馈", "待检查")
    assert (record.round, str(record.head_signed_by), shanghai(record.submitted_at)) == (
        1,
        HEAD,
        "2026-05-14 10:00:00",
    )


@pytest.mark.clause("P02-7.5")
@pytest.mark.parametrize("missing", ANSWER)
def test_each_required_field_is_asked_for(house: House, missing: str) -> None:
    house.registered()
    house.signed()
    given = {name: text for name, text in ANSWER.items() if name != missing}
    refusal = house.refusal("submit_correction", by=HEAD, **given)
    assert [finding.field for finding in refusal.findings] == [missing]
    assert house.order().state == "已签收"


@pytest.mark.clause("P02-7.5")
def test_the_record_goes_back_to_the_one_who_investigates(house: House) -> None:
    house.registered()
    house.answered()
    assert len(house.notices("情况表", to="客服甲")) == 1


@pytest.mark.clause("P02-7.5")
def test_it_ends_the_limit_of_the_order(house: House) -> None:
    house.registered()
    house.ordered(limit_days=3)
    assert house.due() == "2026-05-16 23:59:59"
    house.answered(at="2026-05-16 23:59:59")
    assert (house.clock().done_at is not None, house.clock().ever_late) == (True, False)


@pytest.mark.clause("P02-7.5")
def test_customer_and_address_come_from_the_case(house: House) -> None:
    house.registered(name="客户七", phone="13800000407", address="七号楼")
    record = house.answered()
    assert (record.customer_name, record.phone, record.address) == ("客户七", "13800000407", "七号楼")


def test_the_handler_hands_it_in_on_the_signature_of_his_head(house: House) -> None:
    house.registered()
    house.signed(handler="抄表班长甲")
    record = house.answered(by="抄表班长甲", head_signed_by=HEAD)
    assert (str(record.submitted_by), str(record.head_signed_by)) == ("抄表班长甲", HEAD)


def test_without_the_signature_of_the_head_it_is_refused(house: House) -> None:
    house.registered()
    house.signed(handler="抄表班长甲")
    for signer in (None, "抄表班长甲", "工程维修部负责人"):
        given = {**ANSWER, **({"head_signed_by": signer} if signer else {})}
        assert "须有承办部门负责人签名" in house.refused("submit_correction", by="抄表班长甲", **given)
    assert house.all(CorrectiveAction) == []


def test_an_order_that_the_head_has_not_signed_cannot_be_answered(house: House) -> None:
    house.registered()
    house.ordered()
    assert "尚未由承办部门负责人签字" in house.refused("submit_correction", by=HEAD, **ANSWER)


def test_one_record_a_round(house: House) -> None:
    house.registered()
    house.answered()
    assert "不能重复提交" in house.refused("submit_correction", by=HEAD, **ANSWER)
    assert len(house.all(CorrectiveAction)) == 1


@pytest.mark.parametrize("by", ["客服甲", "工程维修部负责人", "抄表员甲", "公司领导"])
def test_another_department_does_not_answer_for_it(house: House, by: str) -> None:
    house.registered()
    house.signed()
    house.refused("submit_correction", by=by, **ANSWER)
    assert house.order().state == "已签收"
