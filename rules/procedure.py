"""A procedure document: read, checked and compiled once; afterwards only asked."""

import tomllib
from collections.abc import Mapping
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any

from pydantic import Field, ValidationError

from rules.count_rows import CountRow
from rules.document import (
    DutyRow,
    ExtensionRow,
    FieldRow,
    FormRow,
    Head,
    IndicatorRow,
    LimitRow,
    Part,
    PauseRow,
    RuleRow,
    Standard,
    StepRow,
    Vocabulary,
)
from rules.facts import Fact, Facts, lookup
from rules.faults import Finding, ProcedureFault, from_schema, row_key, row_name
from rules.outcomes import STAGES
from rules.report_rows import ReportRow
from rules.table import Hit, Row, Table
from rules.take_rows import AT_REGISTERING, TakeRow
from rules.time_rows import worded
from rules.unary import Test, TestFault, every, parse_test


class Procedure(Part):
    """One version of one procedure. The head's settings can be read from it directly."""

    head: Head = Field(alias="procedure")
    vocabulary: Vocabulary = Vocabulary()
    stages: Mapping[str, Hit] = {}
    fields: tuple[FieldRow, ...] = Field(default=(), alias="field")
    rules: tuple[RuleRow, ...] = Field(default=(), alias="rule")
    limits: tuple[LimitRow, ...] = Field(default=(), alias="limit")
    steps: tuple[StepRow, ...] = Field(default=(), alias="step")
    forms: tuple[FormRow, ...] = Field(default=(), alias="form")
    standards: tuple[Standard, ...] = Field(default=(), alias="assessment")
    sanctions: Mapping[str, tuple[str, ...]] = {}
    indicators: tuple[IndicatorRow, ...] = Field(default=(), alias="indicator")
    duties: tuple[DutyRow, ...] = Field(default=(), alias="duty")
    pauses: tuple[PauseRow, ...] = Field(default=(), alias="pause")
    extensions: tuple[ExtensionRow, ...] = Field(default=(), alias="extension")
    counts: tuple[CountRow, ...] = Field(default=(), alias="count")
    reports: tuple[ReportRow, ...] = Field(default=(), alias="report")
    takes: tuple[TakeRow, ...] = Field(default=(), alias="take")
    version: int = 1

    @property
    def code(self) -> str:
        return self.head.code

    @property
    def title(self) -> str:
        return self.head.title

    @property
    def grades(self) -> tuple[str, ...]:
        """Worst first."""
        return self.head.grades

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """Stage -> decision table."""
        return {stage: Table(stage, self.hit(stage), self._rows(stage)) for stage in STAGES}

    @cached_property
    def intake(self) -> Table:
        """Which cases it takes where others are in force beside it: the first row that holds says why."""
        rows = (Row(row.id, compiled(row.when, self.facts), self.title, row.because, row.cites) for row in self.takes)
        return Table("take", Hit.FIRST, tuple(rows))

    @cached_property
    def known_at_registering(self) -> frozenset[str]:
        """The facts that may decide which document takes a case."""
        return AT_REGISTERING | {field.key for field in self.fields}

    def hit(self, stage: str) -> Hit:
        """The hit policy of a stage: the document's, or the usual one."""
        return self.stages.get(stage, Hit(STAGES[stage]))

    def _rows(self, stage: str) -> tuple[Row, ...]:
        return tuple(
            Row(
                rule.id,
                compiled(rule.when, self.facts),
                rule.then,
                rule.because,
                rule.cites,
                rule.priority,
                rule.default,
            )
            for rule in self.rules
            if rule.stage == stage
        )

    def above(self, rule: str) -> list[Mapping[str, Any]]:
        """The tests of the rows that are asked before that rule, where the first that holds decides."""
        stage = next((row.stage for row in self.rules if row.id == rule), "")
        if not stage or self.hit(stage) is not Hit.FIRST:
            return []
        asked = [row.id for row in self.tables[stage].asked]
        before = set(asked[: asked.index(rule)])
        return [row.when for row in self.rules if row.stage == stage and row.id in before]

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """The facts this procedure adds to the core."""
        fields = {field.key: field.fact for field in self.fields}
        return fields | {count.key: count.fact for count in self.counts}

    @cached_property
    def asked(self) -> frozenset[str]:
        """The facts that some test of a rule or a limit asks for: what is costly to know is read only then."""
        rows = [*(rule.when for rule in self.rules), *(limit.when for limit in self.limits)]
        rows += [rung.when for limit in self.limits for rung in limit.ladder]
        return frozenset(name for when in rows for name in when)

    @property
    def uses_plans(self) -> bool:
        """Whether there are plans, or work that is carried out and reported back without one."""
        return any(self.step(verb) for verb in ("propose", "implement", "feedback"))

    def holds(self, when: Mapping[str, Any], facts: Facts) -> bool:
        """Whether all tests of a row hold, each read in the type of its fact; an unknown fact is no yes."""
        return bool(every(test.holds(facts.get(name)) for name, test in self.tests_of(when).items()))

    def unanswered(self, when: Mapping[str, Any], facts: Facts) -> tuple[str, ...]:
        """The facts for want of which nobody can say whether the row holds; none where one test says no."""
        answers = {name: test.holds(facts.get(name)) for name, test in self.tests_of(when).items()}
        return tuple(name for name in answers if answers[name] is None) if every(answers.values()) is None else ()

    def tests_of(self, when: Mapping[str, Any]) -> Mapping[str, Test]:
        """The tests of a row, by fact."""
        return compiled(when, self.facts)

    def step(self, verb: str) -> StepRow | None:
        """The step of a verb; None when this procedure does not use it."""
        return self._steps.get(verb)

    @cached_property
    def _steps(self) -> Mapping[str, StepRow]:
        return {step.verb: step for step in reversed(self.steps)}

    def limit(self, name: str) -> LimitRow | None:
        return next((limit for limit in self.limits if limit.name == name), None)

    def form(self, kind: str) -> FormRow | None:
        """The form of that kind, also found by its full title."""
        return next((form for form in self.forms if kind in (form.kind, form.title)), None)

    def report(self, kind: str) -> ReportRow | None:
        return next((row for row in self.reports if row.kind == kind), None)

    def field(self, key: str) -> FieldRow | None:
        return next((field for field in self.fields if field.key == key), None)

    def standard(self, no: object) -> Standard | None:
        """The assessment item of that number, e.g. 12, "5b" or "其他"."""
        wanted = str(no)
        return next((item for item in self.standards if wanted in (item.no, item.no + item.sub)), None)

    def parent_of(self, department: str) -> str | None:
        """The department that a crew shipped with the document belongs to."""
        return next((row.parent for row in self.head.departments if row.name == department), None)

    def worse(self, grade: str | None, than: str | None) -> bool:
        """Whether the first grade is worse than the second; any grade is worse than none."""
        if not grade or grade not in self.grades:
            return False
        return than not in self.grades or self.grades.index(grade) < self.grades.index(str(than))


def compiled(when: Mapping[str, Any], own: Mapping[str, Fact]) -> Mapping[str, Test]:
    """The tests of a row, by fact. A cell that does not fit the type of its fact is read without it, and found by lint:
    a draft in which a field has just changed its type can still be read."""
    return {name: _fitting(raw, lookup(name, own)) for name, raw in when.items()}


def _fitting(raw: object, fact: Fact | None) -> Test:
    try:
        return parse_test(raw, fact)
    except TestFault:
        return parse_test(raw)


def parse(text: str) -> Procedure:
    """The procedure that a TOML text means. Raises ProcedureFault with every fault it has."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ProcedureFault([Finding("文件", f"不是 TOML:{fault}", "按行号改正")]) from fault
    return build(document)


def build(document: Mapping[str, Any]) -> Procedure:
    """The procedure that an already read document means."""
    try:
        procedure = Procedure.model_validate(worded(document))
    except ValidationError as fault:
        raise ProcedureFault(from_schema(fault.errors(), document)) from fault
    sections = ("rule", "limit", "report", "count", "take")
    findings = [fault for section in sections for fault in _bad_cells(section, document, procedure.facts)]
    if findings:
        raise ProcedureFault(findings)
    return procedure


def _bad_cells(section: str, document: Mapping[str, Any], own: Mapping[str, Fact]) -> list[Finding]:
    findings = []
    for number, row in enumerate(document.get(section, ()), start=1):
        for name, raw in row.get("when", {}).items():
            try:
                _fitting(raw, lookup(name, own))
            except TestFault as fault:
                where, key = f"{section} 第{number}行{row_name(row)} when {name}", row_key(row)
                findings.append(Finding(where, fault.wrong, fault.right, section=section, row=key, cell=f"when.{name}"))
    return findings


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, str]:
    """Code -> text of the documents that come with the product."""
    texts = {}
    for entry in sorted((resources.files("rules") / "procedures").iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            texts[entry.name.removesuffix(".toml")] = entry.read_text(encoding="utf-8")
    return texts
