"""One batch of a replay: the cases read as columns, judged again, and their differences as rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Complaint
from models.queries import recorded
from rules import judging, replaying, snapshots
from rules.procedure import Procedure
from rules.replaying import Answer, Difference, Moment, Version
from workflow import procedures, replay_clocks, replay_starts
from workflow.access import SYSTEM
from workflow.act import Act
from workflow.replay_clocks import Shift
from workflow.replay_starts import Past

WITHOUT_FACTS = "没有当时的事实"
KINDS = (
    *(replaying.NATURE, replaying.CATEGORY, replaying.RAISED, replaying.LOWERED, replaying.GRADE),
    *(replaying.ELSEWHERE, replaying.DISPATCH, replaying.APPROVAL),
    *(replay_clocks.LATE, replay_clocks.NO_LONGER_LATE),
    *(replay_clocks.EARLIER, replay_clocks.LATER, replay_clocks.NO_CLOCK, replaying.CLASH),
)
"""Every kind of difference, in the order in which they are told."""
LONGEST = 200


@dataclass
class Found:
    """What a batch came to: how many cases, the rows of its differences, and how many cases of each kind."""

    cases: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    unkept: Counter[str] = field(default_factory=Counter)
    """Facts that only the draft asks, each with how many of the cases it was not kept of."""


def replayed(session: Session, code: str, draft: Procedure, cases: Sequence[Any], now: datetime) -> Found:
    """Every case of the batch once more, by the draft."""
    found = Found(len(cases))
    ids = [case.id for case in cases]
    versions = {number: Version.of(procedures.version(session, code, number)) for number in _numbers(cases)}
    moments = moments_of(session, code, ids, versions)
    differences: list[tuple[int, Difference]] = []
    pasts: dict[int, Past] = {}
    for case in cases:
        if case.id not in moments:
            found.counts[WITHOUT_FACTS] += 1
            moments[case.id] = [_as_it_is(session, case.id, versions[case.procedure_version], now)]
        before, after, clashes = replaying.courses(draft, moments[case.id])
        differences += [(case.id, each) for each in (*clashes, *replaying.compared(before, after, draft))]
        pasts[case.id] = Past(after, _unkept(draft, moments[case.id]))
        found.unkept.update(pasts[case.id].unkept)
    found.rows = _rows(session, differences) + _clock_rows(session, draft, cases, versions, pasts, now)
    found.counts.update(Counter(row["kind"] for row in found.rows))
    return found


def _unkept(draft: Procedure, moments: Sequence[Moment]) -> frozenset[str]:
    """The facts that the draft asks and that were not kept of this case."""
    if len(moments) == 1:
        return moments[0].by.unkept(draft)
    return frozenset[str]().union(*(moment.by.unkept(draft) for moment in moments))


def _numbers(cases: Iterable[Any]) -> set[int]:
    return {case.procedure_version for case in cases}


def moments_of(
    session: Session, code: str, ids: Sequence[int], versions: dict[int, Version]
) -> dict[int, list[Moment]]:
    """The recorded deeds in which each case was judged, oldest first; versions that only they know are added."""
    given: dict[int, dict[str, Answer]] = defaultdict(dict)
    by: dict[int, int] = {}
    rows = recorded.answers(session, ids)
    # what the others saw beyond the snapshot is what judging makes itself, and it makes it again
    changed = recorded.changed(session, [key for key, _, _, stage, _ in rows if stage in replaying.ALONE])
    for key, snapshot, number, stage, rule in rows:
        before = given[snapshot].get(stage)
        # a stage that collects has a row for each answer; one that was asked twice counts as it was asked last
        rules = before.rules if before and stage in judging.COLLECTING else ()
        beyond = snapshots.read(changed[key]) if key in changed else {}
        given[snapshot][stage] = Answer(stage, (*rules, rule) if rule else rules, beyond)
        by[snapshot] = number
    moments: dict[int, list[Moment]] = defaultdict(list)
    for row in recorded.snapshots(session, ids):
        if row.id in given:
            number = by[row.id]
            if number not in versions:
                versions[number] = Version.of(procedures.version(session, code, number))
            facts = snapshots.read(row.facts)
            moment = Moment(row.event_id, row.at, row.verb, facts, given[row.id], versions[number])
            moments[row.complaint_id].append(moment)
    return moments


def _as_it_is(session: Session, case_id: int, version: Version, now: datetime) -> Moment:
    """A case of which no facts were kept, as if it were registered with what is known of it now."""
    case = session.scalars(select(Complaint).where(Complaint.id == case_id)).unique().one()
    act = Act(session, replaying.REGISTRATION, case, SYSTEM, now, version.procedure)
    facts = {name: value for name, value in act.facts().items() if value is not None}
    made = judging.judge(version.procedure, facts, anew=True)
    answers = {
        question.stage: Answer(question.stage, tuple(decision.rule_id for decision in question.answers))
        for question in made.questions
    }
    return Moment(0, case.accepted_at or case.registered_at, replaying.REGISTRATION, facts, answers, version)


def _rows(session: Session, differences: Sequence[tuple[int, Difference]]) -> list[dict[str, Any]]:
    """Old and new decision side by side; the old one as it was recorded."""
    events, stages = {each.event for _case, each in differences if each.event}, {each.stage for _, each in differences}
    details = recorded.details(session, events, stages)
    return [
        {
            "complaint_id": case,
            "kind": each.kind,
            "stage": each.stage,
            "at": each.at,
            "old_outcome": each.old_outcome[:LONGEST],
            "new_outcome": each.new_outcome[:LONGEST],
            "old": details.get((each.event, each.stage)) or (each.old.as_json() if each.old else None),
            "new": {"clash": each.clash} if each.clash else each.new.as_json() if each.new else None,
        }
        for case, each in differences
    ]


def _clock_rows(
    session: Session,
    draft: Procedure,
    cases: Sequence[Any],
    versions: dict[int, Version],
    pasts: Mapping[int, Past],
    now: datetime,
) -> list[dict[str, Any]]:
    """One row a case and kind, its clocks side by side."""
    together: dict[tuple[int, str], list[Shift]] = defaultdict(list)
    for number in _numbers(cases):
        ids = [case.id for case in cases if case.procedure_version == number]
        old = versions[number].procedure
        names = replay_clocks.changed_limits(old, draft)
        own = {case: pasts[case] for case in ids}
        begun, dropped = replay_starts.started(session, draft, old, own, names, now)
        for shift in (*replay_clocks.shifts(session, draft, ids, names, now, dropped), *begun):
            together[shift.case, shift.kind].append(shift)
    return [
        {
            "complaint_id": case,
            "kind": kind,
            "stage": replay_clocks.STAGE,
            "at": shifts[0].started,
            "old_outcome": "、".join(filter(None, (replay_clocks.words(shift.old) for shift in shifts)))[:LONGEST],
            "new_outcome": "、".join(filter(None, (replay_clocks.words(shift.new) for shift in shifts)))[:LONGEST],
            "old": {"clocks": [shift.old for shift in shifts]},
            "new": {"clocks": [shift.new for shift in shifts]},
        }
        for (case, kind), shifts in together.items()
    ]
