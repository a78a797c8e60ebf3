"""One list as its address says: what is searched, filtered, sorted, chosen, and which page of it is looked at."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from models import ShownColumns, db
from views.base import begin_writing, me, unit_of_work
from views.filters import Filter, raw
from views.guard import number_of
from workflow.errors import Refused

if TYPE_CHECKING:
    from views.records import RecordView

MOST_COUNTED = 10_000
MOST_PAGES = 100_000


@dataclass(frozen=True)
class Word:
    """A filter that is on: what it is about, its value in words, and the address without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True)
class Preset:
    """A named setting of the filters."""

    label: str
    address: str
    current: bool


class Listing:
    """Reads the request once; rows and count are asked of the database when the page wants them."""

    def __init__(self, view: RecordView) -> None:
        self.view = view
        self.columns = self._columns()
        self.search = " ".join(request.args.get("search", "").split())[:100]
        self.size = self._size()
        self.page = number_of(request.args.get("page", 0), least=0, most=MOST_PAGES, otherwise=0)
        sort = request.args.get("sort", "")
        self.sort = sort if sort in view._sortable_columns else ""
        self.desc = request.args.get("desc") == "1"
        self.on: dict[str, tuple[Filter, Any]] = {}
        for item in view.all_filters():
            self._read(item)

    def _size(self) -> int:
        wanted = number_of(request.args.get("page_size", 0), least=0, most=10_000, otherwise=0)
        return min(self.view.page_size_options, key=lambda size: abs(size - wanted)) if wanted else self.view.page_size

    def _read(self, item: Filter) -> None:
        values = request.args.getlist(item.key)[:40]
        if not any(value.strip() for value in values):
            return
        value = item.read(values)
        if value is None:
            flash(_("筛选“%(label)s”没有这样的值，已经去掉。", label=_(item.label)), "warning")
        else:
            self.on[item.key] = (item, value)

    def _columns(self) -> list[str]:
        """The columns chosen in the address, else those chosen before, else the view's own."""
        known, kept = self.view.listed(), self._kept()
        asked = request.args.getlist("columns")
        asked = asked[0].split(",") if len(asked) == 1 else asked
        chosen = [name for name in known if name in asked[:60]]
        if chosen and chosen != kept:
            self._keep(chosen)
        before = [name for name in known if name in kept]
        return chosen or before or list(self.view.column_list or known)

    def _kept(self) -> list[str]:
        """What the person chose for this list before."""
        row = db.session.get(ShownColumns, (me().id, self.view.endpoint))
        return row.columns if row else []

    def _keep(self, chosen: list[str]) -> None:
        """Let the list stay so for this person; two of his pages at once are no trouble worth telling."""
        key = {"staff_id": me().id, "place": self.view.endpoint}
        begin_writing()
        with suppress(Refused):
            unit_of_work(lambda: db.session.merge(ShownColumns(**key, columns=chosen)))

    # the question

    def query(self) -> Select[Any]:
        """The rows of every page in their order, within the person's scope."""
        question = select(self.view.model).where(*self._conditions()).options(*self.view.loads)
        return question.order_by(*self._order())

    def _conditions(self) -> list[Any]:
        tests = [self.view.scope(), self.view.of_list(), *(item.condition(value) for item, value in self.on.values())]
        if self.search and self.view.searched:
            tests.append(self.view.search_condition(self.search))
        return tests

    def _order(self) -> list[Any]:
        key = self.view.key
        if self.sort:
            column = self.view._sortable_columns[self.sort]
            return [column.desc().nulls_last(), key.desc()] if self.desc else [column.asc().nulls_last(), key.asc()]
        return [*self.view.order, key.desc()]

    @cached_property
    def rows(self) -> list[Any]:
        """The rows of this page."""
        page = min(self.page, self.last_page) if not self.more else self.page
        return list(db.session.scalars(self.query().limit(self.size).offset(page * self.size)).unique())

    @cached_property
    def counted(self) -> int:
        """How many rows there are, counted no further than one above the limit."""
        inner = select(self.view.key).where(*self._conditions()).limit(MOST_COUNTED + 1).subquery()
        return int(db.session.scalar(select(func.count()).select_from(inner)) or 0)

    @property
    def more(self) -> bool:
        """Whether there are more than are counted."""
        return self.counted > MOST_COUNTED

    @property
    def count(self) -> str:
        """The number as shown: ``10,000+`` when it is more than can be counted."""
        return f"{MOST_COUNTED:,}+" if self.more else f"{self.counted:,}"

    @property
    def last_page(self) -> int:
        """The number of the last page, counted from nought."""
        return max((self.counted - 1) // self.size, 0)

    @property
    def shown_page(self) -> int:
        """The page that is really shown when the address asks for one behind the last."""
        return self.page if self.more else min(self.page, self.last_page)

    @property
    def has_next(self) -> bool:
        """Whether another page follows."""
        return len(self.rows) == self.size and (self.more or self.shown_page < self.last_page)

    @property
    def narrowed(self) -> bool:
        """Whether the list shows less than everything."""
        return bool(self.on or self.search)

    # the address

    def arguments(self, **changes: Any) -> dict[str, Any]:
        """The arguments that say this view, with some changed; an argument that is None is left out."""
        kept = {
            "search": self.search or None,
            "sort": self.sort or None,
            "desc": "1" if self.sort and self.desc else None,
            "page": self.page or None,
            "page_size": self.size if self.size != self.view.page_size else None,
            "columns": ",".join(self.columns) if request.args.get("columns") else None,
            **{key: raw(item, value) for key, (item, value) in self.on.items()},
        }
        return {key: value for key, value in {**kept, **changes}.items() if value not in (None, [])}

    def address(self, **changes: Any) -> str:
        """The address of this list with some arguments changed; a change other than of the page goes to the first."""
        if changes and "page" not in changes:
            changes["page"] = None
        return url_for(f"{self.view.endpoint}.index_view", **self.arguments(**changes))

    def file_address(self, kind: str) -> str:
        """Where the same rows come as a file."""
        return url_for(f"{self.view.endpoint}.export", export_type=kind, **self.arguments(page=None, page_size=None))

    def sort_address(self, name: str) -> str:
        """Sort by a column; the other way round when it is sorted by it already."""
        turn = self.sort == name and not self.desc
        return self.address(sort=name, desc="1" if turn else None)

    def sorted_by(self, name: str) -> str | None:
        """``aria-sort`` of a column."""
        if self.sort != name:
            return None
        return "descending" if self.desc else "ascending"

    @property
    def words(self) -> list[Word]:
        """The filters that are on, each with the address that takes it away."""
        found = [
            Word(_(item.label), item.words(value), self.address(**{key: None}))
            for key, (item, value) in self.on.items()
        ]
        if self.search:
            found.insert(0, Word(_("搜索"), self.search, self.address(search=None)))
        return found

    @property
    def presets(self) -> list[Preset]:
        """The view's named settings; the one in force is marked."""
        mine = {key: raw(item, value) for key, (item, value) in self.on.items()}
        return [
            Preset(
                label,
                url_for(f"{self.view.endpoint}.index_view", **arguments),
                not self.search
                and mine == {key: value if isinstance(value, list) else [value] for key, value in arguments.items()},
            )
            for label, arguments in self.view.views.items()
        ]

    def is_sortable(self, name: str) -> bool:
        """Whether the list can be sorted by a column."""
        return name in self.view._sortable_columns

    def value(self, key: str, otherwise: Any = "") -> Any:
        """What a filter is set to, as the address says it: for the fields of the filter sheet."""
        item = self.on.get(key)
        return raw(*item) if item else otherwise

    @property
    def groups(self) -> list[Filter]:
        """The filters offered."""
        return [item for item in self.view.all_filters() if item.offered]

    def class_of(self, name: str) -> str:
        """How a column is set: long text in one line, numbers to the right, the rest short."""
        if name in self.view.wide:
            return "long"
        return "num" if name in self.view.numbers else "short"
