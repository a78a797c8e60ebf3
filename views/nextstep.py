"""Which button of a case stands first: what is under way, then what takes it on, else what that waits for."""

from __future__ import annotations

from typing import Any

from models import Complaint
from rules import lifecycle
from rules.procedure import Procedure
from workflow.offers import Hindered, Offer

UNDER_WAY = ("resume", "verify_work", "return_work", "sign_work", "finish_work", "assign_crew")
"""What a pause and a work order wait for. It is offered only then, and comes before a deed that would end the case's
handling without it."""
BRINGS = {
    "team_leader_department": "form_team",
    "team_departments": "form_team",
    "team_roles": "form_team",
    "site_visited": "site_visit",
    "investigated": "investigate",
    "cause": "investigate",
    "feedback_given": "feedback",
    "founded": "judge",
    "responsible_department": "judge",
    "reviewed_by": "review",
    "split": "update",
    "category": "update",
}
"""What guards ask for before a case can be taken on, in the order in which it is done, and the deed that brings it."""
WITHIN = {"方案制定": ("review",), "方案沟通": ("reply",)}
"""What these states are about while nothing takes the case on."""
BESIDE = (
    "decide_extension",
    "sign_order",
    "consent",
    "quote",
    "open_work_order",
    "accept",
    "site_visit",
    "investigate",
    "communicate",
    "urge",
    "attach",
    "update",
    "judge",
    "request_extension",
)
"""What stands first where nothing takes the case on."""
DETOURS = ("submit",)
"""What takes the case on, but by others: it stands first only where the case cannot go on without."""


def by_nearness(offers: list[Offer], hindered: list[Hindered], case: Complaint, document: Procedure) -> list[Offer]:
    """The offers, the next step first: of what takes the case on the nearest, of several the one that the document
    names first."""
    beside = [*_asked_for(hindered, case, document), *WITHIN.get(case.state, ()), *BESIDE]

    def nearness(offer: Offer) -> tuple[bool, int, int]:
        onward = lifecycle.onward(lifecycle.step_for(document, offer.verb), case.state) if offer.usual else None
        if offer.verb in UNDER_WAY:
            return offer.danger, 0, UNDER_WAY.index(offer.verb)
        if onward is not None:
            return offer.danger, 2 if offer.verb in DETOURS else 1, onward
        return offer.danger, 3, beside.index(offer.verb) if offer.verb in beside else len(beside)

    return sorted(offers, key=nearness)


def _asked_for(hindered: list[Hindered], case: Complaint, document: Procedure) -> list[str]:
    """The deeds that bring what the nearest of the hindered steps waits for."""
    ahead = [
        (onward, {finding.rule for finding in one.findings})
        for one in hindered
        if (onward := lifecycle.onward(lifecycle.step_for(document, one.verb), case.state)) is not None
    ]
    _, broken = min(ahead, key=lambda found: found[0], default=(0, set()))
    rows = [row.when for row in document.rules if row.id in broken]
    facts = {fact for when in rows for fact, test in when.items() if _asks(test)}
    return list(dict.fromkeys(verb for fact, verb in BRINGS.items() if fact in facts))


def _asks(test: Any) -> bool:
    """Whether a guard with this test waits for something that is not there yet."""
    if isinstance(test, list | tuple):
        return any(_asks(one) for one in test)
    return test is False or str(test).startswith(("missing", "not ", "<"))
