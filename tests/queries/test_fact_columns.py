"""Each fact as SQL sees it is the fact as a deed sees it; what SQL cannot see is known by name."""

import pytest
from sqlalchemy import select

from models import Complaint
from models.queries.fact_columns import columns
from rules.facts import CORE, OF_A_DEED, FactType
from tests.support import many_cases


def test_every_fact_of_a_case_is_seen_by_a_query_or_belongs_to_a_deed(pool):
    known = {name for facts in pool.facts.values() for name in facts}
    assert known - columns(pool.procedure).keys() <= OF_A_DEED


def test_every_fact_of_the_vocabulary_is_seen_by_a_query_or_belongs_to_a_deed():
    only_where_a_document_has_it = {"impact"}
    assert CORE.keys() - columns(many_cases.document()).keys() == OF_A_DEED | only_where_a_document_has_it


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
