"""Letters leave one by one, each once while its sender lives; what cannot leave waits, and is given up in the end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import config
from jobs import mailer, runner, scheduler
from models import Letter, Notice, Staff
from tests.support import cast, commands
from tests.support import sink as sinks
from tests.support.databases import Database
from tests.support.sink import Sink
from tests.support.waiting import PATIENCE
from workflow import letters, notices, procedures
from workflow.access import SYSTEM
from workflow.act import Act
from workflow.arguments import SHANGHAI

NOON = datetime(2026, 5, 13, 12, tzinfo=SHANGHAI)
WHERE = "chu@example.com"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with sinks.listening() as running:
        yield running


@pytest.fixture
def settings(sink: Sink, tmp_path: Path) -> config.Settings:
    """An installation that sends to the sink."""
    return config.load(sink.environ, tmp_path / "instance")


def queued(
    database: Database, *, count: int = 1, text: str = "TS-20260513-0001 派给营业部", event: str = "派单"
) -> list[int]:
    """So many letters that may leave at noon."""
    with runner.unit_of_work(database.sessions) as session:
        person = Staff(name="褚某", email=WHERE)
        found = []
        for number in range(count):
            notice = Notice(event=event, text=text, key=str(number), created_at=NOON, to_staff=person)
            values = {"address": WHERE, "text": text, "since": NOON, "next_at": NOON}
            found.append(Letter(notice=notice, to_staff=person, **values))
        session.add_all(found)
        session.flush()
        return [letter.id for letter in found]


def run(database: Database, settings: config.Settings, at: datetime = NOON) -> int:
    """How many letters a run of the mailer sends."""
    done = runner.run_job(database.sessions, mailer.job(settings), at)
    assert (done.error, done.parked) == ("", 0)
    return done.done


def letter_of(database: Database, key: int) -> Letter:
    with database.sessions() as session:
        return session.get_one(Letter, key)


def test_a_letter_leaves_once_and_says_where_to_go_on(database, settings, sink):
    (key,) = queued(database)
    assert run(database, settings, NOON - timedelta(seconds=1)) == 0
    assert run(database, settings) == 1
    assert run(database, settings, NOON + timedelta(hours=1)) == 0
    (arrived,) = sink.letters
    assert sink.envelopes == [["mail FROM:<duban@example.com>", f"rcpt TO:<{WHERE}>"]]
    assert (arrived["From"], arrived["To"]) == ("督办台 <duban@example.com>", WHERE)
    assert arrived["Subject"] == "[督办台] 派单"
    assert arrived["Auto-Submitted"] == "auto-generated"
    lines = arrived.get_content().splitlines()[::2]
    notice = letter_of(database, key).notice_id
    assert lines[:2] == ["TS-20260513-0001 派给营业部", f"https://duban.example.com/notices/details/?id={notice}"]
    kept = letter_of(database, key)
    assert (kept.state, kept.attempts, kept.error, kept.sent_at) == ("已发", 1, "", NOON)


def test_a_run_sends_all_that_wait(database, settings, sink):
    queued(database, count=letters.AT_ONCE + 3)
    assert run(database, settings) == letters.AT_ONCE + 3
    assert len({arrived["Message-ID"] for arrived in sink.letters}) == letters.AT_ONCE + 3


def test_without_a_server_letters_wait_and_after_three_days_they_are_given_up(database, settings):
    (key,) = queued(database)
    silent = replace(settings, mail_server="")
    assert runner.nothing_to_do(database.sessions, mailer.job(silent), NOON + timedelta(days=2))
    assert letter_of(database, key).state == "待发"
    run(database, silent, NOON + timedelta(days=3))
    given_up = letter_of(database, key)
    assert (given_up.state, given_up.error, given_up.attempts) == ("未发出", letters.Why.OLD, 0)


def test_a_server_that_is_set_up_late_sends_no_flood_of_old_letters(database, settings, sink):
    (old,) = queued(database)
    assert run(database, settings, NOON + timedelta(days=4)) == 0
    assert (sink.letters, letter_of(database, old).state) == ([], "未发出")


@pytest.mark.parametrize(
    ("answers", "state", "reason"),
    [
        ({"RCPT": "550 no such mailbox"}, "未发出", "邮件服务器不收这个地址:550 no such mailbox"),
        ({"RCPT": "450 try later"}, "待发", "邮件服务器不收这个地址:450 try later"),
        ({"text": "554 looks like spam"}, "未发出", "邮件服务器不收这封邮件:554 looks like spam"),
        ({"text": "451 busy"}, "待发", "邮件服务器不收这封邮件:451 busy"),
        ({"MAIL": "553 not yours"}, "待发", "邮件服务器不接受发件人:553 not yours"),
        ({"greeting": "421 closed today"}, "待发", "邮件服务器不接受:421 closed today"),
        ({"RCPT": "550 \x1b[31mred\x00 ink"}, "未发出", "邮件服务器不收这个地址:550 [31mred ink"),
    ],
)
def test_what_the_server_says_is_kept_and_only_a_refusal_of_this_letter_ends_it(
    database, settings, sink, answers, state, reason
):
    (key,) = queued(database)
    sink.answers = answers
    assert run(database, settings) == 0
    kept = letter_of(database, key)
    assert (kept.state, kept.error) == (state, reason)
    assert (kept.next_at is None) == (state == "未发出")


def test_a_letter_that_fails_is_tried_again_after_waits_that_double_up_to_a_day(database, settings, sink):
    (key,) = queued(database)
    sink.answers = {"RCPT": "450 try later"}
    waits, at = [], NOON
    while at < NOON + letters.KEPT:
        run(database, settings, at)
        due = letter_of(database, key).next_at
        waits.append((due - at).total_seconds() / 60)
        at = due
    assert waits[:11] == [2.0**n for n in range(11)]
    assert max(waits) == 24 * 60
    run(database, settings, at)
    given_up = letter_of(database, key)
    assert (given_up.state, given_up.error) == ("未发出", f"{letters.Why.OLD}:邮件服务器不收这个地址:450 try later")


def test_a_server_that_cannot_be_reached_is_asked_for_one_letter_only(database, settings, monkeypatch):
    keys = queued(database, count=5)
    asked = []
    job = mailer.job(replace(settings, mail_port=9))  # where nobody listens
    deliver = mailer.deliver
    monkeypatch.setattr(mailer, "deliver", lambda *given: (asked.append(1), deliver(*given)))
    runner.run_job(database.sessions, job, NOON)
    assert len(asked) == 1
    assert [letter_of(database, key).attempts for key in keys] == [1, 0, 0, 0, 0]
    assert letter_of(database, keys[0]).error.startswith("连不上邮件服务器")
    assert runner.nothing_to_do(database.sessions, job, NOON + timedelta(minutes=1))


def test_a_run_takes_no_letter_that_it_could_still_hold_when_its_lease_is_over(database, settings, sink, monkeypatch):
    queued(database, count=3)
    clock = iter(range(0, 10_000, mailer.RUN // 2))
    monkeypatch.setattr(mailer, "monotonic", lambda: next(clock))
    assert run(database, settings) < 3
    answers = 11  # greeting, EHLO twice, STARTTLS, login twice, MAIL, RCPT, DATA, the text, QUIT
    assert timedelta(seconds=mailer.RUN + answers * mailer.PATIENCE) < letters.LEASE


def test_of_many_who_reach_for_a_letter_at_once_one_has_it_until_the_lease_is_over(database, settings, sink):
    (key,) = queued(database)
    start = threading.Barrier(4)

    def reach(_number: int) -> bool:
        start.wait()
        with runner.unit_of_work(database.sessions) as session:
            return letters.take(session, key, NOON) is not None

    with ThreadPoolExecutor(4) as hands:
        assert sorted(hands.map(reach, range(4))) == [False, False, False, True]
    assert run(database, settings, NOON + letters.LEASE - timedelta(seconds=1)) == 0
    assert sink.letters == []


def test_senders_that_look_at_the_same_moment_share_the_letters(database, settings, sink):
    queued(database, count=12)
    taken = []

    def other() -> None:
        """The other process works through the outbox while the first one waits for the server's word."""
        sink.taken = lambda: None
        taken.append(run(database, settings))

    sink.taken = other
    assert run(database, settings) == 1
    assert taken == [11]
    assert len({arrived["Message-ID"] for arrived in sink.letters}) == len(sink.letters) == 12


def test_a_sender_killed_after_the_server_took_it_sends_it_again_with_the_same_name(database, sink, tmp_path):
    (key,) = queued(database)
    words = ("jobs", "run", "mailer", "--now")
    killed = commands.start(database, tmp_path, *words, NOON.isoformat(), **sink.environ)
    sink.taken = killed.kill
    killed.communicate(timeout=PATIENCE)
    assert (killed.returncode, len(sink.letters), letter_of(database, key).state) == (-signal.SIGKILL, 1, "待发")
    sink.taken = lambda: None
    for late in (letters.LEASE - timedelta(seconds=1), letters.LEASE):
        assert commands.run(database, tmp_path, *words, (NOON + late).isoformat(), **sink.environ)[0] == 0
    first, second = sink.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert letter_of(database, key).state == "已发"


def test_a_sender_who_comes_too_late_does_not_undo_what_the_next_one_did(database, settings, sink):
    (key,) = queued(database)
    with runner.unit_of_work(database.sessions) as session:
        slow = letters.take(session, key, NOON)
    assert run(database, settings, NOON + letters.LEASE) == 1
    with runner.unit_of_work(database.sessions) as session:
        letters.failed(session, slow, NOON, "连不上邮件服务器", for_good=True)
    assert letter_of(database, key).state == "已发"


@pytest.mark.parametrize("event", ["派单\r\nBcc: a@b.cn", "派单\nX-Evil: 1", "升级\x0b\u2028Bcc: a@b.cn"])
def test_a_kind_of_notice_cannot_add_a_head_line(database, settings, sink, event):
    queued(database, event=event, text="a\r\n.\r\nRCPT TO:<all@example.com>")
    assert run(database, settings) == 1
    (arrived,) = sink.letters
    assert {"Bcc", "X-Evil"} & {*arrived.keys()} == set()
    assert "\n" not in arrived["Subject"]
    assert len(sink.envelopes[0]) == 2
    assert "RCPT TO:<all@example.com>" in arrived.get_content()


def test_a_long_subject_is_folded_and_arrives_whole(database, settings, sink):
    event = "很长的通知" * 4
    queued(database, event=event)
    run(database, settings)
    assert sink.letters[0]["Subject"] == f"[督办台] {event}"


@pytest.mark.parametrize(("active", "email"), [(False, WHERE), (True, ""), (True, "nobody")])
def test_nothing_goes_to_somebody_who_left_while_it_waited(database, settings, sink, active, email):
    (key,) = queued(database)
    with runner.unit_of_work(database.sessions) as session:
        person = session.get_one(Letter, key).to_staff
        person.active, person.email = active, email
    assert run(database, settings) == 0
    kept = letter_of(database, key)
    assert (sink.letters, kept.state, kept.error, kept.attempts) == ([], "未发出", letters.Why.NOBODY, 0)


def test_a_letter_that_waited_goes_to_the_address_that_is_known_now(database, settings, sink):
    (key,) = queued(database)
    with runner.unit_of_work(database.sessions) as session:
        session.get_one(Letter, key).to_staff.email = " neu@example.com "
    assert run(database, settings) == 1
    assert (sink.letters[0]["To"], letter_of(database, key).address) == ("neu@example.com", "neu@example.com")


def test_whoever_is_accused_while_a_letter_of_his_department_waits_does_not_get_it(database, settings, sink):
    with runner.unit_of_work(database.sessions) as session:
        cast.furnish(session)
        house = cast.House(session)
        house.person("客户营业部负责人").email = WHERE
        case = house.registered(at="2026-05-13 11:00")
        act = Act(session, "update", case, SYSTEM, NOON, procedures.of(session, case, NOON))
        for recipient in (house.department("客户营业部"), house.person("客户营业部负责人")):
            notices.send(act, recipient, "派单", "请处理", by_mail=True)
        case.complained_staff = house.person("客户营业部负责人")
    assert run(database, settings) == 1
    with database.sessions() as session:
        his, own = session.scalars(select(Letter).order_by(Letter.id))
        assert (his.error, own.state) == (letters.Why.ACCUSED, "已发")


def test_the_name_of_a_letter_is_another_when_its_number_comes_again(database, settings):
    (key,) = queued(database)
    with database.sessions() as session:
        names, letter = set(), session.get_one(Letter, key)
        for since in (NOON, NOON, NOON + timedelta(seconds=1)):
            letter.since = since
            names.add(mailer.message(settings, letter)["Message-ID"])
    assert len(names) == 2


def test_the_mailer_looks_every_half_minute_and_leaves_no_row_when_there_is_nothing(database, settings):
    job, _trigger = scheduler.jobs(settings)["mailer"]
    assert job.often
    assert runner.nothing_to_do(database.sessions, job, NOON)


def test_a_trial_letter_says_what_becomes_of_it(settings, sink, at):
    said = list(mailer.trial(settings, "wo@example.com", at("2026-05-13 12:00")))
    assert "已经收下" in said[-1]
    assert sink.letters[0]["To"] == "wo@example.com"


@pytest.mark.parametrize(
    ("changed", "address", "reason"),
    [
        ({"mail_server": ""}, WHERE, "没有设置 mail_server"),
        ({}, "a@b.c\nBcc: d@e.f", "不是电子邮件地址"),
        ({"mail_port": 9}, WHERE, "连不上邮件服务器"),
        ({"mail_security": "starttls"}, WHERE, "不支持所设的加密或登录方式"),
        ({"mail_security": "ssl"}, WHERE, "加密连接失败"),
        ({"mail_user": "duban", "mail_password": "x"}, WHERE, "不支持所设的加密或登录方式"),
    ],
)
def test_a_trial_letter_that_does_not_leave_says_why(settings, at, changed, address, reason):
    with pytest.raises(mailer.Undelivered, match=reason):
        list(mailer.trial(replace(settings, **changed), address, at("2026-05-13 12:00")))


def test_the_password_is_in_no_reason(database, settings, sink):
    queued(database)
    sink.answers = {"EHLO": "250-sink\r\n250 AUTH PLAIN", "AUTH": "535 wrong"}
    run(database, replace(settings, mail_user="duban", mail_password="geheim-77"))
    with database.sessions() as session:
        (kept,) = session.scalars(select(Letter))
        assert kept.error == "邮件服务器拒绝登录:535 wrong"


def test_the_subject_names_the_case_and_nobody(database, settings, sink):
    with runner.unit_of_work(database.sessions) as session:
        cast.furnish(session)
        house = cast.House(session)
        house.person("客服乙").email = WHERE
        house.do("wish_digest", by="客服乙", case=None, mail=True)
        case = house.registered(name="欧阳美丽", at="2026-05-13 11:00")
        act = Act(session, "update", case, SYSTEM, NOON, procedures.of(session, case, NOON))
        notices.send(act, house.person("客服乙"), "升级", "欧阳美丽来电,升为一级投诉")
        number = case.case_no
    assert run(database, settings) == 1
    assert sink.letters[0]["Subject"] == f"[督办台] 升级 {number}"
    assert "欧阳美丽" not in sink.letters[0].get_content()
    assert "升为一级投诉" in sink.letters[0].get_content()


def test_the_command_sends_a_trial_letter_and_ends_with_one_when_it_does_not_leave(database, sink, tmp_path):
    good = commands.run(database, tmp_path, "mail", "wo@example.com", **sink.environ)
    assert (good[0], len(sink.letters)) == (0, 1)
    assert "已经收下" in good[1]
    sink.answers = {"RCPT": "550 nobody here"}
    code, said = commands.run(database, tmp_path, "mail", "wo@example.com", **sink.environ)
    assert (code, "邮件服务器不收这个地址:550 nobody here" in said, "Traceback" in said) == (1, True, False)
