"""The reports that a procedure defines: registers of its cases, and figures that somebody has to sum up."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from rules.part import Part

Name = Field(min_length=1)


NUMBERED = "序号"
"""The source of a column that numbers the rows."""


class ReportColumn(Part):
    """A column of a register: its heading, and the fact that it shows."""

    label: str = Name
    source: str = Name


class ReportRow(Part):
    """`[[report]]`: a kind of report. A register lists the period's cases for which ``when`` holds, a row a case;
    figures are the procedure's indicators over the period. ``summary``: it is not made without a conclusion."""

    kind: str = Name
    makes: Literal["register", "figures"] = "register"
    columns: tuple[ReportColumn, ...] = Field(default=(), alias="column")
    when: Mapping[str, Any] = {}
    summary: bool = False
    cites: tuple[str, ...] = ()
