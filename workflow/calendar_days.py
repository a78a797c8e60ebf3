"""工作日历: days on which the organisation works or rests otherwise than the official calendar says (G-02, G-03)."""

from __future__ import annotations

from sqlalchemy import select

from models import CalendarDay
from workflow.act import Act
from workflow.arguments import Argument
from workflow.errors import Refused
from workflow.registry import verb

REST, WORK, OFFICIAL = "休息", "上班", "按国家日历"


@verb(
    "set_calendar",
    label="登记工作日历",
    group="设置",
    needs_case=False,
    guard="never",
    who=("系统管理员",),
    arguments=(
        Argument("day", "日期", "date", required=True),
        Argument("what", "这一天", "choice", options=(REST, WORK, OFFICIAL), required=True),
        Argument("name", "名称", "text", longest=40, help="如 公司成立日、防汛值班"),
    ),
)
def set_calendar(act: Act) -> None:
    """A day works or rests otherwise; clocks started from now on count by it. 按国家日历 takes the entry away."""
    day, what = act.arguments["day"], act.arguments["what"]
    found = act.session.scalar(select(CalendarDay).where(CalendarDay.day == day))
    if what == OFFICIAL:
        if found is None:
            raise Refused("{day} 没有另外登记过", field="day", day=day)
        act.session.delete(found)
    else:
        found = found or CalendarDay(day=day)
        found.is_workday, found.name = what == WORK, act.given("name", "")
        act.session.add(found)
    act.say(f"{day} {what} {act.given('name', '')}".strip())
    act.result = found
