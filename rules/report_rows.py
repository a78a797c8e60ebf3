"""The reports that a procedure defines: registers of its cases, and figures that somebody has to sum up."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from rules.part import Part, Texts

Name = Field(min_length=1)


NUMBERED = "序号"
"""The source of a column that numbers the rows."""


OF_PAPERS = (NUMBERED, "case_no", "category", "written_at", "written_by")
"""What the columns of a register of documents may show, beside the fields of their form."""
OF_FEES = ("order_no", "customer", "amount", "way", "charged_at", "case_no")
"""What the columns of a register of fees may show."""


class ReportColumn(Part):
    """A column of a register: its heading, and the fact that it shows."""

    label: str = Name
    source: str = Name


class ReportRow(Part):
    """`[[report]]`: a kind of report. A register lists the period's cases for which ``when`` holds, a row a case;
    figures are the procedure's indicators over the period; cross counts them by two facts. ``summary``: it is not made
    without a conclusion."""

    kind: str = Name
    makes: Literal["register", "figures", "cross", "papers", "people", "checklist"] = "register"
    """papers: the documents of the kind ``form``, one a row; people: who knows what; checklist: the ``items``."""
    form: str = ""
    items: Texts = ()
    cross: tuple[str, ...] = Field(default=(), max_length=2)
    """The two facts of a cross table: one a row, the other a column; in the cells the number of cases."""
    columns: tuple[ReportColumn, ...] = Field(default=(), alias="column")
    over: Literal["cases", "fees"] = "cases"
    """What a row of a register is: a case, or a fee that was charged in the period."""
    dated: bool = True
    """Whether it is of a period; else it lists what there is now."""
    by: Literal["", "responsible_department", "handling_department", "category"] = ""
    """Figures: the indicators once more for each of these."""
    when: Mapping[str, Any] = {}
    summary: bool = False
    cites: tuple[str, ...] = ()
