"""What follows from a case beside its own way: duties, assessments, measures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from jobs.demo import cast
from jobs.demo.case import Case
from jobs.demo.hours import ZONE
from rules.assessment import allowance
from workflow import procedures


def owed(case: Case) -> Iterator[datetime]:
    """例会通报 and 书面认识, most of them in time."""
    yield case.wait(10, 60)
    if case.row.archived_at or case.row.state in ("已撤诉", "已作废"):
        return
    month = case.diary.at.astimezone(ZONE).strftime("%Y-%m")
    if case.maybe(0.7):
        case.do(
            "circulate",
            case.head,
            kind="部门例会通报",
            period=month,
            text=f"通报 {case.row.case_no}:{case.plan.content[:40]}",
        )
    if case.plan.accused and case.maybe(0.75):
        case.do(
            "fill_document",
            case.plan.accused,
            kind="书面认识",
            fields={"text": "本人服务不到位，给客户带来不便，今后按规范办理。", "file": "书面认识.pdf"},
        )


def assessed(case: Case) -> Iterator[datetime]:
    """处理意见, proposed by the department that investigated and decided by whom the procedure names."""
    if not case.plan.accused or not case.maybe(0.5):
        return
    yield case.wait(4, 50)
    if case.row.closed_at or case.row.grade_provisional or case.row.investigation_department is None:
        return
    row, number = case.row, case.plan.unit.standard
    document = procedures.of(case.diary.session, row, case.diary.at)
    allowed = allowance(document, number, row.nature, row.grade, "责任人")
    if "责任人" not in allowed.subjects:
        return
    given: dict[str, Any] = (
        {"sanction": allowed.sanctions[0]}
        if allowed.needs_sanction
        else {"points": (allowed.points_min or 0) + case.chance.choice((0, 0, 5))}
    )
    case.do(
        "propose_assessment",
        case.investigator,
        standard_no=number,
        subject_kind="责任人",
        subject=case.plan.accused,
        **given,
    )
    yield case.wait(6, 90)
    if case.row.archived_at:
        return
    decision = "同意" if case.maybe(0.85) else "驳回"
    by = cast.LEADER if case.row.nature == "投诉" else cast.head_of(cast.PERSONNEL)
    case.do(
        "decide_assessment",
        by,
        standard_no=number,
        decision=decision,
        opinion="" if decision == "同意" else "情节轻微，以教育为主",
    )


def improved(case: Case, measure: str) -> Iterator[datetime]:
    """改进措施: proposed, approved, done, verified; some of them late, some not yet."""
    yield case.wait(1, 12)
    day = case.diary.at.astimezone(ZONE).date() + timedelta(days=case.chance.randrange(2, 12))
    number = case.do(
        "add_measure", case.investigator, kind=case.chance.choice(("预防措施", "纠正措施", "限期整改", "改进意见")),
        measure=measure, cause=case.chance.choice(list(case.plan.unit.causes)), owner=case.handler,
        owner_department=cast.answering(case.plan.unit.department), due_on=day.isoformat(),
    ).measure_no  # fmt: skip
    if case.maybe(0.9):
        yield case.wait(2, 30)
        case.do("approve_measure", cast.head_of(case.department), measure_no=number, decision="同意")
    due = datetime.combine(day, case.diary.at.timetz())
    if case.maybe(0.06):
        return
    yield (
        case.hours.after(due, 20, 80) if case.maybe(0.15) else max(case.hours.before(case.diary.at, due), case.diary.at)
    )
    case.do("implement_measure", case.head, measure_no=number, result="已组织学习并抽查，记录在案")
    yield case.wait(8, 60)
    effective = case.maybe(0.88)
    again = {} if effective else {"due_on": (case.diary.at.astimezone(ZONE).date() + timedelta(days=4)).isoformat()}
    case.do("verify_measure", case.investigator, measure_no=number, result="有效" if effective else "无效", **again)
