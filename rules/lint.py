"""Lint: names that lead nowhere, rows that never hold, promises nobody keeps; decided on the document alone."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from rules.faults import Finding, Place, Severity
from rules.lint_cells import cell_findings, lint_cells, nearest
from rules.lint_counts import lint_counts
from rules.lint_lengths import lint_lengths
from rules.lint_loops import lint_loops
from rules.lint_names import MEETINGS, RECIPIENTS, lint_names
from rules.lint_tables import lint_tables
from rules.lint_takes import lint_takes
from rules.lint_time import lint_time
from rules.mailing import lint_mailing
from rules.procedure import Procedure
from rules.worktime import BadInterval, parse_intervals

__all__ = ["MEETINGS", "RECIPIENTS", "cell_findings", "errors", "lint"]

Findings = Iterator[Finding]


def lint(procedure: Procedure) -> list[Finding]:
    """Everything that is wrong or doubtful in a document that can be read; errors first."""
    findings = [finding for check in _CHECKS for finding in check(procedure)]
    return sorted(findings, key=lambda finding: finding.severity is not Severity.ERROR)


def errors(procedure: Procedure) -> list[Finding]:
    """Only what must not be put in force."""
    return [finding for finding in lint(procedure) if finding.severity is Severity.ERROR]


def _head(procedure: Procedure) -> Findings:
    head, place = procedure.head, Place("procedure")
    try:
        parse_intervals(head.intervals)
    except BadInterval as fault:
        wrong, _, right = str(fault).partition("|")
        yield place.at("intervals").has(wrong, right)
    for grade in procedure.grades:
        if grade not in head.severity:
            yield place.at("severity").has(f"级别“{grade}”没有对应的严重程度", f'"{grade}" = 1 到 4')
    names = {row.name for row in head.departments}
    for row in head.departments:
        if row.parent and row.parent not in names:
            yield place.at("departments").has(f"“{row.name}”没有上级部门“{row.parent}”", nearest(row.parent, names))


def _duplicates(procedure: Procedure) -> Findings:
    kinds: Mapping[tuple[str, str], Iterable[str]] = {
        ("rule", "id"): (rule.id for rule in procedure.rules),
        ("step", "verb"): (step.verb for step in procedure.steps),
        ("form", "kind"): (form.kind for form in procedure.forms),
        ("field", "key"): (field.key for field in procedure.fields),
        ("count", "key"): (count.key for count in procedure.counts),
        ("take", "id"): (row.id for row in procedure.takes),
        ("duty", "id"): (duty.id for duty in procedure.duties),
        ("indicator", "name"): (indicator.name for indicator in procedure.indicators),
        ("assessment", "no"): (item.no + item.sub for item in procedure.standards),
        ("pause", "reason"): (row.reason for row in procedure.pauses),
        ("extension", "id"): (row.id for row in procedure.extensions),
    }
    for (section, cell), names in kinds.items():
        for name, times in Counter(names).items():
            if times > 1:
                yield Place(section, name, cell).has(f"出现了 {times} 次", "每个只写一次")
    for name, times in Counter(row.name for row in procedure.head.departments).items():
        if times > 1:
            yield Place("procedure", "", "departments").has(f"“{name}”出现了 {times} 次", "每个只写一次")


def _defaults(procedure: Procedure) -> Findings:
    """A table has one default row."""
    first: dict[str, str] = {}
    for rule in procedure.rules:
        if rule.default and first.setdefault(rule.stage, rule.id) != rule.id:
            yield Place("rule", rule.id, "default").has(f"本环节已有默认行 {first[rule.stage]}", "只留一行")


def _assessments(procedure: Procedure) -> Findings:
    for item in procedure.standards:
        place = Place("assessment", f"{item.no}{item.sub}")
        if item.complaint == "by_severity" and not item.severity:
            yield place.at("severity").has("按情节处分,却没有可选的处分", "severity 写处分")
        if item.complaint == "by_grade" and set(procedure.grades) - set(procedure.sanctions):
            yield place.at("complaint").has("按级别处分,有的级别没有处分", "[sanctions] 写全各级")
        if item.complaint == "by_grade" and any(subject.points is None for subject in item.subjects):
            yield place.at("subjects").has("没有每次最低扣分", "subjects 写 points")


_CHECKS: tuple[Callable[[Procedure], Findings], ...] = (
    *(_head, _duplicates, _defaults, lint_cells, lint_counts, lint_tables, lint_names, lint_loops, lint_time),
    lint_lengths,
    lint_takes,
    lint_mailing,
    _assessments,
)
