"""What a report is: a table with its indicators, and what stands behind each of its rows and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Kpi:
    """One indicator as shown, with the two counts it comes from and the cases behind them."""

    name: str
    value: str
    numerator: int
    denominator: int | None
    met: bool | None = None
    target: float | None = None
    counts: tuple[str, str] = ("", "")
    """The names of the two counts, as ``Report.behind`` lists them and ``rules.indicators`` explains them."""
    otherwise: tuple[Kpi, ...] = ()
    """The same reckoned otherwise, where there is another way to see it: each is named by what it does."""


@dataclass(frozen=True)
class Share:
    """What one procedure says of the period: its indicators over its own cases, and its remarks on them."""

    code: str
    title: str
    kpis: tuple[Kpi, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Report:
    """A report: a table, and for the month's analysis the indicators."""

    kind: str
    title: str
    period: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[Share, ...] = ()
    """The indicators, by procedure."""
    totals: dict[str, int] = field(default_factory=dict)
    keys: tuple[int, ...] = ()
    """The case behind each row, where a row is a case."""
    personal: Mapping[str, str] = field(default_factory=dict)
    """Columns that hold contact data, with what kind of it."""
    clear: frozenset[int] = frozenset()
    """Cases whose contact data this reader may have without a mask: he works on them and has given a reason."""
    notes: tuple[str, ...] = ()
    """Sentences below the table: the days of the period; what a procedure remarks stands with its share."""
    behind: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Name of a count (of several procedures ``CODE|name``), or ``group/item`` of a row, to the cases counted."""

    def __repr__(self) -> str:
        return f"{self.title} {self.period} {len(self.rows)}"

    @property
    def kpis(self) -> tuple[Kpi, ...]:
        """The indicators of all procedures."""
        return tuple(kpi for share in self.shares for kpi in share.kpis)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Everything that is told below the table."""
        return (*self.notes, *(note for share in self.shares for note in share.notes))

    @property
    def text(self) -> str:
        """The same as plain text, a row a line."""
        lines = [f"{self.title} {self.period}".strip(), "\t".join(self.columns), *("\t".join(row) for row in self.rows)]
        return "\n".join([*lines, *(f"{kpi.name}\t{kpi.value}" for kpi in self.kpis), *self.remarks])
