"""A form on paper: a record as labels, values, boxes and lines to sign on, masked for whoever may not read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from models import Complaint, FormDocument
from rules.document import FormField, FormRow
from workflow import recorded
from workflow.act import minute, shown
from workflow.masking import MASKS, concealed


class Box(NamedTuple):
    """A box of a tick list."""

    label: str
    ticked: bool

    def __str__(self) -> str:
        return f"{'☑' if self.ticked else '□'}{self.label}"


class Entry(NamedTuple):
    """A cell of a form: what is asked, the answer, whether it is a long text, and the boxes it is ticked from."""

    key: str
    label: str
    value: str
    long: bool = False
    boxes: tuple[Box, ...] = ()

    @property
    def text(self) -> str:
        """The answer as plain text; of a tick list every box, so that it reads as the paper does."""
        return " ".join(map(str, self.boxes)) or self.value


class Signed(NamedTuple):
    """A line to sign on: whose, and once it is signed the name and the time."""

    label: str
    name: str = ""
    at: str = ""


@dataclass(frozen=True, repr=False)
class Sheet:
    """A form ready to be shown or printed: labels with their values in the order of the paper, and signatures."""

    kind: str
    title: str
    number: str
    rows: tuple[Entry, ...]
    signatures: tuple[Signed, ...] = ()
    notes: tuple[str, ...] = field(default=())
    clear: bool = True
    """Whether the contact data stand here without a mask (``procedures.works_on``, or a reason was given)."""

    @property
    def text(self) -> str:
        """The same as plain text."""
        lines = [f"{self.title} {self.number}".strip()]
        lines += [f"{entry.label}:{entry.text}" for entry in self.rows]
        lines += [f"{line.label}:{line.name} {line.at}".rstrip() for line in self.signatures]
        return "\n".join([*lines, *self.notes])

    def __repr__(self) -> str:
        return f"{self.title} {self.number}"


def sheet_from(form: FormRow, row: Any, otherwise: str = "", *, clear: bool) -> Sheet:
    """The form filled from this very row, masked unless ``clear``; ``otherwise`` numbers a row without a number."""
    conceal = _as_written if clear else _concealer(row)
    number = getattr(row, "order_no", None) or getattr(row, "record_no", None) or getattr(row, "no", None) or ""
    return Sheet(
        form.kind,
        form.title or form.kind,
        number or otherwise,
        tuple(_entry(item, row, conceal) for item in form.fields if item.type != "signature"),
        tuple(_signatures(form, row, conceal)),
        clear=clear,
    )


Conceal = Callable[[FormField, str], str]


def _as_written(item: FormField, value: str) -> str:
    return value


def _concealer(row: Any) -> Conceal:
    """What hides the complainant's data: in their own fields whatever stands there, in all others where mentioned."""
    case = row if isinstance(row, Complaint) else row.complaint

    def conceal(item: FormField, value: str) -> str:
        own = next((part for path in (item.source, item.key) for part in path.split("+") if _is_personal(part)), "")
        text = concealed(value, case.complainant) if case else value
        return MASKS[own.rpartition(".")[2]](text) if own and text == value else text

    return conceal


def _is_personal(path: str) -> bool:
    """Whether a field is one of the complainant's."""
    owner, _dot, name = path.rpartition(".")
    return name in MASKS and owner in ("", "complainant", "complaint.complainant")


def _entry(item: FormField, row: Any, conceal: Conceal) -> Entry:
    values = row.fields if isinstance(row, FormDocument) else row
    value = conceal(item, value_of(values, item.key, row))
    boxes = _boxes(item.values, value, row) if item.type == "choice" else ()
    return Entry(item.key, item.label, value, item.type == "long", boxes)


def _boxes(options: tuple[str, ...], value: str, row: Any) -> tuple[Box, ...]:
    """The options as on paper. ``N…`` leaves room for a number, 其它 is followed by what else; a value that is no
    option gets a box of its own, so that nothing written is lost."""
    days, other = getattr(row, "limit_days", 0), getattr(row, "other_text", "")
    boxes = []
    for option in options:
        if option.startswith("N"):
            filled = f"{days} {option[1:]}"
            boxes.append(Box(filled, True) if days and value == filled else Box(f"____{option[1:]}", False))
        else:
            more = f"({other})" if option == value and other and option.startswith("其") else ""
            boxes.append(Box(option + more, option == value))
    lost = value and options and not any(box.ticked for box in boxes)
    return (*boxes, Box(value, True)) if lost else tuple(boxes)


def _signatures(form: FormRow, row: Any, conceal: Conceal) -> Iterator[Signed]:
    """Every line to sign on: filled with name and time when it is signed, else empty."""
    if isinstance(row, FormDocument):
        for one in row.signatures:
            yield Signed(str(one.get("label", "")), str(one.get("name", "")), _instant(one.get("at", "")))
    for item in form.fields:
        if item.type == "signature":
            at = getattr(row, item.key.removesuffix("_by") + "_at", None)
            yield Signed(item.label, conceal(item, value_of(row, item.key, row)), minute(at) if at else "")
    named = {item.label for item in form.fields if item.type == "signature"}
    signed = {one.get("label") for one in row.signatures} if isinstance(row, FormDocument) else set()
    yield from (Signed(line.label) for line in form.signatures if line.label not in named | signed)


def _instant(text: str) -> str:
    try:
        return minute(datetime.fromisoformat(text))
    except ValueError:
        return text


def value_of(values: Any, source: str, row: Any) -> str:
    """A field as the paper shows it. ``a+b`` joins two, a dotted path goes through relations."""
    if "+" in source:
        return " ".join(text for text in (value_of(values, part, row) for part in source.split("+")) if text)
    if source.startswith(recorded.RECORDS):
        return "\n".join(recorded.lines(row, source.removeprefix(recorded.RECORDS)))
    value: Any = values
    for part in source.split("."):
        value = value.get(part) if isinstance(value, dict) else getattr(value, part, None)
    if source == "limit_kind":
        return recorded.limit_words(row)
    if isinstance(value, datetime):
        return minute(value)
    return "" if value in (None, "", []) else shown(value)
