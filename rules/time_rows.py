"""The rows of a procedure document that are about time: limits with their ladders, pauses, extensions."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from rules.lengths import BadLength, natural_length, parse_length
from rules.limits import Limit, usual_ladder
from rules.part import Name, Part, Texts
from rules.rungs import Rung
from rules.vocabulary import DayEnd, HalfMonth, Month, RungDeed, Unit

SHARE = re.compile(r"(100|\d{1,2})%")
HEAD = ("承办部门负责人",)
"""Who is told too of the third urging and those after it (G-10)."""


def _natural(text: str) -> str:
    try:
        natural_length(text)
    except BadLength as fault:
        raise ValueError(str(fault)) from None
    return text


def _length(text: str) -> str:
    try:
        if text and not SHARE.fullmatch(text):
            parse_length(text)
    except BadLength as fault:
        raise ValueError(str(fault)) from None
    return text


class Remind(Part):
    share: float = Field(default=0.2, ge=0, le=1)
    at_least: str = "30分钟"

    _is_natural = field_validator("at_least")(_natural)


class Urge(Part):
    every: str = "24小时"
    head_from: int = 3

    _is_length = field_validator("every")(_length)


class LimitRow(Part):
    """`[[limit]]`: how long something may take, what starts it and what meets it (`verb` or `verb:kind`).

    It starts with the first of its `starts` after which the tests of `when` hold, and not twice while it runs: once in
    each round of the case, or, where `every_time` says so, whenever that is done again (a plan that is submitted anew).
    `trigger` names the fact or field with the instant that it counts from, such as received_at, accepted_at or
    incident_at (F-05, F-07, F-27, F-44); empty, or not known yet, it counts from the deed that starts it.
    `word` takes its length from the words of the head (F-35).
    `until_from` names the fact or field with a day or an instant that, once given, is the due time instead of the
    amount (F-28). `per` gives each stint of that kind a clock of its own: it begins with the stint and ends when the
    case goes to another department. How it is counted is told at `rules.limits.Limit`.
    """

    name: str = Name
    amount: int | None = Field(default=None, ge=0, le=10_000)
    unit: Unit
    amount_from: str | None = None
    until_from: str = ""
    max_named: str = ""
    word: str = ""
    when: Mapping[str, Any] = {}
    starts: Texts | str = ()
    met: Texts | str = ()
    cancelled: Texts | str = ()
    every_time: bool = False
    trigger: str = ""
    per: Literal["", "调查", "承办", "协办"] = ""
    roll: bool = False
    end: DayEnd | None = None
    count_start_day: bool = False
    rolling_hours: bool = False
    month: Month = Month.CALENDAR
    half_month: HalfMonth = HalfMonth.FIFTEEN_DAYS
    from_open: bool = False
    carry_over: bool = False
    pausable: bool = True
    promise: bool = True
    """Whether a case is overdue when it runs out; else it only measures how long something takes."""
    longest_pause: str = "30天"
    remind: Remind = Remind()
    urge: Urge | None = None
    ladder: tuple[Rung, ...] = ()
    overdue_to: Texts = ()
    urge_to: Texts = ()
    remind_to: Texts = ()
    because: str = ""
    cites: Texts = ()

    _is_length = field_validator("max_named")(_length)
    _is_natural = field_validator("longest_pause")(_natural)

    @model_validator(mode="after")
    def has_an_amount(self) -> Self:
        if self.unit is not Unit.NAMED and self.amount is None and not self.amount_from:
            raise ValueError("没有数量|写 amount,或用 amount_from 指明来自哪个参数")
        names = [rung.id for rung in self.ladder]
        if len(names) != len(set(names)):
            raise ValueError("阶梯里有两级同名|每级的 id 只写一次")
        return self

    @property
    def started_by(self) -> Texts:
        return (self.starts,) if isinstance(self.starts, str) else self.starts

    @property
    def met_by(self) -> Texts:
        return (self.met,) if isinstance(self.met, str) else self.met

    @property
    def cancelled_by(self) -> Texts:
        return (self.cancelled,) if isinstance(self.cancelled, str) else self.cancelled

    def limit(self, amount: int | None = None) -> Limit:
        """What the clock arithmetic takes; `amount` is what the case says where the document leaves it open."""
        return Limit(
            name=self.name,
            amount=self.amount if amount is None else amount,
            unit=self.unit,
            roll=self.roll,
            from_open=self.from_open,
            pausable=self.pausable,
            remind_share=self.remind.share,
            remind_at_least=natural_length(self.remind.at_least),
            carry_over=self.carry_over,
            end=self.end,
            count_start_day=self.count_start_day,
            rolling_hours=self.rolling_hours,
            month=self.month,
            half_month=self.half_month,
            max_named=self.max_named,
            longest_pause=natural_length(self.longest_pause),
            ladder=self.ladder or self._usual_ladder(),
        )

    def _usual_ladder(self) -> tuple[Rung, ...]:
        at_least = natural_length(self.remind.at_least)
        if self.urge is None:
            return usual_ladder(self.remind.share, at_least)
        return usual_ladder(self.remind.share, at_least, self.urge.every, self.urge.head_from, HEAD)

    def recipients(self, rung: Rung, nth: int = 1) -> Texts:
        """Whom a rung tells the n-th time: its own list, else the limit's for that deed; later times more."""
        usual = {RungDeed.REMIND: self.remind_to, RungDeed.URGE: self.urge_to}.get(rung.do, self.overdue_to)
        more = rung.also_to if rung.also_from and nth >= rung.also_from else ()
        return tuple(dict.fromkeys([*(rung.to or usual), *more]))


def span(text: str) -> timedelta:
    """`30分钟`, `24小时`, `2天` as a length of time."""
    return natural_length(text)


class PauseRow(Part):
    """`[[pause]]`: what standing still for a reason needs, and which limits stop for it (none named: all that may)."""

    reason: str = Name
    evidence: bool = False
    by: str = ""
    """Who has to agree, as steps say who may; nobody when empty."""
    longest: str = "30天"
    limits: Texts = ()
    tell: bool = False
    """Whether the complainant is told."""
    cites: Texts = ()

    _is_natural = field_validator("longest")(_natural)


class ExtensionRow(Part):
    """`[[extension]]`: up to how much more, in all, beyond what was promised, and who decides that much.

    Rows are asked in their order; `up_to` is a length (`3天`, `5工作日`), a share of the limit (`50%`), or empty: any.
    """

    id: str = Name
    limits: Texts = ()
    up_to: str = ""
    by: str = Name
    times: int = Field(default=0, ge=0)
    """How many extensions there may be in all, this one among them; 0 for any number."""
    tell: bool = True
    """Whether the complainant is told."""
    cites: Texts = ()

    _is_length = field_validator("up_to")(_length)


def worded(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document with the limits that take their length from a word of the head (F-35)."""
    words, rows = document.get("procedure", {}).get("words", {}), document.get("limit", ())
    if not any(isinstance(row, Mapping) and row.get("word") in words for row in rows):
        return document
    return {**document, "limit": [_worded(row, words) for row in rows]}


def _worded(row: Mapping[str, Any], words: Mapping[str, str]) -> Mapping[str, Any]:
    if row.get("word") not in words or "amount" in row:
        return row
    try:
        length = parse_length(words[row["word"]])
    except BadLength:
        return row
    return {**row, "amount": length.number, "unit": str(length.unit)}
