"""What is in force is asked of the database once a unit of work, and never answered from before it changed."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select

from models import Clock, Measure
from rules.procedure import shipped
from tests.support.cast import MORNING, OPENING, House, moment, retire
from tests.support.statements import sent
from workflow import inforce, procedures
from workflow.access import SYSTEM

ALL = ("P00a", "P00b", "P01", "P03")


def asked(house: House) -> AbstractContextManager[list[str]]:
    """The statements about versions and activations that are sent meanwhile."""
    return sent(house.session.get_bind(), lambda statement: "FROM procedure_" in statement)


@pytest.fixture
def five(house: House) -> House:
    for code in ALL:
        procedures.put_in_force(house.session, shipped()[code], actor=SYSTEM, now=OPENING)
    return house


def test_a_registration_asks_once_what_is_in_force_and_once_for_each_document(five: House) -> None:
    five.session.info.pop(inforce.PLACE, None)
    with asked(five) as statements:
        five.registered()
    assert sum("procedure_activation" in statement for statement in statements) == 1
    texts = [statement for statement in statements if "procedure_version.text" in statement]
    assert len(texts) <= 1 + len(ALL)
    assert len(statements) == 2 + len(texts), "one for what is in force, one for the titles"


def test_a_change_in_the_same_unit_of_work_is_seen(five: House) -> None:
    assert procedures.codes_in_force(five.session, moment(MORNING)) == sorted((*ALL, "P02"))
    retire(five.session, "P03", at=moment(MORNING))
    assert procedures.codes_in_force(five.session, moment(MORNING)) == ["P00a", "P00b", "P01", "P02"]


def test_what_was_taken_back_is_forgotten(five: House) -> None:
    with pytest.raises(RuntimeError), five.session.begin_nested():
        retire(five.session, "P03", at=moment(MORNING))
        assert procedures.number_in_force(five.session, "P03", moment(MORNING)) is None
        raise RuntimeError
    assert procedures.number_in_force(five.session, "P03", moment(MORNING)) == 1


def test_the_next_unit_of_work_asks_anew(five: House) -> None:
    procedures.codes_in_force(five.session, moment(MORNING))
    five.session.commit()
    with asked(five) as statements:
        procedures.codes_in_force(five.session, moment(MORNING))
    assert len(statements) == 1


def test_a_retired_procedure_is_still_known_with_its_last_version(five: House) -> None:
    retire(five.session, "P03", at=moment(MORNING))
    assert "P03" not in procedures.titles(five.session, moment(MORNING))
    assert list(procedures.begun(five.session, moment(MORNING))) == sorted((*ALL, "P02"))
    assert procedures.last(five.session, moment(MORNING), "P03").version == 1
    assert procedures.last(five.session, moment("2026-05-13 15:09"), "P03").code == "P03"


def test_a_procedure_that_has_not_begun_is_not_known(house: House) -> None:
    later = moment("2026-06-01 00:00")
    procedures.put_in_force(house.session, shipped()["P03"], actor=SYSTEM, now=moment(MORNING), in_force_from=later)
    assert list(procedures.begun(house.session, moment(MORNING))) == ["P02"]
    assert list(procedures.begun(house.session, later)) == ["P02", "P03"]


def test_a_measure_of_a_retired_procedure_is_carried_to_its_end(five: House) -> None:
    given = {"source": "月分析", "kind": "限期整改", "measure": "换灯", "due_on": "2026-05-20"}
    made = five.do("add_measure", by="客服甲", owner_department="客户服务中心", **given).result
    procedures.put_in_force(five.session, shipped()["P02"], actor=SYSTEM, now=moment(MORNING))
    retire(five.session, made.procedure_code, at=moment("2026-05-14 09:00"))
    assert [clock.done_at for clock in made_clocks(five, made)] == [None]
    assert five.sweep("2026-05-22 09:00")
    done = five.do(
        "implement_measure", by="客户服务中心负责人", at="2026-05-22 10:00", measure_no=made.measure_no, result="已换"
    )
    assert done.result.state == "待验证"


def made_clocks(house: House, measure: Measure) -> list[Clock]:
    return list(house.session.scalars(select(Clock).where(Clock.measure_id == measure.id)))
