"""What proves a case: its own files, and the editions of the library that it cites."""

from __future__ import annotations

from sqlalchemy import select, union_all

from models.document import Attachment
from models.knowledge import Citation, KnowledgeItem

_cited = select(Citation.complaint_id, KnowledgeItem.kind).join(KnowledgeItem, Citation.item_id == KnowledgeItem.id)

EVIDENCE = union_all(
    select(Attachment.complaint_id, Attachment.kind), _cited.where(Citation.taken_back_at.is_(None))
).subquery("evidence")
"""Case and kind of each."""
