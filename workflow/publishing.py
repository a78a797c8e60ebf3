"""How a version comes into force and goes out of it: one person asks with a reason, another one agrees.

What is in force at an instant follows from the agreed requests alone; nothing that was agreed is ever changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ProcedureActivation, ProcedureVersion, Replay, Staff
from rules import lint
from workflow import notices, procedures
from workflow.act import Act, shown
from workflow.arguments import Argument
from workflow.drafts import DRAFT, EDITING, OF_DRAFT, WAITING, known_codes
from workflow.errors import Conflict, Finding, Forbidden, NotFound, Refused
from workflow.procedures import AGREED, APPROVED
from workflow.registry import verb
from workflow.stewards import activation_asked, draft_asked, key_of, reviewers

OPEN, REFUSED, WITHDRAWN = "待审", "驳回", "撤回"
REVIEWING: dict[str, Any] = {**EDITING, "who": reviewers}
OF_REQUEST = Argument("activation", "申请", "hidden", required=True)
FROM = Argument("from_at", "生效时间", "instant", help="不填即同意之时")
WHY = Argument("reason", "理由", "long", required=True)


@verb(
    "submit_procedure",
    label="提交审核",
    **EDITING,
    arguments=(
        OF_DRAFT,
        WHY,
        FROM,
        Argument("replay", "重放", "hidden"),
        Argument("unreplayed", "不重放的原因", "long", help="附上了重放就不用填"),
    ),
)
def submit_procedure(act: Act) -> None:
    """The draft waits for another person, with its reason and a replay of exactly this text or why there is none."""
    draft = draft_asked(act)
    if draft.state != DRAFT:
        raise Conflict("{draft}已是“{state}”,不能提交", draft=str(draft), state=draft.state)
    _unless_faulty(draft)
    _say_what_is_doubtful(act, draft)
    replay = _replay(act, draft)
    if replay is None and not act.given("unreplayed"):
        raise Refused("请先完成这份草稿的重放,或写明不重放的原因", field="replay")
    _say_when_overtaken(act, draft)
    draft.state, draft.reason = WAITING, act.arguments["reason"]
    _ask(act, draft.code, draft.number, replay=replay, unreplayed=act.given("unreplayed", ""))


@verb(
    "activate",
    label="重新启用",
    **EDITING,
    arguments=(
        Argument("code", "制度", "choice", required=True, options=known_codes),
        Argument("number", "版本", "number", required=True, minimum=1),
        FROM,
        WHY,
    ),
)
def activate(act: Act) -> None:
    """A version that was approved once is asked for again; it waits for another person like any other."""
    code, number = act.arguments["code"], act.arguments["number"]
    query = select(ProcedureVersion).where(ProcedureVersion.code == code, ProcedureVersion.number == number)
    found = act.session.scalar(query)
    if found is None or found.state != APPROVED:
        raise NotFound("制度 {code} 没有审核通过的第 {number} 版", field="number", code=code, number=number)
    _ask(act, code, number)


@verb(
    "retire_procedure",
    label="停用制度",
    **EDITING,
    danger=True,
    arguments=(
        Argument("code", "制度", "choice", required=True, options=known_codes),
        FROM,
        WHY,
    ),
)
def retire_procedure(act: Act) -> None:
    """The procedure is asked to judge no new case any more; cases that it has accepted stay with it."""
    code = act.arguments["code"]
    _unless_last(act, code, act.given("from_at", act.now))
    _ask(act, code, None)


@verb("withdraw_submission", label="撤回提交", **EDITING, arguments=(OF_REQUEST,))
def withdraw_submission(act: Act) -> None:
    """Whoever asked takes the request back; the draft may be edited again."""
    request = _open_request(act)
    if act.actor.id != request.asked_by_id and not act.actor.holds("系统管理员") and not act.actor.is_system:
        raise Forbidden("只有提交人能撤回")
    _decide(act, request, WITHDRAWN)
    _back_to_draft(act, request)
    act.say(name_of(request))


@verb(
    "review_procedure",
    label="审核制度",
    **REVIEWING,
    arguments=(
        OF_REQUEST,
        Argument("decision", "决定", "choice", required=True, options=(AGREED, REFUSED)),
        Argument("opinion", "意见", "long"),
    ),
)
def review_procedure(act: Act) -> None:
    """Another person agrees, and the version is in force from its instant on, or refuses with an opinion (G-15)."""
    request = _open_request(act)
    if not act.actor.is_system and act.actor.id in involved(act.session, request):
        raise Forbidden("起草、修改或提交的人不能审核它", rule="G-15")
    if act.arguments["decision"] == REFUSED:
        if not act.given("opinion"):
            raise Refused("驳回须写明意见", field="opinion")
        _back_to_draft(act, request)
    else:
        _agree(act, request)
    _decide(act, request, act.arguments["decision"])
    since = f"自 {shown(request.from_at)} 起" if request.decision == AGREED else ""
    act.say(",".join(filter(None, (name_of(request), request.decision, since, request.opinion))))
    if isinstance(request.asked_by, Staff):
        notices.send(
            act, request.asked_by, "制度审核", f"{name_of(request)}{request.decision}:{request.opinion or since}"
        )


# ---------------------------------------------------------------------------------------------------------------------


def waiting(session: Session) -> list[ProcedureActivation]:
    """The requests that nobody has decided, oldest first."""
    query = select(ProcedureActivation).where(ProcedureActivation.decision == OPEN)
    return list(session.scalars(query.order_by(ProcedureActivation.id)))


def involved(session: Session, request: ProcedureActivation) -> set[int | None]:
    """Who may not decide it: whoever asked, and for a version that is new whoever drafted or edited it."""
    people = {request.asked_by_id}
    version = version_of(session, request)
    if version is not None and version.state == WAITING:
        people |= _writers(session, version)
    return people


def _writers(session: Session, version: ProcedureVersion) -> set[int | None]:
    """Whoever drafted or edited it, and those of each draft that it was made from and nobody has agreed to."""
    people = {version.author_id, *(edit.by_id for edit in version.edits)}
    if version.based_on is None:
        return people
    query = select(ProcedureVersion).where(
        ProcedureVersion.code == version.code, ProcedureVersion.number == version.based_on
    )
    before = session.scalar(query)
    return people | _writers(session, before) if before is not None and before.state != APPROVED else people


def version_of(session: Session, request: ProcedureActivation) -> ProcedureVersion | None:
    """The version that is asked for; nothing when the procedure is to go out of force."""
    query = select(ProcedureVersion).where(
        ProcedureVersion.code == request.code, ProcedureVersion.number == request.number
    )
    return session.scalar(query) if request.number is not None else None


def name_of(request: ProcedureActivation) -> str:
    """What is asked for, as people say it: written here, where texts are looked for that need their English."""
    return f"{request.code} 第 {request.number} 版" if request.number else f"停用 {request.code}"


def _ask(act: Act, code: str, number: int | None, *, replay: Replay | None = None, unreplayed: str = "") -> None:
    same = select(ProcedureActivation).where(
        ProcedureActivation.code == code,
        ProcedureActivation.number.is_not_distinct_from(number),
        ProcedureActivation.decision == OPEN,
    )
    if act.session.scalar(same) is not None:
        raise Conflict("同样的申请已在等待审核")
    request = ProcedureActivation(
        code=code,
        number=number,
        from_at=act.given("from_at", act.now),
        reason=act.arguments["reason"],
        asked_by=act.actor.staff,
        asked_at=act.now,
        replay=replay,
        unreplayed=unreplayed,
        decision=OPEN,
    )
    act.session.add(request)
    act.session.flush()
    when = f"拟自 {shown(request.from_at)} 起" if request.from_at > act.now else "拟自同意之时起"
    act.say(f"{name_of(request)},{when}")
    for entry in reviewers(act):
        for recipient in _recipients(act, entry):
            notices.send(act, recipient, "制度待审", f"{name_of(request)}待审核:{request.reason}")
    act.result = request


def _recipients(act: Act, entry: str) -> Iterable[notices.Recipient]:
    """Who is told of what waits for ``role`` or ``role@department``."""
    role, _, place = entry.partition("@")
    return notices.recipients(act, place) if place else [role]


def _unless_faulty(draft: ProcedureVersion) -> None:
    faults = lint.errors(procedures.compiled(draft.text, draft.number))
    if faults:
        raise Refused(findings=[_finding(fault) for fault in faults])


def _say_what_is_doubtful(act: Act, draft: ProcedureVersion) -> None:
    """Warn of what lint doubts in the draft and did not doubt in the version in force."""
    number = procedures.number_in_force(act.session, draft.code, act.now)
    before = lint.lint(procedures.version(act.session, draft.code, number)) if number is not None else []
    known = {str(finding) for finding in before}
    for finding in lint.lint(procedures.compiled(draft.text, draft.number)):
        if str(finding) not in known:
            act.warn(str(finding))


def _finding(fault: Any) -> Finding:
    values: dict[str, object] = {"where": fault.where, "wrong": fault.wrong, "right": fault.right}
    return Finding("{where}:{wrong}(应为:{right})" if fault.right else "{where}:{wrong}", "draft", values=values)


def _replay(act: Act, draft: ProcedureVersion) -> Replay | None:
    """The replay that was named, else the newest one of exactly this text; refused when the one named is not that."""
    of_this_text = select(Replay).where(
        Replay.draft_id == draft.id, Replay.sha256 == draft.sha256, Replay.state == "完成"
    )
    named = act.given("replay")
    if named is None:
        return act.session.scalar(of_this_text.order_by(Replay.id.desc()).limit(1))
    found = act.session.scalar(of_this_text.where(Replay.id == key_of(named)))
    if found is None:
        raise Refused("这次重放没有完成,或者草稿在它之后又改过,请重新重放", field="replay")
    return found


def _say_when_overtaken(act: Act, draft: ProcedureVersion) -> None:
    """Warn when another version came into force since the draft was begun: its changes are not in the draft."""
    in_force = procedures.number_in_force(act.session, draft.code, act.now)
    if in_force not in (None, draft.based_on):
        act.warn(f"草稿基于第 {draft.based_on or '—'} 版,现在生效的是第 {in_force} 版,其间的修改不在草稿里")


def _open_request(act: Act) -> ProcedureActivation:
    request = activation_asked(act)
    if request.decision != OPEN:
        raise Conflict("这项申请已{decision}", decision=request.decision)
    return request


def _decide(act: Act, request: ProcedureActivation, decision: str) -> None:
    request.decision, request.opinion = decision, act.given("opinion", "")
    request.decided_by, request.decided_at = act.actor.staff, act.now
    act.session.flush()
    act.result = request


def _back_to_draft(act: Act, request: ProcedureActivation) -> None:
    version = version_of(act.session, request)
    if version is not None and version.state == WAITING:
        version.state = DRAFT


def _agree(act: Act, request: ProcedureActivation) -> None:
    """From the instant asked for, never earlier than now: no case is judged by a version that was agreed to later."""
    request.from_at = max(request.from_at, act.now)
    version = version_of(act.session, request)
    if version is None:
        _unless_last(act, request.code, request.from_at)
    else:
        if version.state == WAITING:
            _unless_faulty(version)
            _say_when_overtaken(act, version)
            version.state, version.reviewer = APPROVED, act.actor.staff
        procedures.furnish(act.session, procedures.compiled(version.text, version.number))
    for later in _agreed_after(act.session, request.code, request.from_at):
        act.warn(f"{name_of(later)}已定于 {shown(later.from_at)} 生效")


def _agreed_after(session: Session, code: str, instant: datetime) -> list[ProcedureActivation]:
    query = select(ProcedureActivation).where(
        ProcedureActivation.code == code, ProcedureActivation.decision == AGREED, ProcedureActivation.from_at > instant
    )
    return list(session.scalars(query.order_by(ProcedureActivation.from_at)))


def _unless_last(act: Act, code: str, instant: datetime) -> None:
    """The house is never without any procedure: refuse to take out what is the last one then, or will be later."""
    to_come = select(ProcedureActivation.from_at).where(
        ProcedureActivation.decision == AGREED,
        ProcedureActivation.number.is_(None),
        ProcedureActivation.from_at > instant,
    )
    for moment in (instant, *act.session.scalars(to_come)):
        if all(other == code for other in procedures.codes_in_force(act.session, moment)):
            raise Refused("这是唯一生效的制度,不能停用", field="code")
