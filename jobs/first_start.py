"""What a new installation needs before anybody can work: a procedure in force, and one person who sets up the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Membership, Role, Staff, migrations
from rules.procedure import shipped
from workflow import organisation, procedures
from workflow.access import SYSTEM

ADMINISTRATOR = "系统管理员"
USERNAME = "admin"


class UnknownProcedure(click.ClickException):
    """The settings ask for a procedure that is not shipped."""


USUAL = ("P02",)


def prepare(session: Session, now: datetime, codes: Sequence[str] = USUAL) -> str | None:
    """Put the first procedures in force and make an administrator, where these are missing.

    Returns the administrator's one-time password, or nothing when there was one already. Of several processes that
    start at once one does it, while the others wait.
    """
    migrations.alone(session.connection())
    if not procedures.codes_in_force(session, now):
        for code in check(codes):
            procedures.put_in_force(session, shipped()[code], actor=SYSTEM, now=now)
    return None if _has_administrator(session) else _make_administrator(session, now)


def check(codes: Sequence[str]) -> list[str]:
    """The procedures to begin with: those named, the usual one when none is; one that is not shipped is refused."""
    known = shipped()
    if unknown := [code for code in codes if code not in known]:
        raise UnknownProcedure(f"没有随附的制度 {'、'.join(unknown)};可选:{'、'.join(known)}")
    return list(codes or USUAL)


def _has_administrator(session: Session) -> bool:
    query = select(Staff.id).join(Membership).join(Role).where(Role.name == ADMINISTRATOR, Staff.active)
    return session.scalar(query.limit(1)) is not None


def _make_administrator(session: Session, now: datetime) -> str:
    organisation.ensure_role(session, ADMINISTRATOR, sees="全部")
    given = {"name": ADMINISTRATOR, "username": USERNAME, "roles": [ADMINISTRATOR]}
    person = organisation.save_staff(session, arguments=given, actor=SYSTEM, now=now).result
    return str(organisation.set_password(session, arguments={"id": str(person.id)}, actor=SYSTEM, now=now).result)
