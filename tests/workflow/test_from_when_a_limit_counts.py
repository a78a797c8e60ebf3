"""From when a limit counts: what a procedure may choose instead of the usual start (F-05, F-07, F-27, F-44)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models import Clock
from rules.procedure import shipped
from tests.support.cast import OPENING, House, shanghai
from tests.support.plan import TIMED, move_in
from workflow import procedures
from workflow.access import SYSTEM

GIVEN = {"without": "compensation_sought", "complained_department": "工程部"}


def due(house: House, name: str) -> str:
    query = select(Clock).where(Clock.complaint_id == house.the_case().id, Clock.name == name)
    return str(shanghai(house.session.scalars(query).one().due_at))


def order_limit(house: House, starts: str) -> None:
    """The gas company's procedure with the limit of its orders started by another deed."""
    usual = 'amount_from = "limit_days"\nstarts = "issue_order"'
    text = shipped()["P02"]
    assert text.count(usual) == 1
    changed = text.replace(usual, f'amount_from = "limit_days"\nstarts = "{starts}"')
    procedures.put_in_force(house.session, changed, actor=SYSTEM, now=OPENING)


@pytest.mark.clause("F-44", "P02-8.7")
@pytest.mark.parametrize(
    ("starts", "expected"), [("issue_order", "2026-06-03 23:59:59"), ("sign_order", "2026-06-04 23:59:59")]
)
def test_the_limit_of_an_order_counts_from_its_issue_or_from_the_heads_signature(
    house: House, starts: str, expected: str
) -> None:
    order_limit(house, starts)
    house.registered(at="2026-06-01 08:30")
    house.ordered(limit_days=2, at="2026-06-01 09:00")
    house.signed(at="2026-06-02 09:00")
    order = house.order()
    assert order is not None
    assert (due(house, "办理"), shanghai(order.due_at)) == (expected, expected)


@pytest.mark.clause("F-44")
def test_until_the_head_has_signed_nothing_is_due_where_it_counts_from_then(house: House) -> None:
    order_limit(house, "sign_order")
    house.registered(at="2026-06-01 08:30")
    house.ordered(limit_days=2, at="2026-06-01 09:00")
    order = house.order()
    assert order is not None
    assert (order.due_at, house.all(Clock), house.the_case().due_at) == (None, [], None)


@pytest.mark.clause("F-05", "F-07", "F-27")
@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ("received_at", "2026-06-30 23:59:59"),
        ("incident_at", "2026-06-28 23:59:59"),
        ("registered_at", "2026-07-01 23:59:59"),
        ("", "2026-07-01 23:59:59"),
    ],
)
def test_a_month_counts_from_the_instant_that_the_document_names(house: House, trigger: str, expected: str) -> None:
    usual = 'unit = "自然月"\nstarts = "register"\ntrigger = "received_at"'
    assert TIMED.count(usual) == 1
    move_in(house.session, TIMED.replace(usual, usual.replace("received_at", trigger)))
    instants = {"received_at": "2026-05-30 10:00", "incident_at": "2026-05-28 08:00"}
    house.registered(by="服务甲", at="2026-06-01 09:00", **GIVEN, **instants)
    assert due(house, "一个月") == expected
