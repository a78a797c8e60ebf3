"""Why a case was treated as it was: each stored decision as a sentence, with its rule, what it saw, and who changed it.

A decision is read in the words of the very version that made it, and its rule leads to that row of that version.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from models import Event, ProcedureVersion, db
from rules.facts import ARGUMENT
from rules.procedure import Procedure
from views import formats, rulewords
from views.said import said
from views.typography import laid_out
from workflow import procedures
from workflow.errors import Refused
from workflow.registry import VERBS

JUDGING = ("nature", "category", "grade", "route")
"""The stages that say what a case is and who has it; their answers stand in the story, the others are folded away."""
ABOUT = {"nature": "性质", "category": "服务类别", "grade": "等级", "route": "去向", "take": "制度"}
QUIET = ("notify",)
"""Whom a rule tells is said by the notice itself."""
BY_HAND = {"change_grade": ("grade", "级别"), "transfer": ("route", "调查处理部门")}
"""Verbs by which a person decides otherwise than the rules: the stage, and the label of the change in the history."""
NEAREST = 2
MASKED = {"name": formats.masked_name, "phone": formats.masked_phone, "address": formats.masked_address}
"""Facts by which somebody could be reached; a rule may see them, a page says them as every page does."""


@dataclass(frozen=True)
class Source:
    """The version that decided: its document, and where its page is."""

    document: Procedure
    key: int

    def address(self, rule: str) -> str:
        """The rule's row on the page of this version."""
        return url_for("procedures.details_view", id=self.key, _anchor=f"r-{rule}")


@dataclass(frozen=True)
class Near:
    """A rule that would have won but for one fact."""

    rule: str
    address: str
    outcome: str
    words: str
    """The fact, what it was, and what it would have had to be."""
    bare: str
    """What would have come out, by its name alone."""
    telling: bool
    """Whether it says how close another outcome was: not the same one, and not a choice that somebody typed in."""


@dataclass(frozen=True)
class ByHand:
    """What a person decided instead."""

    to: str
    instead_of: str
    who: str
    why: str
    at: datetime


@dataclass(frozen=True)
class Reason:
    """One decision in words."""

    stage: str
    head: str
    outcome: str
    rule: str
    address: str
    version: int
    because: str
    cites: tuple[str, ...]
    seen: tuple[tuple[str, str], ...]
    near: tuple[Near, ...]
    not_reached: tuple[tuple[str, str], ...]
    """Id and address of the rows that were not asked any more."""
    typed: bool
    """Whether it stands on nothing but what somebody typed in."""
    by_hand: ByHand | None = None
    again: bool = False
    """Whether the deed before had come to the same by the same rule."""
    kept: str = ""
    """What the case is nevertheless: a grade does not fall by itself."""

    @property
    def judging(self) -> bool:
        """Whether it says what the case is."""
        return self.stage in JUDGING

    @property
    def about(self) -> str:
        """What the stage decides."""
        return _(ABOUT.get(self.stage) or rulewords.STAGE_WORDS.get(self.stage, self.stage))

    @property
    def nearest(self) -> list[Near]:
        """What nearly came out instead, said at once; each other outcome once."""
        found: dict[str, Near] = {}
        for near in self.near:
            if near.telling:
                found.setdefault(near.bare, near)
        return list(found.values())[:NEAREST]


def source(code: str, number: int) -> Source | None:
    """The version by its code and number, read once a request; nothing when there is none any more."""
    known: dict[tuple[str, int], Source | None] = g.setdefault("sources", {})
    if (code, number) not in known:
        known[code, number] = _source(code, number)
    return known[code, number]


def _source(code: str, number: int) -> Source | None:
    query = select(ProcedureVersion.id).where(ProcedureVersion.code == code, ProcedureVersion.number == number)
    key = db.session.scalar(query)
    try:
        return Source(procedures.version(db.session(), code, number), key) if key is not None else None
    except Refused:
        return None


def reason_of(
    decision: Mapping[str, Any], by_hand: ByHand | None = None, *, quiet: Collection[str] = QUIET
) -> Reason | None:
    """A stored decision in words; nothing for what the notices say themselves, and where no rule held."""
    stage, outcome = str(decision.get("stage", "")), decision.get("outcome")
    if outcome in (None, "", {}) or stage in quiet:
        return None
    version = int(decision.get("version") or 0)
    found = source(str(decision.get("procedure") or ""), version)
    rule = str(decision.get("rule_id") or "")
    seen = dict(decision.get("seen") or {})
    return Reason(
        stage,
        head=_begun(laid_out(rulewords.conclusion(found.document, stage, outcome) if found else plain_words(outcome))),
        outcome=plain(outcome),
        rule=rule,
        address=found.address(rule) if found and rule else "",
        version=version,
        because=str(decision.get("because") or ""),
        cites=tuple(map(str, decision.get("cites") or ())),
        seen=tuple((fact_label(found, name), value_words(found, name, value)) for name, value in seen.items()),
        near=tuple(_near(found, miss, outcome) for miss in decision.get("near_misses", ()) if isinstance(miss, dict)),
        not_reached=tuple((str(name), found.address(str(name)) if found else "") for name in _passed(decision)),
        typed=bool(seen) and all(name.startswith(ARGUMENT) for name in seen),
        by_hand=by_hand,
    )


def _begun(sentence: str) -> str:
    """A sentence begins with a large letter, where letters are large."""
    return sentence[:1].upper() + sentence[1:]


def _passed(decision: Mapping[str, Any]) -> Iterable[Any]:
    return decision.get("not_reached") or ()


def _near(found: Source | None, miss: Mapping[str, Any], outcome: Any) -> Near:
    rule, fact = str(miss.get("rule_id", "")), str(miss.get("fact", ""))
    would, seen = miss.get("outcome"), miss.get("seen")
    label, wanted = fact_label(found, fact), laid_out(rulewords.test_words(str(miss.get("wanted", ""))))
    blank = seen in (None, "", [])
    return Near(
        rule,
        found.address(rule) if found else "",
        laid_out(rulewords.outcome_words(found.document, would) if found else plain_words(would)),
        _("%(fact)s没有填写，要 %(wanted)s", fact=label, wanted=wanted)
        if blank
        else _("%(fact)s 是 %(seen)s，要 %(wanted)s", fact=label, seen=value_words(found, fact, seen), wanted=wanted),
        bare=str(said(plain(would))),
        telling=plain(would) != plain(outcome) and not fact.startswith(ARGUMENT),
    )


def fact_label(found: Source | None, name: str) -> str:
    """A fact as its document calls it."""
    return rulewords.fact_label(found.document, name) if found else name


def value_words(found: Source | None, name: str, value: Any) -> str:
    """A value that was seen, in words, with its unit."""
    if name.removeprefix(ARGUMENT) in MASKED and isinstance(value, str) and value:
        return MASKED[name.removeprefix(ARGUMENT)](value)
    match value:
        case None | "" | []:
            return _("未填写")
        case bool():
            return _("是") if value else _("否")
        case list():
            return _("、").join(value_words(found, name, item) for item in value)
        case str():
            return str(laid_out(said(VERBS[value].label if name == "verb" and value in VERBS else value)))
        case int() | float():
            fact = rulewords.fact_of(found.document, name) if found else None
            return f"{value} {said(fact.unit)}" if fact and fact.unit else str(value)
        case _:
            return plain_words(value)


def plain(outcome: Any) -> str:
    """What came out by its bare name: the grade, the department; else everything that it says."""
    if isinstance(outcome, Mapping):
        for name in ("grade", "department", "role", "title", "text", "standard"):
            if outcome.get(name):
                return str(outcome[name])
    return plain_words(outcome)


def plain_words(value: Any) -> str:
    """Any JSON value as words."""
    match value:
        case None | "":
            return "—"
        case bool():
            return _("是") if value else _("否")
        case dict():
            return _("、").join(plain_words(item) for item in value.values())
        case list() | tuple():
            return _("、").join(plain_words(item) for item in value)
        case _:
            return str(value)


def seen_before(events: Iterable[Event]) -> set[tuple[int, str]]:
    """Of the events of a case, oldest first: event and stage where the answer was that of the time before."""
    last: dict[str, tuple[str, str]] = {}
    found = set()
    for event in events:
        for one in event.decisions:
            stage, answer = str(one.get("stage")), (str(one.get("rule_id")), plain(one.get("outcome")))
            if last.get(stage) == answer:
                found.add((event.id, stage))
            last[stage] = answer
    return found


# who decided otherwise


def changed_by_hand(events: Iterable[Event]) -> dict[int, tuple[str, ByHand]]:
    """Of the events of a case, oldest first, those by which a person decided otherwise than the rules had."""
    ruled: dict[str, str] = {}
    found: dict[int, tuple[str, ByHand]] = {}
    for event in events:
        if event.outcome != "完成":
            continue
        ruled |= {str(one.get("stage")): plain(one["outcome"]) for one in event.decisions if one.get("outcome")}
        stage, label = BY_HAND.get(event.verb, ("", ""))
        pair = event.changes.get(label, ())
        if stage and len(pair) == 2 and str(pair[1]) != ruled.get(stage):
            found[event.id] = stage, _by_hand(event, str(pair[1]), ruled.get(stage, ""))
    return found


def _by_hand(event: Event, to: str, ruled: str) -> ByHand:
    who = event.actor.name if event.actor else str(_("系统"))
    return ByHand(to, ruled, who, event.reason, event.at)


def overturned_by(events: Sequence[Event], stage: str, event_id: int) -> ByHand | None:
    """Who overturned the answer that a stage gave with this event; ``events`` are those of the case, oldest first."""
    by_hand, newest = changed_by_hand(events), 0
    for event in events:
        if any(one.get("stage") == stage for one in event.decisions):
            newest = event.id
        if newest == event_id and by_hand.get(event.id, ("",))[0] == stage:
            return by_hand[event.id][1]
    return None


def standing(events: Iterable[Event], now: Mapping[str, str]) -> list[Reason]:
    """How the case stands: of each judging stage the last decision, with who has decided otherwise since.

    ``now`` is what the case is, by stage: a decision that was not followed says so.
    """
    events = [event for event in events if event.outcome == "完成"]
    by_hand = changed_by_hand(events)
    last: dict[str, Mapping[str, Any]] = {}
    over: dict[str, ByHand | None] = {}
    for event in events:
        last |= {str(one.get("stage")): one for one in event.decisions if one.get("stage") in JUDGING}
        for stage, label in BY_HAND.values():
            if label in event.changes:
                over[stage] = None
        if event.id in by_hand:
            stage, change = by_hand[event.id]
            over[stage] = change
    found = [reason_of(last[stage], over.get(stage)) for stage in JUDGING if stage in last]
    return [_as_it_is(reason, now.get(reason.stage, "")) for reason in found if reason]


def _as_it_is(reason: Reason, now: str) -> Reason:
    differs = now and reason.by_hand is None and now != reason.outcome
    return replace(reason, kept=now) if differs else reason
