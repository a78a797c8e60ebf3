"""THE WEB EDGE: parse, may?, one verb, answer. ``init_app`` puts the whole panel on an application."""

from __future__ import annotations

from flask import Flask
from flask_admin import Admin
from flask_wtf import CSRFProtect


def init_app(app: Flask) -> Admin:
    """Guards first, then language, sessions, the panel with its rooms, and the pages for what goes wrong."""
    from views import api, base, failures, guard, headers, language, login, panel, shell

    app.before_request(base.start_clock)
    guard.init_app(app)
    language.init_app(app)
    CSRFProtect(app)
    login.init_app(app)
    base.init_app(app)
    headers.init_app(app)
    failures.init_app(app)
    admin = panel.init_app(app)
    shell.init_app(app, admin)
    api.init_app(app)
    return admin
