"""每日汇总: notices that were gathered go out as one a day for each recipient; who wishes it is told no other way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, selectinload

from models import Department, Notice, Staff
from workflow import outbox
from workflow.access import SYSTEM, accused_of, actor_of
from workflow.act import Act, Done
from workflow.arguments import Argument
from workflow.errors import Refused
from workflow.notices import Recipient, send
from workflow.reading import reads
from workflow.registry import perform, verb

MOST_LINES = 50
MOST_KEYS = 2**31
Gathered = tuple[int | None, int | None, str]
"""A person, a department or a role: whose notices wait to be summed up."""


def delivered(now: datetime) -> ColumnElement[bool]:
    """The notices that have reached people: not before their delivery, and never those that are part of a summary."""
    return and_(Notice.digest.is_(False), or_(Notice.deliver_at.is_(None), Notice.deliver_at <= now))


def _waiting(now: datetime) -> ColumnElement[bool]:
    return and_(Notice.digest.is_(True), Notice.read_at.is_(None), Notice.deliver_at <= now)


def due(session: Session, now: datetime) -> list[Gathered]:
    """Everybody for whom gathered notices are to go out now."""
    columns = (Notice.to_staff_id, Notice.to_department_id, Notice.to_role)
    found = session.execute(select(*columns).where(_waiting(now)).distinct().order_by(*columns))
    return [(staff, department, role) for staff, department, role in found]


def send_one(session: Session, whose: Gathered, now: datetime) -> Done:
    """Sum up for one."""
    staff, department, role = whose
    arguments = {"staff": staff, "department": department, "role": role}
    return perform(session, "send_digest", None, arguments=arguments, actor=SYSTEM, now=now)


@verb(
    "send_digest",
    label="每日汇总",
    group="系统",
    needs_case=False,
    guard="never",
    who=("系统",),
    arguments=(
        Argument("staff", "人员", "number"),
        Argument("department", "部门", "number"),
        Argument("role", "角色"),
    ),
)
def send_digest(act: Act) -> None:
    """One notice for all that were gathered since the last summary; what would tell a reader of a case that accuses him
    stands alone."""
    to = _recipient(act)
    who = (
        Notice.to_staff_id == to.id
        if isinstance(to, Staff)
        else Notice.to_department_id == to.id
        if isinstance(to, Department)
        else and_(Notice.to_staff_id.is_(None), Notice.to_department_id.is_(None), Notice.to_role == to)
    )
    query = select(Notice).where(_waiting(act.now), who).options(selectinload(Notice.complaint))
    gathered = list(act.session.scalars(query.order_by(Notice.id)))
    if not gathered:
        return
    alone = _told_alone(act, to, gathered)
    for notice in alone:
        notice.digest, notice.deliver_at = False, act.now
        if outbox.summary_wished(act, to, [notice]):
            outbox.write(act, notice, to, notice.text, notice.complaint)
    _sum_up(act, to, [notice for notice in gathered if notice not in alone])
    act.say(f"{to} {len(gathered)} 条")


def _told_alone(act: Act, to: Recipient, gathered: Sequence[Notice]) -> list[Notice]:
    """Those about a case that accuses somebody who would read the summary (回避): a notice can be kept from him, a
    summary is of no case."""
    accused = {key for notice in gathered for key in accused_of(notice.complaint)}
    people = [act.session.get_one(Staff, key) for key in accused if not (isinstance(to, Staff) and key == to.id)]
    readers = {person.id for person in people if reads(actor_of(act.session, person, act.now), to)}
    return [notice for notice in gathered if readers.intersection(accused_of(notice.complaint))]


def _sum_up(act: Act, to: Recipient, gathered: Sequence[Notice]) -> None:
    if not gathered:
        return
    for notice in gathered:
        notice.read_at = act.now
    act.plain = True
    text = _summary(gathered, [notice.text for notice in gathered[:MOST_LINES]])
    summary = send(act, to, "每日汇总", text, occasion=f"digest:{gathered[-1].id}")
    if summary is not None and outbox.summary_wished(act, to, gathered):
        masked = [outbox.hidden(notice.text, notice.complaint) for notice in gathered[:MOST_LINES]]
        outbox.write(act, summary, to, _summary(gathered, masked))


def _summary(gathered: Sequence[Notice], lines: list[str]) -> str:
    """How many of each kind there were, and what the first of them say."""
    counts = Counter(notice.event for notice in gathered)
    head = "、".join(f"{event} {count} 条" for event, count in counts.most_common())
    more = [f"另有 {len(gathered) - MOST_LINES} 条"] if len(gathered) > MOST_LINES else []
    return "\n".join([head, *lines, *more])


def _key(act: Act, name: str) -> int:
    """The id that was given; one that no row can have is nobody's."""
    key = int(act.given(name))
    return key if 0 < key < MOST_KEYS else 0


def _recipient(act: Act) -> Recipient:
    """Whom the summary goes to."""
    if act.given("staff") is not None:
        person = act.session.get(Staff, _key(act, "staff"))
        if person is None:
            raise Refused("没有“{name}”这个人", field="staff", name=str(act.given("staff")))
        return person
    if act.given("department") is not None:
        place = act.session.get(Department, _key(act, "department"))
        if place is None:
            raise Refused("没有“{name}”这个部门", field="department", name=str(act.given("department")))
        return place
    if not act.given("role"):
        raise Refused("请填写{label}", field="role", label="角色")
    return str(act.given("role"))


@verb(
    "wish_digest",
    label="通知方式",
    group="我的",
    needs_case=False,
    guard="never",
    who=("*",),
    arguments=(
        Argument(
            "digest",
            "每天汇总成一条",
            "flag",
            default=lambda act: bool(act.actor.staff and act.actor.staff.digest),
        ),
        Argument(
            "mail",
            "发给我的通知都发邮件",
            "flag",
            default=lambda act: bool(act.actor.staff and act.actor.staff.mail_all),
            help="不选时按制度:制度写明的才发邮件。没有登记电子邮件的,只在系统里通知",
        ),
    ),
)
def wish_digest(act: Act) -> None:
    """One summary a day or single notices, all of them by mail or only what the procedure sends so; for oneself."""
    if act.actor.staff is not None:
        act.set(act.actor.staff, "digest", bool(act.given("digest", False)), "每日汇总")
        if "mail" in act.arguments:
            act.set(act.actor.staff, "mail_all", bool(act.given("mail")), "通知都发邮件")
    act.result = act.actor.staff
