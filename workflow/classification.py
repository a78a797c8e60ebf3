"""性质, 级别, 去向: what the procedure's rules make of the facts, with the reasons kept."""

from __future__ import annotations

from typing import Any

from models import Department
from rules import engine
from rules.table import Decision
from workflow import assignment
from workflow.act import Act
from workflow.departments import ensure_department
from workflow.notices import by_rules

CLASSIFYING = {"nature", "compensation_sought", "channel", "complained_department", "category", "parties_count"}


def preset(act: Act, *, only_missing: bool = False) -> None:
    """What the channel tells by itself (P02-5.6); what a person said explicitly stays."""
    case = act.case
    for decision in act.collect("preset"):
        for key, value in decision.outcome.items():
            if key in act.arguments and act.arguments[key] is not None:
                continue
            if only_missing and case.fields.get(key) is not None:
                continue
            case.fields = {**case.fields, key: value}


def judge_nature(act: Act) -> None:
    """抱怨 or 投诉, as the procedure's rules make of what was said (P02-1.2)."""
    case = act.case
    decision = act.decide("nature")
    if decision is not None:
        act.set(case, "nature", decision.outcome, "性质")


def grade(act: Act) -> None:
    """The grade that the facts give. It rises by itself; it falls by itself only when it was provisional (G-13)."""
    case = act.case
    decision = act.decide("grade")
    new, provisional = graded(decision)
    if case.grade_by_hand and not worse(act, new, case.grade):
        return
    if case.grade and new and not case.grade_provisional and worse(act, case.grade, new):
        act.warn(f"按现有事实应为{new},级别不自动降低")
        return
    raised = bool(case.grade) and worse(act, new, case.grade)
    act.set(case, "grade", new, "级别")
    case.grade_provisional, case.grade_by_hand = provisional, False
    case.severity = act.procedure.head.severity.get(new or case.nature, 0)
    if raised:
        by_rules(act, event="升级")


def graded(decision: Decision | None) -> tuple[str | None, bool]:
    if decision is None or not decision.outcome:
        return None, False
    if isinstance(decision.outcome, str):
        return decision.outcome, False
    return decision.outcome.get("grade"), bool(decision.outcome.get("provisional"))


def worse(act: Act, one: Any, other: Any) -> bool:
    """Whether the first grade weighs more than the second; no grade weighs nothing."""
    severity = act.procedure.head.severity
    return severity.get(one or "", 0) > severity.get(other or "", 0)


def destination(act: Act) -> str | None:
    """The department to which the facts lead as they are now; nothing is decided by asking."""
    decision = engine.decide(act.procedure, "route", act.facts())
    return _named(decision) if decision else None


def _named(decision: Decision) -> str:
    spec = decision.outcome
    return str(spec if isinstance(spec, str) else spec["department"])


def route(act: Act, *, before: str | None = None) -> None:
    """The department that investigates; a change of route is a hand-over (P02-9.5).

    ``before`` is where the facts led until now: when they still lead there, a case that somebody has handed to another
    department stays with that one.
    """
    decision = act.decide("route")
    if decision is not None and before == _named(decision):
        return
    if decision is None:
        act.warn("没有规则决定去向,留在登记部门")
        target: Department | None = act.case.investigation_department or act.case.receiver_department
    else:
        target = ensure_department(act.session, _named(decision))
    if target is not None:
        reason = decision.because if decision else ""
        assignment.hand_over(act, target, reason=reason, kind="分流")
