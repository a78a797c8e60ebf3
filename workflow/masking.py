"""How personal data is shown to whoever does not need it: enough to recognise, not enough to use."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from models import Complainant

SHORT = 7
"""A number with fewer characters keeps less."""
LAST = 4
"""How many digits of a number a mask leaves at its end."""


def masked_phone(value: str) -> str:
    """138****1234; short numbers keep their last two digits."""
    text = value.strip()
    if len(text) < SHORT:
        return "*" * max(len(text) - 2, 0) + text[-2:]
    return f"{text[:3]}{'*' * (len(text) - SHORT)}{text[-LAST:]}"


def masked_name(value: str) -> str:
    """张*; a company keeps its first two characters."""
    text = value.strip()
    if len(text) <= 1:
        return text
    return text[0] + "*" * min(len(text) - 1, 2) if len(text) <= 4 else text[:2] + "**"


def masked_address(value: str) -> str:
    """The first part of the address; house and room stay hidden."""
    text = value.strip()
    return text[: max(len(text) // 3, 2)] + "****" if text else ""


def recognised(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """The masked value is this text, or its mask shows that text: a family name, the last four digits of a number.

    Any other part finds nothing: by parts of it what the mask hides could be tried out.
    """
    conditions: list[ColumnElement[bool]] = [column == text]
    if len(text) == 1:
        conditions.append(column.startswith(text, autoescape=True))
    if len(text) == LAST and text.isascii() and text.isdigit():
        conditions.append(column.endswith(text) & (func.length(column) >= SHORT))
    return or_(*conditions)


MASKS: dict[str, Callable[[str], str]] = {
    "name": masked_name,
    "contact_person": masked_name,
    "customer": masked_name,
    "customer_name": masked_name,
    "customer_signed_by": masked_name,
    "phone": masked_phone,
    "email": masked_phone,
    "customer_no": masked_phone,
    "address": masked_address,
}
"""What hides a field, by the name it has wherever the complainant's data are written down."""


def concealed(text: str, person: Complainant) -> str:
    """The text with the complainant's own data masked wherever they are mentioned."""
    for name, mask in MASKS.items():
        value = getattr(person, name, "").strip()
        if len(value) > 1:
            text = text.replace(value, mask(value))
    return text
