"""The ladder of a limit: what comes when, once in a cycle, also after a night without sweep, and in its window."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import ValidationError

from rules.clocks import Entry, EntryKind, Limit, Reading, read
from rules.delivery import deliver_at, digest_at
from rules.ladder import Fired, planned, upcoming
from rules.rungs import Rung
from rules.time_rows import LimitRow
from rules.vocabulary import RungDeed, Unit
from tests.unit.rules.shared import at, calendar, p02, said

START = Entry(EntryKind.START, at("2026-07-21 10:10"))
NEVER = at("2027-12-31 00:00")


def rung(where: str, do: RungDeed = RungDeed.ESCALATE, **more) -> Rung:
    return Rung(id="one", at=where, do=do, **more)


def plan(where: str, limit: Limit, start: str, *entries: Entry, **more) -> str | None:
    reading = read((Entry(EntryKind.START, at(start)), *entries), limit, calendar())
    return said(planned(rung(where, **more), limit, reading, calendar()).at)


def climbed(limit: Limit, reading: Reading, times: list[str]) -> list[tuple[str, str, int, int]]:
    """What is done when the sweep comes at these times, each thing that is due until none is left."""
    fired: list[Fired] = []
    done = []
    for moment in map(at, times):
        while (climb := upcoming(limit, reading, calendar(), fired, moment)) and climb.planned_at <= moment:
            fired.append(Fired(climb.rung.id, climb.nth, moment))
            done.append((said(moment)[5:16], str(climb.rung.do), climb.nth, climb.skipped))
    return done


# when -----------------------------------------------------------------------------------------------------------------

HOURS, DAYS, WORKDAYS = Limit("受理", 24, Unit.HOURS), Limit("办理", 2, Unit.DAYS), Limit("完成", 5, Unit.WORKDAYS)


@pytest.mark.clause("G-20")
@pytest.mark.parametrize(
    ("where", "limit", "start", "more", "expected"),
    [
        ("-20%", HOURS, "2026-07-21 10:00", {}, "2026-07-22 05:12:00"),
        ("-20%", Limit("方案", 48, Unit.HOURS), "2026-07-21 10:00", {}, "2026-07-23 00:24:00"),
        ("-20%", Limit("知会", 1, Unit.HOURS), "2026-07-21 10:00", {"at_least": "30分钟"}, "2026-07-21 10:30:00"),
        ("-20%", Limit("立即", 10, Unit.MINUTES), "2026-07-21 10:00", {"at_least": "30分钟"}, "2026-07-21 10:00:00"),
        # of 47 working hours 9.4 are left
        ("-20%", WORKDAYS, "2026-09-29 16:00", {}, "2026-10-10 17:36:00"),
        ("-20%", Limit("回复", 10, Unit.WORKING_HOURS), "2026-09-29 16:00", {}, "2026-09-30 15:00:00"),
        ("-30分钟", HOURS, "2026-07-21 10:00", {}, "2026-07-22 09:30:00"),
        ("-2工作日", WORKDAYS, "2026-09-29 16:00", {}, "2026-10-09 09:00:00"),
        ("-2工作日", DAYS, "2026-10-01 16:00", {}, "2026-10-01 16:00:00"),  # 09-29 lies before it began
        ("-2工作小时", Limit("办理", 7, Unit.DAYS), "2026-10-01 16:00", {}, "2026-10-08 16:00:00"),
        ("-3天", Limit("一个月", 1, Unit.MONTHS), "2026-01-31 10:00", {}, "2026-02-25 23:59:59"),
        ("+0", HOURS, "2026-07-21 10:00", {}, "2026-07-22 10:00:01"),
        ("+0", Limit("一个月", 1, Unit.MONTHS), "2026-01-31 10:00", {}, "2026-03-01 00:00:00"),
        ("+0", Limit("半月", 1, Unit.HALF_MONTHS), "2026-04-01 10:00", {}, "2026-04-17 00:00:00"),
        ("+24小时", HOURS, "2026-07-21 10:00", {}, "2026-07-23 10:00:00"),
        ("+3工作日", WORKDAYS, "2026-09-29 16:00", {}, "2026-10-15 18:00:00"),
        ("+2工作小时", HOURS, "2026-09-29 17:00", {}, "2026-10-08 10:00:00"),
    ],
)
def test_a_rung_stands_so_long_before_or_after_the_due_time(where, limit, start, more, expected):
    assert plan(where, limit, start, **more) == expected


@pytest.mark.clause("G-20", "G-12")
def test_a_share_is_of_the_limit_and_not_of_the_time_that_it_stood_still():
    stood = (Entry(EntryKind.PAUSE, at("2026-07-21 12:00")), Entry(EntryKind.RESUME, at("2026-07-31 12:00")))
    assert plan("-20%", HOURS, "2026-07-21 10:00", *stood) == "2026-08-01 05:12:00"


# once in a cycle ------------------------------------------------------------------------------------------------------


@pytest.mark.clause("G-10", "G-20", "P02-10.2")
def test_the_usual_ladder_reminds_once_flags_once_and_urges_every_day():
    limit = p02().limit("办理").limit(2)  # due 07-23 23:59:59
    reading = read((START,), limit, calendar())
    sweeps = ["2026-07-23 12:00", "2026-07-23 23:59:59", "2026-07-24 00:00", "2026-07-24 00:05", "2026-07-24 23:55"]
    assert climbed(limit, reading, [*sweeps, "2026-07-25 00:00", "2026-07-26 00:00"]) == [
        ("07-23 12:00", "提醒", 1, 0),
        ("07-24 00:00", "超期", 1, 0),
        ("07-24 00:00", "催办", 1, 0),
        ("07-25 00:00", "催办", 2, 0),
        ("07-26 00:00", "催办", 3, 0),
    ]


@pytest.mark.clause("G-10")
def test_the_third_urging_goes_to_the_head_as_well():
    row = LimitRow(name="办理", amount=2, unit=Unit.DAYS, urge={"every": "24小时"}, urge_to=["承办人"])
    urging = row.limit().rungs[-1]
    assert [row.recipients(urging, nth) for nth in (1, 2, 3, 4)] == [
        ("承办人",),
        ("承办人",),
        ("承办人", "承办部门负责人"),
        ("承办人", "承办部门负责人"),
    ]


def test_a_rung_tells_whom_it_names_and_else_whom_the_limit_names():
    row = LimitRow(name="办理", amount=2, unit=Unit.DAYS, remind_to=["承办人"], overdue_to=["调查处理人"])
    reminder, flag = row.limit().rungs
    assert (row.recipients(reminder), row.recipients(flag)) == (("承办人",), ("调查处理人",))
    assert row.recipients(rung("+24小时", to=("role:公司领导",))) == ("role:公司领导",)


@pytest.mark.clause("G-10")
def test_after_days_without_sweep_each_rung_comes_once_and_says_how_late():
    limit = p02().limit("办理").limit(2)
    reading = read((START,), limit, calendar())
    now = at("2026-07-27 08:00")
    assert climbed(
        limit, reading, ["2026-07-27 08:00", "2026-07-27 08:05", "2026-07-28 07:59", "2026-07-28 08:00"]
    ) == [
        ("07-27 08:00", "超期", 1, 0),  # the reminder has lapsed
        ("07-27 08:00", "催办", 1, 3),
        ("07-28 08:00", "催办", 2, 0),
    ]
    climb = upcoming(limit, reading, calendar(), [], now)
    assert climb.late == now - at("2026-07-24 00:00")


@pytest.mark.clause("G-10")
def test_a_reminder_before_the_due_instant_lapses_with_it_and_one_after_it_never_does():
    before, after = rung("-12小时", RungDeed.REMIND), Rung(id="two", at="+24小时", do=RungDeed.REMIND)
    limit = Limit("办理", 2, Unit.DAYS, ladder=(before, after))
    reading = read((START,), limit, calendar())  # due 07-23 23:59:59
    reminded = [(when, nth) for when, do, nth, _ in climbed(limit, reading, ["2026-07-23 23:59:59"]) if do == "提醒"]
    assert reminded == [("07-23 23:59", 1)]
    late = [when for when, do, *_ in climbed(limit, reading, ["2026-07-24 00:00", "2026-07-27 08:00"]) if do == "提醒"]
    assert late == ["07-27 08:00"]


def test_what_repeats_so_many_times_ends_there():
    limit = Limit("办理", 2, Unit.DAYS, ladder=(rung("+0", RungDeed.URGE, every="1工作日", times=3),))
    reading = read((START,), limit, calendar())  # due on Thursday 07-23
    sweeps = [f"2026-07-{day} 09:00" for day in range(24, 32)]
    assert [time for time, do, *_ in climbed(limit, reading, sweeps) if do == "催办"] == [
        "07-24 09:00",
        "07-27 09:00",
        "07-28 09:00",
    ]


def test_what_escalates_again_and_again_from_before_the_due_instant_goes_on_after_it():
    again = rung("-12小时", every="24小时", times=3)
    limit = Limit("办理", 2, Unit.DAYS, ladder=(again,))  # due on 07-23 at 23:59:59
    sweeps = [f"2026-07-{day} 12:30" for day in range(23, 28)]
    found = climbed(limit, read((START,), limit, calendar()), sweeps)
    assert [when for when, do, *_ in found if do == str(RungDeed.ESCALATE)] == [
        "07-23 12:30",
        "07-24 12:30",
        "07-25 12:30",
    ]


def test_a_repetition_in_workdays_counts_what_it_skipped_in_workdays():
    limit = Limit("办理", 2, Unit.DAYS, ladder=(rung("+0", RungDeed.URGE, every="1工作日", times=0),))
    climb = upcoming(limit, read((START,), limit, calendar()), calendar(), [], at("2026-07-28 09:00"))
    assert (climb.rung.do, climb.skipped) == (RungDeed.URGE, 2)


@pytest.mark.clause("G-11", "G-12")
@pytest.mark.parametrize("ending", ["meet", "transfer", "cancel", "pause"])
def test_nothing_more_comes_once_it_ended_or_while_it_stands_still(ending):
    limit = p02().limit("办理").limit(2)
    reading = read((START, Entry(EntryKind(ending), at("2026-07-22 10:00"))), limit, calendar())
    assert upcoming(limit, reading, calendar(), [], at("2026-12-01 00:00")) is None


def test_a_new_cycle_climbs_the_ladder_anew():
    limit = p02().limit("办理").limit(2)
    met, again = Entry(EntryKind.MEET, at("2026-07-26 10:00")), Entry(EntryKind.REOPEN, at("2026-08-03 10:00"))
    reading = read((START, met, again), limit, calendar())
    assert [(when, do) for when, do, *_ in climbed(limit, reading, ["2026-08-05 23:00", "2026-08-06 00:00"])] == [
        ("08-05 23:00", "提醒"),
        ("08-06 00:00", "超期"),
        ("08-06 00:00", "催办"),
    ]


@pytest.mark.clause("G-12", "G-20")
def test_more_time_reminds_once_more_before_its_own_end():
    limit = p02().limit("办理").limit(2)
    granted = Entry(EntryKind.EXTEND, at("2026-07-23 18:00"), until=at("2026-07-28 23:59:59"))
    reading = read((START, granted), limit, calendar())
    before = [Fired("remind", 1, at("2026-07-23 12:00"))]
    climb = upcoming(limit, reading, calendar(), before, at("2026-07-23 18:00"))
    assert (climb.rung.id, climb.nth, said(climb.planned_at)[:10]) == ("remind", 2, "2026-07-27")
    after = [*before, Fired("remind", 2, climb.planned_at)]
    assert upcoming(limit, reading, calendar(), after, climb.planned_at).rung.do is RungDeed.FLAG


@pytest.mark.clause("G-12")
def test_a_flag_that_an_extension_asked_for_in_time_has_passed_is_set_again_when_it_is_late():
    limit = p02().limit("办理").limit(2)
    granted = Entry(
        EntryKind.EXTEND, at("2026-07-24 09:00"), until=at("2026-07-28 18:00"), asked_at=at("2026-07-23 20:00")
    )
    flagged = [Fired(name, 1, at("2026-07-24 00:05")) for name in ("overdue", "urge")]
    reading = read((START, granted), limit, calendar())
    climb = upcoming(limit, reading, calendar(), [*flagged, Fired("remind", 1, NEVER)], at("2026-07-28 18:00"))
    assert (climb.rung.do, climb.nth, said(climb.planned_at)) == (RungDeed.FLAG, 2, "2026-07-28 18:00:01")


@pytest.mark.clause("F-11", "F-37")
def test_a_month_that_does_not_stop_grades_while_the_case_stands_still():
    worse = rung("+0", RungDeed.REGRADE, grade="重大投诉", when={"unresolved_by": ["我方", "未定"]})
    limit = Limit("一个月", 1, Unit.MONTHS, pausable=False, ladder=(worse,))
    start, pause = Entry(EntryKind.START, at("2026-01-31 10:00")), Entry(EntryKind.PAUSE, at("2026-02-10 10:00"))
    reading = read((start, pause), limit, calendar())
    assert [(when, do) for when, do, *_ in climbed(limit, reading, ["2026-02-28 23:59:59", "2026-03-01 00:00"])] == [
        ("03-01 00:00", "定级"),
        ("03-01 00:00", "超期"),
    ]


LADDERS = some.lists(
    some.builds(
        lambda where, every, times: (where, every, times if every else 1),
        some.sampled_from(["-50%", "-20%", "-2工作日", "-30分钟", "+0", "+5小时", "+1工作日", "+2天"]),
        some.sampled_from(["", "6小时", "1工作日"]),
        some.integers(0, 3),
    ),
    min_size=1,
    max_size=4,
)


@given(LADDERS, some.lists(some.integers(0, 400), min_size=1, max_size=12), some.sampled_from([HOURS, DAYS, WORKDAYS]))
def test_whenever_the_sweep_comes_nothing_is_done_twice_and_nothing_once_due_is_left(rows, hours, limit):
    ladder = tuple(
        Rung(id=str(place), at=where, do=RungDeed.ESCALATE, every=every, times=times)
        for place, (where, every, times) in enumerate(rows)
    )
    limit = Limit(limit.name, limit.amount, limit.unit, ladder=ladder)
    reading = read((START,), limit, calendar())
    fired: list[Fired] = []
    for moment in sorted(START.at + timedelta(hours=hour) for hour in hours):
        count = len(fired)
        while (climb := upcoming(limit, reading, calendar(), fired, moment)) and climb.planned_at <= moment:
            fired.append(Fired(climb.rung.id, climb.nth, moment))
            assert len(fired) - count <= len(limit.rungs)
        for one in limit.rungs:
            times = [other for other in fired if other.rung == one.id]
            assert [other.nth for other in times] == list(range(1, len(times) + 1))
            assert one.times == 0 or len(times) <= one.times
            if planned(one, limit, reading, calendar()).at <= moment:
                assert times


# what cannot be climbed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        {"at": "20%"},
        {"at": "+20%"},
        {"at": "-120%"},
        {"at": "明天"},
        {"at": "-1个月"},
        {"at": "+0", "every": "半小时"},
        {"at": "+0", "every": "0小时"},
        {"at": "+0", "times": 3},
        {"at": "-20%", "at_least": "2工作日"},
        {"at": "+0", "do": "定级"},
        {"at": "+0", "grade": "重大投诉"},
        {"at": "-1天", "do": "超期"},
        {"at": "+0", "do": "超期", "every": "24小时", "times": 0},
        {"at": "+0", "do": "骂人"},
        {"at": "+0", "wer": ["x"]},
    ],
)
def test_a_rung_that_makes_no_sense_is_refused(row):
    with pytest.raises(ValidationError):
        Rung.model_validate({"id": "one", "do": "升级", **row})


def test_two_rungs_of_one_name_are_refused():
    with pytest.raises(ValidationError, match="同名"):
        LimitRow(name="办理", amount=2, unit=Unit.DAYS, ladder=[rung("+0"), rung("+24小时")])


# when it reaches people -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "window", "reached"),
    [
        ("2026-10-03 22:15", "", "2026-10-03 22:15:00"),
        ("2026-10-03 22:15", "08:00-20:00", "2026-10-04 08:00:00"),
        ("2026-10-03 22:15", "每天 08:00-20:00", "2026-10-04 08:00:00"),
        ("2026-10-03 22:15", "工作日 08:00-20:00", "2026-10-08 08:00:00"),
        ("2026-10-03 07:15", "08:00-20:00", "2026-10-03 08:00:00"),
        ("2026-10-03 12:00", "08:00-20:00", "2026-10-03 12:00:00"),
        ("2026-10-03 20:00", "08:00-20:00", "2026-10-04 08:00:00"),
        ("2026-10-10 12:00", "工作日 08:00-20:00", "2026-10-10 12:00:00"),
        ("2026-12-31 23:00", "工作日 00:00-24:00", "2026-12-31 23:00:00"),
        ("2026-10-03 07:15", "00:00-06:00", "2026-10-04 00:00:00"),
    ],
)
def test_a_notice_waits_for_its_window(instant, window, reached):
    assert said(deliver_at(at(instant), window, calendar())) == reached


@pytest.mark.parametrize(
    ("instant", "window", "reached"),
    [
        ("2026-10-03 08:15", "", "2026-10-03 09:00:00"),
        ("2026-10-03 09:00", "", "2026-10-03 09:00:00"),
        ("2026-10-03 09:00:01", "08:00-20:00", "2026-10-04 09:00:00"),
        ("2026-10-03 08:15", "工作日 08:00-20:00", "2026-10-08 09:00:00"),
    ],
)
def test_gathered_notices_go_out_at_their_hour(instant, window, reached):
    assert said(digest_at(at(instant), "09:00", window, calendar())) == reached
