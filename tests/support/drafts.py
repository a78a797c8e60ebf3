"""A draft of the next version by which whoever wants money is graded higher."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from models import ProcedureVersion
from rules.procedure import shipped

FIRST = '[[rule]]\nid = "grade-1-media"'
MONEY = """[[rule]]
id = "grade-money"
stage = "grade"
when = { nature = "投诉", compensation_sought = "物质" }
then = "二级投诉"
because = "要钱的从严"
cites = ["P02-5.2"]"""


def stricter(session: Session, *, title: str, now: datetime) -> int:
    """The key of the draft, which is version 2."""
    text = shipped()["P02"].replace(FIRST, f"{MONEY}\n\n{FIRST}")
    digest = hashlib.sha256(text.encode()).hexdigest()
    draft = ProcedureVersion(code="P02", number=2, title=title, text=text, sha256=digest, state="草稿", created_at=now)
    session.add(draft)
    session.flush()
    return draft.id
