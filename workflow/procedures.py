"""Which document judges a case: versions in the database, compiled once, and the shipped ones put in force."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Clock, Complaint, ProcedureActivation, ProcedureVersion, Role
from rules import lifecycle, lint
from rules import procedure as documents
from rules.faults import ProcedureFault
from rules.procedure import Procedure
from workflow import batches, inforce
from workflow.access import SEES_ALL, SEES_DEPARTMENT, SEES_PROCEDURE, Actor, relations
from workflow.errors import NotFound, Refused
from workflow.history import record
from workflow.inforce import AGREED as AGREED  # whoever asks for activations asks here

APPROVED = "有效"


@lru_cache(maxsize=64)
def compiled(text: str, number: int) -> Procedure:
    """The document of that text as version ``number``; the same text is parsed once in a process."""
    return documents.parse(text).model_copy(update={"version": number})


def of(session: Session, complaint: Complaint | None, now: datetime, code: str = "") -> Procedure:
    """The version that judges this case for good (law 6); of what hangs on no case the procedure that it was begun
    under, retired or not, else the one in force now."""
    if complaint is not None:
        return version(session, complaint.procedure_code, complaint.procedure_version)
    return last(session, now, code) if code else in_force(session, now)


def of_clock(session: Session, clock: Clock, now: datetime) -> Procedure:
    """The one that a clock runs under: its case's, else that under which its measure was asked for."""
    code = clock.measure.procedure_code if clock.complaint is None and clock.measure else ""
    return of(session, clock.complaint, now, code)


def version(session: Session, code: str, number: int) -> Procedure:
    """The compiled document of one version."""
    key = ("procedure", code, number)
    return batches.once(session, key, lambda: inforce.once(session, key, lambda: _version(session, code, number)))


def _version(session: Session, code: str, number: int) -> Procedure:
    query = select(ProcedureVersion.text).where(ProcedureVersion.code == code, ProcedureVersion.number == number)
    text = session.scalar(query)
    if text is None:
        raise NotFound("没有制度 {code} 的第 {number} 版", code=code, number=number)
    return compiled(text, number)


def in_force(session: Session, now: datetime, code: str = "") -> Procedure:
    """The version in force at ``now``: of that code, or of the procedure that comes first."""
    known = inforce.numbers(session, now)
    if code and code not in known:
        raise Refused("制度 {code} 没有生效", field="procedure", code=code[:20])
    if not known:
        raise Refused("还没有任何制度生效")
    chosen = code or next(iter(known))
    return version(session, chosen, known[chosen])


def titles(session: Session, now: datetime) -> dict[str, str]:
    """Code and title of every procedure in force, in order."""
    return _titles(session, inforce.numbers(session, now))


def for_departments(session: Session, departments: Iterable[str], now: datetime) -> Procedure:
    """The version in force whose document names one of the departments, else the first."""
    codes, own = codes_in_force(session, now), set(departments)
    if len(codes) > 1 and own:
        for code in codes:
            document = in_force(session, now, code)
            if own & {row.name for row in document.head.departments}:
                return document
    return in_force(session, now, codes[0] if codes else "")


def number_in_force(session: Session, code: str, now: datetime) -> int | None:
    """Which version of that code is in force at ``now``."""
    return inforce.numbers(session, now).get(code)


def codes_in_force(session: Session, now: datetime) -> list[str]:
    """The codes of all procedures in force, in order."""
    return list(inforce.numbers(session, now))


def begun(session: Session, now: datetime) -> dict[str, str]:
    """Code and title of every procedure that is or was in force: retired ones keep their cases and their figures."""
    return _titles(session, inforce.latest(session, now))


def _titles(session: Session, numbers: Mapping[str, int]) -> dict[str, str]:
    """Code and title of these versions, in the order of the codes, without their documents."""
    query = select(ProcedureVersion.code, ProcedureVersion.number, ProcedureVersion.title)
    found = inforce.once(
        session,
        ("titles", *numbers.items()),
        lambda: {
            (code, number): title
            for code, number, title in session.execute(query.where(ProcedureVersion.code.in_(numbers)))
        },
    )
    return {code: found[code, number] for code, number in numbers.items()}


def last(session: Session, now: datetime, code: str) -> Procedure:
    """The version in force of that code, or of a retired one the last that was."""
    number = inforce.latest(session, now).get(code)
    if number is None:
        raise Refused("制度 {code} 没有生效", field="procedure", code=code[:20])
    return version(session, code, number)


def put_in_force(
    session: Session, text: str, *, actor: Actor, now: datetime, in_force_from: datetime | None = None
) -> Procedure:
    """Store the document as the next version of its code and put it in force; its departments and roles are made.

    Raises rules.procedure.ProcedureFault when the document is faulty.
    """
    document = documents.parse(text)
    if faults := lint.errors(document):
        raise ProcedureFault(faults)
    last = session.scalar(select(func.max(ProcedureVersion.number)).where(ProcedureVersion.code == document.code))
    number = (last or 0) + 1
    session.add(
        ProcedureVersion(
            code=document.code,
            number=number,
            title=document.title,
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            state=APPROVED,
            author_id=actor.id,
            created_at=now,
        )
    )
    session.add(
        ProcedureActivation(
            code=document.code,
            number=number,
            from_at=in_force_from or now,
            asked_by_id=actor.id,
            asked_at=now,
            decision=AGREED,
            decided_by_id=actor.id,
            decided_at=now,
        )
    )
    found = compiled(text, number)
    furnish(session, found)
    record(session, None, verb="activate", text=f"制度 {document.code} 第 {number} 版生效", actor=actor, now=now)
    session.flush()
    return found


def works_on(session: Session, actor: Actor, complaint: Complaint) -> bool:
    """Whether the case is this person's work, so that he needs the contact data of the complainant.

    Leaders, auditors and administrators see many cases and work on none; they give a reason.
    """
    document = version(session, complaint.procedure_code, complaint.procedure_version)
    who = lifecycle.working(document)
    return lifecycle.may(who, hats=actor.hats, relations=relations(complaint), person=actor.id).ok


def furnish(session: Session, document: Procedure) -> None:
    """Make the roles and departments that the document speaks of and the house does not have yet."""
    _make_roles(session, document)
    _make_departments(session, document)


def _make_roles(session: Session, document: Procedure) -> None:
    """Each role sees as far as the document says, else its department; a house has had its own say before."""
    all_seeing = document.head.bearers(document.head.sees_all)
    have = {role.name: role for role in session.scalars(select(Role))}
    for name in document.head.roles:
        if name not in have:
            sees = SEES_ALL if name in all_seeing else SEES_DEPARTMENT
            if name in document.head.open_to and sees != SEES_ALL:
                sees = f"{SEES_PROCEDURE}{document.code}"
            have[name] = Role(name=name, verbs=[], sees=sees)
            session.add(have[name])
    if common := have.get(document.head.everybody):
        if common.sees == SEES_ALL:
            raise Refused("“{role}”看得到全部投诉,不能人人都是", field="everybody", role=common.name)
        common.everybody = True
    session.flush()


def _make_departments(session: Session, document: Procedure) -> None:
    from workflow.departments import ensure_department

    for department in document.head.departments:
        ensure_department(session, department.name, kind=department.kind or "", parent=department.parent or "")
