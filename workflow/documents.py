"""Documents: fill a form that the procedure defines, and print any form of a case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import String, cast, select

from models import (
    Clock,
    Coordination,
    CorrectiveAction,
    FeeLine,
    FormDocument,
    Proposal,
    SupervisionOrder,
    WorkOrder,
)
from rules import lifecycle, quantities
from rules.document import FormField, FormRow
from rules.procedure import Procedure
from workflow import access, evidence, procedures
from workflow.act import Act, shown
from workflow.arguments import Argument
from workflow.errors import Finding, Forbidden, Refused
from workflow.facts import newest
from workflow.notices import met
from workflow.numbers import next_number
from workflow.onpaper import Sheet, sheet_from, value_of
from workflow.registry import verb
from workflow.timekeeping import read, states_for

TABLES: dict[str, Any] = {
    "order": SupervisionOrder,
    "correction": CorrectiveAction,
    "proposal": Proposal,
    "workorder": WorkOrder,
    "fee": FeeLine,
    "coordination": Coordination,
}
NUMBERS: dict[Any, Any] = {
    SupervisionOrder: SupervisionOrder.order_no,
    CorrectiveAction: CorrectiveAction.record_no,
    FormDocument: FormDocument.no,
    Proposal: cast(Proposal.number, String),
    WorkOrder: WorkOrder.order_no,
    FeeLine: FeeLine.order_no,
    Coordination: cast(Coordination.id, String),
}
"""By what a record of this table is asked for, as text."""


def kind_of(procedure: Procedure | None, table: type) -> str:
    """The form that a record of this table is on paper; empty where the procedure has none for it."""
    forms = procedure.forms if procedure else ()
    return next((form.kind for form in forms if TABLES.get(str(form.table)) is table), "")


def _fillable(act: Act) -> list[str]:
    """The kinds that this person may write on this case."""
    forms = [form for form in act.procedure.forms if form.table in (None, "", "document")]
    return [form.kind for form in forms if _may_write(act, form).ok]


def form_of(act: Act, kind: str) -> FormRow:
    """The form of that kind in the case's procedure."""
    form = act.procedure.form(kind)
    if form is None:
        raise Refused("本制度没有“{kind}”这种表单", field="kind", kind=kind)
    return form


def fill_arguments(act: Act) -> Sequence[Argument]:
    """The kind, and once it is chosen the fields of that form; ``fields`` takes them as one mapping."""
    return [
        Argument("kind", "表单", "choice", options=_fillable, required=True),
        Argument("fields", "内容", "json"),
    ]


@verb("fill_document", label="填写表单", group="文书", arguments=fill_arguments, knows=lambda act: bool(_fillable(act)))
def fill_document(act: Act) -> None:
    """A document of the procedure's own kind; who may write it and what it must hold stand in its ``[[form]]``."""
    form = form_of(act, str(act.arguments["kind"]))
    _check_author(act, form)
    given = act.given("fields", {})
    if not isinstance(given, dict):
        raise Refused("内容应为表单的各项", field="fields")
    document = write(act, form, _checked(form, _with_files(act, form, given)))
    act.say(f"{form.title or form.kind}({document.state})")
    act.result = document


def write(act: Act, form: FormRow, fields: dict[str, Any]) -> FormDocument:
    """A document of that form, with its number, in the name of whoever acts."""
    document = FormDocument(
        kind=form.kind,
        no=next_number(act, form.prefix, monthly=form.numbered == "month") if form.prefix else None,
        complaint_id=act.case.id,
        fields=fields,
        signatures=[{"label": "填写人", "name": act.actor.name, "at": act.now.isoformat()}],
        state=_state(form, fields),
        author_id=act.actor.id,
        created_at=act.now,
    )
    act.session.add(document)
    act.session.flush()
    met(act, f"document:{form.kind}")
    return document


def write_by_itself(act: Act, form: FormRow) -> FormDocument:
    """The document that a deed makes: each field from what was said with the deed, else from the case."""
    given = {item.key: act.given(item.key) for item in form.fields}
    told = {
        item.key: shown(given[item.key]) if given[item.key] is not None else value_of(act.case, item.source, act.case)
        for item in form.fields
        if given[item.key] is not None or item.source
    }
    return write(act, form, told)


def _with_files(act: Act, form: FormRow, given: dict[str, Any]) -> dict[str, Any]:
    """The fields with each uploaded file kept as an attachment of the case and named in its field."""
    uploads = {
        item.key: item.label for item in form.fields if item.type == "file" and isinstance(given.get(item.key), dict)
    }
    kept = {
        key: evidence.keep(act, given[key], kind="其他", note=f"{form.title} {label}") for key, label in uploads.items()
    }
    return {**given, **{key: file.file_name for key, file in kept.items()}}


def _sees(act: Act) -> bool:
    return act.actor.is_system or access.may_see(act.session, act.actor, act.case)


def _may_write(act: Act, form: FormRow) -> lifecycle.Permission:
    """Whether the form is this person's to write: as its ``who`` says, else whoever sees the case."""
    if act.actor.is_system or (not form.who and _sees(act)):
        return lifecycle.YES
    if not form.who:
        return lifecycle.Permission(False, "没有这件投诉,或者它不在您的范围内")
    hats = act.actor.hats_for("fill_document")
    return lifecycle.may(form.who, hats=hats, relations=access.relations(act.case, form.who), person=act.actor.id)


def _check_author(act: Act, form: FormRow) -> None:
    permission = _may_write(act, form)
    if not permission.ok:
        raise Forbidden(findings=[Finding(permission.text, "kind", values=dict(permission.values))])


def _checked(form: FormRow, given: dict[str, Any]) -> dict[str, Any]:
    """The form's fields as given; each missing required one is named. Keys that the form does not know are kept."""
    missing = [
        Finding("请填写{label}", field=f"fields.{item.key}", values={"label": item.label})
        for item in form.fields
        if item.required and given.get(item.key) in (None, "", [])
    ]
    if missing:
        raise Refused(findings=missing)
    given = given | {item.key: _length(item, given[item.key]) for item in form.fields if item.key in given}
    if len(given) > 60 or any(len(str(key)) > 60 or len(str(value)) > 20000 for key, value in given.items()):
        raise Refused("表单内容过长", field="fields")
    return {
        str(key): value if isinstance(value, str | int | float | bool | None) else str(value)
        for key, value in given.items()
    }


def _length(item: FormField, value: Any) -> Any:
    """A length of time as the house writes it, where the form asks for one; anything else as it was given."""
    if item.type != "duration" or value in (None, ""):
        return value
    found = quantities.length(str(value))
    if found is None:
        raise Refused("{label}应为一段时间,如 2小时30分钟", field=f"fields.{item.key}", label=item.label)
    return quantities.written(found)


def _state(form: FormRow, fields: dict[str, Any]) -> str:
    """已填, or what the form becomes once a named field is given (调查报告 reported becomes 已报公司)."""
    for key, state in (form.state_when or {}).items():
        if fields.get(key):
            return str(state)
    return form.state_on_fill or "已填"


@verb(
    "print",
    label="打印",
    group="文书",
    silent=True,
    arguments=(
        Argument(
            "kind", "表单", "choice", options=lambda act: [form.kind for form in act.procedure.forms], strict=True
        ),
        Argument("number", "编号", "text", help="不写就打印最新的一份"),
        Argument("reason", "理由", "text", help="与本件无关的人写明理由，才打印完整的联系方式"),
    ),
)
def print_form(act: Act) -> None:
    """The case's form of that kind (without a kind all that exist) as sheets ready for paper (P02-12.1, 12.2).

    Paper leaves the house, so every print is kept in the history.
    """
    kind = act.given("kind")
    forms = [form_of(act, kind)] if kind else [form for form in act.procedure.forms if _row(act, form) is not None]
    single = [(form, sheet_of(act, form)) for form in forms if form.table != "complaint" or kind]
    sheets = [copy for form, sheet in single for copy in _made_out(form, sheet)]
    if not sheets:
        raise Refused("本件还没有可打印的表单", field="kind")
    act.say("、".join(f"{sheet.kind} {sheet.number}" for _form, sheet in single))
    act.result = sheets


def _made_out(form: FormRow, sheet: Sheet) -> list[Sheet]:
    """The sheet once for each copy, with where that one goes."""
    return [replace(sheet, title=f"{sheet.title}({name})") for name in form.copies] or [sheet]


def _row(act: Act, form: FormRow) -> Any:
    """The case's row of that form: the one with the number that was asked for, else the newest."""
    if form.table == "complaint":
        return act.case
    table = TABLES.get(str(form.table), FormDocument)
    kind = [FormDocument.kind == form.kind] if table is FormDocument else []
    if wanted := act.given("number"):
        kind.append(NUMBERS[table] == wanted)
    return newest(act, table, *kind)


def sheet_of(act: Act, form: FormRow) -> Sheet:
    """The form filled from the case's row of that kind."""
    row = _row(act, form)
    if row is None:
        raise Refused("本件还没有{kind}", field="kind", kind=form.title or form.kind)
    sheet = sheet_from(
        form, row, act.case.case_no, clear=bool(act.reason) or procedures.works_on(act.session, act.actor, act.case)
    )
    return replace(sheet, notes=(*sheet.notes, *_reckoning(act, form, row)))


def _reckoning(act: Act, form: FormRow, row: Any) -> Iterator[str]:
    """How the due instants of this paper were counted, in the words of the page: those of its order, and those that a
    field of it names."""
    keys = {part for item in form.fields for part in item.key.split("+")}
    named = [limit.name for limit in act.procedure.limits if limit.until_from and limit.until_from in keys]
    mine = Clock.order_id == row.id if isinstance(row, SupervisionOrder) else Clock.name.in_(named)
    for clock in act.session.scalars(select(Clock).where(Clock.complaint_id == act.case.id, mine).order_by(Clock.id)):
        yield f"{clock.name}:{';'.join(read(clock, states_for(act)).steps)}"
