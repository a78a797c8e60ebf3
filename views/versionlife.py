"""The life of a version: when it is in force, who had what part in it, and what may be done with it now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from models import ProcedureActivation, ProcedureVersion, Replay, db
from views import permits
from views.base import me
from views.guard import key_of
from workflow import publishing
from workflow.drafts import DRAFT, GIVEN_UP, WAITING
from workflow.procedures import AGREED, APPROVED

IN_FORCE, TO_COME, PAST, UNUSED = "在用", "将生效", "曾用", "审核通过"
STATES = (DRAFT, WAITING, APPROVED, GIVEN_UP)
"""As what a version is stored."""


@dataclass(frozen=True)
class Reign:
    """A stretch of time in which a version (or none) is in force; ``end`` is open for the last one."""

    number: int | None
    start: datetime
    end: datetime | None
    request: ProcedureActivation


@dataclass(frozen=True)
class Step:
    """A line of a version's life."""

    at: datetime
    who: str
    what: str
    words: str = ""
    address: str = ""
    to_come: bool = False


@dataclass(frozen=True)
class Action:
    """Something that may be done now: a sheet of a verb, or a page of its own."""

    label: str
    address: str
    sheet: bool = True
    main: bool = False
    grave: bool = False


def requests() -> list[ProcedureActivation]:
    """Every request to put a version in or out of force, oldest first, read once for each page."""
    if "activations" not in g:
        g.activations = list(db.session.scalars(select(ProcedureActivation).order_by(ProcedureActivation.id)))
    found: list[ProcedureActivation] = g.activations
    return found


def reigns(code: str) -> list[Reign]:
    """What was, is and will be in force of a procedure, oldest first. Of one instant the last agreement counts."""
    agreed = [request for request in requests() if request.code == code and request.decision == AGREED]
    agreed.sort(key=lambda request: (request.from_at, request.decided_at or request.asked_at, request.id))
    last = [list(same)[-1] for _at, same in groupby(agreed, key=lambda request: request.from_at)]
    ends = [*(request.from_at for request in last[1:]), None][: len(last)]
    return [Reign(request.number, request.from_at, end, request) for request, end in zip(last, ends, strict=True)]


def standing(version: ProcedureVersion) -> str:
    """草稿, 待审, 弃用; of what was approved whether it is in force, will be, was, or never was."""
    if version.state != APPROVED:
        return version.state
    own = [reign for reign in reigns(version.code) if reign.number == version.number]
    if any(reign.start <= g.now and (reign.end is None or reign.end > g.now) for reign in own):
        return IN_FORCE
    if any(reign.start > g.now for reign in own):
        return TO_COME
    return PAST if own else UNUSED


def keys_with(word: str) -> list[int]:
    """The ids of the versions that stand so."""
    return [version.id for version in db.session.scalars(select(ProcedureVersion)) if standing(version) == word]


def in_force(code: str) -> ProcedureVersion | None:
    """The version that judges new cases of a procedure now."""
    now = [reign for reign in reigns(code) if reign.start <= g.now]
    if not now or now[-1].number is None:
        return None
    return version_of(code, now[-1].number)


def version_of(code: str, number: int | None) -> ProcedureVersion | None:
    """The version by code and number."""
    query = select(ProcedureVersion).where(ProcedureVersion.code == code, ProcedureVersion.number == number)
    return db.session.scalar(query) if number is not None else None


def named(asked: ProcedureActivation) -> str:
    """What a request asks for, as people say it."""
    if asked.number is None:
        return str(_("停用 %(code)s", code=asked.code))
    return str(_("%(code)s 第 %(n)s 版", code=asked.code, n=asked.number))


def open_request(version: ProcedureVersion) -> ProcedureActivation | None:
    """The request about this version that waits for a second person."""
    found = (one for one in requests() if one.code == version.code and one.number == version.number)
    return next((one for one in found if one.decision == publishing.OPEN), None)


def before(version: ProcedureVersion) -> ProcedureVersion | None:
    """What its differences are shown against: the version that it was drafted from, else the one in force."""
    base = version_of(version.code, version.based_on) or in_force(version.code)
    return None if base is None or base.id == version.id else base


def compared_with(asked: ProcedureActivation, version: ProcedureVersion | None) -> ProcedureVersion | None:
    """What a reviewer compares with: the version in force; for one that is in force already what it came from."""
    if version is None:
        return None
    now = in_force(asked.code)
    return now if now is not None and now.id != version.id else before(version)


# who may


def steward_of() -> list[str]:
    """The codes of the procedures that this person may edit or review."""
    if "steward_of" not in g:
        codes = db.session.scalars(select(ProcedureVersion.code).distinct())
        g.steward_of = [
            code
            for code in codes
            if permits.may("edit_procedure", code=code) or permits.may("review_procedure", code=code)
        ]
    found: list[str] = g.steward_of
    return found


def reads_all() -> bool:
    """Whether this person reads the versions of every procedure."""
    return me().holds("系统管理员") or me().holds("审计")


def why_not_review(request: ProcedureActivation) -> str:
    """Why this person may not decide the request; empty when he may."""
    if request.decision != publishing.OPEN:
        return str(_("这项申请已%(decision)s。", decision=_(request.decision)))
    if not permits.may("review_procedure", activation=request.id):
        return str(_("审核人由在用的制度指定，您不在其中。"))
    if me().id in publishing.involved(db.session(), request):
        return str(_("您起草、修改或提交过它，须由另一个人审核。"))
    return ""


def waiting_requests() -> list[tuple[ProcedureActivation, bool]]:
    """The requests about this person's procedures that wait, oldest first, each with whether he may decide it."""
    if "waiting_requests" not in g:
        found = publishing.waiting(db.session())
        mine = set(steward_of()) if found else set()
        g.waiting_requests = [(one, not why_not_review(one)) for one in found if one.code in mine]
    known: list[tuple[ProcedureActivation, bool]] = g.waiting_requests
    return known


def actions(version: ProcedureVersion, page: str) -> list[Action]:
    """What this person may do with the version now, the next step first. ``page`` is where he comes back to."""
    found = {
        DRAFT: _of_draft,
        WAITING: _of_waiting,
        APPROVED: _of_approved,
        GIVEN_UP: _of_approved,
    }[version.state](version, page)
    return [*found, Action(_("导出 TOML"), url_for("procedures.toml", id=version.id), sheet=False)]


def _of_draft(version: ProcedureVersion, page: str) -> Iterable[Action]:
    if not permits.may("edit_procedure", draft=version.id):
        return
    yield Action(_("继续编辑"), url_for("editor.draft", draft=version.id), sheet=False, main=True)
    if start := _replay(version):
        yield start
    yield Action(_("提交审核"), _sheet("submit_procedure", page, draft=version.id))
    if before(version):
        yield Action(_("看改动"), url_for("procedures.compare", id=version.id), sheet=False)
    yield Action(_("放弃草稿"), _sheet("give_up_draft", page, draft=version.id), grave=True)


def _of_waiting(version: ProcedureVersion, page: str) -> Iterable[Action]:
    request = open_request(version)
    if request is not None:
        mine = not why_not_review(request)
        label = _("审核") if mine else _("看审核页")
        yield Action(label, url_for("procedures.review", id=request.id), sheet=False, main=mine)
        if request.asked_by_id == me().id or me().holds("系统管理员"):
            yield Action(_("撤回提交"), _sheet("withdraw_submission", page, activation=request.id))
    if start := _replay(version):
        yield start


def _of_approved(version: ProcedureVersion, page: str) -> Iterable[Action]:
    word, edits = standing(version), permits.may("edit_procedure", code=version.code)
    if edits:
        base = {"code": version.code, "based_on": version.number}
        yield Action(_("起草新版本"), _sheet("draft_procedure", page, **base), main=word == IN_FORCE)
    if edits and version.state == APPROVED and word not in (IN_FORCE, TO_COME) and not open_request(version):
        yield Action(_("重新启用"), _sheet("activate", page, code=version.code, number=version.number))
    if before(version):
        yield Action(_("看改动"), url_for("procedures.compare", id=version.id), sheet=False)
    if word == IN_FORCE and permits.may("migrate_cases", code=version.code):
        yield Action(_("转移在办投诉"), url_for("procedures.migrate", id=version.id), sheet=False)
    if edits and word == IN_FORCE:
        if start := _replay(version):
            yield start
        yield Action(_("停用"), _sheet("retire_procedure", page, code=version.code), grave=True)


def _replay(version: ProcedureVersion) -> Action | None:
    if not permits.may("start_replay", draft=version.id):
        return None
    return Action(_("重放"), url_for("replays.start", draft=version.id), sheet=False)


def _sheet(verb: str, page: str, **given: Any) -> str:
    return url_for("verbs.house", verb=verb, **given, url=page)


def about(verb: str, given: Mapping[str, str]) -> list[str]:
    """What a sheet is about, by the names that people know: the version, the request, and what will go with it."""
    if request_key := key_of(given.get("activation", "")):
        asked = db.session.get(ProcedureActivation, request_key)
        return [named(asked), asked.reason] if asked else []
    key = key_of(given.get("draft", ""))
    version = db.session.get(ProcedureVersion, key) if key else None
    if version is None and given.get("code"):
        number = key_of(given.get("number") or given.get("based_on") or "")
        version = version_of(given["code"], number) if number else in_force(given["code"])
    if version is None:
        return []
    found = [f"{version.code} {_(version.title)} {_('第 %(n)s 版', n=version.number)}"]
    return [*found, _replayed(version)] if verb == "submit_procedure" else found


def _replayed(version: ProcedureVersion) -> str:
    """Whether a replay of this very text can be attached."""
    query = select(Replay).where(Replay.draft_id == version.id, Replay.sha256 == version.sha256, Replay.state == "完成")
    replay = db.session.scalar(query.order_by(Replay.id.desc()).limit(1))
    if replay is None:
        return str(_("这份草稿还没有重放：先重放，或者写明不重放的原因。"))
    return str(_("会附上这份草稿的重放（%(n)s 件）。", n=replay.done))


# the timeline


def life(version: ProcedureVersion) -> list[Step]:
    """Everything that happened to the version and what is fixed for it, newest first."""
    found = [*_drafted(version), *_asked(version), *_reigned(version)]
    return sorted(found, key=lambda step: step.at, reverse=True)


def _drafted(version: ProcedureVersion) -> Iterable[Step]:
    base = str(_("依据第 %(n)s 版", n=version.based_on)) if version.based_on else ""
    yield Step(version.created_at, _name(version.author), _("起草"), base)
    edits = [edit for edit in version.edits if not edit.undone]
    edits.sort(key=lambda edit: (edit.by_id or 0, edit.id))
    for _key, group in groupby(edits, key=lambda edit: edit.by_id):
        mine = list(group)
        yield Step(mine[-1].at, _name(mine[-1].by), _("修改"), str(_("共 %(n)s 处", n=len(mine))))


def _asked(version: ProcedureVersion) -> Iterable[Step]:
    for request in requests():
        if request.code != version.code or request.number != version.number:
            continue
        page = url_for("procedures.review", id=request.id)
        if request.asked_at != request.decided_at or request.asked_by_id != request.decided_by_id:
            yield Step(request.asked_at, _name(request.asked_by), _("提交审核"), request.reason, page)
        if request.decided_at is not None and request.decided_by_id != request.asked_by_id:
            what = {"同意": _("审核同意"), "驳回": _("审核驳回"), "撤回": _("撤回提交")}.get(request.decision, "")
            yield Step(request.decided_at, _name(request.decided_by), what, request.opinion, page)
        elif request.decided_at is not None and request.decision == publishing.WITHDRAWN:
            yield Step(request.decided_at, _name(request.decided_by), _("撤回提交"), request.opinion, page)


def _reigned(version: ProcedureVersion) -> Iterable[Step]:
    for reign in reigns(version.code):
        if reign.number == version.number:
            yield Step(reign.start, "", _("生效"), "", "", reign.start > g.now)
            if reign.end is not None:
                after = next(one for one in reigns(version.code) if one.start == reign.end)
                words = _("停用") if after.number is None else _("改用第 %(n)s 版", n=after.number)
                yield Step(reign.end, "", _("不再生效"), str(words), "", reign.end > g.now)


def _name(person: Any) -> str:
    return person.name if person else str(_("系统"))
