"""When a limit begins and ends by the deeds of a case."""

from datetime import UTC, date, datetime, timedelta

from rules.quantities import SHANGHAI
from rules.starting import Deed, Run, first_run, starts_itself
from rules.time_rows import LimitRow
from rules.vocabulary import Unit

START = datetime(2026, 5, 13, 7, tzinfo=UTC)


def limit(**more):
    return LimitRow(name="答复", unit=Unit.HOURS, **{"amount": 2, "starts": "register", "met": "reply", **more})


def deeds(*marks):
    """One deed an hour."""
    return [Deed(START + timedelta(hours=n), frozenset({mark})) for n, mark in enumerate(marks)]


def run(row, done, facts=None):
    begins = [(deed, facts or {}) for deed in done if deed.marks & set(row.started_by)]
    return first_run(row, begins, done)


def test_it_runs_from_the_first_deed_that_starts_it_to_the_next_that_meets_it():
    done = deeds("reply", "register", "assign", "reply", "register", "reply")
    assert run(limit(), done) == Run(done[1].at, None, done[3].at)


def test_what_comes_first_ends_it():
    done = deeds("register", "void", "reply")
    assert run(limit(cancelled="void"), done) == Run(done[0].at, None, None, done[1].at)


def test_without_an_end_it_runs_on_and_without_a_beginning_it_is_none():
    assert run(limit(), deeds("register", "assign")) == Run(START)
    assert run(limit(), deeds("assign")) is None


def test_it_counts_from_the_instant_or_the_day_that_it_names():
    earlier = START - timedelta(days=1)
    assert run(limit(trigger="received_at"), deeds("register"), {"received_at": earlier}) == Run(earlier)
    day = datetime(2026, 5, 12, tzinfo=SHANGHAI)
    assert run(limit(trigger="incident_on"), deeds("register"), {"incident_on": day.date()}) == Run(day)
    assert run(limit(trigger="received_at"), deeds("register")) == Run(START)


def test_a_day_that_the_case_names_is_its_end():
    found = run(limit(until_from="promised_on"), deeds("register"), {"promised_on": date(2026, 5, 20)})
    assert found == Run(START, date(2026, 5, 20))


def test_only_a_limit_whose_length_the_document_knows_starts_by_itself():
    assert starts_itself(limit())
    assert starts_itself(limit(amount=None, amount_from="x", until_from="promised_on"))
    assert not starts_itself(limit(amount=None, amount_from="limit_days"))
    assert not starts_itself(limit(per="承办"))
