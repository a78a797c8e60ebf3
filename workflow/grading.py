"""调整级别: the grade by hand."""

from __future__ import annotations

from workflow.act import Act
from workflow.arguments import Argument
from workflow.classification import graded, worse
from workflow.notices import by_rules
from workflow.registry import verb


def _grades(act: Act) -> list[str]:
    return list(act.procedure.grades)


@verb(
    "change_grade",
    label="调整级别",
    group="督办",
    arguments=(Argument("grade", "级别", "choice", options=_grades, required=True), Argument("reason", "理由", "long")),
)
def change_grade(act: Act) -> None:
    """Another grade than the facts give, with a reason; it stays until facts demand a worse one (P02-18.4).

    Whether a grade may be lowered by hand at all is the procedure's to say: its rules see ``grade_by_facts`` and
    ``lowers_grade`` (G-13).
    """
    case, grade = act.case, act.arguments["grade"]
    by_facts, _ = graded(act.decide("grade"))
    act.extra_facts |= {"grade_by_facts": by_facts, "lowers_grade": worse(act, by_facts, grade)}
    act.extra_facts["grade_differs"] = by_facts != grade
    raised = worse(act, grade, case.grade)
    act.set(case, "grade", grade, "级别")
    case.grade_by_hand, case.grade_provisional = True, False
    case.severity = act.procedure.head.severity.get(grade, 0)
    if raised:
        by_rules(act, event="升级")
