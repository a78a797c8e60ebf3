"""A case is judged for good by the version of the procedure that accepted it; the next case by the next version."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest
import tomli_w

from models import ProcedureVersion
from rules.procedure import ProcedureFault, shipped
from tests.support.cast import House, moment
from workflow import procedures
from workflow.access import SYSTEM


def changed(change: Callable[[dict[str, Any]], None]) -> str:
    """P02 with a change."""
    document = tomllib.loads(shipped()["P02"])
    change(document)
    return tomli_w.dumps(document)


def ten_becomes_thirty(document: dict[str, Any]) -> None:
    """Item 14 costs thirty points."""
    item = next(item for item in document["assessment"] if item["no"] == "14")
    item["subjects"] = [{"kind": "责任人", "points": 30}]


def no_visit_needed(document: dict[str, Any]) -> None:
    """A case is closed without a visit."""
    document["rule"] = [rule for rule in document["rule"] if rule["id"] != "close-needs-visit"]


def everything_to_hr(document: dict[str, Any]) -> None:
    """Grumbles too are investigated by HR."""
    for rule in document["rule"]:
        if rule["stage"] == "route" and rule["id"] != "route-own-complaint":
            rule["then"] = {"department": "人力资源行政部"}


def put_in_force(house: House, change: Callable[[dict[str, Any]], None], at: str) -> None:
    procedures.put_in_force(house.session, changed(change), actor=SYSTEM, now=moment(at))


def test_an_old_case_keeps_the_points_of_its_version(house: House) -> None:
    old = house.registered(at="2026-05-13 09:00")
    house.confirmed(responsible_party="抄表员甲")
    put_in_force(house, ten_becomes_thirty, "2026-05-14 00:00")
    given = {"standard_no": "14", "subject_kind": "责任人", "at": "2026-05-15 09:00"}
    assert house.do("propose_assessment", case=old, points=10, **given).result[0].points_min == 10
    new = house.registered(at="2026-05-14 09:00")
    house.confirmed(responsible_party="抄表员甲", at="2026-05-14 10:00")
    assert "30 分" in house.refused("propose_assessment", case=new, points=10, **given)
    assert (old.procedure_version, new.procedure_version) == (1, 2)


def test_an_old_case_is_closed_by_the_guards_of_its_version(house: House) -> None:
    house.registered(at="2026-05-13 09:00")
    house.effective(at="2026-05-13 10:00")
    put_in_force(house, no_visit_needed, "2026-05-14 00:00")
    assert "回访" in house.refused("close", at="2026-05-15 09:00", close_reason="解决")
    house.registered(at="2026-05-15 09:00")
    house.effective(at="2026-05-15 10:00")
    assert house.do("close", at="2026-05-15 11:00", close_reason="解决").thing.state == "已结案"


def test_an_old_case_goes_where_its_version_sends_it(house: House) -> None:
    old = house.registered(at="2026-05-13 09:00")
    put_in_force(house, everything_to_hr, "2026-05-14 00:00")
    house.do("update", case=old, at="2026-05-15 09:00", channel="回访")
    assert str(old.investigation_department) == "客户服务中心"
    assert str(house.registered(at="2026-05-15 09:00").investigation_department) == "人力资源行政部"


def test_the_history_names_the_version_that_decided(house: House) -> None:
    house.registered(at="2026-05-13 09:00")
    put_in_force(house, ten_becomes_thirty, "2026-05-14 00:00")
    house.registered(at="2026-05-15 09:00")
    assert {decision["version"] for decision in house.events(verb="register")[0].decisions} == {2}


def test_a_version_for_later_judges_nothing_yet(house: House) -> None:
    procedures.put_in_force(
        house.session,
        changed(everything_to_hr),
        actor=SYSTEM,
        now=moment("2026-05-13 08:00"),
        in_force_from=moment("2026-06-01 00:00"),
    )
    assert house.registered(at="2026-05-31 23:59").procedure_version == 1
    assert house.registered(at="2026-06-01 00:00").procedure_version == 2


def test_a_clock_keeps_the_limit_under_which_it_was_started(house: House) -> None:
    def urged_hourly(document: dict[str, Any]) -> None:
        document["limit"][0]["urge"] = {"every": "1小时"}

    house.registered(at="2026-07-22 09:00")
    house.ordered(limit_kind="当天", limit_days=None, at="2026-07-22 09:00")
    put_in_force(house, urged_hourly, "2026-07-22 12:00")
    house.sweep("2026-07-23 00:05")
    house.sweep("2026-07-23 02:05")
    assert house.order().urge_count == 1


def test_a_faulty_document_never_comes_in_force(house: House) -> None:
    before = house.session.query(ProcedureVersion).count()
    with pytest.raises(ProcedureFault):
        put_in_force(house, lambda document: document["step"].append({"verb": "fly"}), "2026-05-14 00:00")
    assert house.session.query(ProcedureVersion).count() == before
