"""Who looks after a procedure: its editors and its reviewers, as the document that is in force names them.

Never as the draft names them: nobody makes himself a reviewer by an edit.
"""

from __future__ import annotations

import tomllib
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ProcedureActivation, ProcedureVersion, Replay
from rules.document import Head
from workflow import procedures
from workflow.act import Act
from workflow.errors import NotFound

ADMINISTRATOR = "系统管理员"


def editors(act: Act) -> tuple[str, ...]:
    """Who may draft, edit and submit the procedure that the act is about; an administrator always may."""
    head = _head(act)
    return tuple(dict.fromkeys((*head.bearers(head.editors), ADMINISTRATOR)))


def reviewers(act: Act) -> tuple[str, ...]:
    """Who may agree to a version of the procedure that the act is about."""
    head = _head(act)
    return head.bearers(head.reviewers)


def readers(act: Act) -> tuple[str, ...]:
    """Who may ask what a version of the procedure would have done: whoever writes or reviews it."""
    return tuple(dict.fromkeys((*editors(act), *reviewers(act))))


def _head(act: Act) -> Head:
    """The head of the version in force, else of the newest that ever was approved; of a new procedure the usual one."""
    code = asked_code(act.session, act.arguments)
    number = procedures.number_in_force(act.session, code, act.now)
    if number is None:
        query = select(ProcedureVersion.number).where(
            ProcedureVersion.code == code, ProcedureVersion.state == procedures.APPROVED
        )
        number = act.session.scalar(query.order_by(ProcedureVersion.number.desc()).limit(1))
    if number is None:
        return Head(code=code or "-", title="-")
    return procedures.version(act.session, code, number).head


def asked_code(session: Session, asked: dict[str, Any]) -> str:
    """The code of the procedure that arguments speak of, as they were sent; empty when they speak of none.

    What stands round it is nothing, here as where arguments are read: else a blank would lead past the document's own
    editors and reviewers.
    """
    found: ProcedureVersion | ProcedureActivation | None
    if "draft" in asked:
        found = session.get(ProcedureVersion, key_of(asked["draft"]))
        return found.code if found else ""
    if "activation" in asked:
        found = session.get(ProcedureActivation, key_of(asked["activation"]))
        return found.code if found else ""
    if "replay" in asked:
        replay = session.get(Replay, key_of(asked["replay"]))
        return replay.draft.code if replay else ""
    if isinstance(asked.get("text"), str):
        return _code_in(asked["text"].strip())
    return str(asked.get("code") or "").strip()[:20]


def _code_in(text: str) -> str:
    try:
        head = tomllib.loads(text).get("procedure")
    except (tomllib.TOMLDecodeError, RecursionError):
        return ""
    return str(head.get("code", ""))[:20] if isinstance(head, dict) else ""


def key_of(raw: Any) -> int:
    """The id that was sent; 0, which no row has, for anything else."""
    text = str(raw).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def draft_asked(act: Act) -> ProcedureVersion:
    """The version that the act is about. It stays locked, so that a second editor works on what the first one left."""
    found = act.session.get(
        ProcedureVersion, key_of(act.arguments["draft"]), with_for_update=True, populate_existing=True
    )
    if found is None:
        raise NotFound("没有这份草稿")
    return found


def activation_asked(act: Act) -> ProcedureActivation:
    """The request that the act is about, locked."""
    found = act.session.get(
        ProcedureActivation, key_of(act.arguments["activation"]), with_for_update=True, populate_existing=True
    )
    if found is None:
        raise NotFound("没有这项申请")
    return found
