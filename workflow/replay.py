"""重放: what another version would have made of the cases of a period, by what was kept of them. No case is touched.

Work goes in batches: ``look`` reads and works one out without holding anybody up, ``keep`` writes its result in a short
transaction, if nobody has stopped the replay or done the same batch meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, select, update
from sqlalchemy.orm import Session

from models import ProcedureVersion, Replay, ReplayDifference
from models.queries import recorded
from rules import procedure as documents
from rules.faults import ProcedureFault
from rules.telling import newly_telling
from workflow import procedures
from workflow.access import actor_of, scope
from workflow.act import Act
from workflow.arguments import SHANGHAI, Argument
from workflow.batches import undisturbed
from workflow.errors import NotFound, Refused
from workflow.registry import verb
from workflow.replay_batch import Found, replayed
from workflow.stewards import readers

QUEUED, RUNNING, DONE, STOPPED, FAILED = "排队", "进行", "完成", "停止", "失败"
OPEN = (QUEUED, RUNNING)
MONTHS = 12
BATCH = 500


@verb(
    "start_replay",
    label="重放",
    group="制度",
    needs_case=False,
    guard="never",
    who=readers,
    arguments=(
        Argument("draft", "制度版本", "number", required=True),
        Argument("since", "自", "date", help="不填即十二个月前"),
        Argument("until", "至", "date", help="这一天也算在内,不填即现在"),
    ),
)
def start_replay(act: Act) -> None:
    """Ask for a replay; the job takes it up within seconds. The same question twice is one replay."""
    draft = act.session.get(ProcedureVersion, act.arguments["draft"])
    if draft is None:
        raise NotFound("没有这个制度版本", field="draft")
    _readable(draft)
    since, until = period(act.given("since"), act.given("until"), act.now)
    if since >= until:
        raise Refused("开始须早于结束", field="since")
    telling = _is_telling(act, draft)
    for other in act.session.scalars(select(Replay).where(Replay.draft_id == draft.id, Replay.state.in_(OPEN))):
        same = (other.sha256, other.since) == (draft.sha256, since) and until - other.until < timedelta(minutes=1)
        if same and (not telling or other.asked_by_id == act.actor.id):
            act.result = other
            act.say(f"{draft} 已在重放")
            return
        stop(act.session, other.id, act.now)
    act.result = Replay(
        draft=draft,
        sha256=draft.sha256,
        since=since,
        until=until,
        state=QUEUED,
        asked_by_id=act.actor.id,
        asked_at=act.now,
        summary={},
        telling=telling,
    )
    act.session.add(act.result)
    act.say(f"重放 {draft}:{since.astimezone(SHANGHAI):%Y-%m-%d} 起受理的")


def _readable(draft: ProcedureVersion) -> None:
    """Refuse a text that no case can be judged by, with what is wrong first; what lint says of it may still stand."""
    try:
        documents.parse(draft.text)
    except ProcedureFault as fault:
        text = "这个版本还有错误,改好再重放:{fault}"
        raise Refused(text, field="draft", fault=str(fault.findings[0])) from fault


def _is_telling(act: Act, draft: ProcedureVersion) -> bool:
    """Whether the draft asks, otherwise than the version in force, something that means one single case."""
    number = procedures.number_in_force(act.session, draft.code, act.now)
    known = procedures.version(act.session, draft.code, number) if number is not None else None
    return newly_telling(procedures.compiled(draft.text, draft.number), known)


def _looked_at(session: Session, row: Replay) -> ColumnElement[bool]:
    """Every case of the period; what could tell of one single case is asked of those alone that the person may see:
    else whoever may edit a draft could find out by guessing who has complained about whom."""
    which = recorded.accepted(row.draft.code, row.since, row.until)
    if row.telling and row.asked_by is not None:
        which = and_(which, scope(actor_of(session, row.asked_by, row.asked_at)))
    return which


def period(since: date | None, until: date | None, now: datetime) -> tuple[datetime, datetime]:
    """The instants of a period: twelve months back when nothing is said, whole Shanghai days, not beyond now."""
    today = now.astimezone(SHANGHAI).date()
    first = since or months_back(today, MONTHS)
    end = min(now, _midnight(until + timedelta(days=1))) if until and until < date.max else now
    return _midnight(first), end


def months_back(day: date, months: int) -> date:
    """The same day so many months ago, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), after - timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), SHANGHAI)


@verb(
    "stop_replay",
    label="停止重放",
    group="制度",
    needs_case=False,
    guard="never",
    who=readers,
    arguments=(Argument("replay", "重放", "number", required=True),),
)
def stop_replay(act: Act) -> None:
    """Stop within a batch; what was found so far stays."""
    row = act.session.get(Replay, act.arguments["replay"])
    if row is None:
        raise NotFound("没有这次重放", field="replay")
    if not stop(act.session, row.id, act.now):
        raise Refused("这次重放已经结束", field="replay")
    act.session.refresh(row)
    act.say(f"停止重放 {row.draft}")
    act.result = row


def stop(session: Session, replay_id: int, now: datetime) -> bool:
    """End it where it stands; False when it has ended already."""
    return _set(session, replay_id, stop_asked=True, state=STOPPED, finished_at=now)


def _set(session: Session, replay_id: int, *conditions: Any, **values: Any) -> bool:
    """Change an open replay, by a condition in the statement itself: two workers never both succeed."""
    statement = update(Replay).where(Replay.id == replay_id, Replay.state.in_(OPEN), *conditions).values(**values)
    return bool(session.execute(statement.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def waiting(session: Session) -> list[int]:
    """The replays with work left, the oldest first; found by the index on the state."""
    return list(session.scalars(select(Replay.id).where(Replay.state.in_(OPEN)).order_by(Replay.id)))


@dataclass(frozen=True)
class Step:
    """One batch worked out: from which position, to which, and what it found; or why it cannot go on."""

    replay: int
    position: int
    last: int
    found: Found | None
    total: int
    more: bool
    error: str = ""


def look(session: Session, replay_id: int, size: int = BATCH) -> Step | None:
    """Work out the next batch by reading alone; nothing when the replay has ended."""
    row = session.get(Replay, replay_id, populate_existing=True)
    if row is None or row.state not in OPEN:
        return None
    if row.draft.sha256 != row.sha256:
        return Step(row.id, row.position, row.position, None, row.total, False, "这个版本在重放途中改过,请重新重放")
    which = _looked_at(session, row)
    total = row.total if row.state == RUNNING else recorded.how_many(session, which)
    try:
        cases = recorded.next_cases(session, which, row.position, size)
        draft = procedures.compiled(row.draft.text, row.draft.number)
        with undisturbed():
            found = replayed(session, row.draft.code, draft, cases, row.asked_at)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the person who waits for the answer is told
        return Step(row.id, row.position, row.position, None, total, False, f"{type(fault).__name__}: {fault}"[:2000])
    last = cases[-1].id if cases else row.position
    return Step(row.id, row.position, last, found, total, len(cases) == size)


def keep(session: Session, step: Step, now: datetime) -> bool:
    """Write what the batch found, unless it was stopped or another worker was first; whether there is more to do."""
    here = Replay.position == step.position
    if step.found is None:
        _set(session, step.replay, here, state=FAILED, error=step.error, finished_at=now, total=step.total)
        return False
    summary, unkept, started, done = session.execute(
        select(Replay.summary, Replay.unkept, Replay.started_at, Replay.done).where(Replay.id == step.replay)
    ).one()
    mine = _set(
        session,
        step.replay,
        here,
        state=RUNNING if step.more else DONE,
        position=step.last,
        total=max(step.total, done + step.found.cases),
        done=done + step.found.cases,
        summary=_added(summary, step.found.counts),
        unkept=_added(unkept, step.found.unkept),
        started_at=started or now,
        finished_at=None if step.more else now,
    )
    if mine and step.found.rows:
        session.execute(insert(ReplayDifference), [{"replay_id": step.replay, **row} for row in step.found.rows])
    return mine and step.more


def _added(summary: Mapping[str, int], counts: Mapping[str, int]) -> dict[str, int]:
    return {name: summary.get(name, 0) + counts.get(name, 0) for name in {**summary, **counts}}


def advance(session: Session, replay_id: int, now: datetime, size: int = BATCH) -> bool:
    """Replay one batch; whether there is more."""
    step = look(session, replay_id, size)
    return step is not None and keep(session, step, now)
