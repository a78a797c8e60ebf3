"""Which button of a case stands first: what it waits for, then what takes it further, what is grave last."""

from __future__ import annotations

from models import Complaint
from rules import lifecycle
from rules.procedure import Procedure
from workflow.offers import Offer

NEXT = (
    "archive",
    "close",
    "confirm",
    "visit",
    "check_effect",
    "decide_extension",
    "sign_order",
    "submit_correction",
    "issue_order",
    "verify_work",
    "return_work",
    "sign_work",
    "finish_work",
    "assign_crew",
    "consent",
    "quote",
    "open_work_order",
    "accept",
    "investigate",
    "communicate",
    "urge",
    "attach",
    "update",
    "judge",
    "request_extension",
)
"""Which button stands first when several may be pressed: the one that takes the case furthest."""
AWAITED = {"已反馈": ("check_effect", "confirm"), "待回访": ("visit",)}
"""What the states wait for; its button stands before those that would take the case further."""
ON_THE_WAY = ("verify_work", "return_work", "sign_work", "finish_work", "assign_crew")
"""What a work order that is on its way waits for. It is offered only then, and comes before a deed that would end the
case's handling without it."""


def by_nearness(offers: list[Offer], case: Complaint, document: Procedure) -> list[Offer]:
    """The offers, the next step first."""

    waits_for = (*ON_THE_WAY, *AWAITED.get(case.state, ()))

    def nearness(offer: Offer) -> tuple[bool, int, bool, int]:
        awaited = waits_for.index(offer.verb) if offer.verb in waits_for else len(waits_for)
        forward = lifecycle.leads_on(lifecycle.step_for(document, offer.verb), case.state)
        return offer.danger, awaited, not forward, NEXT.index(offer.verb) if offer.verb in NEXT else len(NEXT)

    return sorted(offers, key=nearness)
