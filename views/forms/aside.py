"""What was typed and has no place in the form any more, because another answer has changed what is asked.

It is said, carried along out of sight, and stands there again when its question comes back; it is never sent on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflow import procedures
from workflow.act import Act

KEPT = "kept:"
"""Before the name of a question that is still there, but no longer offers what was chosen."""
OF_THE_PAGE = frozenset({"csrf_token", "url", "form_id", "accepted", "again", "seen", "ids", "place"})
MOST, LONGEST = 60, 20_000


@dataclass(frozen=True)
class Aside:
    """An answer without its question: the name under which it is carried, what it was about, and what it said."""

    name: str
    label: str
    values: list[str]


def left_over(
    act: Act, typed: Mapping[str, list[str]], asked: Mapping[str, list[str]], called: Mapping[str, str]
) -> list[Aside]:
    """The answers that have no place among the questions ``asked`` (name to the options of a strict choice), which are
    ``called`` so."""
    found = []
    labels = {**_labels(act), **called}
    for sent, values in typed.items():
        given = [value[:LONGEST] for value in values if value]
        if not given or sent in OF_THE_PAGE:
            continue
        name = sent.removeprefix(KEPT)
        fits = name in asked and (not asked[name] or given[0] in asked[name])
        overtaken = sent != name and any(typed.get(name, ()))
        if not fits and not overtaken and name in {**labels, **asked}:
            carried = f"{KEPT}{name}" if name in asked else name
            found.append(Aside(carried, labels.get(name, name), given))
    return found[:MOST]


def answer_of(typed: Mapping[str, list[str]], name: str, options: list[str], *, strict: bool) -> list[str]:
    """What was typed to a question: of a strict choice what it still offers, else what it offered before."""
    given = [value for value in typed.get(name, []) if value != ""]
    if not strict or not options:
        return given
    fitting = [value for value in given if value in options]
    return fitting or [value for value in typed.get(f"{KEPT}{name}", []) if value in options]


def _labels(act: Act) -> dict[str, str]:
    """What every question is called that another choice would ask: fields of the documents, questions of the forms."""
    documents = [procedures.in_force(act.session, act.now, code) for code in act.among] or [act.procedure]
    found = {"grade": "级别", "channel": "来源", "nature": "问题性质", "compensation_sought": "寻求补偿"}
    for document in documents:
        found |= {field.key: field.label for field in document.fields}
        found |= {f"fields.{row.key}": row.label for form in document.forms for row in form.fields}
    return found
