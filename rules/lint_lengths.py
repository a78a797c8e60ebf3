"""Lint of the names that the house keeps with its cases: none may be longer than the column that keeps it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.faults import Finding, Place
from rules.procedure import Procedure

LONGEST = {
    "procedure_version.code": 20,
    "procedure_version.title": 200,
    "role.name": 40,
    "department.name": 60,
    "department.kind": 20,
    "case_decision.rule_id": 80,
    "clock.name": 30,
    "notice.event": 20,
    "duty.title": 60,
    "duty.met_by": 80,
    "form_document.kind": 40,
    "complaint.grade": 20,
    "complaint.category": 100,
    "complaint.channel": 20,
    "complaint.nature": 20,
    "complaint.place": 200,
    "complaint.close_reason": 20,
    "complainant.kind": 20,
    "visit.way": 20,
    "communication.kind": 20,
    "communication.way": 20,
    "measure.kind": 20,
    "circular.kind": 40,
    "inspection.kind": 20,
    "periodic_report.kind": 40,
    "attachment.kind": 20,
    "knowledge_item.kind": 40,
    "proposal.kind": 20,
    "investigation.conclusion": 20,
    "training.kind": 20,
}
"""How many characters a column takes."""
LISTS = {
    "channels": "complaint.channel",
    "natures": "complaint.nature",
    "close_reasons": "complaint.close_reason",
    "complainant_kinds": "complainant.kind",
    "visit_ways": "visit.way",
    "communication_kinds": "communication.kind",
    "communication_ways": "communication.way",
    "measure_kinds": "measure.kind",
    "circular_kinds": "circular.kind",
    "inspection_kinds": "inspection.kind",
    "report_kinds": "periodic_report.kind",
    "places": "complaint.place",
    "evidence_kinds": "attachment.kind",
    "library_kinds": "knowledge_item.kind",
    "solution_kinds": "proposal.kind",
    "conclusions": "investigation.conclusion",
    "training_kinds": "training.kind",
}
"""Where what is chosen from a list of the vocabulary is kept."""


@dataclass(frozen=True)
class TooLong:
    """A name of the document, what it is called in the sheets, and how long it may be."""

    place: Place
    what: str
    name: str
    longest: int


def too_long(procedure: Procedure) -> Iterator[TooLong]:
    """The names that do not fit."""
    for place, what, column, names in _names(procedure):
        for name in names:
            if len(name) > LONGEST[column]:
                yield TooLong(place, what, name, LONGEST[column])


def lint_lengths(procedure: Procedure) -> Iterator[Finding]:
    """The same as findings."""
    for each in too_long(procedure):
        yield each.place.has(f"{each.what}“{each.name[:40]}”太长,最多{each.longest}个字")


def _names(procedure: Procedure) -> Iterator[tuple[Place, str, str, Iterable[str]]]:
    head, place = procedure.head, Place("procedure")
    yield place.at("code"), "代码", "procedure_version.code", [head.code]
    yield place.at("title"), "名称", "procedure_version.title", [head.title]
    yield place.at("roles"), "角色", "role.name", head.roles
    yield place.at("departments"), "部门", "department.name", [row.name for row in head.departments]
    yield place.at("departments"), "类别", "department.kind", [row.kind for row in head.departments]
    yield place.at("grades"), "级别", "complaint.grade", head.grades
    for cell, column in LISTS.items():
        yield Place("vocabulary", "", cell), "名称", column, getattr(procedure.vocabulary, cell)
    for category in procedure.vocabulary.categories:
        paths = [category.name, *(f"{category.name}/{child}" for child in category.children)]
        yield Place("vocabulary", "", "categories"), "类别", "complaint.category", paths
    for form in procedure.forms:
        yield Place("form", form.kind, "kind"), "表单", "form_document.kind", [form.kind]
    yield from _names_of_time(procedure)
    yield from _names_of_rules(procedure)


def _names_of_time(procedure: Procedure) -> Iterator[tuple[Place, str, str, Iterable[str]]]:
    for limit in procedure.limits:
        place = Place("limit", limit.name)
        yield place.at("name"), "时限", "clock.name", [limit.name]
        for number, rung in enumerate(limit.ladder):
            yield place.at(f"ladder.{number}.event"), "事件", "notice.event", [rung.name_of_event]
    for duty in procedure.duties:
        yield Place("duty", duty.id, "title"), "事项", "duty.title", [duty.title]


def _names_of_rules(procedure: Procedure) -> Iterator[tuple[Place, str, str, Iterable[str]]]:
    for rule in procedure.rules:
        place = Place("rule", rule.id)
        yield place.at("id"), "规则", "case_decision.rule_id", [rule.id]
        if rule.stage == "notify":
            yield place.at("then.event"), "事件", "notice.event", [str(rule.then["event"])]
        if rule.stage == "duty":
            yield place.at("then.title"), "事项", "duty.title", [str(rule.then["title"])]
            yield place.at("then.met_by"), "怎样算办完", "duty.met_by", [str(rule.then["met_by"])]
