"""By which procedure something is done that has no case yet, where several are in force."""

from __future__ import annotations

from rules import lifecycle
from workflow import procedures, registry
from workflow.act import Act
from workflow.arguments import Argument


def of_procedure(act: Act) -> list[Argument]:
    """The question which procedure it is, with the one of the person's department before it; none where there is only
    one by which he may do it."""
    titles = {code: title for code, title in act.among.items() if code == act.procedure.code or _may(act, code)}
    if len(titles) < 2:
        return []
    return [
        Argument(
            "procedure",
            "制度",
            "choice",
            options=tuple(titles),
            default=lambda asked: asked.procedure.code,
            titles=titles,
            help="用哪个制度办理；换一个，下面问的也会换",
        )
    ]


def _may(act: Act, code: str) -> bool:
    """Whether that procedure lets this person do it."""
    step = lifecycle.step_for(procedures.in_force(act.session, act.now, code), act.verb)
    definition = registry.VERBS[act.verb]
    if step is None or act.actor.is_system:
        return step is not None
    return bool(registry.permit(act.session, definition, step, None, act.actor).ok)
