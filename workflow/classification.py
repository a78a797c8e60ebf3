"""性质, 类别, 级别, 去向: what the procedure's rules make of the facts, put into the case with the reasons kept.

What they make of them is ``rules.judging``, which a replay asks as well; here stands what the case becomes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import coalesce

from models import Department, Membership, Role, Staff
from rules import judging
from rules.judging import Grading, Judgement
from rules.procedure import Procedure, compiled
from rules.table import Row
from workflow import assignment
from workflow.access import SEALED
from workflow.act import Act
from workflow.counting import LATE
from workflow.departments import ensure_department
from workflow.notices import by_rules, duties_by_rules

HEAD = "负责人"
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
        own = {key: value for key, value in made.presets.items() if key != "responsible_person"}
        case.fields = {**case.fields, **own}
    _charge_with(act, made.presets.get("responsible_person"))
    for name, value, label in (("nature", made.nature, "性质"), ("category", made.category, "服务类别")):
        if value is not None:
            act.set(case, name, value, "" if anew else label)
    if made.grading is not None:
        regrade(act, made.grading)
    _seal(act, made)
    _send_on(act, made)


def _seal(act: Act, made: Judgement) -> None:
    """A case for which the document's tests hold is confidential from now on (whoever looks at it is kept)."""
    tests = act.procedure.head.confidential
    row = Row("confidential", compiled(tests, act.procedure.facts), None)
    if tests and SEALED not in act.case.flags and row.holds(made.facts):
        act.case.flags = [*act.case.flags, SEALED]
        act.changed("标记", "", SEALED)


def _charge_with(act: Act, name: str | None) -> None:
    """Who is in charge of seeing to it, as a preset names him: by name, or as the head of a department."""
    if not name:
        return
    department = act.session.scalar(select(Department).where(Department.name == name.removesuffix(HEAD)).limit(1))
    head = department.head if department and name.endswith(HEAD) else None
    act.set(act.case, "responsible_person", head.name if head else name, "责任人")


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
        act.say("升级")
        by_rules(act, event="升级")
        duties_by_rules(act)


def graded_by(procedure: Procedure) -> set[str]:
    """The facts that the rules of the grades ask for."""
    table = procedure.tables.get("grade")
    return {name for row in table.rows for name in row.when} if table else set()


def grade_again(act: Act, **more: Any) -> Judgement:
    """The grade by the facts as they are now (F-08)."""
    made = judging.grade_again(act.procedure, act.facts(**more))
    act.take(made.questions)
    if made.grading is not None:
        regrade(act, made.grading)
    return made


def lateness_counts(act: Act, **more: Any) -> None:
    """Grade it again where the grades ask which limits ran out."""
    if LATE in graded_by(act.procedure):
        grade_again(act, **more)


def destination(act: Act) -> str | None:
    """The department to which the facts lead as they are now; nothing is decided by asking."""
    return judging.destination(act.procedure, act.facts())


def _send_on(act: Act, made: Judgement) -> None:
    """The department that investigates; a change of route is a hand-over (P02-9.5)."""
    if made.destination is not None and not made.moves:
        _give_to(act, made)
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
    _give_to(act, made)


def _give_to(act: Act, made: Judgement) -> None:
    """The person whom the route names: on registration, and again when what it goes by has changed."""
    decision = made.decision("route")
    spec = decision.outcome if decision and isinstance(decision.outcome, Mapping) else {}
    if not spec.get("role"):
        return
    match, first = spec.get("match"), act.verb == "register"
    if not first and match not in act.arguments:
        return
    wanted = made.facts.get(match) if match else None
    person = holder(act.session, spec["department"], spec["role"], (wanted or "") if match else None)
    if person is None:
        act.warn("没有符合去向的人员,留给部门")
        return
    for name, label in (("handler", "承办人"), ("investigator", "调查处理人")):
        act.set(act.case, name, person, "" if first else label)


def holder(session: Session, department: str, role: str, project: object = None) -> Staff | None:
    """Who holds the role in that department and, where a project is named, looks after it."""
    query = (
        select(Staff)
        .join(Membership, Membership.staff_id == Staff.id)
        .join(Role, Role.id == Membership.role_id)
        .join(Department, Department.id == coalesce(Membership.department_id, Staff.department_id))
        .where(Role.name == role, Department.name == department, Staff.active)
        .order_by(Staff.id)
    )
    held = session.scalars(query).unique()
    return next((person for person in held if project is None or project in person.projects), None)
