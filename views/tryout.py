"""Trying a draft out: a case typed in or taken from history, put to one stage of the draft. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import g, request
from flask_babel import gettext as _
from sqlalchemy import select

from models import Complaint, db
from rules import engine
from rules.facts import FactType
from rules.quantities import written
from rules.table import Decision
from rules.unary import Is, TestFault, parse_test
from views import cells
from views.base import me
from views.editordesk import Desk
from views.reasons import MASKED
from views.rulewords import conclusion, condition, fact_label
from views.said import said
from views.sheets import Column, Kind
from workflow import access
from workflow.act import Act
from workflow.facts import facts_of

CASE = "case"
FACT = "fact."


@dataclass(frozen=True)
class Asked:
    """A fact that the stage asks: how it is answered, and what was answered."""

    column: Column
    name: str
    value: Any
    text: str


@dataclass(frozen=True)
class Told:
    """What the draft decides: a sentence, its row, what nearly held, what was not reached."""

    sentence: str
    row: str
    near: tuple[tuple[str, str], ...] = ()
    not_reached: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trial:
    """One try-out: what was asked, what came of it."""

    case: str
    unknown: bool
    asked: list[Asked]
    told: list[Told]
    wrong: dict[str, str]


def is_asked(desk: Desk) -> bool:
    """Whether the address carries a case to try."""
    return any(request.args.get(name, "").strip() for name in arguments(desk))


def trial(desk: Desk) -> Trial:
    """The case of the address, put to the stage."""
    facts, wrong = facts_asked(desk)
    number = request.args.get(CASE, "").strip()
    unknown = bool(number) and case_asked() is None
    return Trial(number, unknown, asked(desk, facts), told(desk, facts), wrong)


def names(desk: Desk) -> list[str]:
    """The facts that the rows of this stage ask."""
    return [column.cell.removeprefix("when.") for column in desk.sheet.columns if column.kind is Kind.TEST]


def arguments(desk: Desk) -> set[str]:
    """What the address of a try-out may carry."""
    return {CASE, *(FACT + name for name in names(desk))}


def case_asked() -> Complaint | None:
    """The case from history that is meant, when the person may see it."""
    number = request.args.get(CASE, "").strip()
    if not number:
        return None
    return db.session.scalar(select(Complaint).where(Complaint.case_no == number, access.scope(me())))


def facts_asked(desk: Desk) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts of the case from history, with what was typed over them; and what of it is no value."""
    case = case_asked()
    facts: dict[str, Any] = {}
    if case is not None:
        facts = facts_of(Act(db.session(), "", case, me(), g.now, desk.document))
    wrong: dict[str, str] = {}
    for column in desk.sheet.columns:
        if column.kind is Kind.TEST and column.fact is not None:
            name = column.cell.removeprefix("when.")
            text = "、".join(request.args.getlist(FACT + name)).strip()
            try:
                if text:
                    facts[name] = value_of(column, text)
            except (cells.CellFault, TestFault) as fault:
                wrong[name] = str(fault)
    return facts, wrong


def value_of(column: Column, text: str) -> Any:
    """What was typed for a fact, in its type."""
    kind = column.fact.type if column.fact else FactType.TEXT
    if kind is FactType.LIST:
        return cells.typed(Column(column.cell, column.label, Kind.LIST, column.choices), text)
    if kind is FactType.FLAG:
        return cells.typed(Column(column.cell, column.label, Kind.FLAG), text)
    test = cells.typed(column, text)
    found = parse_test(test, column.fact)
    return found.wanted if isinstance(found, Is) else test


def asked(desk: Desk, facts: Mapping[str, Any]) -> list[Asked]:
    """Every fact of the stage with its answer."""
    found = []
    for column in desk.sheet.columns:
        if column.kind is not Kind.TEST:
            continue
        name = column.cell.removeprefix("when.")
        value = facts.get(name)
        typed = request.args.getlist(FACT + name)
        # how somebody is reached is not said here: it counts, and who needs it asks for it with a reason
        text = _("、").join(typed) if typed else _text(value) if name not in MASKED else ""
        found.append(Asked(column, name, value, text))
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, timedelta):
        return str(said(written(value)))
    if isinstance(value, list | tuple):
        return _("、").join(str(said(str(item))) for item in value)
    return str(said(str(value)))


def told(desk: Desk, facts: Mapping[str, Any]) -> list[Told]:
    """What the stage makes of the facts: one answer, or several where all that hold count; none when no row holds."""
    stage = desk.sheet.stage
    hit = desk.document.hit(stage)
    if str(hit) == "collect":
        decisions = list(engine.collect(desk.document, stage, facts))
    else:
        decision = engine.decide(desk.document, stage, facts)
        decisions = [decision] if decision else []
    return [_told(desk, decision) for decision in decisions]


def _told(desk: Desk, decision: Decision) -> Told:
    document = desk.document
    seen = [condition(document, name, raw) for name, raw in desk.rules[decision.rule_id].when.items()]
    because = str(_(" 且 ")).join(seen) or str(_("其余情形"))
    end = conclusion(document, decision.stage, decision.outcome)
    near = tuple((miss.rule_id, _near(desk, miss)) for miss in decision.near_misses)
    reached = tuple(getattr(decision, "not_reached", ()))
    return Told(str(_("%(end)s，因为 %(because)s。", end=end, because=because)), decision.rule_id, near, reached)


def _near(desk: Desk, miss: Any) -> str:
    outcome = conclusion(desk.document, desk.sheet.stage, miss.outcome)
    seen, label = _text(miss.seen), fact_label(desk.document, miss.fact)
    if not seen:
        return str(_("差一点%(outcome)s：%(fact)s没有填写", outcome=outcome, fact=label))
    was = MASKED.get(miss.fact, str)(seen)
    return str(_("差一点%(outcome)s：%(fact)s 是 %(was)s", outcome=outcome, fact=label, was=was))
