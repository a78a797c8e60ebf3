"""Each fact as SQL sees it is the fact as a deed sees it; what SQL cannot see is known by name."""

import pytest
from sqlalchemy import select

from models import Complaint
from models.queries.fact_columns import columns
from rules.facts import FactType

OF_A_DEED = {
    "verb", "actor", "actor_roles", "actor_departments", "actor_is_head", "actor_is_handler", "actor_is_responsible",
    "signed_by_head", "handler_trained",
}  # fmt: skip
"""Facts that no stored case has by itself: of who acts, and of the day on which he does."""


def test_every_fact_of_a_case_is_seen_by_a_query_or_belongs_to_a_deed(pool):
    known = {name for facts in pool.facts.values() for name in facts}
    assert known - columns(pool.procedure).keys() == OF_A_DEED


def test_a_query_sees_each_fact_as_a_deed_does(pool):
    seen = columns(pool.procedure)
    for name, column in seen.items():
        query = select(Complaint.id, column.value.label("value"))
        stored = {key: plain(value, column.type) for key, value in pool.session.execute(query)}
        expected = {key: plain(facts.get(name), column.type) for key, facts in pool.facts.items()}
        assert stored == expected, name


def plain(value, kind):
    """A list in any order, an empty text as nothing."""
    if kind is FactType.LIST and value is not None:
        return sorted(set(value))
    return None if value == "" else value


@pytest.mark.parametrize(
    "name", ["documents", "handler", "responsible_department", "month", "a_choice", "a_list", "name"]
)
def test_the_shorter_way_to_ask_for_a_text_gives_the_same(pool, name):
    column = columns(pool.procedure)[name]
    for wanted in {word for facts in pool.facts.values() for word in words(facts.get(name))}:
        found = set(pool.session.scalars(select(Complaint.id).where(column.among([wanted]))))
        assert found == {key for key, facts in pool.facts.items() if wanted in words(facts.get(name))}


def words(value):
    return [word for word in (value if isinstance(value, list) else [value]) if isinstance(word, str) and word]
