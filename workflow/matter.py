"""同一问题: cases that are said to be one matter bear the same marks, so that they are counted together.

A mark is a text of the document that its counts compare and that a case may do without (同一问题标识). What a case
said by itself is kept beside what it took over, and returns when the link that brought it is taken back.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import or_, select

from models import Complaint, ComplaintLink, SharedMark
from rules.procedure import Procedure
from rules.vocabulary import OPEN
from workflow import alike, classification
from workflow.access import SYSTEM
from workflow.act import Act
from workflow.arguments import Argument
from workflow.errors import Refused
from workflow.registry import perform, verb

SAME = "同一问题"
MOST = 200
"""No more cases than that are one matter."""
Marks = Mapping[str, str | None]


def compared(procedure: Procedure) -> dict[str, str]:
    """The document's own fields that its counts compare, with their labels."""
    names = {name for count in procedure.counts for name in count.same}
    return {field.key: field.label for field in procedure.fields if field.key in names}


def told_apart_by(procedure: Procedure) -> list[str]:
    """Those of them that every case has: the project, the site."""
    asked = {field.key for field in procedure.fields if "register" in field.required_at}
    return [name for name in compared(procedure) if name in asked]


def marks(procedure: Procedure) -> dict[str, str]:
    """The texts among the others: what says in words that two cases are one matter."""
    texts = {field.key for field in procedure.fields if field.type == "text"} - {*told_apart_by(procedure)}
    return {name: label for name, label in compared(procedure).items() if name in texts}


def agree(act: Act, *cases: Complaint) -> None:
    """Let each of these cases bear the same marks as all that are one matter with it; its own where it is alone."""
    names = marks(act.procedure)
    for group in ({one.id: one for one in _group(act, case)} for case in cases) if names else ():
        wanted = _wanted(act, list(group.values()), list(names))
        for key, found in wanted.items():
            if found and key != act.case.id:
                given = {"cause": act.case.case_no, "marks": found}
                perform(act.session, "bear_marks", group[key], arguments=given, actor=SYSTEM, now=act.now)
        if own := wanted.get(act.case.id):
            _bear(act, own)


def _group(act: Act, case: Complaint) -> list[Complaint]:
    """The case and all that are linked with it as the same matter, over however many links; the oldest first."""
    found, fresh = {case.id}, {case.id}
    while fresh and len(found) < MOST:
        ends = (ComplaintLink.complaint_id, ComplaintLink.other_id)
        linked = select(*ends).where(ComplaintLink.kind == SAME, or_(*(end.in_(fresh) for end in ends)))
        fresh = {key for pair in act.session.execute(linked) for key in pair} - found
        found |= fresh
    query = select(Complaint).where(Complaint.id.in_(found), Complaint.procedure_code == case.procedure_code)
    return list(act.session.scalars(query.order_by(Complaint.received_at, Complaint.id)).unique())


def _wanted(act: Act, group: list[Complaint], names: list[str]) -> dict[int, dict[str, str | None]]:
    """Which marks each case gets that it does not bear yet. The oldest that says something speaks for all; where none
    does, the number of the oldest is the mark."""
    rows = select(SharedMark).where(SharedMark.complaint_id.in_([case.id for case in group]))
    kept = {(row.complaint_id, row.key): row for row in act.session.scalars(rows)}
    wanted: dict[int, dict[str, str | None]] = {case.id: {} for case in group}
    for name in names:
        own = {case.id: _own(case, name, kept.get((case.id, name))) for case in group}
        shared = next(filter(None, own.values()), group[0].case_no) if len(group) > 1 else None
        for case in group:
            _keep(act, kept.get((case.id, name)), case, name, own[case.id], shared)
            mark = shared or own[case.id]
            if (case.fields.get(name) or None) != mark:
                wanted[case.id][name] = mark
    return wanted


def _own(case: Complaint, name: str, row: SharedMark | None) -> str | None:
    """What the case says by itself: what it said before it took a mark over, unless somebody has written another."""
    borne = case.fields.get(name) or None
    return (row.own or None) if row is not None and row.taken == borne else borne


def _keep(act: Act, row: SharedMark | None, case: Complaint, name: str, own: str | None, shared: str | None) -> None:
    """Remember what the case said by itself for as long as it bears something else."""
    if shared is None or shared == own:
        if row is not None:
            act.session.delete(row)
    elif row is None:
        act.session.add(SharedMark(complaint_id=case.id, key=name, own=own or "", taken=shared))
    else:
        row.own, row.taken = own or "", shared


def _bear(act: Act, given: Marks) -> None:
    """Bear these marks from now on, be judged by them while it is open, and let those follow for which they count."""
    led_to, labels = classification.destination(act), marks(act.procedure)
    for name, mark in given.items():
        old = act.case.fields.get(name)
        others = {key: value for key, value in act.case.fields.items() if key != name}
        act.case.fields = {**others, name: mark} if mark else others
        act.changed(labels[name], old, mark)
    if act.case.state in OPEN:
        classification.classify(act, anew=False, led_to=led_to)
    alike.follow(act)


@verb(
    "bear_marks",
    label="同一问题",
    group="系统",
    who=("系统",),
    guard="never",
    arguments=(Argument("cause", "因为这一件", required=True), Argument("marks", "标识", "json", required=True)),
)
def bear_marks(act: Act) -> None:
    """The case takes over, or gives back, what says that it is the same matter as others, because one was linked."""
    given, known = act.arguments["marks"], marks(act.procedure)
    if not isinstance(given, Mapping) or not all(
        name in known and isinstance(mark, str | None) for name, mark in given.items()
    ):
        raise Refused("标识应为制度比较的文字", field="marks")
    act.say(f"由 {act.arguments['cause']} 引起")
    _bear(act, given)
