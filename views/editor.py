"""制度编辑器: a draft as sheets that people edit as they would in Excel. Every change is one verb and saves itself.

With scripts a sheet is a grid that asks these addresses; without them it is a table, and every cell, row and step has a
plain form at the same address.
"""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Response, abort, flash, jsonify, make_response, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _

from models import ProcedureVersion, db
from rules import editing
from rules.table import Hit
from views import cells, editordesk, matching, sheetedits, tryout
from views.base import EVERYBODY, Room, attempt, begin_writing, me
from views.cells import CellFault
from views.editordesk import Desk
from views.editorforms import (
    change_of,
    deed_asked,
    finding_cell,
    form_of,
    named,
    row_columns,
    typed,
    typed_row,
    words_of,
)
from views.headers import nonce
from views.language import sentence
from views.permits import may
from views.said import said
from views.sheets import Column, value_at
from views.verbs import KEY
from workflow import drafts
from workflow.errors import Conflict, Refused

FIRST = "grade"
"""The sheet that opens first."""
PLACE = ("sheet", "facts", "row", "cell")
HITS = {
    Hit.FIRST: "从上往下，第一条符合的算数",
    Hit.COLLECT: "符合的都算数",
    Hit.UNIQUE: "最多一条符合",
    Hit.PRIORITY: "符合的里面，最重的算数",
}


class EditorRoom(Room):
    """The pages of the editor. Whoever may edit a draft (the document in force names them) sees it, nobody else."""

    readers = EVERYBODY
    stands_in = "procedures"
    takes: ClassVar = {
        "draft": {*PLACE, "url"},
        "trying": PLACE,
        "rows": {*PLACE, "doubts"},
        "deed": PLACE,
        "step": PLACE,
        "cell": {*PLACE, "url"},
        "row": {*PLACE, "url", "before"},
        "matches": {*PLACE, "op", "value", "low", "high", "text"},
        "news": {"since"},
    }

    def is_visible(self) -> bool:
        return False

    def arguments_of(self, name: str) -> set[str]:
        """A try-out may carry every fact that its stage asks; which those are hangs on the draft."""
        known = super().arguments_of(name)
        if name in ("draft", "trying") and "draft" in (request.view_args or {}):
            known |= tryout.arguments(the_desk(int((request.view_args or {})["draft"])))
        return known

    @expose("/")
    def index(self) -> Any:
        """Drafts are found in the list of procedures."""
        return redirect(url_for("procedures.index_view", state=drafts.DRAFT))

    @expose(f"/<{KEY}:draft>/")
    def draft(self, draft: int) -> Any:
        """One sheet of the draft."""
        desk = the_desk(draft)
        trying = tryout.trial(desk) if tryout.is_asked(desk) else None
        return self.render(
            "editor/draft.html",
            desk=desk,
            state=desk.as_json(),
            tabs=editordesk.tabs(desk),
            facts=editordesk.offered_facts(desk),
            hit=HITS[desk.document.hit(desk.sheet.stage)] if desk.sheet.stage else "",
            grid=editordesk.grid_files(),
            at=request.args.get("row", ""),
            has=editordesk.has,
            trying=trying,
            asked=trying.asked if trying else tryout.asked(desk, {}),
            term_of=cells.term,
            words=script_words(),
            nonce=nonce(),
            may_submit=may("submit_procedure", draft=draft),
            page_title=f"{desk.version.code} {_('草稿')}",
        )

    @expose(f"/<{KEY}:draft>/try")
    def trying(self, draft: int) -> Any:
        """What the draft makes of a case; the answer alone, for the page that asks."""
        desk = the_desk(draft)
        if not desk.sheet.stage:
            abort(404)
        return self.render("editor/told.html", desk=desk, trying=tryout.trial(desk))

    @expose(f"/<{KEY}:draft>/rows")
    def rows(self, draft: int) -> Any:
        """The sheet as the grid shows it; with ``doubts`` also when looking the draft over takes a while."""
        desk = the_desk(draft)
        if "doubts" in request.args:
            editordesk.look_over(desk.version)
        return jsonify(desk.as_json())

    @expose(f"/<{KEY}:draft>/cell", methods=("GET", "POST"))
    def cell(self, draft: int) -> Any:
        """One cell: its form, and what is put into it."""
        desk = the_desk(draft)
        key, name = request.values.get("row", ""), request.values.get("cell", "")
        column = desk.sheet.column(name, key)
        if desk.sheet.line(key) is None or column is None or (desk.sheet.fixed and name != "value"):
            abort(404)
        if request.method == "POST":
            try:
                value = typed(column)
                done = edit(desk, sheetedits.change(desk.sheet, key, name, value))
                return done_with(draft, renamed(desk, key, name, value), done)
            except (CellFault, Refused) as fault:
                if asks_json():
                    return refused(fault)
                return self._cell(the_desk(draft), key, column, fault)
        return self._cell(desk, key, column)

    def _cell(self, desk: Desk, key: str, column: Column, fault: Exception | None = None) -> Any:
        line = desk.sheet.line(key)
        if line is None:
            abort(404)
        raw = value_at(line.values, column.cell)
        page = self.render(
            "editor/cell.html" if not in_sheet() else "editor/cell_form.html",
            desk=desk,
            line=line,
            form=form_of(column, raw, "", again=fault is not None),
            inner=desk.inner(line, column) if sheetedits.nested(column.kind) else "",
            wrong=words_of(fault) if fault else "",
            page_title=said(column.label),
        )
        return as_sheet(page, fault)

    @expose(f"/<{KEY}:draft>/row", methods=("GET", "POST"))
    def row(self, draft: int) -> Any:
        """A whole row as one form: for a new one, for a phone, and without scripts."""
        desk = the_desk(draft)
        key = request.values.get("row", "")
        if (key and desk.sheet.line(key) is None) or (not key and desk.sheet.fixed):
            abort(404)
        wrong: dict[str, str] = {}
        if request.method == "POST":
            values, wrong = typed_row(desk.sheet, key)
            try:
                if not wrong:
                    return self._row_done(draft, desk, key, values)
            except Refused as refusal:
                wrong = {finding_cell(desk.sheet, finding.field): sentence(refusal) for finding in refusal.findings}
        desk = the_desk(draft)
        line = desk.sheet.line(key)
        again = request.method == "POST"
        forms = [
            form_of(column, value_at(line.values, column.cell) if line else None, f"c{number}-", again=again)
            for number, column in enumerate(row_columns(desk.sheet, key))
        ]
        page = self.render(
            "editor/row.html" if not in_sheet() else "editor/row_form.html",
            desk=desk,
            line=line,
            key=key,
            forms=forms,
            inner=desk.inner,
            wrong=wrong,
            before=request.values.get("before", ""),
            page_title=_("改这一行") if key else _("加一行"),
        )
        return as_sheet(page, Refused("-") if wrong else None)

    def _row_done(self, draft: int, desk: Desk, key: str, values: dict[str, Any]) -> Any:
        """Put a new row in, or each changed cell of one that is there; every change is an edit of its own."""
        if not key:
            row = sheetedits.row_of(desk.sheet, values)
            change = sheetedits.add(desk.sheet, named(desk.sheet, row), request.form.get("before", ""))
            edit(desk, change)
            return gone_to(the_desk(draft).address(row=new_key(draft, desk, change)))
        line = desk.sheet.line(key)
        for cell, value in values.items():
            column = desk.sheet.column(cell, key)
            if line is None or column is None or cells.same(column, value_at(line.values, cell), value):
                continue
            edit(desk, sheetedits.change(desk.sheet, key, cell, value))
            key = renamed(desk, key, cell, value)
            begin_writing()
            desk = the_desk(draft)
            line = desk.sheet.line(key)
        return gone_to(the_desk(draft).address(row=key))

    @expose(f"/<{KEY}:draft>/deed", methods=("POST",))
    def deed(self, draft: int) -> Any:
        """Copy, delete or move a row."""
        desk = the_desk(draft)
        what, key = deed_asked()
        if desk.sheet.line(key) is None or desk.sheet.fixed:
            return refused_page(Conflict("这一行已经不在了，请看过再改"), desk)
        try:
            change = change_of(desk.sheet, what, key)
            done = edit(desk, change) if change else None
            return done_with(draft, new_key(draft, desk, change) if what == "duplicate" and change else key, done)
        except Refused as refusal:
            return refused(refusal) if asks_json() else refused_page(refusal, the_desk(draft))

    @expose(f"/<{KEY}:draft>/<any(undo, redo):way>", methods=("POST",))
    def step(self, draft: int, way: str) -> Any:
        """One edit back, or forward again."""
        the_desk(draft)
        try:
            done = attempt(f"{way}_edit", None, {"draft": draft})
            return done_with(draft, request.form.get("row", ""), done)
        except Refused as refusal:
            return refused(refusal) if asks_json() else refused_page(refusal, the_desk(draft))

    @expose(f"/<{KEY}:draft>/matches")
    def matches(self, draft: int) -> Any:
        """How many cases of the last twelve months a row matches, as it is or as its cell is being picked."""
        desk = the_desk(draft)
        line = desk.sheet.line(request.args.get("row", ""))
        if line is None:
            abort(404)
        return jsonify(text=matching.words(desk, line))

    @expose(f"/<{KEY}:draft>/news")
    def news(self, draft: int) -> Any:
        """What others changed since this page last looked."""
        version = the_draft(draft)
        since = request.args.get("since", "0")
        seen = int(since) if since.isascii() and since.isdigit() and len(since) < 16 else 0
        lines = editordesk.news(version, seen, me().id)
        return jsonify(news=lines, since=drafts.last_edit(db.session(), version))


def the_draft(key: int) -> ProcedureVersion:
    """The draft, when there is one and the person may edit it; the same 404 otherwise.

    Who comes back to what was a draft, and is submitted, in force or given up since, is led to the page of the version.
    """
    found = db.session.get(ProcedureVersion, key)
    if found is None or not may("edit_procedure", draft=found.id):
        abort(404)
    if found.state != drafts.DRAFT:
        abort(redirect(url_for("procedures.details_view", id=found.id)))
    return found


def the_desk(key: int) -> Desk:
    """The draft with the sheet that the address names."""
    more = tuple(filter(None, request.values.get("facts", "").split(",")))
    found = editordesk.desk(the_draft(key), request.values.get("sheet", "") or FIRST, more)
    if found is None:
        abort(404)
    return found


def edit(desk: Desk, change: dict[str, Any]) -> Any:
    """The one verb by which a draft changes."""
    since = request.form.get("since", "")
    seen = {"since": int(since)} if since.isascii() and since.isdigit() and len(since) < 16 else {}
    return attempt("edit_procedure", None, {"draft": desk.version.id, **change, **seen})


def renamed(desk: Desk, key: str, cell: str, value: Any) -> str:
    """The row's name after a change of the cell that names it."""
    if desk.sheet.inside:
        return str(value) if cell == "key" and not desk.sheet.ordered and value else key
    line = desk.sheet.line(key)
    if line is None or desk.sheet.fixed:
        return key
    return editing.key_of(desk.sheet.section, {**line.values, cell: "" if value is None else value})


def new_key(draft: int, desk: Desk, change: dict[str, Any]) -> str:
    """The name of the row that an edit has brought in."""
    if not desk.sheet.inside:
        return str(change["row"])
    before = {line.key for line in desk.sheet.lines}
    return next((line.key for line in reversed(the_desk(draft).sheet.lines) if line.key not in before), "")


def asks_json() -> bool:
    return bool(request.headers.get("X-Editor"))


def in_sheet() -> bool:
    return bool(request.headers.get("X-Sheet"))


def as_sheet(page: str, fault: Exception | None) -> Response:
    """The page, marked for the script that opens it above another one."""
    answer = make_response(page, 422 if fault else 200)
    if in_sheet():
        answer.headers["X-Sheet"] = "1"
    return answer


def done_with(draft: int, key: str, done: Any) -> Any:
    """The sheet as it is now for the grid, or back to the page for everybody else."""
    desk = the_desk(draft)
    if asks_json():
        warnings = [str(said(text)) for text in (done.warnings if done else ())]
        return jsonify({**desk.as_json(), "at": key, "said": warnings})
    return gone_to(desk.address(row=key))


def gone_to(address: str) -> Any:
    """Back to the page, also from a form above it."""
    if in_sheet():
        return Response(status=204, headers={"X-Go-To": address})
    return redirect(address)


def refused(fault: Exception) -> Any:
    """A refusal for the grid: beside which cell, and why; what was typed stays there."""
    cell = fault.findings[0].field if isinstance(fault, Refused) and fault.findings else ""
    answer = jsonify(refused=words_of(fault), cell=cell)
    answer.status_code = 409 if isinstance(fault, Conflict) else 422
    return answer


def refused_page(fault: Refused, desk: Desk) -> Any:
    """A refusal without scripts: said on the page that it is about."""
    flash(sentence(fault), "error")
    return redirect(desk.address())


def script_words() -> dict[str, str]:
    """What the grid says by itself."""
    return {
        "saving": _("正在保存"),
        "unsaved": _("没有保存：网络断了，请再试一次"),
        "row": _("行"),
        "open": _("打开"),
        "matching": _("正在数"),
    }


__all__ = ["EditorRoom", "the_draft"]
