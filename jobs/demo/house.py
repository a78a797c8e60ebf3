"""What the house does beside its cases: people and departments, inspections, circulars, reports, substitutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from jobs.demo import cast
from jobs.demo.diary import Diary
from jobs.demo.hours import ZONE, Hours
from models import Department, Staff
from workflow import passwords

ADMINISTRATOR = "系统管理员"
ITEMS = ("仪容仪表", "服务用语", "工单时效", "回访记录", "收费凭证", "用气安全告知")
OFTEN = ("合格", "合格", "合格", "基本合格", "不合格")


def move_in(diary: Diary) -> None:
    """Departments, people, offices and roles."""
    diary.staff[ADMINISTRATOR] = diary.session.scalars(select(Staff.id).where(Staff.username == "admin")).one()
    diary.do("save_department", ADMINISTRATOR, name=cast.NEW_DEPARTMENT, kind="市场")
    for number, person in enumerate(cast.CAST, 1):
        made = diary.do(
            "save_staff", ADMINISTRATOR, name=person.name, username=person.username, department=person.department,
            staff_no=f"RQ{number:03d}", phone=f"1380000{9000 + number}", roles=list(person.roles),
        )  # fmt: skip
        diary.staff[person.name] = made.result.id
    for person in cast.CAST:
        if person.office:
            _appoint(diary, person)


def _appoint(diary: Diary, person: cast.Person) -> None:
    department = diary.session.scalars(select(Department).where(Department.name == person.department)).one()
    office: dict[str, Any] = {person.office: str(diary.staff[person.name])}
    diary.do("save_department", ADMINISTRATOR, id=str(department.id), name=department.name, **office)


def logins(diary: Diary) -> Iterator[tuple[str, str, str]]:
    """Office, login name and password of those who are to be tried; nobody has to change it first."""
    diary.at = diary.now
    for office, name in cast.TO_TRY:
        person = diary.session.get_one(Staff, diary.staff[name])
        first = diary.do("set_password", ADMINISTRATOR, id=str(person.id)).result
        chosen = passwords.random_password()
        diary.do("change_password", name, old=first, new=chosen)
        yield office, person.username or "", chosen


def days(start: datetime, now: datetime) -> Iterator[datetime]:
    """Each day between, at 09:05."""
    day = start.astimezone(ZONE).date()
    while (moment := datetime.combine(day, time(9, 5), ZONE).astimezone(UTC)) <= now:
        if moment > start:
            yield moment
        day += timedelta(days=1)


def duties(diary: Diary, start: datetime) -> Iterator[datetime]:
    """The machine reminds of what is owed each month."""
    for moment in days(start, diary.now):
        yield moment
        diary.remind()


def inspections(diary: Diary, hours: Hours, chance: Random, start: datetime) -> Iterator[datetime]:
    """One look at one department every two or three days."""
    visited = [name for name in dict.fromkeys(person.department for person in cast.CAST) if name != cast.LEADERS]
    for number, moment in enumerate(days(start, diary.now)):
        if number % 2:
            continue
        yield hours.after(moment, 0.5, 6)
        items = [{"item": item, "result": chance.choice(OFTEN), "note": ""} for item in chance.sample(ITEMS, 4)]
        for item in items:
            item["note"] = "现场已指出，三日内改正" if item["result"] == "不合格" else ""
        kind = "月度服务质量检查" if number % 4 == 0 else "日常督查"
        who = chance.choice(cast.CLERKS)
        diary.do(
            "inspect",
            who,
            kind=kind,
            department=visited[number // 2 % len(visited)],
            items=items,
            standard="服务质量考核标准",
        )


def months(diary: Diary, hours: Hours, start: datetime) -> Iterator[datetime]:
    """Early in the month: the circular and the figures of the month before."""
    for moment in days(start, diary.now):
        local = moment.astimezone(ZONE)
        if local.day != 3:
            continue
        yield hours.after(moment, 1, 6)
        month = (local.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
        everybody = [
            name for name in dict.fromkeys(person.department for person in cast.CAST) if name not in cast.CREWS
        ]
        diary.do(
            "circulate", "许文静", kind="月度服务质量检查通报", period=month, departments=everybody,
            text=f"{month} 服务质量检查情况通报",
            praise="营业厅老年专窗服务规范，客户来信表扬。", criticism="个别维修单超期未反馈，请有关部门整改。",
        )  # fmt: skip
        yield hours.after(diary.at, 1, 5)
        diary.do(
            "report",
            "许文静",
            kind="月分析",
            period=month,
            summary="投诉集中在上门服务的准时与告知，下月重点抽查预约执行。",
        )


def circulars(diary: Diary, hours: Hours, start: datetime) -> Iterator[datetime]:
    """Praise and criticism between the months, and a head who is away for three days."""
    yield hours.after(start + timedelta(days=6), 1, 4)
    month = diary.at.astimezone(ZONE).strftime("%Y-%m")
    diary.do(
        "circulate",
        "沈亦凡",
        kind="通报表扬",
        period=month,
        departments=["客户营业部"],
        praise="换表班罗成雨夜为客户恢复供气，受到来电表扬。",
    )
    yield hours.after(start + timedelta(days=13), 1, 4)
    away = diary.at + timedelta(days=1)
    diary.do(
        "substitute", "方正", substitute="孟凡", starts_at=away, ends_at=away + timedelta(days=3), reason="外出培训"
    )
    yield hours.after(start + timedelta(days=20), 1, 4)
    month = diary.at.astimezone(ZONE).strftime("%Y-%m")
    diary.do(
        "circulate",
        "秦岚",
        kind="通报批评",
        period=month,
        departments=["工程维修部"],
        criticism="一起维修投诉未按时签收督办处理单。",
    )
