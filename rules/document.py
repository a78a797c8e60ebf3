"""The rows of a procedure document: one class a section, nothing allowed that is not named here."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from rules.delivery import WINDOW
from rules.facts import Fact, FactType
from rules.outcomes import STAGES, misshapen
from rules.part import Name as Name
from rules.part import Part as Part
from rules.part import Texts as Texts
from rules.time_rows import ExtensionRow as ExtensionRow
from rules.time_rows import LimitRow as LimitRow
from rules.time_rows import PauseRow as PauseRow
from rules.time_rows import span as span
from rules.vocabulary import OrderState, State, SubjectKind
from rules.worktime import Kind


class DepartmentRow(Part):
    name: str = Name
    kind: str = ""
    parent: str | None = None


class Head(Part):
    """`[procedure]`: what the document is called and the settings that hold for all of it."""

    code: str = Name
    title: str = Name
    source: str = ""
    calendar: Kind = "CN"
    intervals: Texts = ("09:00-18:00",)
    delivery: str = Field(default="", pattern=WINDOW)
    """When notices of limits reach people: `08:00-20:00` every day, `工作日 08:00-18:00`, or at any time when empty."""
    mailed: Texts = ()
    """The kinds of notices that go by mail too, to whoever has an address."""
    digest_at: str = Field(default="09:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    severity: Mapping[str, int] = {}
    words: Mapping[str, str] = {}
    number_prefixes: Mapping[str, str] = {}
    grades: Texts = ()
    departments: tuple[DepartmentRow, ...] = ()
    roles: Texts = ()
    grade_at_intake: bool = False
    everybody: str = ""
    """The role, one of ``roles``, that everybody who works in a department holds there."""
    called: Mapping[str, Texts] = {}
    """Usual roles by the names that they have here: `{ "受理人" = ["前台"] }`. Who may do the steps that say nothing
    about it, who works on a case and who sees how much follows from it."""
    sees_all: Texts = ("公司领导", "审计", "系统管理员")
    """The roles whose holders see every case, by their usual names or by those of this document."""
    open_to: Texts = ()
    """The ``roles`` whose holders see every case of this document; who does not work on one sees its complainant
    masked."""
    confidential: Mapping[str, Any] = {}
    """Tests of facts: a case for which they hold is confidential. Who looks at it is kept, and it leaves the house with
    names only by whoever holds the right to export what is sensitive."""
    head_answers: bool = False
    """Whether the head of the department that is responsible, or that a case is sent to, answers for it by himself."""
    editors: Texts = Field(default=("部门负责人",), min_length=1)
    """Who may draft the next version of this document; an administrator always may."""
    reviewers: Texts = Field(default=("部门负责人", "公司领导"), min_length=1)
    """Who may agree to a version, when he has neither drafted nor edited nor submitted it."""

    def bearers(self, who: Iterable[str]) -> tuple[str, ...]:
        """Entitlements by usual roles (`受理人@调查部门`) as entitlements by the roles of this document."""
        parts = (entry.partition("@") for entry in who)
        return tuple(dict.fromkeys(f"{name}{at}{where}" for role, at, where in parts for name in self.own(role)))

    def own(self, role: str) -> Texts:
        """What a usual role is called here."""
        return self.called.get(role, (role,))


class CategoryRow(Part):
    name: str = Name
    children: Texts = ()


class Vocabulary(Part):
    """`[vocabulary]`: the value lists."""

    channels: Texts = ()
    channels_by_nature: Mapping[str, Texts] = {}
    report_ways: Mapping[str, str] = {}
    natures: Texts = ()
    compensation: Texts = ()
    impacts: Texts = ()
    flags: Texts = ()
    categories: tuple[CategoryRow, ...] = ()
    complainant_kinds: Texts = ()
    close_reasons: Texts = ()
    pause_reasons: Texts = ()
    visit_ways: Texts = ()
    investigation_methods: Texts = ()
    communication_kinds: Texts = ()
    communication_ways: Texts = ()
    measure_kinds: Texts = ()
    circular_kinds: Texts = ()
    inspection_kinds: Texts = ()
    report_kinds: Texts = ()
    places: Texts = ()
    """What is offered as the place; another one may be typed."""
    evidence_kinds: Texts = ()
    library_kinds: Texts = ()
    """Of what kinds the library is; what a case cites of it counts as evidence of that kind."""
    solution_kinds: Texts = ()
    conclusions: Texts = ()
    training_kinds: Texts = ()
    fee_ways: Texts = ()
    dispatch_kinds: Texts = ()
    """How a department is told of its task; one that is also the kind of a form makes that document."""


_FACT_TYPES = {
    "text": FactType.TEXT,
    "long": FactType.TEXT,
    "choice": FactType.CHOICE,
    "bool": FactType.FLAG,
    "number": FactType.NUMBER,
    "date": FactType.DATE,
    "instant": FactType.INSTANT,
    "duration": FactType.DURATION,
    "list": FactType.LIST,
    "department": FactType.DEPARTMENT,
    "person": FactType.PERSON,
}
FieldType = Literal[
    "text", "long", "choice", "bool", "number", "date", "instant", "duration", "list", "department", "person"
]


class FieldRow(Part):
    """`[[field]]`: what a case records beyond the core."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Name
    type: FieldType = "text"
    values: Texts = ()
    section: str = ""
    required_at: Texts = ()
    required: bool = False
    filtered: bool = False
    """Whether the list of cases can be narrowed to those with one text of it."""
    help: str = ""

    @property
    def fact(self) -> Fact:
        return Fact(self.key, self.label, _FACT_TYPES[self.type], values=self.values)


class RuleRow(Part):
    """`[[rule]]`: a row of the decision table of its stage; a `default` holds where no other row of it does."""

    id: str = Name
    stage: str
    when: Mapping[str, Any] = {}
    then: Any
    because: str = Name
    cites: Texts = Field(min_length=1)
    priority: int = 0
    default: bool = False

    @model_validator(mode="after")
    def fits_its_stage(self) -> Self:
        if self.default and self.when:
            raise ValueError("默认行带了条件|默认行不写条件,或去掉 default")
        if self.stage not in STAGES:
            raise ValueError(f"没有“{self.stage}”这个环节|{'、'.join(STAGES)}")
        right = misshapen(self.stage, self.then)
        if right:
            raise ValueError(f"then 的写法不合环节 {self.stage}|{right}")
        return self


class StepRow(Part):
    """`[[step]]`: a verb that this procedure uses; what is left out keeps its neutral default (rules/lifecycle.py)."""

    verb: str = Name
    label: str | None = None
    from_states: tuple[State, ...] | None = Field(default=None, alias="from")
    to: State | None = None
    to_when: Mapping[str, State] = {}
    who: Texts | None = None
    order_from: tuple[OrderState, ...] = ()
    confirm: str = ""
    without_plan: bool = False
    """record_acceptance: whether the customer's word is also taken on what was done without a plan."""
    cites: Texts = ()


class FormField(Part):
    key: str = Name
    label: str = Name
    type: FieldType | Literal["file", "signature"] = "text"
    values: Texts = ()
    required: bool = False
    source: str = ""


class Signature(Part):
    label: str = Name
    by: str = Name


class FormRow(Part):
    """`[[form]]`: a document kind. `table` says where its rows live when it is not a plain document."""

    kind: str = Name
    title: str = Name
    prefix: str = ""
    numbered: Literal["day", "month"] = "day"
    """Whether its numbers begin anew each day (prefix-YYYYMMDD-####) or each month (prefix-YYYYMM-####)."""
    table: Literal["order", "correction", "complaint", "proposal", "workorder", "fee", "coordination", "document"] = (
        "document"
    )
    who: Texts = ()
    before: str = ""
    copies: Texts = ()
    """In how many copies it is made out, and where each goes: printed once for each."""
    made_by: str = ""
    """The deed that makes this document by itself, from its arguments and from the case."""
    state_on_fill: str = ""
    state_when: Mapping[str, str] = {}
    fields: tuple[FormField, ...] = Field(default=(), alias="field")
    signatures: tuple[Signature, ...] = ()
    cites: Texts = ()


class Subject(Part):
    """Whom a breach falls on, and the least points for one occurrence."""

    kind: SubjectKind
    points: int | None = Field(default=None, ge=1)


class Standard(Part):
    """`[[assessment]]`: one item of the assessment standard."""

    no: str = Name
    sub: str = ""
    category: str = Name
    subcategory: str = ""
    requirement: str = Name
    subjects: tuple[Subject, ...] = Field(min_length=1)
    complaint: Literal["by_grade", "by_severity"] = "by_grade"
    severity: Texts = ()
    cites: Texts = ()


class IndicatorRow(Part):
    """`[[indicator]]`: a ratio of two counts of rules/indicators.py, or a count when there is no denominator."""

    name: str = Name
    numerator: str = Name
    denominator: str = ""
    target: float | None = None
    exclude_not_due: bool = False
    """Whether open cases that are not due yet stay out of the denominator `cases` (F-19)."""
    among: Texts = ()
    """Counts that are told beside it: how many of the denominator are not due yet, or lack a paper."""
    note: str = ""
    """What to keep in mind when reading it."""
    cites: Texts = ()


class DutyRow(Part):
    """`[[duty]]`: something owed every period."""

    id: str = Name
    title: str = Name
    to: str = Name
    kind: str = Name
    period: Literal["month", "year"] = "month"
    at: str = Field(default="first_workday 09:00", pattern=r"^(first_workday|\d\d-\d\d) \d\d:\d\d$")
    """When it is missed: on the first workday after the month, or on a day of the year itself."""
    times: int = Field(default=1, ge=1)
    """How often in the period it is owed."""
    text: str = ""
    cites: Texts = ()

    @model_validator(mode="after")
    def is_missed_on_a_day_of_its_period(self) -> Self:
        if (self.period == "year") == self.at.startswith("first_workday"):
            raise ValueError("at 不合 period|month 写 first_workday 09:00,year 写 12-01 09:00")
        return self
