"""``activate`` in a rehearsal: a changed document comes into force by the panel's verbs; the system is both persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ProcedureVersion
from workflow import drafts, procedures, publishing
from workflow.access import SYSTEM
from workflow.act import Done
from workflow.errors import Refused
from workflow.rehearsal_setup import CHANGES, with_setup


def activate(session: Session, code: str, asked: Mapping[str, Any], now: datetime) -> Done:
    """Put the document in force with these changes: keys of ``setup`` and dotted paths; its faults refuse it."""
    number = procedures.number_in_force(session, code, now)
    query = select(ProcedureVersion.text).where(ProcedureVersion.code == code, ProcedureVersion.number == number)
    paths = {name: value for name, value in asked.items() if name not in (*CHANGES, "settings")}
    setup = {**asked, "settings": {**asked.get("settings", {}), **paths}}
    try:
        text = with_setup(session.scalars(query).one(), setup)
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        raise Refused("制度没有这样的设置:{fault}", fault=str(fault)) from fault
    draft = drafts.import_procedure(session, arguments={"text": text}, actor=SYSTEM, now=now).result
    given = {"draft": draft.id, "reason": "演练", "unreplayed": "演练"}
    request = publishing.submit_procedure(session, arguments=given, actor=SYSTEM, now=now)
    agreed = {"activation": request.result.id, "decision": procedures.AGREED}
    done = publishing.review_procedure(session, arguments=agreed, actor=SYSTEM, now=now)
    return replace(done, warnings=(*request.warnings, *done.warnings))
