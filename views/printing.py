"""打印: the forms of a case as PDF, one case or several at a time.

A form carries the complainant's name and phone, because whoever handles it must call him. So it is printed in full for
those who work on the case (``procedures.works_on``), and masked for those who only watch: leaders, auditors,
administrators. They too get it in full when they send a reason, by POST. Every print is kept in the history.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from urllib.parse import quote

from flask import Response, abort, current_app, g, request, url_for
from flask_admin import expose
from flask_babel import gettext as _

from models import Complaint
from views import formats, language, typesetting, verbs
from views.base import EVERYBODY, Room, attempt, begin_writing, me
from views.language import sentence
from workflow.errors import Refused
from workflow.onpaper import Entry, Sheet
from workflow.recorded import RECORDS

HALF = 14
"""How many characters fit half a row: what is longer has the row to itself."""
LABEL, SECOND_LABEL = 10, 6
"""How many characters a label has room for in one line, in the first and in the second half of a row."""
PAGE, ROW, SIGNATURE, FRAME = 215, 9, 20, 6
"""Millimetres: what title and footer leave of a page, a short row, a line to sign on, the edges of a long answer."""
LEAST, MOST, LINE = 18, 66, 6
"""Millimetres of room for a long answer. An empty one has half of what the others have; a line of what was
recorded has its own height."""


class PrintRoom(Room):
    """Where the papers come from. Which case may be printed by whom is the verb's to say."""

    readers = EVERYBODY
    takes: ClassVar = {"case": {"kind", "number"}, "several": {"ids", "kind"}}

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> Any:
        abort(404)

    @expose(f"/case/<{verbs.KEY}:case>", methods=("GET", "POST"))
    def case(self, case: int) -> Response:
        """The forms of one case that exist, or the one of that kind (and number)."""
        begin_writing()
        found = verbs.the_case(case, "print")
        number = found.case_no
        sheets = printed(
            found,
            **{name: request.args.get(name, "")[:100] for name in ("kind", "number")},
            reason=request.form.get("reason", ""),
        )
        kind = sheets[0].kind if len(sheets) == 1 else _("文书")
        return inline(forms(sheets), f"{kind}-{sheets[0].number if len(sheets) == 1 else number}.pdf")

    @expose("/several")
    def several(self) -> Response:
        """The same for several cases (``12,13``) or papers of theirs (``12:DB-…``); the rest is named at the end."""
        sheets: list[Sheet] = []
        missing: list[tuple[str, str]] = []
        wanted = [part.partition(":")[::2] for part in request.args.get("ids", "").split(",")]
        known = {
            str(case.id): (case.id, case.case_no) for case in verbs.the_cases(",".join(key for key, _no in wanted))
        }
        chosen = [(*known[key], number) for key, number in wanted if key in known]
        if not chosen:
            abort(404)
        for key, case_no, number in chosen:
            try:
                begin_writing()
                kind = request.args.get("kind", "")[:100]
                sheets += printed(verbs.the_case(key, "print"), kind=kind, number=number[:100])
            except Refused as refusal:
                missing.append((case_no, sentence(refusal)))
        if not sheets:
            raise Refused("选中的各件都还没有可打印的表单")
        return inline(forms(sheets, missing), f"{_('文书')}-{formats.local(g.now):%Y%m%d-%H%M}.pdf")


def printed(case: Complaint, **arguments: str) -> list[Sheet]:
    """The sheets that the verb gives, masked for those who only watch."""
    given = {name: value for name, value in arguments.items() if value}
    sheets: list[Sheet] = attempt("print", case, given).result
    return sheets


def forms(sheets: Iterable[Sheet], missing: Iterable[tuple[str, str]] = ()) -> bytes:
    """The PDF of these sheets, each beginning a page."""
    sheets = list(sheets)
    titles = "、".join(dict.fromkeys(sheet.title for sheet in sheets))
    return typesetting.pdf(
        "form", frame(titles) | {"sheets": [_layout(sheet) for sheet in sheets], "missing": missing}, g.now
    )


def frame(title: str) -> dict[str, Any]:
    """What every printed page says about itself."""
    return {
        "title": title,
        "house": current_app.config["DUBAN"].organisation,
        "by": me().name,
        "lang": language.language_tag()[:2],
        "printed": f"{formats.local(g.now):%Y-%m-%d %H:%M} {me().name}",
        "words": {
            "number": _("编号："),
            "page": _("第 {n} 页，共 {all} 页"),
            "printed": _("打印于"),
            "missing": _("没有打印的"),
            "empty": _("本期没有记录"),
            "date": _("　　年　　月　　日"),
        },
    }


def _layout(sheet: Sheet) -> dict[str, Any]:
    """A sheet as rows of one or two cells; the long answers share what the rest leaves of the page."""
    rows = paired(sheet.rows)
    rooms = _rooms(rows, len(sheet.signatures))
    return {
        "title": sheet.title,
        "number": sheet.number,
        "rows": [[_cell(entry, rooms) for entry in row] for row in rows],
        "signatures": [line._asdict() | {"label": balanced(line.label)} for line in sheet.signatures],
        "notes": [*sheet.notes, *([] if sheet.clear else [_("客户信息已隐去。")])],
    }


def _rooms(rows: list[list[Entry]], signatures: int) -> tuple[int, int]:
    """Millimetres for a long answer that is given, and for one that is empty."""
    longs = [row[0] for row in rows if row[0].long and not _told(row[0])]
    told = sum(LINE * (row[0].value.count("\n") + 1) for row in rows if _told(row[0]))
    shares = sum(1.0 if entry.value else 0.5 for entry in longs) or 1
    left = PAGE - told - ROW * (len(rows) - len(longs)) - SIGNATURE * signatures - FRAME * len(longs)
    whole = max(LEAST, min(MOST, int(left / shares)))
    return whole, max(LEAST, whole // 2)


def _cell(entry: Entry, rooms: tuple[int, int]) -> dict[str, Any]:
    return {
        "label": balanced(entry.label),
        "value": entry.value,
        "long": entry.long,
        "room": LINE if _told(entry) else rooms[0] if entry.value else rooms[1],
        "boxes": [box._asdict() for box in entry.boxes],
    }


def _told(entry: Entry) -> bool:
    """Whether it lists what was recorded: nobody writes there with a pen, so that it needs no room of its own."""
    return entry.key.startswith(RECORDS)


def balanced(label: str) -> str:
    """A label that is too long for one line, broken into lines of about the same length."""
    lines = -(-len(label) // LABEL)
    step = -(-len(label) // lines) if lines else 1
    return "\n".join(label[start : start + step] for start in range(0, len(label), step))


def paired(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Two short answers stand side by side, in the order of the paper."""
    rows: list[list[Entry]] = []
    waiting = False
    for entry in entries:
        narrow = is_narrow(entry)
        if narrow and waiting and len(entry.label) <= SECOND_LABEL:
            rows[-1].append(entry)
            waiting = False
        else:
            rows.append([entry])
            waiting = narrow
    return rows


def is_narrow(entry: Entry) -> bool:
    """Whether the answer fits half a row."""
    width = sum(0.55 if letter.isascii() else 1 for letter in entry.text) + len(entry.boxes)
    return not entry.long and width <= HALF and "\n" not in entry.text


def inline(content: bytes, name: str) -> Response:
    """A PDF that the browser shows, and saves under its Chinese name."""
    response = Response(content, content_type="application/pdf")
    ascii_name = name.encode("ascii", "ignore").decode().strip("-") or "file.pdf"
    response.headers["Content-Disposition"] = f"inline; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name)}"
    return response


def address(case: Complaint, kind: str = "", number: str = "") -> str:
    """Where the paper of a case is."""
    return url_for("printing.case", case=case.id, kind=kind or None, number=number or None)
