"""A believable month of a gas utility under the first procedure, lived through the verbs alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import click
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from config import Settings
from jobs import duties, first_start, runner, sweep
from jobs.demo import house
from jobs.demo.diary import Diary
from jobs.demo.hours import Hours
from jobs.demo.plans import CASES, plans
from jobs.demo.stories import Story
from models import Complaint, migrations
from rules.worktime import official

MONTH = timedelta(days=31)
SEED = 20260214


class Inhabited(click.ClickException):
    """The database has cases already; a demo would mix invented ones among them."""


def fill(engine: Engine, settings: Settings, now: datetime, count: int = CASES) -> Iterator[str]:
    """Live the month that ends now; yields the logins to try and how to look at it."""
    now = now.replace(microsecond=0)
    migrations.upgrade(engine)
    sessions = runner.sessions(engine)
    diary, administrator = move_in(sessions, settings, now)
    yield f"正在写入 {now - MONTH:%Y-%m-%d} 至 {now:%Y-%m-%d} 的 {count} 件投诉,约需一两分钟……"
    live(diary, count)
    for job in (sweep.JOB, duties.JOB):
        runner.run_job(sessions, job, now)
    yield "可以登录试用:"
    with runner.unit_of_work(sessions) as diary.session:
        for office, username, password in house.logins(diary):
            yield f"  {office}:登录名 {username},密码 {password}"
    if administrator:
        yield f"设置页另有系统管理员:登录名 {first_start.USERNAME},一次性密码 {administrator}"
    yield f"运行:{how_to_run(settings)}"


def move_in(sessions: sessionmaker[Session], settings: Settings, now: datetime) -> tuple[Diary, str | None]:
    """The house before the first case, and the administrator's password; refuses where there are cases."""
    diary = Diary(sessions, settings.files, now)
    with runner.unit_of_work(sessions) as diary.session:
        if diary.session.scalar(select(Complaint.id).limit(1)) is not None:
            raise Inhabited(
                "这个数据库里已有投诉,示例不与它们混在一起。解决办法:换一个 DATABASE_URL,或删除 instance/demo.db。"
            )
        diary.at = now - MONTH
        password = first_start.prepare(diary.session, diary.at)
        house.move_in(diary)
    return diary, password


def live(diary: Diary, count: int) -> None:
    """Every case and everything beside the cases, from the month's first day until now."""
    start, chance = diary.now - MONTH, Random(SEED)  # noqa: S311 - a story, not a secret
    hours = Hours(chance, official())
    for plan in plans(chance, hours.calls(start + timedelta(hours=2), diary.now, count), diary.now):
        diary.add(Story(diary, hours, chance, plan).told())
    diary.add(house.duties(diary, start))
    diary.add(house.inspections(diary, hours, chance, start))
    diary.add(house.months(diary, hours, start))
    diary.add(house.circulars(diary, hours, start))
    diary.run()


def how_to_run(settings: Settings) -> str:
    """The command that serves this database; an address that may hold a password is not repeated."""
    if not settings.database_url:
        return "make run"
    sqlite = settings.database_url.startswith("sqlite")
    return f"make run DATABASE_URL={settings.database_url if sqlite else '(同上)'}"
