"""The verbs by name, and the one way in which each is carried out.

Every door (button, bulk action, API, job, import, rehearsal) calls ``perform`` or the verb itself, which is the same:
may he? - arguments - guards - change - warnings - history - notices. Nothing here commits or reads the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from models import Complaint
from rules import lifecycle
from rules.lifecycle import Step
from rules.table import Ambiguous
from workflow import access, history, notices, procedures, promises
from workflow import decisions as kept
from workflow.access import Actor
from workflow.act import Act, Done
from workflow.arguments import Argument, parse
from workflow.errors import Finding, Forbidden, NotFound, Refused


class Standing(NamedTuple):
    """What stands in the place of a case: the code of its procedure, and whom the relations of a step mean."""

    code: str
    relations: lifecycle.Relations


@dataclass(frozen=True)
class Verb:
    """A verb: its name and label, what it asks for, and the function that does it."""

    name: str
    label: str
    run: Callable[[Act], Any]
    arguments: tuple[Argument, ...] | Callable[[Act], Sequence[Argument]] = ()
    group: str = "办理"
    needs_case: bool = True
    without_case: bool = False
    """Whether a verb of cases can also be done without one: a measure that comes from a report."""
    guard: str = "before"
    """When the ``require`` rows are asked: before the change, after it (intake), or never (the machine)."""
    knows: Callable[[Act], bool] | None = None
    """Who may do it without seeing the case: the accused writes his 书面认识, an owner reports his measure done."""
    silent: bool = False
    """Reading verbs leave no event unless they say something."""
    forgets: bool = False
    """Whether a refusal of what was typed is only told, as beside the cell of a draft; who may not is kept all the
    same."""
    who: tuple[str, ...] | Callable[[Act], tuple[str, ...]] = ()
    """Who may, for verbs of the house that no step speaks of; a function reads it from a document, with ``arguments``
    still as they were sent."""
    danger: bool = False
    hinge: str = ""
    """The choice that decides whether the verb is possible at all (why a case is closed); its first option is the usual
    one."""
    chooses: Callable[[Session, datetime], Mapping[str, str]] | None = None
    """The procedures, code and title, of which its arguments may name the one by which it is done (``procedure``)."""
    leads: Callable[[Session, Mapping[str, Any], Actor, datetime], Any] | None = None
    """By which of them it is done when the arguments name none."""
    ready: Callable[[Act], bool] | None = None
    """Whether there is anything to do it to; a button only appears when there is."""
    stands: Callable[[Session, Mapping[str, Any], Actor], Standing] | None = None
    """Where there is no case: by which procedure what the arguments name is judged, and who its steps mean."""

    def asks(self, act: Act) -> list[Argument]:
        """The arguments at this point of this case, the procedure's own fields included."""
        return list(self.arguments(act) if callable(self.arguments) else self.arguments)


VERBS: dict[str, Verb] = {}


def verb(
    name: str, *, label: str, arguments: tuple[Argument, ...] | Callable[[Act], Sequence[Argument]] = (), **options: Any
) -> Callable[[Callable[[Act], Any]], Callable[..., Done]]:
    """Register a verb. The decorated function is called as ``verb(session, case, *, arguments, actor, now)``."""

    def register(run: Callable[[Act], Any]) -> Callable[..., Done]:
        VERBS[name] = Verb(name, label, run, arguments, **options)

        def call(
            session: Session,
            complaint: Complaint | None = None,
            *,
            arguments: Mapping[str, Any] | None = None,
            actor: Actor,
            now: datetime,
        ) -> Done:
            return perform(session, name, complaint, arguments=arguments or {}, actor=actor, now=now)

        call.__name__, call.__doc__ = run.__name__, run.__doc__
        return call

    return register


def perform(
    session: Session,
    name: str,
    complaint: Complaint | None = None,
    *,
    arguments: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> Done:
    """Carry out a verb; raises Refused (nothing has changed then, once the door rolls back)."""
    if name not in VERBS:
        raise NotFound("没有“{name}”这个操作", name=name)
    definition = VERBS[name]
    act = start(session, definition, complaint, actor=actor, now=now, given=arguments)
    act.arguments = dict(arguments)
    step = _allowed(definition, act)
    act.arguments = parse(act, definition.asks(act), arguments)
    act.reason = str(act.given("reason", ""))
    try:
        return _carry_out(definition, act, step)
    except Ambiguous as fault:
        first, second = fault.rules
        text = "制度的规则 {first} 与 {second} 同时成立,无法决定,请修改制度后再办"
        raise Refused(text, rule=first, first=first, second=second) from fault


def _carry_out(definition: Verb, act: Act, step: Step | None) -> Done:
    if definition.guard == "before":
        act.guard()
    definition.run(act)
    _move(act, step)
    if definition.guard == "after":
        act.guard()
    done = finish(act, definition)
    for name, arguments in act.then:
        done = done.and_then(
            perform(act.session, name, act.complaint, arguments=arguments, actor=act.actor, now=act.now)
        )
    return done


def start(
    session: Session,
    definition: Verb,
    complaint: Complaint | None,
    *,
    actor: Actor,
    now: datetime,
    given: Mapping[str, Any] | None = None,
) -> Act:
    """The act before anything is asked or changed. A case's own procedure judges it; without a case it is the one that
    was asked for, else the one of the person's department."""
    if definition.needs_case and complaint is None and not definition.without_case:
        raise NotFound("没有这件投诉")
    among = definition.chooses(session, now) if definition.chooses and complaint is None else {}
    stands = definition.stands(session, given or {}, actor) if definition.stands and complaint is None else None
    code = stands.code if stands else _code(given or {})
    if complaint is not None:
        document = procedures.of(session, complaint, now)
    elif code in among or (stands and code):
        document = procedures.last(session, now, code)
    elif definition.leads and not code:
        document = definition.leads(session, given or {}, actor, now)
    else:
        document = procedures.for_departments(session, actor.departments(), now)
    relations = stands.relations if stands else None
    return Act(session, definition.name, complaint, actor, now, document, among=among, relations=relations)


def _code(arguments: Mapping[str, Any]) -> str:
    """The procedure that was asked for; anything but a text is left to the arguments to refuse."""
    code = arguments.get("procedure")
    return code if isinstance(code, str) else ""


def _allowed(definition: Verb, act: Act) -> Step | None:
    """The procedure's step for this verb, or a refusal that says who may, or which state forbids it."""
    if act.actor.is_system:
        return None if definition.who else lifecycle.step_for(act.procedure, definition.name)
    if act.complaint and not _may_know(definition, act, act.complaint):
        raise NotFound("没有这件投诉,或者它不在您的范围内")
    step = step_of(definition, act)
    permission = permit(act.session, definition, step, act.complaint, act.actor, act.relations)
    if not permission.ok:
        raise Forbidden(findings=[Finding(permission.text, values=dict(permission.values))])
    return step


def _may_know(definition: Verb, act: Act, complaint: Complaint) -> bool:
    """Whether this person may learn that there is such a case: he sees it, or the verb is one that he owes on it."""
    if access.may_see(act.session, act.actor, complaint):
        return True
    return definition.knows is not None and definition.knows(act)


def step_of(definition: Verb, act: Act) -> Step:
    """What the procedure (or, for a verb of the house, the verb itself) says about who and when."""
    if definition.who:
        who = definition.who(act) if callable(definition.who) else definition.who
        return Step(definition.name, definition.label, who=who)
    step = lifecycle.step_for(act.procedure, definition.name)
    if step is None:
        raise Forbidden("本制度不使用“{label}”", label=definition.label)
    return step


def permit(
    session: Session,
    definition: Verb,
    step: Step,
    complaint: Complaint | None,
    actor: Actor,
    relations: lifecycle.Relations | None = None,
) -> lifecycle.Permission:
    """The permission table's answer for this person and this case: the one that buttons and doors share."""
    return lifecycle.permit(
        step,
        state=complaint.state if complaint else None,
        hats=actor.hats_for(definition.name),
        relations=access.relations(complaint, step.who) if relations is None else relations,
        person=actor.id,
        order_state=access.order_state(session, complaint) if step.order_from and complaint else None,
    )


def _move(act: Act, step: Step | None) -> None:
    """Take the case to the state that the step leads to by its outcome, unless the verb itself has chosen."""
    if act.complaint is not None and step is not None and not act.stays and "状态" not in act.changes:
        target = step.target(act.complaint.state, act.outcome)
        if target is not None:
            act.set(act.complaint, "state", str(target), "状态")


def finish(act: Act, definition: Verb) -> Done:
    """Warnings, the event, and the notices that the procedure's rules ask for."""
    promises.by_document(act)
    if definition.guard != "never":
        _meet_duties(act)
    act.session.flush()
    act.caution()
    event = None
    if not definition.silent or act.lines:
        event = history.record(
            act.session,
            act.complaint,
            verb=act.verb,
            text=_story(act, definition),
            actor=act.actor,
            now=act.now,
            outcome="查看" if definition.silent else "完成",
            reason=act.reason,
            changes=act.changes,
            warnings=act.warnings,
            decisions=[decision.as_json() for decision in act.decisions],
        )
    if not act.looks:
        notices.by_rules(act)
    kept.keep(act, event)
    act.session.flush()
    return Done(
        act.result if act.complaint is None else act.complaint,
        event,
        tuple(act.warnings),
        tuple(act.notices),
        tuple(act.decisions),
        act.result,
    )


def _meet_duties(act: Act) -> None:
    """What was owed until this was done, or this of that kind (``communicate:知会``), is owed no longer."""
    if act.complaint is None:
        return
    marks = {act.verb, f"{act.verb}:{act.given('kind')}"}
    wanted = {row.then["met_by"] for row in act.procedure.rules if row.stage == "duty"}
    for mark in sorted(marks & wanted - {"communicate"}):
        notices.met(act, mark)


def _story(act: Act, definition: Verb) -> str:
    lines = [definition.label, *act.lines]
    lines += [f"{label} {old} → {new}" for label, (old, new) in act.changes.items()]
    if act.reason:
        lines.append(f"原因:{act.reason}")
    return ";".join(dict.fromkeys(line for line in lines if line))


def arguments_for(
    session: Session,
    name: str,
    complaint: Complaint | None,
    *,
    actor: Actor,
    now: datetime,
    given: Mapping[str, Any] | None = None,
) -> tuple[Verb, Act, list[Argument]]:
    """What a form for this verb shows at this point: the verb, the act to ask options of, and its arguments.

    ``given`` are raw values typed so far; options that hang on them (the sanctions of a standard) follow them.
    """
    if name not in VERBS:
        raise NotFound("没有“{name}”这个操作", name=name)
    definition = VERBS[name]
    act = start(session, definition, complaint, actor=actor, now=now, given=given)
    act.arguments = {key: value for key, value in (given or {}).items() if value not in (None, "")}
    _allowed(definition, act)
    return definition, act, definition.asks(act)


def refused(
    session: Session, name: str, complaint: Complaint | None, refusal: Refused, *, actor: Actor, now: datetime
) -> None:
    """Keep a refusal in the history; the door calls this after it has rolled the deed back (G-16)."""
    if name in VERBS and VERBS[name].forgets and not isinstance(refusal, Forbidden):
        return
    label = VERBS[name].label if name in VERBS else name
    history.record(
        session,
        complaint,
        verb=name,
        text=f"{label}被拒绝:{refusal}",
        actor=actor,
        now=now,
        outcome="拒绝",
        reason=str(refusal),
    )


__all__ = ["VERBS", "Argument", "Verb", "arguments_for", "perform", "refused", "verb"]
