"""Documents: fill a form that the procedure defines, and print any form of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models import CorrectiveAction, FormDocument, SupervisionOrder
from rules import lifecycle
from rules.document import FormRow
from workflow import access
from workflow.act import Act, shown
from workflow.arguments import SHANGHAI, Argument
from workflow.errors import Finding, Forbidden, Refused
from workflow.facts import all_of, newest
from workflow.notices import met
from workflow.numbers import next_number
from workflow.registry import verb

TABLES = {"order": SupervisionOrder, "correction": CorrectiveAction}


@dataclass(frozen=True)
class Sheet:
    """A form ready to be shown or printed: labels with their values in the order of the paper, and signatures."""

    kind: str
    title: str
    number: str
    rows: tuple[tuple[str, str, bool], ...]
    """Label, value, and whether it is a long text."""
    signatures: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        """The same as plain text."""
        lines = [f"{self.title} {self.number}".strip()]
        lines += [f"{label}:{value}" for label, value, _ in self.rows]
        lines += [f"{label}:{value}" for label, value in self.signatures]
        return "\n".join([*lines, *self.notes])


def _fillable(act: Act) -> list[str]:
    return [form.kind for form in act.procedure.forms if form.table in (None, "", "document")]


def form_of(act: Act, kind: str) -> FormRow:
    """The form of that kind in the case's procedure."""
    form = act.procedure.form(kind)
    if form is None:
        raise Refused("本制度没有“{kind}”这种表单", field="kind", kind=kind)
    return form


def fill_arguments(act: Act) -> Sequence[Argument]:
    """The kind, and once it is chosen the fields of that form; ``fields`` takes them as one mapping."""
    return [Argument("kind", "表单", "choice", options=_fillable, required=True), Argument("fields", "内容", "json")]


@verb("fill_document", label="填写表单", group="文书", arguments=fill_arguments, sees_case=False)
def fill_document(act: Act) -> None:
    """A document of the procedure's own kind; who may write it and what it must hold stand in its ``[[form]]``."""
    form = form_of(act, str(act.arguments["kind"]))
    _check_author(act, form)
    given = act.given("fields", {})
    if not isinstance(given, dict):
        raise Refused("内容应为表单的各项", field="fields")
    fields = _checked(form, given)
    document = FormDocument(
        kind=form.kind,
        no=next_number(act, form.prefix) if form.prefix else None,
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
    act.say(f"{form.title or form.kind}({document.state})")
    act.result = document


def _check_author(act: Act, form: FormRow) -> None:
    who = tuple(form.who or ())
    if act.actor.is_system:
        return
    if who:
        permission = lifecycle.may(
            who, hats=act.actor.hats_for("fill_document"), relations=access.relations(act.case), person=act.actor.id
        )
        if not permission.ok:
            raise Forbidden(findings=[Finding(permission.text, "kind", values=dict(permission.values))])
    elif not access.may_see(act.session, act.actor, act.case):
        raise Forbidden("没有这件投诉,或者它不在您的范围内")


def _checked(form: FormRow, given: dict[str, Any]) -> dict[str, Any]:
    """The form's fields as given; each missing required one is named. Keys that the form does not know are kept."""
    missing = [
        Finding("请填写{label}", field=f"fields.{item.key}", values={"label": item.label})
        for item in form.fields
        if item.required and given.get(item.key) in (None, "", [])
    ]
    if missing:
        raise Refused(findings=missing)
    if len(given) > 60 or any(len(str(key)) > 60 or len(str(value)) > 20000 for key, value in given.items()):
        raise Refused("表单内容过长", field="fields")
    return {
        str(key): value if isinstance(value, str | int | float | bool | None) else str(value)
        for key, value in given.items()
    }


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
    ),
)
def print_form(act: Act) -> None:
    """The case's form of that kind (without a kind all that exist) as sheets ready for paper (P02-12.1, 12.2)."""
    kind = act.given("kind")
    forms = [form_of(act, kind)] if kind else [form for form in act.procedure.forms if _row(act, form) is not None]
    sheets = [sheet_of(act, form) for form in forms if form.table != "complaint" or kind]
    if not sheets:
        raise Refused("本件还没有可打印的表单", field="kind")
    act.result = sheets


def _row(act: Act, form: FormRow) -> Any:
    if form.table in TABLES:
        return newest(act, TABLES[form.table])
    if form.table == "complaint":
        return act.case
    return newest(act, FormDocument, FormDocument.kind == form.kind)


def sheet_of(act: Act, form: FormRow) -> Sheet:
    """The form filled from the case's newest row of that kind."""
    row = _row(act, form)
    if row is None:
        raise Refused("本件还没有{kind}", field="kind", kind=form.title or form.kind)
    values = row.fields if isinstance(row, FormDocument) else row
    rows, signatures = [], []
    for item in form.fields:
        value = _value(values, item.key, row)
        if item.type == "signature":
            signatures.append((item.label, value))
        else:
            rows.append((item.label, value, item.type == "long"))
    number = getattr(row, "order_no", None) or getattr(row, "record_no", None) or getattr(row, "no", None) or ""
    return Sheet(form.kind, form.title or form.kind, number or act.case.case_no, tuple(rows), tuple(signatures))


def _value(values: Any, source: str, row: Any) -> str:
    """A field as the paper shows it. ``a+b`` joins two, a dotted path goes through relations."""
    if "+" in source:
        return " ".join(text for text in (_value(values, part, row) for part in source.split("+")) if text)
    value: Any = values
    for part in source.split("."):
        value = value.get(part) if isinstance(value, dict) else getattr(value, part, None)
    if source == "limit_kind":
        return f"{row.limit_days} 日内" if row.limit_days else "当天"
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    return "" if value in (None, "") else shown(value)


def documents_of(act: Act) -> list[FormDocument]:
    """The case's documents, oldest first."""
    return all_of(act, FormDocument)
