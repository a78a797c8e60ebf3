"""Indicators: which counts a document may name, what each counts, and how a ratio is shown and judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

# name of a count -> what it counts. A case belongs to the month of its acceptance; void cases and orders never count.
COUNTS: Mapping[str, str] = {
    "案件": "受理时间在期内的案件",
    "抱怨案件": "期内案件中性质为抱怨的",
    "投诉案件": "期内案件中性质为投诉的",
    "督办单": "期内案件的督办处理单,作废的不计",
    "按期办结督办单": "其中办理时限按期完成的",
    "超期督办单": "其中办理时限超期或超期完成的",
    "应回访案件": "期内已收到情况表或已结案的案件",
    "已回访案件": "其中至少回访过一次的(无法联系也算)",
    "有回访结论案件": "其中最近一次有效回访为满意、基本满意或不满意的",
    "满意案件": "其中最近一次有效回访为满意或基本满意的",
    "办结案件": "期内案件中已结案或已归档的",
}

NOTHING = "—"


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
