"""Moving running cases to another version of their procedure: first shown, case for case, then done as a recorded act.

A case is judged for good by the version that accepted it (law 6); this is the only way out of that, and each case keeps
in its history who did it, why, and what changed. Its nature, which a person has stated, stays. A clock keeps the limit
that it started with; only who asks for it has running clocks counted by the new limits, and never one that was late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models import Clock, Complaint, ProcedureVersion
from rules import clocks as ledger
from rules import judging, lifecycle
from rules.judging import Judgement
from rules.limits import Limit, NoDueTime, TooFar
from rules.procedure import Procedure, compiled
from rules.table import Ambiguous
from rules.vocabulary import ENDED
from workflow import access, assignment, classification, procedures, registry, timekeeping
from workflow.access import Actor
from workflow.act import Act, shown
from workflow.arguments import Argument
from workflow.calendars import States
from workflow.departments import ensure_department
from workflow.drafts import known_codes
from workflow.errors import Finding, NotFound, Refused
from workflow.publishing import REVIEWING, WHY
from workflow.registry import verb
from workflow.stewards import key_of

KEEP, ANEW = "保留原时限", "按新版本重算"
MOST = 200
"""How many cases are shown or moved at once: each is judged anew."""
AS_AN_UPDATE = "update"
"""What rules see as the verb: the case is looked at again, as after any change of its facts."""


@dataclass(frozen=True)
class Effect:
    """What moving would change in one case: label, then and afterwards; ``blocked`` says why it cannot be moved."""

    case: Complaint
    changes: tuple[tuple[str, str, str], ...] = ()
    notes: tuple[Finding, ...] = ()
    blocked: Finding | None = None


@dataclass(frozen=True)
class Preview:
    """The effects on the first cases, and how many running cases there are in all."""

    effects: list[Effect] = field(default_factory=list)
    total: int = 0


def preview(
    session: Session,
    code: str,
    number: int,
    *,
    actor: Actor,
    now: datetime,
    cases: Iterable[Any] | None = None,
    limits: str = KEEP,
) -> Preview:
    """What moving would change, of the cases named or of all that run under another version; nothing is written."""
    new = _target(session, code, number, now)
    found, total = running(session, code, number, actor, cases)
    return Preview([_effect(session, case, new, actor, now, limits) for case in found], total)


def running(
    session: Session, code: str, number: int, actor: Actor, cases: Iterable[Any] | None = None
) -> tuple[list[Complaint], int]:
    """The running cases of the procedure under another version that this person sees, oldest first, and how many."""
    conditions: list[ColumnElement[bool]] = [
        Complaint.procedure_code == code,
        Complaint.procedure_version != number,
        Complaint.state.not_in(ENDED),
        access.scope(actor),
    ]
    if cases is not None:
        conditions.append(Complaint.id.in_({key_of(case) for case in cases}))
    total = session.scalar(select(func.count(Complaint.id)).where(*conditions)) or 0
    query = select(Complaint).where(*conditions).order_by(Complaint.id).limit(MOST)
    return list(session.scalars(query).unique()), total


@verb(
    "migrate_cases",
    label="转移在办投诉",
    **REVIEWING,
    danger=True,
    arguments=(
        Argument("code", "制度", "choice", required=True, options=known_codes),
        Argument("number", "版本", "number", required=True, minimum=1),
        Argument("cases", "投诉", "json"),
        Argument("limits", "在走的时限", "choice", options=(KEEP, ANEW), default=lambda _act: KEEP),
        WHY,
    ),
)
def migrate_cases(act: Act) -> None:
    """Running cases are judged by that version from now on; each has an event of its own that says what changed."""
    code, number = act.arguments["code"], act.arguments["number"]
    new = _target(act.session, code, number, act.now)
    found, total = running(act.session, code, number, act.actor, _named(act))
    if not found:
        raise Refused("没有可以转移的在办投诉", field="cases")
    moved = []
    for case in found:
        effect = _effect(act.session, case, new, act.actor, act.now, act.given("limits", KEEP))
        if effect.blocked is not None:
            act.warn(f"{case.case_no} 没有转移:{effect.blocked}")
            continue
        _move(act, case, new)
        moved.append(case)
    if not moved:
        raise Refused(findings=[Finding("没有一件可以转移", field="cases"), *_reasons(act)])
    act.say(f"{len(moved)} 件投诉转到 {code} 第 {number} 版")
    if total > len(found):
        act.warn(f"还有 {total - len(found)} 件没有转移,请再办理一次")
    act.result = moved


def _reasons(act: Act) -> list[Finding]:
    return [Finding("{why}", values={"why": warning}) for warning in act.warnings[:20]]


def _named(act: Act) -> Sequence[Any] | None:
    """The ids of the cases that were named; all running ones when none was."""
    if "cases" not in act.arguments:
        return None
    named = act.arguments["cases"]
    if isinstance(named, list):
        if len(named) > MOST:
            raise Refused("一次最多转移 {most} 件", field="cases", most=MOST)
        return named
    # an empty list is read as nothing, and must not be taken for "all of them"
    raise Refused("投诉应为编号的列表" if named is not None else "没有选投诉", field="cases")


def _target(session: Session, code: str, number: int, now: datetime) -> Procedure:
    """The version to move to: approved, and in force now or once before."""
    query = select(ProcedureVersion).where(ProcedureVersion.code == code, ProcedureVersion.number == number)
    found = session.scalar(query)
    if found is None or found.state != procedures.APPROVED:
        raise NotFound("制度 {code} 没有审核通过的第 {number} 版", field="number", code=code, number=number)
    if found.in_force_from is None or found.in_force_from > now:
        raise Refused("第 {number} 版还没有生效", field="number", number=number)
    return procedures.version(session, code, number)


# ---------------------------------------------------------------------------------------------------------------------
# what would change


def _effect(session: Session, case: Complaint, new: Procedure, actor: Actor, now: datetime, limits: str) -> Effect:
    if not _comes_to_an_end(new, case.state):
        blocked = Finding("按新版本,从“{state}”走不到结束", values={"state": case.state})
        return Effect(case, blocked=blocked)
    try:
        made = _judged(_act(session, case, new, actor, now))
    except Ambiguous as fault:
        first, second = fault.rules
        text = "制度的规则 {first} 与 {second} 同时成立,无法决定,请修改制度后再办"
        return Effect(case, blocked=Finding(text, values={"first": first, "second": second}))
    changes = [("版本", f"第 {case.procedure_version} 版", f"第 {new.version} 版"), *_of_judgement(case, made)]
    if limits == ANEW:
        facts = made.facts
        for clock, _limit, reading in _recounted(session, case, new, facts):
            changes.append((f"{clock.name}截止", shown(clock.due_at), shown(reading.due_at)))
    return Effect(case, tuple(changes), tuple(_notes(made)))


def _act(session: Session, case: Complaint, new: Procedure, actor: Actor, now: datetime) -> Act:
    return Act(session, "migrate_cases", case, actor, now, new)


def _judged(act: Act) -> Judgement:
    """The case judged by the new version; it stays where somebody sent it while both versions lead the same way."""
    old = procedures.version(act.session, act.case.procedure_code, act.case.procedure_version)
    before = Act(act.session, AS_AN_UPDATE, act.case, act.actor, act.now, old)
    led_to = judging.destination(old, before.facts())
    return judging.judge(act.procedure, act.facts(verb=AS_AN_UPDATE), anew=False, with_nature=False, led_to=led_to)


def _of_judgement(case: Complaint, made: Judgement) -> Iterable[tuple[str, str, str]]:
    labels = {field.key: field.label for field in made.procedure.fields}
    for key, value in made.presets.items():
        yield labels.get(key, key), shown(case.fields.get(key)), shown(value)
    if made.category is not None:
        yield "服务类别", shown(case.category), made.category
    grading = made.grading
    if grading is not None and not grading.stays and (grading.grade or "") != (case.grade or ""):
        yield "级别", shown(case.grade), shown(grading.grade)
    if made.moves and made.destination != str(case.investigation_department or ""):
        yield "调查处理部门", shown(case.investigation_department), shown(made.destination)


def _notes(made: Judgement) -> Iterable[Finding]:
    if made.grading is not None and made.grading.stays == judging.DOES_NOT_FALL:
        yield Finding("按现有事实应为{grade},级别不自动降低", values={"grade": made.grading.by_rules})
    if made.destination is None:
        yield Finding("新版本没有规则决定去向,部门不变")


def _comes_to_an_end(new: Procedure, state: str) -> bool:
    """Whether the new version knows any way from this state to an end of the case."""
    steps = [step for step in (lifecycle.step_for(new, row.verb) for row in new.steps) if step is not None]
    reached, open_ends = {state}, [state]
    while open_ends:
        here = open_ends.pop()
        targets = {str(to) for step in steps if here in step.from_states for to in (step.to, *step.to_when.values())}
        open_ends += targets - reached
        reached |= targets
    return not reached.isdisjoint(ENDED)


def _recounted(
    session: Session, case: Complaint, new: Procedure, facts: dict[str, Any]
) -> Iterable[tuple[Clock, Limit, ledger.Reading]]:
    """The running clocks that would be due at another instant, with their new limit and reading."""
    states = States(session, new)
    for clock in timekeeping.clocks_of(session, case):
        limit = _limit_for(clock, new, facts)
        if clock.ended_at or clock.ever_late or clock.flagged_at or limit is None:
            continue
        try:
            reading = ledger.read(timekeeping.entries_of(clock), limit, states)
        except (NoDueTime, TooFar, ledger.BadLedger):
            continue
        if reading.due_at is not None and reading.due_at != clock.due_at:
            yield clock, limit, reading


def _limit_for(clock: Clock, new: Procedure, facts: dict[str, Any]) -> Limit | None:
    """The new version's limit of that name that holds for the case, with the number that the case itself had given."""
    given = next((entry.amount for entry in timekeeping.entries_of(clock) if entry.amount is not None), None)
    for row in new.limits:
        tests = compiled(row.when, new.facts)
        if row.name == clock.name and all(test.holds(facts.get(name)) for name, test in tests.items()):
            return row.limit(given)
    return None


# ---------------------------------------------------------------------------------------------------------------------
# the act


def _move(act: Act, case: Complaint, new: Procedure) -> None:
    """One case: judged, handed over where the route has changed, its clocks counted anew if asked; one event."""
    inner = _act(act.session, case, new, act.actor, act.now)
    inner.reason = act.reason
    made = _judged(inner)
    old = case.procedure_version
    case.procedure_version = new.version
    inner.changed("版本", f"第 {old} 版", f"第 {new.version} 版")
    inner.take(made.questions)
    if made.presets:
        case.fields = {**case.fields, **made.presets}
    if made.category is not None:
        inner.set(case, "category", made.category, "服务类别")
    if made.grading is not None:
        classification.regrade(inner, made.grading)
    if made.moves and made.destination is not None:
        decision = made.decision("route")
        target = ensure_department(act.session, made.destination)
        assignment.hand_over(inner, target, reason=decision.because if decision else act.reason, kind="分流")
    if act.given("limits", KEEP) == ANEW:
        for clock, limit, _reading in list(_recounted(act.session, case, new, made.facts)):
            due = clock.due_at
            clock.limit = limit.as_json()
            timekeeping.refresh(act.session, clock, timekeeping.states_for(inner))
            inner.changed(f"{clock.name}截止", due, clock.due_at)
        timekeeping.touch(inner)
    registry.finish(inner, registry.VERBS["migrate_cases"])
