"""The calendar page: two years at a glance, what is provisional, and what a change moves before it moves."""

from sqlalchemy import select

from models import CalendarVersion, Clock


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
