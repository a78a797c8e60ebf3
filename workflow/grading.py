"""调整级别: the grade by hand."""

from __future__ import annotations

from rules import judging
from workflow import approvals
from workflow.act import Act
from workflow.arguments import Argument
from workflow.classification import regrade
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
    ``lowers_grade`` (G-13). Where an ``approval`` row speaks of 降级, a lower one waits for whom it names.
    """
    grade = act.arguments["grade"]
    made = judging.regrade(act.procedure, act.facts(), grade)
    act.take(made.questions)
    if made.grading is not None:
        by_facts = made.grading.by_rules
        act.extra_facts |= {"grade_by_facts": by_facts, "lowers_grade": judging.worse(act.procedure, by_facts, grade)}
        act.extra_facts["grade_differs"] = by_facts != grade
        act.guard()
        if not approvals.ask_to_lower(act, grade):
            regrade(act, made.grading)
