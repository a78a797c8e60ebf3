"""What the records of a case have in common: its link, its verbs as buttons, contact data masked until asked for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from flask import g, redirect, request, session, url_for
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select

from models import Clock, Complaint, db
from rules.procedure import Procedure
from views import formats, permits
from views.assets import asset
from views.base import EVERYBODY, attempt, begin_writing, me, verbs_in_force
from views.clocklines import lines_of
from views.records import RecordView
from workflow import access, procedures, reading, viewing
from workflow.errors import Refused
from workflow.offers import Offer
from workflow.onpaper import Sheet, sheet_from


def case_link(case: Complaint | None, *, seen: bool | None = None) -> Any:
    """The number of a case; a link for those who may see it."""
    if case is None:
        return ""
    if not (_in_scope(case) if seen is None else seen):
        return case.case_no
    return formats.Markup('<a href="{}">{}</a>').format(url_for("complaints.details_view", id=case.id), case.case_no)


def loaded(table: type) -> set[int]:
    """The keys of the rows of this table that the page has loaded so far."""
    states = db.session.identity_map.all_states()
    return {state.key[1][0] for state in states if state.class_ is table and state.key}


def _in_scope(case: Complaint) -> bool:
    """Whether the person sees the case; asked once for all cases that the page has loaded so far."""
    known: dict[int, bool] = g.setdefault("cases_in_scope", {})
    if case.id not in known:
        keys = loaded(Complaint) | {case.id}
        found = set(db.session.scalars(select(Complaint.id).where(Complaint.id.in_(keys), access.scope(me()))))
        known.update((key, key in found) for key in keys)
    return known[case.id]


def in_one_line(_view: Any, _context: Any, row: Any, name: str) -> Any:
    """A long text as one line of a list."""
    return formats.line(getattr(row, name) or "")


def not_about_me(relation: Any) -> ColumnElement[bool]:
    """No case behind the row, or one that does not accuse this person (回避)."""
    return reading.not_about(me(), relation)


def procedure_of(case: Complaint | None) -> Procedure | None:
    """The document that judges the case; without a case the one in force now; nothing when there is none."""
    try:
        return procedures.of(db.session(), case, g.now)
    except Refused:
        return None


class CaseRecord(RecordView):
    """A record that belongs to a case and is seen by whoever sees the case.

    ``unseen_cases``  whether rows are also for people who do not see their case: then each link is asked about
    ``offered``       verbs of the case that stand here as buttons (empty: all of them)
    ``timed``         verbs that keep the limits which are told here, with the steps by which they were counted
    ``handed``        which arguments a verb is handed by this row
    """

    readers: tuple[str, ...] = EVERYBODY
    through: str | None = "complaint"
    unseen_cases = False
    details_template = "records/details.html"
    offered: tuple[str, ...] | None = None
    timed: tuple[str, ...] = ()
    case_label = "投诉件"
    works_by: tuple[str, ...] = ()
    """The verbs that make these rows, where only some procedures use them: the navigation offers the room while one in
    force does, or while there are rows."""
    takes: ClassVar = {"unmask": {"id"}}

    def is_visible(self) -> bool:
        """Whether the navigation offers it; the address opens all the same."""
        if not super().is_visible():
            return False
        return not self.works_by or bool(verbs_in_force() & {*self.works_by}) or self._has_rows()

    def _has_rows(self) -> bool:
        return db.session.scalar(select(self.key).limit(1)) is not None

    @property
    def extra_css(self) -> list[str]:
        """The sheet of these pages, beside those of every page."""
        return [asset("css/records.css")]

    def get_column_name(self, field: str) -> str:
        if field == "case" and "case" not in (self.column_labels or {}):
            return self.case_label
        return super().get_column_name(field)

    def case_behind(self, row: Any) -> Complaint | None:
        """The case that the row belongs to, if any."""
        found: Complaint | None = getattr(row, self.through or "complaint", None)
        return found

    def search_condition(self, text: str) -> ColumnElement[bool]:
        """The row's own columns, or the number of its case."""
        own = super().search_condition(text)
        if self.through is None:
            return own
        return or_(own, getattr(self.model, self.through).has(Complaint.case_no.icontains(text, autoescape=True)))

    def value_of(self, row: Any, name: str, formatters: Any) -> Any:
        if name in self.masked and not self.is_open(row):
            return self.masked[name](getattr(row, name) or "")
        if name == "case":
            return case_link(self.case_behind(row), seen=None if self.unseen_cases else True)
        return super().value_of(row, name, formatters)

    def detail(self, row: Any, name: str) -> Any:
        """Long texts stand whole on a page of their own."""
        if name in self.wide and name not in self.masked and isinstance(getattr(row, name, None), str):
            return getattr(row, name)
        return super().detail(row, name)

    def export_value(self, row: Any, name: str) -> Any:
        """Masked always; long texts whole, instants and numbers as such, everything else as shown."""
        if name in self.masked:
            return self.masked[name](getattr(row, name) or "")
        if name in (self.column_formatters_export or {}):
            return self.column_formatters_export[name](self, None, row, name)
        value = getattr(row, name, None)
        if name in self.wide and isinstance(value, str):
            return value
        if isinstance(value, date | datetime | int) and name not in (self.column_formatters or {}):
            return value
        return self.value_of(row, name, self.column_formatters)

    # one row

    def details_of(self, row: Any) -> dict[str, Any]:
        case = self.case_behind(row)
        seen = case is not None and access.may_see(db.session(), me(), case)
        offers = [] if case is None or not seen else self.offers_of(row, case)
        return {
            **super().details_of(row),
            "shown_title": self.title_of(row, case),
            "case": case if seen else None,
            "offers": offers,
            "clocks": lines_of(self.clocks_for(row, case), g.now) if case is not None and seen else [],
            "offer_address": lambda offer: self.offer_address(row, case, offer),
            "tables": self.tables(row),
            "unmask_address": self.unmask_address(row) if self.may_open(row, case if seen else None) else None,
        }

    def clocks_for(self, row: Any, case: Complaint) -> list[Clock]:
        """The clocks of the case that the page is about: those that its ``timed`` verbs keep."""
        document = procedure_of(case) if self.timed else None
        limits = document.limits if document else ()
        names = [limit.name for limit in limits if {mark.partition(":")[0] for mark in limit.met_by} & {*self.timed}]
        return clocks_of((Clock.complaint_id == case.id) & Clock.name.in_(names)) if names else []

    def title_of(self, row: Any, case: Complaint | None) -> str:
        """What the page is called: the row's number or name, else what it is and of which case."""
        if "__str__" in type(row).__dict__:
            return str(formats.named(row))
        return f"{_(self.name)} {case.case_no if case else ''}".strip()

    def offers_of(self, row: Any, case: Complaint) -> list[Offer]:
        """The verbs that this person may do here now."""
        found = permits.offers_for(case)
        return found if self.offered is None else [offer for offer in found if offer.verb in self.offered]

    def offer_address(self, row: Any, case: Complaint | None, offer: Offer) -> str:
        """The verb's form, handed what this row already says, and the way back here."""
        key = case.id if case else 0
        back = url_for(f"{self.endpoint}.details_view", id=row.id)
        return url_for("verbs.case", verb=offer.verb, case=key, **self.handed(row, offer.verb), url=back)

    def handed(self, row: Any, verb: str) -> dict[str, Any]:
        """The arguments that the row gives to a verb."""
        return {}

    def tables(self, row: Any) -> list[dict[str, Any]]:
        """What hangs on the row: title, headings, rows of cells."""
        return []

    # what is hidden

    def is_open(self, row: Any) -> bool:
        """Whether this person has just asked, with a reason, to see this row in full."""
        return getattr(g, "unmasked", None) == [self.endpoint, row.id]

    def hides(self, row: Any) -> bool:
        """Whether something of the row stands there masked."""
        return not self.is_open(row) and any(getattr(row, name, None) for name in self.masked)

    def may_open(self, row: Any, case: Complaint | None) -> bool:
        """Whether something is masked that this person may ask to see."""
        return case is not None and self.hides(row) and viewing.may_unmask(db.session(), me(), case)

    def unmask_address(self, row: Any) -> str:
        """Where the reason is sent to."""
        return url_for(f"{self.endpoint}.unmask", id=row.id)

    @expose("/details/")
    def details_view(self) -> Any:
        g.unmasked = session.pop("unmasked_record", None)
        return super().details_view()

    @expose("/unmask/", methods=("POST",))
    def unmask(self) -> Any:
        """Contact data in full, once: asked for with a reason that stays in the case's history."""
        begin_writing()
        row = self.get_one(request.args.get("id"))
        case = self.case_behind(row)
        try:
            attempt("unmask", case, {"reason": request.form.get("reason", "")})
            session["unmasked_record"] = [self.endpoint, row.id]
        except Refused as refusal:
            self.say(refusal)
        return redirect(url_for(f"{self.endpoint}.details_view", id=request.args.get("id")))


class PaperRecord(CaseRecord):
    """A record that is a form on paper too: its page shows the sheet."""

    details_template = "records/order.html"

    def kind_of(self, row: Any) -> str:
        """Which form it is."""
        return self.printed

    def details_of(self, row: Any) -> dict[str, Any]:
        sheet = self._sheet(row, clear=self.is_open(row))
        return {**super().details_of(row), "sheet": sheet, "print_kind": self.kind_of(row)}

    def hides(self, row: Any) -> bool:
        """Also what is masked only where it stands on the sheet."""
        if super().hides(row):
            return True
        shown, clear = self._sheet(row, clear=self.is_open(row)), self._sheet(row, clear=True)
        return shown is not None and clear is not None and shown.rows != clear.rows

    def _sheet(self, row: Any, *, clear: bool) -> Sheet | None:
        document = procedure_of(self.case_behind(row))
        form = document.form(self.kind_of(row)) if document else None
        return sheet_from(form, row, clear=clear) if form else None


def clocks_of(condition: Any) -> list[Clock]:
    """The clocks with this condition, oldest first."""
    return list(db.session.scalars(db.select(Clock).where(condition).order_by(Clock.id)))
