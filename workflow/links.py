"""关联: two cases belong together."""

from __future__ import annotations

from sqlalchemy import select

from models import Complaint, ComplaintLink
from workflow import access
from workflow.act import Act
from workflow.arguments import Argument
from workflow.errors import Refused
from workflow.registry import verb

KINDS = ("同一问题", "二次投诉", "合并", "由投诉转入", "再申诉", "台账引用")


@verb(
    "link",
    label="关联",
    group="沟通",
    arguments=(
        Argument("kind", "关系", "choice", options=KINDS, required=True),
        Argument("other", "另一件的编号", "text", required=True),
        Argument("note", "说明", "long"),
    ),
)
def link(act: Act) -> None:
    """This case and another one, which the person must be able to see."""
    query = select(Complaint).where(Complaint.case_no == str(act.arguments["other"]), access.scope(act.actor))
    other = act.session.scalar(query)
    if other is None or other.id == act.case.id:
        raise Refused("没有编号为 {other} 的另一件投诉", field="other", other=str(act.arguments["other"])[:40])
    kind = act.arguments["kind"]
    known = select(ComplaintLink.id).where(
        ComplaintLink.complaint_id == act.case.id, ComplaintLink.other_id == other.id, ComplaintLink.kind == kind
    )
    if act.session.scalar(known) is not None:
        raise Refused("已经这样关联了", field="other")
    act.session.add(ComplaintLink(complaint_id=act.case.id, other_id=other.id, kind=kind, at=act.now))
    act.say(f"{kind} {other.case_no}")
