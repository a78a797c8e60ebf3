"""Drafts of a procedure: begun from a version or a file, edited cell by cell, undone, redone, given up.

A draft saves itself with each edit; what stood there before is kept, so that any number of steps can be taken back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from tomlkit.exceptions import TOMLKitError

from models import ProcedureEdit, ProcedureVersion
from rules import editing, procedure
from rules.editing import ADD, CHANGE, KINDS, MOVE, REMOVE, Edit, EditFault
from rules.faults import ProcedureFault
from rules.known import fact_of
from rules.lint_lengths import too_long
from rules.procedure import Procedure
from rules.unary import TestFault, parse_test
from workflow import procedures, tomltext
from workflow.act import Act
from workflow.arguments import Argument
from workflow.errors import Conflict, Finding, NotFound, Refused
from workflow.registry import verb
from workflow.stewards import draft_asked, editors

DRAFT, WAITING, GIVEN_UP = "草稿", "待审", "弃用"
EDITING: dict[str, Any] = {"group": "制度", "needs_case": False, "guard": "never", "who": editors}
TAKEN_BACK_BY = {CHANGE: CHANGE, ADD: REMOVE, REMOVE: ADD, MOVE: MOVE}
FOUND_AS = "found_as"
"""In what stood there before: the name by which the row is found now."""
LONGEST_TEXT = 400_000
OF_DRAFT = Argument("draft", "草稿", "hidden", required=True)


def known_codes(act: Act) -> list[str]:
    """The procedures of which there is any version."""
    return list(act.session.scalars(select(ProcedureVersion.code).distinct().order_by(ProcedureVersion.code)))


@verb(
    "draft_procedure",
    label="起草制度",
    **EDITING,
    arguments=(
        Argument("code", "制度", "choice", required=True, options=known_codes),
        Argument("based_on", "所依据的版本", "number", minimum=1),
    ),
)
def draft_procedure(act: Act) -> None:
    """A draft of the next version: the text of the one in force, or of the version named."""
    code = act.arguments["code"]
    number = act.given("based_on") or procedures.number_in_force(act.session, code, act.now) or _newest(act, code)
    query = select(ProcedureVersion).where(ProcedureVersion.code == code, ProcedureVersion.number == number)
    base = act.session.scalar(query)
    if base is None:
        raise NotFound("没有制度 {code} 的第 {number} 版", field="based_on", code=code, number=number)
    begin(act, base.text, code=code, title=base.title, based_on=base.number)


@verb(
    "import_procedure",
    label="导入制度",
    **EDITING,
    arguments=(Argument("text", "TOML 文本", "long", required=True, longest=LONGEST_TEXT),),
)
def import_procedure(act: Act) -> None:
    """A draft of the next version of whichever procedure the text is, with its comments."""
    text = act.arguments["text"].rstrip() + "\n"
    document = read(text, field="text")
    _unless_too_deep(text)
    in_force = procedures.number_in_force(act.session, document.code, act.now)
    begin(act, text, code=document.code, title=document.title, based_on=in_force)


@verb(
    "adopt_procedure",
    label="采用随附的制度",
    **EDITING,
    arguments=(
        Argument("code", "随附的制度", "choice", required=True, options=lambda _act: list(procedure.shipped())),
    ),
)
def adopt_procedure(act: Act) -> None:
    """A draft with the text of a procedure that is shipped; it comes into force like any other, by a second person."""
    code = act.arguments["code"]
    text = procedure.shipped()[code]
    in_force = procedures.number_in_force(act.session, code, act.now)
    begin(act, text, code=code, title=procedure.parse(text).title, based_on=in_force)


def begin(act: Act, text: str, *, code: str, title: str, based_on: int | None) -> ProcedureVersion:
    """Store a draft as the next number of its code; other drafts that are still open are pointed out."""
    same = select(ProcedureVersion).where(ProcedureVersion.code == code, ProcedureVersion.state.in_((DRAFT, WAITING)))
    for other in act.session.scalars(same.order_by(ProcedureVersion.number)):
        act.warn(f"{other} 还是{other.state},两份草稿不会合并")
    last = act.session.scalar(select(func.max(ProcedureVersion.number)).where(ProcedureVersion.code == code))
    draft = ProcedureVersion(code=code, number=(last or 0) + 1, title=title, state=DRAFT, based_on=based_on)
    draft.author_id, draft.created_at = act.actor.id, act.now
    _write(draft, text)
    act.session.add(draft)
    act.session.flush()
    act.say(f"{draft}" + (f",基于第 {based_on} 版" if based_on else ""))
    act.result = draft
    return draft


@verb(
    "edit_procedure",
    label="修改草稿",
    **EDITING,
    silent=True,
    forgets=True,
    arguments=(
        OF_DRAFT,
        Argument("section", "部分", "choice", required=True, options=lambda _act: list(editing.sections())),
        Argument("row", "行", "text"),
        Argument("kind", "修改", "choice", required=True, options=KINDS),
        Argument("value", "内容", "json"),
        Argument("since", "看到的最后一次修改", "number"),
    ),
)
def edit_procedure(act: Act) -> None:
    """One cell changed, or a row added, removed or moved; what would make no sense is refused and nothing is stored."""
    draft = _open_draft(act)
    value = act.given("value", {})
    if not isinstance(value, Mapping):
        raise Refused("修改的内容应为对象,如 {example}", field="value", example='{"cell": …, "value": …}')
    edit = Edit(act.arguments["section"], act.given("row", ""), act.arguments["kind"], value)
    _unless_edited_meanwhile(act, draft, edit)
    _unless_another_type(procedures.compiled(draft.text, draft.number), edit)
    back = _carry_out(draft, edit)
    for undone in _undone(act.session, draft):
        undone.overtaken = True
    act.session.add(
        ProcedureEdit(
            draft=draft,
            by_id=act.actor.id,
            at=act.now,
            kind=edit.kind,
            section=edit.section,
            row=(edit.row or (back.row if edit.kind == ADD else ""))[:120],
            before=_json({FOUND_AS: back.row, **back.value}),
            after=_json(edit.value),
        )
    )
    _saved(act, draft)


@verb("undo_edit", label="撤销修改", **EDITING, silent=True, forgets=True, arguments=(OF_DRAFT,))
def undo_edit(act: Act) -> None:
    """The last edit is taken back, if it was one's own; any number of steps."""
    draft = _open_draft(act)
    last = act.session.scalar(_edits(draft).where(ProcedureEdit.undone.is_(False)).order_by(ProcedureEdit.id.desc()))
    if last is None:
        raise Refused("没有可以撤销的修改")
    _unless_anothers(act, last)
    value = {name: inner for name, inner in last.before.items() if name != FOUND_AS}
    _carry_out(draft, Edit(last.section, last.before[FOUND_AS], TAKEN_BACK_BY[last.kind], value))
    last.undone = True
    _saved(act, draft)


@verb("redo_edit", label="重做修改", **EDITING, silent=True, forgets=True, arguments=(OF_DRAFT,))
def redo_edit(act: Act) -> None:
    """The edit that was taken back last is made again, as long as nothing else was edited since."""
    draft = _open_draft(act)
    undone = _undone(act.session, draft)
    if not undone:
        raise Refused("没有可以重做的修改")
    _unless_anothers(act, undone[0])
    row = "" if undone[0].kind == ADD else undone[0].row
    _carry_out(draft, Edit(undone[0].section, row, undone[0].kind, undone[0].after))
    undone[0].undone = False
    _saved(act, draft)


@verb("give_up_draft", label="放弃草稿", **EDITING, danger=True, arguments=(OF_DRAFT,))
def give_up_draft(act: Act) -> None:
    """The draft is kept and is no draft any more."""
    draft = _open_draft(act)
    draft.state = GIVEN_UP
    act.say(str(draft))
    act.result = draft


# ---------------------------------------------------------------------------------------------------------------------


def read(text: str, *, field: str) -> Procedure:
    """The document that a text means; refused with every fault it has."""
    try:
        document = procedure.parse(text)
    except ProcedureFault as fault:
        raise Refused(findings=list(_findings(fault, field))) from fault
    except RecursionError as fault:
        raise Refused("嵌套太深,读不了", field=field) from fault
    return _storable(document, field)


def _unless_too_deep(text: str) -> None:
    """Refuse what could be judged by and never be edited: whoever keeps the comments reads less deeply."""
    try:
        tomltext.read(text)
    except (TOMLKitError, RecursionError) as fault:
        raise Refused("嵌套太深,读不了", field="text") from fault


def last_edit(session: Session, draft: ProcedureVersion) -> int:
    """The id of the newest edit of a draft, for ``since``; 0 when there is none."""
    return session.scalar(select(func.max(ProcedureEdit.id)).where(ProcedureEdit.draft_id == draft.id)) or 0


def can_undo(session: Session, draft: ProcedureVersion) -> bool:
    """Whether any edit stands that could be taken back."""
    return session.scalar(_edits(draft).where(ProcedureEdit.undone.is_(False)).limit(1)) is not None


def can_redo(session: Session, draft: ProcedureVersion) -> bool:
    """Whether any edit was taken back that could be made again."""
    return bool(_undone(session, draft))


def _open_draft(act: Act) -> ProcedureVersion:
    draft = draft_asked(act)
    if draft.state != DRAFT:
        raise Conflict("{draft}已是“{state}”,不能再改", draft=str(draft), state=draft.state)
    return draft


def _edits(draft: ProcedureVersion) -> Any:
    return select(ProcedureEdit).where(ProcedureEdit.draft_id == draft.id)


def _undone(session: Session, draft: ProcedureVersion) -> list[ProcedureEdit]:
    """What could be made again, the next one first."""
    query = _edits(draft).where(ProcedureEdit.undone.is_(True), ProcedureEdit.overtaken.is_(False))
    return list(session.scalars(query.order_by(ProcedureEdit.id)))


def _unless_anothers(act: Act, edit: ProcedureEdit) -> None:
    if edit.by_id != act.actor.id:
        name = edit.by.name if edit.by else "系统"
        raise Conflict("这一步是{name}改的,请由{name}撤销或重做", name=name)


def _unless_edited_meanwhile(act: Act, draft: ProcedureVersion, edit: Edit) -> None:
    """Refuse over an edit of the same row that somebody else made after what this editor has seen."""
    since = act.given("since")
    if since is None:
        return
    query = _edits(draft).where(
        ProcedureEdit.id > since,
        ProcedureEdit.section == edit.section,
        ProcedureEdit.row == edit.row,
        ProcedureEdit.by_id.is_distinct_from(act.actor.id),
    )
    for other in act.session.scalars(query.order_by(ProcedureEdit.id.desc())):
        same = other.after.get("cell") == edit.value.get("cell")
        if same or edit.section != editing.ONE_TABLE:
            name = other.by.name if other.by else "系统"
            row = edit.row or str(edit.value.get("cell"))
            raise Conflict("“{row}”刚被{name}改过,请看过再改", field=_cell_of(edit), row=row, name=name)


def _carry_out(draft: ProcedureVersion, edit: Edit) -> Edit:
    """Write the edit into the text when it still is a document afterwards; return what takes it back."""
    if edit.section == editing.ONE_TABLE and edit.value.get("cell") == "code":
        raise Refused("制度的代码不能改", field="code")
    try:
        text, back = tomltext.edited(draft.text, edit)
    except EditFault as fault:
        raise Refused("{wrong}(应为:{right})", field=fault.cell, wrong=fault.wrong, right=fault.right) from fault
    meant = read(text, field=_cell_of(edit))
    draft.title = meant.title
    _write(draft, text)
    return back


def _unless_another_type(document: Procedure, edit: Edit) -> None:
    """Refuse a test that can mean nothing for the type of its fact: 金额 that is 三级投诉."""
    cell, value = str(edit.value.get("cell") or ""), edit.value.get("value")
    tests: Any = {}
    if edit.kind == ADD:
        row = edit.value.get("row")
        tests = row.get("when") if isinstance(row, Mapping) else {}
    elif edit.kind == CHANGE and cell.partition(".")[0] == "when":
        tests = {cell.partition(".")[2]: value} if "." in cell else value
    for name, raw in tests.items() if isinstance(tests, Mapping) else ():
        try:
            if raw is not None:
                parse_test(raw, fact_of(document, str(name)))
        except TestFault as fault:
            text = "{wrong}(应为:{right})"
            raise Refused(text, field=f"when.{name}", wrong=fault.wrong, right=fault.right) from fault


def _cell_of(edit: Edit) -> str:
    """The cell beside which a fault of this edit is shown."""
    return str(edit.value.get("cell") or "") or ("row" if edit.kind == ADD else edit.row)


def _findings(fault: ProcedureFault, field: str) -> Iterator[Finding]:
    for found in fault.findings:
        values: dict[str, object] = {"where": found.where, "wrong": found.wrong, "right": found.right}
        text = "{where}:{wrong}(应为:{right})" if found.right else "{where}:{wrong}"
        yield Finding(text, found.cell if field and found.cell.startswith(field) else field, values=values)


def _storable(document: Procedure, field: str) -> Procedure:
    """Refuse a name that is longer than the place where the house keeps it."""
    for each in too_long(document):
        text = "{what}“{name}”太长,最多{longest}个字"
        raise Refused(text, field=field, what=each.what, name=each.name[:40], longest=each.longest)
    return document


def _json(value: Any) -> Any:
    """The value as JSON can hold it; a date is as good as its text in every cell."""
    if isinstance(value, Mapping):
        return {str(name): _json(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, date | time) else value


def _write(draft: ProcedureVersion, text: str) -> None:
    draft.text, draft.sha256 = text, hashlib.sha256(text.encode()).hexdigest()


def _saved(act: Act, draft: ProcedureVersion) -> None:
    draft.edited_at = act.now
    act.session.flush()
    act.result = draft


def _newest(act: Act, code: str) -> int:
    query = select(func.max(ProcedureVersion.number)).where(
        ProcedureVersion.code == code, ProcedureVersion.state == procedures.APPROVED
    )
    return act.session.scalar(query) or 0
