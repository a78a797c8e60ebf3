"""A form made of a verb's arguments: what is shown, what was typed, what the server had to say about it.

The answers stay raw text here: one parser, ``workflow.arguments.parse``, reads forms, API calls and rehearsals alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from models import Department, Staff
from rules import engine
from rules.quantities import written
from views.formats import local
from views.forms.aside import Aside, answer_of, left_over
from views.language import finding_text
from views.said import said
from workflow.act import Act
from workflow.arguments import Argument, find_department, find_person
from workflow.errors import Refused
from workflow.facts import facts_of
from workflow.intake import KINDS
from workflow.registry import Verb

FEW = 5
MANY = ("multi", "departments", "beside")
UPLOADED = ("file", "files")


@dataclass
class Field:
    """One question of the form with its answer so far."""

    argument: Argument
    values: list[str]
    options: list[str] = field(default_factory=list)
    required: bool = False
    shown: str = ""
    """The name behind the id of a person or department."""
    first: list[dict[str, str]] = field(default_factory=list)
    """Who is offered before anybody has typed a name: id, name, and where he works and what he knows."""
    errors: list[str] = field(default_factory=list)
    sent: bool = True
    """Whether the answer came with the form; what a form did not carry is not cleared."""
    again: bool = False
    """Whether other questions hang on this answer."""

    @property
    def name(self) -> str:
        return self.argument.name

    @property
    def value(self) -> str:
        """The single answer."""
        return self.values[0] if self.values else ""

    @property
    def look(self) -> str:
        """How it is asked: a choice of up to five as radio buttons, a longer one as a list."""
        kind = self.argument.kind
        if kind == "choice":
            if not self.options:
                return "text"
            if not self.argument.strict:
                return "suggest"
            return "radio" if len(self.options) <= FEW else "select"
        return {"name": "text", "json": "long", "multi": "checks" if self.options else "long"}.get(kind, kind)


@dataclass
class VerbForm:
    """The questions of one verb about one case (or about none)."""

    verb: Verb
    act: Act
    fields: list[Field]
    findings: list[tuple[str, str]] = field(default_factory=list)
    """What stands in the summary: name of the field (or nothing) and the sentence."""
    warnings: list[str] = field(default_factory=list)
    aside: list[Aside] = field(default_factory=list)
    """What was typed and is not asked any more."""

    @property
    def sections(self) -> list[tuple[str, list[Field]]]:
        """The questions by section, in the order in which the sections first appear."""
        found: dict[str, list[Field]] = {}
        for item in self.fields:
            if item.argument.kind not in ("hidden", "beside"):
                found.setdefault(item.argument.section, []).append(item)
        return list(found.items())

    @property
    def hidden(self) -> list[Field]:
        """Answers that are carried along."""
        return [item for item in self.fields if item.argument.kind == "hidden"]

    @property
    def has_files(self) -> bool:
        """Whether a file is asked for."""
        return any(item.argument.kind in UPLOADED for item in self.fields)

    def refuse(self, refusal: Refused) -> None:
        """Put each reason at its field and into the summary."""
        by_name = {item.name: item for item in self.fields}
        for finding in refusal.findings:
            text, name = finding_text(finding), getattr(finding, "field", "")
            if name in by_name:
                by_name[name].errors.append(text)
            self.findings.append((name if name in by_name else "", text))


def build(
    verb: Verb,
    act: Act,
    arguments: Iterable[Argument],
    typed: Mapping[str, list[str]] | None,
    known: Mapping[str, Any],
    hanging: Iterable[str] = (),
) -> VerbForm:
    """The form: with what was typed, or at first with what is already ``known`` and the verb's own defaults."""
    found = [_field(act, item, typed, known) for item in expanded(act, arguments)]
    fields = [item for item in found if item.options or not item.argument.among]
    demanded = demanded_by_rules(verb, act)
    for item in fields:
        item.again = item.name in set(hanging)
        item.required = item.argument.required or item.name in demanded
    asked = {item.name: item.options if _strict(item.argument) else [] for item in fields}
    called = {item.name: item.argument.label for item in fields}
    return VerbForm(verb, act, fields, aside=left_over(act, typed, asked, called) if typed is not None else [])


def _strict(argument: Argument) -> bool:
    """Whether only what is offered may be chosen."""
    return argument.kind == "choice" and argument.strict


def expanded(act: Act, arguments: Iterable[Argument]) -> list[Argument]:
    """The arguments; the ``fields`` of a document become the questions of its form once its kind is chosen."""
    found: list[Argument] = []
    for item in arguments:
        form = act.procedure.form(str(act.arguments.get("kind"))) if item.name == "fields" else None
        if item.name == "fields" and item.kind == "json":
            found += [
                Argument(
                    f"fields.{row.key}",
                    row.label,
                    "file" if row.type == "file" else KINDS.get(row.type, "text"),
                    required=row.required,
                    options=tuple(getattr(row, "values", ()) or ()),
                    strict=False,
                )
                for row in (form.fields if form else ())
            ]
        else:
            found.append(item)
    return found


def demanded_by_rules(verb: Verb, act: Act) -> set[str]:
    """What the procedure demands at this verb, so that the form can say so before it is refused."""
    required = {row.key for row in act.procedure.fields if verb.name in row.required_at}
    facts = {name: value for name, value in facts_of(act).items() if not name.startswith("argument.")}
    found = engine.collect(act.procedure, "require", {**facts, "verb": verb.name})
    return required | {str(decision.outcome.get("field")) for decision in found if isinstance(decision.outcome, dict)}


def _field(act: Act, argument: Argument, typed: Mapping[str, list[str]] | None, known: Mapping[str, Any]) -> Field:
    options = _options(act, argument)
    if typed is not None:
        values = answer_of(typed, argument.name, options, strict=_strict(argument))
    else:
        values = raw_values(known[argument.name] if argument.name in known else _default(act, argument))
        if argument.kind == "multi" and not argument.options:
            values = ["\n".join(values)] if values else []
    sent = typed is None or argument.name in typed or argument.kind in MANY
    item = Field(argument, values, options, sent=sent)
    if argument.kind in ("person", "department") and item.value:
        find = find_person if argument.kind == "person" else find_department
        found = find(act.session, item.value)
        item.shown = said(found.name) if found else item.value
    if argument.kind == "person":
        item.first = [_offered(found) for name in options if (found := find_person(act.session, name))]
    return item


def _offered(person: Staff) -> dict[str, str]:
    more = (said(str(person.department or "")), _("、").join(said(str(skill)) for skill in person.skills))
    return {"id": str(person.id), "name": person.name, "more": " · ".join(filter(None, more))}


def _options(act: Act, argument: Argument) -> list[str]:
    try:
        return argument.choices(act)
    except (KeyError, AttributeError, TypeError, ValueError):
        # options that hang on another answer cannot be told before that answer is given
        return []


def _default(act: Act, argument: Argument) -> Any:
    return argument.default(act) if argument.default else None


def raw_values(value: Any) -> list[str]:
    """A value as a form sends it."""
    match value:
        case None | "" | []:
            return []
        case bool():
            return ["是" if value else "否"]
        case datetime():
            return [f"{local(value):%Y-%m-%dT%H:%M}"]
        case date():
            return [value.isoformat()]
        case timedelta():
            return [written(value)]
        case Department() | Staff():
            return [str(value.id)]
        case list() | tuple():
            return [text for part in value for text in raw_values(part)]
        case _:
            return [str(value)]


def answers(form: VerbForm) -> dict[str, Any]:
    """What the verb is given: one text an argument, a list where several are asked for, nothing where all is empty."""
    given: dict[str, Any] = {}
    for item in form.fields:
        if not item.sent or item.argument.kind in UPLOADED:
            continue
        value: Any = (item.values if item.argument.kind in MANY else item.value) or None
        put(given, item.name, value)
    return given


def put(given: dict[str, Any], name: str, value: Any) -> None:
    """Put an answer where it belongs: beside the others, or among the fields of a document."""
    if name.startswith("fields."):
        given.setdefault("fields", {})[name.removeprefix("fields.")] = value or ""
    else:
        given[name] = value


def typed_of(sent: MultiDict[str, str]) -> dict[str, list[str]]:
    """Everything that a form sent, trimmed, line ends as the database keeps them."""
    return {name: [value.replace("\r\n", "\n").strip() for value in values] for name, values in sent.lists()}


def unchanged(form: VerbForm, known: Mapping[str, Any]) -> set[str]:
    """The arguments whose answer is what was known already: an edit writes only what was changed."""
    return {
        item.name for item in form.fields if item.name in known and _same(item.values, raw_values(known[item.name]))
    }


def _same(one: list[str], other: list[str]) -> bool:
    return one == other or (not any(one) and not any(other))
