"""登记: what is taken down at the first contact, what is refused, and what comes of it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from models import Complainant, Complaint
from tests.support.cast import House, shanghai


@pytest.mark.clause("P02-7.1", "P02-3.1")
def test_a_saved_case_is_accepted_with_who_took_it_and_when(house: House) -> None:
    case = house.registered(at="2026-05-13 15:10")
    assert (case.state, str(case.receiver), shanghai(case.accepted_at)) == ("已受理", "客服甲", "2026-05-13 15:10:00")


@pytest.mark.clause("P02-3.1", "P02-7.1")
@pytest.mark.parametrize("missing", ["name", "phone", "address", "content"])
def test_each_of_the_data_of_acceptance_is_asked_for_by_its_field(house: House, missing: str) -> None:
    refusal = _refusal_without(house, missing)
    assert [finding.field for finding in refusal.findings] == [missing]


def _refusal_without(house: House, missing: str):
    from tests.support.cast import CALL

    return house.refusal("register", **{name: value for name, value in CALL.items() if name != missing})


@pytest.mark.clause("P02-3.1")
def test_blanks_are_as_good_as_nothing(house: House) -> None:
    with pytest.raises(Exception, match="请填写联系地址"):
        house.registered(address="   ")


@pytest.mark.clause("P02-3.1")
def test_an_address_may_be_withheld_when_the_reason_is_given(house: House) -> None:
    case = house.registered(address="未提供", address_reason="客户不愿透露")
    assert (case.complainant.address, case.complainant.address_reason) == ("未提供", "客户不愿透露")


@pytest.mark.clause("P02-3.1")
def test_an_address_withheld_without_a_reason_is_refused(house: House) -> None:
    with pytest.raises(Exception, match="请说明原因"):
        house.registered(address="未提供")


def test_who_stays_anonymous_need_not_leave_name_phone_or_address(house: House) -> None:
    case = house.registered(name="", phone="", address="", anonymous=True)
    assert case.complainant.anonymous


@pytest.mark.clause("P02-1.2")
def test_a_case_of_which_nobody_can_say_whether_it_is_grumble_or_complaint_is_not_saved(house: House) -> None:
    with pytest.raises(Exception, match="无法认定问题性质"):
        house.registered(without="compensation_sought")
    assert house.session.scalar(select(func.count()).select_from(Complaint)) == 0


@pytest.mark.clause("P02-1.2")
def test_the_nature_may_be_said_outright(house: House) -> None:
    assert house.registered(without="compensation_sought", nature="抱怨").nature == "抱怨"


@pytest.mark.clause("P02-1.3")
def test_who_forwarded_it_and_who_complained_are_two_fields(house: House) -> None:
    case = house.registered(channel="公司领导转办", forwarder="王副总", name="客户二")
    assert (case.forwarder, case.complainant.name) == ("王副总", "客户二")


@pytest.mark.clause("P02-1.3")
@pytest.mark.parametrize("channel", ["公司领导转办", "其它组织转达", "公共媒体"])
def test_complaints_come_through_leaders_other_organisations_and_media_too(house: House, channel: str) -> None:
    case = house.registered(channel=channel, other_media=channel == "公共媒体")
    assert (case.channel, case.nature) == (channel, "投诉")


def test_the_customer_may_have_called_before_it_was_taken_down(house: House) -> None:
    case = house.registered(at="2026-05-13 15:10", received_at="2026-05-13 14:55")
    assert (shanghai(case.received_at), shanghai(case.registered_at)) == ("2026-05-13 14:55:00", "2026-05-13 15:10:00")


def test_numbers_count_up_within_the_day_and_start_anew_the_next(house: House) -> None:
    numbers = [house.registered(at=at).case_no for at in ("2026-05-13 09:00", "2026-05-13 23:59", "2026-05-14 00:00")]
    assert numbers == ["TS-20260513-0001", "TS-20260513-0002", "TS-20260514-0001"]


def test_a_refused_registration_uses_up_no_number(house: House) -> None:
    house.refused("register", channel="来电")
    assert house.registered().case_no == "TS-20260513-0001"


def test_the_same_customer_is_kept_once(house: House) -> None:
    first, second = house.registered(), house.registered(at="2026-05-14 09:00")
    assert first.complainant_id == second.complainant_id


def test_another_address_under_the_same_name_is_another_entry(house: House) -> None:
    first, second = house.registered(), house.registered(address="二号楼")
    assert (first.complainant.address, second.complainant.address) == ("一号楼", "二号楼")
    assert house.session.scalar(select(func.count()).select_from(Complainant)) == 2


@pytest.mark.parametrize("by", ["公司领导", "审计员", "系统管理员", "抄表班长甲", "客户营业部负责人"])
def test_only_the_desk_and_the_investigators_take_calls_down(house: House, by: str) -> None:
    with pytest.raises(Exception, match="须由"):
        house.registered(by=by)


def test_a_channel_that_the_procedure_does_not_know_is_refused_with_those_it_knows(house: House) -> None:
    with pytest.raises(Exception, match="可选:来电"):
        house.registered(channel="飞鸽")


def test_what_it_does_not_ask_for_is_refused_by_name(house: House) -> None:
    with pytest.raises(Exception, match="不认识的参数 salary"):
        house.registered(salary="3000")


def test_the_first_line_of_the_history_says_what_was_reported(house: House) -> None:
    house.registered(content="约定上午抄表,下午才到")
    assert [event.verb for event in house.events()] == ["register"]
    assert "约定上午抄表" in house.story()
