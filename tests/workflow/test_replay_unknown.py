"""What a replay cannot read off the records: clocks that only the draft has, facts that only the draft asks, and what
whoever wrote the draft is not to find out by it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from models import ReplayDifference
from rules.procedure import shipped
from tests.support.cast import House, moment
from tests.workflow.test_replay import NOW, Change, differences, drafted, replayed, with_first
from workflow import replay, replay_starts
from workflow.access import SYSTEM
from workflow.procedures import compiled, put_in_force

PROMISE = """[[limit]]
name = "答复"
amount = 2
unit = "自然小时"
starts = "register"
met = "communicate"
cancelled = ["void", "withdraw"]
because = "两小时内答复"
cites = ["P02-6.1"]

"""


def with_limit(text: str = PROMISE) -> Change:
    """The document with a limit that it did not have."""
    return lambda document: document.replace('[[limit]]\nname = "办理"', f'{text}[[limit]]\nname = "办理"')


def with_field(text: str) -> Change:
    """The document with a field that no case has yet."""
    return lambda document: document.replace("[[field]]", f"{text}\n[[field]]", 1)


def told(house: House, *changes: Change) -> list[tuple[str, str, str]]:
    return differences(house, replayed(house, drafted(house, *changes)))


def test_a_promise_that_only_the_draft_makes_would_have_been_late(house: House) -> None:
    house.registered(at="2026-05-13 15:10")
    house.do("communicate", at="2026-05-13 18:00", kind="进度", way="电话", text="已答复")
    assert told(house, with_limit()) == [("会超期", "", "答复 2026-05-13 17:10:00")]
    found = house.session.scalars(select(ReplayDifference)).one()
    assert (found.old, found.new["clocks"][0]["steps"][0]) == ({"clocks": [{}]}, "2026-05-13 15:10:00 起算,2个自然小时")


def test_a_promise_that_was_kept_in_time_is_no_difference(house: House) -> None:
    house.registered(at="2026-05-13 15:10")
    house.do("communicate", at="2026-05-13 17:00", kind="进度", way="电话", text="已答复")
    assert told(house, with_limit()) == []


def test_a_promise_that_nobody_kept_is_late_as_of_the_moment_of_asking(house: House) -> None:
    house.registered(at="2026-05-13 15:10")
    assert [kind for kind, *_ in told(house, with_limit())] == ["会超期"]


def test_what_ended_before_it_was_due_was_not_late(house: House) -> None:
    house.registered(at="2026-05-13 15:10")
    house.do("void", by="系统管理员", at="2026-05-13 16:00", reason="重复登记")
    assert told(house, with_limit()) == []


def test_only_a_talk_of_that_kind_keeps_the_promise(house: House) -> None:
    house.registered(at="2026-05-13 15:10")
    house.do("communicate", at="2026-05-13 15:30", kind="安抚", way="电话", text="请稍候")
    limit = PROMISE.replace('met = "communicate"', 'met = "communicate:进度"')
    assert [kind for kind, *_ in told(house, with_limit(limit))] == ["会超期"]
    house.do("communicate", at="2026-05-13 16:30", kind="进度", way="电话", text="已答复")
    assert told(house, with_limit(limit)) == []


def test_it_starts_only_where_its_tests_hold_as_the_draft_judges(house: House) -> None:
    house.complaint(at="2026-05-13 15:10")
    grave = PROMISE.replace('cites = ["P02-6.1"]', 'cites = ["P02-6.1"]\nwhen = { grade = "二级投诉" }')
    assert told(house, with_limit(grave)) == []
    worse = """[[rule]]
id = "grade-worse"
stage = "grade"
when = { nature = "投诉" }
then = "二级投诉"
because = "从严"
cites = ["P02-5.2"]"""
    kinds = [kind for kind, *_ in told(house, with_limit(grave), with_first(worse, "grade-1-media"))]
    assert kinds == ["级别升高", "会超期"]


def test_the_time_that_a_case_stood_still_does_not_count(house: House) -> None:
    house.signed(house.registered(at="2026-05-13 15:10"))
    house.do("pause", by=house.investigator(), at="2026-05-13 16:30", reason="等待外部单位")
    house.do("resume", by=house.investigator(), at="2026-05-14 09:00")
    limit = PROMISE.replace("amount = 2", "amount = 20").replace('met = "communicate"', 'met = "submit_correction"')
    row = replayed(house, drafted(house, with_limit(limit)))
    found = house.session.scalars(select(ReplayDifference).where(ReplayDifference.replay_id == row.id)).one()
    assert any("恢复" in step for step in found.new["clocks"][0]["steps"])


def test_a_limit_that_no_record_tells_the_beginning_of_is_named(house: House) -> None:
    by_hand = PROMISE.replace('starts = "register"', 'starts = "start_clock"')
    of_a_stint = PROMISE.replace('name = "答复"', 'name = "承办"').replace("amount = 2", 'per = "承办"\namount = 2')
    drafts = [drafted(house, with_limit(text)) for text in (PROMISE, by_hand, of_a_stint)]
    old, *new = [compiled(draft.text, draft.number) for draft in (drafted(house), *drafts)]
    assert [replay_starts.uncounted(old, document) for document in new] == [[], ["答复"], ["承办"]]


DEPOSIT = """[[field]]
key = "deposit"
label = "押金"
type = "number"
"""


def asking(test: str) -> Change:
    return with_first(
        f"""[[rule]]
id = "grade-deposit"
stage = "grade"
when = {{ nature = "投诉", {test} }}
then = "一级投诉"
because = "押金"
cites = ["P02-5.2"]""",
        "grade-1-media",
    )


@pytest.mark.parametrize("test", ["deposit = '>= 100'", "deposit = 'missing'", "deposit = 'not 5'"])
def test_what_only_the_draft_asks_changes_no_case_of_which_it_was_not_kept(house: House, test: str) -> None:
    house.complaint()
    house.complaint(content="另一件")
    row = replayed(house, drafted(house, with_field(DEPOSIT), asking(test)), size=1)
    assert (row.summary, row.unkept) == ({}, {"deposit": 2})


def test_a_fact_that_was_read_only_where_it_was_asked_for_counts_as_not_kept(house: House) -> None:
    house.complaint()
    row = replayed(house, drafted(house, asking("late_clocks = 'missing'")))
    assert (row.summary, row.unkept) == ({}, {"late_clocks": 1})


def test_what_was_kept_needs_no_word(house: House) -> None:
    house.complaint()
    row = replayed(house, drafted(house, asking("place = 'missing'")))
    assert (row.summary, row.unkept) == ({"级别升高": 1}, {})


GUESSES: dict[str, Change] = {
    "a row about a name": asking("name = '王女士'"),
    "a row about a number": asking("phone = '13800000000'"),
    "a row about the accused": asking("complained_person = '营业甲'"),
    "a field that bears the fact's name": lambda text: asking("name = '王女士'")(
        with_field('[[field]]\nkey = "name"\nlabel = "姓名"\ntype = "choice"\nvalues = ["王女士", "李先生"]\n')(text)
    ),
    "a preset that carries it over": lambda text: asking("impact = '王女士'")(
        with_first(
            """[[rule]]
id = "preset-name"
stage = "preset"
when = {}
then = { impact = "{name}" }
because = "带过来"
cites = ["P02-5.2"]""",
            "grade-1-media",
        )(text)
    ),
}


def asked_by(house: House, who: str, *changes: Change) -> Any:
    row = house.do("start_replay", by=who, at=NOW, draft=drafted(house, *changes).id).result
    while replay.advance(house.session, row.id, moment(NOW), 5):
        pass
    house.session.refresh(row)
    return row


@pytest.mark.parametrize("guess", GUESSES)
def test_no_replay_tells_whoever_writes_a_draft_who_complained_of_whom(house: House, guess: str) -> None:
    given = {"name": "王女士", "phone": "13800000000", "complained_person": "营业甲"}
    house.registered(complained_department="客户营业部", **given)
    row = asked_by(house, "工程维修部负责人", GUESSES[guess])
    assert (row.telling, row.total, row.summary) == (True, 0, {})
    everybody = asked_by(house, "公司领导", GUESSES[guess])
    assert (everybody.telling, everybody.total) == (True, 1)


def test_a_draft_that_asks_nothing_of_the_kind_counts_every_case(house: House) -> None:
    house.registered(complained_department="客户营业部")
    row = asked_by(house, "工程维修部负责人", asking("complained_person = 'given'"))
    assert (row.telling, row.total) == (False, 1)


def test_taking_a_row_about_one_person_out_tells_of_him_too(house: House) -> None:
    plain = shipped()["P02"]
    put_in_force(house.session, asking("name = '王女士'")(plain), actor=SYSTEM, now=moment("2026-05-01 09:00"))
    assert asked_by(house, "工程维修部负责人").telling is True


def test_a_draft_gives_nobody_the_right_to_replay_it(house: House) -> None:
    mine = drafted(
        house, lambda text: text.replace('title = "', 'editors = ["受理人"]\nreviewers = ["受理人"]\ntitle = "', 1)
    )
    assert house.refused("start_replay", by="客服甲", at=NOW, draft=mine.id)
    running = house.do("start_replay", by="系统管理员", at=NOW, draft=mine.id).result
    assert house.refused("stop_replay", by="客服甲", at=NOW, replay=running.id)
    assert house.refused("submit_procedure", by="客服甲", at=NOW, draft=mine.id, reason="我要", unreplayed="不")
    assert house.refused(
        "edit_procedure", by="客服甲", at=NOW, draft=mine.id, section="vocabulary", kind="改", value={}
    )
