"""判定: every decision that the rules took, found by rule, outcome, period, and by what nearly came out instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, true
from sqlalchemy.orm import selectinload

from models import CaseDecision, Complaint, Department, ProcedureVersion, db
from models.queries import decisions
from rules import engine
from rules.outcomes import STAGES
from views import formats, reasons, rulewords, story, wordings
from views.casefilters import distinct, of_case
from views.caserecords import CaseRecord
from views.filters import Between, Cases, Condition, Days, Filter, Flag, OneOf
from views.said import said
from views.typography import laid_out
from workflow import history
from workflow.registry import VERBS

SHORT = 16
NO_ROW = "没有一条规则成立"
ALL, JUDGED, NOT_HELD = "全部", "定性定级和去向", "没有规则成立"
UNSAID = ("kind", "stage", "rule", "near", "by_hand")
"""An address that says none of these asks for what the cases are: reminders and notices are many, and come after."""


def stage_word(stage: str) -> str:
    """What a stage decides, in the words of the pages; not translated yet."""
    return reasons.ABOUT.get(stage) or rulewords.STAGE_WORDS.get(stage, stage)


@dataclass(frozen=True)
class Exactly(Filter):
    """The very text: a rule's id."""

    def condition(self, value: Any) -> Condition:
        return self.column == value


@dataclass(frozen=True)
class NearlyBy(Filter):
    """A rule that would have decided but for one fact."""

    def condition(self, value: Any) -> Condition:
        return decisions.nearly(value)


@dataclass(frozen=True)
class Overturned(Flag):
    """Whether a person decided otherwise afterwards."""

    def condition(self, value: Any) -> Condition:
        found = decisions.overturned(reasons.BY_HAND)
        return found if value else ~found


@dataclass(frozen=True)
class OutcomeIs(OneOf):
    """Any outcome by its name; the terms of the house are offered, others may stand in an address."""

    def read(self, values: Sequence[str]) -> list[str] | None:
        return [value.strip()[:200] for value in values if value.strip()] or None

    def words(self, value: Any) -> str:
        return _("、").join(said(term) for term in value)


@dataclass(frozen=True)
class ByVerb(OneOf):
    """The deed with which it was decided; the address says the verb, the page its label."""

    def grouped(self) -> dict[str, list[str]]:
        return {"": [verb.label for verb in VERBS.values() if verb.needs_case]}

    def condition(self, value: Any) -> Condition:
        return self.column.in_([verb.name for verb in VERBS.values() if verb.label in value])


def judged() -> Condition:
    """What the rules have said that the cases are."""
    return CaseDecision.stage.in_(reasons.JUDGING) & (CaseDecision.rule_id != "")


def of_stage(stage: str) -> Condition:
    """The answers of one stage."""
    return CaseDecision.stage == stage


def outcomes() -> dict[str, Sequence[str]]:
    """What cases usually come to: natures, grades, departments."""
    places = db.session.scalars(db.select(Department.name).where(Department.active.is_(True)).order_by(Department.path))
    return {**wordings.by_procedure("natures", "grades"), "部门": list(places)}


def sentence(row: CaseDecision) -> str:
    """The decision in one line."""
    reason = reasons.reason_of(row.detail, quiet=())
    if reason is None:
        return str(_(NO_ROW)) if not row.rule_id else str(said(row.outcome))
    head = reason.head
    if "{" in head:  # the text of a notice, told of this very case
        head = engine.fill(head, {"case_no": row.complaint.case_no})
    return f"{head}{_('，因为')} {laid_out(said(reason.because))}" if reason.because else head


def short_outcome(row: CaseDecision) -> str:
    """The grade or the department; of a message its beginning, for the sentence has it whole."""
    text = str(laid_out(said(row.outcome)))
    return text if row.stage in reasons.JUDGING or len(text) <= SHORT else f"{text[:SHORT]}…"


def rule_of(row: CaseDecision) -> Any:
    """The rule, leading to its row of that version."""
    found = reasons.source(row.procedure_code, row.procedure_version)
    if not row.rule_id or found is None:
        return row.rule_id
    return formats.Markup('<a href="{}">{}</a>').format(found.address(row.rule_id), row.rule_id)


def version_of(row: CaseDecision) -> str:
    """The code and number of the version, as on paper."""
    return str(_("%(code)s 第 %(n)s 版", code=row.procedure_code, n=row.procedure_version))


class DecisionView(CaseRecord):
    """The decisions on the cases that this person sees."""

    details_template = "records/decision.html"
    column_list = ("at", "sentence", "about", "outcome", "rule_id", "case")
    optional = ("verb", "version")
    column_labels: ClassVar = {
        "at": "时间",
        "sentence": "判定",
        "about": "定什么",
        "outcome": "结果",
        "rule_id": "规则",
        "verb": "操作",
        "version": "制度",
        "because": "因为",
        "near": "差一点",
    }
    column_formatters: ClassVar = {
        "sentence": lambda _view, _context, row, _name: formats.line(sentence(row)),
        "about": lambda _view, _context, row, _name: _(stage_word(row.stage)),
        "outcome": lambda _view, _context, row, _name: short_outcome(row),
        "rule_id": lambda _view, _context, row, _name: rule_of(row),
        "verb": lambda _view, _context, row, _name: _(VERBS[row.verb].label) if row.verb in VERBS else row.verb,
        "version": lambda _view, _context, row, _name: version_of(row),
    }
    column_formatters_export: ClassVar = {
        **column_formatters,
        "at": lambda _view, _context, row, _name: row.at,
        "outcome": lambda _view, _context, row, _name: said(row.outcome),
        "sentence": lambda _view, _context, row, _name: sentence(row),
        "rule_id": lambda _view, _context, row, _name: row.rule_id,
        "because": lambda _view, _context, row, _name: said(row.detail.get("because", "")),
        "near": lambda _view, _context, row, _name: "、".join(
            str(miss.get("rule_id", "")) for miss in row.detail.get("near_misses", ())
        ),
    }
    column_export_list = ("at", "case", "about", "outcome", "sentence", "rule_id", "version", "verb", "near")
    wide = ("sentence",)
    head_lines = ("sentence",)
    lead = ("about",)
    order = (CaseDecision.at.desc(),)
    searched = (CaseDecision.outcome, CaseDecision.rule_id)
    loads = (selectinload(CaseDecision.complaint),)
    views: ClassVar = {
        "定性定级和去向": {},
        "手工改过的": {"by_hand": "是"},
        "没有规则成立": {"kind": NOT_HELD},
        "全部": {"kind": ALL},
    }
    empty = ("还没有判定", "登记一件投诉，规则定的性质、等级和去向就会连同理由留在这里。")
    filters: tuple[Filter, ...] = (
        Cases(
            "kind",
            "范围",
            cases={
                JUDGED: judged,
                NOT_HELD: lambda: CaseDecision.rule_id == "",
                ALL: true,
            },
        ),
        Cases(
            "stage",
            "定什么",
            cases={stage_word(stage): partial(of_stage, stage) for stage in STAGES},
        ),
        OutcomeIs("outcome", "结果", CaseDecision.outcome, options=outcomes),
        Exactly("rule", "规则", CaseDecision.rule_id),
        NearlyBy("near", "差一点就用上的规则"),
        Overturned("by_hand", "手工改过"),
        OneOf("code", "制度", CaseDecision.procedure_code, options=distinct(ProcedureVersion.code)),
        Between("version", "第几版", CaseDecision.procedure_version),
        ByVerb("verb", "操作", CaseDecision.verb),
        Days("at", "时间", CaseDecision.at),
        *(item for item in of_case(CaseDecision.complaint) if item.key != "grade"),
    )
    offered = ()

    def scope(self) -> ColumnElement[bool]:
        """What the person sees; a list that names no kind shows what the cases are."""
        seen = super().scope()
        listed = str(request.endpoint).endswith((".index_view", ".export"))
        if listed and not any(request.args.get(name, "").strip() for name in UNSAID):
            return seen & judged()
        return seen

    def search_condition(self, text: str) -> ColumnElement[bool]:
        """Outcome, rule, number of the case, or what it is about."""
        about = CaseDecision.complaint.has(Complaint.content.icontains(text, autoescape=True))
        return or_(super().search_condition(text), about)

    def title_of(self, row: CaseDecision, case: Complaint | None) -> str:
        return f"{_(stage_word(row.stage))} · {case.case_no if case else ''}".strip(" ·")

    def details_of(self, row: CaseDecision) -> dict[str, Any]:
        events = history.timeline(db.session(), row.complaint)[::-1]
        return {
            **super().details_of(row),
            "reason": reasons.reason_of(row.detail, quiet=()),
            "change": reasons.overturned_by(events, row.stage, row.event_id),
            "deed": story.line_of(row.event),
            "words": sentence(row),
            "same_rule": url_for("decisions.index_view", rule=row.rule_id, code=row.procedure_code),
        }
