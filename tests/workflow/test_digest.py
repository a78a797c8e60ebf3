"""每日汇总: who wishes it is told once a day; what is gathered is shown nowhere else, and nothing twice."""

from __future__ import annotations

from sqlalchemy import select

from models import Notice
from tests.support.cast import House, moment, shanghai
from workflow import digests

HEAD = "客户营业部负责人"


def late_order(house: House) -> None:
    """An order of a department whose head wishes a summary, swept after its due instant."""
    house.do("wish_digest", by=HEAD, case=None, digest=True)
    house.registered(at="2026-06-08 09:00")
    house.ordered(limit_days=1, at="2026-06-08 09:00")
    house.sweep("2026-06-10 00:05")


def shown(house: House, at: str) -> list[Notice]:
    """The notices to the head that have reached him."""
    query = select(Notice).where(digests.delivered(moment(at)), Notice.to_staff_id == house.person(HEAD).id)
    return list(house.session.scalars(query.order_by(Notice.id)))


def summed_up(house: House, at: str) -> int:
    """How many summaries go out at that moment."""
    found = digests.due(house.session, moment(at))
    for whose in found:
        digests.send_one(house.session, whose, moment(at))
    return len(found)


def test_gathered_notices_are_not_shown_one_by_one(house: House) -> None:
    late_order(house)
    gathered = [notice for notice in house.notices() if notice.recipient == HEAD]
    assert len(gathered) >= 2
    assert {shanghai(notice.deliver_at) for notice in gathered} >= {"2026-06-10 09:00:00"}
    assert shown(house, "2026-06-10 12:00") == []


def test_one_summary_a_day_tells_all_of_them_once(house: House) -> None:
    late_order(house)
    assert summed_up(house, "2026-06-10 08:59") <= 1
    before = len(shown(house, "2026-06-10 09:00"))
    assert summed_up(house, "2026-06-10 09:00") == 1
    assert summed_up(house, "2026-06-10 09:10") == 0
    found = shown(house, "2026-06-10 09:10")[before:]
    assert [notice.event for notice in found] == ["每日汇总"]
    assert "超期 1 条" in found[0].text


def test_who_wishes_no_summary_is_told_at_once(house: House) -> None:
    late_order(house)
    investigator = [notice for notice in house.notices("超期") if notice.recipient != HEAD]
    assert [(notice.digest, notice.deliver_at) for notice in investigator] == [(False, None)]
