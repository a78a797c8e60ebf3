"""What this person may do now: the buttons of a case, and whether a verb is his."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g, url_for

from models import Complaint, db
from views import nextstep
from views.base import me
from workflow import offers, procedures, registry
from workflow.act import Act
from workflow.errors import Refused
from workflow.offers import Hindered, Offer
from workflow.registry import VERBS


def offers_for(case: Complaint) -> list[Offer]:
    """The verbs that this person may do on this case now, the next step first, what is grave last."""
    return weighed(case)[0]


def weighed(case: Complaint) -> tuple[list[Offer], list[Hindered]]:
    """The same, and beside it what is his but not yet: each verb with what the procedure asks for first."""
    free, hindered = offers.weighed(db.session(), case, me(), g.now)
    document = procedures.of(db.session(), case, g.now)
    return nextstep.by_nearness(free, hindered, case, document), hindered


def offer_address(case: Complaint) -> Any:
    """A function from an offer to its address, for the templates."""
    return lambda offer: url_for("verbs.case", verb=offer.verb, case=case.id)


def may(verb: str, case: Complaint | None = None, **asked: Any) -> bool:
    """Whether the person may do a verb now, on a case or in the house; ``asked`` names what it is to be done to."""
    return _permitted(verb, case, asked) is not None


def able(verb: str, case: Complaint) -> bool:
    """Whether the person may do a verb on this case now and there is something of his to do it to."""
    act = _permitted(verb, case, {})
    return act is not None and ((ready := VERBS[verb].ready) is None or ready(act))


def _permitted(verb: str, case: Complaint | None, asked: Mapping[str, Any]) -> Act | None:
    """The deed before anything of it is done; nothing when the person may not."""
    definition = VERBS.get(verb)
    if definition is None:
        return None
    try:
        act = registry.start(db.session(), definition, case, actor=me(), now=g.now, given=asked)
        act.arguments = dict(asked)
        step = registry.step_of(definition, act)
    except Refused:
        return None
    return act if registry.permit(db.session(), definition, step, case, me(), act.relations).ok else None


def may_register() -> bool:
    """Whether the bar shows 登记."""
    if "may_register" not in g:
        g.may_register = may("register")
    found: bool = g.may_register
    return found
