"""Every address that there is, asked about a case that one may not see: nothing of it stands in the answer.

The addresses are asked of the application: a page that is new tomorrow is asked too. Whoever is accused learns neither
what is said of him nor by whom.
"""

from __future__ import annotations

import itertools

import pytest

from models import Complaint
from tests.support.two_cases import PHONES, SEES, WORDS
from tests.views import test_records_matrix as matrix

world = matrix.world
STRANGERS = ("抄表员甲", "工程维修部负责人")
"""One is accused in one of the cases and sees none, one heads the department of the other."""
KEYS = range(1, 4)
QUERIES = tuple(f"?{name}={key}" for name in ("id", "ids", "case", "draft") for key in (1, 2))
FEW_VERBS = ("communicate", "update", "print", "link", "report")
"""Every verb is asked of every foreign case in test_records_matrix."""


def filled(rule, numbers):
    """The address with each likely value in the place of each argument."""
    likely = {"verb": FEW_VERBS, "number": numbers, "export_type": ("csv", "xlsx")}
    choices = []
    for name in sorted(rule.arguments):
        own = getattr(rule._converters[name], "items", None)
        choices.append([(name, value) for value in (own or likely.get(name) or KEYS)])
    return [dict(values) for values in itertools.product(*choices)]


def addresses(world):
    """Every address that can be looked at, with every likely argument; the doors of lists have tests of their own."""
    numbers = [number_of(world, word) for word in WORDS]
    with world.app.test_request_context():
        for rule in world.app.url_map.iter_rules():
            if "GET" in rule.methods and not rule.endpoint.endswith("static") and rule.endpoint not in matrix.DOORS:
                found = [world.app.url_for(rule.endpoint, **values) for values in filled(rule, numbers)]
                yield from found
                yield from (f"{address}{query}" for address in found[:1] for query in QUERIES)


def number_of(world, word):
    with world.database.sessions() as session:
        return matrix.row_of(session, Complaint, word).case_no


@pytest.mark.parametrize("name", STRANGERS)
def test_no_address_tells_anything_of_a_case_that_one_may_not_see(world, name):
    client, asked, wrong = world.client(name), list(addresses(world)), []
    foreign = [text for pair in zip(WORDS, PHONES, strict=True) for text in pair if pair[0] not in SEES[name]]
    assert len(asked) > 200
    assert foreign
    for address in asked:
        answer = client.get(address)
        page = matrix.text_of(answer)
        told = [text for text in foreign if text in page]
        if answer.status_code >= 500 or told:
            wrong.append(f"{address} {answer.status_code} {told}")
    assert wrong == []
