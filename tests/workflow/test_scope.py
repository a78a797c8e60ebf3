"""Who sees what: a department its own orders and what is below it, nobody a case about himself."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models import Complaint, SupervisionOrder
from rules import lifecycle
from tests.support.cast import MORNING, STAFF, House, moment
from workflow import access, procedures

NOW = moment(MORNING)


@pytest.mark.clause("P02-6.3")
def test_the_handling_department_sees_its_own_orders_and_no_others(house: House) -> None:
    house.registered(complained_department="抄表班")
    ours = house.ordered()
    house.registered(complained_department="工程维修部")
    theirs = house.ordered()
    assert _orders_seen_by(house, "客户营业部负责人") == [ours.order_no]
    assert _orders_seen_by(house, "工程维修部负责人") == [theirs.order_no]


def _orders_seen_by(house: House, name: str) -> list[str]:
    query = select(SupervisionOrder.order_no).join(Complaint).where(access.scope(house.actor(name)))
    return list(house.session.scalars(query))


@pytest.mark.clause("P02-6.3")
def test_the_handling_department_handles_and_its_head_signs(house: House) -> None:
    house.registered()
    house.ordered()
    assert "sign_order" in house.offered("客户营业部负责人")
    house.signed(handler="抄表班长甲")
    assert "submit_correction" in house.offered("抄表班长甲")
    record = house.answered()
    assert str(record.head_signed_by) == "客户营业部负责人"


@pytest.mark.clause("P02-6.3")
def test_before_the_order_another_department_does_not_know_of_the_case(house: House) -> None:
    house.registered(complained_department="客户营业部")
    assert (house.sees("客户营业部负责人"), house.sees("工程维修部负责人")) == (True, False)


def test_a_case_out_of_sight_is_answered_as_if_there_were_none(house: House) -> None:
    house.registered()
    assert "没有这件投诉" in house.refused("view", by="工程维修部负责人")


def test_the_accused_does_not_see_the_complaint_about_him(house: House) -> None:
    house.registered(complained_department="抄表班", complained_person="抄表班长甲")
    assert not house.sees("抄表班长甲")
    assert house.sees("客户营业部负责人")


@pytest.mark.parametrize("by", ["公司领导", "审计员", "系统管理员"])
def test_leader_auditor_and_administrator_see_everything(house: House, by: str) -> None:
    house.registered()
    assert house.sees(by)


def test_a_leader_who_is_complained_about_does_not_see_that_case(house: House) -> None:
    house.registered(complained_person="公司领导")
    assert not house.sees("公司领导")


def test_the_auditor_may_look_and_may_do_nothing(house: House) -> None:
    house.registered()
    assert house.offered("审计员") == []


def test_the_condition_on_cases_lets_do_what_the_permission_table_lets_do(house: House) -> None:
    house.registered(complained_department="抄表班", complained_person="抄表员甲")
    house.registered(complained_department="工程维修部", by="人事甲")
    house.signed()
    house.registered(complained_department="客户营业部")
    cases, document = list(house.session.scalars(select(Complaint)).unique()), procedures.of(house.session, None, NOW)
    steps = [step for row in document.steps if (step := lifecycle.step_for(document, row.verb))]
    for actor in map(house.actor, (*STAFF, "客户营业部负责人", "工程维修部负责人", "人力资源行政部负责人")):
        for step in steps:
            where = access.entitling(actor, step)
            found = set() if where is None else set(house.session.scalars(select(Complaint.id).where(where)))
            assert found == {case.id for case in cases if _permitted(case, actor, step)}, (actor.name, step.verb)


def _permitted(case: Complaint, actor: access.Actor, step: lifecycle.Step) -> bool:
    hats, relations = actor.hats_for(step.verb), access.relations(case)
    return lifecycle.permit(step, state=case.state, hats=hats, relations=relations, person=actor.id).ok
