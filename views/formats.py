"""How values look: instants, days, spans, states, names, and what is masked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import g
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup as Markup
from markupsafe import escape

from models import Department, Role
from views.said import said
from workflow.masking import masked_address as masked_address
from workflow.masking import masked_name as masked_name
from workflow.masking import masked_phone as masked_phone

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = {
    "zh": ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}
TONES = {
    "late": {"超期", "退回整改", "不满意", "未通过", "无效", "驳回", "超期完成", "不合格"},
    "soon": {"今日到期", "将生效", "待确认", "待审批", "待审", "待检查", "待验证", "待复查", "重新处理", "无法联系"},
    "paused": {"挂起", "暂停"},
    "done": {
        "已结案",
        "已归档",
        "已关闭",
        "按期完成",
        "效果确认通过",
        "通过",
        "同意",
        "满意",
        "基本满意",
        "有效",
        "关闭",
        "已执行",
        "合格",
        "在用",
        "已完成",
    },
    "void": {
        *("已撤诉", "已作废", "已转出", "不予受理", "取消", "停用", "弃用", "曾用", "撤回"),
        *("已取消", "已退回", "未完成"),
    },
}


def tone(value: object) -> str:
    """The colour class of a state word."""
    text = str(value)
    return next((name for name, words in TONES.items() if text in words), "open")


def term(value: object) -> Markup | str:
    """A term of the procedure in the language of the request, with the tone of its meaning."""
    text = str(value or "")
    if not text:
        return ""
    kind = tone(text)
    return str(said(text)) if kind == "open" else Markup('<span class="state {}">{}</span>').format(kind, said(text))


def local(value: datetime) -> datetime:
    """The instant on the clock on the wall."""
    return value.astimezone(SHANGHAI)


def weekday(value: date) -> str:
    """周一, or Mon."""
    return WEEKDAYS["en" if str(get_locale()) == "en" else "zh"][value.weekday()]


def short_instant(value: datetime) -> str:
    """``10-12 周一 18:00``, with the year when it is not this one."""
    shown = local(value)
    day = f"{shown:%m-%d}" if shown.year == local(g.now).year else f"{shown:%Y-%m-%d}"
    return f"{day} {weekday(shown)} {shown:%H:%M}"


def full_instant(value: datetime) -> str:
    """Everything there is to know about the instant."""
    shown = local(value)
    return f"{shown:%Y-%m-%d} {weekday(shown)} {shown:%H:%M:%S} {_('北京时间')}"


def short_day(value: date) -> str:
    """``10-12 周一``, with the year when it is not this one."""
    day = f"{value:%m-%d}" if value.year == local(g.now).year else value.isoformat()
    return f"{day} {weekday(value)}"


def money(amount: Decimal | None) -> str:
    """An amount of money: 80.00 元."""
    return "" if amount is None else str(_("%(amount)s 元", amount=f"{amount:.2f}"))


def span(value: timedelta) -> str:
    """A length of time in its two largest units: 6 小时 20 分."""
    minutes = max(int(value.total_seconds()) // 60, 0)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return " ".join(part for part in (_days(days), _hours(hours) if hours else "") if part)
    if hours:
        return " ".join(part for part in (_hours(hours), _minutes(minutes) if minutes else "") if part)
    return _minutes(minutes)


def exactly(value: timedelta) -> str:
    """A length of time with all its units, as somebody wrote it down: 1 天 2 小时 30 分."""
    minutes, seconds = divmod(max(int(value.total_seconds()), 0), 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    told = (_days(days) if days else "", _hours(hours) if hours else "", _minutes(minutes) if minutes else "")
    last = str(_("%(n)s 秒", n=seconds)) if seconds or not any(told) else ""
    return " ".join(filter(None, (*told, last)))


def hours(value: timedelta) -> str:
    """A length of working time, which has no days: 47 小时 10 分."""
    count, minutes = divmod(max(int(value.total_seconds()) // 60, 0), 60)
    return " ".join(
        part for part in (_hours(count) if count else "", _minutes(minutes) if minutes or not count else "") if part
    )


def _days(count: int) -> str:
    return str(ngettext("%(num)d 天", "%(num)d 天", count))


def _hours(count: int) -> str:
    return str(ngettext("%(num)d 小时", "%(num)d 小时", count))


def _minutes(count: int) -> str:
    return str(ngettext("%(num)d 分", "%(num)d 分", count))


def time_tag(value: datetime) -> Markup:
    """The short instant; the full one on hover."""
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        value.isoformat(), full_instant(value), short_instant(value)
    )


def named(value: Any) -> Any:
    """A department or role under its name in the language of the request; everything else as it is."""
    return _(value.name) if isinstance(value, Department | Role) else value


def shown(value: Any) -> Markup | str:
    """Any value of a row, as text for a cell."""
    match value:
        case None | "":
            return ""
        case Markup():
            return value
        case bool():
            return _("是") if value else _("否")
        case datetime():
            return time_tag(value)
        case date():
            return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), short_day(value))
        case str():
            return value
        case list() | tuple() | set():
            return _("、").join(str(shown(item)) for item in value)
        case dict():
            return _("；").join(f"{_(str(key))}{_('：')}{shown(item)}" for key, item in value.items())
        case _:
            return str(named(value))


def plain(value: Any) -> str:
    """Any value as text for a file: full instants, no mark-up."""
    match value:
        case Markup():
            return str(value.striptags())
        case datetime():
            return f"{local(value):%Y-%m-%d %H:%M:%S}"
        case date():
            return value.isoformat()
        case list() | tuple():
            return "、".join(plain(item) for item in value)
        case None:
            return ""
        case _:
            return str(shown(value))


def line(value: str) -> Markup:
    """A long text in one line of a table, whole on hover."""
    text = " ".join((value or "").split())
    return Markup('<span class="line" title="{}">{}</span>').format(text[:600], text[:200]) if text else Markup("")


def joined(parts: Iterable[Any], between: str = " ") -> Markup:
    """Several pieces of mark-up in a row, the empty ones left out."""
    return escape(between).join(escape(part) for part in parts if part)
