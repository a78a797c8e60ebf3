"""The facts of a case are read once in a deed, and anew as soon as one of its records is written or undone."""

import pytest
from sqlalchemy import event

from models import Visit
from tests.support.cast import moment
from workflow import procedures
from workflow.access import SYSTEM
from workflow.act import Act

NOW = moment("2026-05-13 16:00")


@pytest.fixture
def act(house):
    case = house.registered()
    return Act(house.session, "view", case, SYSTEM, NOW, procedures.of(house.session, case, NOW))


def visit(act):
    return Visit(complaint_id=act.case.id, at=NOW, result="满意", way="电话")


def test_facts_asked_again_send_nothing_to_the_database(act):
    first, sent = act.facts(), []
    event.listen(act.session.get_bind(), "before_cursor_execute", lambda *call: sent.append(call[2]))
    assert act.facts() == first
    assert sent == []


def test_a_record_that_waits_to_be_written_is_a_fact_already(act):
    assert act.facts()["visit_count"] == 0
    act.session.add(visit(act))
    assert act.facts()["visit_count"] == 1


def test_a_record_that_changes_changes_the_facts(act):
    record = visit(act)
    act.session.add(record)
    assert act.facts()["visit_result"] == "满意"
    record.result = "不满意"
    assert act.facts()["visit_result"] == "不满意"


def test_a_record_that_is_undone_is_no_fact(act):
    with act.session.begin_nested() as undone:
        act.session.add(visit(act))
        assert act.facts()["visit_count"] == 1
        undone.rollback()
    assert act.facts()["visit_count"] == 0
