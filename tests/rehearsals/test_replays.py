"""The proof that a replay is the very engine: the rehearsed cases, replayed by the same text, differ in nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import StaticPool, create_engine, select
from sqlalchemy.orm import Session

from models import Base, CaseDecision, Complaint, ProcedureVersion, ReplayDifference
from rules import replaying
from workflow import procedures, registry, replay, replay_batch
from workflow.access import SYSTEM
from workflow.rehearsal import Stage, moment

FILES = sorted(Path(__file__).parent.glob("P02-*.json"))


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def played(request: pytest.FixtureRequest) -> Iterator[Session]:
    """The database as the rehearsal leaves it."""
    script = json.loads(request.param.read_text(encoding="utf-8"))
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        stage = Stage(session, script)
        stage.set_up()
        for number, step in enumerate(script["steps"], 1):
            stage.take(number, step)
        session.info["end"] = moment(script["steps"][-1]["at"])
        yield session
    engine.dispose()


def test_replaying_the_same_text_makes_no_difference(played: Session) -> None:
    end = played.info["end"]
    draft = played.scalars(select(ProcedureVersion.id)).one()
    arguments = {"draft": draft, "since": "2020-01-02"}
    row = registry.perform(played, "start_replay", None, arguments=arguments, actor=SYSTEM, now=end).result
    while replay.advance(played, row.id, end, 7):
        pass
    played.refresh(row)
    assert (row.state, row.error) == ("完成", "")
    assert row.done == len(played.scalars(select(Complaint.id).where(Complaint.accepted_at < end)).all()) > 0
    assert set(row.summary) <= {replay_batch.WITHOUT_FACTS}
    assert played.scalars(select(ReplayDifference.kind)).all() == []


def test_every_decision_taken_again_is_the_recorded_one_with_all_its_reasons(played: Session) -> None:
    document = procedures.in_force(played, played.info["end"], "P02")
    versions = {1: replaying.Version.of(document)}
    taken = 0
    cases = played.scalars(select(Complaint.id)).all()
    for moments in replay_batch.moments_of(played, "P02", cases, versions).values():
        _before, after, clashes = replaying.courses(document, moments)
        assert clashes == []
        for stage, (moment_of, question) in after.last.items():
            query = select(CaseDecision).where(
                CaseDecision.event_id == moment_of.event,
                CaseDecision.stage == stage,
                CaseDecision.snapshot_id.is_not(None),
                CaseDecision.rule_id != "",
            )
            recorded = [row.detail for row in played.scalars(query.order_by(CaseDecision.id))]
            again = [decision.as_json() for decision in question.answers]
            assert again == (recorded[-len(again) :] if again else []), "a deed may ask a stage twice"
            taken += 1
    assert taken >= 3 * len(moments_with_facts(played))


def moments_with_facts(session: Session) -> set[int]:
    """The cases of which facts were kept."""
    return set(session.scalars(select(CaseDecision.complaint_id).where(CaseDecision.snapshot_id.is_not(None))))
