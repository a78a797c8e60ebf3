"""`[[count]]`: facts that count other cases, each with its definition."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from rules.facts import Fact, FactType
from rules.part import Name, Part, Texts

_WITHIN = re.compile(r"(?P<number>\d+)(?P<unit>天|个自然月)|(?P<this>当月)")


class CountRow(Part):
    """How many cases there are like this one: alike in `same`, come in `within`, such that `when`; cases that were void
    never count.

    A period of days or months rolls: it ends with the day on which this case came in, and the oldest that counts is one
    whose period is not over on that day (a month lasts to the same day number, or to the last day of a shorter month).
    With `reach` 任何一段 it is the fullest period of that length in which this case lies.
    """

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Name
    same: Texts = Field(min_length=1)
    within: str = Field(pattern=r"^([1-9]\d{0,3}天|[1-9]\d?个自然月|当月)$")
    reach: Literal["此前", "任何一段"] = "此前"
    distinct: Literal["", "complainant"] = ""
    cases: Literal["全部", "未结", "已结"] = "全部"
    itself: bool = False
    since: Literal["received_at", "closed_at"] = "received_at"
    """Which instant of the other case lies in the period."""
    link: str = Field(default="", max_length=20)
    """When there is such a case, this one is linked with the newest of them as that (二次投诉, 同一问题)."""
    when: Mapping[str, Any] = {}
    help: str = ""
    cites: Texts = ()

    @property
    def fact(self) -> Fact:
        """A number of cases, or of people."""
        return Fact(self.key, self.label, FactType.NUMBER, unit="人" if self.distinct else "件", whole=True)

    @property
    def period(self) -> tuple[int, str]:
        """How many, and of what: 天, 个自然月 or 当月."""
        found = _WITHIN.fullmatch(self.within)
        if found is None:
            raise ValueError(self.within)
        return (1, found["this"]) if found["this"] else (int(found["number"]), found["unit"])
