"""Personal data is shown in full only to whoever works on the case."""

import pytest


@pytest.mark.parametrize("who", ["公司领导", "审计员", "系统管理员"])
def test_whoever_only_watches_reads_the_page_with_masked_contact_data(house, who):
    house.registered(name="李小梅", phone="13812345678", address="江滨路一号二单元")
    text = house.do("view", by=who).result
    assert "13812345678" not in text and "李小梅" not in text and "138****5678" in text


def test_whoever_works_on_the_case_reads_it_in_full(house):
    house.registered(name="李小梅", phone="13812345678", address="江滨路一号二单元")
    assert "李小梅 13812345678" in house.do("view", by="客服甲").result
