"""``activate`` in a rehearsal: the next case is judged by the changed document, an older one is not."""

from __future__ import annotations

from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from tests.rehearsals.test_command import REGISTER, SETUP
from workflow.rehearsal import Step, play


def observed(*steps: Any) -> list[Step]:
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    return list(play({"procedure": "P02", "setup": SETUP, "steps": [REGISTER, *steps]}, engine))


def activating(**asked: Any) -> dict[str, Any]:
    return {"at": "2026-03-05 09:00", "as": "系统管理员", "do": "activate", "with": asked, "expect": {"ok": True}}


NEXT = {**REGISTER, "at": "2026-03-05 10:00", "case": "乙"}


def test_a_route_that_was_added_sends_the_next_case_elsewhere() -> None:
    asked = activating(routing=[{"when": {"channel": "来电"}, "to": "人力资源行政部"}])
    steps = observed(asked, {**NEXT, "expect": {"ok": True, "case": {"department": "人力资源行政部"}}})
    assert [(step.ok, step.holds) for step in steps] == [(True, True)] * 3
    assert steps[0].seen["case"]["department"] == "客户服务中心"


def test_a_dotted_path_sets_a_value() -> None:
    steps = observed(activating(**{"procedure.number_prefixes.complaint": "WT"}), NEXT)
    assert [step.ok for step in steps] == [True] * 3
    assert [step.seen["case"]["case_no"][:2] for step in (steps[0], steps[2])] == ["TS", "WT"]


def test_a_faulty_document_is_refused_and_the_old_one_stays_in_force() -> None:
    asked = activating(routing=[{"when": {"no_such_fact": 1}, "to": "人力资源行政部"}])
    asked["expect"] = {"ok": False, "refused": ["no_such_fact"]}
    steps = observed(asked, {**NEXT, "expect": {"ok": True, "case": {"department": "客户服务中心"}}})
    assert all(step.holds for step in steps)


def test_a_setting_that_is_none_is_refused() -> None:
    asked = {**activating(limits={"办理": "bald"}), "expect": {"ok": False, "refused": ["bald"]}}
    assert all(step.holds for step in observed(asked))
