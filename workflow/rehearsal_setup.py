"""What a rehearsal's ``setup`` (or an ``activate`` step) changes in the shipped document before it is put in force."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tomli_w

UNITS = {"分钟": "分钟", "小时": "自然小时", "工作小时": "工作小时", "日": "自然日", "天": "自然日", "月": "自然月"}
LENGTH = re.compile(r"(\d+)\s*个?\s*(分钟|工作小时|小时|工作日|自然日|自然月|日|天|月)")
Document = dict[str, Any]


def with_setup(text: str, setup: Mapping[str, Any]) -> str:
    """The document's text with what the file asks for; the text itself when it asks for nothing."""
    asked = {key: setup[key] for key in (*CHANGES, "settings") if setup.get(key)}
    if not asked:
        return text
    document = tomllib.loads(text)
    if "routing" in asked:
        people = {row["name"] for row in setup.get("staff", ())}
        asked["routing"] = [{**row, "person": row["to"] in people} for row in asked["routing"]]
    for path, value in asked.pop("settings", {}).items():
        put(document, path, value)
    for key, value in asked.items():
        CHANGES[key](document, value)
    return tomli_w.dumps(document)


def put(document: Document, path: str, value: Any) -> None:
    """Set the value at a dotted path; what lies on the way is made when it is not there."""
    *above, last = path.split(".")
    place = document
    for name in above:
        place = place.setdefault(name, {})
    place[last] = value


def _categories(document: Document, names: Sequence[str]) -> None:
    """Names added to the tree of categories, ``大类/小类`` below their parent."""
    tree = document.setdefault("vocabulary", {}).setdefault("categories", [])
    for name in names:
        parent, _, child = name.partition("/")
        row = next((row for row in tree if row["name"] == parent), None)
        if row is None:
            row = {"name": parent}
            tree.append(row)
        if child:
            row.setdefault("children", []).append(child)


def _routing(document: Document, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows put before the shipped ones: of the stage that sends cases out where there is one, else of route."""
    uses = any(step["verb"] == "dispatch" for step in document.get("step", ()))
    stage = "dispatch" if uses else "route"
    rules: list[Document] = [
        {
            "id": f"{stage}-setup-{number}",
            "stage": stage,
            "when": _by_key(document, row["when"]),
            "then": _target(document, row),
            "because": "按本次设定",
            "cites": ["设定"],
        }
        for number, row in enumerate(rows, 1)
    ]
    _have_departments(document, [rule["then"]["department"] for rule in rules if "department" in rule["then"]])
    document["rule"] = [*rules, *document.get("rule", [])]


def _target(document: Document, row: Mapping[str, Any]) -> dict[str, str]:
    """Where a row sends a case: a person of the file, a role of the document, else a department."""
    if row.get("person"):
        return {"person": row["to"]}
    return {"role" if row["to"] in document["procedure"].get("roles", ()) else "department": row["to"]}


def _by_key(document: Document, when: Mapping[str, Any]) -> dict[str, Any]:
    """The tests by the keys of the document's fields, where the file names them by their labels."""
    keys = {field["label"]: field["key"] for field in document.get("field", ())}
    return {keys.get(name, name): test for name, test in when.items()}


def _have_departments(document: Document, names: Sequence[str]) -> None:
    known = document["procedure"].setdefault("departments", [])
    for name in names:
        if name not in [row["name"] for row in known]:
            known.append({"name": name})


def _limits(document: Document, limits: Mapping[str, Any]) -> None:
    """Clock name to a length, or to lengths that hang on facts; the limit keeps everything else it has."""
    rows = document.setdefault("limit", [])
    for name, spec in limits.items():
        old = next((row for row in rows if row["name"] == name), {"name": name})
        place = rows.index(old) if old in rows else len(rows)
        several = spec if isinstance(spec, list) else [{"when": old.get("when", {}), "limit": spec}]
        new = [{**old, **_length(one["limit"]), "when": _by_key(document, one.get("when", {}))} for one in several]
        rows[place : place + (1 if old in rows else 0)] = new


def _length(text: str) -> dict[str, Any]:
    found = LENGTH.fullmatch(str(text).strip())
    if not found:
        raise ValueError(f"limit {text}")
    return {"amount": int(found[1]), "unit": UNITS.get(found[2], found[2])}


def _targets(document: Document, targets: Mapping[str, float]) -> None:
    for row in document.get("indicator", ()):
        if row["name"] in targets:
            row["target"] = targets[row["name"]]


CHANGES: Mapping[str, Callable[[Document, Any], None]] = {
    "categories": _categories,
    "routing": _routing,
    "limits": _limits,
    "kpi_targets": _targets,
}
