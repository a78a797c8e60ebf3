"""Indicators: which counts a document may name, what each counts, and how a ratio is shown and judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

# Name of a count -> what it counts. A case belongs to the month of its acceptance; void, declined and withdrawn cases
# never count, nor do the orders and work orders of those.
COUNTS: Mapping[str, str] = {
    "cases": "期内受理的案件",
    "grumbles": "其中的抱怨",
    "complaints": "其中的投诉",
    "closed": "其中已结案的",
    "solved": "其中已结案、客户没有说不满意的",
    "in_time": "其中按时办结的",
    "not_due": "其中在办且未到期的",
    "cases_due": "其中已到期或已办结的",
    "rated": "客户评价过的案件",
    "rated_satisfied": "其中评价为满意或基本满意的",
    "work_rated": "维修单上对质量和态度的评价",
    "work_satisfied": "其中满意或基本满意的",
    "orders": "这些案件的督办处理单",
    "orders_done": "其中已办结的",
    "orders_in_time": "其中按期办结的",
    "orders_not_due": "其中在办且未到期的",
    "visited": "回访过的案件",
    "satisfied": "其中最近一次回访为满意或基本满意的",
}

# Of one limit: the name of the limit follows after a colon, as in `kept:初步回应`.
OF_LIMIT: Mapping[str, str] = {
    "promised": "有“{limit}”时限的",
    "promised_due": "其中“{limit}”已到期或已完成的",
    "kept": "其中“{limit}”按期完成的",
    "kept_without_extension": "其中“{limit}”不计延期也按期完成的",
    "extended": "其中“{limit}”延期过的",
}

# Of one kind of link, as in `linked:二次投诉`.
OF_LINK: Mapping[str, str] = {"linked": "其中以“{link}”关联到前一件的"}


# Of one grade, as in `graded:一级投诉`.
OF_GRADE: Mapping[str, str] = {"graded": "其中定为“{grade}”的"}

# Of one kind of paper, as in `in_time_with:投诉处理单`.
OF_PAPER: Mapping[str, str] = {
    "in_time_with": "其中按时办结且有“{paper}”的",
    "without": "其中缺“{paper}”的",
}

NOTHING = "—"
LACKS = "缺单(缺{paper})"


def words(name: str) -> str:
    """What a count is called where it stands beside an indicator: `其中未到期`, `缺投诉处理单`."""
    mark, _, kind = name.partition(":")
    return {"not_due": "其中未到期", "without": LACKS.format(paper=kind)}.get(mark) or COUNTS.get(name, name)


@dataclass(frozen=True)
class Ratio:
    """A quotient of two counts; with denominator None it is a plain count."""

    numerator: int
    denominator: int | None = None

    @property
    def quotient(self) -> Fraction | None:
        """The unrounded quotient; None when there is nothing to divide by."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def text(self) -> str:
        """`93.55%` (two decimals, half up), `—` when the denominator is 0, the number itself for a count."""
        if self.denominator is None:
            return str(self.numerator)
        if self.quotient is None:
            return NOTHING
        percent = Decimal(self.quotient.numerator * 100) / Decimal(self.quotient.denominator)
        return f"{percent.quantize(Decimal('0.01'), ROUND_HALF_UP)}%"

    def met(self, target: float | str | None) -> bool | None:
        """Whether the unrounded quotient reaches the target, a share such as 0.95; None when there is none to judge."""
        if target is None or self.quotient is None:
            return None
        return self.quotient >= Fraction(str(target))
