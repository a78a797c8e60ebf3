"""The figure beside a row of the editor, and the list behind it."""

from datetime import timedelta

import pytest

from rules.procedure import build
from rules.unary import TestFault
from tests.support.cast import moment
from tests.support.many_cases import DOCUMENT
from workflow import matching, procedures

NOW = moment("2026-05-20 09:00")


@pytest.fixture
def row(house):
    """Asks of a row, as somebody: the figure."""

    def ask(when, by="公司领导", now=NOW, document=None, **options):
        procedure = document or procedures.in_force(house.session, now)
        return matching.matches(house.session, procedure, when, actor=house.actor(by), now=now, **options)

    return ask


def listed(house, when, by):
    procedure = procedures.in_force(house.session, NOW)
    return matching.matching_ids(house.session, procedure, when, actor=house.actor(by), now=NOW)


def test_a_row_counts_the_cases_for_which_it_holds(house, row):
    house.registered()
    house.complaint()
    house.complaint(channel="公司领导转办")
    assert row({}).number == 3
    assert row({"nature": "投诉"}).number == 2
    assert row({"nature": "投诉", "to_leader": True, "impact": "missing"}).number == 1
    assert row({"handling_department": "工程维修部"}).number == 0


def test_only_cases_of_the_last_twelve_months_count(house, row):
    house.registered(at="2026-05-20 09:00")
    assert row({}, now=moment("2027-05-20 09:00")).number == 1
    assert row({}, now=moment("2027-05-20 09:01")).number == 0
    assert row({}, now=moment("2027-05-20 09:01"), months=13).number == 1
    assert row({}, now=moment("2026-05-20 08:59")).number == 0


def test_cases_of_another_procedure_do_not_count(house, row):
    house.registered()
    assert row({}, document=build(DOCUMENT)).number == 0


def test_the_list_shows_what_the_person_may_see_and_the_newest_first(house, row):
    first = house.registered(complained_department="工程维修部", at="2026-05-13 15:10")
    second = house.registered(complained_department="客户营业部", at="2026-05-13 15:20")
    assert row({}, by="工程维修部负责人").number == 2
    assert listed(house, {}, "工程维修部负责人") == [first.id]
    assert listed(house, {}, "公司领导") == [second.id, first.id]
    procedure, actor = procedures.in_force(house.session, NOW), house.actor("工程维修部负责人")
    assert matching.visible(house.session, procedure, {}, actor=actor, now=NOW) == 1


@pytest.mark.parametrize(
    ("fact", "hit", "miss"),
    [
        ("phone", "13800000000", "13911112222"),
        ("name", "王女士", "李先生"),
        ("complained_person", "营业甲", "客服甲"),
        ("content", ["态度差", "拖延"], "别的"),
        ("received_at", ">= 2026-05-13", ">= 2026-05-14"),
    ],
)
def test_whoever_may_edit_finds_out_by_no_guess_who_complained_of_whom(house, row, fact, hit, miss):
    given = {"name": "王女士", "phone": "13800000000", "complained_person": "营业甲", "content": "态度差"}
    house.registered(complained_department="客户营业部", at="2026-05-13 15:10", **given)
    found, other = row({fact: hit}, by="工程维修部负责人"), row({fact: miss}, by="工程维修部负责人")
    assert [(each.number, each.own) for each in (found, other)] == [(0, True), (0, True)]
    found, other = row({fact: hit}), row({fact: miss})
    assert [(each.number, each.own) for each in (found, other)] == [(1, False), (0, False)]


def test_that_something_is_filled_in_may_be_counted_over_all(house, row):
    house.registered(complained_department="客户营业部", complained_person="营业甲")
    found = row({"complained_person": "given", "name": "missing"}, by="工程维修部负责人")
    assert found.own is False


def test_facts_of_a_deed_are_left_out_and_named(house, row):
    house.registered()
    found = row({"verb": "close", "argument.close_reason": "解决", "nature": "抱怨"})
    assert (found.number, found.uncounted) == (1, ("verb", "argument.close_reason"))


def test_a_cell_that_is_no_test_is_a_fault(house, row):
    with pytest.raises(TestFault):
        row({"nature": ">= 甲"})


def test_where_other_cases_are_counted_only_the_newest_cases_are_looked_at(house, row, monkeypatch):
    monkeypatch.setattr(matching, "LOOKED_AT", 2)
    document = procedures.in_force(house.session, NOW)
    again = {"key": "again", "label": "再次", "same": ["name", "phone"], "within": "180天"}
    document = type(document).model_validate({**document.model_dump(by_alias=True), "count": [again]})
    start = moment("2026-05-13 15:10")
    for number in range(4):
        house.registered(at=f"{start + timedelta(days=number):%Y-%m-%d %H:%M}")
    found = row({"again": ">= 1"}, document=document)
    assert (found.number, found.capped, found.since) == (2, True, start + timedelta(days=1))
    whole = row({"again": ">= 1", "nature": "投诉"}, document=document)
    assert (whole.number, whole.capped) == (0, False)


@pytest.mark.parametrize(
    ("now", "months", "then"),
    [
        ("2026-05-20 09:00", 12, "2025-05-20 09:00"),
        ("2026-03-31 00:00", 1, "2026-02-28 00:00"),
        ("2026-12-31 23:00", 12, "2025-12-31 23:00"),
        ("2026-01-15 08:00", 1, "2025-12-15 08:00"),
    ],
)
def test_months_go_back_to_the_same_day_number(now, months, then):
    assert matching.months_before(moment(now), months) == moment(then)


def above(house, when, *rows, by="系统管理员"):
    procedure, actor = procedures.in_force(house.session, NOW), house.actor(by)
    return matching.decided_above(house.session, procedure, when, rows, actor=actor, now=NOW)


def test_of_the_cases_that_match_those_that_a_row_above_decides_are_told(house):
    house.registered(channel="来电", parties_count=3)
    house.registered(channel="来访", parties_count=3, content="二")
    house.registered(channel="来电", parties_count=1, content="三")
    crowd = {"parties_count": ">= 3"}
    assert above(house, crowd) == 0
    assert above(house, crowd, {"channel": "来访"}) == 1
    assert above(house, crowd, {"channel": "来访"}, {"channel": "来电"}) == 2
    assert above(house, crowd, {"parties_count": 1}) == 0


def test_a_row_above_that_no_stored_case_answers_or_that_could_tell_of_one_is_left_out(house):
    house.registered(complained_department="客户营业部", name="王女士")
    assert above(house, {}, {"verb": "register"}) == 0
    assert above(house, {}, {"name": "王女士"}) == 1
    assert above(house, {}, {"name": "王女士"}, by="工程维修部负责人") == 0


def test_rows_are_asked_in_turn_only_where_the_first_that_holds_decides(house):
    procedure = procedures.in_force(house.session, NOW)
    asked = [row.id for row in procedure.tables["grade"].asked]
    assert len(procedure.above(asked[2])) == 2
    assert procedure.above(asked[0]) == procedure.above("no-such-rule") == []
    collecting = next(row.id for row in procedure.rules if row.stage == "require")
    assert procedure.above(collecting) == []
