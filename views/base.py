"""DOOR of the web edge: the clock, the commits, and what every page of the panel has in common.

``Room`` is any page, ``RecordView`` is a Flask-Admin view of one table. A concrete view says what it shows and who may
read it; everything that stock Flask-Admin leaves open is closed here, so that no concrete view has to remember it:

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

from flask import Flask, Response, abort, flash, g, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_admin.contrib.sqla import ModelView
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from models import Complaint, Staff, db
from views import exports, failures, formats, guard
from views.filters import Filter
from views.language import sentence
from views.listing import Listing
from workflow import access, history, registry
from workflow.access import Actor
from workflow.act import Done
from workflow.errors import Refused

READING = frozenset({"GET", "HEAD", "OPTIONS"})
PUBLIC = frozenset({"static", "admin.static", "login.sign_in", "login.switch_language", "login.health"})
LIST_ARGUMENTS = frozenset({"page", "page_size", "sort", "desc", "search", "columns", "narrow"})
EVERYBODY = ("*",)

T = TypeVar("T")


def init_app(app: Flask) -> None:
    """Open each request with a moment and a transaction, and let nobody in who is not known."""
    app.before_request(open_request)
    app.before_request(require_login)


def open_request() -> None:
    """Fix the moment of the request. Whoever writes says so first: SQLite loses updates of readers turned writers."""
    g.now = datetime.now(UTC)
    if request.method not in READING:
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
    return redirect(url_for("me.password"))  # type: ignore[return-value]


def me() -> Actor:
    """Who asks, with every hat he wears at this moment."""
    if "actor" not in g:
        staff = db.session.get(Staff, current_user.id)
        if staff is None:
            abort(401)
        g.actor = access.actor_of(db.session, staff, g.now)
    actor: Actor = g.actor
    return actor


def attempt(verb: str, thing: Complaint | None, arguments: Mapping[str, Any],
            check: Callable[[Done], None] | None = None) -> Done:
    """Do one verb as one unit of work. A refusal has changed nothing, is kept in the history, and is raised again.

    ``check`` looks at what was done before it is kept; whatever it raises undoes it without a trace.
    """

    def deed() -> Done:
        done = registry.perform(db.session, verb, thing, arguments=arguments, actor=me(), now=g.now)
        if check is not None:
            check(done)
        return done

    return unit_of_work(
        deed,
        on_refusal=lambda refusal: registry.refused(db.session, verb, thing, refusal, actor=me(), now=g.now),
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


def record_export(view: RecordView, listing: Listing) -> None:
    """Keep in the history who exported what: an export is an act (it is committed before the first byte leaves)."""
    words = ";".join(f"{word.label} {word.value}" for word in listing.words) or "全部"
    text = f"导出 {view.name}:{words};约 {listing.count} 行"
    begin_writing()
    unit_of_work(lambda: history.record(db.session, None, verb="export", text=text, actor=me(), now=g.now))


class Room(BaseView):
    """A page of the panel. It opens for ``readers`` (names of roles, or everybody who has signed in) and nobody else."""

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


class RecordView(Room, ModelView):
    """The Flask-Admin view of one table. See ``views/orders.py`` for one of the usual size.

    What a concrete view says, beside Flask-Admin's own ``column_list``, ``column_labels``, ``column_formatters``:

    ``readers``           who may open it                       ``filters``          how the list can be narrowed
    ``through``           relationship to the complaint whose scope is that of the row
    ``terms``             columns whose values are terms, translated and coloured
    ``order``             default order; the primary key always decides last
    ``searched``          columns that the search box looks into (taken literally)
    ``views``             named filter settings shown as words: label -> arguments
    ``optional``          columns that people may switch on      ``wide``, ``numbers`` how columns are set
    ``empty``             what would stand here, and how it comes
    ``sections``          details: [(title, [columns])]          ``create_verb``, ``edit_verb`` verbs behind the forms
    """

    can_create = can_edit = can_delete = False
    can_view_details = True
    can_export = True
    can_set_page_size = True
    page_size = 50
    page_size_options = (20, 50, 100, 200)
    column_display_pk = False
    column_display_actions = False
    export_types = ("csv", "xlsx")
    named_filter_urls = False
    list_template = "admin/model/list.html"
    details_template = "admin/model/details.html"
    create_template = "admin/model/create.html"
    edit_template = "admin/model/edit.html"

    through: str | None = None
    filters: tuple[Filter, ...] = ()
    terms: tuple[str, ...] = ()
    order: tuple[Any, ...] = ()
    searched: tuple[Any, ...] = ()
    sorts: ClassVar[dict[str, Any]] = {}
    views: ClassVar[dict[str, dict[str, str]]] = {}
    optional: tuple[str, ...] = ()
    wide: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    loads: tuple[Any, ...] = ()
    lead: tuple[str, ...] = ()
    """Columns that a card shows at its top right: what one looks for first."""
    head_lines: tuple[str, ...] = ()
    """Columns that a card shows without their heading."""
    create_label = "新增"
    bulk_verbs: tuple[str, ...] = ()
    empty: tuple[str, str] = ("", "")
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    create_verb: str | None = None
    edit_verb: str | None = None
    takes: ClassVar[dict[str, Iterable[str]]] = {
        "index_view": LIST_ARGUMENTS,
        "export": LIST_ARGUMENTS,
        "details_view": {"id", "url"},
        "edit_view": {"id", "url"},
        "create_view": {"url"},
        "ajax_lookup": {"name", "query", "offset", "limit"},
    }

    # who and which rows

    def scope(self) -> ColumnElement[bool]:
        """The condition that every door of this table applies. Without one, no row is anybody's."""
        if self.through is None:
            return false()
        related = getattr(self.model, self.through)
        return related.has(access.scope(me()))

    def get_query(self) -> Any:
        return db.session.query(self.model).filter(self.scope())

    def get_count_query(self) -> Any:
        return db.session.query(db.func.count(self.key)).filter(self.scope())

    def get_one(self, id: Any) -> Any:
        """The row, when there is one and it is in the person's scope; otherwise the page says 404 for both alike."""
        key = guard.key_of(id)
        found = None if key is None else self.get_query().filter(self.key == key).one_or_none()
        if found is None:
            abort(404)
        return found

    @property
    def key(self) -> Any:
        """The primary key column."""
        return getattr(self.model, self._primary_key)

    # the list

    def arguments_of(self, name: str) -> set[str]:
        more = {item.key for item in self.filters} if name in ("index_view", "export") else set()
        return super().arguments_of(name) | more

    def get_filters(self) -> None:
        """Flask-Admin's own filters are not used: see ``filters``."""

    def init_search(self) -> bool:
        return bool(self.searched)

    def scaffold_sortable_columns(self) -> dict[str, Any]:
        columns = self.model.__mapper__.columns.keys()
        return {name: getattr(self.model, name) for name in self.listed() if name in columns} | self.sorts

    def listed(self) -> list[str]:
        """Every column that the list can show."""
        return [*(self.column_list or ()), *self.optional]

    def get_column_name(self, field: str) -> str:
        return (self.column_labels or {}).get(field, field)

    @expose("/")
    def index_view(self) -> Any:
        """The list: filters as words, chosen columns, pages; a filled filter sheet leads to its plain address."""
        listing = Listing(self)
        if "narrow" in request.args:
            return redirect(listing.address())
        return self.render(self.list_template, listing=listing, search=listing.search, return_url=listing.address(),
                           bulk=[registry.VERBS[name] for name in self.bulk_verbs if name in registry.VERBS])

    def search_condition(self, text: str) -> ColumnElement[bool]:
        """Every word is found in one of the ``searched`` columns; wildcards are plain characters."""
        tests = [or_(*(column.icontains(word, autoescape=True) for column in self.searched)) for word in text.split()[:8]]
        return true() if not tests else db.and_(*tests)

    def cell(self, row: Any, name: str) -> Any:
        """What a cell of the list shows."""
        return self.value_of(row, name, self.column_formatters)

    def value_of(self, row: Any, name: str, formatters: Mapping[str, Any]) -> Any:
        """A value as shown: by its formatter, as a term, or by its type."""
        if name in formatters:
            return formatters[name](self, None, row, name)
        value = getattr(row, name)
        return formats.term(value) if name in self.terms else formats.shown(value)

    def url_of(self, row: Any) -> str | None:
        """Where the first column leads."""
        return url_for(f"{self.endpoint}.details_view", id=row.id) if self.can_view_details else None

    # one row

    @expose("/details/")
    def details_view(self) -> Any:
        row = self.get_one(request.args.get("id"))
        return self.render(self.details_template, model=row, page_title=str(row), return_url=self.back(),
                           **self.details_of(row))

    def details_of(self, row: Any) -> dict[str, Any]:
        """What the details page shows beside the row itself."""
        plan = self.sections or (("", tuple(self.column_details_list or self.listed())),)
        parts = [(title, [(name, self.get_column_name(name), self.detail(row, name)) for name in names])
                 for title, names in plan]
        return {"parts": parts}

    def detail(self, row: Any, name: str) -> Any:
        """What the details page shows of a column."""
        return self.value_of(row, name, self.column_formatters_detail or self.column_formatters)

    def back(self) -> str:
        """Where the person came from, or the list."""
        return request.values.get("url") or url_for(f"{self.endpoint}.index_view")

    # the write doors: a verb, or shut

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        if not (self.can_create and self.create_verb):
            abort(404)
        return redirect(url_for("verbs.house", verb=self.create_verb, url=self.back()))

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        if not (self.can_edit and self.edit_verb):
            abort(404)
        row = self.get_one(request.args.get("id"))
        return redirect(url_for("verbs.case", verb=self.edit_verb, case=self.case_of(row).id, url=self.back()))

    def case_of(self, row: Any) -> Complaint:
        """The complaint that a verb on this row is about."""
        case = row if isinstance(row, Complaint) else getattr(row, self.through or "", None)
        if case is None:
            abort(404)
        return case  # type: ignore[no-any-return]

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> Any:
        abort(404, description=_("这里的记录不能删除；写错的用“作废”，编号和经过都会留下。"))

    def create_model(self, form: Any) -> Any:
        abort(404)

    def update_model(self, form: Any, model: Any) -> Any:
        abort(404)

    def delete_model(self, model: Any) -> Any:
        abort(404)

    def action_delete(self, ids: Any) -> Any:
        abort(404)

    @expose("/ajax/update/", methods=("POST",))
    def ajax_update(self) -> Any:
        abort(404)

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> Any:
        abort(404)

    def scaffold_form(self) -> Any:
        """No form is made of the table's columns: forms are those of the verbs."""
        return self.form_base_class

    def is_action_allowed(self, name: str) -> bool:
        return False

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Any:
        """The chosen rows go to the form of the verb that was pressed."""
        verb, ids = request.form.get("action", ""), request.form.getlist("rowid")
        if verb not in self.bulk_verbs:
            abort(404)
        keys = [key for key in map(guard.key_of, ids[:500]) if key is not None]
        rows = self.get_query().filter(self.key.in_(keys)).all()
        if not rows:
            flash(_("请先选中至少一行"), "error")
            return redirect(self.back())
        cases = dict.fromkeys(self.case_of(row).id for row in rows)
        return redirect(url_for("verbs.several", verb=verb, ids=",".join(map(str, cases)), url=self.back()))

    # files

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Any:
        """The rows of this very list as a file; contact data stays masked, and the export is recorded."""
        if not self.can_export or export_type not in self.export_types:
            abort(404)
        return exports.answer(self, Listing(self), export_type)

    def exported(self) -> list[tuple[str, str]]:
        """Name and heading of each column of the file."""
        return [(name, str(self.get_column_name(name))) for name in (self.column_export_list or self.listed())]

    def export_value(self, row: Any, name: str) -> Any:
        """The value of a cell of the file."""
        return self.value_of(row, name, self.column_formatters_export or self.column_formatters)

    def say(self, refusal: Refused) -> None:
        """Tell a refusal at the top of the next page."""
        flash(sentence(refusal), "error")


def rows_of(view: RecordView, keys: Iterable[int]) -> list[Any]:
    """The rows with these keys that are in the person's scope."""
    return list(db.session.scalars(select(view.model).where(view.scope(), view.key.in_(list(keys)))))
