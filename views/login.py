"""Signing in and out. Sessions end when the person's epoch moves on; guessing is slowed by account and by address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, Response, g, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import ColumnElement, exists, func, select, text
from sqlalchemy.orm import aliased

from models import LoginAttempt, Staff, db
from views.base import unit_of_work
from views.guard import is_local, key_of
from views.language import LANGUAGES
from workflow import passwords

WINDOW = timedelta(minutes=passwords.WAIT_MINUTES)
MOST_BY_ADDRESS = 30

login = Blueprint("login", __name__)


def init_app(app: Flask) -> None:
    """Flask-Login with our own sessions."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(load)
    app.register_blueprint(login)


def load(word: str) -> Staff | None:
    """The person of a session; nobody when the session is older than the last sign-out or change of password."""
    key, _colon, epoch = word.partition(":")
    if (number := key_of(key)) is None:
        return None
    staff = db.session.get(Staff, number)
    return staff if staff is not None and staff.active and str(staff.session_epoch) == epoch else None


@login.route("/login", methods=("GET", "POST"))
def sign_in() -> Any:
    """The page at the door."""
    target = request.args.get("next", "")
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(target if is_local(target) else url_for("admin.index"))
        return _page(target)
    username, password = typed("username")[:60], typed("password")[:200]
    staff = unit_of_work(lambda: check(username, password, (request.remote_addr or "")[:60]))
    if staff is None:
        return _page(target, username, _("用户名或密码不对。连续多次不对，要等 15 分钟。")), 401
    chosen = session.get("language")
    session.clear()
    session.permanent = True
    if chosen:
        session["language"] = chosen
    login_user(staff)
    return redirect(target if is_local(target) else url_for("admin.index"))


def typed(name: str) -> str:
    """What was typed, as a verb would read it: no space at either end, and no character that PostgreSQL refuses."""
    return request.form.get(name, "").replace("\x00", "\ufffd").strip()


def _page(target: str, username: str = "", wrong: str = "") -> str:
    return render_template("login.html", next=target or None, username=username, wrong=wrong)


def check(username: str, password: str, address: str) -> Staff | None:
    """The person, when name and password are right and there was not too much guessing; each attempt is counted.

    An unknown name takes as long as a wrong password, and both are told the same.
    """
    staff = db.session.scalar(select(Staff).where(Staff.username == username, Staff.active.is_(True)))
    slowed = (
        failures(LoginAttempt.username == username) >= passwords.MOST_GUESSES
        or failures(LoginAttempt.address == address) >= MOST_BY_ADDRESS
    )
    right = passwords.matches(staff, password) and not slowed
    db.session.add(LoginAttempt(username=username, address=address, at=g.now, succeeded=right))
    return staff if right else None


def failures(of: ColumnElement[bool]) -> int:
    """How many attempts of that account, or from that address, failed within the window.

    One that the same account made good from the same address is forgiven: whoever mistypes is let off, while somebody
    who tries the names of others gains nothing by signing in as himself in between.
    """
    later = aliased(LoginAttempt)
    made_good = exists().where(
        later.username == LoginAttempt.username,
        later.address == LoginAttempt.address,
        later.succeeded.is_(True),
        later.at > LoginAttempt.at,
    )
    failed = LoginAttempt.succeeded.is_(False) & (LoginAttempt.at > g.now - WINDOW) & ~made_good
    return db.session.scalar(select(func.count()).select_from(LoginAttempt).where(of, failed)) or 0


@login.route("/logout", methods=("POST",))
def sign_out() -> Response:
    """End every session of this person: a copied cookie is worth nothing from here on."""
    staff_id = current_user.id
    unit_of_work(lambda: end_sessions(staff_id))
    logout_user()
    session.clear()
    return redirect(url_for("login.sign_in"))  # type: ignore[return-value]


def end_sessions(staff_id: int) -> None:
    """Move the person's epoch on."""
    staff = db.session.get(Staff, staff_id)
    if staff is not None:
        staff.session_epoch += 1


@login.route("/language", methods=("POST",))
def switch_language() -> Response:
    """Speak another language from the next page on."""
    language, target = request.form.get("language", ""), request.form.get("url", "")
    if language in LANGUAGES:
        session["language"] = language
    return redirect(target if is_local(target) else url_for("admin.index"))  # type: ignore[return-value]


@login.route("/health")
def health() -> Response:
    """Whether the panel and its database answer."""
    db.session.execute(text("SELECT 1"))
    return jsonify(ok=True)
