"""DOOR of the web edge: the clock, the commits, and what every page of the panel has in common.

``Room`` is any page; ``views/records.py`` makes of it the Flask-Admin view of one table. Everything that stock
Flask-Admin leaves open is closed in these two, so that no concrete view has to remember it:

- deny by default: a view without ``readers`` opens for nobody;
- rows: ``scope()`` is behind list, count, details, edit, bulk, export and lookup alike;
- writes: only verbs, each one unit of work (``attempt``); the write doors of Flask-Admin are shut unless a view opens
  them with a verb;
- addresses: unknown arguments, foreign return addresses and numbers out of range are refused or taken into range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar

from flask import Flask, Response, abort, g, redirect, request, url_for
from flask_admin import BaseView
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from models import Complaint, Staff, db
from views import failures, guard
from workflow import access, procedures, registry
from workflow.access import Actor
from workflow.act import Done
from workflow.errors import Refused

READING = frozenset({"GET", "HEAD", "OPTIONS"})
ASKING = frozenset({"beside.index"})
"""What is posted to these only asks: it takes no place among those who write."""
PUBLIC = frozenset({"static", "admin.static", "login.sign_in", "login.switch_language", "login.health"})
EVERYBODY = ("*",)

T = TypeVar("T")


def init_app(app: Flask) -> None:
    """Open each request with a moment and a transaction, and let nobody in who is not known."""
    app.before_request(open_request)
    app.before_request(require_login)


def start_clock() -> None:
    """Fix the moment of the request: everything in it happens now."""
    g.now = datetime.now(UTC)


def open_request() -> None:
    """Whoever writes says so first: SQLite loses the updates of readers turned writers."""
    if request.method not in READING and request.endpoint not in ASKING:
        begin_writing()


def begin_writing() -> None:
    """End what was only read, and begin a transaction that writes."""
    db.session.rollback()
    db.session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})


def require_login() -> Response | None:
    """Every address but the public ones belongs to somebody who has signed in."""
    if request.endpoint in PUBLIC or current_user.is_authenticated:
        return _change_password_first()
    if request.endpoint is None:
        return None
    if request.path.startswith("/api/"):
        abort(401)
    wanted = request.full_path.rstrip("?") if request.method in READING and request.path != "/" else None
    return redirect(url_for("login.sign_in", next=wanted))  # type: ignore[return-value]


def _change_password_first() -> Response | None:
    """A password that somebody else chose opens one page only: the one that changes it."""
    if request.endpoint in PUBLIC or not getattr(current_user, "must_change_password", False):
        return None
    if request.endpoint in ("me.password", "login.sign_out"):
        return None
    if request.path.startswith("/api/"):
        abort(403, description=_("先在“我的”里换掉别人给的密码"))
    return redirect(url_for("me.password"))  # type: ignore[return-value]


def me() -> Actor:
    """Who asks, with every hat he wears at this moment."""
    if "actor" not in g:
        staff = db.session.get(Staff, current_user.id)
        if staff is None:
            abort(401)
        g.actor = access.actor_of(db.session(), staff, g.now)
    actor: Actor = g.actor
    return actor


def verbs_in_force() -> set[str]:
    """Every verb that a procedure in force uses now; asked once a request."""
    if "verbs_in_force" not in g:
        session = db.session()
        documents = [procedures.in_force(session, g.now, code) for code in procedures.codes_in_force(session, g.now)]
        g.verbs_in_force = {step.verb for document in documents for step in document.steps}
    found: set[str] = g.verbs_in_force
    return found


def attempt(
    verb: str, thing: Complaint | None, arguments: Mapping[str, Any], check: Callable[[Done], None] | None = None
) -> Done:
    """Do one verb as one unit of work. A refusal has changed nothing, is kept in the history, and is raised again.

    ``check`` looks at what was done before it is kept; whatever it raises undoes it without a trace.
    """

    def deed() -> Done:
        done = registry.perform(db.session(), verb, thing, arguments=arguments, actor=me(), now=g.now)
        if check is not None:
            check(done)
        return done

    return unit_of_work(
        deed,
        on_refusal=lambda refusal: registry.refused(db.session(), verb, thing, refusal, actor=me(), now=g.now),
    )


def unit_of_work(deed: Callable[[], T], on_refusal: Callable[[Refused], None] | None = None) -> T:
    """Commit what the deed did, or roll it back and raise ``Refused``: the only commits of the web edge are here."""
    try:
        done = deed()
        db.session.commit()
        return done
    except (Refused, IntegrityError, StaleDataError) as fault:
        refusal = fault if isinstance(fault, Refused) else failures.as_refusal(fault)
    except BaseException:
        db.session.rollback()
        raise
    begin_writing()
    if on_refusal is not None:
        on_refusal(refusal)
        db.session.commit()
    raise refusal


class Room(BaseView):
    """A page of the panel. It opens for ``readers`` (roles, or ``*`` for all who signed in) and nobody else."""

    readers: tuple[str, ...] = ()
    takes: ClassVar[dict[str, Iterable[str]]] = {}
    """Method name to the arguments that its address may carry."""
    page_title: str | None = None

    def is_accessible(self) -> bool:
        """Whether the person may open this page at all."""
        if not current_user.is_authenticated:
            return False
        actor = me()
        return "*" in self.readers or any(actor.holds(role) for role in self.readers)

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Response:
        abort(403)

    def _handle_view(self, name: str, **kwargs: Any) -> Any:
        refused = super()._handle_view(name, **kwargs)
        if refused is None:
            guard.check_arguments(self.arguments_of(name))
        return refused

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run the method as it is: Flask-Admin would call it twice when it raises TypeError."""
        return fn(self, *args, **kwargs)

    def arguments_of(self, name: str) -> set[str]:
        """The arguments that a method's address may carry."""
        return {argument for kind in type(self).__mro__ for argument in getattr(kind, "takes", {}).get(name, ())}
