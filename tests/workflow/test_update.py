"""修改: facts change, every change is kept with old and new, and nothing else moves."""

from __future__ import annotations

import pytest

from tests.support.cast import House


def test_old_and_new_stand_in_the_history(house: House) -> None:
    case = house.registered()
    house.do("update", demand="希望提前一日通知", phone="13800000499")
    assert (case.demand, case.complainant.phone) == ("希望提前一日通知", "13800000499")
    changes = house.events(verb="update")[-1].changes
    assert changes["客户诉求"] == ["按约定时间上门", "希望提前一日通知"]


def test_the_history_that_nobody_can_shorten_says_contact_data_masked(house: House) -> None:
    house.registered(name="李小梅", phone="13812345678", address="江滨路一号二单元")
    event = house.do("update", name="王大力", phone="13912340000", address="山前路七号").event
    assert event is not None
    assert event.changes["联系电话"] == ["138****5678", "139****0000"]
    assert event.changes["反映人姓名"] == ["李**", "王**"]
    for text in ("李小梅", "13812345678", "江滨路一号二单元", "王大力", "13912340000", "山前路七号"):
        assert text not in f"{event.text}{event.changes}{event.reason}"


def test_what_was_not_given_stays(house: House) -> None:
    case = house.registered()
    house.do("update", demand="希望提前一日通知")
    assert (case.content, case.channel, case.nature) == ("约定上午抄表,下午才到", "来电", "抱怨")


def test_a_customer_who_has_two_cases_is_changed_in_the_one_that_was_opened(house: House) -> None:
    first = house.registered()
    house.registered()
    house.do("update", case=first, address="新址")
    assert first.complainant.address == "新址"


@pytest.mark.clause("P02-3.1")
@pytest.mark.parametrize("field", ["name", "phone", "address", "content"])
def test_the_data_of_acceptance_cannot_be_emptied_afterwards(house: House, field: str) -> None:
    case = house.registered()
    refusal = house.refusal("update", **{field: ""})
    assert [finding.field for finding in refusal.findings] == [field]
    assert case.complainant.phone == "13800000401"


@pytest.mark.clause("P02-1.2")
def test_the_nature_cannot_be_emptied_afterwards(house: House) -> None:
    case = house.registered()
    house.do("update", nature="", demand="希望提前一日通知")
    assert case.nature == "抱怨"


@pytest.mark.clause("P02-6.5")
def test_naming_the_handler_as_the_responsible_person_is_warned_of(house: House) -> None:
    house.registered()
    house.signed(handler="抄表班长甲")
    done = house.do("update", responsible_person="抄表班长甲")
    assert any("自己处理自己" in warning for warning in done.warnings)


@pytest.mark.parametrize("by", ["客户营业部负责人", "抄表班长甲", "公司领导", "审计员"])
def test_others_do_not_change_it(house: House, by: str) -> None:
    case = house.registered()
    house.refused("update", by=by, content="没有的事")
    assert case.content == "约定上午抄表,下午才到"


def test_a_closed_case_is_not_changed(house: House) -> None:
    house.registered()
    house.closed()
    assert "已结案" in house.refused("update", demand="再来一次")


@pytest.mark.clause("P02-15.1")
def test_an_archived_case_keeps_the_address_under_which_it_was_closed(house: House) -> None:
    archived = house.registered()
    house.closed()
    house.do("archive")
    now = house.registered(at="2026-05-20 09:00")
    house.do("update", at="2026-05-20 10:00", address="新址")
    assert (archived.complainant.address, now.complainant.address) == ("一号楼", "新址")
