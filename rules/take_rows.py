"""`[[take]]`: which cases a procedure takes where several are in force, and what is known of a case by then."""

from collections.abc import Mapping
from typing import Any

from rules.part import Name, Part, Texts

AT_REGISTERING = frozenset(
    {
        *("channel", "forwarder", "received_at", "promised_feedback_at", "content", "demand", "compensation_sought"),
        *("incident_at", "place", "parties_count", "complained_department", "complained_person", "category", "nature"),
        *("flags", "name", "phone", "address", "address_reason", "anonymous", "complainant_kind"),
        *("actor", "actor_roles", "actor_departments"),
    }
)
"""Core facts that somebody types when he registers a case, and who he is; a document's own fields come beside them."""


class TakeRow(Part):
    """Cases for which all tests hold are registered under this document; several rows are alternatives."""

    id: str = Name
    when: Mapping[str, Any] = {}
    because: str = Name
    cites: Texts = ()
