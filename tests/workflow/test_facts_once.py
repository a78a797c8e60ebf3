"""The facts of a case are read once in a deed, and anew as soon as one of its records is written or undone."""

import pytest

from models import Clock, Visit
from rules.procedure import parse, shipped
from tests.support.cast import moment
from tests.support.statements import sent
from workflow import batches, counting, procedures, timekeeping
from workflow.access import SYSTEM
from workflow.act import Act
from workflow.facts import RECORDS, Asked

NOW = moment("2026-05-13 16:00")


@pytest.fixture
def act(house):
    case = house.registered()
    return Act(house.session, "view", case, SYSTEM, NOW, procedures.of(house.session, case, NOW))


def visit(act):
    return Visit(complaint_id=act.case.id, at=NOW, result="满意", way="电话")


def test_facts_asked_again_send_nothing_to_the_database(act):
    first = act.facts()
    with sent(act.session.get_bind()) as asked:
        assert act.facts() == first
    assert asked == []


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


@pytest.fixture
def in_a_batch(act):
    batch = batches.Batch(act.session, frozenset({act.case.id}), frozenset({*RECORDS, Clock}))
    act.session.info[batches.PLACE] = batch
    yield act
    act.session.info.pop(batches.PLACE)


def test_facts_of_a_batch_are_those_of_a_deed_alone_whether_asked_one_by_one_or_all(in_a_batch):
    act, batch = in_a_batch, in_a_batch.session.info.pop(batches.PLACE)
    alone = act.facts(event="超期")
    act.session.info[batches.PLACE] = batch
    together = act.facts(event="超期")
    assert isinstance(together, Asked)
    assert {name: act.facts(event="超期").get(name) for name in alone} == alone
    assert dict(together) == alone


def test_a_fact_that_nothing_says_is_missing_and_a_record_added_in_a_batch_is_seen(in_a_batch):
    assert in_a_batch.facts().get("event") is None
    assert in_a_batch.facts()["visit_count"] == 0
    in_a_batch.session.add(visit(in_a_batch))
    assert in_a_batch.facts()["visit_count"] == 1


def test_what_was_asked_of_a_batch_and_is_kept_stays_as_it_was(in_a_batch):
    in_a_batch.decide("approval", object="处分")
    kept = in_a_batch.asked[-1].facts
    in_a_batch.case.grade = "另一级"
    assert isinstance(kept, dict)
    assert kept["grade"] != "另一级"


def test_what_the_first_deed_by_a_document_was_not_given_is_known_of_the_next(in_a_batch):
    assert in_a_batch.facts().get("argument.note") is None
    given = {"note": "挂起已满最长期限"}
    next_deed = Act(in_a_batch.session, "resume", in_a_batch.case, SYSTEM, NOW, in_a_batch.procedure, arguments=given)
    assert next_deed.facts()["argument.note"] == "挂起已满最长期限"


def test_a_limit_that_runs_out_in_a_batch_is_known_to_its_next_deed_before_it_is_written(house):
    house.ordered()
    clock = timekeeping.clocks_of(house.session, house.case)[-1]
    batch = batches.Batch(house.session, frozenset({house.case.id}), frozenset({*RECORDS, Clock}))
    house.session.info[batches.PLACE] = batch
    act = Act(house.session, "view", house.case, SYSTEM, NOW, parse(shipped()["P03"]))
    with house.session.no_autoflush:
        assert act.facts()[counting.LATE] == []
        clock.ever_late = True
        later = Act(house.session, "view", house.case, SYSTEM, NOW, parse(shipped()["P03"]))
        assert later.facts()[counting.LATE] == [clock.name]
    house.session.info.pop(batches.PLACE)
