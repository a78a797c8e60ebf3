"""Why something was not done. A message is a Chinese sentence with placeholders; the edge translates and fills it."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute


@dataclass(frozen=True)
class Finding:
    """One reason: the text with its placeholders, the field it belongs to, the rule it comes from."""

    text: str
    field: str = ""
    rule: str = ""
    values: dict[str, object] = attribute(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**self.values) if self.values else self.text


class Refused(Exception):
    """The verb was not done and nothing has changed. ``findings`` says why, one entry a field or rule."""

    def __init__(
        self,
        text: str = "",
        /,
        *,
        field: str = "",
        rule: str = "",
        findings: list[Finding] | None = None,
        **values: object,
    ) -> None:
        self.findings = findings or [Finding(text, field, rule, values)]
        super().__init__(";".join(str(finding) for finding in self.findings))


class Forbidden(Refused):
    """The person may not do this, or the state does not allow it."""


class Conflict(Refused):
    """Somebody else changed the row in between."""


class NotFound(Refused):
    """There is no such thing, or it is not for this person to know that there is."""
