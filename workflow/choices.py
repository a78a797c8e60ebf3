"""By which procedure something is done that has no case yet, where several are in force."""

from __future__ import annotations

from workflow import taking
from workflow.act import Act
from workflow.arguments import Argument


def of_procedure(act: Act) -> list[Argument]:
    """The question which procedure it is, with the one of the person's department before it; none where there is only
    one by which he may do it, unless that one is named: a program names it wherever it sends to."""
    titles = {code: title for code, title in act.among.items() if code == act.procedure.code or taking.may(act, code)}
    if len(titles) < 2 and act.arguments.get("procedure") not in list(titles):
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
