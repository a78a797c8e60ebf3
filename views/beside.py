"""Beside the form that registers a case: open and recent cases that are like what is being typed, and may be linked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, request
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import select

from models import Complaint, db
from views.base import EVERYBODY, Room, me
from views.forms.aside import KEPT
from views.forms.verb_form import typed_of
from views.said import said
from workflow import access, likeness, links, matter, registry, taking
from workflow.act import Act
from workflow.likeness import Like, Told
from workflow.matter import SAME

ENOUGH = 4
"""So many characters say something of a matter."""
LEAST = 0.3
"""Half of what will be typed is less like a whole text than the whole would be."""
DUPLICATE = "合并"


@dataclass(frozen=True)
class Neighbour:
    """A case that is like the new one: why, in words, and what was chosen of it."""

    case: Complaint
    why: tuple[str, ...]
    place: str
    sealed: bool
    chosen: Collection[str]

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """What it may be to the new one: value, word, whether it was chosen."""
        words = ((SAME, _("同一问题")), (DUPLICATE, _("重复")))
        return [(f"{kind} {self.case.case_no}", word, kind in self.chosen) for kind, word in words]


@dataclass(frozen=True)
class Taken:
    """Another procedure than the chosen one takes what is typed: which, why, and whether he may use it."""

    code: str
    title: str
    because: str
    may: bool


@dataclass(frozen=True)
class Beside:
    """What stands beside the form, and whether any of it may be chosen."""

    cases: list[Neighbour]
    may_link: bool
    taken: Taken | None = None


class BesideRoom(Room):
    """Asked while somebody types. What is typed is sent as a form: an address would be kept in logs."""

    readers = EVERYBODY

    def is_visible(self) -> bool:
        return False

    @expose("/", methods=("POST",))
    def index(self) -> Any:
        typed = typed_of(request.form)
        given = {name: values[0] for name, values in typed.items() if values and values[0]}
        _verb, act, _arguments = registry.arguments_for(
            db.session(), "register", None, actor=me(), now=g.now, given=given
        )
        return self.render("verbs/beside.html", beside=beside(act, typed))


def beside(act: Act, typed: Mapping[str, list[str]]) -> Beside:
    """The nearest cases; what was chosen stays, however the text has changed since."""
    chosen = _chosen(typed.get("links", []))
    found = {like.case.case_no: like for like in _found(act, typed)}
    lacking = chosen.keys() - found.keys()
    query = select(Complaint).where(Complaint.case_no.in_(lacking), access.scope(act.actor))
    kept = [Like(case, 0.0) for case in db.session.scalars(query).unique()] if lacking else []
    likes = sorted([*kept, *found.values()], key=lambda like: like.case.case_no not in chosen)
    near = [_neighbour(act, like, chosen.get(like.case.case_no, ())) for like in likes]
    return Beside(near, links.at_intake(act), _taken(act, typed))


def _taken(act: Act, typed: Mapping[str, list[str]]) -> Taken | None:
    """Whose it is by what was typed so far, where that is not the procedure of the form."""
    given: dict[str, Any] = {}
    for name in sorted(typed, key=lambda name: name.startswith(KEPT)):  # what has no place in this form counts as well
        if any(typed[name]):
            given.setdefault(name.removeprefix(KEPT), typed[name] if len(typed[name]) > 1 else typed[name][0])
    one = taking.other(act, taking.takers(act.session, given, act.actor, act.now))
    return Taken(one.procedure, str(one.outcome), one.because, taking.may(act, one.procedure)) if one else None


def _found(act: Act, typed: Mapping[str, list[str]]) -> list[Like]:
    first = {name: values[0] for name, values in typed.items() if values}
    fields = {name: first[name] for name in matter.compared(act.procedure) if first.get(name)}
    told = Told(first.get("content", ""), first.get("category", ""), fields, first.get("phone", ""))
    if len(told.content) < ENOUGH and len(told.phone) < likeness.SHORTEST:
        return []
    return likeness.similar(act.session, act.procedure, told, actor=act.actor, now=act.now, least=LEAST)


def _chosen(texts: list[str]) -> dict[str, list[str]]:
    """Number to what it was said to be."""
    chosen: dict[str, list[str]] = {}
    for text in texts:
        kind, _space, number = text.partition(" ")
        chosen.setdefault(number, []).append(kind)
    return chosen


def _neighbour(act: Act, like: Like, chosen: Collection[str]) -> Neighbour:
    why = [_("同一%(what)s", what=said(what)) for what in like.same]
    if like.score >= LEAST:
        why.append(_("文字相似 %(share)s", share=f"{like.score:.0%}"))
    apart = (like.case.fields.get(name) for name in matter.told_apart_by(act.procedure))
    return Neighbour(like.case, tuple(why), " ".join(filter(None, apart)), likeness.sealed(like.case), chosen)
