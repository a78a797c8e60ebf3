"""A replay: what a draft would have made of past cases. It judges as they were judged, and touches none of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from models import Base, ProcedureVersion, Replay, ReplayDifference
from rules.procedure import shipped
from tests.support.cast import House, moment
from workflow import replay
from workflow.rehearsal_bulk import make_cases

NOW = "2026-06-30 12:00"
Change = Callable[[str], str]


def without(rule: str) -> Change:
    """The document less one rule."""

    def cut(text: str) -> str:
        head, tail = text.split(f'[[rule]]\nid = "{rule}"\n')
        return head + "[[rule]]" + tail.partition("[[rule]]")[2]

    return cut


def with_first(rule: str, before: str) -> Change:
    """The document with a rule put before that one."""
    return lambda text: text.replace(f'[[rule]]\nid = "{before}"', f'{rule}\n\n[[rule]]\nid = "{before}"')


def instead(old: str, new: str) -> Change:
    """The document with one text instead of another."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


WORSE = """[[rule]]
id = "grade-money"
stage = "grade"
when = { nature = "投诉", compensation_sought = "物质" }
then = "二级投诉"
because = "要钱"
cites = ["P02-5.2"]"""
GRUMBLE = """[[rule]]
id = "nature-money"
stage = "nature"
when = { compensation_sought = "物质" }
then = "抱怨"
because = "要钱不算投诉"
cites = ["P02-4.1"]"""


def drafted(house: House, *changes: Change, text: str = "") -> ProcedureVersion:
    """A draft of the next version."""
    text = text or shipped()["P02"]
    for change in changes:
        text = change(text)
    number = (house.session.scalar(select(func.max(ProcedureVersion.number))) or 0) + 1
    draft = ProcedureVersion(
        code="P02",
        number=number,
        title="草稿",
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        state="草稿",
        created_at=moment(NOW),
    )
    house.session.add(draft)
    house.session.flush()
    return draft


def replayed(house: House, draft: ProcedureVersion, size: int = 2, **period: Any) -> Replay:
    """The whole replay, batch by batch."""
    row: Replay = house.do("start_replay", by="系统管理员", at=NOW, draft=draft.id, **period).result
    while replay.advance(house.session, row.id, moment(NOW), size):
        pass
    house.session.refresh(row)
    return row


def differences(house: House, row: Replay) -> list[tuple[str, str, str]]:
    """Kind, old and new of each difference, in the order of the cases."""
    query = select(ReplayDifference).where(ReplayDifference.replay_id == row.id).order_by(ReplayDifference.id)
    return [(each.kind, each.old_outcome, each.new_outcome) for each in house.session.scalars(query)]


def test_the_same_text_makes_no_difference(house: House) -> None:
    house.registered()
    house.complaint(channel="公司领导转办")
    house.do("update", by="人事甲", impact="一定不良")
    house.do("change_grade", by="人事甲", grade="一级投诉", reason="影响恶劣")
    house.closed(house.registered(content="另一件"))
    row = replayed(house, drafted(house))
    assert (row.state, row.total, row.done, row.summary) == ("完成", 3, 3, {})
    assert differences(house, row) == []


def test_a_worse_grade_and_why_stand_beside_the_old_one(house: House) -> None:
    case = house.complaint()
    row = replayed(house, drafted(house, with_first(WORSE, "grade-1-media")))
    assert row.summary == {"级别升高": 1}
    (found,) = house.session.scalars(select(ReplayDifference))
    assert (found.complaint_id, found.old_outcome, found.new_outcome) == (case.id, "三级投诉", "二级投诉")
    assert (found.old["rule_id"], found.new["rule_id"], found.at) == ("grade-3", "grade-money", case.accepted_at)
    assert found.old["near_misses"], "the old decision is the recorded one, whole"


def test_a_milder_grade_is_told_as_such(house: House) -> None:
    house.complaint(channel="公司领导转办")
    row = replayed(house, drafted(house, without("grade-2-leader-provisional")))
    assert differences(house, row) == [("级别降低", "二级投诉", "三级投诉")]


def test_another_nature_leads_to_another_grade_and_another_department(house: House) -> None:
    house.complaint()
    row = replayed(house, drafted(house, with_first(GRUMBLE, "nature-compensation")))
    assert differences(house, row) == [
        ("性质不同", "投诉", "抱怨"),
        ("级别降低", "三级投诉", ""),
        ("去向不同", "人力资源行政部", "客户服务中心"),
    ]


def test_two_rows_that_hold_at_once_are_told_instead_of_guessed(house: House) -> None:
    house.complaint()
    unique = instead("[vocabulary]\n", '[stages]\ngrade = "unique"\n\n[vocabulary]\n')
    row = replayed(house, drafted(house, unique, with_first(WORSE, "grade-1-media")))
    (found,) = house.session.scalars(select(ReplayDifference))
    assert (found.kind, found.old_outcome, found.new) == ("规则冲突", "三级投诉", {"clash": "grade-money、grade-3"})
    assert row.state == "完成"


def test_what_a_person_decided_stands_in_the_replay_too(house: House) -> None:
    house.complaint()
    house.do("change_grade", by="人事甲", grade="一级投诉", reason="影响恶劣")
    row = replayed(house, drafted(house, with_first(WORSE, "grade-1-media")))
    assert row.summary == {}


def test_what_the_draft_made_of_a_case_is_what_it_sees_later(house: House) -> None:
    house.complaint()
    house.do("update", by="人事甲", category="其他")
    row = replayed(house, drafted(house, with_first(WORSE, "grade-1-media")))
    assert differences(house, row) == [("级别升高", "三级投诉", "二级投诉")]


def test_a_case_that_goes_elsewhere_is_told_with_both_departments(house: House) -> None:
    house.complaint()
    to = instead(
        'stage = "route"\nwhen = { nature = "投诉" }\nthen = { department = "人力资源行政部" }',
        'stage = "route"\nwhen = { nature = "投诉" }\nthen = { department = "安全技术部" }',
    )
    row = replayed(house, drafted(house, to))
    assert differences(house, row) == [("去向不同", "人力资源行政部", "安全技术部")]


def test_only_cases_accepted_in_the_period_count(house: House) -> None:
    house.complaint(at="2026-05-13 15:10")
    house.complaint(at="2026-06-13 15:10")
    draft = drafted(house, with_first(WORSE, "grade-1-media"))
    assert replayed(house, draft, since="2026-06-01").summary == {"级别升高": 1}
    assert replayed(house, draft, until="2026-05-13").total == 1
    assert replayed(house, draft).total == 2


def rows_of(house: House) -> dict[str, list[Any]]:
    """Every row of every table but the replay's own."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in ("replay", "replay_difference")]
    return {table.name: [tuple(row) for row in house.session.execute(select(table))] for table in tables}


def test_a_replay_writes_nothing_but_its_own_rows(house: House) -> None:
    house.complaint(channel="公司领导转办")
    house.closed(house.registered(content="另一件"))
    draft = drafted(house, without("grade-2-leader-provisional"))
    row = house.do("start_replay", by="系统管理员", at=NOW, draft=draft.id).result
    house.session.expire_all()
    before = rows_of(house)
    assert replay.advance(house.session, row.id, moment(NOW), 1)
    assert not replay.advance(house.session, row.id, moment(NOW), 5)
    house.session.expire_all()
    assert rows_of(house) == before
    assert house.session.scalar(select(func.count(ReplayDifference.id))) > 0


def test_a_stopped_replay_keeps_what_it_found_and_goes_no_further(house: House) -> None:
    house.complaint()
    house.complaint(content="另一件")
    draft = drafted(house, with_first(WORSE, "grade-1-media"))
    row = house.do("start_replay", by="系统管理员", at=NOW, draft=draft.id).result
    assert replay.advance(house.session, row.id, moment(NOW), 1)
    step = replay.look(house.session, row.id, 1)
    assert step is not None
    house.do("stop_replay", by="系统管理员", at=NOW, replay=row.id)
    assert not replay.keep(house.session, step, moment(NOW)), (
        "a batch that was under way when it was stopped is dropped"
    )
    assert not replay.advance(house.session, row.id, moment(NOW), 1)
    house.session.refresh(row)
    assert (row.state, row.done, row.summary, len(differences(house, row))) == ("停止", 1, {"级别升高": 1}, 1)
    assert "已经结束" in house.refused("stop_replay", by="系统管理员", at=NOW, replay=row.id)


def test_of_two_workers_on_one_batch_one_counts(house: House) -> None:
    house.complaint()
    draft = drafted(house, with_first(WORSE, "grade-1-media"))
    row = house.do("start_replay", by="系统管理员", at=NOW, draft=draft.id).result
    steps = [replay.look(house.session, row.id, 1) for _ in range(2)]
    for step in steps:
        assert step is not None
        replay.keep(house.session, step, moment(NOW))
    house.session.refresh(row)
    assert (row.done, row.summary, len(differences(house, row))) == (1, {"级别升高": 1}, 1)


def test_a_draft_that_is_edited_meanwhile_ends_the_replay_with_that_reason(house: House) -> None:
    house.complaint()
    draft = drafted(house)
    row = house.do("start_replay", by="系统管理员", at=NOW, draft=draft.id).result
    draft.text, draft.sha256 = without("grade-3")(draft.text), "another"
    house.session.flush()
    assert not replay.advance(house.session, row.id, moment(NOW), 1)
    house.session.refresh(row)
    assert row.state == "失败"
    assert "改过" in row.error


def test_a_draft_with_a_fault_is_not_replayed_and_the_fault_is_named(house: House) -> None:
    draft = drafted(house, instead('then = "三级投诉"', 'then = { gread = "三级投诉" }'))
    assert "grade-3" in house.refused("start_replay", by="系统管理员", at=NOW, draft=draft.id)


def test_the_same_question_twice_is_one_replay_and_a_new_text_stops_the_old_one(house: House) -> None:
    house.complaint()
    draft = drafted(house)
    first = house.do("start_replay", by="系统管理员", at=NOW, draft=draft.id).result
    assert house.do("start_replay", by="系统管理员", at=NOW, draft=draft.id).result is first
    draft.text, draft.sha256 = without("grade-3")(draft.text), "another"
    second = house.do("start_replay", by="系统管理员", at=NOW, draft=draft.id).result
    house.session.refresh(first)
    assert (second is first, first.state, second.state) == (False, "停止", "排队")


def test_a_period_that_ends_before_it_begins_is_no_period(house: House) -> None:
    draft = drafted(house)
    given = {"draft": draft.id, "since": "2026-05-14", "until": "2026-05-13"}
    assert "早于结束" in house.refused("start_replay", by="系统管理员", at=NOW, **given)
    assert house.session.scalar(select(func.count(Replay.id))) == 0


def test_the_same_question_a_minute_later_is_another_because_more_has_come_in(house: House) -> None:
    draft = drafted(house)
    first = house.do("start_replay", by="系统管理员", at=NOW, draft=draft.id).result
    later = house.do("start_replay", by="系统管理员", at="2026-06-30 12:01", draft=draft.id).result
    house.session.refresh(first)
    assert (first.state, later.state) == ("停止", "排队")


def test_two_people_share_one_replay_unless_it_could_tell_of_a_single_case(house: House) -> None:
    first = house.do("start_replay", by="系统管理员", at=NOW, draft=drafted(house).id).result
    given = {"by": "客户营业部负责人", "at": NOW}
    assert house.do("start_replay", draft=first.draft_id, **given).result is first
    about = with_first(WORSE.replace('nature = "投诉"', 'nature = "投诉", name = "客户一"'), "grade-1-media")
    mine = house.do("start_replay", by="系统管理员", at=NOW, draft=drafted(house, about).id).result
    assert house.do("start_replay", draft=mine.draft_id, **given).result is not mine


def test_who_neither_writes_nor_reviews_procedures_starts_no_replay(house: House) -> None:
    draft = drafted(house)
    assert house.refused("start_replay", by="客服甲", at=NOW, draft=draft.id)
    assert house.do("start_replay", by="客户营业部负责人", at=NOW, draft=draft.id).result.state == "排队"


IMPORTED = {
    "nature": "投诉",
    "channel": "来电",
    "compensation_sought": "物质",
    "content": "旧系统的一件",
    "name": "客户",
    "complained_department": "工程维修部",
}


def test_a_case_without_kept_facts_is_replayed_with_what_is_known_now_and_counted(house: House) -> None:
    make_cases(house.session, "P02", [{"received_at": "2026-05-03 10:00", "with": IMPORTED}], {})
    row = replayed(house, drafted(house, with_first(WORSE, "grade-1-media")))
    assert row.summary == {"没有当时的事实": 1, "级别升高": 1}
    assert differences(house, row) == [("级别升高", "三级投诉", "二级投诉")]


SETTLING = "工程结算"
AMOUNT = 'name = "工程结算"\namount = 15'


def settled(house: House, done: str) -> None:
    """A case whose 工程结算 ran from the 6th of May (fifteen workdays: due on the 26th) and was done then."""
    house.signed(house.registered())
    house.do("start_clock", at="2026-05-13 16:00", name=SETTLING, trigger_at="2026-05-06 10:00")
    if done:
        house.do("communicate", at=done, kind=SETTLING, way="电话", text="已结算")


def outcome(house: House, *changes: Change) -> list[tuple[str, str, str]]:
    return differences(house, replayed(house, drafted(house, *changes)))


def test_a_clock_that_was_met_in_time_would_have_been_late_by_a_shorter_limit(house: House) -> None:
    settled(house, done="2026-05-25 10:00")
    assert outcome(house, instead(AMOUNT, AMOUNT.replace("15", "5"))) == [
        ("会超期", "工程结算 2026-05-26 18:00:00", "工程结算 2026-05-12 18:00:00")
    ]


def test_a_clock_that_was_late_would_have_been_in_time_by_a_longer_limit(house: House) -> None:
    settled(house, done="2026-05-29 10:00")
    assert [kind for kind, _, _ in outcome(house, instead(AMOUNT, AMOUNT.replace("15", "20")))] == ["不再超期"]


def test_a_due_instant_that_only_moves_is_told_as_earlier_or_later(house: House) -> None:
    settled(house, done="2026-05-14 10:00")
    assert [kind for kind, _, _ in outcome(house, instead(AMOUNT, AMOUNT.replace("15", "14")))] == ["截止更早"]
    assert [kind for kind, _, _ in outcome(house, instead(AMOUNT, AMOUNT.replace("15", "16")))] == ["截止更晚"]


def test_a_running_clock_is_late_as_of_the_moment_of_asking(house: House) -> None:
    settled(house, done="")
    assert [kind for kind, _, _ in outcome(house, instead(AMOUNT, AMOUNT.replace("15", "60")))] == ["不再超期"]


def test_another_reminder_moves_no_deadline(house: House) -> None:
    settled(house, done="2026-05-25 10:00")
    assert outcome(house, instead('overdue_to = ["承办部门负责人", "调查处理人"]', 'overdue_to = ["调查处理人"]')) == []


def test_the_steps_that_lead_to_the_new_due_instant_stand_beside_it(house: House) -> None:
    settled(house, done="2026-05-25 10:00")
    replayed(house, drafted(house, instead(AMOUNT, AMOUNT.replace("15", "5"))))
    (found,) = house.session.scalars(select(ReplayDifference))
    (clock,) = found.new["clocks"]
    assert (clock["late"], clock["steps"][0]) == (True, "2026-05-06 10:00:00 起算,5个工作日")
