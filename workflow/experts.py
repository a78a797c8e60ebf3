"""专家: who knows what a case is about, by a tag that is called as the case's category, nature or flag."""

from __future__ import annotations

from sqlalchemy import select

from models import Complaint, Staff
from models.queries import json_fields
from workflow import access
from workflow.act import Act

MOST = 10


def matters(case: Complaint) -> frozenset[str]:
    """What the case is about, in single words: each part of its category, its nature and its flags."""
    return frozenset({*case.category.split("/"), case.nature, *case.flags} - {""})


def of_case(act: Act) -> list[str]:
    """The names of those at work who know something about it; nobody whom the case accuses."""
    if act.complaint is None:
        return []
    knows = json_fields.has_any(Staff.skills.expression, sorted(matters(act.case)))
    found = act.session.scalars(select(Staff).where(Staff.active, knows).order_by(Staff.id).limit(MOST))
    return [one.name for one in found if access.unconcerned(act.case, one)]
