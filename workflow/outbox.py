"""邮件: the letter that goes with a notice, written with it in one transaction; jobs/mailer.py sends it afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable

from models import Complaint, Department, Letter, Notice, Staff
from workflow import batches, procedures
from workflow.access import accused_of
from workflow.act import Act
from workflow.masking import concealed

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""What can be written on a letter: no blank, no line break, nothing that would be a second address."""
LONGEST = 120


def usable(address: str) -> bool:
    """Whether a letter can go there."""
    return len(address) <= LONGEST and ADDRESS.fullmatch(address) is not None


def can_be_reached(person: Staff) -> bool:
    """Whether he still works here and his address is known."""
    return person.active and usable(person.email.strip())


def reader(recipient: Staff | Department | str, case: Complaint | None = None) -> Staff | None:
    """Who gets the letter: the person, or who heads the department, or the deputy, but neither where the case accuses
    him (回避). A role has no letter box, and nobody gets one who left or whose address is not known."""
    people: tuple[object, ...] = (recipient,)
    if isinstance(recipient, Department):
        people = tuple(one for one in (recipient.head, recipient.deputy) if one and one.id not in accused_of(case))
    return next((person for person in people if isinstance(person, Staff) and can_be_reached(person)), None)


def wished(act: Act, recipient: Staff | Department | str, event: str) -> bool:
    """Whether a notice of that kind goes by mail too: the procedure says so, or the person for what is told to him."""
    return event in act.procedure.head.mailed or (isinstance(recipient, Staff) and recipient.mail_all)


def summary_wished(act: Act, recipient: Staff | Department | str, gathered: Iterable[Notice]) -> bool:
    """The same of a summary: whether something in it would have gone by mail."""
    if isinstance(recipient, Staff) and recipient.mail_all:
        return True
    cases = ((notice.event, notice.complaint) for notice in gathered)
    kinds = {(case.procedure_code, case.procedure_version, event) for event, case in cases if case is not None}
    return any(event in procedures.version(act.session, code, number).head.mailed for code, number, event in kinds)


def write(
    act: Act, notice: Notice, recipient: Staff | Department | str, text: str, case: Complaint | None = None
) -> None:
    """Queue the letter of a notice, with the data of the complainant of this case hidden; nothing where nobody may or
    could read it."""
    person = reader(recipient, case)
    if person is None:
        return
    at = notice.deliver_at or act.now
    values = {"address": person.email.strip(), "text": hidden(text, case), "since": at, "next_at": at}
    batches.write(act.session, Letter, notice=notice, to_staff=person, **values, attempts=0, error="")


def hidden(text: str, case: Complaint | None) -> str:
    """The text without the complainant's data."""
    return concealed(text, case.complainant) if case else text
