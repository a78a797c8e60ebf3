"""The frame round every page: rooms by work, the bar, the tabs of a phone, and the words that templates use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_admin import Admin
from flask_admin.helpers import get_current_view
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup, escape
from sqlalchemy import select

from models import Department, db
from views import desk, formats, language, permits, versionlife
from views.assets import asset
from views.said import said
from views.typography import laid_out

ROOMS = ("投诉", "督办", "整改", "统计", "制度", "设置")


@dataclass(frozen=True)
class Door:
    """A link of the navigation."""

    label: str
    url: str
    current: bool
    count: int | None = None
    doors: tuple[Door, ...] = ()


def _translated(text: str, **values: Any) -> Markup:
    """What ``_()`` says in a template. Titles and labels of documents come here too: their signs are no markup,
    their per cent no blank to fill in, and between Chinese words they are wide."""
    found = escape(laid_out(str(_(text))))
    return found % values if values else found.replace("%%", "%")


def init_app(app: Flask, admin: Admin) -> None:
    """Give the templates the frame's words."""
    app.extensions["panel"] = admin
    app.jinja_env.globals.update(
        asset=asset,
        rooms=rooms,
        phone_tabs=phone_tabs,
        waiting=waiting,
        my_name=my_name,
        here=here,
        search_address=search_address,
        register_address=register_address,
        departments=departments,
        languages=lambda: language.LANGUAGES,
        language=language.language,
        door=language.door,
        language_tag=language.language_tag,
        moment=lambda: g.now,
        state_tone=formats.tone,
        short_instant=formats.short_instant,
        masked_name=formats.masked_name,
        masked_phone=formats.masked_phone,
        masked_address=formats.masked_address,
        record_link=record_link,
        request_name=request_name,
        full_instant=formats.full_instant,
        short_day=formats.short_day,
        span=formats.span,
        hours=formats.hours,
        term=formats.term,
    )
    app.jinja_env.filters["shown"] = formats.shown
    app.jinja_env.filters["said"] = lambda text: laid_out(said(text))
    app.jinja_env.filters["laid"] = laid_out
    app.jinja_env.finalize = formats.named
    app.jinja_env.globals["gettext"] = _translated


def here() -> str:
    """The address of this page, to come back to."""
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def _panel() -> Admin:
    panel: Admin = current_app.extensions["panel"]
    return panel


def rooms() -> list[Door]:
    """待办 and the rooms that this person may enter, each with its doors."""
    if "rooms" not in g:
        home = _home()
        g.rooms = [home, *(room for name in ROOMS if (room := _room(name)))]
    found: list[Door] = g.rooms
    return found


def _home() -> Door:
    """待办: the desk first, then what else waits for this person."""
    desk = Door(_("轮到我的"), url_for("admin.index"), request.endpoint == "admin.index")
    doors = (desk, *_doors("待办"))
    return Door(_("待办"), desk.url, any(door.current for door in doors), waiting() or None, doors)


def _doors(key: str) -> tuple[Door, ...]:
    return tuple(
        _door(view) for view in _panel()._views if view.category == key and view.is_visible() and view.is_accessible()
    )


def _room(name: str) -> Door | None:
    """A room opens where its first door leads."""
    doors = _doors(name)
    if not doors:
        return None
    return Door(language.door(name), doors[0].url, any(door.current for door in doors), None, doors)


def _door(view: Any) -> Door:
    current = get_current_view()
    return Door(
        language.door(view.name),
        url_for(f"{view.endpoint}.{view._default_view}"),
        current is view or getattr(current, "stands_in", None) == view.endpoint,
    )


def phone_tabs() -> list[Door]:
    """The four tabs under the thumb: 待办 投诉 登记 我的."""
    home, *others = rooms()
    cases = next((room for room in others if room.label == language.door("投诉")), None)
    tabs = [home] + ([cases] if cases else [])
    if address := register_address():
        tabs.append(Door(_("登记"), address, request.path == address))
    return [*tabs, Door(_("我的"), url_for("me.index"), str(request.endpoint).startswith("me."))]


def waiting() -> int:
    """How many things wait for this person; the desk counts the same."""
    if "waiting" not in g:
        g.waiting = desk.waiting_count() if current_user.is_authenticated else 0
    count: int = g.waiting
    return count


def my_name() -> str:
    """The name in the bar."""
    return str(getattr(current_user, "name", ""))


def search_address() -> str:
    """Where the search box of the bar leads."""
    return _address("complaints.index_view")


def register_address() -> str | None:
    """The form for a new complaint, when the person may register one."""
    return _address("complaints.create_view") if permits.may_register() else None


def _address(endpoint: str) -> str:
    return url_for(endpoint) if endpoint in current_app.view_functions else url_for("admin.index")


def record_link(endpoint: str, row: Any, text: str) -> Markup:
    """A link to a record's page, where there is such a page and the person may open it."""
    view = next((view for view in _panel()._views if view.endpoint == endpoint), None)
    if view is None or not view.is_accessible():
        return escape(text)
    return Markup('<a href="{}">{}</a>').format(url_for(f"{endpoint}.details_view", id=row.id), text)


def request_name(asked: Any) -> str:
    """What a request about a procedure asks for."""
    return versionlife.named(asked)


def departments() -> list[tuple[int, str]]:
    """Every department in use, the tree as indentation."""
    query = select(Department.id, Department.name, Department.path).where(Department.active.is_(True))
    rows = db.session.execute(query.order_by(Department.path, Department.id)).all()
    return [(key, "\u3000" * max(path.count("/") - 2, 0) + _(name)) for key, name, path in rows]
