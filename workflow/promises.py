"""What the procedure promises by a deed: the limits that it starts, meets and cancels, as the document says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models import ExtensionRequest
from rules.limits import named_instant, too_far_named
from rules.starting import BY_HAND, counts_from, named_day, starts_itself
from rules.time_rows import LimitRow
from rules.vocabulary import State
from workflow.act import Act, shown
from workflow.calendars import newest
from workflow.timekeeping import again, begin, cancel, clock_named, go_on, meet, states_for


def by_document(act: Act) -> None:
    """Start, meet and cancel what the procedure's limits say of this verb (``verb``, ``verb:kind``, ``verb:去``).

    A limit whose number the case itself gives (``amount_from``) is started by the verb that knows the number; one that
    belongs to a stint begins with the stint.
    """
    if act.complaint is None and act.measure is None:
        return
    if act.changes.get("状态", [""])[0] == State.SUSPENDED:
        go_on(act)
    if act.verb == "communicate" and act.given("direction", "去") == "去":
        _told_of_extensions(act)
    marks = {act.verb, f"{act.verb}:{act.given('kind')}", f"{act.verb}:{act.given('direction', '去')}"}
    for limit in act.procedure.limits:
        stint = act.stint if act.stint and limit.per == act.stint.kind else None
        if marks & set(limit.met_by):
            meet(act, limit.name, order=act.order, measure=act.measure, stint=stint)
        if marks & set(limit.cancelled_by):
            cancel(act, limit.name, stint=stint, reason=act.reason or act.verb)
        if marks & set(limit.started_by) and _starts_itself(act, limit):
            _start_by_document(act, limit)


def _starts_itself(act: Act, limit: LimitRow) -> bool:
    """Whether the document starts it for this deed; not where somebody starts it by hand."""
    return starts_itself(limit) and act.verb != BY_HAND and act.complaint is not None


def _told_of_extensions(act: Act) -> None:
    """The complainant was talked to: he knows of the extensions that were granted."""
    query = select(ExtensionRequest).where(
        ExtensionRequest.complaint_id == act.case.id,
        ExtensionRequest.decision == "同意",
        ExtensionRequest.told_at.is_(None),
    )
    for granted in act.session.scalars(query):
        granted.told_at = act.now


def _start_by_document(act: Act, limit: LimitRow) -> None:
    """Once in each round of the case, or every time, as soon as the tests of the limit hold."""
    known = clock_named(act, limit.name)
    if known is not None and (not known.ended_at or (known.cycle >= act.case.round and not limit.every_time)):
        return
    facts = act.facts()
    if not act.procedure.holds(limit.when, facts):
        return
    at = counts_from(limit, facts, act.now)
    until = named(act, limit, facts, at)
    if known is None or known.transferred_at or known.cancelled_at:
        begin(act, limit.name, at=at, until=until, row=limit)
    else:
        again(act, limit.name, until=until)


def named(act: Act, limit: LimitRow, facts: Mapping[str, Any], at: datetime) -> datetime | None:
    """The day or instant that the case names, which wins over the amount; one that is later than usual is doubted."""
    day = named_day(limit, facts)
    if day is None:
        return None
    calendar, counted = states_for(act)[newest(act.session)], limit.limit()
    if (latest := too_far_named(counted, day, at, calendar)) is not None:
        act.warn(f"{limit.name}指定的时间晚于 {shown(latest)},请确认")
    return named_instant(day, calendar, counted, at)
