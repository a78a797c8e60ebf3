"""By which procedure something is done that has no case yet, where several are in force."""

from __future__ import annotations

from workflow.act import Act
from workflow.arguments import Argument


def of_procedure(act: Act) -> list[Argument]:
    """The question which procedure it is, with the one of the person's department before it; none where there is only
    one to choose."""
    if len(act.among) < 2:
        return []
    return [
        Argument(
            "procedure",
            "制度",
            "choice",
            options=tuple(act.among),
            default=lambda asked: asked.procedure.code,
            titles=act.among,
            help="用哪个制度办理；换一个，下面问的也会换",
        )
    ]
