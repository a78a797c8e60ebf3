"""The calendar page: two years at a glance, what is provisional, and what a change moves before it moves."""

import re

from sqlalchemy import select

from models import CalendarVersion, Clock
from rules.procedure import shipped
from workflow import procedures
from workflow.access import SYSTEM


def test_the_administrator_sees_rest_days_and_a_provisional_year(office):
    page = office.client("管理员").get("/calendar/").get_data(as_text=True)
    assert page.count('class="month"') == 24
    assert "暂算" in page
    assert 'class="rest"' in page


def test_a_change_is_told_of_before_it_is_kept(office):
    case = office.case()
    at = office.now.strftime("%Y-%m-%d %H:%M")
    office.do("start_clock", case, name="工程结算", trigger_at=at)
    due = office.one(select(Clock)).due_at
    admin, day = office.client("管理员"), f"{due.astimezone():%Y-%m-%d}"
    answer = admin.post("/do/set_calendar", data={"day": day, "what": "休息", "name": "检修"})
    assert "工程结算" in answer.get_data(as_text=True)
    assert office.count(CalendarVersion) == 0


def test_procedures_that_count_days_differently_are_shown_each_by_its_own_calendar(office):
    with office.session() as session:
        every_day = shipped()["P01"].replace('calendar = "CN"', 'calendar = "每天"')
        procedures.put_in_force(session, every_day, actor=SYSTEM, now=office.now)
    page = office.client("管理员").get("/calendar/").get_data(as_text=True)
    titles = [procedures.compiled(shipped()[code], 1).title for code in ("P01", "P02")]
    assert page.count('class="month"') == 48
    shown = re.findall(r"<summary>\d{4} · ([^<·]+)", page)
    assert [words.strip() for words in shown] == [title for title in titles for _year in range(2)]


def test_procedures_that_count_alike_are_shown_once(five):
    assert five.client("管理员").get("/calendar/").get_data(as_text=True).count('class="month"') == 24
