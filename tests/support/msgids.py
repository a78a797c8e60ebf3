"""Every Chinese text that can reach a person's eye, and what the English catalogue lacks of it.

``python -m tests.support.msgids`` prints the missing entries in the form of the catalogue, ready to be filled in, and
the entries that nothing uses any more. What history, notices and clocks have written down stays as recorded, and is
read by the sentences from which it was made.
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

from rules.worktime import WEEKDAYS
from tests.support import stories

Key = tuple[str, str]
ROOT = Path(__file__).resolve().parents[2]
ENGLISH = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
WORDS = re.compile(r"\||not |has ")
"""What stands round the terms in a cell of a decision table."""
CHINESE = re.compile("[\u3001-\u3011\u4e00-\u9fff\uff01-\uff1f]")
"""Characters, and the punctuation that goes with them."""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+(?=\}|![sr]\})")

CODE = (
    "views",
    "workflow",
    "models",
    *(f"rules/{name}.py" for name in ("vocabulary", "lifecycle", "facts", "assessment", "indicators", "timeline")),
)
DOOR = "door"
"""The context of what stands over a list or a room: there a 投诉 is Complaints, elsewhere a Complaint."""
STORY = "story"
"""The context of the sentences with which verbs write into the history, beside what people wrote."""
PANEL = ("views/panel.py", "views/rooms.py", "views/shell.py")
STEPS = ("rules/clocks.py", "rules/steps.py", "rules/worktime.py")
"""How a clock was counted is told in sentences that are put together."""
APART = ("rehearsal", "migrations", "queries")
"""Modules whose texts are read by the house's own people at a console, or by nobody."""
RECORDED = ("say", "compile", "debug", "info", "warning", "exception", "error")
"""Calls whose text goes into the history or the log, not onto a page."""
UNSAID = (
    "id",
    "cites",
    "source",
    "numerator",
    "among",
    "denominator",
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
    "at",
    "at_least",
    "every",
    "also_to",
    "longest",
    "longest_pause",
    "max_named",
    "up_to",
    "delivery",
)
"""Parts of a procedure document that are read by rules, not by people."""


def collected() -> dict[Key, str]:
    """Each text, by context, with the first place that shows it."""
    found: dict[Key, str] = {}
    for place, text in (*_of_templates(), *_of_code(), *_of_procedures(), *_of_calendars()):
        found.setdefault(("", text), place)
    for place, text in _of_doors():
        found.setdefault((DOOR, text), place)
    for place, text in stories.of_verbs():
        found.setdefault((STORY, text), place)
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


def chinese(entry: Any) -> str:
    """The Chinese text of an entry."""
    return entry.id[0] if isinstance(entry.id, tuple) else entry.id


def key_of(entry: Any) -> Key:
    """Context and Chinese text of an entry."""
    return entry.context or "", chinese(entry)


def missing() -> dict[Key, str]:
    """Texts without English."""
    known = {key_of(entry) for entry in english() if entry.id and all(forms(entry))}
    return {key: place for key, place in collected().items() if key not in known}


def dead() -> list[Key]:
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
                tree = ast.parse(path.read_text("utf-8"))
                yield from ((where, text) for text in _texts(tree, where.startswith("workflow")))
    for name in STEPS:
        yield from ((name, text) for text in _composed(ROOT / name))
    for path in sorted((ROOT / "jobs").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="Job"), args=[_, ast.Constant(value=str(text)), *_]):
                    yield str(path.relative_to(ROOT)), text


def _texts(tree: ast.AST, composed: bool) -> Iterator[str]:
    """The Chinese constants of a module but for its docstrings, its history and the log."""
    if isinstance(tree, ast.JoinedStr):
        if composed and CHINESE.search(sentence := _with_blanks(tree)):
            yield sentence
        for part in tree.values:
            if isinstance(part, ast.FormattedValue):
                yield from _texts(part, composed)
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
        yield from _texts(child, composed)


def _of_doors() -> Iterator[tuple[str, str]]:
    """Names of rooms and of the views in them."""
    for where in PANEL:
        for node in ast.walk(ast.parse((ROOT / where).read_text("utf-8"))):
            match node:
                case ast.keyword(arg="name" | "category", value=ast.Constant(value=str(text))):
                    yield where, text
                case ast.Assign(value=ast.Tuple(elts=names)) | ast.AnnAssign(value=ast.Tuple(elts=names)):
                    yield from ((where, text) for text in _door_names(names))


def _door_names(names: list[ast.expr]) -> Iterator[str]:
    for name in names:
        match name:
            case ast.Constant(value=str(text)) if CHINESE.search(text):
                yield text
            case ast.Tuple(elts=[_, _, ast.Constant(value=str(text)), *_]):
                yield text
            case ast.Call(args=[*_, ast.Constant(value=str(text))]):
                yield text


def _composed(path: Path) -> Iterator[str]:
    """Only the sentences that are put together."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr) and CHINESE.search(sentence := _with_blanks(node)):
            yield sentence


def _with_blanks(tree: ast.JoinedStr) -> str:
    """A sentence that is put together, with numbered blanks: ``{1} 挂起{2}``."""
    parts = [part.value if isinstance(part, ast.Constant) else None for part in tree.values]
    blanks = iter(range(1, len(parts) + 1))
    return "".join(f"{{{next(blanks)}}}" if part is None else str(part) for part in parts)


def _of_procedures() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "rules" / "procedures").glob("*.toml")):
        for text in _said(tomllib.loads(path.read_text("utf-8"))):
            if CHINESE.search(text):
                yield str(path.relative_to(ROOT)), text


def _of_calendars() -> Iterator[tuple[str, str]]:
    """The names of holidays and of weekdays, which the steps of a clock speak of."""
    for path in sorted((ROOT / "rules" / "calendars").glob("*.toml")):
        year = tomllib.loads(path.read_text("utf-8"))
        yield from ((str(path.relative_to(ROOT)), name) for name in (*year["off"], *year["work"]))
    yield from (("rules/worktime.py", name) for name in WEEKDAYS)


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
                if name == "when":
                    yield from (part for test in _said(list(item.values())) for part in WORDS.split(test))
                elif name not in UNSAID:
                    yield from _said(item)


def _main() -> None:
    lacking = Catalog(locale="en")
    for (context, text), place in missing().items():
        lacking.add((text, text) if "%(num)d" in text else text, locations=[(place, 1)], context=context or None)
    with Path("/dev/stdout").open("wb") as out:
        write_po(out, lacking, omit_header=True, width=118)
    for _context, text in dead():
        print(f"# nowhere: {text}")


if __name__ == "__main__":
    _main()
