"""性质, 类别, 级别, 去向: what the procedure's rules make of the facts, put into the case with the reasons kept.

What they make of them is ``rules.judging``, which a replay asks as well; here stands what the case becomes of it.
"""

from __future__ import annotations

from models import Department
from rules import judging
from rules.judging import Grading, Judgement
from workflow import assignment
from workflow.act import Act
from workflow.departments import ensure_department
from workflow.notices import by_rules

CLASSIFYING = {
    "nature",
    "compensation_sought",
    "channel",
    "complained_department",
    "category",
    "parties_count",
    "grade",
}


def classify(act: Act, *, anew: bool, led_to: str | None = None) -> None:
    """Judge the case by the facts as they are, and let it become what was judged.

    ``led_to`` is where the facts led until now: when they still lead there, a case that somebody has handed to another
    department stays with that one.
    """
    with_nature = anew or not judging.NATURE_HANGS_ON.isdisjoint(act.arguments)
    made = judging.judge(act.procedure, act.facts(), anew=anew, with_nature=with_nature, led_to=led_to)
    act.take(made.questions)
    case = act.case
    if made.presets:
        case.fields = {**case.fields, **made.presets}
    for name, value, label in (("nature", made.nature, "性质"), ("category", made.category, "服务类别")):
        if value is not None:
            act.set(case, name, value, "" if anew else label)
    if made.grading is not None:
        regrade(act, made.grading)
    _send_on(act, made)


def regrade(act: Act, grading: Grading) -> None:
    """The grade that was found. What the rules say against it is told, where it does not fall by itself (G-13)."""
    case = act.case
    if grading.stays:
        if grading.stays == judging.DOES_NOT_FALL:
            act.warn(f"按现有事实应为{grading.by_rules},级别不自动降低")
        return
    act.set(case, "grade", grading.grade, "级别")
    case.grade_provisional, case.grade_by_hand = grading.provisional, grading.by_hand
    case.severity = grading.severity
    if grading.raised:
        by_rules(act, event="升级")


def destination(act: Act) -> str | None:
    """The department to which the facts lead as they are now; nothing is decided by asking."""
    return judging.destination(act.procedure, act.facts())


def _send_on(act: Act, made: Judgement) -> None:
    """The department that investigates; a change of route is a hand-over (P02-9.5)."""
    if made.destination is not None and not made.moves:
        return
    target: Department | None
    if made.destination is None:
        act.warn("没有规则决定去向,留在登记部门")
        target = act.case.investigation_department or act.case.receiver_department
    else:
        target = ensure_department(act.session, made.destination)
    if target is not None:
        decision = made.decision("route")
        assignment.hand_over(act, target, reason=decision.because if decision else "", kind="分流")
