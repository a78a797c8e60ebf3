"""The navigation offers what the procedures in force work with, and what there are rows of; the addresses stay."""

import pytest

from models import Proposal
from tests.support.plan import PLANS
from workflow import procedures
from workflow.access import SYSTEM

ELSEWHERE = ("/plans/", "/approvals/", "/coordinations/", "/workorders/", "/trainings/", "/prices/")


def offered(office, path="/complaints/"):
    page = office.client("王敏").get(path).get_data(as_text=True)
    return [address for address in ELSEWHERE if f'href="{address}"' in page]


def test_what_no_procedure_in_force_works_with_is_not_offered(office):
    assert offered(office) == []


def test_a_procedure_that_comes_into_force_brings_the_rooms_of_its_verbs(office):
    with office.session() as session:
        procedures.put_in_force(session, PLANS, actor=SYSTEM, now=office.now)
    assert offered(office) == ["/plans/", "/approvals/", "/trainings/"]


def test_rows_that_are_there_stay_within_reach(office):
    key = office.case()
    with office.session() as session:
        session.add(Proposal(complaint_id=key, number=1, plan="更换", created_at=office.now))
    assert offered(office) == ["/plans/"]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_the_address_opens_all_the_same(office, address):
    assert office.client("王敏").get(address).status_code == 200
