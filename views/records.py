"""Flask-Admin views of tables, with everything closed that the stock view leaves open. The door is base.py.

A concrete view says what it shows and who may read it; it needs 20 to 60 lines (``views/orders.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, false, or_, select, true

from models import Complaint, db
from views import exports, formats, guard
from views.base import Room, me
from views.filters import Filter
from views.language import sentence
from views.listing import Listing
from workflow import access, registry
from workflow.errors import Refused
from workflow.masking import recognised

LIST_ARGUMENTS = frozenset({"page", "page_size", "sort", "desc", "search", "columns", "narrow"})


class RecordView(Room, ModelView):
    """The Flask-Admin view of one table. See ``views/orders.py`` for one of the usual size.

    What a concrete view says, beside Flask-Admin's own ``column_list``, ``column_labels``, ``column_formatters``:

    ``readers``           who may open it                       ``filters``          how the list can be narrowed
    ``through``           relationship to the complaint whose scope is that of the row
    ``terms``             columns whose values are terms, translated and coloured
    ``order``             default order; the primary key always decides last
    ``searched``          columns that the search box looks into (taken literally)
    ``masked``            contact columns with the function that hides them
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
    masked: ClassVar[dict[str, Callable[[str], str]]] = {}
    sorts: ClassVar[dict[str, Any]] = {}
    views: ClassVar[dict[str, dict[str, Any]]] = {}
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
    printed = ""
    """The form that the chosen rows are, by their number; without one, all forms of their cases are printed."""
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

    def of_list(self) -> ColumnElement[bool]:
        """Which rows of the scope the list shows; what it leaves out is reached from their pages."""
        return true()

    def get_query(self) -> Any:
        return db.session.query(self.model).filter(self.scope())

    def get_count_query(self) -> Any:
        return db.session.query(db.func.count(self.key)).filter(self.scope())

    def get_one(self, id: Any) -> Any:  # noqa: A002 Flask-Admin names it so
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

    def all_filters(self) -> tuple[Filter, ...]:
        """What narrows the list; some are known only at the request."""
        return self.filters

    def arguments_of(self, name: str) -> set[str]:
        more = {item.key for item in self.all_filters()} if name in ("index_view", "export") else set()
        return super().arguments_of(name) | more

    def get_filters(self) -> None:
        """Flask-Admin's own filters are not used: see ``filters``."""

    def init_search(self) -> bool:
        return bool(self.searched)

    def scaffold_sortable_columns(self) -> dict[str, Any]:
        columns = self.model.__mapper__.columns.keys()
        plain = [name for name in self.listed() if name in columns and name not in self.masked]
        return {name: getattr(self.model, name) for name in plain} | self.sorts

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
        return self.render(
            self.list_template,
            listing=listing,
            search=listing.search,
            return_url=listing.address(),
            bulk=[registry.VERBS[name] for name in self.bulk_verbs if name in registry.VERBS],
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        """Every word is found in one of the ``searched`` columns; wildcards are plain characters.

        What is masked is found by its whole value and by what its mask shows (masking.recognised).
        """
        plain = [column for column in self.searched if column.key not in self.masked]
        words = [or_(false(), *(column.icontains(word, autoescape=True) for column in plain)) for word in text.split()]
        hidden = [recognised(column, text) for column in self.searched if column.key in self.masked]
        return or_(db.and_(true(), *words[:8]), *hidden)

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
        title = str(formats.named(row))
        return self.render(
            self.details_template, model=row, page_title=title, return_url=self.back(), **self.details_of(row)
        )

    def details_of(self, row: Any) -> dict[str, Any]:
        """What the details page shows beside the row itself."""
        plan = self.sections or (("", tuple(self.column_details_list or self.listed())),)
        parts = [
            (title, [(name, self.get_column_name(name), self.detail(row, name)) for name in names])
            for title, names in plan
        ]
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
        return case

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
        verb, chosen = request.form.get("action", ""), request.form.getlist("rowid")
        if verb not in self.bulk_verbs:
            abort(404)
        keys = [key for key in map(guard.key_of, chosen[:500]) if key is not None]
        rows = self.get_query().filter(self.key.in_(keys)).all()
        if not rows:
            flash(_("请先选中至少一行"), "error")
            return redirect(self.back())
        ids = ",".join(map(str, dict.fromkeys(self.case_of(row).id for row in rows)))
        if verb == "print" and self.printed:
            papers = ",".join(f"{self.case_of(row).id}:{row}" for row in rows)
            if len(papers) > 3900:
                flash(_("一次最多打印 100 份，请少选一些"), "error")
                return redirect(self.back())
            return redirect(url_for("printing.several", ids=papers, kind=self.printed))
        if verb == "print":
            return redirect(url_for("printing.several", ids=ids))
        return redirect(url_for("verbs.several", verb=verb, ids=ids, url=self.back()))

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
