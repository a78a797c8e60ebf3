"""Which of the procedures in force takes a case that is being registered, and why: their `[[take]]` rows say so.

The same answer serves the registration, the list beside its form and whoever asks by API: facts as somebody has typed
them so far, read in the words of each document. A choice that a document has not is none of its values to it, but not
missing; what else it cannot read is not known to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from rules import lifecycle
from rules.procedure import Procedure
from rules.table import Decision
from workflow import procedures, registry
from workflow.access import Actor
from workflow.act import Act
from workflow.arguments import parse
from workflow.errors import Refused
from workflow.facts import facts_of

VERB = "register"
TYPED_AS = {"complainant_kind": "kind"}
"""Facts that have another name in the form."""


def takers(session: Session, given: Mapping[str, Any], actor: Actor, now: datetime) -> list[Decision]:
    """Of several procedures in force those that take the case, in order, each with the row and what it saw."""
    codes, found = procedures.codes_in_force(session, now), []
    for code in codes if len(codes) > 1 else ():
        document = procedures.in_force(session, now, code)
        decision = document.intake.decide(_facts(session, document, given, actor, now)) if document.takes else None
        if decision is not None:
            found.append(decision.made_by(code, document.version))
    return found


def _facts(
    session: Session, document: Procedure, given: Mapping[str, Any], actor: Actor, now: datetime
) -> dict[str, Any]:
    """What is known before the case is: what was typed, as this document reads it, and who registers."""
    act = Act(session, VERB, None, actor, now, document, arguments=dict(given))
    wanted = {name: TYPED_AS.get(name, name) for row in document.takes for name in row.when}
    asked = [argument for argument in registry.VERBS[VERB].asks(act) if argument.name in wanted.values()]
    read: dict[str, Any] = {"parties_count": 1, "anonymous": False, "received_at": now}
    for argument in asked:
        try:
            value = parse(act, [argument], {argument.name: given.get(argument.name)})[argument.name]
        except Refused:  # none of its own values: given, but no row that names a value holds
            value = given.get(argument.name) if argument.kind == "choice" else None
        if value is not None:
            read[argument.name] = value
    act.arguments = read
    known = facts_of(act)
    return {**{name: known.get(f"argument.{typed}") for name, typed in wanted.items()}, **known, "actor": actor.name}


def allowed(act: Act) -> list[str]:
    """The procedures in force by which this person may do it."""
    return [code for code in procedures.codes_in_force(act.session, act.now) if may(act, code)]


def may(act: Act, code: str) -> bool:
    """Whether that procedure lets this person do it."""
    document, definition = procedures.in_force(act.session, act.now, code), registry.VERBS[act.verb]
    step = lifecycle.step_for(document, act.verb)
    if step is None or act.actor.is_system:
        return step is not None
    return bool(registry.permit(act.session, definition, step, None, act.actor).ok)


def chosen(session: Session, given: Mapping[str, Any], actor: Actor, now: datetime) -> Procedure:
    """By which it is registered where none is named: the first that takes it, else that of the person's department,
    else the first; of those by which he may, where there is one."""
    usual = procedures.for_departments(session, actor.departments(), now)
    if len(procedures.codes_in_force(session, now)) < 2:
        return usual
    his = allowed(Act(session, VERB, None, actor, now, usual))
    taking = next((one.procedure for one in takers(session, given, actor, now) if one.procedure in his), "")
    code = taking or (usual.code if usual.code in his or not his else his[0])
    return procedures.in_force(session, now, code)


def other(act: Act, found: list[Decision]) -> Decision | None:
    """Whose the case is where it is not that of the procedure by which it is being registered; rather one by which the
    person may."""
    if any(one.procedure == act.procedure.code for one in found):
        return None
    return next((one for one in found if may(act, one.procedure)), next(iter(found), None))


def explain(act: Act) -> None:
    """Say in the history by which procedure the case goes and why; warn where another one takes it, or two do."""
    if len(act.among) < 2:
        return
    found, title = takers(act.session, act.arguments, act.actor, act.now), act.procedure.title
    mine = next((one for one in found if one.procedure == act.procedure.code), None)
    named = bool(act.given("procedure"))
    if mine is not None:
        act.decisions.append(mine)
    act.say(f"按《{title}》办理,因为{mine.because if mine else _otherwise(act, named=named)}")
    if instead := other(act, found):
        act.warn(f"按内容,这件由《{instead.outcome}》办理:{instead.because}。现在按《{title}》登记")
    elif len(found) > 1 and not named:
        titles = "、".join(str(one.outcome) for one in found)
        act.warn(f"{titles}都受理这样的件,按《{title}》登记")


def _otherwise(act: Act, *, named: bool) -> str:
    """Why it is this procedure although none of its rows holds."""
    if named:
        return "登记时选定"
    own = {row.name for row in act.procedure.head.departments} & set(act.actor.departments())
    return "登记的部门用它" if own else "没有制度写明受理这样的件"
