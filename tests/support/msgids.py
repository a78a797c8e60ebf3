"""Every Chinese text that can reach a person's eye, and what the English catalogue lacks of it.

``python -m tests.support.msgids`` prints the missing entries in the catalogue's own form, ready to be filled in, and
the entries that nothing uses any more. What the history, the notices and the clocks have written down stays as recorded.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
CHINESE = re.compile("[\u3001-\u3011\u4e00-\u9fff\uff01-\uff1f]")
"""Characters, and the punctuation that goes with them."""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")

CODE = (
    "views",
    "workflow",
    "models",
    *(f"rules/{name}.py" for name in ("vocabulary", "lifecycle", "facts", "assessment")),
)
APART = ("rehearsal", "migrations", "queries")
"""Modules whose texts are read by the house's own people at a console, or by nobody."""
RECORDED = ("say", "compile", "debug", "info", "warning", "exception", "error")
"""Calls whose text goes into the history or the log, not onto a page."""
UNSAID = (
    "id",
    "cites",
    "source",
    "numerator",
    "denominator",
    "when",
    "who",
    "by",
    "to",
    "met_by",
    "met",
    "starts",
    "cancelled",
    "urge_to",
    "remind_to",
    "overdue_to",
    "order_from",
    "from",
    "to_when",
    "number_prefixes",
    "words",
    "intervals",
    "remind",
    "urge",
)
"""Parts of a procedure document that are read by rules, not by people."""


def collected() -> dict[str, str]:
    """Each text with the first place that shows it."""
    found: dict[str, str] = {}
    for place, text in (*_of_templates(), *_of_code(), *_of_procedures()):
        found.setdefault(text, place)
    return found


def english() -> Catalog:
    """The English catalogue."""
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def forms(entry: Any) -> tuple[str, ...]:
    """The English texts of an entry: one, or one for each number."""
    return entry.string if isinstance(entry.string, tuple) else (entry.string,)


def placeholders(text: str) -> set[str]:
    """What is filled in."""
    return set(PLACEHOLDER.findall(text))


def key_of(entry: Any) -> str:
    """The Chinese text of an entry."""
    return entry.id[0] if isinstance(entry.id, tuple) else entry.id


def missing() -> dict[str, str]:
    """Texts without English."""
    known = {key_of(entry) for entry in english() if entry.id and all(forms(entry))}
    return {text: place for text, place in collected().items() if text not in known}


def dead() -> list[str]:
    """Entries whose text is shown nowhere."""
    alive = collected()
    return [key_of(entry) for entry in english() if entry.id and key_of(entry) not in alive]


def untranslatable() -> list[str]:
    """Chinese that a template shows without asking the catalogue."""
    return [
        f"{path.relative_to(ROOT)}: {data.data.strip()}"
        for path in _templates()
        for data in _parsed(path).find_all(nodes.TemplateData)
        if CHINESE.search(data.data)
    ]


def _templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def _parsed(path: Path) -> nodes.Template:
    return Environment(extensions=["jinja2.ext.do", "jinja2.ext.i18n"], autoescape=True).parse(path.read_text("utf-8"))


def _of_templates() -> Iterator[tuple[str, str]]:
    for path in _templates():
        for constant in _parsed(path).find_all(nodes.Const):
            if isinstance(constant.value, str) and CHINESE.search(constant.value):
                yield str(path.relative_to(ROOT)), constant.value


def _of_code() -> Iterator[tuple[str, str]]:
    for name in CODE:
        place = ROOT / name
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            where = str(path.relative_to(ROOT))
            if not any(part in where for part in APART):
                yield from ((where, text) for text in _texts(ast.parse(path.read_text("utf-8"))))


def _texts(tree: ast.AST) -> Iterator[str]:
    """The Chinese constants of a module but for its docstrings, sentences put together on the spot, and the log."""
    if isinstance(tree, ast.JoinedStr):
        for part in tree.values:
            if isinstance(part, ast.FormattedValue):
                yield from _texts(part)
        return
    if isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Constant):
        return
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Attribute) and tree.func.attr in RECORDED:
        return
    if isinstance(tree, ast.Compare | ast.Subscript):
        return
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str) and CHINESE.search(tree.value):
        yield tree.value
    for child in ast.iter_child_nodes(tree):
        yield from _texts(child)


def _of_procedures() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "rules" / "procedures").glob("*.toml")):
        for text in _said(tomllib.loads(path.read_text("utf-8"))):
            if CHINESE.search(text):
                yield str(path.relative_to(ROOT)), text


def _said(part: Any) -> Iterator[str]:
    match part:
        case str():
            yield part
        case list():
            for item in part:
                yield from _said(item)
        case dict():
            for name, item in part.items():
                yield name
                if name not in UNSAID:
                    yield from _said(item)


def _main() -> None:
    lacking = Catalog(locale="en")
    for text, place in missing().items():
        lacking.add((text, text) if "%(num)d" in text else text, locations=[(place, 1)])
    with Path("/dev/stdout").open("wb") as out:
        write_po(out, lacking, omit_header=True, width=118)
    for text in dead():
        print(f"# nowhere: {text}")


if __name__ == "__main__":
    _main()
