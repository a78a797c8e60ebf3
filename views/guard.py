"""What an address may contain: checked once, before any view or extension of Flask reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask import Flask, abort, request
from flask_babel import gettext as _

LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
LARGEST_KEY = 2**63 - 1
PLACES = ("url", "next")


def init_app(app: Flask) -> None:
    """Check every request's address before anything else does."""
    app.before_request(check_address)


def check_address() -> None:
    """Refuse return addresses of other sites, arguments that would reach ``url_for``, and characters no field holds."""
    if "\x00" in request.path:
        abort(404)
    for name, values in request.args.lists():
        if name.startswith("_") or not name.isprintable() or len(name) > 60:
            abort(400, description=_("地址里有不认识的参数"))
        if any("\x00" in value or len(value) > 4000 for value in values):
            abort(400, description=_("地址里有不能处理的字符"))
    for name in PLACES:
        for source in (request.args, request.form):
            if any(not is_local(value) for value in source.getlist(name) if value):
                abort(400, description=_("返回地址只能是本系统的页面"))


def is_local(address: str) -> bool:
    """Whether it is a path of this site, as every browser reads it."""
    return len(address) <= 2000 and LOCAL_PATH.fullmatch(address) is not None


def check_arguments(allowed: Iterable[str]) -> None:
    """Refuse the request when its address names an argument that this page does not know."""
    unknown = set(request.args) - set(allowed)
    if unknown:
        abort(400, description=_("这个页面没有参数 %(names)s", names="、".join(sorted(unknown))[:100]))


def key_of(raw: object) -> int | None:
    """The primary key in what an address or form says, or nothing when it cannot be one."""
    text = str(raw)
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    value = int(text)
    return value if value <= LARGEST_KEY else None


def number_of(raw: object, *, least: int, most: int, otherwise: int) -> int:
    """A number of an address, taken into its range; ``otherwise`` when it is none."""
    text = str(raw)
    if not re.fullmatch(r"-?[0-9]{1,12}", text):
        return otherwise
    return max(least, min(most, int(text)))
