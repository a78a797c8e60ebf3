"""Who is told, and who owes what: notices and duties as the procedure's rules ask for them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Complaint, Department, Duty, Notice, Staff
from rules import engine
from rules.delivery import digest_at
from rules.judging import Question
from workflow import batches, outbox
from workflow.access import accused_of
from workflow.act import Act, filled
from workflow.arguments import find_department
from workflow.calendars import calendar_of

Recipient = Staff | Department | str


def by_rules(act: Act, **more: Any) -> int:
    """The notices that the ``notify`` rows ask for after this deed; how many rows spoke."""
    facts = act.facts(**more)
    decisions = act.collect_of("notify", facts)
    if decisions:
        for decision in decisions:
            spec = decision.outcome
            text = filled(spec.get("text", ""), facts)
            for recipient in recipients(act, spec["to"]):
                send(act, recipient, spec["event"], text)
    return len(decisions)


def recipients(act: Act, names: Iterable[str] | str) -> list[Recipient]:
    """Persons, departments and roles behind the names of a rule; for who is missing or has left his head is told, for a
    head his department."""
    found: list[Recipient] = []
    for name in [names] if isinstance(names, str) else names:
        recipient = _recipient(act, name)
        if recipient is not None and recipient not in found:
            found.append(recipient)
    return found


def _recipient(act: Act, name: str) -> Recipient | None:
    kind, _, value = name.partition(":")
    if value:
        return value if kind == "role" else _department(act, value)
    case = act.complaint
    if case is None:
        return _department(act, name)
    if name in OF_CASE:
        return OF_CASE[name](case)
    if name in act.procedure.head.roles:
        return name
    return _department(act, name)


def _responsible(case: Complaint) -> Staff | None:
    """Whoever was found responsible; until somebody is named, whoever was complained about."""
    return case.responsible_staff if case.responsible_person else case.complained_staff


def _head(department: Department | None) -> Recipient | None:
    return (_at_work(department.head) or department) if department else None


def _at_work(person: Staff | None) -> Staff | None:
    return person if person and person.active else None


def in_charge(department: Department, case: Complaint) -> Staff | Department:
    """Who is told what a department has to do: its head, or all of it where he has left or the case accuses him."""
    head = _at_work(department.head)
    return department if head is None or head.id in accused_of(case) else head


def _answering(case: Complaint) -> Department | None:
    """The department that answers for what happened; until it is found, the one complained about."""
    return case.responsible_department or case.complained_department


OF_CASE: Mapping[str, Callable[[Complaint], Recipient | None]] = {
    "承办部门负责人": lambda case: _head(case.handling_department),
    "责任部门负责人": lambda case: _head(_answering(case)),
    "调查部门负责人": lambda case: _head(case.investigation_department),
    "调查处理人": lambda case: _at_work(case.investigator) or case.investigation_department,
    "承办部门": lambda case: case.handling_department,
    "调查部门": lambda case: case.investigation_department,
    "责任部门": _answering,
    "投诉责任部门": _answering,
    "受理人": lambda case: case.receiver,
    "登记人": lambda case: case.receiver,
    "承办人": lambda case: _at_work(case.handler) or _head(case.handling_department),
    "责任人": lambda case: _at_work(_responsible(case)) or _head(_answering(case)),
    "责任人本人": _responsible,
    "调查处理人本人": lambda case: case.investigator,
    "承办人本人": lambda case: case.handler,
}


def _department(act: Act, name: str) -> Department | None:
    return batches.once(act.session, ("department", name), lambda: find_department(act.session, name))


def send(
    act: Act, recipient: Recipient, event: str, text: str, *, occasion: str = "", by_mail: bool = False
) -> Notice | None:
    """Queue one notice; nothing when this recipient was already told of this occasion. A letter goes with it when the
    deed, the procedure or the recipient wants it, but not with what waits for the summary of the day."""
    who = recipient if isinstance(recipient, str) else f"{type(recipient).__name__}:{recipient.id}"
    about = f"{act.complaint.id}" if act.complaint else "-"
    key = f"{event}|{about}|{who}|{occasion or act.occasion or act.now.isoformat()}|{hash_of(text)}"
    if _told(act.session, key):
        return None
    digest = not act.plain and (act.digest or (isinstance(recipient, Staff) and recipient.digest))
    notice: Notice = batches.write(
        act.session,
        Notice,
        complaint_id=act.complaint.id if act.complaint else None,
        event=event,
        text=text,
        key=key,
        created_at=act.now,
        deliver_at=_next_digest(act) if digest else act.deliver_at,
        digest=digest,
        to_staff=recipient if isinstance(recipient, Staff) else None,
        to_department=recipient if isinstance(recipient, Department) else None,
        to_role=recipient if isinstance(recipient, str) else "",
    )
    act.session.flush()
    if by_mail or (not (digest or act.plain) and outbox.wished(act, recipient, event)):
        outbox.write(act, notice, recipient, text, act.complaint)
    act.notices.append(notice)
    return notice


def told(notice: Notice) -> str:
    """Who is told by it, also while it waits to be sent."""
    return str(notice.to_staff or notice.to_department or notice.to_role)


def _next_digest(act: Act) -> datetime:
    """When the summary of the day goes out next."""
    head = act.procedure.head
    return digest_at(act.now, head.digest_at, head.delivery, calendar_of(act.session, act.procedure))


def _told(session: Session, key: str) -> bool:
    """Whether this notice was sent before; a batch asks for all of its notices at once, at its end."""
    batch = batches.of(session)
    if batch is None:
        return session.scalar(select(Notice.id).where(Notice.key == key)) is not None
    known = key in batch.told
    batch.told.add(key)
    return known


def hash_of(text: str) -> str:
    """A short stable mark of a text."""
    return f"{zlib.crc32(text.encode()):08x}"


def owe(
    act: Act, title: str, to: Recipient | None, met_by: str = "", *, period: str = "", key: str = ""
) -> Duty | None:
    """Somebody owes something; the same duty of the same case and round is owed once."""
    case = act.complaint
    key = key or f"{case.id if case else '-'}|{title}|{case.round if case else ''}|{period}"
    if act.session.scalar(select(Duty.id).where(Duty.key == key)) is not None:
        return None
    duty = Duty(
        complaint_id=case.id if case else None,
        title=title,
        period=period,
        met_by=met_by,
        key=key,
        created_at=act.now,
        to_staff_id=to.id if isinstance(to, Staff) else None,
        to_department_id=to.id if isinstance(to, Department) else None,
        to_role=to if isinstance(to, str) else "",
    )
    act.session.add(duty)
    act.session.flush()
    return duty


def duties_by_rules(act: Act) -> None:
    """The duties that the ``duty`` rows ask for now; the history tells of those that were not owed yet."""
    facts = act.facts()
    owed = [decision for decision in engine.collect(act.procedure, "duty", facts) if _owe_by(act, decision.outcome)]
    act.take([Question("duty", facts, tuple(owed))])


def _owe_by(act: Act, spec: Mapping[str, Any]) -> Duty | None:
    """What the row asks for, unless it is owed already: in this round of the case, or in the whole case."""
    found = recipients(act, spec["to"])
    key = f"{act.case.id}|{spec['title']}|once|" if spec.get("once") else ""
    return owe(act, spec["title"], found[0] if found else None, spec.get("met_by", ""), key=key)


def open_duties(act: Act) -> list[Duty]:
    """What is still owed on this case."""
    if act.complaint is None or act.complaint.id is None:
        return []
    query = select(Duty).where(Duty.complaint_id == act.complaint.id, Duty.done_at.is_(None)).order_by(Duty.id)
    return list(act.session.scalars(query))


def met(act: Act, by: str, *, period: str = "") -> None:
    """Whatever was owed on the case, or by the house for this period, and is met by this is done."""
    for duty in open_duties(act) + (_owed_for(act, period) if period else []):
        if duty.met_by == by:
            duty.done_at, duty.done_by_id = act.now, act.actor.id
            act.say(f"{duty.title}已完成")


def _owed_for(act: Act, period: str) -> list[Duty]:
    query = select(Duty).where(Duty.complaint_id.is_(None), Duty.period == period, Duty.done_at.is_(None))
    return list(act.session.scalars(query.order_by(Duty.id)))


def acknowledge(act: Act, notice: Notice) -> None:
    """Mark a notice as read by whoever opened it."""
    if notice.read_at is None:
        notice.read_at, notice.read_by_id = act.now, act.actor.id
