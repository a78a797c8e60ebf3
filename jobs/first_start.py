"""What a new installation needs before anybody can work: a procedure in force, and one person who sets up the rest."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Membership, Role, Staff
from rules.procedure import shipped
from workflow import organisation, procedures
from workflow.access import SYSTEM

FIRST_PROCEDURE = "P02"
ADMINISTRATOR = "系统管理员"
USERNAME = "admin"


def prepare(session: Session, now: datetime) -> str | None:
    """Put the first procedure in force and make an administrator, where these are missing.

    Returns the administrator's one-time password, or nothing when there was one already.
    """
    if not procedures.codes_in_force(session, now):
        procedures.put_in_force(session, shipped()[FIRST_PROCEDURE], actor=SYSTEM, now=now)
    return None if _has_administrator(session) else _make_administrator(session, now)


def _has_administrator(session: Session) -> bool:
    query = select(Staff.id).join(Membership).join(Role).where(Role.name == ADMINISTRATOR, Staff.active)
    return session.scalar(query.limit(1)) is not None


def _make_administrator(session: Session, now: datetime) -> str:
    organisation.ensure_role(session, ADMINISTRATOR, sees="全部")
    given = {"name": ADMINISTRATOR, "username": USERNAME, "roles": [ADMINISTRATOR]}
    person = organisation.save_staff(session, arguments=given, actor=SYSTEM, now=now).result
    return str(organisation.set_password(session, arguments={"id": str(person.id)}, actor=SYSTEM, now=now).result)
