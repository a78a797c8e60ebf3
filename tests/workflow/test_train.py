"""培训: kept with those who took part; it prolongs their qualification, and the rules warn of a handler without one."""

from __future__ import annotations

from datetime import date

import pytest

from models import Training
from tests.support.cast import House

COURSE = {
    "topic": "沟通",
    "kind": "投诉处理",
    "on": "2026-03-20",
    "valid_until": "2026-12-31",
    "trainers": ["外请讲师"],
}
ADMIN = "系统管理员"


@pytest.fixture
def taught(service: House) -> House:
    """服务乙 was trained until the end of the year, 服务甲 never."""
    service.do("train", by=ADMIN, **COURSE, attendees=["服务乙", "服务乙"])
    return service


def test_it_is_kept_with_each_person_once(taught: House) -> None:
    training = taught.session.query(Training).one()
    assert ([str(one) for one in training.attendance], training.trainers) == (["服务乙"], ["外请讲师"])
    assert taught.person("服务乙").training_valid_until == date(2026, 12, 31)


def test_an_older_training_does_not_shorten_what_a_later_one_gave(taught: House) -> None:
    taught.do("train", by=ADMIN, **{**COURSE, "valid_until": "2026-06-30"}, attendees=["服务乙"])
    assert taught.person("服务乙").training_valid_until == date(2026, 12, 31)


def test_a_name_that_nobody_bears_is_named(taught: House) -> None:
    assert "没有“无此人”这个人" in taught.refused("train", by=ADMIN, **COURSE, attendees=["服务甲", "无此人"])
    assert taught.session.query(Training).count() == 1


def test_days_must_make_sense(taught: House) -> None:
    refused = taught.refused("train", by=ADMIN, **{**COURSE, "on": "2026-12-01"}, attendees=["服务甲"])
    assert "不能晚于今天" in refused
    refused = taught.refused("train", by=ADMIN, **{**COURSE, "valid_until": "2026-03-01"}, attendees=["服务甲"])
    assert "早于培训日期" in refused


def _handler(house: House, name: str, at: str) -> tuple[str, ...]:
    house.registered(by="服务甲", at=at, without="compensation_sought", complained_department=None)
    return house.do("update", by="服务甲", at=at, handler=name).warnings


def test_a_handler_without_training_is_warned_of_and_one_with_is_not(taught: House) -> None:
    assert "未见服务甲的培训记录" in _handler(taught, "服务甲", "2026-05-13 15:10")
    assert _handler(taught, "服务乙", "2026-05-13 15:10") == ()


def test_it_counts_until_its_last_day(taught: House) -> None:
    assert _handler(taught, "服务乙", "2026-12-31 23:00") == ()
    assert "未见服务乙的培训记录" in _handler(taught, "服务乙", "2027-01-01 00:30")
