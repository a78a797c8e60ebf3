"""每日汇总: who wishes it is told once a day; what is gathered is shown nowhere else, and nothing twice."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models import Complaint, Letter, Notice
from tests.support.cast import House, employ, moment, shanghai
from workflow import digests, notices, procedures, reading
from workflow.access import SYSTEM
from workflow.act import Act

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


def gathered(house: House, case: Complaint, to: notices.Recipient) -> None:
    """A notice about this case that waits for the summary of whoever is told."""
    now = moment("2026-06-09 10:00")
    act = Act(house.session, "update", case, SYSTEM, now, procedures.of(house.session, case, now), digest=True)
    notices.send(act, to, "超期", f"{case.case_no} 超期")


def read_by(house: House, name: str, at: str) -> set[tuple[str, bool]]:
    """The kinds of notices of this person, each with whether it speaks of the case that accuses somebody."""
    mine = select(Notice).where(digests.delivered(moment(at)), reading.addressed_to(house.actor(name), Notice))
    return {(notice.event, "TS-20260608-0001" in notice.text) for notice in house.session.scalars(mine)}


@pytest.mark.parametrize("accused", ["抄表班长甲", "审计员"])
def test_what_accuses_a_reader_of_the_summary_stands_alone_where_it_is_kept_from_him(
    house: House, accused: str
) -> None:
    employ(house.session, "抄表班长乙", "抄表班", "承办人")
    place = house.department("抄表班")
    about_him = house.registered(at="2026-06-08 09:00", complained_person=accused)
    assert (about_him.case_no, about_him.complained_staff) == ("TS-20260608-0001", house.person(accused))
    for case in (about_him, house.registered(at="2026-06-08 09:05")):
        gathered(house, case, place)
    assert summed_up(house, "2026-06-10 09:00") >= 1
    assert summed_up(house, "2026-06-10 09:00") == 0
    assert read_by(house, "抄表班长乙", "2026-06-10 09:00") == {("每日汇总", False), ("超期", True)}
    hidden = {("每日汇总", False)} if accused == "抄表班长甲" else set()
    assert read_by(house, accused, "2026-06-10 09:00") == hidden


def test_what_accuses_somebody_who_does_not_read_it_stays_in_the_summary(house: House) -> None:
    case = house.registered(at="2026-06-08 09:00", complained_person="维修员甲")
    gathered(house, case, house.department("抄表班"))
    summed_up(house, "2026-06-10 09:00")
    assert read_by(house, "抄表班长甲", "2026-06-10 09:00") == {("每日汇总", True)}


def test_what_is_told_to_the_accused_himself_stays_in_his_own_summary(house: House) -> None:
    case = house.registered(at="2026-06-08 09:00", complained_person="抄表班长甲")
    gathered(house, case, house.person("抄表班长甲"))
    summed_up(house, "2026-06-10 09:00")
    assert read_by(house, "抄表班长甲", "2026-06-10 09:00") == {("每日汇总", True)}


def test_what_stands_alone_goes_by_mail_as_the_summary_would(house: House) -> None:
    house.person("抄表班长甲").email = "ban@example.com"
    house.do("wish_digest", by="抄表班长甲", case=None, digest=True, mail=True)
    case = house.registered(at="2026-06-08 09:00", complained_person="审计员")
    gathered(house, case, house.person("抄表班长甲"))
    summed_up(house, "2026-06-10 09:00")
    (letter,) = house.session.scalars(select(Letter))
    assert (letter.notice.event, letter.address, letter.notice.complaint) == ("超期", "ban@example.com", case)
