"""Cases that are alike: what is counted of them (``[[count]]``) is linked, and the others are judged again.

A deed that changes one case may change what is counted for others. Those that are open are graded again, each by a
deed of its own, so that its history says why; that deed starts no further round.
"""

from __future__ import annotations

from sqlalchemy import select

from models import Complaint, ComplaintLink
from models.queries import counts
from rules import judging
from rules.count_rows import CountRow
from rules.vocabulary import OPEN
from workflow import classification, procedures
from workflow.access import SYSTEM
from workflow.act import Act
from workflow.arguments import Argument
from workflow.registry import perform, verb

MOST = 200
"""No more cases than that are graded again for one deed."""


def follow(act: Act) -> None:
    """Link this case with what it repeats, and grade again the open cases for which it counts."""
    for row in act.procedure.counts:
        if row.link and (act.verb == "register" or not act.arguments.keys().isdisjoint(row.same)):
            _link(act, row)
    graded = classification.graded_by(act.procedure)
    for row in act.procedure.counts:
        if row.key in graded:
            _grade_others(act, row)


def _link(act: Act, row: CountRow) -> None:
    act.session.flush()
    newest = act.session.scalars(counts.linked(act.procedure, row, act.case).limit(1)).first()
    if newest is None:
        return
    known = select(ComplaintLink.id).where(
        ComplaintLink.complaint_id == act.case.id, ComplaintLink.other_id == newest, ComplaintLink.kind == row.link
    )
    if act.session.scalar(known) is None:
        act.session.add(ComplaintLink(complaint_id=act.case.id, other_id=newest, kind=row.link, at=act.now))
        act.say(f"{row.link} {act.session.get_one(Complaint, newest).case_no}")


def _grade_others(act: Act, row: CountRow) -> None:
    act.session.flush()
    ids = list(act.session.scalars(counts.alike(act.procedure, row, act.case).limit(MOST)))
    query = select(Complaint).where(Complaint.id.in_(ids), Complaint.state.in_(OPEN)).order_by(Complaint.id)
    for other in act.session.scalars(query).unique():
        if _rises(act, other):
            perform(act.session, "grade_again", other, arguments={"cause": act.case.case_no}, actor=SYSTEM, now=act.now)


def _rises(act: Act, other: Complaint) -> bool:
    """Whether the rules of the version that judges that case now give it a worse grade."""
    seen = Act(act.session, "grade_again", other, SYSTEM, act.now, procedures.of(act.session, other, act.now))
    grading = judging.grade_again(seen.procedure, seen.facts()).grading
    return grading is not None and grading.raised


@verb(
    "grade_again",
    label="重新定级",
    group="系统",
    who=("系统",),
    guard="never",
    arguments=(Argument("cause", "因为这一件", required=True),),
)
def grade_again(act: Act) -> None:
    """The grade by the facts as they are now, because another case that is alike has changed (F-08)."""
    decision = classification.grade_again(act).decision("grade")
    act.say(f"由 {act.arguments['cause']} 引起 {decision.because if decision else ''}".strip())
