"""A rung of a limit's ladder: what is done so long before or after the due instant, for whom, and how often."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field, model_validator

from rules.lengths import BadLength, Length, Offset, natural_length, parse_length, parse_offset
from rules.part import Name, Part, Texts
from rules.vocabulary import RungDeed, Unit


class Rung(Part):
    """`[[limit.ladder]]`.

    `at` is a share of the limit that is left (`-20%`), a length before (`-30分钟`, `-2工作日`) or after the due instant
    (`+0`, `+24小时`, `+3工作日`); `at_least` keeps a share from coming too late. `every` repeats it, `times` in all, or
    until the promise is kept when `times` is 0. From the `also_from`-th time on `also_to` are told too. `when` are
    tests on the facts of the case: where they do not hold the rung passes without effect. `digest` gathers its notices
    for the day, `anytime` sends them outside the delivery window too. No `to` means whom the limit names.
    """

    id: str = Field(min_length=1, max_length=40)
    at: str = Name
    do: RungDeed
    to: Texts = ()
    grade: str = ""
    at_least: str = ""
    every: str = ""
    times: int = Field(default=1, ge=0, le=1000)
    also_from: int = Field(default=0, ge=0)
    also_to: Texts = ()
    when: Mapping[str, Any] = {}
    event: str = ""
    text: str = ""
    digest: bool = False
    anytime: bool = False

    @model_validator(mode="after")
    def can_be_climbed(self) -> Self:
        try:
            offset = self.offset
            if self.at_least:
                natural_length(self.at_least)
            if self.every and self.every_length.unit in (Unit.MONTHS, Unit.HALF_MONTHS):
                raise BadLength(f"“{self.every}”:不以月计|24小时、1工作日")
        except BadLength as fault:
            raise ValueError(str(fault)) from None
        if self.times != 1 and not self.every:
            raise ValueError("重复而没有间隔|写 every,如 24小时")
        if self.every and not self.every_length.number:
            raise ValueError("间隔为零|写 every,如 24小时")
        if (self.do is RungDeed.REGRADE) != bool(self.grade):
            raise ValueError("定级的一级写 grade,其余不写|grade = 级别")
        if self.do is RungDeed.FLAG and (offset.before or self.every):
            raise ValueError("超期在截止之后,只有一次|at = +0,不写 every")
        return self

    @property
    def offset(self) -> Offset:
        return parse_offset(self.at)

    @property
    def every_length(self) -> Length:
        return parse_length(self.every)

    @property
    def name_of_event(self) -> str:
        """The event under which its notices go."""
        return self.event or _EVENTS.get(self.do, str(self.do))


_EVENTS = {RungDeed.REMIND: "临期", RungDeed.REGRADE: "升级"}
