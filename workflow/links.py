"""关联: two cases belong together."""

from __future__ import annotations

from sqlalchemy import or_, select

from models import Complaint, ComplaintLink
from rules.lifecycle import may, step_for
from workflow import access, matter
from workflow.act import Act
from workflow.arguments import Argument
from workflow.errors import Refused
from workflow.matter import SAME
from workflow.registry import verb

AT_INTAKE = (SAME, "合并")
KINDS = (SAME, "二次投诉", "合并", "由投诉转入", "再申诉", "台账引用")


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
    act.session.flush()
    if kind == SAME:
        matter.agree(act, act.case)


def at_intake(act: Act) -> bool:
    """Whether whoever registers the case may say what it belongs to: his department has taken it down."""
    step, staff = step_for(act.procedure, "link"), act.actor.staff
    if step is None or staff is None:
        return step is not None
    took = {"登记人": ((staff.id,), (staff.name,))}
    if staff.department is not None:
        took["登记部门"] = ((staff.department.id,), (staff.department.name,))
    return may(step.who, hats=act.actor.hats_for("link"), relations=took, person=staff.id).ok


def chosen(act: Act) -> dict[str, str]:
    """What stood beside the form and was said to belong to the new case: number to kind."""
    found = {}
    for text in act.given("links", []):
        kind, _, number = str(text).partition(" ")
        if kind not in AT_INTAKE or not number.strip():
            raise Refused("关联应写作“{kind} 编号”", field="links", kind="、".join(AT_INTAKE))
        found[number.strip()] = kind
    return found


def _linked(act: Act) -> list[str]:
    """The numbers of the cases that are linked with this one."""
    query = select(ComplaintLink).where(
        or_(ComplaintLink.complaint_id == act.case.id, ComplaintLink.other_id == act.case.id)
    )
    rows = act.session.scalars(query.order_by(ComplaintLink.id))
    return list(dict.fromkeys(_other(act, row).case_no for row in rows))


def _other(act: Act, row: ComplaintLink) -> Complaint:
    return row.other if row.complaint_id == act.case.id else row.complaint


def _who_links(act: Act) -> tuple[str, ...]:
    step = step_for(act.procedure, "link")
    return step.who if step else ()


@verb(
    "unlink",
    label="取消关联",
    group="沟通",
    who=_who_links,
    ready=lambda act: bool(_linked(act)),
    arguments=(
        Argument("other", "另一件的编号", "choice", options=_linked, required=True),
        Argument("kind", "关系", "choice", options=KINDS, help="不填则取消与它的全部关联"),
        Argument("reason", "理由", "long", required=True),
    ),
)
def unlink(act: Act) -> None:
    """The two cases do not belong together after all: what the link carried over is given back, the history stays."""
    number, kind = act.arguments["other"], act.given("kind")
    query = select(ComplaintLink).where(
        or_(ComplaintLink.complaint_id == act.case.id, ComplaintLink.other_id == act.case.id)
    )
    rows = [row for row in act.session.scalars(query) if _other(act, row).case_no == number]
    rows = [row for row in rows if kind in (None, row.kind)]
    if not rows:
        raise Refused("没有这样的关联", field="other")
    for row in rows:
        act.session.delete(row)
        act.say(f"取消{row.kind} {number}")
    act.session.flush()
    if any(row.kind == SAME for row in rows):
        matter.agree(act, act.case, _other(act, rows[0]))
